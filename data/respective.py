"""Figures told in one breath of several things: 游客486万人次，花费39.7亿元，分别增长9.2%和10.8%.

The first figure is of the first thing. Where a headline gives one of the things another's figure, every word
of it stands in the article, and beside the figure too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from banmian.data.alignment import tokens
from banmian.data.amounts import covers
from banmian.data.numbers import Quantity

_BETWEEN = re.compile("[、和与及]|以及")
_PARTS = re.compile("[，、]|和|与|及|以及")
_NO_THING = frozenset(("", "同比", "环比", "较去年", "比上年"))
_SENTENCE = re.compile("[。；！？\n]")
#: A thing is meant where the headline shares this much with it and with no other near as much.
_LEAST, _TIMES = 3, 2


def respectively(
    headline: str, said: Quantity, article: str, numbers: Sequence[Quantity]
) -> Iterator[tuple[int, int, str]]:
    """Start, end and reason where the article's 分别 gives the headline's thing another figure."""
    segment = max(headline.rfind(sign, 0, said.start) for sign in "␣，；：") + 1
    near, rest = set(tokens(headline[segment : said.start])), set(tokens(headline[:segment]))
    verdicts = []
    for figures in _told_together(article, numbers):
        at = next((i for i, figure in enumerate(figures) if covers(said, figure)), None)
        if at is None:
            continue
        things = _things(article, figures)
        if not things:
            continue
        shared = [2 * len(near & set(tokens(t))) + len(rest & set(tokens(t))) for t in things]
        best = max(range(len(shared)), key=shared.__getitem__)
        if shared[best] >= _LEAST and shared[best] >= _TIMES * shared[at]:
            verdicts.append(figures[best].text + figures[best].unit.text)
        else:
            return
    if verdicts:
        yield said.start, said.end, f"文中这里是“{verdicts[0]}”"


def _told_together(article: str, numbers: Sequence[Quantity]) -> Iterator[list[Quantity]]:
    """Runs of figures behind 分别, joined by 、 and 和."""
    run: list[Quantity] = []
    for number in numbers:
        joint = article[run[-1].end + len(run[-1].unit.text) : number.start] if run else ""
        if not run or not _BETWEEN.fullmatch(joint):
            if len(run) > 1:
                yield run
            run = [number] if "分别" in article[max(0, number.start - 10) : number.start] else []
        else:
            run.append(number)
    if len(run) > 1:
        yield run


def _things(article: str, figures: Sequence[Quantity]) -> list[str]:
    """What the figures are told of, in their order; nothing where they cannot be counted off."""
    stop = article.rfind("分别", 0, figures[0].start)
    before = _SENTENCE.split(article[max(0, stop - 80) : stop])[-1]
    parts = [part for part in _PARTS.split(before) if part not in _NO_THING]
    return parts[-len(figures) :] if len(parts) >= len(figures) else []
