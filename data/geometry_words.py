"""How much alike two texts of a page are: the pairs of characters they share, rare ones above all."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable


class Likeness:
    """Compares texts of one page."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._count = Counter(pair for text in texts for pair in _pairs(text))

    def of(self, one: str, other: str) -> float:
        """From 0, nothing shared but what stands everywhere, to 1, the same: a cosine over pairs."""
        a, b = set(_pairs(one)), set(_pairs(other))
        size = math.sqrt(sum(map(self._weight, a)) * sum(map(self._weight, b)))
        return sum(map(self._weight, a & b)) / size if size else 0.0

    def _weight(self, pair: str) -> float:
        return 1.0 / max(1, self._count[pair])


def _pairs(text: str) -> list[str]:
    return [
        text[i : i + 2]
        for i in range(len(text) - 1)
        if "\u3400" <= text[i] <= "\u9fff" and "\u3400" <= text[i + 1] <= "\u9fff"
    ]
