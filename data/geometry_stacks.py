"""From runs to stacks: lines of one type size, one below another, in one column."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from banmian.data.errors import BanmianError
from banmian.data.geometry import Box, Run, Sheet, around, inside, overlap

#: Most ems of white between two lines of one stack: wide leading, or half a line between paragraphs.
_LEADING = 1.55
#: The most stacks on a page; a page of small advertisements has about 400.
MAX_STACKS = 1_500


@dataclass(slots=True, eq=False)
class Row:
    """One line of a stack: its runs from left to right."""

    runs: list[Run]

    @property
    def box(self) -> Box:
        """Around all its runs."""
        return around([run.box for run in self.runs])

    @property
    def text(self) -> str:
        """The runs' texts, a blank between."""
        return " ".join(run.text for run in self.runs)

    @property
    def size(self) -> float:
        """The type size of the longest run."""
        return max(self.runs, key=lambda run: len(run.text)).size

    @property
    def bold(self) -> bool:
        """Whether all of it is set heavy."""
        return all(run.bold for run in self.runs)


@dataclass(slots=True, eq=False)
class Stack:
    """Lines of one size in one column.

    ``frame`` is the number of the frame that holds it, -1 for none; ``size`` the median type size of its
    rows. ``box`` and ``size`` are those of the last :meth:`measure`.
    """

    rows: list[Row] = field(default_factory=list)
    frame: int = -1
    box: Box = (0.0, 0.0, 0.0, 0.0)
    vertical: bool = False
    size: float = 0.0

    @property
    def text(self) -> str:
        """All rows, one a line."""
        return "\n".join(row.text for row in self.rows)

    @property
    def characters(self) -> int:
        """How many characters it holds, blanks included."""
        return sum(len(row.text) for row in self.rows)

    def measure(self) -> None:
        """Bring ``box`` and ``size`` up to date."""
        self.box = around([row.box for row in self.rows])
        sizes = sorted(row.size for row in self.rows)
        self.size = sizes[len(sizes) // 2]


def body_size(runs: Sequence[Run]) -> float:
    """The type size that most characters are set in, sizes within a twelfth taken as one."""
    heaps: dict[int, list[float]] = {}
    for run in runs:
        if not run.vertical and run.size > 0:
            heap = heaps.setdefault(round(math.log(run.size) * 24), [0.0, 0.0])
            heap[0] += len(run.text)
            heap[1] += len(run.text) * run.size
    if not heaps:
        return 10.0
    near = {key: sum(heaps.get(key + step, [0.0])[0] for step in (-1, 0, 1)) for key in heaps}
    best = max(near, key=lambda key: near[key])
    parts = [heaps[key] for key in (best - 1, best, best + 1) if key in heaps]
    return sum(part[1] for part in parts) / sum(part[0] for part in parts)


def frames_of(sheet: Sheet) -> list[Box]:
    """The frames that hold text of their own, without doubles, small ones first."""
    found: list[Box] = []
    for frame in sorted(sheet.frames, key=_area):
        held = sum(len(run.text) for run in sheet.runs if inside(run.box, frame))
        cut = any(_cuts(frame, run) for run in sheet.runs)
        same = any(max(abs(a - b) for a, b in zip(frame, other, strict=True)) < 8 for other in found)
        if held >= 12 and not cut and not same and _area(frame) < 0.6 * sheet.width * sheet.height:
            found.append(frame)
    return found


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _cuts(frame: Box, run: Run) -> bool:
    """Whether a run lies across the frame's left or right edge: then it is no frame of text."""
    high = frame[1] <= run.middle <= frame[3]
    return high and any(run.left + run.size < edge < run.right - run.size for edge in (frame[0], frame[2]))


def stacks_of(sheet: Sheet, frames: Sequence[Box]) -> list[Stack]:
    """Put every run of the sheet into exactly one stack.

    Raises:
        BanmianError: more than MAX_STACKS; no newspaper page is so scattered, and each is held against each.
    """
    growing = _Growing(sheet, frames)
    for run in sorted((run for run in sheet.runs if not run.vertical), key=lambda run: (run.top, run.left)):
        growing.add(run)
    for stack in growing.stacks:
        stack.measure()
    if len(growing.stacks) > MAX_STACKS:
        raise BanmianError(
            f"at most {MAX_STACKS:,} columns of text on a page",
            f"{len(growing.stacks):,}",
            remedy="Paste its text, or send the page in parts.",
        )
    stacks = [_upright(stack) for stack in _absorbed(growing.stacks, sheet.coarse)]
    for run in sheet.runs:
        if run.vertical:
            stack = Stack([Row([run])], growing.frame(run), vertical=True)
            stack.measure()
            stacks.append(stack)
    return stacks


class _Growing:
    """Stacks while runs are added from the top of the sheet downwards."""

    def __init__(self, sheet: Sheet, frames: Sequence[Box]) -> None:
        self.stacks: list[Stack] = []
        self._open: list[Stack] = []
        self._frames = frames
        self._coarse = sheet.coarse
        self._level = sorted(sheet.runs, key=lambda run: run.middle)
        self._middles = [run.middle for run in self._level]
        self._across = sheet.across

    def frame(self, run: Run) -> int:
        """The smallest frame around the run."""
        return next((i for i, frame in enumerate(self._frames) if inside(run.box, frame)), -1)

    def add(self, run: Run) -> None:
        """Put a run where it belongs; runs come by their tops."""
        frame = self.frame(run)
        best, most = None, -math.inf
        self._open = [stack for stack in self._open if run.top - stack.box[3] <= 2.1 * stack.rows[-1].size]
        for stack in self._open:
            if stack.frame == frame and self._fits(stack, run):
                near = overlap(stack.box[0], stack.box[2], run.left, run.right) - abs(run.left - stack.box[0])
                if near > most:
                    best, most = stack, near
        if best is None:
            self.stacks.append(Stack([Row([run])], frame, run.box))
            self._open.append(self.stacks[-1])
            return
        last = best.rows[-1]
        if abs(_middle(last) - run.middle) < 0.5 * run.size:
            last.runs = sorted([*last.runs, run], key=lambda one: one.left)
        else:
            best.rows.append(Row([run]))
        best.box = around([best.box, run.box])

    def _fits(self, stack: Stack, run: Run) -> bool:
        last = stack.rows[-1]
        size = max(run.size, last.size)
        slack = 1.3 if self._coarse else 1.1
        if not 1 / slack < run.size / (last.size or 1.0) < slack:
            return False
        box = last.box
        level = abs(_middle(last) - run.middle) < 0.5 * size
        if level:
            inside_column = stack.box[0] - size <= run.left and run.right <= stack.box[2] + size
            return len(stack.rows) > 1 and inside_column
        gap = run.top - box[3]
        if not -0.4 * size <= gap <= _LEADING * size:
            return False
        shared = overlap(stack.box[0], stack.box[2], run.left, run.right)
        if shared < 0.5 * min(run.width, stack.box[2] - stack.box[0]):
            return False
        return not self._ruled(box[3], run) and not self._crowded(stack, run)

    def _ruled(self, bottom: float, run: Run) -> bool:
        """Whether a rule lies between a stack's bottom and the run."""
        return any(
            bottom - 0.3 * run.size <= (rule[1] + rule[3]) / 2 <= run.top + 0.3 * run.size
            and overlap(rule[0], rule[2], run.left, run.right) > 0.5 * run.width
            for rule in self._across
        )

    def _crowded(self, stack: Stack, run: Run) -> bool:
        """Whether stack and run together would take in what stands in a column beside one of them."""
        left, right = min(stack.box[0], run.left), max(stack.box[2], run.right)
        if right - left <= 1.05 * max(run.width, stack.box[2] - stack.box[0]):
            wide = run.width >= stack.box[2] - stack.box[0]
            rows = stack.rows[-4:] if wide else []
            levels = [_middle(row) for row in rows] or [run.middle]
        else:
            levels = [run.middle, *(_middle(row) for row in stack.rows[-4:])]
        mine = {id(one) for row in stack.rows[-5:] for one in row.runs} | {id(run)}
        return any(
            id(other) not in mine and overlap(left, right, other.left, other.right) > 0.3 * run.size
            for level in levels
            for other in self._on(level, 0.4 * run.size)
        )

    def _on(self, level: float, slack: float) -> list[Run]:
        low = bisect_left(self._middles, level - slack)
        high = bisect_right(self._middles, level + slack)
        return [run for run in self._level[low:high] if not run.vertical]


def _upright(stack: Stack) -> Stack:
    """A stack of single characters is a vertical line."""
    runs = [run for row in stack.rows for run in row.runs]
    if len(runs) < 2 or any(len(run.text) > 1 for run in runs) or len(stack.rows) < len(runs):
        return stack
    scores = [run.score for run in runs if run.score is not None]
    line = Run(
        "".join(run.text for run in runs),
        *stack.box,
        stack.size,
        all(run.bold for run in runs),
        vertical=True,
        score=sum(scores) / len(scores) if len(scores) == len(runs) else None,
    )
    return Stack([Row([line])], stack.frame, stack.box, True, stack.size)


def _middle(row: Row) -> float:
    return row.runs[0].middle


def _absorbed(stacks: list[Stack], coarse: bool) -> list[Stack]:
    """A small stack inside the column of a larger one, of its size, is the rest of some of its lines."""
    kept: list[Stack] = []
    slack = 1.3 if coarse else 1.1
    for stack in sorted(stacks, key=lambda one: -one.characters):
        home = next(
            (
                other
                for other in kept
                if other.frame == stack.frame
                and len(other.rows) > 2
                and other.box[0] - other.size <= stack.box[0]
                and stack.box[2] <= other.box[2] + other.size
                and other.box[1] - 0.3 * other.size <= stack.box[1]
                and stack.box[3] <= other.box[3] + 0.3 * other.size
                and 1 / slack < other.size / stack.size < slack
            ),
            None,
        )
        if home is None:
            kept.append(stack)
            continue
        for row in stack.rows:
            _insert(home, row)
        home.measure()
    return kept


def _insert(stack: Stack, row: Row) -> None:
    level = row.runs[0].middle
    for other in stack.rows:
        if abs(_middle(other) - level) < 0.5 * stack.size:
            other.runs = sorted([*other.runs, *row.runs], key=lambda run: run.left)
            return
    stack.rows = sorted([*stack.rows, row], key=_middle)
