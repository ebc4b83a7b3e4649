"""Columns as the text that stands in them: how one ends, how one begins, and whether one reads on."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from banmian.data import marks
from banmian.data.geometry import Box, around
from banmian.data.geometry_kinds import Head
from banmian.data.geometry_strips import Strip
from banmian.data.lexicon import lexicon
from banmian.data.lines import ending_of
from banmian.data.text import squeeze

#: How many characters on each side of a break are searched for quotation marks.
_QUOTED = 120
#: Characters that seldom begin a text.
_NEVER_FIRST = frozenset("的了和与及也并而但则就都、，。；：）”》")
_LATER_CLAUSE = re.compile(
    r"[二三四五六七八九]、|第[二三四五六七八九]条|[（(][二三四五六七八九2-9][）)]|[2-9][.．、](?!\d)"
)
_OPENING, _CLOSING = "“《（「『", "”》）」』"

End = Literal["open", "open short", "full", "short", "signed"]
Beginning = Literal["plain", "indented", "byline", "lead", "clause", "signature"]


@dataclass(eq=False)
class Chain:
    """Strips that are read one after another down one column; ``above`` is the headline over the first."""

    strips: list[Strip]
    number: int = 0

    @cached_property
    def box(self) -> Box:
        """Around all of it."""
        return around([strip.box for strip in self.strips])

    @cached_property
    def text(self) -> str:
        """All its rows, a line each."""
        return "\n".join(strip.stack.text for strip in self.strips)

    @property
    def head(self) -> Head | None:
        """The headline in whose territory it stands."""
        return self.strips[0].head

    @property
    def left(self) -> float:
        """The left edge of its column."""
        return self.strips[0].left

    @property
    def right(self) -> float:
        """The right edge of its column at its end."""
        return self.strips[-1].right

    @property
    def size(self) -> float:
        """The type size of its first strip."""
        return self.strips[0].stack.size

    @property
    def frame(self) -> int:
        """The number of the frame it stands in, -1 for none."""
        return self.strips[0].stack.frame

    @property
    def place(self) -> tuple[float, float]:
        """Its place in the order of columns: from the left, then from above."""
        return self.left, self.box[1]

    @cached_property
    def end(self) -> End:
        """How it ends: in a sentence or after one, on a full or a short line, or with a signature's date."""
        strip = self.strips[-1]
        row = strip.stack.rows[-1]
        if marks.SIGNED_DATE.match(row.text):
            return "signed"
        ended = ending_of(row.text) in ("sentence", "half")
        if strip.room(row) > 1.7:
            return "short" if ended else "open short"
        return "full" if ended else "open"

    def begins(self, indents: bool) -> Beginning:
        """How it begins: a byline, a dispatch's first words, an indent if the page has them, or neither."""
        rows = self.strips[0].stack.rows
        if marks.is_byline(rows[0].text) or marks.is_name(rows[0].text):
            return "byline"
        if marks.LEAD.match(rows[0].text):
            return "lead"
        if len(rows) <= 4 and len(self.strips) == 1 and marks.SIGNED_DATE.match(rows[-1].text):
            return "signature"
        if _LATER_CLAUSE.match(rows[0].text):
            return "clause"
        return "indented" if indents and self.strips[0].indent(rows[0]) >= 1.2 else "plain"


@dataclass(frozen=True)
class Group:
    """An article as far as it is put together: its headline and the numbers of its chains in order."""

    head: Head | None
    chains: tuple[int, ...] = ()


def read_across(above: Chain, below: Chain, page: str, indents: bool) -> dict[str, float]:
    """Signs in the words on both sides of a break; ``page`` is all of the sheet's text without blanks."""
    habit = "indents" if indents else "none"
    found = {f"{habit}:{above.end}/{below.begins(indents)}": 1.0, **_quoted(above.text, below.text)}
    last, first = squeeze(above.text[-8:]), squeeze(below.text[:8])
    if above.end == "open" and last and first:
        found |= _joined(last, first, page)
    return found


def read_first(chain: Chain) -> dict[str, float]:
    """Signs in a chain's first words that text stands before them."""
    first = squeeze(chain.text[:4])[:1]
    return {**_quoted("", chain.text), "starts:mark": float(first in _NEVER_FIRST)}


def _joined(last: str, first: str, page: str) -> dict[str, float]:
    """Whether the characters on both sides of a break make a word, by the page and by the word list."""
    pair = last[-1] + first[0]
    if not all("\u3400" <= char <= "\u9fff" for char in pair):
        return {}
    parts = [(before, after) for before in (1, 2, 3) for after in (1, 2, 3) if before + after <= 4]
    word = any(last[-before:] + first[:after] in lexicon() for before, after in parts)
    return {"joined:seen": min(2.0, math.log1p(page.count(pair))), "joined:word": float(word)}


def _quoted(before: str, after: str) -> dict[str, float]:
    """Whether a quotation or bracket open at a break closes after it, and one that closes there was open."""
    unclosed = 0
    for char in before[-_QUOTED:]:
        if char in _OPENING:
            unclosed += 1
        elif char in _CLOSING:
            unclosed = max(0, unclosed - 1)
    first = next((char for char in after[:_QUOTED] if char in _OPENING + _CLOSING), "")
    closes = bool(first) and first in _CLOSING
    if unclosed and first:
        return {"quoted:closed" if closes else "quoted:left open": 1.0}
    return {"quoted:never open": 1.0} if closes else {}
