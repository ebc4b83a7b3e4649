"""Which of an article's facts belongs in a headline's place: 返岗率达99% where the article has 91%.

A headline's fact and every fact of its kind in the article are seen with what stands around them: the words
beside, the clause, the sentence. What they share is weighed (:mod:`banmian.data.weighing`), and where another
fact of the article fits the headline's place much better than any mention of the headline's own, the
headline tells something of the wrong thing.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

#: Ends of a clause; a bracket or a quotation mark ends none.
_CLAUSE_END = re.compile(r"[，。；：！？\n]")
_SENTENCE_END = re.compile(r"[。；！？\n]")
_SEGMENT_END = re.compile(r"[␣，。；：！？《》]")
_MEANS_NOTHING = re.compile(r"[^\u4e00-\u9fffA-Za-z]")
_TOKEN = re.compile(r"[A-Za-z]+|\d[\d.]+|[\u4e00-\u9fff]+")
#: Between two facts of one kind where both are told of the same: 由9000份提高到2.6万份, 江西、湖北和安徽.
_JOINED = re.compile(r"^(?:[、和与及至到—]|以及|[\u4e00-\u9fff]{0,4}[到至为成])$")
_LINKS = re.compile(
    "(?:合计|共计|总计|一共|总共|约为|达到|提高到|约|达|为|至|到|共|近|超|仅|已|有|的|是|于|在|了|由|从|计|自|占|逾)+$"
)
#: Characters on either side that stand beside a fact, in a headline and in an article.
_BESIDE, _THERE, _SCOPE = 12, 24, 60
_LABEL = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """A fact at ``[start, end)`` of a text; ``ours`` where the article's says what the headline's does."""

    start: int
    end: int
    text: str
    unit: str = ""
    ours: bool = False


@dataclass(frozen=True)
class Ground:
    """A normalised article with its clauses, its sentences and the words of each."""

    text: str

    @cached_property
    def clauses(self) -> tuple[int, ...]:
        """Where its clauses begin."""
        return _starts(self.text, _CLAUSE_END)

    @cached_property
    def sentences(self) -> tuple[int, ...]:
        """Where its sentences begin."""
        return _starts(self.text, _SENTENCE_END)

    @cached_property
    def tokens(self) -> tuple[frozenset[str], ...]:
        """The tokens of every sentence."""
        bounds = pairwise((*self.sentences, len(self.text)))
        return tuple(frozenset(tokens(self.text[start:end])) for start, end in bounds)

    @cached_property
    def weights(self) -> dict[str, float]:
        """What a token tells: more, the fewer sentences have it."""
        counts: dict[str, int] = {}
        for tokens in self.tokens:
            for token in tokens:
                counts[token] = counts.get(token, 0) + 1
        return {token: math.log((len(self.tokens) + 1) / count) for token, count in counts.items()}

    def clause(self, place: int) -> tuple[int, int]:
        """Start and end of the clause at ``place``."""
        return _around(self.clauses, place, len(self.text))

    def sentence(self, place: int) -> int:
        """The number of the sentence at ``place``."""
        return bisect_right(self.sentences, place) - 1


def tokens(text: str) -> Iterable[str]:
    """Pairs of characters, and numbers and Latin words whole."""
    for match in _TOKEN.finditer(text):
        run = match.group()
        if run[0] > "\x7f":
            yield from map("".join, pairwise(run))
        else:
            yield run


def _starts(text: str, end: re.Pattern[str]) -> tuple[int, ...]:
    return (0, *(match.end() for match in end.finditer(text)))


def _around(starts: Sequence[int], place: int, length: int) -> tuple[int, int]:
    at = bisect_right(starts, place) - 1
    return starts[at], starts[at + 1] if at + 1 < len(starts) else length


@dataclass(frozen=True)
class Slot:
    """The place of one fact in a headline, and what stands around it."""

    before: str
    after: str
    unit: str
    toward: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    segment: tuple[str, ...]
    rest: tuple[str, ...]


def slot(headline: str, said: Mention, others: Iterable[Mention], ground: Ground) -> Slot:
    """What stands around ``said`` in ``headline``; ``others`` are its further facts of that kind."""
    segment = _around(_starts(headline, _SEGMENT_END), said.start, len(headline))
    low, high = segment
    for other in others:
        if other.end <= said.start and not _JOINED.match(headline[other.end : said.start]):
            low = max(low, other.end)
        elif other.start >= said.end and not _JOINED.match(headline[said.end : other.start]):
            high = min(high, other.start)
    before, after = headline[low : said.start], headline[said.end : high]
    return Slot(
        before=_LINKS.sub("", before),
        after=after,
        unit=said.unit,
        toward=_toward(headline, said.start),
        left=_telling(before[-_BESIDE:], ground),
        right=_telling(after[:_BESIDE], ground),
        segment=_telling(headline[segment[0] : said.start], ground)
        + _telling(headline[said.end : segment[1]], ground),
        rest=_telling(headline[: segment[0]], ground) + _telling(headline[segment[1] :], ground),
    )


def _telling(text: str, ground: Ground) -> tuple[str, ...]:
    """The tokens that the article has somewhere."""
    return tuple(token for token in dict.fromkeys(tokens(text)) if token in ground.weights)


def _toward(text: str, start: int) -> str:
    """Whether a figure is where something comes from or where it gets to, empty where neither is said."""
    before = text[max(0, start - 1) : start]
    return "from" if before in ("由", "从") else "to" if before in ("到", "至") else ""


#: What :func:`shared` gives, in order.
FEATURES = (
    "label before", "label behind", "left on the left", "left on the right", "right on the right",
    "right on the left", "characters beside", "segment in the clause", "segment in the sentence",
    "rest in the sentence", "all nearby", "same unit", "other way", "segment ahead",
    "rest ahead", "segment back", "rest back", "nothing there",
)  # fmt: skip
#: Those that may speak against; of all others the more is shared, the likelier.
AGAINST = ("left on the right", "right on the left", "other way", "nothing there")
_WIDE = 8  # where the features of the sentence begin


def shared(place: Slot, there: Mention, others: Sequence[Mention], ground: Ground) -> tuple[float, ...]:
    """What a headline's place and one mention of the article have in common (``FEATURES``).

    ``others`` are all mentions of that kind in the order of the article: what stands behind the one before
    and ahead of the one after belongs to those.
    """
    low, high, back, ahead = _reach(there, others, ground)
    before, after = ground.text[low : there.start], ground.text[there.end : high].removeprefix("，")
    start, end = ground.clause(there.start)
    clause = ground.text[start:end]
    scope, gone = ground.text[there.end : ahead], ground.text[back : there.start]

    def told(tokens: Iterable[str], text: str) -> float:
        return sum(ground.weights[token] for token in tokens if token in text)

    label = _LINKS.sub("", before)
    toward = _toward(ground.text, there.start)
    return (
        _common(place.before[::-1], label[::-1]),
        _common(place.after, after),
        told(place.left, before),
        told(place.left, after),
        told(place.right, after),
        told(place.right, before),
        len(set(place.before[-3:]) & set(label[-6:])) + len(set(place.after[:3]) & set(after[:6])),
        told(place.segment, clause),
        *_wide(place, ground.sentence(there.start), ground),
        float(bool(place.unit) and place.unit == there.unit),
        float({place.toward, toward} == {"from", "to"}),
        told(place.segment, scope),
        told(place.rest, scope),
        told(place.segment, gone),
        told(place.rest, gone),
        0.0,
    )


def _wide(place: Slot, number: int, ground: Ground) -> tuple[float, float, float]:
    """What a sentence has of the segment, of the rest, and what it has of both with its neighbours."""
    tokens = ground.tokens[number]
    near = ground.tokens[max(0, number - 1) : number + 2]
    weights = ground.weights
    return (
        sum(weights[t] for t in place.segment if t in tokens),
        sum(weights[t] for t in place.rest if t in tokens),
        sum(weights[t] for t in (*place.segment, *place.rest) if any(t in n for n in near)),
    )


def nothing(place: Slot, number: int, ground: Ground) -> tuple[float, ...]:
    """:func:`shared` for a sentence that speaks of what the headline says, without a fact of the kind."""
    wide = _wide(place, number, ground)
    return (*(0.0,) * _WIDE, *wide, *(0.0,) * (len(FEATURES) - _WIDE - len(wide) - 1), 1.0)


def _reach(there: Mention, others: Sequence[Mention], ground: Ground) -> tuple[int, int, int, int]:
    """How far a text belongs to a mention, in its clause and in its sentence; never past its like."""
    start, end = ground.clause(there.start)
    number = ground.sentence(there.start)
    if there.end + 1 == end < len(ground.text):
        end = ground.clause(end)[1]  # “4月3日，停工；”: what the day is named for stands in the next clause
    low, high = max(start, there.start - _THERE), min(end, there.end + _THERE)
    bounds = (*ground.sentences, len(ground.text))
    back, ahead = max(bounds[number], there.start - _SCOPE), min(bounds[number + 1], there.end + _SCOPE)
    at = others.index(there)
    for before, here in zip(others[at - 1 :: -1] if at else (), others[at:0:-1], strict=False):
        if not _JOINED.match(ground.text[before.end : here.start]):
            low, back = max(low, before.end), max(back, before.end)
            break
    for here, behind in zip(others[at:], others[at + 1 :], strict=False):
        if not _JOINED.match(ground.text[here.end : behind.start]):
            high, ahead = min(high, behind.start), min(ahead, behind.start)
            break
    return low, high, back, ahead


def _common(one: str, other: str) -> float:
    """How many characters two texts begin with alike, at most a label's length."""
    count = 0
    for a, b in zip(one[:_LABEL], other[:_LABEL], strict=False):
        if a != b or _MEANS_NOTHING.match(a):
            break
        count += 1
    return float(count)
