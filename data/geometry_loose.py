"""Bylines and captions that stand alone: which article each belongs to."""

from __future__ import annotations

from banmian.data.geometry import Box, around, overlap
from banmian.data.geometry_kinds import Plan
from banmian.data.geometry_stacks import Stack
from banmian.data.geometry_strips import Draft
from banmian.data.words import Likeness

#: How many ems nearer a caption is taken to be for words that are the article's: a picture at a block's foot
#: is as near to the block below. Likeness counts in full from an eighth on.
_WORDS, _ALIKE = 4.0, 8.0


class Loose:
    """Gives what stands alone on one sheet to the article nearest to it."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.em = plan, plan.body
        self._across = plan.sheet.across
        self._upright = plan.sheet.upright

    def give_to(self, drafts: list[Draft]) -> None:
        """Add every byline and caption to one of ``drafts``, or to a new one where there is none."""
        for stack in self.plan.bylines:
            home = min(drafts, key=lambda draft: self._distance(draft, stack, above=True), default=None)
            self._give(stack, home, drafts).bylines.append(stack)
        texts = {id(draft): _text(draft) for draft in drafts}
        alike = Likeness([*texts.values(), *(stack.text for stack in self.plan.captions)])
        for stack in self.plan.captions:
            unit = around([stack.box, *(picture for picture in self.plan.pictures_of(stack))])
            far = {
                id(draft): self._away(draft, unit, stack.frame)
                - _WORDS * self.em * min(1.0, _ALIKE * alike.of(stack.text, texts.get(id(draft), "")))
                for draft in drafts
            }
            home = min(drafts, key=lambda draft: far[id(draft)], default=None)
            self._give(stack, home, drafts).captions.append(stack)

    def _give(self, stack: Stack, home: Draft | None, drafts: list[Draft]) -> Draft:
        if home is None:
            drafts.append(Draft(None, [], []))
        return home or drafts[-1]

    def _away(self, draft: Draft, unit: Box, frame: int) -> float:
        """How far a picture with its caption is from an article; beyond a rule is far."""
        if draft.frame != frame:
            return 1e9
        boxes = [strip.box for strip in draft.strips] + ([draft.head.box] if draft.head else [])
        return min((self._apart(box, unit) for box in boxes), default=1e9)

    def _apart(self, box: Box, unit: Box) -> float:
        across = max(0.0, -overlap(box[0], box[2], unit[0], unit[2]))
        down = max(0.0, -overlap(box[1], box[3], unit[1], unit[3]))
        low, high = min(box[3], unit[3]), max(box[1], unit[1])
        ruled = down > 0 and any(
            low - 1 <= (rule[1] + rule[3]) / 2 <= high + 1 and overlap(rule[0], rule[2], unit[0], unit[2]) > 0
            for rule in self._across
        )
        left, right = min(box[2], unit[2]), max(box[0], unit[0])
        walled = across > 0 and any(
            left - 1 <= (rule[0] + rule[2]) / 2 <= right + 1
            and overlap(rule[1], rule[3], unit[1], unit[3]) > 0
            for rule in self._upright
        )
        return 2.5 * across + down + 6 * self.em * (ruled + walled)

    def _distance(self, draft: Draft, stack: Stack, *, above: bool) -> float:
        """How far a line is from an article: from its headline above, or from its nearest part."""
        boxes = [strip.box for strip in draft.strips]
        if draft.head:
            boxes.append((draft.head.left, draft.head.box[1], draft.head.right, draft.head.box[3]))
        if draft.frame != stack.frame:
            return 1e9
        nearest = 1e9
        for i, box in enumerate(boxes):
            wide = stack.box[2] - stack.box[0]
            # Half of a byline must be in a column: a territory ends where the next column begins.
            across = max(0.0, 0.5 * wide - overlap(box[0], box[2], stack.box[0], stack.box[2]))
            down = max(0.0, -overlap(box[1], box[3], stack.box[1], stack.box[3]))
            under = draft.head is not None and i == len(boxes) - 1 and stack.box[1] >= box[1]
            nearest = min(nearest, across + down - (2 * self.em if above and under and not across else 0.0))
        return nearest


def _text(draft: Draft) -> str:
    head = draft.head.text if draft.head else ""
    return "\n".join([head, *(strip.stack.text for strip in draft.strips)])
