"""The lines of a page: their width, their column's width, and the page's habits with blanks and indents."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import Literal

from banmian.data import marks

Ending = Literal["sentence", "half", "comma", "quote", "open"]

_CLOSERS = "”’」』）)】〉》\"'"
_SENTENCE_END = "。！？!?…．"
_HALF_END = "；：;:"
_COMMA_END = "，、,（(“‘「『《〈【—–-·／/"
_BREAKABLE = re.compile(r"[0-9A-Za-z.%％‰]+|.", re.DOTALL)
_LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_NO_LINE_START = "，。、；：！？”’」』）)】〉》…—％%,.;:!?"


@lru_cache(maxsize=65536)
def _cell(char: str) -> float:
    if char < "\x7f":
        return 0.5
    if char in "‘’“”…—·":
        return 1.0
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Cc", "Mn"):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5


def cells(text: str) -> float:
    """Printed width in cells: a Chinese character is 1, a digit, a Latin letter or a blank 0.5."""
    return sum(map(_cell, text))


@dataclass(frozen=True)
class Line:
    """One non-blank line of the page.

    ``number`` is its 1-based line on the page and ``start`` its first character there, counted from 0;
    ``width`` its cells without the indent, ``indent`` the cells of blank before it, ``gap`` whether a blank
    line stands above, ``ending`` how its text ends.
    """

    number: int
    text: str
    width: float
    indent: float
    gap: bool
    ending: Ending
    start: int = 0

    @property
    def end(self) -> int:
        """One past its last character on the page."""
        return self.start + len(self.text)

    @property
    def ends_sentence(self) -> bool:
        """Whether a paragraph may end here by its punctuation."""
        return self.ending in ("sentence", "half")


def split_lines(page: str) -> list[Line]:
    """The page's non-blank lines in order. A form feed or a page separator counts as a blank line."""
    lines: list[Line] = []
    gap = False
    for number, (start, raw) in enumerate(_raw_lines(page), 1):
        text = raw.strip()
        if not text:
            gap = True
            continue
        blank = raw[: len(raw) - len(raw.lstrip())]
        indent = cells(blank.replace("\t", "    "))
        begun = start + len(blank)
        lines.append(Line(number, text, cells(text), indent, gap and bool(lines), ending_of(text), begun))
        gap = False
    return lines


def _raw_lines(page: str) -> Iterator[tuple[int, str]]:
    at = 0
    for found in _LINE_BREAK.finditer(page):
        yield at, page[at : found.start()]
        at = found.end()
    yield at, page[at:]


def ending_of(text: str) -> Ending:
    """How a line ends: a full stop (also before closing marks), ；or ：, a comma, a quotation, or openly."""
    bare = text.rstrip(_CLOSERS + " \u3000")
    last = bare[-1:] or text[-1]
    if last in _SENTENCE_END or text.endswith(("——", "……")):
        return "sentence"
    if bare == text.rstrip() and last in _HALF_END:
        return "half"
    if bare == text.rstrip() and last in _COMMA_END:
        return "comma"
    if last == "." and bare[:-1].rstrip(_CLOSERS)[-1:].isalpha():
        return "sentence"
    return "quote" if bare != text.rstrip() else "open"


def first_token_cells(text: str) -> float:
    """The width that a line above would have needed for ``text`` to start there: a number or a word is
    not broken, and marks that may not start a line come along.
    """
    match = _BREAKABLE.match(text)
    if not match:
        return 0.0
    end = match.end()
    if text[0] in "“‘（《「『【〈(" and end < len(text):
        end += 1
    return cells(text[:end]) + sum(0.0 if c not in _NO_LINE_START else 0.5 for c in text[end : end + 1])


@dataclass(frozen=True)
class Habits:
    """What this page does throughout; each decides how much a single sign of it says.

    Args:
        wrapped: paragraphs are broken into lines of a column's width.
        blanks: blank lines stand between paragraphs, only at column breaks, or nowhere.
        indent: paragraphs' first lines are indented, are two cells short (an indent that extraction
            cut off), or are like all others.
    """

    wrapped: bool
    blanks: Literal["paragraphs", "columns", "none"]
    indent: Literal["kept", "stripped", "none"]


_WINDOW = 9
# How much more a line counts in the same run of lines, and on the same side of a line that stands alone.
_NEAR = {True: 3.0, False: 1.0}
_UNWRAPPED_CELLS = 48.0
_SET_NARROW = frozenset("，。、；：！？“”‘’（）《》")
_MARK_SAVES = 0.4  # cells
# Cells that a mark adds to a full line: .15 to .35 where marks are narrow, below .1 where they are not
# (32 development pages).
_NARROWER = 0.12
_FALLS_SHORT, _OVERFLOWS = 1.5, 3.0
_ENOUGH_LINES = 12
_RUNNING = re.compile(r"[，、；：。].|(?<=[\u3400-\u9fff])[,;:.].|[A-Za-z]+(?: [A-Za-z]+){3}")


def column_widths(lines: list[Line]) -> list[float]:
    """For each line the width of its column: the width that most running lines around it share."""
    opened = [i for i, line in enumerate(lines[:-1]) if line.ending in ("open", "comma", "quote")]
    certain = sorted(lines[i].width for i in opened if _RUNNING.search(lines[i].text))
    median = certain[len(certain) // 2] if certain else 0.0
    running = [i for i in opened if lines[i].width >= 8 and not _stands_alone(lines[i], median)]
    running = running or list(range(len(lines)))
    run_of = list(accumulate(int(line.gap) for line in lines))
    part_of = list(accumulate(_stands_alone(line, median) for line in lines))
    widths: list[float] = []
    low = 0
    for i in range(len(lines)):
        while low < len(running) and running[low] < i - _WINDOW:
            low += 1
        high = low
        while high < len(running) and running[high] <= i + _WINDOW:
            high += 1
        start, end = low, high
        while end - start < 5 and (start > 0 or end < len(running)):
            start, end = max(0, start - 1), min(len(running), end + 1)
        widths.append(
            _mode(
                [
                    (
                        lines[k].width + _kept(lines[k]),
                        _NEAR[run_of[k] == run_of[i]] * _NEAR[part_of[k] == part_of[i]] / (2 + abs(k - i)),
                    )
                    for k in running[start:end]
                ]
            )
        )
    return widths


def as_set(lines: list[Line], widths: list[float]) -> list[Line]:
    """The lines with their width as set: some papers set marks narrower, and lines with many hold more.

    Such a page shows it: its full lines have more cells the more marks stand in them. ``widths`` are the
    lines' columns'.
    """
    full = [
        (_marks(line.text), line.width + _kept(line) - width)
        for line, width in zip(lines, widths, strict=True)
        if line.ending == "open"
        and _RUNNING.search(line.text)
        and -_FALLS_SHORT <= line.width + _kept(line) - width <= _OVERFLOWS
    ]
    if len(full) < _ENOUGH_LINES:
        return lines
    count, over = (sum(column) / len(full) for column in zip(*full, strict=True))
    spread = sum((marks - count) ** 2 for marks, _ in full)
    if sum((marks - count) * (more - over) for marks, more in full) < _NARROWER * spread or not spread:
        return lines
    return [replace(line, width=line.width - _MARK_SAVES * _marks(line.text)) for line in lines]


def _marks(text: str) -> int:
    return sum(char in _SET_NARROW for char in text)


def _stands_alone(line: Line, median: float) -> int:
    """Whether a line looks like a headline or a byline: no clauses, an open end, an unusual width."""
    usual = 0.75 * median < line.width < 1.5 * median
    return int(line.ending in ("open", "quote") and not usual and not _RUNNING.search(line.text))


def _kept(line: Line) -> float:
    return line.indent if 1.5 <= line.indent <= 2.5 else 0.0


def _mode(weighted: list[tuple[float, float]]) -> float:
    """The width with most weight in [-1, +0.5] around it: lines fall short oftener than they overflow.

    In wide columns half of the running lines are first lines, which a cut-off indent leaves two cells
    short; so a width two cells above the heaviest wins if it has nearly half of its weight.
    """
    heaps: dict[float, float] = defaultdict(float)
    for width, share in weighted:
        heaps[width] += share
    weight_of = {
        width: sum(share for w, share in heaps.items() if -1.0 <= w - width <= 0.5) for width in heaps
    }
    best = max(weight_of, key=lambda width: (weight_of[width], width), default=0.0)
    above = [w for w in weight_of if 1.5 <= w - best <= 2.5 and weight_of[w] >= 0.4 * weight_of[best]]
    return max(above, key=lambda width: weight_of[width], default=best)


def habits(lines: list[Line], widths: list[float]) -> Habits:
    """Measure the page's habits over all its lines."""
    wrapped = _is_wrapped(lines, widths)
    ends = [
        i
        for i in range(len(lines) - 1)
        if lines[i].ending == "sentence" and (not wrapped or lines[i].width < widths[i] - 2.5)
    ]
    with_gap = sum(lines[i + 1].gap for i in ends)
    indented = sum(lines[i + 1].indent >= 1.5 for i in ends)
    inside = sum(line.indent >= 1.5 for line in lines) - indented
    gaps = sum(line.gap for line in lines)
    blanks: Literal["paragraphs", "columns", "none"] = "none"
    if gaps:
        blanks = "paragraphs" if with_gap > 0.5 * len(ends) else "columns"
    indent: Literal["kept", "stripped", "none"] = "none"
    if ends and indented > 0.4 * len(ends) and inside <= 0.5 * len(lines):
        indent = "kept"
    elif wrapped and ends:
        firsts = [
            widths[i + 1] - lines[i + 1].width for i in ends if lines[i + 1].ending in ("open", "comma")
        ]
        if sum(1.2 <= short <= 3.2 for short in firsts) > 0.5 * len(firsts):
            indent = "stripped"
    return Habits(wrapped, blanks, indent)


def _is_wrapped(lines: list[Line], widths: list[float]) -> bool:
    """Whether lines are broken at a column: running text ends openly, at like widths, and not very wide."""
    at = [
        i for i, line in enumerate(lines) if not (marks.is_furniture(line.text) or marks.is_byline(line.text))
    ]
    lines, widths = [lines[i] for i in at], [widths[i] for i in at]
    total = sum(line.width for line in lines)
    wide = sum(line.width for line in lines if line.width > _UNWRAPPED_CELLS)
    if wide > 0.4 * total:
        return False
    running = [line for line in lines[:-1] if _RUNNING.search(line.text)]
    opened = sum(not line.ends_sentence for line in running)
    if not opened or opened < 0.3 * len(running):
        return False
    open_lines = [i for i in range(len(lines) - 1) if not lines[i].ends_sentence]
    full = sum(abs(lines[i].width + _kept(lines[i]) - widths[i]) <= 2.5 for i in open_lines)
    # On a few lines the widths say nothing yet: a headline and a byline are as many as the full lines.
    return len(open_lines) < 8 or full >= 0.5 * len(open_lines)
