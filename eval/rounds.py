"""Times that can be compared: contestants take turns, so what else the machine does falls on all alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping

from tqdm import tqdm


class Rounds:
    """Seconds of each contestant in each round.

    Args:
        works: what is timed, by name; each is run once before, unless ``warm`` is false.
        rounds: how often each is timed, at least 1.
    """

    def __init__(self, works: Mapping[str, Callable[[], object]], rounds: int, warm: bool = True) -> None:
        self._seconds: dict[str, list[float]] = {name: [] for name in works}
        for number in tqdm(range(-warm, rounds), unit="round", leave=False, disable=None):
            for name, work in works.items():
                began = time.perf_counter()
                work()
                if number >= 0:
                    self._seconds[name].append(time.perf_counter() - began)

    def median(self, name: str) -> float:
        """Seconds, the median of the rounds."""
        return statistics.median(self._seconds[name])

    def times(self, name: str, slower: str) -> float:
        """How many times as long ``slower`` took as ``name``: the median of the rounds' own ratios."""
        pairs = zip(self._seconds[slower], self._seconds[name], strict=True)
        return statistics.median(long / short for long, short in pairs)
