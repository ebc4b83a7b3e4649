"""Which columns make an article: the likeliest way to give all of a sheet's chains to articles.

Chains are taken in the order of columns. One under a headline is that headline's; any other goes on with
an article that ends beside or above it, or opens one. Several ways are followed at once, so that what comes
later on the sheet may speak for a choice that looked second best.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from banmian.data.geometry_chains import Chain, Group
from banmian.data.geometry_kinds import Head
from banmian.data.geometry_links import Links, Signs
from banmian.data.geometry_weights import LINKS

#: How many ways are followed at once, and on a page with very many chains, which no newspaper prints.
_WAYS, _MANY, _FEW_WAYS = 24, 120, 1
#: Log-odds against an article without a headline that is not carried over from the page before, against a
#: headline without text, and against a chain that ends inside a sentence and is never gone on with.
_HEADLESS, _EMPTY, _OPEN = 2.0, 2.0, 2.0


@dataclass(frozen=True)
class Way:
    """One way to make articles of the chains taken so far; ``score`` is its log-probability."""

    groups: tuple[Group, ...]
    score: float = 0.0

    def replaced(self, at: int, group: Group, gain: float, gone: int = -1) -> Way:
        """With group ``at`` (its length for a new one) as ``group``, and ``gone`` left out."""
        groups = [*self.groups[:at], group, *self.groups[at + 1 :]]
        if gone >= 0:
            del groups[gone]
        return Way(tuple(groups), self.score + gain)


@dataclass(frozen=True)
class Choice:
    """What may become of a chain or a headline: the group it makes, in whose place, and its signs.

    ``gone`` is the place of a group that is taken into it. ``missing`` says that the article begins with text
    that this way has given to another: weighed beside the others, and never taken.
    """

    group: Group
    at: int
    signs: Signs
    gone: int = -1
    missing: bool = False


def groups_of(links: Links, heads: Sequence[Head], weights: Mapping[str, float] = LINKS) -> list[Group]:
    """Every headline and every chain in exactly one group; those without a headline come last."""
    ways = [Way(tuple(Group(head) for head in heads))]
    most = _WAYS if len(links.chains) <= _MANY else _FEW_WAYS
    for taken in in_order(links, heads):
        grown = [
            way.replaced(choice.at, choice.group, gain, choice.gone)
            for way in ways
            for choice, gain in _weighed(choices(links, way, taken), weights)
            if not choice.missing
        ]
        ways = sorted(grown, key=lambda way: -way.score)[:most]
    return list(max(ways, key=lambda way: way.score + _whole(links, way)).groups)


def in_order(links: Links, heads: Sequence[Head]) -> list[Chain | Head]:
    """Chains, and headlines with none under them, from the left and from above."""
    over = {id(chain.head) for chain in links.chains}
    bare = [head for head in heads if id(head) not in over]
    return sorted([*links.chains, *bare], key=_place)


def _place(taken: Chain | Head) -> tuple[float, float]:
    return taken.place if isinstance(taken, Chain) else (taken.box[0], taken.box[1])


def choices(links: Links, way: Way, taken: Chain | Head) -> list[Choice]:
    """What may become of a chain or a bare headline in ``way``, at least one thing."""
    head = taken if isinstance(taken, Head) else taken.head
    if head is not None:
        return _headed(links, way, taken, head)
    assert isinstance(taken, Chain)
    number = taken.number
    found = [Choice(Group(None, (number,)), len(way.groups), links.opens(taken))]
    for at, group in enumerate(way.groups):
        signs = links.goes_on(group, taken)
        if signs is not None:
            found.append(Choice(Group(group.head, (*group.chains, number)), at, signs))
    return found


def _headed(links: Links, way: Way, taken: Chain | Head, head: Head) -> list[Choice]:
    """A chain under a headline goes to it; the first may follow text that stands left of the headline."""
    at = next(at for at, group in enumerate(way.groups) if group.head is head)
    own = way.groups[at]
    chain = taken if isinstance(taken, Chain) else None
    numbers = (chain.number,) if chain else ()
    if own.chains or chain is None:
        found = [Choice(Group(head, (*own.chains, *numbers)), at, {})]
    else:
        found = [
            Choice(Group(head, numbers), at, links.starts(chain)),
            Choice(Group(head, numbers), at, {}, missing=True),
        ]
    if own.chains:
        return found
    for other, group in enumerate(way.groups):
        signs = links.leads(group, head, chain)
        if signs is not None:
            found.append(Choice(Group(head, (*group.chains, *numbers)), at, signs, other))
    return found


def _weighed(offered: list[Choice], weights: Mapping[str, float]) -> list[tuple[Choice, float]]:
    scores = [weight(choice.signs, weights) for choice in offered]
    top = max(scores)
    total = top + math.log(sum(math.exp(score - top) for score in scores))
    return [(choice, score - total) for choice, score in zip(offered, scores, strict=True)]


def weight(signs: Signs, weights: Mapping[str, float]) -> float:
    """What signs weigh together; a sign that was never learnt weighs nothing."""
    return sum(weights.get(name, 0.0) * strength for name, strength in signs.items())


def _whole(links: Links, way: Way) -> float:
    """What speaks against a way when every chain has been taken."""
    against = 0.0
    first = min((chain.number for chain in links.chains), key=lambda n: links.chains[n].place, default=-1)
    lasts = max((chain.left for chain in links.chains), default=0.0)
    for group in way.groups:
        if group.head is None:
            against += _HEADLESS * (links.page == 1 or group.chains[0] != first)
        elif not group.chains:
            against += _EMPTY
        if group.chains:
            last = links.chains[group.chains[-1]]
            against += _OPEN * (last.end == "open" and last.left < lasts - links.em)
    return -against
