"""The place in an article that comes nearest to what its headline says without support.

The support check often names what the article has instead (相近的是“36万吨”): then it is where that stands,
among several where the headline's other words are. Otherwise it is the clause that shares most with the
headline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from banmian.data.issue import Span
from banmian.data.text import headline_to_model, printed_places

_QUOTED = re.compile(r"“([^“”]+)”|，有([^“”，]+)$")
_CLAUSE = re.compile(r"[^，。；：！？]+")
# Two characters in a row are a word more often than not; one such pair in common is chance.
_LEAST_PAIRS = 2


@dataclass(frozen=True)
class Near:
    """A place in an article: ``[start, end)`` in characters of body paragraph ``paragraph``, from 0."""

    paragraph: int
    start: int
    end: int
    text: str


def nearest(spans: Sequence[Span], headline: str, paragraphs: Sequence[str]) -> list[Near | None]:
    """For each of a headline's unsupported spans what comes nearest to it, None if nothing is like it.

    Args:
        paragraphs: the article's body as printed.
    """
    if not spans:
        return []
    body = [_Paragraph(number, text) for number, text in enumerate(paragraphs)]
    pairs = _pairs(headline_to_model(headline))
    alike = _best(near for paragraph in body for near in paragraph.alike(pairs))
    return [
        _best(near for paragraph in body for near in paragraph.named(_other(span), pairs)) or alike
        for span in spans
    ]


class _Paragraph:
    def __init__(self, number: int, printed: str) -> None:
        self._number, self._printed = number, printed
        self._normal, self._places = printed_places(printed)
        self._clauses = [match.span() for match in _CLAUSE.finditer(self._normal)]

    def named(self, wanted: Sequence[str], pairs: set[str]) -> Iterator[tuple[float, Near]]:
        """Each place where one of ``wanted`` stands, by what its clause shares with the headline."""
        for words in wanted:
            for match in _whole(words).finditer(self._normal):
                around = (self._normal[a:b] for a, b in self._clauses if a <= match.start() < b)
                shared = len(_pairs(next(around, "")) & pairs)
                yield shared, self._near(match.start(), match.end())

    def alike(self, pairs: set[str]) -> Iterator[tuple[float, Near]]:
        """Each clause that shares words with the headline, by how many; of equals the shorter one."""
        for start, end in self._clauses:
            shared = len(_pairs(self._normal[start:end]) & pairs)
            if shared >= _LEAST_PAIRS:
                yield shared + 1 / (1 + end - start), self._near(start, end)

    def _near(self, start: int, end: int) -> Near:
        first, last = self._places[start], self._places[end - 1] + 1
        return Near(self._number, first, last, self._printed[first:last])


def _best(scored: Iterator[tuple[float, Near]]) -> Near | None:
    return max(scored, key=lambda pair: pair[0], default=(0.0, None))[1]


def _other(span: Span) -> list[str]:
    """What the reason quotes of the article, not what it repeats of the headline."""
    quoted = (match[1] or match[2] for match in _QUOTED.finditer(span.reason))
    return [words for words in quoted if words != span.text]


def _whole(words: str) -> re.Pattern[str]:
    """36 stands neither in 136 nor in 36.5."""
    before = r"(?<![\d.])" if words[0].isdigit() else ""
    after = r"(?!\.?\d)" if words[-1].isdigit() else ""
    return re.compile(before + re.escape(words) + after)


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}
