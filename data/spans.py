"""Where each field of an issue stands on its page, in characters of the page without blanks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from banmian.data.issue import Article, Issue
from banmian.data.text import squeeze

FieldRole = Literal[
    "kicker", "main", "deck", "byline", "dateline", "signature", "caption", "body", "subhead", "furniture"
]


@dataclass(frozen=True)
class FieldSpan:
    """``[start, end)`` of one field's text, or of a part of it, in the page without blanks.

    ``article`` is its place in ``Issue.articles``, -1 for furniture. ``first`` and ``last`` say whether
    the field's text begins and ends here: a paragraph cut by a caption has two spans.
    """

    start: int
    end: int
    article: int
    role: FieldRole
    first: bool = True
    last: bool = True


def fields(issue: Issue) -> Iterator[tuple[int, FieldRole, str]]:
    """Every field's text with its article's place (-1: furniture) and its role."""
    for number, article in enumerate(issue.articles):
        for role, text in _article_fields(article):
            yield number, role, text
    for text in issue.furniture:
        yield -1, "furniture", text


def characters(issue: Issue) -> Counter[str]:
    """Every non-blank character in the issue's fields, with its count: what a page must not lose."""
    return Counter(char for _, _, text in fields(issue) for char in squeeze(text))


def _article_fields(article: Article) -> Iterator[tuple[FieldRole, str]]:
    head = article.headline
    yield from (("kicker", text) for text in head.kicker)
    yield from (("main", text) for text in head.main)
    yield from (("deck", text) for text in head.deck)
    yield from (("caption", text) for text in article.captions)
    yield from ((block.role, block.text) for block in article.blocks)
    yield "byline", article.byline
    yield "dateline", article.dateline
    yield "signature", article.signature


def locate(issue: Issue, page: str) -> tuple[FieldSpan, ...]:
    """Find every field on the page, longest first, each character taken once; in page order.

    Fields are looked for as wholes, then by their printed pieces (a byline in two places), then by the
    longest part that stands together (a paragraph cut by a caption). What the page lacks has no span.
    """
    flat = squeeze(page)
    used = bytearray(len(flat))
    near: dict[int, int] = {}
    found: list[FieldSpan] = []
    wanted = [(number, role, text) for number, role, text in fields(issue) if text.strip()]
    for number, role, text in sorted(wanted, key=lambda field: -len(field[2])):
        places = _place(text, flat, used, near.get(number))
        for i, (start, end) in enumerate(places):
            found.append(FieldSpan(start, end, number, role, i == 0, i == len(places) - 1))
        if places:
            near.setdefault(number, places[0][0])
    return tuple(sorted(found, key=lambda span: span.start))


def _place(text: str, flat: str, used: bytearray, near: int | None) -> list[tuple[int, int]]:
    whole = squeeze(text)
    start = _free(whole, flat, used, near)
    if start >= 0:
        used[start : start + len(whole)] = b"\1" * len(whole)
        return [(start, start + len(whole))]
    pieces = text.split()
    if len(pieces) > 1:
        return [place for piece in pieces for place in _place(piece, flat, used, near)]
    cut = _longest_free_prefix(whole, flat, used, near)
    if not cut:
        return []
    return _place(whole[:cut], flat, used, near) + (
        _place(whole[cut:], flat, used, near) if whole[cut:] else []
    )


def _free(text: str, flat: str, used: bytearray, near: int | None) -> int:
    """The start of a free occurrence of ``text``, the nearest to ``near`` if given; -1 if there is none."""
    best = -1
    at = flat.find(text)
    while at >= 0:
        if not any(used[at : at + len(text)]):
            if near is None:
                return at
            if best < 0 or abs(at - near) < abs(best - near):
                best = at
        at = flat.find(text, at + 1)
    return best


def _longest_free_prefix(text: str, flat: str, used: bytearray, near: int | None) -> int:
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if _free(text[:middle], flat, used, near) >= 0:
            low = middle
        else:
            high = middle - 1
    return low
