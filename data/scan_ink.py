"""The measure of recognised lines, taken from their ink: em boxes and type sizes.

Recognition's own boxes reach beyond the print by a fifth of an em, and by another fifth or not at all from
one line to the next. The characters themselves do not: in a Chinese face their ink is as high as 0.94 of the
em, within a pixel, whatever the line says, and it ends where the em box ends but for each mark's own white.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from banmian.data.geometry import Run
from banmian.data.geometry_stacks import body_size

#: Ink between the height of these shares of an em and the width of its line settles the face's own share.
_LEAST_INK, _USUAL_INK, _MOST_INK = 0.84, 0.94, 1.0
#: Sizes that differ by less are one size: a pixel is a twentieth of a body's em at 150 dpi.
_ONE_SIZE = 1.045
#: A line whose ink is a pixel higher or lower than the body's is of its size.
_A_PIXEL = 1.1
#: Marks that touch characters make a body line's ink higher by so much at most; a deck's is higher by more.
_TOUCHED = 1.08
#: No line is set tighter: where all characters touch, marks make its ink look a sixth higher.
_TIGHTEST = 1.12
#: Of a pixel's area: a thin stroke between two pixels covers less than half of either.
_INKED = 0.35
#: White as wide as this, in heights of the characters' ink, may part words or lines.
WIDE_WHITE = 0.3
#: White in a mark's em box before its ink, and after it, in ems; every other character has a twentieth.
#: Faces differ by a fifth of an em in quotation marks and colons: these lie between.
_WHITE_BEFORE = dict.fromkeys("（《【(", 0.57) | dict.fromkeys("“‘", 0.42)
_WHITE_AFTER = dict.fromkeys("，。、！），,!)", 0.64) | dict.fromkeys("；：》】”’？;:?", 0.46)
_WHITE = 0.05
_WIDE_MARKS = frozenset("，。；：、！？（）《》“”‘’—…·【】(),;:!?")
_HAN = re.compile("[\u3400-\u9fff]")

White = tuple[float, float]
"""A stretch without ink along a line: where it begins and ends, in pixels of the page."""


@dataclass(frozen=True, slots=True)
class _Ink:
    """A line's ink: its ends along the line, its sides across it, its characters' height, white within."""

    begin: float
    end: float
    near: float
    far: float
    high: float
    white: list[White]


def measure(grey: Any, runs: Sequence[Run]) -> dict[int, list[White]]:
    """Bring runs to the em boxes and type sizes of their print; lines without Chinese keep their size.

    Returns the white within each line, by its run's ``id``: stretches of at least WIDE_WHITE of the height of
    its characters' ink, in pixels along the line.

    Args:
        grey: the straightened page, bytes of shape (height, width).
        runs: recognised lines, whose boxes and sizes are those of the recognition.
    """
    found = [(run, ink) for run in runs if (ink := _ink_of(grey, run)) is not None]
    chinese = [(run, ink) for run, ink in found if is_chinese(run.text)]
    share = _share_of_em([(ink.high, _by_width(run.text, ink)) for run, ink in chinese])
    ratios = sorted(ink.high / share / run.size for run, ink in chinese)
    loose = ratios[len(ratios) // 2] if ratios else 0.85
    for run in runs:
        run.size *= loose
    for run, ink in chinese:
        run.size = ink.high / share
    body = body_size([run for run, _ in chinese])
    for run, ink in chinese:
        run.size = _by_both(run, ink, body)
    _one_size_each(runs)
    for run, ink in found:
        _fit(run, ink)
    return {id(run): ink.white for run, ink in found}


def is_chinese(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return _HAN.search(text) is not None


def _share_of_em(lines: Sequence[tuple[float, float | None]]) -> float:
    """How much of the em the face's ink is high, by lines whose width tells their size."""
    shares = sorted(high / wide for high, wide in lines if wide and _LEAST_INK < high / wide < _MOST_INK)
    # Justified lines are set wider than their size tells, and they are most: the unjustified have more ink.
    return shares[int(0.8 * len(shares))] if len(shares) >= 5 else _USUAL_INK


def _by_width(text: str, ink: _Ink, least: int = 6) -> float | None:
    """The type size that a line's length tells; None for one of fewer ems, whose ends weigh too much."""
    ems = sum(map(advance, text))
    return (ink.end - ink.begin) / (ems - before(text) - after(text)) if ems >= least else None


def _by_both(run: Run, ink: _Ink, body: float) -> float:
    """A line's size by the height of its ink, or by its width if that agrees and the line is no body line.

    A pixel of height is a twentieth of a small size, the width of a line tells a hundredth; but body lines
    are justified, and wider than their size.
    """
    wide = None if run.vertical else _by_width(run.text, ink, 4)
    size = min(run.size, _TIGHTEST * wide) if wide else run.size
    if body - _A_PIXEL <= size <= max(body + _A_PIXEL, _TOUCHED * body):
        return body
    blank = len(ink.white) > 2 * sum(char in _WIDE_MARKS for char in run.text)
    return wide if wide and not blank and 0.93 < wide / size < 1.07 else size


def advance(char: str) -> float:
    """Ems that a character takes as set without justification."""
    return 1.0 if char in _WIDE_MARKS or char >= "\u2e80" else 0.5


def before(text: str) -> float:
    """Ems of white between the beginning of a text's first em box and its ink."""
    return _WHITE_BEFORE.get(text[0], _WHITE)


def after(text: str) -> float:
    """Ems of white between a text's ink and the end of its last em box."""
    return _WHITE_AFTER.get(text[-1], _WHITE)


def _one_size_each(runs: Sequence[Run]) -> None:
    """Give runs of nearly one size the mean of these, the body's size first, for it has most characters."""
    body = body_size(runs)
    rest = sorted(runs, key=lambda run: run.size)
    groups = [[run for run in rest if 1 / _ONE_SIZE < run.size / body < _ONE_SIZE]]
    rest = [run for run in rest if not 1 / _ONE_SIZE < run.size / body < _ONE_SIZE]
    at = 0
    for number, (run, after) in enumerate(pairwise([*rest, None]), 1):
        if after is None or (run and after.size > _ONE_SIZE * rest[at].size):
            groups.append(rest[at:number])
            at = number
    for group in groups:
        weight = sum(len(run.text) for run in group)
        mean = sum(run.size * len(run.text) for run in group) / weight if weight else 0.0
        for run in group:
            run.size = mean


def _fit(run: Run, ink: _Ink) -> None:
    """Set a run's box to the em boxes of its characters."""
    begin, end = ink.begin - before(run.text) * run.size, ink.end + after(run.text) * run.size
    middle = (ink.near + ink.far) / 2
    near, far = middle - run.size / 2, middle + run.size / 2
    if run.vertical:
        begin, end = ink.begin - _WHITE * run.size, ink.end + _WHITE * run.size
        run.left, run.top, run.right, run.bottom = near, begin, far, end
    else:
        run.left, run.top, run.right, run.bottom = begin, near, end, far


def _ink_of(grey: Any, run: Run) -> _Ink | None:
    """The ink of a line, looked for in its box and a little around; None where there is none to tell."""
    across = run.right - run.left if run.vertical else run.bottom - run.top
    wide, high = (0.22, 0.35) if run.vertical else (0.35, 0.22)
    height, width = grey.shape
    left, top = max(0, int(run.left - wide * across)), max(0, int(run.top - high * across))
    right, bottom = min(width, int(run.right + wide * across)), min(height, int(run.bottom + high * across))
    inked = _coverage(grey[top:bottom, left:right])
    if inked is None:
        return None
    if run.vertical:
        ink = _ink_in(inked.T, run.top - top, run.bottom - top, across)
        along, near = top, left
    else:
        ink = _ink_in(inked, run.left - left, run.right - left, across)
        along, near = left, top
    if ink is None:
        return None
    # A single character's box may reach into what stands above or below it.
    high_ink = min(ink.high, 1.1 * (ink.end - ink.begin)) if len(run.text) == 1 else ink.high
    white = [(begin + along, end + along) for begin, end in ink.white]
    return _Ink(ink.begin + along, ink.end + along, ink.near + near, ink.far + near, high_ink, white)


def _ink_in(inked: Any, begin: float, end: float, across: float) -> _Ink | None:
    """The ink of a line in a window: recognition saw it ``across`` high from ``begin`` to ``end``."""
    first, last = max(0, int(begin)), int(end) + 1
    rows = inked[:, first:last].max(1)
    band = _connected(rows, len(rows) / 2, 0.13 * across)
    if band is None:
        return None
    line = inked[band[0] : band[1] + 1]
    columns = line.max(0)
    # What begins in the box and goes on beyond it is a cut character, or else a neighbour's.
    inside = [
        (one, other)
        for one, other in _stretches(columns > _INKED)
        if 2 * (min(other, last) - max(one, first)) >= other - one
    ]
    if not inside:
        return None
    low, high = inside[0][0], inside[-1][1]
    characters = _characters_high(line[:, low:high])
    white = [
        (float(one + low), float(other + low))
        for one, other in _stretches(columns[low:high] <= _INKED)
        if other - one >= WIDE_WHITE * characters
    ]
    return _Ink(*_edges(columns, low, high - 1), *_edges(rows, *band), characters, white)


def _coverage(part: Any) -> Any:
    """How much of each pixel is ink, from 0 to 1, whatever the paper's tone; white on dark is ink as well."""
    import numpy

    if min(part.shape) < 3:
        return None
    dark, light = (float(one) for one in numpy.percentile(part, (1, 95)))
    if light - dark < 40:
        return None
    covered = numpy.clip((light - part.astype(numpy.float32)) / (light - dark), 0, 1)
    return 1 - covered if numpy.median(covered) > 0.5 else covered


def _connected(rows: Any, middle: float, gap: float) -> tuple[int, int] | None:
    """The first and the last row of the ink around the middle, white of at most ``gap`` rows within."""
    import numpy

    on = numpy.flatnonzero(rows > _INKED)
    if not len(on):
        return None
    start = int(numpy.argmin(abs(on - middle)))
    low = high = start
    while low > 0 and on[low] - on[low - 1] <= gap + 1:
        low -= 1
    while high + 1 < len(on) and on[high + 1] - on[high] <= gap + 1:
        high += 1
    return int(on[low]), int(on[high])


def _edges(profile: Any, low: int, high: int) -> tuple[float, float]:
    """Where ink begins and ends within pixels: those at its edges are covered in part."""
    before = float(profile[low - 1]) if low > 0 else 0.0
    after = float(profile[high + 1]) if high + 1 < len(profile) else 0.0
    return low - before, high + 1 + after


def _characters_high(line: Any) -> float:
    """The height of the characters' ink: that which four fifths of the inked width do not exceed.

    Each stretch of ink along the line counts by itself, so that marks, which hang below the line or stand at
    its top, do not make it higher.
    """
    import numpy

    heights: list[tuple[float, int]] = []
    for begin, end in _stretches(line.max(0) > _INKED):
        rows = line[:, begin:end].max(1)
        on = numpy.flatnonzero(rows > _INKED)
        if len(on):
            top, bottom = _edges(rows, int(on[0]), int(on[-1]))
            heights.append((bottom - top, end - begin))
    heights.sort()
    left = 0.8 * sum(width for _, width in heights)
    for high, width in heights:
        left -= width
        if left <= 0:
            return high
    return float(len(line))


def _stretches(flags: Any) -> list[tuple[int, int]]:
    """Where flags are set one after another: begin and end of each stretch."""
    import numpy

    turns = numpy.flatnonzero(numpy.diff(numpy.concatenate(([False], flags, [False])).astype(numpy.int8)))
    return list(zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True))
