"""Articles whose labels an editor should confirm as a whole: they contradict each other, or hang by a hair.

The labelling guide lets three labels stand beside each other in one article; of 271 written articles none
mixes ``other`` with another label, and at most ten ``central_directive``. So confident paragraphs that do are
a mistake somewhere, even where each of them is sure by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from banmian.data.issue import Doubt, Prediction
from banmian.data.labels import LABELS, Label
from banmian.serving.consistency import log_probabilities

_MIX: frozenset[Label] = frozenset({"local_meeting", "public_notice", "livelihood_report"})

#: Two paragraphs at least this sure of labels that do not mix contradict each other. On three validation
#: issues (25 articles, 197 paragraphs, 7 wrong labels) that marks 3 articles, 2 of which have wrong labels.
CONFIDENT = 0.6
#: Less than this between the article's first two labels, in mean log-probability, is a hair. On the same
#: issues the two articles below have wrong labels (0.63, 2.24); the next stands at 3.57, the median at 5.1.
HAIR = 2.5


def doubts(predictions: Sequence[Prediction]) -> tuple[Doubt, ...]:
    """Why the labels of one article's paragraphs should be confirmed together; empty for fewer than two.

    One paragraph alone has its own mark, its abstention.
    """
    if len(predictions) < 2:
        return ()
    made: list[Doubt] = []
    if any(_contradict(one, other) for one, other in combinations(predictions, 2)):
        made.append("contradiction")
    mean = log_probabilities(predictions).mean(axis=0)
    second, first = np.argsort(mean)[-2:].tolist()
    if mean[first] - mean[second] < HAIR and not _mixed(predictions, LABELS[first], LABELS[second]):
        made.append("hair")
    return tuple(made)


def _mixed(predictions: Sequence[Prediction], first: Label, second: Label) -> bool:
    """Whether the article simply has paragraphs of both labels, as the guide allows."""
    held = {p.label for p in predictions if p.confidence >= CONFIDENT}
    return {first, second} <= _MIX & held


def _contradict(one: Prediction, other: Prediction) -> bool:
    return (
        one.label != other.label
        and not {one.label, other.label} <= _MIX
        and min(one.confidence, other.confidence) >= CONFIDENT
    )
