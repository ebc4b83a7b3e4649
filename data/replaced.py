"""A clause of the article told word for word but for one name: 花亭至省界段 where it has 北亭至省界段.

No list knows every village, street and team. What stands on both sides of a name is enough where the article
has just that with another name in between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from banmian.data.lexicon import NAME_CLASSES, Word, words
from banmian.data.places import NO_NAME

Replaced = tuple[int, int, Literal["place", "organisation"], str]
"""Start and end in the headline, kind and reason."""

_SEGMENT = re.compile(r"[^␣，。；：！？“”‘’《》（）]+")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_LONGEST = 4
#: Characters on each side that hold a name in its place; before a name that ends a clause, on the left alone.
_BESIDE, _AHEAD = 3, 5
#: Ends of names told apart by what stands ahead of them alone.
_NAME_ENDS = frozenset("队村镇乡县区市州路街桥站院校局厂矿馆")
_BODIES = frozenset("队院校局厂")


def replaced(headline: str, cut: list[Word], article: str) -> Iterator[Replaced]:
    """Names of a normalised headline, ``cut`` into words, in whose place the article has others."""
    free = [False] * len(headline)
    for word in cut:
        if (word.kind == "" and _HAN.match(word.text)) or word.kind in NAME_CLASSES:
            free[word.start : word.end] = [True] * (word.end - word.start)
    for segment in _SEGMENT.finditer(headline):
        low, high = segment.span()
        yield from _between(headline, low, high, free, article)
        yield from _at_the_end(headline, low, high, article)


def _between(headline: str, low: int, high: int, free: list[bool], article: str) -> Iterator[Replaced]:
    for start in range(low + _BESIDE, high - _BESIDE - 1):
        left = headline[start - _BESIDE : start]
        if left not in article:
            continue
        for end in range(start + 2, min(start + _LONGEST, high - _BESIDE) + 1):
            right = headline[end : end + _BESIDE]
            if not all(free[start:end]) or headline[start - _BESIDE : end + _BESIDE] in article:
                continue
            other = _held(left, right, article)
            same = next(
                (i for i, (a, b) in enumerate(zip(headline[start:end], other, strict=False)) if a != b), 0
            )
            name, other = headline[start + same : end], other[same:]
            if len(name) > 1 and len(other) > 1 and _another(name, other):
                yield start + same, end, _kind(name), f"文中这里是“{other}”"
                return


def _at_the_end(headline: str, low: int, high: int, article: str) -> Iterator[Replaced]:
    if headline[high - 1] not in _NAME_ENDS:
        return
    for start in range(max(low + _AHEAD, high - _LONGEST), high - 2):
        left = headline[start - _AHEAD : start]
        if left not in article or headline[start - _AHEAD : high] in article:
            continue
        other = _held(left, headline[high - 1], article)
        name = headline[start:high]
        if other and not set(name[:-1]) & set(other):
            yield start, high, _kind(name), f"文中这里是“{other}{headline[high - 1]}”"
            return


def _held(left: str, right: str, article: str) -> str:
    """What the article has between the two, at most five characters of a name; empty if nothing."""
    place = article.find(left)
    while place >= 0:
        start = place + len(left)
        end = article.find(right, start + 1, start + 5 + len(right))
        if end > start and _HAN.fullmatch(article, start, end):
            return article[start:end]
        place = article.find(left, place + 1)
    return ""


def _another(said: str, other: str) -> bool:
    """Whether neither name is the other in short or in full, and the other is no common word."""
    mine, theirs = set(said), set(other)
    if mine <= theirs or theirs <= mine or (mine | theirs) & NO_NAME:
        return False
    return all(word.kind != "word" or word.text in said for word in words(other)[:-1] or words(other))


def _kind(name: str) -> Literal["place", "organisation"]:
    return "organisation" if name[-1] in _BODIES else "place"
