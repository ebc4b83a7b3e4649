"""Percentile bootstrap intervals, resampling paragraphs or whole articles.

The paragraphs of an article share its context and flip together (a report of nine paragraphs read as a
meeting is nine errors and one mistake), so resampling paragraphs would promise more than was measured:
for the labeller the article is the unit. For headlines each pair is an article of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Annotated

import numpy as np
from pydantic import Field

from banmian.data.issue import Record

RESAMPLES = 2000
LEVEL = 0.95
_AT_ONCE = 500


class Measured(Record):
    """A score, its bootstrap interval, and how the interval was made."""

    value: float
    low: float
    high: float
    unit: str
    units: int
    level: Annotated[float, Field(gt=0, lt=1)] = LEVEL
    resamples: int = RESAMPLES
    seed: int = 0


def totals(rows: np.ndarray, groups: Sequence[Hashable]) -> np.ndarray:
    """Sum ``rows`` ``(n, …)`` over equal ``groups``: shape ``(distinct groups, …)``, first seen first."""
    numbers: dict[Hashable, int] = {}
    index = [numbers.setdefault(group, len(numbers)) for group in groups]
    summed = np.zeros((len(numbers), *rows.shape[1:]))
    np.add.at(summed, index, rows)
    return summed


def bootstrap(
    units: np.ndarray,
    statistic: Callable[[np.ndarray], np.ndarray],
    unit: str,
    seed: int,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
) -> Measured:
    """The statistic of all units, with its percentile interval over resamples with replacement.

    Args:
        units: one row of additive counts or sums per unit, ``(units, …)``, at least one unit.
        statistic: from summed rows ``(resamples, …)`` to ``(resamples,)``.
        unit: what a row is: ``paragraph``, ``article``, ``headline``.
        seed: of the resampling; equal seeds give equal intervals.
        resamples: how many.
        level: share of resamples inside the interval.
    """
    count = len(units)
    flat = units.reshape(count, -1)
    random = np.random.default_rng(seed)
    drawn = []
    for start in range(0, resamples, _AT_ONCE):
        times = random.multinomial(count, np.full(count, 1 / count), size=min(_AT_ONCE, resamples - start))
        drawn.append(statistic((times @ flat).reshape(-1, *units.shape[1:])))
    tail = 100 * (1 - level) / 2
    low, high = np.percentile(np.concatenate(drawn), [tail, 100 - tail])
    value = float(statistic(units.sum(axis=0)[np.newaxis])[0])
    return Measured(
        value=value,
        low=float(low),
        high=float(high),
        unit=unit,
        units=count,
        level=level,
        resamples=resamples,
        seed=seed,
    )


def mean_with_interval(
    values: np.ndarray,
    unit: str,
    seed: int,
    groups: Sequence[Hashable] | None = None,
    resamples: int = RESAMPLES,
) -> Measured:
    """The mean of ``values`` ``(n,)`` with its interval; ``groups`` names the unit each value belongs to."""
    pairs = np.stack([values, np.ones(len(values))], axis=1)
    units = pairs if groups is None else totals(pairs, groups)
    return bootstrap(units, lambda sums: sums[:, 0] / sums[:, 1], unit, seed, resamples)
