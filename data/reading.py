"""How well a page was read: a read issue held against the labelled one on the same page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from banmian.data.issue import Issue
from banmian.data.spans import FieldSpan, characters, locate
from banmian.data.text import squeeze


@dataclass(frozen=True)
class Score:
    """Counts over one page or many; add scores up with ``+``.

    Paragraph boundaries are the places on the page where a body paragraph begins or ends. Article
    boundaries are the places where the article changes, headlines and bylines included: a headline given
    to the wrong article moves one. Roles and headline parts are counted by non-blank characters.
    """

    paragraph_right: int = 0
    paragraph_read: int = 0
    paragraph_true: int = 0
    article_right: int = 0
    article_read: int = 0
    article_true: int = 0
    role_right: int = 0
    role_all: int = 0
    part_right: int = 0
    part_all: int = 0
    lost: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    @property
    def paragraph_f1(self) -> float:
        """F1 of paragraph boundaries; 1.0 where there are none to find and none were found."""
        return _f1(self.paragraph_right, self.paragraph_read, self.paragraph_true)

    @property
    def article_f1(self) -> float:
        """F1 of article boundaries."""
        return _f1(self.article_right, self.article_read, self.article_true)

    @property
    def roles(self) -> float:
        """Share of the page's characters with the right role; kicker, main and deck count as one role."""
        return self.role_right / self.role_all if self.role_all else 1.0

    @property
    def parts(self) -> float:
        """Share of the headlines' characters with the right part: kicker, main or deck."""
        return self.part_right / self.part_all if self.part_all else 1.0

    @property
    def paragraph_errors(self) -> int:
        """Boundaries missed and boundaries made up."""
        return self.paragraph_read + self.paragraph_true - 2 * self.paragraph_right

    @property
    def article_errors(self) -> int:
        """Changes of article missed and made up."""
        return self.article_read + self.article_true - 2 * self.article_right

    def with_lost(self, lost: int) -> Score:
        """The score with another count of lost characters: a scan's, before misreadings are mended."""
        return replace(self, lost=lost)


def _f1(right: int, read: int, true: int) -> float:
    return 2 * right / (read + true) if read + true else 1.0


def score(read: Issue, true: Issue, page: str) -> Score:
    """Hold ``read`` against ``true``, both of the text ``page``."""
    size = len(squeeze(page))
    read_spans, true_spans = locate(read, page), locate(true, page)
    paragraphs = [paragraph_edges(spans) for spans in (read_spans, true_spans)]
    changes = [article_changes(spans) for spans in (read_spans, true_spans)]
    read_roles, true_roles = _roles(read_spans, size), _roles(true_spans, size)
    heads = [i for i, role in enumerate(true_roles) if role in _HEAD]
    kept = characters(read)
    return Score(
        len(paragraphs[0] & paragraphs[1]),
        len(paragraphs[0]),
        len(paragraphs[1]),
        len(changes[0] & changes[1]),
        len(changes[0]),
        len(changes[1]),
        sum(_HEAD.get(a, a) == _HEAD.get(b, b) for a, b in zip(read_roles, true_roles, strict=True)),
        size,
        sum(read_roles[i] == true_roles[i] for i in heads),
        len(heads),
        (Counter(squeeze(page)) - kept).total(),
    )


_HEAD = {"kicker": "headline", "main": "headline", "deck": "headline"}


def paragraph_edges(spans: Iterable[FieldSpan]) -> set[tuple[str, int]]:
    """Where body paragraphs begin ("start") and end ("end"), in characters of the page without blanks."""
    body = [span for span in spans if span.role == "body"]
    return {("start", span.start) for span in body if span.first} | {
        ("end", span.end) for span in body if span.last
    }


def article_changes(spans: Iterable[FieldSpan]) -> set[int]:
    """Where the article is another than before, in page order, furniture left out."""
    inside = [span for span in spans if span.article >= 0]
    return {b.start for a, b in pairwise(inside) if a.article != b.article}


def _roles(spans: Iterable[FieldSpan], size: int) -> list[str]:
    roles = [""] * size
    for span in spans:
        roles[span.start : span.end] = [span.role] * (span.end - span.start)
    return roles
