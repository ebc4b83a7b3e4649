"""Which text stands under which headline, and in which order the columns are read."""

from __future__ import annotations

from banmian.data.geometry import overlap
from banmian.data.geometry_above import Above
from banmian.data.geometry_kinds import Plan
from banmian.data.geometry_loose import Loose
from banmian.data.geometry_strips import Draft, Strip, goes_on
from banmian.data.words import Likeness


def drafts_of(plan: Plan, strips: list[Strip], indents: bool) -> list[Draft]:
    """The sheet's articles in page order; every head, text, byline and caption is in exactly one of them."""
    return _Flow(plan, strips, indents).articles()


def carry_over(before: list[Draft], after: list[Draft], indents: bool) -> list[Draft]:
    """Move what goes on from one sheet to the next to the article it began in, out of ``after``.

    It stands without a headline first in the first column, and the sheet before ends, in its last column,
    with text that it goes on from. Returns the drafts that have text on the sheet after.
    """
    texts = [draft for draft in after if draft.strips]
    ends = [draft for draft in before if draft.strips]
    if not texts or not ends:
        return after
    first = min(texts, key=lambda draft: (draft.strips[0].left, draft.strips[0].box[1]))
    last = max(ends, key=lambda draft: (draft.strips[-1].left, draft.strips[-1].box[3]))
    alone = first.head is None and first.frame < 0 and last.frame < 0
    if alone and goes_on(last.strips[-1], first.strips[0], indents) > 0:
        last.strips += first.strips
        last.bylines += first.bylines
        last.captions += first.captions
        after.remove(first)
        return [*after, last]
    return after


#: How well a chain has to fit an article rather than be one of its own, and how many are weighed together.
_ALONE, _MOST_ORPHANS = 0.4, 40
#: What likeness of words weighs: two parts of one article are alike by 0.05 to 0.2, two articles by 0.02.
_WORDS = 8.0


class _Flow:
    """Assigns strips to headlines, then what is left by how well it goes on."""

    def __init__(self, plan: Plan, strips: list[Strip], indents: bool) -> None:
        self.plan, self.strips, self.indents = plan, strips, indents
        self.em = plan.body
        self._upright = plan.sheet.upright
        self._likeness = Likeness(strip.stack.text for strip in strips)

    def articles(self) -> list[Draft]:
        """All articles, in page order."""
        Above(self.plan, self.strips).look()
        drafts = [Draft(head) for head in self.plan.heads]
        by_head = {id(draft.head): draft for draft in drafts}
        chains = self._chains()
        for head in self.plan.heads:
            own = [chain for chain in chains if chain[0].head is head]
            for chain in sorted(own, key=lambda one: (one[0].left, one[0].box[1])):
                by_head[id(head)].strips += chain
        orphans = sorted(
            (chain for chain in chains if chain[0].head is None), key=lambda one: (one[0].left, one[0].box[1])
        )
        self._adopt(orphans, drafts)
        drafts = [draft for draft in drafts if draft.head or draft.strips]
        Loose(self.plan).give_to(drafts)
        return sorted(drafts, key=lambda draft: self._page_order(draft))

    def _page_order(self, draft: Draft) -> tuple[float, float]:
        box = draft.box
        return round(box[1] / (6 * self.em)), box[0]

    def _chains(self) -> list[list[Strip]]:
        """Strips that follow each other down one column, with no headline and no rule between."""
        followed: dict[int, Strip] = {}
        first = []
        for strip in sorted(self.strips, key=lambda one: (one.box[1], one.left)):
            above = strip.above
            if (
                above is not None
                and not strip.ruled
                and id(above) not in followed
                and self._same(above, strip)
            ):
                followed[id(above)] = strip
            else:
                if above is not None:
                    strip.head = None
                first.append(strip)
        chains = []
        for strip in first:
            chain = [strip]
            while id(chain[-1]) in followed:
                chain.append(followed[id(chain[-1])])
            chains.append(chain)
        return chains

    def _same(self, above: Strip, below: Strip) -> bool:
        """Whether two strips stand in one column and the lower one may go on from the upper one."""
        gap = below.box[1] - max([above.box[3], *self._between(above, below)])
        # A wider gap than between lines parts articles, unless a sentence runs across it.
        # Two rows may be a byline; without indents, paragraphs may stand as wide apart.
        wide = self.indents and gap > 1.6 * self.em and len(above.stack.rows) > 2
        if gap > 3 * self.em or (wide and goes_on(above, below, self.indents) < 1.5):
            return False
        column = abs(above.left - below.left) < 2.6 * self.em and abs(above.right - below.right) < 4 * self.em
        small = len(below.stack.rows) <= 2 or len(above.stack.rows) <= 2
        return (column or small) and goes_on(above, below, self.indents) > -2.5

    def _between(self, above: Strip, below: Strip) -> list[float]:
        """The bottoms of pictures, captions and frames that stand between two strips of a column."""
        boxes = [*self.plan.pictures, *self.plan.frames, *(stack.box for stack in self.plan.captions)]
        return [
            box[3]
            for box in boxes
            if above.box[3] - self.em <= box[1]
            and box[3] <= below.box[1] + self.em
            and overlap(box[0], box[2], below.left, below.right) > 0
        ]

    def _adopt(self, orphans: list[list[Strip]], drafts: list[Draft]) -> None:
        """Give each chain without a headline to the article it goes on from, or to one of its own.

        The surest first, for it may be what the next one goes on from; on a page with very many chains,
        which no newspaper prints, in the order of columns.
        """
        waiting = list(orphans)
        while waiting:
            asked = waiting if len(waiting) <= _MOST_ORPHANS else waiting[:1]
            options = [self._best(chain, drafts) for chain in asked]
            at = max(range(len(asked)), key=lambda i: (options[i][0], -i))
            score, home, front = options[at]
            chain = waiting.pop(at)
            if home is None or score <= _ALONE:
                drafts.append(Draft(None, list(chain)))
            elif front:
                home.strips[:0] = chain
            else:
                home.strips += chain

    def _best(self, chain: list[Strip], drafts: list[Draft]) -> tuple[float, Draft | None, bool]:
        """The article that a chain fits best, and whether before or after what it has."""
        strip = chain[0]
        options: list[tuple[float, Draft | None, bool]] = [(_ALONE, None, False)]
        for draft in drafts:
            if draft.frame == strip.stack.frame or (draft.frame < 0 and strip.stack.frame < 0):
                alike = self._alike(chain, draft)
                options.append((self._after(draft, strip) + alike, draft, False))
                options.append((self._before(draft, chain) + alike, draft, True))
        return max(options, key=lambda option: option[0])

    def _alike(self, chain: list[Strip], draft: Draft) -> float:
        """How much the words of a chain are those of an article; between like places words decide."""
        told = draft.head.text if draft.head else ""
        told += "".join(strip.stack.text for strip in draft.strips)
        return min(1.5, _WORDS * self._likeness.of("".join(strip.stack.text for strip in chain), told))

    def _after(self, draft: Draft, strip: Strip) -> float:
        """How likely ``strip`` goes on from the end of ``draft``."""
        if not draft.strips:
            return -9.0
        last = draft.strips[-1]
        beside = -self.em <= strip.left - last.right <= 5 * self.em
        below = strip.above is last
        if not beside and not below:
            return -9.0
        score = goes_on(last, strip, self.indents) + 1.0
        if below:
            return score - 1.5
        box = draft.box
        if not overlap(box[1], box[3], strip.box[1], strip.box[3]) > 0:
            score -= 0.5
        score += abs(strip.box[3] - last.box[3]) < 4 * self.em
        score += self._lowest(last) and strip.above is None
        score -= 1.5 * self._ruled_off(last, strip)
        return score

    def _before(self, draft: Draft, chain: list[Strip]) -> float:
        """How likely ``chain`` is the first column of an article whose headline begins right of it."""
        head, last = draft.head, chain[-1]
        if head is None:
            return -9.0
        level = abs(chain[0].box[1] - head.box[1]) < 2.5 * self.em
        if not draft.strips:  # all of its text stands beside the headline
            return 1.0 if level and -self.em <= head.left - last.right <= 5 * self.em else -9.0
        if not level or not -self.em <= draft.strips[0].left - last.right <= 5 * self.em:
            return -9.0
        first = draft.strips[0]
        score = 1.0 + max(-1.0, goes_on(last, first, self.indents)) - 1.5 * self._ruled_off(last, first)
        return score + (abs(first.box[3] - last.box[3]) < 4 * self.em)

    def _lowest(self, strip: Strip) -> bool:
        """Whether nothing stands below the strip in its column."""
        return not any(other.above is strip for other in self.strips) and not any(
            head.box[1] > strip.box[3] - self.em
            and overlap(head.left, head.right, strip.left, strip.right) > 0.5 * (strip.right - strip.left)
            for head in self.plan.heads
        )

    def _ruled_off(self, a: Strip, b: Strip) -> bool:
        """Whether an upright rule between two columns runs beyond both: it parts blocks, not columns."""
        top, bottom = min(a.box[1], b.box[1]), max(a.box[3], b.box[3])
        return any(
            a.right - self.em < rule[0] < b.left + self.em
            and overlap(rule[1], rule[3], top, bottom) > 0.5 * (bottom - top)
            and rule[1] < min(a.box[1], b.box[1]) - 1.5 * self.em
            for rule in self._upright
        )
