"""Where a reading departs from the labelled issue: each boundary missed or made up, and what is there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from banmian.data.issue import Issue
from banmian.data.reading import article_changes, paragraph_edges
from banmian.data.spans import FieldSpan, locate
from banmian.data.text import squeeze

_SHOWN = 12


@dataclass(frozen=True)
class Mistake:
    """One boundary that the reading has and the issue has not, or the other way round.

    ``kind`` says which boundary, which way, and what the text before and after it is in the issue and was
    read as; ``around`` is the page there, the boundary marked by ``|``.
    """

    kind: str
    around: str


def mistakes(read: Issue, true: Issue, page: str) -> list[Mistake]:
    """Every boundary of ``read`` and of ``true``, both of the text ``page``, that the other has not."""
    flat = squeeze(page)
    read_spans, true_spans = locate(read, page), locate(true, page)
    return [
        Mistake(
            f"{what} {how}: {_roles(true_spans, at)} read as {_roles(read_spans, at)}",
            around(flat, at, _SHOWN),
        )
        for at, what, how in departures(read_spans, true_spans)
    ]


def departures(read: Sequence[FieldSpan], true: Sequence[FieldSpan]) -> list[tuple[int, str, str]]:
    """Each boundary that only one of the two has, in page order: where, which, and "made up" or "missed".

    Which is "article", "paragraph start" or "paragraph end".
    """
    was, should = (
        {("article", at) for at in article_changes(spans)}
        | {(f"paragraph {end}", at) for end, at in paragraph_edges(spans)}
        for spans in (read, true)
    )
    found = [(at, what, "made up") for what, at in was - should]
    found += [(at, what, "missed") for what, at in should - was]
    return sorted(found)


def around(flat: str, at: int, count: int) -> str:
    """``count`` characters of the page on either side of ``at``, parted by ``|``."""
    return f"{flat[max(0, at - count) : at]}|{flat[at : at + count]}"


def _roles(spans: Sequence[FieldSpan], at: int) -> str:
    return "→".join(_role(spans, at))


def _role(spans: Sequence[FieldSpan], at: int) -> Iterator[str]:
    """The roles before and after ``at``; "+" where the text after it opens another field or article."""
    starts = [span.start for span in spans]
    for place in (at - 1, at):
        number = bisect_right(starts, place) - 1
        span = spans[number] if number >= 0 else None
        if span is None or not span.start <= place < span.end:
            yield "edge"
        else:
            role = "headline" if span.role in ("kicker", "main", "deck") else span.role
            yield role + ("…" if span.start < at < span.end else "")
