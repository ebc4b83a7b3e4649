"""Facts of a headline that its article tells of something else, by weights (:mod:`banmian.data.weighed`).

The headline's place is offered every fact of its kind in the article, and also every sentence that has none.
What fits is weighed by a conditional logit fitted on printed headlines, where the right fact is known
(``banmian train support``). A fact is refused where the best other one outweighs all mentions of its own by
more than printed headlines ever show but for a small share.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from banmian.data.alignment import nothing, shared, slot, tokens
from banmian.data.lexicon import Word
from banmian.data.mentions import ArticleFacts, Kind, Said, likes, told
from banmian.data.weighed import LIMITS, WEIGHTS


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing the article offers for a place in the headline: its features, its text (empty: no fact)."""

    features: tuple[float, ...]
    text: str
    ours: bool
    sentence: int


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A fact that belongs to something else; ``there`` is what the article says in its place, or empty."""

    start: int
    end: int
    kind: Kind
    there: str

    @property
    def reason(self) -> str:
        """In Chinese, for an editor."""
        return f"文中这里是“{self.there}”" if self.there else "文中讲这件事的地方没有它"


def offers(said: Said, headline: Sequence[Said], text: str, article: ArticleFacts) -> list[Offer]:
    """What the article offers for the place of ``said`` in ``text``; empty where it has no other choice."""
    found = likes(said, headline, article)
    if not any(m.ours for m in found) or all(m.ours for m in found):
        return []
    alike = [one.mention for one in headline if one.kind == said.kind and one is not said]
    ground = article.ground
    place = slot(text, said.mention, alike, ground)
    offered = [
        Offer(shared(place, m, found, ground), m.text, m.ours, ground.sentence(m.start)) for m in found
    ]
    held = {ground.sentence(m.start) for m in found}
    for number in range(len(ground.sentences)):
        if number not in held and any(t in ground.tokens[number] for t in place.segment):
            offered.append(Offer(nothing(place, number, ground), "", ours=False, sentence=number))
    return offered


def outweighed(kind: Kind, offered: Sequence[Offer]) -> tuple[float, Offer]:
    """By how much the best other offer outweighs all of the headline's own, and which it is."""
    weights = WEIGHTS[kind]
    scores = [(sum(w * x for w, x in zip(weights, o.features, strict=True)), o) for o in offered]
    score, best = max((one for one in scores if not one[1].ours), key=lambda one: one[0])
    return score - _together([s for s, o in scores if o.ours]), best


def _together(scores: Sequence[float]) -> float:
    top = max(scores)
    return top + math.log(sum(math.exp(score - top) for score in scores))


def misplaced(
    text: str, cut: list[Word], article: ArticleFacts, taken: Iterable[tuple[int, int]] = ()
) -> Iterator[Misplaced]:
    """Facts of a normalised headline, cut into words, that the article tells of something else.

    ``taken`` are places whose numbers count nothing, as :func:`banmian.data.mentions.told` has them.
    """
    headline = list(told(text, cut, taken))
    for said in headline:
        offered = offers(said, headline, text, article)
        if offered:
            by, best = outweighed(said.kind, offered)
            if by > LIMITS[said.kind] and not _held(said, headline, offered, best, article):
                # A number is marked without its unit, as elsewhere in the check.
                end = said.quantity.end if said.quantity else said.mention.end
                yield Misplaced(said.mention.start, end, said.kind, best.text)


def _held(
    said: Said, headline: Sequence[Said], offered: Sequence[Offer], best: Offer, article: ArticleFacts
) -> bool:
    """Whether another figure of the headline stands beside its own fact and not beside the other one."""
    sentences = article.ground.tokens
    figures = {
        token
        for one in headline
        if one is not said and one.kind == "number"
        for token in tokens(one.mention.text)
        if token[0].isdigit()
    }
    near = max((len(figures & sentences[offer.sentence]) for offer in offered if offer.ours), default=0)
    return near > len(figures & sentences[best.sentence])
