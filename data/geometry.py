"""What a page shows before it is read: characters with their boxes, rules, frames and pictures.

One form for a born-digital PDF and for a recognised scan, so that the same geometry reads both. Lengths are
in one unit a sheet (points or pixels), the origin is the sheet's top left corner, y grows downwards.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A printed character: its em box (one cell high, as wide as it is set), type size and weight.

    A blank that the file holds is a glyph too; it tells a gap in a headline from the gap between columns.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool = False


@dataclass(slots=True, eq=False)
class Run:
    """Characters set one after another on a line; in a vertical run, one below another.

    ``score`` is the recognition's confidence for a scanned run, None for print that was never recognised.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool = False
    vertical: bool = False
    score: float | None = None

    @property
    def middle(self) -> float:
        """The height of the run's middle."""
        return (self.top + self.bottom) / 2

    @property
    def width(self) -> float:
        """From the left edge to the right one."""
        return self.right - self.left

    @property
    def box(self) -> Box:
        """Left, top, right, bottom."""
        return self.left, self.top, self.right, self.bottom


@dataclass(slots=True, eq=False)
class Sheet:
    """One side of paper: its size, its runs in no order, and what is drawn on it.

    ``rules`` are straight lines as thin boxes, ``frames`` rectangles that may hold text, ``pictures``
    photographs and filled areas. ``coarse`` says that sizes and edges are those of recognised lines,
    which are right to about a tenth of a character. ``turned`` is the angle in radians by which a scanned
    page lay turned, positive if its lines fall to the right; all boxes are those of the page straightened.
    """

    width: float
    height: float
    runs: list[Run] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    frames: list[Box] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    coarse: bool = False
    turned: float = 0.0

    @property
    def across(self) -> list[Box]:
        """The rules that lie."""
        return [rule for rule in self.rules if rule[2] - rule[0] > rule[3] - rule[1]]

    @property
    def upright(self) -> list[Box]:
        """The rules that stand."""
        return [rule for rule in self.rules if rule[3] - rule[1] > rule[2] - rule[0]]

    def shares(self, box: Box) -> Box:
        """Where ``box`` is on the paper as it lay: shares of its sides, to four places, kept inside it."""
        left, top, right, bottom = self._as_it_lay(box)
        return (
            _share(left, self.width),
            _share(top, self.height),
            _share(right, self.width),
            _share(bottom, self.height),
        )

    def _as_it_lay(self, box: Box) -> Box:
        """The box around ``box`` turned about the sheet's middle as the paper was."""
        if not self.turned:
            return box
        sine, cosine = math.sin(self.turned), math.cos(self.turned)
        x, y = (box[0] + box[2] - self.width) / 2, (box[1] + box[3] - self.height) / 2
        middle = (x * cosine - y * sine + self.width / 2, x * sine + y * cosine + self.height / 2)
        wide, high = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
        across, down = wide * cosine + high * abs(sine), wide * abs(sine) + high * cosine
        return middle[0] - across, middle[1] - down, middle[0] + across, middle[1] + down


def _share(length: float, whole: float) -> float:
    return round(min(1.0, max(0.0, length / whole)), 4) if whole else 0.0


def overlap(low: float, high: float, other_low: float, other_high: float) -> float:
    """The length that two stretches share; negative is the gap between them."""
    return min(high, other_high) - max(low, other_low)


def around(boxes: list[Box]) -> Box:
    """The smallest box around ``boxes``, at least one."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def inside(box: Box, outer: Box, slack: float = 0.0) -> bool:
    """Whether the middle of ``box`` lies in ``outer``, ``slack`` beyond its edges allowed."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer[0] - slack <= x <= outer[2] + slack and outer[1] - slack <= y <= outer[3] + slack
