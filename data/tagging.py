"""What each piece of a page is: a conditional random field over the pieces, its features hand-made signs.

Whether headlines stand above or below their bodies, and where bylines stand with headlines below, holds for
a whole page: it is read in each of these manners, and the likeliest reading of all is taken. The weights
(tagger.npz) are fitted on written issues in the development layouts (`banmian train reader`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from banmian.data.lines import Habits
from banmian.data.pieces import Piece
from banmian.data.signs import Signs, piece_signs

Tag = Literal["+H", "H", "+Y", "Y", "+B", "B", "I", "S", "G", "C"]
#: Headline, byline, paragraph, what goes on from the piece above, subhead, signature, caption; ``+`` opens
#: an article. The order is that of the weights.
TAGS: Final[tuple[Tag, ...]] = ("+H", "H", "+Y", "Y", "+B", "B", "I", "S", "G", "C")
Manner = Literal["above", "below, bylines first", "below, bylines last"]
MANNERS: Final[tuple[Manner, ...]] = ("above", "below, bylines first", "below, bylines last")

WEIGHTS = Path(__file__).parent / "tagger.npz"
#: Which of the two sides, headlines above or below, each manner has.
SIDES: Final = (0, 1, 1)
GOES_ON: Final = TAGS.index("I")
#: Log odds against each further opening of an article, in reading alone. The varied pages learnt from mix
#: stories, and weights fitted on them open articles at subheads: on written issues 31–47 but the held-out
#: ones, in development layouts, weights of issues 11–30 reach article boundary F1 .913 without, .948 with
#: 1.5, .875 with 3; weights that have seen those issues need none, and the shipped ones are the mean of both.
OPENING: Final = 0.75
_NEVER = 1e4
_UNLIKELY = 12.0  # a page that mixes manners is still read, against the odds

Table = NDArray[np.float32]


@dataclass(frozen=True)
class Reason:
    """Why a piece has its tag: the next likeliest, by how much it lost (log odds), and what decided.

    ``signs`` are the heaviest, each with what it adds to the odds; "order" is what the tags around add, and
    "break" what the signs between the lines do.
    """

    tag: Tag
    instead: Tag
    odds: float
    signs: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Tagged:
    """A page's tags, one a piece, and the manner it was read in."""

    tags: tuple[Tag, ...]
    manner: Manner


class Tagger:
    """The weights, and reading with them.

    Args:
        weights: ``signs`` (n names) and ``own`` (n × tags); ``sided_signs`` and ``sided`` (n × 2 × tags:
            headlines above, below); ``steps`` (manners × tags × tags), ``first`` and ``last``
            (manners × tags).
    """

    def __init__(self, weights: Mapping[str, NDArray[Any]]) -> None:
        tags = len(TAGS)
        self._own = {str(name): at for at, name in enumerate(weights["signs"], 1)}
        self._sided = {str(name): at for at, name in enumerate(weights["sided_signs"], 1)}
        self._table = _with_nought(weights["own"].reshape(-1, tags))
        self._sided_table = _with_nought(weights["sided"].reshape(-1, 2 * tags))
        steps, first, last = against()
        self._steps = weights["steps"].astype(np.float32) + steps
        self._steps[:, :, [tag.startswith("+") for tag in TAGS]] -= OPENING
        self._first = weights["first"].astype(np.float32) + first
        self._last = weights["last"].astype(np.float32) + last

    def tag(self, found: Sequence[Piece], habits: Habits) -> Tagged:
        """The likeliest tags of a page's pieces, which are without furniture."""
        if not found:
            return Tagged((), MANNERS[0])
        path, manner = self._best(self._scores(found, piece_signs(found, habits)))
        return Tagged(tuple(TAGS[at] for at in path), MANNERS[manner])

    def reasons(self, found: Sequence[Piece], habits: Habits) -> list[Reason]:
        """For every piece why it has its tag and not the next likeliest, its neighbours' tags as they are."""
        if not found:
            return []
        signs = piece_signs(found, habits)
        scores = self._scores(found, signs)
        path, manner = self._best(scores)
        going = going_on(found)
        return [
            self._reason(at, path, manner, scores[at, manner], signs[at], float(going[at]))
            for at in range(len(path))
        ]

    def _scores(self, found: Sequence[Piece], signs: Sequence[Signs]) -> Table:
        """What the signs say: (pieces × manners × tags)."""
        own = _sums([one.own for one in signs], self._own, self._table)
        sided = _sums([one.sided for one in signs], self._sided, self._sided_table)
        own[:, GOES_ON] += going_on(found)
        scores: Table = own[:, None] + sided.reshape(len(signs), 2, -1)[:, list(SIDES)]
        return scores

    def _best(self, scores: Table) -> tuple[list[int], int]:
        """The best path by Viterbi, and its manner."""
        score = self._first + scores[0]
        back = []
        for here in scores[1:]:
            steps = score[:, :, None] + self._steps
            back.append(steps.argmax(1))
            score = steps.max(1) + here
        manner, tag = divmod(int((score + self._last).argmax()), len(TAGS))
        path = [tag]
        for came in reversed(back):
            path.append(int(came[manner, path[-1]]))
        return path[::-1], manner

    def _reason(
        self, at: int, path: Sequence[int], manner: int, score: Table, signs: Signs, going: float
    ) -> Reason:
        order = self._steps[manner, path[at - 1]].copy() if at else self._first[manner].copy()
        order += self._steps[manner, :, path[at + 1]] if at + 1 < len(path) else self._last[manner]
        total = score + order
        chosen = path[at]
        other = max((tag for tag in range(len(TAGS)) if tag != chosen), key=lambda tag: float(total[tag]))
        weights = {
            name: float(self._table[self._own[name], chosen] - self._table[self._own[name], other])
            for name in signs.own
            if name in self._own
        }
        if GOES_ON in (chosen, other):
            weights["break"] = going * (1 if chosen == GOES_ON else -1)
        side = SIDES[manner] * len(TAGS)
        for name in signs.sided:
            row = self._sided_table[self._sided.get(name, 0)]
            weights[f"{name}/{MANNERS[manner]}"] = float(row[side + chosen] - row[side + other])
        weights["order"] = float(order[chosen] - order[other])
        heaviest = sorted(weights.items(), key=lambda item: -abs(item[1]))[:4]
        return Reason(TAGS[chosen], TAGS[other], float(total[chosen] - total[other]), tuple(heaviest))


@lru_cache(maxsize=1)
def shipped_tagger() -> Tagger:
    """The tagger with the weights in this package."""
    with np.load(WEIGHTS, allow_pickle=False) as weights:
        return Tagger(dict(weights))


def allowed(tags: Sequence[Tag], manner: int) -> bool:
    """Whether nothing in these tags is against the odds on a page of this manner."""
    rows = [TAGS.index(tag) for tag in tags]
    steps, first, last = against()
    path = [steps[manner, above, here] for above, here in pairwise(rows)]
    return not any((first[manner, rows[0]], *path, last[manner, rows[-1]]))


def going_on(found: Sequence[Piece]) -> Table:
    """For each piece the log odds that it goes on from the one above, by the signs between lines alone.

    The tagger's weights only correct them. After a sure break nothing goes on.
    """
    return np.array(
        [-_NEVER if one.why is None or one.why.sure else -one.why.odds for one in found], dtype=np.float32
    )


@lru_cache(maxsize=1)
def against() -> tuple[Table, Table, Table]:
    """What a page of each manner hardly does, as log odds: from piece to piece (manners × tags × tags), at
    its first piece and at its last (manners × tags).

    The first headline, byline or paragraph opens an article. Only a paragraph or a caption goes on, and a
    subhead ends no article. With headlines above, none ends
    the page. With headlines below, none opens an article, and a byline opens it if bylines stand first there,
    never if they stand last.
    """
    headline, opening_headline = TAGS.index("H"), TAGS.index("+H")
    byline, opening_byline = TAGS.index("Y"), TAGS.index("+Y")
    steps = np.zeros((len(MANNERS), len(TAGS), len(TAGS)), dtype=np.float32)
    first, last = np.zeros((2, len(MANNERS), len(TAGS)), dtype=np.float32)
    last[0, [opening_headline, headline]] = -_UNLIKELY
    for table in (steps, first[:, None]):
        table[1:, :, opening_headline] = -_UNLIKELY
        table[2, :, opening_byline] = -_UNLIKELY
    first[:, [headline, byline, TAGS.index("B")]] = -_UNLIKELY
    first[:, GOES_ON] = -_NEVER
    for at, tag in enumerate(TAGS):
        if tag not in ("+Y", "Y"):
            steps[1, at, byline] = -_UNLIKELY
        if tag not in ("+B", "B", "C", "I"):
            steps[:, at, GOES_ON] = -_NEVER
        if tag.startswith("+"):
            steps[:, TAGS.index("S"), at] = -_UNLIKELY
    return steps, first, last


def _with_nought(table: NDArray[Any]) -> Table:
    """A first row of zeros, for signs that have no weight."""
    return np.vstack([np.zeros((1, table.shape[1])), table]).astype(np.float32)


def _sums(rows: Sequence[tuple[str, ...]], index: Mapping[str, int], table: Table) -> Table:
    """For each row the sum of its signs' weights."""
    ids = [[0, *(index.get(name, 0) for name in row)] for row in rows]
    starts = np.cumsum([0, *(len(row) for row in ids[:-1])])
    sums: Table = np.add.reduceat(table[[at for row in ids for at in row]], starts, axis=0)
    return sums
