"""The facts of an article and of a headline, each with its place: numbers, days, persons, places, bodies.

An article is read once (:func:`read_article` remembers the last ones) and in parts only as they are asked
for, so that a headline without names costs no search for names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from banmian.data.alignment import Ground, Mention
from banmian.data.amounts import covers
from banmian.data.dates import DateFacts, DateMention, agrees, date_facts, date_mentions
from banmian.data.departments import bodies
from banmian.data.gazetteer import china
from banmian.data.lexicon import Word, words
from banmian.data.names import names
from banmian.data.numbers import Quantity, quantities
from banmian.data.offices import named
from banmian.data.organisations import organisations
from banmian.data.places import places
from banmian.data.stances import Stance, stances
from banmian.data.text import model_text
from banmian.data.units import agree

Kind = Literal["number", "date", "person", "place", "organisation", "negation"]

#: Counted by any of these alike.
_PEOPLE = frozenset("人名位")
#: How deep a place of this ending lies.
_DEPTHS = {"省": 1, "市": 2, "州": 2, "盟": 2, "县": 3, "区": 3, "旗": 3, "镇": 4, "乡": 4, "村": 5}
#: What ends a place, however much it reads like a name.
_NO_NAMES = frozenset("县市区镇乡村路街省州")


@dataclass(frozen=True)
class ArticleFacts:
    """An article read once: its normal form and what it says of numbers and time."""

    text: str
    latin: str
    numbers: tuple[Quantity, ...]
    dates: DateFacts
    mentions: tuple[DateMention, ...]

    @cached_property
    def ground(self) -> Ground:
        """Its clauses and sentences."""
        return Ground(self.text)

    @cached_property
    def days(self) -> tuple[DateMention, ...]:
        """Its dates, 今天 and 去年 apart."""
        return tuple(sorted((m for m in self.mentions if not m.word), key=lambda m: m.start))

    @cached_property
    def _words(self) -> list[Word]:
        return words(self.text)

    @cached_property
    def people(self) -> tuple[Mention, ...]:
        """Its persons wherever it names them."""
        found = {mention.text for mention in names(self.text, self._words) if mention.sure} | named(self.text)
        return _everywhere((name for name in found if name[-1] not in _NO_NAMES), self.text)

    @cached_property
    def towns(self) -> tuple[Mention, ...]:
        """Its places of two characters or more."""
        found = (p for p in places(self.text, self._words) if len(p.text) > 1)
        return _apart(Mention(p.start, p.end, p.text) for p in found)

    @cached_property
    def bodies(self) -> tuple[Mention, ...]:
        """Its organisations and local bodies."""
        known = (Mention(o.start, o.end, o.text) for o in organisations(self.text, self._words))
        local = (Mention(start, end, self.text[start:end]) for start, end, _ in bodies(self.text))
        return _apart([*known, *local])

    @cached_property
    def stances(self) -> tuple[Stance, ...]:
        """Its words that have an opposite."""
        return tuple(stances(self.text))


@lru_cache(maxsize=64)
def read_article(text: str, date: str) -> ArticleFacts:
    """Read an article as it is printed; ``date`` is the paper's, ``YYYY-MM-DD`` or empty."""
    normal = model_text(text)
    mentions = list(date_mentions(normal))
    # 12日 is a day, not twelve of anything: dates lend their numbers to nothing else.
    days = [(m.start, m.end) for m in mentions if not m.word]
    numbers = tuple(q for q in quantities(normal, days) if q.solid or q.unit.dimension)
    return ArticleFacts(normal, latin(normal), numbers, date_facts(normal, mentions, date), tuple(mentions))


def latin(text: str) -> str:
    """The form in which codes are compared: C-919 and c919 are one."""
    return text.replace("-", "").casefold()


def _everywhere(found: Iterable[str], text: str) -> tuple[Mention, ...]:
    places = (match.span() for one in found for match in re.finditer(re.escape(one), text))
    return _apart(Mention(start, end, text[start:end]) for start, end in places)


def _apart(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """In the order of the text, of overlapping ones the longest that begins first."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class Said:
    """A fact of a headline; exactly one of the last four says what it is."""

    kind: Kind
    mention: Mention
    quantity: Quantity | None = None
    day: DateMention | None = None
    stance: Stance | None = None
    forms: tuple[str, ...] = ()


def told(headline: str, cut: list[Word], taken: Iterable[tuple[int, int]] = ()) -> Iterator[Said]:
    """The facts of a normalised headline, ``cut`` into words, that have a kind of their own in an article.

    ``taken`` are places whose numbers count nothing (plans, codes, a column's instalment).
    """
    taken = list(taken)
    for day in date_mentions(headline):
        if any(start < day.end and day.start < end for start, end in taken):
            continue
        taken.append((day.start, day.end))
        if not day.word:
            yield Said("date", Mention(day.start, day.end, day.text), day=day)
    for quantity in quantities(headline, taken):
        if quantity.solid:
            yield Said("number", counted(quantity), quantity=quantity)
    for stance in stances(headline):
        yield Said("negation", Mention(stance.start, stance.end, stance.text), stance=stance)
    yield from _named(headline, cut)


def _named(headline: str, cut: list[Word]) -> Iterator[Said]:
    known = [(o.start, o.end, o.text, o.supports) for o in organisations(headline, cut)]
    local = [
        (start, end, headline[start:end], (headline[start:end], *forms))
        for start, end, forms in bodies(headline)
    ]
    taken: list[tuple[int, int]] = []

    def free(start: int, end: int) -> bool:
        if any(a < end and start < b for a, b in taken):
            return False
        taken.append((start, end))
        return True

    for start, end, text, forms in sorted(known + local, key=lambda one: (one[0], -one[1])):
        if free(start, end):
            yield Said("organisation", Mention(start, end, text), forms=forms)
    for place in places(headline, cut):
        if len(place.text) > 1 and free(place.start, place.end):
            yield Said("place", Mention(place.start, place.end, place.text), forms=place.supports)
    for person in names(headline, cut):
        if person.sure and free(person.start, person.end):
            yield Said("person", Mention(person.start, person.end, person.text), forms=(person.text,))


def counted(quantity: Quantity) -> Mention:
    """A quantity with its unit as one mention."""
    unit = quantity.unit.text
    return Mention(quantity.start, quantity.end + len(unit), quantity.text + unit, unit)


def likes(said: Said, headline: Sequence[Said], article: ArticleFacts) -> tuple[Mention, ...]:
    """The article's facts of the kind in order; ``ours`` on those that say what the headline's does."""
    if said.quantity is not None:
        return tuple(_numbers_like(said.quantity, article.numbers))
    if said.day is not None:
        triple = said.day.triple
        return tuple(
            Mention(d.start, d.end, d.text, ours=agrees(triple, d.triple) or agrees(d.triple, triple))
            for d in article.days
        )
    if said.stance is not None:
        axis, side = said.stance.axis, said.stance.side
        return tuple(
            Mention(s.start, s.end, s.text, ours=s.side == side) for s in article.stances if s.axis == axis
        )
    others = {"person": article.people, "place": article.towns, "organisation": article.bodies}
    return tuple(_names_like(said, headline, others[said.kind], article))


def _names_like(
    said: Said, headline: Sequence[Said], others: Sequence[Mention], article: ArticleFacts
) -> Iterator[Mention]:
    """Its own mentions and others', but for those beside its own (沙特首都利雅得) or in the headline."""
    ours = _everywhere(said.forms, article.text)
    clauses = {article.ground.clause(own.start) for own in ours}
    here = [one.mention.text for one in headline if one.kind == said.kind]
    theirs = (
        other
        for other in others
        if article.ground.clause(other.start) not in clauses
        and not any(other.text in text or text in other.text for text in here)
        and not (said.kind == "place" and _may_lie_in(said.mention.text, other, article.text))
    )
    marked = (Mention(own.start, own.end, own.text, ours=True) for own in ours)
    yield from sorted((*marked, *theirs), key=lambda m: m.start)


def _may_lie_in(place: str, other: Mention, article: str) -> bool:
    """Whether a smaller place of the article may lie in the headline's: 渌口区 in 株洲."""
    if place in china(0):
        return False  # the places in a province are known
    return _depth(place) < _depth(other.text + article[other.end : other.end + 1])


def _depth(place: str) -> int:
    """0 for countries and what nobody knows; ``place`` with the sign behind it, an ending or not."""
    if place[-1] in _DEPTHS and place not in china(1):
        return _DEPTHS[place[-1]]
    return 2 if place in china(1) or place[:-1] in china(1) else 0


def _numbers_like(said: Quantity, numbers: Sequence[Quantity]) -> Iterator[Mention]:
    for number in numbers:
        if said.ordinal != number.ordinal or not agree(said.unit, number.unit, number.around):
            continue
        mention = counted(number)
        if covers(said, number):
            yield Mention(mention.start, mention.end, mention.text, mention.unit, ours=True)
        elif _same_measure(said, number):
            yield mention


def _same_measure(said: Quantity, other: Quantity) -> bool:
    """Whether one is told in the place of the other: one unit, persons however counted, money, shares."""
    one, two = said.unit, other.unit
    return (
        one.text == two.text
        or {one.text, two.text} <= _PEOPLE
        or (one.dimension == two.dimension and one.dimension in ("money", "percent"))
    )
