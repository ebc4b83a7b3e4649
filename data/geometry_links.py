"""What speaks for and against a column going on with an article, as named signs with their strength.

What a sign weighs is fitted (data/geometry_weights.py): none of them decides alone, for columns that end on a
full stop, blocks without rules and headlines over one column are all common.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from banmian.data.geometry import around, overlap
from banmian.data.geometry_chains import Chain, Group, read_across, read_first
from banmian.data.geometry_kinds import Head, Plan
from banmian.data.text import squeeze
from banmian.data.words import Likeness

Signs = Mapping[str, float]
#: How far apart neighbouring columns may stand, in ems.
_FARTHEST = 5.0
#: Two parts of one article are alike by 0.05 to 0.2, two articles by 0.02: brought to about one.
_WORDS, _MOST_ALIKE = 8.0, 1.5
#: So many of an article's latest chains are compared: few have more, and a page of a thousand scraps may.
_LATEST = 30


@dataclass(eq=False)
class Links:
    """Signs on one sheet; answers are kept, for a search asks for the same pair many times."""

    plan: Plan
    chains: Sequence[Chain]
    indents: bool
    page: int
    _between: dict[tuple[int, int], dict[str, float] | None] = field(default_factory=dict)
    _alike: dict[tuple[Group, int], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.em = self.plan.body
        self._likeness = Likeness(chain.text for chain in self.chains)
        self._page = "".join(squeeze(chain.text) for chain in self.chains)
        self._first = min(chain.place for chain in self.chains) if self.chains else (0.0, 0.0)
        self._upright, self._across = self.plan.sheet.upright, self.plan.sheet.across
        self._followed = {id(strip.above) for chain in self.chains for strip in chain.strips if strip.above}
        captions = [around([stack.box, *self.plan.pictures_of(stack)]) for stack in self.plan.captions]
        self._units = [*captions, *self.plan.pictures, *(stack.box for stack in self.plan.bylines)]

    def goes_on(self, group: Group, chain: Chain) -> Signs | None:
        """Signs of ``chain`` going on with ``group``; None where it cannot by its place."""
        if not group.chains:
            return None
        last = self.chains[group.chains[-1]]
        if not (last.frame == chain.frame or (last.frame < 0 and chain.frame < 0)):
            return None
        key = last.number, chain.number
        if key not in self._between:
            near = self._near(last, chain)
            self._between[key] = (
                {**read_across(last, chain, self._page, self.indents), **near} if near else None
            )
        between = self._between[key]
        if between is None:
            return None
        return {**between, **self._level(group, last, chain), "alike": self.alike(group, chain)}

    def opens(self, chain: Chain) -> Signs:
        """Signs of ``chain`` opening an article: without a headline above, or left of one."""
        first = chain.strips[0]
        found = {"opens": 1.0, f"opens:{chain.begins(self.indents)}": 1.0}
        if chain.place <= self._first:
            found["opens:first"] = 1.0
            if self.page > 1:
                found["opens:first of a later page"] = 1.0
        if any(self.beside(head, chain) for head in self.plan.heads):
            found["opens:beside a headline"] = 1.0
        if first.above is not None:
            found["opens:below text"] = 1.0
        return found

    def starts(self, chain: Chain) -> Signs:
        """Signs of an article's text starting with ``chain``, the first under its headline."""
        habit = "indents" if self.indents else "none"
        return {"starts": 1.0, f"starts:{habit}/{chain.begins(self.indents)}": 1.0, **read_first(chain)}

    def beside(self, head: Head, chain: Chain) -> bool:
        """Whether a chain may be the first column of an article whose headline begins right of it."""
        level = abs(self._reach(chain)[0] - head.box[1]) < 2.5 * self.em
        near = -self.em <= head.box[0] - chain.right and head.left - chain.right <= _FARTHEST * self.em
        return level and near and chain.frame == head.frame

    def leads(self, group: Group, head: Head, chain: Chain | None) -> Signs | None:
        """Signs of ``group``, which has no headline, being what ``head`` begins with, before ``chain``."""
        if group.head is not None or not group.chains:
            return None
        first, last = self.chains[group.chains[0]], self.chains[group.chains[-1]]
        if not self.beside(head, first):
            return None
        if chain is None:
            return {"leads": 1.0, "leads:all": 1.0}
        on = self.goes_on(group, chain)
        if on is None:
            return None
        names = {name: value for name, value in on.items() if not name.startswith(("top:", "apart:"))}
        return {"leads": 1.0, **names, **({"leads:far": 1.0} if last is not first else {})}

    def alike(self, group: Group, chain: Chain) -> float:
        """How much the words of a chain are those of an article; between like places words decide."""
        key = group, chain.number
        if key not in self._alike:
            told = "".join(self.chains[number].text for number in group.chains[-_LATEST:])
            told = (group.head.text if group.head else "") + told
            self._alike[key] = min(_MOST_ALIKE, _WORDS * self._likeness.of(chain.text, told))
        return self._alike[key]

    # -- by place

    def _near(self, last: Chain, chain: Chain) -> dict[str, float] | None:
        """Signs of the columns' places; None where they are no neighbours."""
        beside = -self.em <= chain.left - last.right <= _FARTHEST * self.em
        below = chain.strips[0].above is last.strips[-1]
        if not beside and not below:
            return None
        found = {"below": float(below and not beside)}
        other = abs(chain.size / (last.size or 1.0) - 1.0) > 0.06
        found["type:other below" if below else "type:other beside"] = float(other)
        if below and not beside:
            found["below:far"] = max(0.0, (chain.box[1] - last.box[3]) / self.em - 1.6)
        wide = (chain.right - chain.left) - (last.right - last.left)
        found["width:other"] = float(abs(wide) > 1.2 * self.em)
        if beside:
            found["ruled off"] = float(self._ruled_off(last, chain))
            found["gutter"] = max(0.0, (chain.left - last.right) / self.em - 3.0)
        broken = id(last.strips[-1]) not in self._followed and not self._headed(last)
        top = chain.strips[0].above is None
        found[f"breaks:{'foot' if broken else 'inside'}/{'top' if top else 'inside'}"] = 1.0
        return found

    def _level(self, group: Group, last: Chain, chain: Chain) -> dict[str, float]:
        """Signs of how a chain stands to the block that an article fills."""
        spans = [self._reach(self.chains[number]) for number in group.chains]
        tops = [top for top, _ in spans] + ([group.head.box[1]] if group.head else [])
        top, bottom = min(tops), max(low for _, low in spans)
        high, low = self._reach(chain)
        foot = self._reach(last)[1]
        found: dict[str, float] = {}
        if high >= bottom or low <= top:
            found["apart:below" if high >= bottom else "apart:above"] = 1.0
            if self._crossed(last, chain, (bottom, high) if high >= bottom else (low, top)):
                found["apart:ruled"] = 1.0
        starts = min(abs(high - one) for one in (*tops, self._reach(last)[0]))
        found["top:level" if starts < 1.5 * self.em else "top:other"] = 1.0
        reach = (low - foot) / self.em
        side = "level" if abs(reach) < 1.6 else "longer" if reach > 0 else "shorter"
        found[f"bottom:{side}"] = 1.0
        found[f"bottom:far {side}"] = min(3.0, abs(reach) / 10)
        return found

    def _reach(self, chain: Chain) -> tuple[float, float]:
        """A chain's top and bottom, with the pictures, captions and bylines right above and below it."""
        top, bottom = chain.box[1], chain.box[3]
        for box in self._units:
            if overlap(box[0], box[2], chain.left, chain.right) > 0.3 * (chain.right - chain.left):
                if -self.em <= top - box[3] < 3 * self.em:
                    top = min(top, box[1])
                elif -self.em <= box[1] - bottom < 3 * self.em:
                    bottom = max(bottom, box[3])
        return top, bottom

    def _headed(self, chain: Chain) -> bool:
        """Whether a headline stands below a chain in its column."""
        return any(
            head.box[1] > chain.box[3] - self.em
            and overlap(head.left, head.right, chain.left, chain.right) > 0.5 * (chain.right - chain.left)
            for head in self.plan.heads
        )

    def _crossed(self, last: Chain, chain: Chain, between: tuple[float, float]) -> bool:
        """Whether a rule that lies across both columns parts the chain from the article."""
        return any(
            between[0] - 0.5 * self.em <= (rule[1] + rule[3]) / 2 <= between[1] + 0.5 * self.em
            and all(
                overlap(rule[0], rule[2], one.left, one.right) > 0.5 * (one.right - one.left)
                for one in (last, chain)
            )
            for rule in self._across
        )

    def _ruled_off(self, a: Chain, b: Chain) -> bool:
        """Whether an upright rule between two columns runs beyond both: it parts blocks, not columns."""
        top, bottom = min(a.box[1], b.box[1]), max(a.box[3], b.box[3])
        return any(
            a.right - self.em < rule[0] < b.left + self.em
            and overlap(rule[1], rule[3], top, bottom) > 0.5 * (bottom - top)
            and rule[1] < top - 1.5 * self.em
            for rule in self._upright
        )
