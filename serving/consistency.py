"""Paragraphs of one article hear each other: mostly a whole article has one label (the labelling guide).

Read one by one, a short line inside a report (拎好“菜篮子”，市民吃上了定心丸。) is taken for anything. So
each paragraph's log-probabilities get the mean of its neighbours' added, by a weight that validation chose.
It is evidence and not a vote: a paragraph that is sure stays what it is, so mixed articles stay mixed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from banmian.data.issue import Prediction
from banmian.data.labels import LABELS
from banmian.serving.inputs import Reading

Float = TypeVar("Float", bound=np.floating[Any])
# No probability is so small that its logarithm outweighs all else.
_LEAST = 1e-12


def articles(readings: Sequence[Reading]) -> list[list[int]]:
    """Indices of readings that share a headline and a lead, for each article with at least two of them.

    Readings without any context may come from anywhere and are never taken for one article.
    """
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, reading in enumerate(readings):
        if reading.headline or reading.lead:
            found[reading.headline, reading.lead].append(i)
    return [members for members in found.values() if len(members) > 1]


def consistent(
    scores: NDArray[np.float64], groups: Sequence[Sequence[int]], weight: float
) -> NDArray[np.float64]:
    """Log-probabilities ``[paragraphs, labels]`` after each has heard the others of its article.

    Args:
        scores: log-probabilities of each paragraph alone, same shape.
        groups: from :func:`articles`.
        weight: of the others' mean; 0 leaves everything as it is.
    """
    heard = scores.astype(np.float64)
    for group in groups:
        members = list(group)
        own = scores[members]
        others = (own.sum(axis=0) - own) / (len(members) - 1)
        heard[members] = own + weight * others
    return log_softmax(heard)


def log_softmax(scores: NDArray[Float]) -> NDArray[Float]:
    """Log-probabilities of scores over their last axis, in the scores' own precision."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), dtype=scores.dtype)


def log_probabilities(predictions: Sequence[Prediction]) -> NDArray[np.float64]:
    """What predictions say of each label, ``[predictions, labels]`` in LABELS' order."""
    table = [[max(p.probabilities[label], _LEAST) for label in LABELS] for p in predictions]
    logarithms: NDArray[np.float64] = np.log(table)
    return logarithms
