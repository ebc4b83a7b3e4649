"""The phases of a soak: what one kind of load came to."""

from __future__ import annotations

import time

from banmian.data.issue import Record
from banmian.eval.load import Tally


class Phase(Record):
    """One kind of load, and the right answers' latencies in milliseconds.

    ``busy`` of the requests were told when to come back (429); ``failures`` are by what they got.
    """

    name: str
    requests: int
    busy: int
    failed: int
    failures: dict[str, int]
    seconds: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float


class Noting:
    """Collects the tallies of one phase and appends the phase when its block ends well."""

    def __init__(self, name: str, phases: list[Phase]) -> None:
        self._name, self._phases, self._all = name, phases, Tally()

    def __enter__(self) -> Noting:
        self._began = time.perf_counter()
        return self

    def __call__(self, tally: Tally) -> None:
        """Add a part of the phase."""
        self._all.seconds += tally.seconds
        self._all.failures += tally.failures
        self._all.busy += tally.busy

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            return
        tally = self._all
        self._phases.append(
            Phase(
                name=self._name,
                requests=len(tally.seconds) + tally.busy + tally.failed,
                busy=tally.busy,
                failed=tally.failed,
                failures=dict(tally.failures),
                seconds=time.perf_counter() - self._began,
                p50_ms=tally.percentile_ms(50),
                p95_ms=tally.percentile_ms(95),
                p99_ms=tally.percentile_ms(99),
                max_ms=tally.percentile_ms(100),
            )
        )
