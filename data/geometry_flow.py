"""Which text stands under which headline, and in which order the columns are read."""

from __future__ import annotations

from statistics import median

from banmian.data.geometry import overlap
from banmian.data.geometry_above import Above
from banmian.data.geometry_chains import Chain
from banmian.data.geometry_columns import groups_of
from banmian.data.geometry_kinds import Plan
from banmian.data.geometry_links import Links
from banmian.data.geometry_loose import Loose
from banmian.data.geometry_strips import Draft, Strip, goes_on


def drafts_of(plan: Plan, strips: list[Strip], indents: bool) -> list[Draft]:
    """The sheet's articles in page order; every head, text, byline and caption is in exactly one of them."""
    return _Flow(plan, strips, indents).articles()


def carry_over(before: list[Draft], after: list[Draft], indents: bool) -> list[Draft]:
    """Move what goes on from one sheet to the next to the article it began in, out of ``after``.

    It stands without a headline first in the first column, and nothing says that it does not go on from the
    text with which the sheet before ends, in its last column. Returns the drafts that have text on the
    sheet after.
    """
    texts = [draft for draft in after if draft.strips]
    ends = [draft for draft in before if draft.strips]
    if not texts or not ends:
        return after
    first = min(texts, key=lambda draft: (draft.strips[0].left, draft.strips[0].box[1]))
    last = max(ends, key=lambda draft: (draft.strips[-1].left, draft.strips[-1].box[3]))
    alone = first.head is None and first.frame < 0 and last.frame < 0
    if alone and goes_on(last.strips[-1], first.strips[0], indents) >= 0:
        last.strips += first.strips
        last.bylines += first.bylines
        last.captions += first.captions
        after.remove(first)
        return [*after, last]
    return after


def links_of(plan: Plan, strips: list[Strip], indents: bool) -> Links:
    """The sheet's chains of strips, each in its column, with what links them."""
    return _Flow(plan, strips, indents).links()


class _Flow:
    """Assigns strips to headlines, then what is left by how well it goes on."""

    def __init__(self, plan: Plan, strips: list[Strip], indents: bool) -> None:
        self.plan, self.strips, self.indents = plan, strips, indents
        self.em = plan.body
        self._usual = 0.0

    def articles(self) -> list[Draft]:
        """All articles, in page order."""
        links = self.links()
        drafts = [
            Draft(group.head, [strip for number in group.chains for strip in links.chains[number].strips])
            for group in groups_of(links, self.plan.heads)
        ]
        Loose(self.plan).give_to(drafts)
        return sorted(drafts, key=lambda draft: self._page_order(draft))

    def links(self) -> Links:
        """The chains, numbered, and the signs between them."""
        Above(self.plan, self.strips).look()
        chains = [Chain(strips, number) for number, strips in enumerate(self._chains())]
        page = self.strips[0].page if self.strips else 1
        return Links(self.plan, chains, self.indents, page)

    def _page_order(self, draft: Draft) -> tuple[float, float]:
        box = draft.box
        return round(box[1] / (6 * self.em)), box[0]

    def _chains(self) -> list[list[Strip]]:
        """Strips that follow each other down one column, with no headline and no rule between."""
        self._usual = self._usual_gap()
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
        wide = gap > max(1.6 * self.em, 1.25 * self._usual) and len(above.stack.rows) > 2
        if gap > 3 * self.em or (wide and goes_on(above, below, self.indents) < 1.5):
            return False
        long = min(len(above.stack.rows), len(below.stack.rows)) >= 4
        right = abs(above.right - below.right) < (1.6 if long else 4.0) * self.em
        column = abs(above.left - below.left) < 2.6 * self.em and right
        small = len(below.stack.rows) <= 2 or len(above.stack.rows) <= 2
        return (column or small) and goes_on(above, below, self.indents) > -2.5

    def _usual_gap(self) -> float:
        """The white between paragraphs where it is what parts them; 0 where indents do."""
        if self.indents:
            return 0.0
        gaps = [strip.box[1] - strip.above.box[3] for strip in self.strips if strip.above]
        return median([gap for gap in gaps if gap < 3 * self.em] or [0.0])

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
