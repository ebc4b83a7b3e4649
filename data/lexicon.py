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


@lru_cache(maxsize=1)
def _beginnings() -> frozenset[str]:
    """What at least one word goes on from, so that looking for words stops where none can follow."""
    return frozenset(word[:end] for word in lexicon() for end in range(2, min(len(word), _LONGEST)))


def words(text: str) -> list[Word]:
    """``text`` cut into words, every character in exactly one of them."""
    table, beginnings, size = lexicon(), _beginnings(), len(text)
    best = [0.0] + [-math.inf] * size
    last = list(range(-1, size))  # where the last word of the best cut up to here begins
    for start, score in enumerate(best):
        end = start + 2
        while end <= size:
            part = text[start:end]
            entry = table.get(part)
            if entry is not None and score + entry[1] > best[end]:
                best[end], last[end] = score + entry[1], start
            if part not in beginnings:
                break
            end += 1
        if start < size and score + _SINGLE >= best[start + 1]:
            best[start + 1], last[start + 1] = score + _SINGLE, start
    cut: list[Word] = []
    end = size
    while end:
        start = last[end]
        part = text[start:end]
        cut.append(Word(start, end, part, table[part][0] if end - start > 1 else ""))
        end = start
    return cut[::-1]
