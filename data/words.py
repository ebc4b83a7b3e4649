"""What texts of a page have in common: pairs of characters, weighed by how rare they are on the page."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

#: Pairs of characters that are looked at on either side: about two paragraphs, and about an article.
NEAR, FAR = 250, 900


class Words:
    """The texts of a page in order, each as its pairs of Chinese characters."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._pairs = [_pairs(text) for text in texts]
        self._count = Counter(pair for pairs in self._pairs for pair in pairs)

    def shared(self, start: int, end: int, step: int, enough: int) -> float:
        """The share of the pairs in texts ``[start, end)`` that also stand above (-1) or below (1) them."""
        head = {pair for pairs in self._pairs[start:end] for pair in pairs}
        near = self._near(start - 1 if step < 0 else end, step, enough)
        total = sum(map(self._weight, head))
        return sum(map(self._weight, head & near)) / total if total else 0.0

    def cohesion(self, start: int, end: int) -> float:
        """How alike the texts above ``start`` and from ``end`` on are: a cosine over rare pairs."""
        return _cosine(self._near(start - 1, -1, NEAR), self._near(end, 1, NEAR), self._weight)

    def _weight(self, pair: str) -> float:
        return 1.0 / self._count[pair]

    def _near(self, at: int, step: int, enough: int) -> set[str]:
        near: set[str] = set()
        seen = 0
        while 0 <= at < len(self._pairs) and seen < enough:
            near.update(self._pairs[at])
            seen += len(self._pairs[at])
            at += step
        return near


class Likeness:
    """Compares any two texts, by how rare what they share is on one page."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._count = Counter(pair for text in texts for pair in _pairs(text))

    def of(self, one: str, other: str) -> float:
        """From 0, nothing shared but what stands everywhere, to 1, the same: a cosine over pairs."""
        return _cosine(set(_pairs(one)), set(_pairs(other)), self._weight)

    def _weight(self, pair: str) -> float:
        return 1.0 / max(1, self._count[pair])


def _cosine(one: set[str], other: set[str], weight: Callable[[str], float]) -> float:
    size = math.sqrt(sum(map(weight, one)) * sum(map(weight, other)))
    return sum(map(weight, one & other)) / size if size else 0.0


def _pairs(text: str) -> list[str]:
    return [
        text[i : i + 2]
        for i in range(len(text) - 1)
        if "\u3400" <= text[i] <= "\u9fff" and "\u3400" <= text[i + 1] <= "\u9fff"
    ]
