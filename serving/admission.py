"""Admission of requests: how many may run or wait, for how long, and whether the models are there.

REST and page go through the same door, so a limit holds for both together. The count is kept until the
work itself ends, not until its caller has given up: a queue limit that forgets abandoned work does not hold.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from opentelemetry.trace import Span

from banmian.data.errors import BanmianError
from banmian.serving.config import ServeConfig
from banmian.serving.scheduler import BusyError, DeadlineError
from banmian.serving.traces import begin

RETRY_AFTER_S = 1.0

T = TypeVar("T")


class NotReadyError(BanmianError):
    """The models are still being loaded, or could not be."""

    def __init__(self, failure: str = "") -> None:
        if failure:
            super().__init__(
                "loaded models",
                f"models that could not be loaded: {failure}",
                remedy="Mend that and restart.",
            )
        else:
            super().__init__(
                "loaded models", "models that are still loading", remedy="Try again when /readyz answers 200."
            )


class ReloadError(BanmianError):
    """What is published now could not be loaded; what answered before goes on answering."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            "a published model that loads",
            problem,
            remedy="Publish another one or roll back; the models that answered before go on.",
        )


class Admission:
    """Runs blocking work for asynchronous callers on ``config.workers`` threads, within the limits."""

    def __init__(self, config: ServeConfig) -> None:
        self._limit, self._deadline_s = config.queue_limit, config.deadline_s
        self._workers = ThreadPoolExecutor(config.workers, thread_name_prefix="banmian")
        self._lock = threading.Lock()
        self._admitted = 0

    @property
    def admitted(self) -> int:
        """Requests that run or wait now."""
        return self._admitted

    async def run(self, work: Callable[[], T]) -> T:
        """``work()`` on a worker thread.

        Raises:
            BusyError: the queue is full; nothing was started.
            DeadlineError: the deadline passed. Work that had not begun never will; work that had goes on,
                unheard.
        """
        with self._lock:
            if self._admitted >= self._limit:
                raise BusyError(self._limit, self._admitted, RETRY_AFTER_S)
            self._admitted += 1
        waiting = begin("wait")

        def begun() -> T:
            waiting.end()
            return work()

        # In the caller's context, so that log lines written on the thread bear the request's id.
        future = self._workers.submit(contextvars.copy_context().run, begun)
        future.add_done_callback(partial(self._release, waiting))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self._deadline_s)
        except TimeoutError:
            if future.done() and not future.cancelled():
                raise  # the work's own TimeoutError, not this deadline
            raise DeadlineError(self._deadline_s) from None

    def _release(self, waiting: Span, _: Future[T]) -> None:
        with self._lock:
            self._admitted -= 1
        if waiting.is_recording():  # dropped before a worker was free
            waiting.end()

    def close(self) -> None:
        """Take nothing more; what waits is dropped, what runs ends by itself."""
        self._workers.shutdown(wait=False, cancel_futures=True)
