"""Which lines of a page belong to one paragraph: evidence for and against a break between two lines, added up.

Each table below gives the weight of one kind of sign in natural-log odds, positive for a break. They were
fitted by logistic regression on written issues 11–30 printed in 66 layouts and are used as they stand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from banmian.data import marks
from banmian.data.lines import Habits, Line, column_widths, first_token_cells, habits, split_lines

WEIGHTS: Mapping[str, float] = {
    "bias": 1.24,
    "above:spaced": 1.86,
    "above:unclosed/end": -1.03,
    "above:unclosed/run": -3.55,
    "across:0/open": 2.81,
    "across:0/quote": 1.46,
    "across:1/open": -0.57,
    "across:1/quote": 0.47,
    "across:2/open": 0.44,
    "across:2/quote": -0.03,
    "across:3/open": -3.16,
    "across:3/quote": -0.02,
    "below:clause/half": 3.96,
    "below:clause/open": -0.07,
    "below:clause/sentence": 5.01,
    "below:lead": 1.65,
    "below:tail": -2.35,
    "end:comma/full": -4.19,
    "end:comma/near": -2.35,
    "end:comma/short": -0.24,
    "end:half/far": 0.93,
    "end:half/full": -4.92,
    "end:half/half": 2.54,
    "end:half/near": -3.23,
    "end:half/over": -0.04,
    "end:half/short": -0.37,
    "end:open/far": 1.19,
    "end:open/far/first": 2.05,
    "end:open/full": -5.63,
    "end:open/full/first": -2.44,
    "end:open/half": 4.24,
    "end:open/half/first": 5.31,
    "end:open/near": -5.76,
    "end:open/near/first": -2.73,
    "end:open/over": -0.06,
    "end:open/over/first": 5.34,
    "end:open/short": -1.75,
    "end:open/short/first": -0.24,
    "end:quote/far/first": 0.52,
    "end:quote/full": -1.65,
    "end:quote/full/first": -0.99,
    "end:quote/half/first": 2.84,
    "end:quote/near": -0.38,
    "end:quote/near/first": 0.25,
    "end:quote/over/first": 1.2,
    "end:quote/short/first": 0.1,
    "end:sentence/far": 5.01,
    "end:sentence/full": -1.8,
    "end:sentence/half": 6.76,
    "end:sentence/near": -0.71,
    "end:sentence/over": 0.26,
    "end:sentence/short": 2.1,
    "gap:blank/columns/end": 2.06,
    "gap:blank/columns/run": 0.18,
    "gap:blank/paragraphs/end": 4.21,
    "gap:blank/paragraphs/run": 0.9,
    "gap:none/columns/end": 0.73,
    "gap:none/columns/run": -2.21,
    "gap:none/none/end": 0.73,
    "gap:none/none/run": -2.17,
    "gap:none/paragraphs/end": -1.2,
    "gap:none/paragraphs/run": -2.06,
    "indent:kept/in": 4.1,
    "indent:kept/out": -1.26,
    "indent:none/out": -1.01,
    "indent:stripped/out": -0.66,
    "opening:bare/byline": 0.89,
    "opening:bare/end": 2.7,
    "opening:bare/run": 3.67,
    "opening:bare/start": 5.6,
    "opening:clauses/byline": -1.17,
    "opening:clauses/end": -1.11,
    "opening:clauses/run": 2.25,
    "opening:clauses/start": 1.1,
    "opening:stops/byline": -0.76,
    "opening:stops/end": -2.33,
    "opening:stops/run": 0.4,
    "opening:stops/start": -0.05,
    "shape:first/kept/end": 0.26,
    "shape:first/kept/run": 0.13,
    "shape:first/none/end": 1.74,
    "shape:first/none/run": -0.91,
    "shape:first/stripped/end": 3.56,
    "shape:first/stripped/run": 0.83,
    "shape:full/kept/end": -1.81,
    "shape:full/kept/run": -2.32,
    "shape:full/none/end": 0.53,
    "shape:full/none/run": -2.4,
    "shape:full/stripped/end": -1.39,
    "shape:full/stripped/run": -2.62,
    "shape:over/half/run": -0.02,
    "shape:over/open/end": 2.1,
    "shape:over/open/run": 4.35,
    "shape:over/quote/end": 0.02,
    "shape:over/quote/run": 0.4,
    "shape:over/sentence/end": 0.05,
    "shape:short/end/end": -0.45,
    "shape:short/end/run": -4.59,
    "shape:short/run/end": 1.92,
    "shape:short/run/run": 1.79,
}


#: How full a line is, by the cells that were to spare after the word that now begins the next line.
_FILLS = (("full", 0.0), ("near", 1.0), ("short", 2.5), ("far", 5.0))


@dataclass(frozen=True)
class Gap:
    """The decision between two neighbouring lines: ``breaks``, its log odds, and the signs that gave them."""

    breaks: bool
    odds: float
    signs: tuple[str, ...]


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
        pairs = Counter(line.text[i : i + 2] for line in lines for i in range(len(line.text) - 1))
        return cls(tuple(lines), tuple(widths), habits(lines, widths), pairs)


def signs(page: Page, at: int, *, first: bool) -> list[str]:
    """The signs of a break between lines ``at`` and ``at + 1``; ``first``: line ``at`` begins its paragraph."""
    above, below, width = page.lines[at], page.lines[at + 1], page.widths[at]
    room = width - above.width - (above.indent if page.habits.indent == "kept" and above.indent >= 1.5 else 0)
    if first and page.habits.indent == "stripped":
        room -= 2
    spare = room - first_token_cells(below.text)
    over = room + _narrowed(above.text) < -2.5
    fill = "over" if over else next((name for name, most in _FILLS if spare < most), "half")
    found = [
        f"end:{above.ending}/{fill}" + ("/first" if first and above.ending in ("open", "quote") else ""),
        f"gap:{'blank' if below.gap else 'none'}/{page.habits.blanks}/{'end' if above.ends_sentence else 'run'}",
        f"indent:{page.habits.indent}/" + ("in" if below.indent >= 1.5 else "out"),
        _shape(page, at + 1) + ("/end" if above.ends_sentence else "/run"),
    ]
    if below.text[0] in "，。、；：！？”’）》」』)":
        found.append("below:closes")
    elif below.text[0] in "的了着着们地得等者性化" or below.text[1:2] in ("，", "。", "、", "；", "）", "”"):
        found.append("below:tail")
    if marks.CLAUSE.match(below.text) or marks.ASKED.match(below.text):
        found.append(f"below:clause/{above.ending}")
    if marks.LEAD.match(below.text):
        found.append("below:lead")
    if any(above.text.count(left) > above.text.count(right) for left, right in ("“”", "（）", "《》", "‘’")):
        found.append("above:unclosed/" + ("end" if above.ends_sentence else "run"))
    if above.ending in ("open", "quote"):
        if first:
            found.append(_opening(page, at))
        if first and marks.SPACED.search(above.text) and not marks.LEAD.match(above.text):
            found.append("above:spaced")
        times = page.pairs.get(above.text[-1] + below.text[0], 0)
        found.append(f"across:{min(times, 3)}/{above.ending}")
    return found


def _opening(page: Page, at: int) -> str:
    """Whether a first line reads like running text (clauses in it), and what stood above it."""
    text = page.lines[at].text
    inside = (
        "stops" if re.search("[。！？；]", text) else "clauses" if re.search("[，、：]", text) else "bare"
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
    """What the lower line's own width says: a first line short by the indent, a line on its own, a full one."""
    line, width = page.lines[at], page.widths[at]
    after = page.lines[at + 1] if at + 1 < len(page.lines) else None
    short = width - line.width
    runs_on = after is not None and not after.gap and line.ending in ("open", "comma", "quote")
    if short + _narrowed(line.text) < -2.5:
        return f"shape:over/{line.ending}"
    if runs_on and line.indent < 1.5 and 1.2 < short <= 3.6:
        return f"shape:first/{page.habits.indent}"
    if short <= 1.2:
        return f"shape:full/{page.habits.indent}"
    return f"shape:short/{'end' if line.ends_sentence else 'run'}"


def judge(found: list[str]) -> Gap:
    """Add up the signs."""
    odds = WEIGHTS.get("bias", 0.0) + sum(WEIGHTS.get(sign, 0.0) for sign in found)
    return Gap(odds > 0, odds, tuple(found))
