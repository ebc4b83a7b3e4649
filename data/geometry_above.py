"""What stands above each stretch of a column: the headline whose territory it is in, or another stretch."""

from __future__ import annotations

from banmian.data.geometry import Box, overlap
from banmian.data.geometry_kinds import Head, Plan
from banmian.data.geometry_strips import Strip


class Above:
    """Looks up from strips on one sheet."""

    def __init__(self, plan: Plan, strips: list[Strip]) -> None:
        self.plan, self.strips, self.em = plan, strips, plan.body
        down = sorted(strips, key=lambda strip: (strip.box[1], strip.left))
        self._rank = {id(strip): rank for rank, strip in enumerate(down)}
        self._across = plan.sheet.across
        self._upright = plan.sheet.upright

    def look(self) -> None:
        """Set ``above``, ``head`` and ``ruled`` of every strip."""
        for strip in self.strips:
            self._look_up(strip)
        for strip in self.strips:
            upright = self._beside(strip) if strip.head is None else None
            if upright is not None and (
                strip.above is None or strip.above.box[3] <= upright.box[1] + self.em
            ):
                strip.head, strip.above = upright, None

    def _look_up(self, strip: Strip) -> None:
        """The nearest thing above a strip in its column: a headline's territory or another strip."""
        box, wide = strip.box, strip.right - strip.left
        best: float = -1.0
        for other in self.strips:
            # Tiny texts may each end above the other: the order down the page keeps them from a circle.
            if self._rank[id(other)] >= self._rank[id(strip)] or other.stack.frame != strip.stack.frame:
                continue
            shared = overlap(strip.left, strip.right, other.left, other.right)
            column = shared > 0.4 * min(wide, other.right - other.left)
            if column and best < other.box[3] <= box[1] + 0.5 * self.em:
                best, strip.above, strip.head = other.box[3], other, None
        heads = [
            head
            for head in self.plan.heads
            if head.frame == strip.stack.frame
            and head.box[3] <= box[1] + 0.6 * self.em
            and head.box[3] > best
            and overlap(strip.left, strip.right, head.left, head.right) > 0.5 * wide
            and not self._frame_between(head.box[3], strip)
            # A vertical headline has its text beside it, or close below.
            and (not _is_upright(head) or box[1] - head.box[3] < 2 * self.em)
        ]
        if heads:
            lowest = max(head.box[3] for head in heads)
            level = [head for head in heads if lowest - head.box[3] < 4 * self.em]
            strip.head, strip.above = self._nearest(level, strip), None
            best = strip.head.box[3]
        if strip.above is not None:
            strip.ruled = self._rule_between(best, strip)

    def _flush(self, head: Head) -> bool:
        """Whether a column begins at the headline's left edge: what stands left of it is not under it."""
        return any(
            abs(strip.left - head.box[0]) < 1.2 * self.em and -self.em <= strip.box[1] - head.box[3]
            for strip in self.strips
            if strip.box[1] - head.box[3] < 6 * self.em
        )

    def _frame_between(self, bottom: float, strip: Strip) -> bool:
        return any(
            i != strip.stack.frame
            and bottom <= frame[1]
            and frame[3] <= strip.box[1] + self.em
            and overlap(frame[0], frame[2], strip.left, strip.right) > 0.5 * (strip.right - strip.left)
            for i, frame in enumerate(self.plan.frames)
        )

    def _rule_between(self, bottom: float, strip: Strip) -> bool:
        return any(
            bottom - 0.3 * self.em <= (rule[1] + rule[3]) / 2 <= strip.box[1] + 0.3 * self.em
            and overlap(rule[0], rule[2], strip.left, strip.right) > 0.5 * (strip.right - strip.left)
            for rule in self._across
        )

    def _nearest(self, heads: list[Head], strip: Strip) -> Head:
        """Of headlines on one level, whose strip it is: the one it stands under, else the nearer one."""

        left = [head for head in heads if head.box[2] <= strip.left + self.em]
        if left:  # a headline that begins with a column of its own has nothing at its left
            heads = [h for h in heads if h in left or strip.right > h.box[0] + self.em or not self._flush(h)]

        def distance(head: Head) -> tuple[float, float]:
            shared = overlap(strip.left, strip.right, head.box[0], head.box[2])
            return (0.0 if shared > 0.2 * (strip.right - strip.left) else -shared, -head.box[3])

        return min(heads, key=distance)

    def _beside(self, strip: Strip) -> Head | None:
        """A vertical headline at the strip's left, level with it, without another column between."""
        upright = [
            head
            for head in self.plan.heads
            if _is_upright(head)
            and head.frame == strip.stack.frame
            and head.box[2] <= strip.left + self.em
            and not self._wall(head.box, strip)
        ]
        # A picture over a strip may be the block's above it: it counts where the bare top is level with none.
        for top in (strip.box[1], self._top(strip)):
            level = [head for head in upright if head.box[1] - 2 * self.em <= top < head.box[3]]
            if level:
                return max(level, key=lambda head: head.box[2])
        return None

    def _top(self, strip: Strip) -> float:
        """Where a strip begins, the picture over it counted in."""
        over = [
            picture[1]
            for picture in self.plan.pictures
            if overlap(picture[0], picture[2], strip.left, strip.right) > 0
            and -self.em <= strip.box[1] - picture[3] < 6 * self.em
        ]
        return min([strip.box[1], *over])

    def _wall(self, box: Box, strip: Strip) -> bool:
        """Whether an upright rule or another headline stands between a box and a strip to its right."""
        top = max(box[1], strip.box[1])
        between = [*self._upright] if top else []
        between += [head.box for head in self.plan.heads if head.box != box]
        return any(
            box[2] - self.em <= (wall[0] + wall[2]) / 2 <= strip.left + self.em
            and overlap(wall[1], wall[3], box[1], box[3]) > 0.5 * (box[3] - box[1])
            for wall in between
        )


def _is_upright(head: Head) -> bool:
    return all(stack.vertical for stack in head.stacks)
