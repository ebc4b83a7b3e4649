"""One queue and one thread per model: callers' items share batches, and nobody waits behind a long job."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from banmian.data.errors import BanmianError

log = logging.getLogger(__name__)

In = TypeVar("In")
Out = TypeVar("Out")


class BusyError(BanmianError):
    """The queue is full; ``retry_after_s`` is when it may have room again."""

    def __init__(self, limit: int, waiting: int, retry_after_s: float) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(
            f"at most {limit} inputs waiting",
            f"{waiting} already waiting",
            remedy=f"Try again in {max(1, round(retry_after_s))} s.",
        )


class DeadlineError(BanmianError):
    """The answer would come after its deadline."""

    def __init__(self, deadline_s: float) -> None:
        super().__init__(
            f"an answer within {deadline_s:g} s",
            "a queue that is slower",
            remedy="Send less, or allow more time.",
        )


class ClosedError(BanmianError):
    """The engine is stopping and takes nothing new."""

    def __init__(self) -> None:
        super().__init__("an engine that is open", "one that is closing", remedy="Send it to another server.")


@dataclass(frozen=True)
class Limits:
    """Batching and queueing of one model; costs are tokens, roughly."""

    batch_tokens: int = 2048
    wait_s: float = 0.002
    max_waiting: int = 512
    deadline_s: float = 60.0


@dataclass(frozen=True)
class BatchRun:
    """What one run of the model did: for metrics and logs."""

    model: str
    items: int
    tokens: int
    waited_s: float
    ran_s: float


@dataclass
class _Job(Generic[In, Out]):
    items: Sequence[In]
    costs: list[int]
    deadline_s: float
    born: float
    future: Future[list[Out]] = field(default_factory=Future)

    def __post_init__(self) -> None:
        # Like lengths leave together, so that they are padded together.
        self.left = deque(sorted(range(len(self.items)), key=lambda i: -self.costs[i]))
        self.results: list[Any] = [None] * len(self.items)
        self.unfinished = len(self.items)

    @property
    def late(self) -> bool:
        return time.monotonic() - self.born > self.deadline_s


class Scheduler(Generic[In, Out]):
    """Runs items of many callers in shared batches, each caller's results in its order.

    Callers take turns item by item, so a single paragraph never waits behind an archive.

    Args:
        name: of the model, for threads and metrics.
        run: items to results of the same length and order.
        cost: of an item in tokens, cheap to say.
        limits: sizes and times.
        observe: called after each run, in the scheduler's thread.
    """

    def __init__(
        self,
        name: str,
        run: Callable[[list[In]], list[Out]],
        cost: Callable[[In], int],
        limits: Limits,
        observe: Callable[[BatchRun], None] | None = None,
    ) -> None:
        self.name, self.limits, self.observe = name, limits, observe
        self._run, self._cost = run, cost
        self._jobs: deque[_Job[In, Out]] = deque()
        self._waiting = self._waiting_cost = 0
        self._seconds_per_item = 0.01
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._work, name=f"banmian-{name}", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Items in the queue, those being run not counted."""
        return self._waiting

    def submit(self, items: Sequence[In], deadline_s: float | None = None) -> Future[list[Out]]:
        """Queue a job. Its future gives the results in order, or DeadlineError, or what the model raised.

        A job larger than the whole queue is taken when the queue is empty.

        Raises:
            BusyError: no room. ClosedError: stopping.
        """
        job: _Job[In, Out] = _Job(
            items,
            [self._cost(item) for item in items],
            deadline_s or self.limits.deadline_s,
            time.monotonic(),
        )
        if not items:
            job.future.set_result([])
            return job.future
        with self._changed:
            if self._closing:
                raise ClosedError
            if self._waiting and self._waiting + len(items) > self.limits.max_waiting:
                raise BusyError(
                    self.limits.max_waiting, self._waiting, self._waiting * self._seconds_per_item
                )
            self._jobs.append(job)
            self._waiting += len(items)
            self._waiting_cost += sum(job.costs)
            self._changed.notify_all()
        return job.future

    def close(self) -> None:
        """Take nothing new, finish what is queued, stop the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._jobs or self._closing)
                if not self._jobs:
                    return
                self._changed.wait_for(self._enough, timeout=self.limits.wait_s)
                taken = self._take()
            if taken:
                self._serve(taken)

    def _enough(self) -> bool:
        return self._closing or self._waiting_cost >= self.limits.batch_tokens

    def _take(self) -> list[tuple[_Job[In, Out], int]]:
        """The next items, one from each job in turn, up to the budget; late and cancelled jobs go."""
        taken: list[tuple[_Job[In, Out], int]] = []
        cost = 0
        while self._jobs and cost < self.limits.batch_tokens:
            job = self._jobs.popleft()
            if job.late or job.future.done():
                self._drop(job)
                continue
            place = job.left.popleft()
            taken.append((job, place))
            cost += job.costs[place]
            self._waiting -= 1
            self._waiting_cost -= job.costs[place]
            if job.left:
                self._jobs.append(job)
        return taken

    def _drop(self, job: _Job[In, Out]) -> None:
        self._waiting -= len(job.left)
        self._waiting_cost -= sum(job.costs[place] for place in job.left)
        job.left.clear()
        _settle(job.future, DeadlineError(job.deadline_s))

    def _serve(self, taken: list[tuple[_Job[In, Out], int]]) -> None:
        began = time.monotonic()
        results = self._attempt([job.items[place] for job, place in taken])
        ran = time.monotonic() - began
        self._seconds_per_item += 0.2 * (ran / len(taken) - self._seconds_per_item)
        for (job, place), result in zip(taken, results, strict=True):
            if isinstance(result, Exception):
                _settle(job.future, result)
                continue
            job.results[place] = result
            job.unfinished -= 1
            if not job.unfinished:
                _settle(job.future, job.results)
        if self.observe:
            tokens = sum(job.costs[place] for job, place in taken)
            waited = began - min(job.born for job, _ in taken)
            self.observe(BatchRun(self.name, len(taken), tokens, waited, ran))

    def _attempt(self, items: list[In]) -> list[Out | Exception]:
        """Results of a batch; if it fails, of each item by itself, so that one bad item harms no other."""
        try:
            return list(self._run(items))
        except Exception as problem:
            if len(items) == 1:
                if not isinstance(problem, BanmianError):
                    log.exception("%s failed on one input", self.name)
                return [problem]
        return [self._attempt([item])[0] for item in items]


def _settle(future: Future[list[Any]], outcome: list[Any] | Exception) -> None:
    """Set the outcome unless the caller has left or another item of the job failed first."""
    if future.done() or not future.set_running_or_notify_cancel():
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
