"""Prometheus metrics of one server, in a registry of its own so that two applications do not collide."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)

from banmian.serving.bundle import KINDS
from banmian.serving.scheduler import BatchRun

CONTENT_TYPE = CONTENT_TYPE_LATEST
# From a single paragraph (milliseconds) to a page in a full queue (tens of seconds).
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_ITEMS = (1, 2, 4, 8, 16, 32, 64, 128)


class Metrics:
    """What the server counts. ``admitted`` tells how many requests run or wait."""

    def __init__(self, admitted: Callable[[], int]) -> None:
        self.registry = CollectorRegistry()
        self.open = 0
        """Requests being answered now, without the page's open streams."""
        self._requests = Counter(
            "banmian_requests", "Answered requests.", ["route", "method", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "banmian_request_seconds",
            "Seconds from the first byte to the answer's last.",
            ["route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._inputs = Counter(
            "banmian_inputs",
            "Paragraphs labelled, headlines written, pages read.",
            ["kind"],
            registry=self.registry,
        )
        self._refused = Counter("banmian_refused", "Requests not served.", ["reason"], registry=self.registry)
        self._batch_items = Histogram(
            "banmian_batch_items", "Inputs in a batch.", ["model"], buckets=_ITEMS, registry=self.registry
        )
        self._tokens = Counter("banmian_tokens", "Tokens read, about.", ["model"], registry=self.registry)
        self._stage_seconds = Histogram(
            "banmian_stage_seconds",
            "Seconds that a batch of a model waited and ran, and that a page was read.",
            ["model", "stage"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        queue = Gauge("banmian_admitted_requests", "Requests that run or wait.", registry=self.registry)
        queue.set_function(admitted)
        being_answered = Gauge("banmian_open_requests", "Requests being answered.", registry=self.registry)
        being_answered.set_function(lambda: self.open)
        self._waiting = Gauge(
            "banmian_waiting_inputs", "Inputs in a model's queue.", ["model"], registry=self.registry
        )
        self._reloads = Counter(
            "banmian_reloads", "Looks at newly published models.", ["outcome"], registry=self.registry
        )
        ProcessCollector(registry=self.registry)  # memory, processor seconds, open files
        self._ready = Gauge("banmian_ready", "Whether the models are loaded.", registry=self.registry)
        self._models = Info("banmian_models", "Versions of the models that answer.", registry=self.registry)

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """One request ended."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def worked(self, kind: str, count: int) -> None:
        """``count`` paragraphs, headlines or pages were done."""
        self._inputs.labels(kind).inc(count)

    def ran(self, batch: BatchRun) -> None:
        """A model ran one batch."""
        self._batch_items.labels(batch.model).observe(batch.items)
        self._tokens.labels(batch.model).inc(batch.tokens)
        self._stage_seconds.labels(batch.model, "wait").observe(batch.waited_s)
        self._stage_seconds.labels(batch.model, "run").observe(batch.ran_s)

    def reading(self) -> AbstractContextManager[object]:
        """A page or a file is read within this."""
        return self._stage_seconds.labels("reader", "run").time()

    def refused(self, reason: str) -> None:
        """One request was not served."""
        self._refused.labels(reason).inc()

    def ready(self, models: Mapping[str, str]) -> None:
        """The models of these versions (by kind) answer from now on."""
        self._ready.set(1)
        self._models.info(dict(models))

    def watch_queues(self, waiting: Callable[[], Mapping[str, int]]) -> None:
        """``waiting`` tells the length of each model's queue from now on."""
        for model in KINDS:
            self._waiting.labels(model).set_function(partial(_length, waiting, model))

    def reloaded(self, outcome: str) -> None:
        """A newly published model was taken (``taken``) or could not be (``refused``)."""
        self._reloads.labels(outcome).inc()

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)


def _length(waiting: Callable[[], Mapping[str, int]], model: str) -> float:
    return waiting()[model]
