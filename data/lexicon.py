"""Cutting a headline into words, and the class of the names among them.

The most probable cut under Zipf's law: the list of words (``lexicon.txt``) stands in the order of
frequency, so a word's rank is its probability; what the list lacks falls into single characters.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from banmian.data.gazetteer import gazetteer

NAME_CLASSES = ("place", "person", "foreign", "organisation")
# A single character costs as much as the 5,000th word: rarer words still beat two characters.
_SINGLE = -math.log(5_000)
_NAME = -math.log(3_000)
_LONGEST = 12


@dataclass(frozen=True, slots=True)
class Word:
    """A word at ``[start, end)``; ``kind`` is its class, empty for a single character."""

    start: int
    end: int
    text: str
    kind: str


@lru_cache(maxsize=1)
def lexicon() -> dict[str, tuple[str, float]]:
    """Word → its class and the logarithm of its probability (times a constant)."""
    table: dict[str, tuple[str, float]] = {}
    kind, rank = "", 0
    for line in Path(__file__).with_name("lexicon.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        if line.startswith("["):
            kind = line.strip("[]")
            continue
        for word in line.split():
            rank += kind == "word"
            table[word] = (kind, _NAME if kind in NAME_CLASSES else -math.log(rank))
    for place in gazetteer():
        if table.get(place, ("", 0))[0] not in NAME_CLASSES:
            table[place] = ("place", _NAME)
    return table


def words(text: str) -> list[Word]:
    """``text`` cut into words, every character in exactly one of them."""
    table = lexicon()
    best: list[tuple[float, int, str]] = [(0.0, 0, "")]
    for end in range(1, len(text) + 1):
        choice = (best[end - 1][0] + _SINGLE, end - 1, "")
        for start in range(max(0, end - _LONGEST), end - 1):
            entry = table.get(text[start:end])
            if entry is not None:
                score = best[start][0] + entry[1]
                if score > choice[0]:
                    choice = (score, start, entry[0])
        best.append(choice)
    cut: list[Word] = []
    end = len(text)
    while end:
        _, start, kind = best[end]
        cut.append(Word(start, end, text[start:end], kind))
        end = start
    return cut[::-1]
