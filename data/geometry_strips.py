"""Stretches of columns, and articles as they are put together from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from banmian.data import marks
from banmian.data.geometry import Box, around, overlap
from banmian.data.geometry_kinds import Head, Plan
from banmian.data.geometry_stacks import Row, Stack
from banmian.data.lines import ending_of

#: The least share of indented lines on a page that indents its paragraphs, among lines that could be: columns
#: may begin inside a paragraph. It is above .55 on pages with indents and under .05 on others.
_HABIT = 0.3


@dataclass(slots=True, eq=False)
class Strip:
    """A stack of text as a stretch of a column, with the column's edges and its neighbours.

    ``page`` is its sheet's number, counted from 1, and ``body`` the type size of that sheet's text.
    """

    stack: Stack
    left: float
    right: float
    page: int
    body: float
    above: Strip | None = None
    head: Head | None = None
    ruled: bool = False
    """Whether a rule parts it from what stands above it."""

    @property
    def box(self) -> Box:
        """The stack's box."""
        return self.stack.box

    def indent(self, row: Row) -> float:
        """Ems of white between the column's left edge and the row."""
        return (row.box[0] - self.left) / (row.size or 1.0)

    def room(self, row: Row) -> float:
        """Ems of white between the row and the column's right edge."""
        return (self.right - row.box[2]) / (row.size or 1.0)


@dataclass(slots=True, eq=False)
class Draft:
    """An article: its headline (None for one without), and its strips in reading order."""

    head: Head | None
    strips: list[Strip] = field(default_factory=list)
    bylines: list[Stack] = field(default_factory=list)
    captions: list[Stack] = field(default_factory=list)

    @property
    def stacks(self) -> list[Stack]:
        """Everything that is the article's but its headline."""
        return [*(strip.stack for strip in self.strips), *self.bylines, *self.captions]

    @property
    def box(self) -> Box:
        """Around everything that is the article's."""
        boxes = [stack.box for stack in self.stacks]
        return around([*boxes, self.head.box] if self.head else boxes)

    @property
    def frame(self) -> int:
        """The number of the frame it stands in."""
        if self.head:
            return self.head.frame
        return next((stack.frame for stack in self.stacks), -1)


def strips_of(plan: Plan, page: int) -> list[Strip]:
    """Every text stack with its column's edges; a short one takes them from longer ones above or below."""
    strips = [Strip(stack, *_edges(stack), page, plan.body) for stack in plan.texts]
    long = [strip for strip in strips if len(strip.stack.rows) >= 4]
    for strip in strips:
        like = (
            [other for other in long if _column_of(other, strip, strips)] if len(strip.stack.rows) < 4 else []
        )
        if like:
            near = min(
                like, key=lambda other: -overlap(strip.box[1], strip.box[3], other.box[1], other.box[3])
            )
            strip.left, strip.right = near.left, max(near.right, strip.right)
    return strips


def _column_of(other: Strip, strip: Strip, strips: list[Strip]) -> bool:
    """Whether a short strip may stand in the column of a longer one, with nothing else beside it there."""
    box, size = strip.box, strip.body
    signed = abs(other.right - box[2]) < 1.2 * size  # a signature stands at the column's right edge
    return (
        other.stack.frame == strip.stack.frame
        and -1.0 * size <= box[0] - other.left
        and (signed or box[0] - other.left <= 3.2 * size)
        and box[2] <= other.right + 1.2 * size
        and overlap(box[0], box[2], other.left, other.right) > 0.7 * (box[2] - box[0])
        and not any(
            box[2] - size < one.box[0] < other.right - size
            and overlap(one.box[1], one.box[3], box[1], box[3]) > 0
            for one in strips
        )
    )


def _edges(stack: Stack) -> tuple[float, float]:
    """A column's edges: rows that reach furthest, one in eight left out as hanging or misread."""
    lefts = sorted(row.box[0] for row in stack.rows)
    rights = sorted((row.box[2] for row in stack.rows), reverse=True)
    skip = len(stack.rows) // 8
    return lefts[skip], rights[skip]


def habit_of_indents(strips: list[Strip]) -> bool:
    """Whether paragraphs' first lines are indented: what follows a line that ends short tells.

    A column's first full line counts too, indented or not: where gaps part paragraphs, each is a strip of its
    own, and hardly a line follows a short one.
    """
    after = [
        strip.indent(below)
        for strip in strips
        for above, below in pairwise(strip.stack.rows)
        if strip.room(above) > 2.0 and ending_of(above.text) == "sentence" and strip.room(below) < 2.0
    ]
    after += [
        strip.indent(strip.stack.rows[0])
        for strip in strips
        if len(strip.stack.rows) >= 3 and strip.room(strip.stack.rows[0]) < 2.0
    ]
    return bool(after) and sum(1.2 <= indent <= 3.4 for indent in after) > _HABIT * len(after)


def goes_on(above: Strip, below: Strip, indents: bool) -> float:
    """How well ``below`` reads on from ``above``: by the last line's end and the first line's indent."""
    last, rows = above.stack.rows[-1], below.stack.rows
    # A byline stands over the first column under a headline, wherever the text begins.
    first = next((row for row in rows if not (marks.is_byline(row.text) or marks.is_name(row.text))), rows[0])
    ended = ending_of(last.text) in ("sentence", "half")
    short = above.room(last) > 2.0
    lead = bool(marks.LEAD.match(first.text))
    if marks.SIGNED_DATE.match(last.text):
        return -3.0
    if len(rows) <= 4 and marks.SIGNED_DATE.match(rows[-1].text):  # a signature over the column's end
        return 1.0
    if not indents:
        return -2.0 if lead else 1.5 if not ended and not short else 0.0
    indented = below.indent(first) >= 1.2
    if ended or short:
        score = (1.0 if short else 0.5) if indented else (-3.0 if short else 0.0)
    else:
        score = -3.0 if indented else 3.0
    return score - (2.0 if lead else 0.0)
