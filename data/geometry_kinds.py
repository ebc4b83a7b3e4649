"""What each stack of lines is by its size and place: text, a headline, a caption, page furniture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from banmian.data import marks
from banmian.data.geometry import Box, Sheet, around, overlap
from banmian.data.geometry_stacks import Stack, body_size, frames_of, stacks_of
from banmian.data.lines import ending_of

_BAND_WORDS = re.compile(
    r"\d{4}\s*年|\d\s*月\s*\d|星期|农历|版|期$|责编|责任编辑|编辑|校对|排版|版式|美编|电话|热线|邮箱|CN\d|刊号|邮发"
    r"|^.{2,5}(?:日报|晚报|时报|早报|商报|周报|週報|日報|晚報)$|https?:|www\.|E-?mail",
    re.IGNORECASE,
)


@dataclass(slots=True, eq=False)
class Head:
    """A headline's stacks, and the territory it heads: the white to both sides up to what stands there."""

    stacks: list[Stack]
    box: Box
    left: float = 0.0
    right: float = 0.0

    @property
    def size(self) -> float:
        """The largest type in it."""
        return max(stack.size for stack in self.stacks)

    @property
    def text(self) -> str:
        """All its lines."""
        return "\n".join(stack.text for stack in self.stacks)

    @property
    def frame(self) -> int:
        """The number of the frame it stands in."""
        return self.stacks[0].frame


@dataclass(slots=True, eq=False)
class Plan:
    """A sheet taken apart: every stack in exactly one of the lists."""

    sheet: Sheet
    body: float
    frames: list[Box]
    heads: list[Head] = field(default_factory=list)
    texts: list[Stack] = field(default_factory=list)
    captions: list[Stack] = field(default_factory=list)
    bylines: list[Stack] = field(default_factory=list)
    furniture: list[Stack] = field(default_factory=list)
    displays: list[Stack] = field(default_factory=list)
    """What the headlines are made of, and the subheads that stand out by their size."""

    @property
    def pictures(self) -> list[Box]:
        """Pictures, and frames around nothing: a filled rectangle is one in most files."""
        empty = [frame for frame in self.sheet.frames if frame not in self.frames]
        return [*self.sheet.pictures, *empty]

    def pictures_of(self, caption: Stack) -> list[Box]:
        """The pictures that a caption stands at."""
        return [picture for picture in self.pictures if _belongs(caption.box, picture, self.body)]


def plan_of(sheet: Sheet) -> Plan:
    """Take a sheet apart."""
    frames = frames_of(sheet)
    plan = Plan(sheet, body_size(sheet.runs), frames)
    stacks = stacks_of(sheet, frames)
    plan.furniture = _furniture(stacks, plan)
    taken = {id(stack) for stack in plan.furniture}
    for stack in stacks:
        if id(stack) in taken:
            continue
        if stack.vertical or _is_display(stack, plan):
            plan.displays.append(stack)
        elif _is_caption(stack, plan):
            plan.captions.append(stack)
        elif _is_byline(stack):
            plan.bylines.append(stack)
        else:
            plan.texts.append(stack)
    plan.heads = _heads(plan.displays, plan)
    _subheads(plan)
    for head in plan.heads:
        head.left, head.right = _territory(head, plan)
    return plan


def _is_byline(stack: Stack) -> bool:
    texts = [row.text for row in stack.rows]
    return len(texts) <= 2 and (all(map(marks.is_byline, texts)) or all(map(marks.is_name, texts)))


def _is_display(stack: Stack, plan: Plan) -> bool:
    ratio = stack.size / plan.body
    if ratio < (1.16 if plan.sheet.coarse else 1.12):
        return False
    stops = len(re.findall("[。，；]", stack.text))
    reads = (len(stack.rows) >= 3 and stops >= 3) or stack.characters > 120
    return not (reads and ratio < 1.9)


def _is_caption(stack: Stack, plan: Plan) -> bool:
    if len(stack.rows) > 8:
        return False
    text = "".join(row.text for row in stack.rows)
    credit = marks.is_credit(text) and len(text) < 160
    under = any(_belongs(stack.box, picture, plan.body) for picture in plan.pictures)
    small = stack.size < (0.9 if plan.sheet.coarse else 0.95) * plan.body
    return (under and (small or credit)) or (credit and (small or len(stack.rows) <= 4))


def _belongs(box: Box, picture: Box, body: float) -> bool:
    """Whether a text stands right under, above or beside a picture, or on it."""
    across = overlap(box[0], box[2], picture[0] - body, picture[2] + body) > 0.8 * (box[2] - box[0])
    near = (
        -0.5 * body <= box[1] - picture[3] <= 2.5 * body or -0.5 * body <= picture[1] - box[3] <= 1.5 * body
    )
    on = overlap(box[1], box[3], picture[1], picture[3]) > 0.8 * (box[3] - box[1])
    return across and (near or on)


def _furniture(stacks: Sequence[Stack], plan: Plan) -> list[Stack]:
    """What stands in the bands at the sheet's head and foot, and lines that say so themselves."""
    height = plan.sheet.height
    head, foot = _band_edges(plan)
    found = []
    for stack in stacks:
        if stack.frame >= 0 or len(stack.rows) > 2:
            continue
        texts = [row.text for row in stack.rows]
        in_band = stack.box[3] <= head or stack.box[1] >= foot
        edge = stack.box[3] < 0.07 * height or stack.box[1] > 0.94 * height
        says = any(marks.is_furniture(text) for text in texts)
        words = all(_BAND_WORDS.search(text) for text in texts)
        if (
            in_band
            or says
            or (edge and words and stack.size < 1.15 * plan.body and ending_of(texts[-1]) != "sentence")
        ):
            found.append(stack)
    tops = [stack.box[1] for stack in stacks if stack not in found]
    bottoms = [stack.box[3] for stack in stacks if stack not in found]
    for stack in stacks:
        small = stack.size <= 1.15 * plan.body and len(stack.rows) == 1 and stack.frame < 0
        if stack in found or not small or not found:
            continue
        level = any(overlap(stack.box[1], stack.box[3], one.box[1], one.box[3]) > 0 for one in found)
        if level and (stack.box[1] <= min(tops) or stack.box[3] >= max(bottoms)):
            found.append(stack)
    return found


def _band_edges(plan: Plan) -> tuple[float, float]:
    """Where the head band ends and the foot band begins: at a rule right across the sheet."""
    wide = [rule for rule in plan.sheet.rules if rule[2] - rule[0] > 0.6 * plan.sheet.width]
    height = plan.sheet.height
    heads = [rule[3] for rule in wide if rule[3] < 0.14 * height]
    feet = [rule[1] for rule in wide if rule[1] > 0.93 * height]
    above = max((y for y in heads if _is_band(plan, 0.0, y)), default=0.0)
    below = min((y for y in feet if _is_band(plan, y, height)), default=height)
    return above, below


def _is_band(plan: Plan, top: float, bottom: float) -> bool:
    """A band holds few characters and no sentence."""
    texts = [run.text for run in plan.sheet.runs if run.top >= top - 2 and run.bottom <= bottom + 2]
    return sum(map(len, texts)) < 160 and not any("。" in text for text in texts)


def _heads(displays: list[Stack], plan: Plan) -> list[Head]:
    """Display stacks that stand together, as headlines; in page order."""
    groups: list[list[Stack]] = []
    for stack in sorted(displays, key=lambda one: one.box[1]):
        near = [group for group in groups if any(_together(other, stack, plan) for other in group)]
        merged = [stack, *(one for group in near for one in group)]
        groups = [group for group in groups if group not in near] + [merged]
    heads = [Head(group, around([stack.box for stack in group])) for group in groups]
    return sorted(heads, key=lambda head: (head.box[1], head.box[0]))


def _together(a: Stack, b: Stack, plan: Plan) -> bool:
    if a.frame != b.frame:
        return False
    size = max(a.size, b.size)
    across = overlap(a.box[0], a.box[2], b.box[0], b.box[2])
    down = overlap(a.box[1], a.box[3], b.box[1], b.box[3])
    if a.vertical != b.vertical:
        return _beside(*((a, b) if a.vertical else (b, a)), plan)
    near = down > 0 and -across <= 1.3 * size if a.vertical else across > 0 and -down <= 1.1 * size
    if not near:
        return False
    gap = (min(a.box[3], b.box[3]), max(a.box[1], b.box[1]))
    between = [text for text in plan.texts if gap[0] - 1 <= text.box[1] and text.box[3] <= gap[1] + 1]
    return not any(overlap(text.box[0], text.box[2], a.box[0], a.box[2]) > 0 for text in between)


def _beside(upright: Stack, lying: Stack, plan: Plan) -> bool:
    """Whether a vertical line stands at the left of a horizontal headline, with only white between them.

    The white may be wide: the headline is centred over its columns, the kicker stands at their left edge.
    """
    top, bottom = max(upright.box[1], lying.box[1]), min(upright.box[3], lying.box[3])
    gap = lying.box[0] - upright.box[2]
    level = bottom - top > 0.5 * min(lying.box[3] - lying.box[1], upright.box[3] - upright.box[1])
    if not level or gap < -plan.body:
        return False
    others = [*plan.texts, *(one for one in plan.displays if one is not upright and one is not lying)]
    walls = [stack.box for stack in others] + plan.sheet.upright + plan.pictures
    return not any(
        overlap(wall[0], wall[2], upright.box[2], lying.box[0]) >= 0 < overlap(wall[1], wall[3], top, bottom)
        for wall in walls
    )


def _subheads(plan: Plan) -> None:
    """A small headline inside one column, with text above and below, parts an article and not two."""
    kept = []
    for head in plan.heads:
        stack = head.stacks[0]
        small = len(head.stacks) == 1 and not stack.vertical and stack.size < 1.33 * plan.body
        above = small and _neighbour(head, plan, -1)
        below = small and _neighbour(head, plan, 1)
        if above and below and len(stack.rows) <= 2:
            plan.texts.append(stack)
        else:
            kept.append(head)
    plan.heads = kept


def _neighbour(head: Head, plan: Plan, step: int) -> bool:
    """Whether text of the same column stands close above (-1) or below (1)."""
    for text in plan.texts:
        gap = text.box[1] - head.box[3] if step > 0 else head.box[1] - text.box[3]
        column = text.box[0] - plan.body <= head.box[0] and head.box[2] <= text.box[2] + plan.body
        if text.frame == head.frame and column and -0.5 * plan.body <= gap <= 1.6 * plan.body:
            return True
    return False


def _territory(head: Head, plan: Plan) -> tuple[float, float]:
    """How far the headline's white reaches to the left and to the right."""
    box = head.box
    inset = 0.15 * (box[3] - box[1])
    top, bottom = box[1] + inset, box[3] - inset
    bounds = plan.frames[head.frame] if head.frame >= 0 else (0.0, 0.0, plan.sheet.width, plan.sheet.height)
    walls = [text.box for text in plan.texts if text.frame == head.frame]
    walls += [other.box for other in plan.heads if other is not head and other.frame == head.frame]
    walls += [frame for i, frame in enumerate(plan.frames) if i != head.frame]
    walls += plan.sheet.upright
    walls += plan.pictures
    level = [wall for wall in walls if overlap(top, bottom, wall[1], wall[3]) > 0.2 * (bottom - top)]
    left = max((wall[2] for wall in level if wall[2] <= box[0] + 1), default=bounds[0])
    right = min((wall[0] for wall in level if wall[0] >= box[2] - 1), default=bounds[2])
    return left, right
