"""The engine: both models in memory, one scheduler each, shared by page, REST, command and archive."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from banmian.data.errors import BanmianError
from banmian.data.issue import Prediction, Written
from banmian.data.text import model_text
from banmian.serving.bundle import Bundle, Kind
from banmian.serving.inputs import Reading
from banmian.serving.labeller import Labeller
from banmian.serving.scheduler import BatchRun, DeadlineError, Limits, Scheduler
from banmian.serving.store import ModelStore
from banmian.serving.traces import stage
from banmian.serving.writer import Request, Writer

T = TypeVar("T")


@dataclass(frozen=True)
class EngineSettings:
    """How the engine runs: backend, threads and compute types as the models take them, and the queues."""

    backend: str = "auto"
    threads: int | None = None
    labeller_compute: str = "auto"
    writer_compute: str = "auto"
    labeller: Limits = field(default_factory=Limits)
    # A headline costs several times a paragraph, so fewer may wait.
    writer: Limits = field(default_factory=lambda: Limits(max_waiting=128))


class Engine:
    """Classifies and writes for many callers at once; every method may be called from any thread.

    Args:
        labeller: the bundle that labels paragraphs.
        writer: the bundle that writes headlines.
        settings: see :class:`EngineSettings`.
        observe: told of every batch that ran.
    """

    def __init__(
        self,
        labeller: Bundle,
        writer: Bundle,
        settings: EngineSettings | None = None,
        observe: Callable[[BatchRun], None] | None = None,
    ) -> None:
        self.settings = settings or EngineSettings()
        self._store: ModelStore | None = None
        self._reloading = threading.Lock()
        self._bundles: dict[Kind, Bundle] = {"labeller": labeller, "writer": writer}
        self._labeller, self._writer = self._open_labeller(labeller), self._open_writer(writer)
        self._paragraphs: Scheduler[Reading, Prediction] = Scheduler(
            "labeller",
            lambda readings: self._labeller.read(readings),
            self._reading_tokens,
            self.settings.labeller,
            observe,
        )
        self._headlines: Scheduler[Request, Written] = Scheduler(
            "writer",
            lambda requests: self._writer.write(requests),
            lambda request: min(len(request.text), self._writer.source_tokens),
            self.settings.writer,
            observe,
        )

    @classmethod
    def load(
        cls,
        store: ModelStore | None = None,
        backend: str = "auto",
        settings: EngineSettings | None = None,
        observe: Callable[[BatchRun], None] | None = None,
    ) -> Engine:
        """The engine over a store's published bundles; ``settings`` go before ``backend``."""
        store = store or ModelStore()
        engine = cls(
            store.published("labeller"),
            store.published("writer"),
            settings or EngineSettings(backend=backend),
            observe,
        )
        engine._store = store
        return engine

    def classify(self, readings: Sequence[Reading], deadline_s: float | None = None) -> list[Prediction]:
        """Predictions in order, each article considered whole; errors as :meth:`submit_readings`."""
        with stage("classify", paragraphs=len(readings)):
            alone = self.wait(self.submit_readings(readings, deadline_s), deadline_s)
            return self._labeller.consider(readings, alone)

    def write(self, requests: Sequence[Request], deadline_s: float | None = None) -> list[Written]:
        """Headlines in order; see :meth:`submit_requests`."""
        with stage("write", articles=len(requests)):
            return self.wait(self.submit_requests(requests, deadline_s), deadline_s)

    def submit_readings(
        self, readings: Sequence[Reading], deadline_s: float | None = None
    ) -> Future[list[Prediction]]:
        """Queue paragraphs, each to be read by itself, and return at once.

        Raises:
            BanmianError: a paragraph without text. BusyError: the queue is full. ClosedError: the engine
                is closing. The future raises DeadlineError if the answer is not there in time.
        """
        for i, reading in enumerate(readings):
            if not model_text(reading.text):
                raise BanmianError("a paragraph with text", "none", f"paragraphs[{i}]", "Leave it out.")
        return self._paragraphs.submit(list(readings), deadline_s)

    def submit_requests(
        self, requests: Sequence[Request], deadline_s: float | None = None
    ) -> Future[list[Written]]:
        """Queue articles for a headline and return at once; errors as :meth:`submit_readings`, and a
        BanmianError for a request that is wrong in itself.
        """
        for i, request in enumerate(requests):
            request.check(f"texts[{i}]")
        return self._headlines.submit(list(requests), deadline_s)

    def wait(self, future: Future[T], deadline_s: float | None = None) -> T:
        """The outcome of a submitted job; when its time is up the job is given up with DeadlineError."""
        patience = deadline_s or max(self.settings.labeller.deadline_s, self.settings.writer.deadline_s)
        try:
            return future.result(timeout=patience)
        except TimeoutError:
            future.cancel()
            raise DeadlineError(patience) from None

    def models(self) -> dict[str, str]:
        """The version served of each kind."""
        return {kind: bundle.manifest.version for kind, bundle in self._bundles.items()}

    def bundles(self) -> dict[Kind, Bundle]:
        """The bundle served of each kind."""
        return dict(self._bundles)

    def waiting(self) -> dict[str, int]:
        """Inputs in each queue."""
        return {"labeller": self._paragraphs.waiting, "writer": self._headlines.waiting}

    def warm(self) -> None:
        """Run both models once, so that the first caller does not pay for lazy initialisation."""
        self._labeller.predict([Reading("试运行。" * 20, "试运行", "试运行。")])
        self._writer.generate([Request("试运行。" * 20)])

    def reload(self) -> dict[str, str]:
        """Serve what the store publishes now, without a pause, and return the versions.

        Batches that run finish with the model they began with. If the new bundle does not load, the old
        one goes on.
        """
        with self._reloading:
            if self._store:
                bundle = self._store.published("labeller")
                if bundle.digest != self._bundles["labeller"].digest:
                    self._labeller = self._open_labeller(bundle)
                self._bundles["labeller"] = bundle
                bundle = self._store.published("writer")
                if bundle.digest != self._bundles["writer"].digest:
                    self._writer = self._open_writer(bundle)
                self._bundles["writer"] = bundle
        return self.models()

    def close(self) -> None:
        """Take nothing new, finish what is queued, and stop. May be called twice."""
        self._paragraphs.close()
        self._headlines.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _open_labeller(self, bundle: Bundle) -> Labeller:
        return Labeller(bundle, self.settings.backend, self.settings.threads, self.settings.labeller_compute)

    def _open_writer(self, bundle: Bundle) -> Writer:
        return Writer(bundle, self.settings.backend, self.settings.threads, self.settings.writer_compute)

    def _reading_tokens(self, reading: Reading) -> int:
        """About as many tokens as the reading has, without tokenizing: Chinese is one per character."""
        shape = self._labeller.shape
        head, lead = len(reading.headline), len(reading.lead)
        return len(reading.text) + min(head, shape.headline_tokens) + min(lead, shape.lead_tokens) + 4
