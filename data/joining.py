"""Which lines of a page belong to one paragraph: the signs for and against a break between two, added up.

The signs are named ``what:how/under what habit``; banmian.data.weights says what each weighs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from banmian.data import marks
from banmian.data.lines import Habits, Line, as_set, column_widths, first_token_cells, habits, split_lines
from banmian.data.weights import JOINING

#: Log odds from which on a break, or its absence, is settled; below, what the pieces are decides.
SURE = 4.5
#: Log odds of what a line's words decide alone: a byline begins anew, a Latin word goes on.
CERTAIN = 99.0
_SINCE = (2, 3, 5, 9, 14)
_SPARE = (0.0, 1.5, 3.0, 5.0)
_FITS = (-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0)
#: How full a line is, by the cells that were to spare after the word that now begins the next line.
_FILLS = (("full", 0.0), ("near", 1.0), ("short", 2.5), ("far", 5.0))


@dataclass(frozen=True)
class Gap:
    """The decision between two neighbouring lines: ``breaks``, its log odds, and the signs that gave them."""

    breaks: bool
    odds: float
    signs: tuple[str, ...]

    @property
    def sure(self) -> bool:
        """Whether the signs settle it; of 10,000 gaps on development pages one such was wrong."""
        return abs(self.odds) >= SURE


@dataclass(frozen=True)
class Page:
    """A page's lines with what they show together.

    ``widths`` are the column's cells a line; ``pairs`` counts each pair of neighbouring characters
    within lines: a word broken at a line's end usually stands unbroken elsewhere on the page.
    """

    lines: tuple[Line, ...]
    widths: tuple[float, ...]
    habits: Habits
    pairs: Mapping[str, int]

    @classmethod
    def of(cls, text: str) -> Page:
        """Measure a page."""
        lines = split_lines(text)
        widths = column_widths(lines)
        measured = as_set(lines, widths)
        if measured is not lines:
            lines, widths = measured, column_widths(measured)
        pairs = Counter(line.text[i : i + 2] for line in lines for i in range(len(line.text) - 1))
        return cls(tuple(lines), tuple(widths), habits(lines, widths), pairs)


def signs(page: Page, at: int, *, since: int) -> list[str]:
    """The signs of a break after line ``at``, the ``since``-th line of its paragraph, counted from 1."""
    first = since == 1
    above, below, width = page.lines[at], page.lines[at + 1], page.widths[at]
    room = width - above.width - (above.indent if page.habits.indent == "kept" and above.indent >= 1.5 else 0)
    if first and page.habits.indent == "stripped":
        room -= 2
    spare = room - first_token_cells(below.text)
    over = room + _narrowed(above.text) < -2.5
    fill = "over" if over else next((name for name, most in _FILLS if spare < most), "half")
    end = "end" if above.ends_sentence else "run"
    found = [
        f"end:{above.ending}/{fill}" + ("/first" if first and above.ending in ("open", "quote") else ""),
        f"gap:{'blank' if below.gap else 'none'}/{page.habits.blanks}/{end}",
        f"indent:{page.habits.indent}/" + ("in" if below.indent >= 1.5 else "out"),
        f"{_shape(page, at + 1)}/{end}",
        f"since:{bisect_right(_SINCE, since)}/{end}",
        f"spare:{bisect_right(_SPARE, spare)}/{end}/{_sureness(page, at)}",
        f"fits:{bisect_right(_FITS, spare)}/{end}/{'first' if first else 'later'}",
    ]
    if above.ends_sentence and fill != "half":
        found += [f"begins:{below.text[:count]}" for count in (1, 2)] + [f"closes:{above.text[-1]}"]
    if below.text[0] in "，。、；：！？”’）》」』)":
        found.append("below:closes")
    if marks.CLAUSE.match(below.text) or marks.ASKED.match(below.text):
        found.append(f"below:clause/{above.ending}")
    elif below.text[0] in "的了着们地得等者性化" or below.text[1:2] in ("，", "。", "、", "；", "）", "”"):
        found.append("below:tail")
    if marks.LEAD.match(below.text):
        found.append("below:lead")
    if any(above.text.count(left) > above.text.count(right) for left, right in ("“”", "（）", "《》", "‘’")):
        found.append("above:unclosed/" + end)
    if first and marks.LEAD.match(above.text):
        found.append("above:lead")
    if above.ending in ("open", "quote"):
        found += _run_on(page, at, fill, first=first)
    return found


def _run_on(page: Page, at: int, fill: str, *, first: bool) -> list[str]:
    """The signs of a line that ends without a mark: a headline's, or one inside a sentence."""
    above, below = page.lines[at], page.lines[at + 1]
    found = []
    if first:
        found.append(_opening(page, at) + ("/full" if fill in ("full", "near") else ""))
    if first and marks.SPACED.search(above.text) and not marks.LEAD.match(above.text):
        found.append("above:spaced")
    times = page.pairs.get(above.text[-1] + below.text[0], 0)
    return [*found, f"across:{min(times, 3)}/{above.ending}"]


def _sureness(page: Page, at: int) -> int:
    """How sure the column's width is: how many of four lines around fill it."""
    around = [i for i in (at - 2, at - 1, at + 1, at + 2) if 0 <= i < len(page.lines)]
    return min(3, sum(abs(page.widths[i] - page.lines[i].width) <= 1.2 for i in around))


def _opening(page: Page, at: int) -> str:
    """Whether a first line reads like running text (clauses in it), and what stood above it."""
    text = page.lines[at].text
    inside = (
        "stops"
        if re.search(r"[。！？；]|(?<=[\u3400-\u9fff])[.!?;]", text)
        else "clauses"
        if re.search(r"[，、：]|(?<=[\u3400-\u9fff])[,:]|[A-Za-z]+(?: [A-Za-z]+){3}", text)
        else "bare"
    )
    if at == 0:
        return f"opening:{inside}/start"
    before = page.lines[at - 1]
    return f"opening:{inside}/" + (
        "byline" if marks.is_byline(before.text) else "end" if before.ends_sentence else "run"
    )


def _narrowed(text: str) -> float:
    """Cells that a line of ``text`` may save by setting its marks narrow."""
    return 0.5 * sum(char in "，。、；：！？“”‘’（）《》【】" for char in text)


def _shape(page: Page, at: int) -> str:
    """What a line's width says of it: a first line short by the indent, a line on its own, a full one."""
    line, width = page.lines[at], page.widths[at]
    after = page.lines[at + 1] if at + 1 < len(page.lines) else None
    short = width - line.width
    # A column may break after a paragraph's first line; a headline's line seldom has a comma.
    goes_on = after is not None and (not after.gap or "，" in line.text)
    runs_on = goes_on and line.ending in ("open", "comma", "quote")
    if short + _narrowed(line.text) < -2.5:
        return f"shape:over/{line.ending}"
    if runs_on and line.indent < 1.5 and 1.2 < short <= 3.8:
        return f"shape:first/{page.habits.indent}"
    if short <= 1.2:
        return f"shape:full/{page.habits.indent}"
    return f"shape:short/{'end' if line.ends_sentence else 'run'}"


def judge(found: list[str], weights: Mapping[str, float] = JOINING) -> Gap:
    """Add up the signs."""
    odds = weights.get("bias", 0.0) + sum(weights.get(sign, 0.0) for sign in found)
    return Gap(odds > 0, odds, tuple(found))
