"""Recognised lines put right by the white in them: what is two lines is cut, what is one line is joined.

Recognition takes headlines side by side, and at times lines of neighbouring columns, for one line; it drops
the blanks between words and names; and it cuts a vertical line, or the quotation mark before a headline, off.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from banmian.data.geometry import Box, Run, overlap
from banmian.data.geometry_stacks import body_size
from banmian.data.scan_ink import White, advance, after, before, is_chinese, measure
from banmian.data.surnames import FREQUENT

#: Ems of white, beyond that of the marks beside it, that are a printed blank.
_BLANK = 0.3
#: A line that names who wrote it tells where names begin, so that less white is a blank there.
_NAMES_BLANK, _TRADES, _STOPS = 0.1, ("记者", "記者", "讯员", "訊員"), frozenset("，。；：、")
#: Ems of it that part two columns' lines of running text, and those that may part two headlines.
_COLUMNS, _HEADLINES = 0.9, 0.4
#: A line larger than this times the body is a headline.
_DISPLAY = 1.16
#: Most that the two sides of white may differ in how wide they are set (a natural logarithm).
_EQUALLY_WIDE = 0.12
#: Lines side by side that were taken for one are at most so many and one.
_MOST_CUTS = 3
#: Pixels by which the box of a rule may reach beyond it.
_SLACK = 3


def lines_of(grey: Any, runs: Sequence[Run], rules: Sequence[Box]) -> list[Run]:
    """The page's lines with the measure of their ink, cut and joined as they are printed.

    Args:
        grey: the straightened page, bytes of shape (height, width).
        runs: recognised lines, with the boxes of the recognition; they are changed.
        rules: the rules on the page; one that stands in a line's white cuts it.
    """
    lines = list(runs)
    for _ in range(_MOST_CUTS):
        loose = {id(run): replace(run) for run in lines}
        white = measure(grey, lines)
        page = _Page(lines, rules)
        cut = [part for run in lines for part in page.parted(run, loose[id(run)], white.get(id(run), []))]
        if len(cut) == len(lines):
            break
        # What is cut is measured anew, from where it was recognised.
        lines = [loose.get(id(run), run) for run in cut]
    else:
        white = measure(grey, lines)
    for run in lines:
        run.text = _with_blanks(run, white.get(id(run), []))
    return _upright(_level(lines))


class _Page:
    """The lines of a page, of which some may be two."""

    def __init__(self, runs: Sequence[Run], rules: Sequence[Box]) -> None:
        self._upright = [rule for rule in rules if rule[3] - rule[1] > rule[2] - rule[0]]
        self.body = body_size(runs)
        lying = [run for run in runs if not run.vertical]
        self._text = [run for run in lying if run.size < _DISPLAY * self.body and len(run.text) >= 4]
        self._display = [run for run in lying if run.size >= _DISPLAY * self.body]

    def parted(self, run: Run, loose: Run, white: Sequence[White]) -> list[Run]:
        """The run, or its two parts as the recognition saw them if white cuts it."""
        if run.vertical or len(run.text) < 4:
            return [run]
        for begin, end in sorted(white, key=lambda one: one[0] - one[1]):
            at = _place(run, begin, end)
            if at and self._cuts(run, at, begin, end):
                left, right = run.text[:at].rstrip(" |｜"), run.text[at:].lstrip(" |｜")
                return [replace(loose, text=left, right=begin), replace(loose, text=right, left=end)]
        return [run]

    def _cuts(self, run: Run, at: int, begin: float, end: float) -> bool:
        ems = _surplus(run, at, begin, end)
        ruled = any(
            begin - _SLACK <= rule[0] and rule[2] <= end + _SLACK and rule[1] < run.middle < rule[3]
            for rule in self._upright
        )
        if ruled:
            return ems >= _BLANK
        if run.size >= _DISPLAY * self.body:
            return ems >= _HEADLINES and self._parts_heads(run, begin, end)
        return ems >= _COLUMNS and self._parts_text(run, begin, end)

    def _parts_heads(self, run: Run, begin: float, end: float) -> bool:
        """Whether the columns under a headline part where its white is: no line crosses it below."""
        em = self.body
        # A picture may stand between a headline and the text.
        under = [one for one in self._text if -em < one.top - run.bottom < 40 * em]
        below = [one for one in under if one.top - run.bottom < 9 * em]
        near = [
            one for one in self._display if one is not run and abs(one.middle - run.middle) < 2.5 * run.size
        ]
        return not self._crossed([*below, *near], begin, end) and self._gutter(under, begin, end, 4 * em)

    def _parts_text(self, run: Run, begin: float, end: float) -> bool:
        """Whether two columns part where a line's white is: the lines above and below end and begin there."""
        near = [one for one in self._text if one is not run and abs(one.middle - run.middle) < 5 * self.body]
        return not self._crossed(near, begin, end) and self._gutter(near, begin, end, self.body)

    def _crossed(self, lines: Sequence[Run], begin: float, end: float) -> bool:
        middle = (begin + end) / 2
        return any(one.left + self.body < middle < one.right - self.body for one in lines)

    def _gutter(self, lines: Sequence[Run], begin: float, end: float, most: float) -> bool:
        """Whether some lines end near where white begins, and others begin near where it ends."""
        over = min(most, 2 * self.body)
        return any(-over < begin - one.right < most for one in lines) and any(
            -over < one.left - end < most for one in lines
        )


def _place(run: Run, begin: float, end: float) -> int:
    """Before which character of a run white stands: both sides are then set equally wide; 0 if none fits."""
    first = begin - run.left - before(run.text) * run.size
    second = run.right - after(run.text) * run.size - end
    options = []
    for at in range(1, len(run.text)):
        left, right = _inked(run.text[:at]), _inked(run.text[at:])
        if min(left, right, first, second) > 0:
            options.append((abs(math.log(first * right / left / second)), at))
    off, at = min(options, default=(1.0, 0))
    return at if off < _EQUALLY_WIDE else 0


def _surplus(run: Run, at: int, begin: float, end: float) -> float:
    """Ems of white that the characters beside it do not explain."""
    return (end - begin) / run.size - after(run.text[:at]) - before(run.text[at:])


def _with_blanks(run: Run, white: Sequence[White]) -> str:
    """A run's text with the printed blanks that the recognition dropped, which part words and names.

    None is put beside a mark, for the white of marks differs from face to face.
    """
    text = run.text
    if run.vertical or not is_chinese(text):
        return text
    named = len(text) <= 40 and any(trade in text for trade in _TRADES) and not _STOPS & set(text)
    places = []
    for begin, end in white:
        at = _place(run, begin, end)
        words = at and text[at - 1].isalnum() and text[at].isalnum()
        name = named and at and (text[at] in FREQUENT or text[at - 2 : at] in _TRADES)
        if words and _surplus(run, at, begin, end) >= (_NAMES_BLANK if name else _BLANK):
            places.append(at)
    for at in sorted(set(places), reverse=True):
        text = f"{text[:at]} {text[at:]}"
    return text


def _inked(text: str) -> float:
    """Ems from the beginning of a text's ink to its end."""
    return sum(map(advance, text)) - before(text) - after(text)


def _level(runs: Sequence[Run]) -> list[Run]:
    """Join what stands close on one line: a mark that was cut off, or two halves of a line."""

    def join(home: Run, run: Run) -> None:
        words = home.text[-1].isalnum() and run.text[0].isalnum()
        _add(home, run, " " if words and run.left - home.right > _BLANK * home.size else "")

    return _gathered(sorted(runs, key=lambda one: one.left), _touches, join)


def _gathered(
    runs: Sequence[Run], belongs: Callable[[Run, Run], bool], join: Callable[[Run, Run], None]
) -> list[Run]:
    """Each run joined to the first line before it that it belongs to, else a line of its own."""
    lines: list[Run] = []
    for run in runs:
        home = next((line for line in lines if belongs(line, run)), None)
        if home is None:
            lines.append(run)
        else:
            join(home, run)
    return lines


def _touches(line: Run, run: Run) -> bool:
    if line.vertical or run.vertical:
        return False
    small, large = sorted((line, run), key=lambda one: one.size)
    gap = (run.left - line.right) / large.size
    mark = len(small.text) <= 2 and not is_chinese(small.text)
    inside = overlap(small.top, small.bottom, large.top, large.bottom) > 0.6 * (small.bottom - small.top)
    if mark and len(large.text) > 2:
        return inside and -0.6 <= gap <= 0.6
    return inside and -0.3 <= gap <= 0.3 and large.size < 1.05 * small.size


def _upright(runs: Sequence[Run]) -> list[Run]:
    """Join vertical lines, and single characters, that stand one below another in one type size."""

    def join(home: Run, run: Run) -> None:
        home.vertical = True
        _add(home, run, " " if run.top - home.bottom > 0.5 * home.size else "")

    return _gathered(sorted(runs, key=lambda one: one.top), _goes_on_below, join)


def _goes_on_below(line: Run, run: Run) -> bool:
    """Whether a run stands right below a vertical one; one of the two may be a single character."""
    if not (line.vertical or run.vertical) or any(
        not one.vertical and len(one.text) > 1 for one in (line, run)
    ):
        return False
    size = max(line.size, run.size)
    apart = abs(line.left + line.right - run.left - run.right) / 2
    marks = not (is_chinese(line.text) and is_chinese(run.text))
    like = abs(line.size - run.size) <= 0.12 * size or marks
    return apart <= 0.35 * size and like and -0.9 * size <= run.top - line.bottom <= 1.3 * size


def _add(line: Run, run: Run, blank: str) -> None:
    """Put a run at a line's end."""
    sure = [one.score or 0.0 for one in (line, run)]
    lengths = [len(line.text), len(run.text)]
    line.score = (sure[0] * lengths[0] + sure[1] * lengths[1]) / max(1, sum(lengths))
    line.text = line.text + blank + run.text
    line.size = line.size if lengths[0] >= lengths[1] else run.size
    line.left, line.top = min(line.left, run.left), min(line.top, run.top)
    line.right, line.bottom = max(line.right, run.right), max(line.bottom, run.bottom)
