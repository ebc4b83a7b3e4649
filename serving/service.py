"""What page and REST share: one engine and desk once they are loaded, the limits, metrics and corrections.

Every method that works takes the same way: check the input, admit, work on a thread, count. So page and
endpoint give the same answer to the same text, and the same refusal.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import nullcontext

from banmian.data.errors import BanmianError
from banmian.data.facts import unsupported
from banmian.data.files import read_bytes
from banmian.data.issue import Issue, Prediction, Span, Written
from banmian.data.labels import Label, Register
from banmian.data.page import read_page
from banmian.serving.admission import Admission, NotReadyError, ReloadError
from banmian.serving.checks import check_known, check_text, check_unicode
from banmian.serving.config import ServeConfig
from banmian.serving.corrections import Corrections
from banmian.serving.desk import Desk
from banmian.serving.engine import Engine
from banmian.serving.inputs import Reading
from banmian.serving.metrics import Metrics
from banmian.serving.nearest import Near, nearest
from banmian.serving.problems import TooLarge, ordinary_json
from banmian.serving.reasons import Reasons
from banmian.serving.scheduler import BatchRun
from banmian.serving.store import ModelStore
from banmian.serving.traces import stage
from banmian.serving.why import Why
from banmian.serving.writer import Request

log = logging.getLogger("banmian.serving")

#: Makes an engine from a store; the observer wants to be told of every batch.
Load = Callable[[ModelStore, Callable[[BatchRun], None]], Engine]


class Service:
    """One server's state.

    Args:
        config: its limits.
        store: where the published models are.
        corrections: where mended issues go.
        load: makes the engine; called once, by :meth:`load`.
    """

    def __init__(
        self,
        config: ServeConfig,
        store: ModelStore,
        corrections: Corrections,
        load: Load,
    ) -> None:
        self.config, self.store = config, store
        self.admission = Admission(config)
        self.metrics = Metrics(lambda: self.admission.admitted)
        self.corrections = corrections
        self._load = load
        self._engine: Engine | None = None
        self._desk: Desk | None = None
        self._reasons: Reasons | None = None
        self.failure = ""

    def load(self) -> None:
        """Load and warm the models; afterwards :attr:`engine` answers, or says why it never will."""
        try:
            engine = self._load(self.store, self.metrics.ran)
            engine.warm()
        except BanmianError as problem:
            self.failure = str(problem)
            log.error("models not loaded: %s", problem)
            return
        except Exception as problem:
            self.failure = type(problem).__name__
            log.exception("models not loaded")
            return
        self._engine, self._desk, self.failure = engine, Desk(engine), ""
        self._reasons = Reasons(engine)
        self.metrics.watch_queues(lambda: engine.waiting())
        self._ready_with(engine)

    def reload(self) -> None:
        """Take up what is published now; requests that run end with the models they began with.

        Raises:
            NotReadyError: the models are still loading. ReloadError: what is published does not load; what
                answered before goes on.
        """
        if self._engine is None:
            if self.failure:
                self.load()
            self.engine  # noqa: B018 - says why there is none
            return
        try:
            self._engine.reload()
        except Exception as problem:
            told = str(problem) if isinstance(problem, BanmianError) else type(problem).__name__
            log.exception("not reloaded")
            self.metrics.reloaded("refused")
            raise ReloadError(told) from None
        self.metrics.reloaded("taken")
        self._ready_with(self._engine)

    def _ready_with(self, engine: Engine) -> None:
        models = {str(kind): version for kind, version in engine.models().items()}
        self.metrics.ready(models)
        log.info("ready", extra={"fields": {"models": models}})

    def close(self) -> None:
        """Let go of the models; what still runs ends first."""
        self.admission.close()
        if self._reasons:
            self._reasons.close()
        if self._engine:
            self._engine.close()

    @property
    def ready(self) -> bool:
        """Whether the models are loaded."""
        return self._engine is not None

    @property
    def engine(self) -> Engine:
        """The loaded engine, or NotReadyError."""
        if self._engine is None:
            raise NotReadyError(self.failure)
        return self._engine

    @property
    def desk(self) -> Desk:
        """The desk over the loaded engine, or NotReadyError."""
        if self._desk is None:
            raise NotReadyError(self.failure)
        return self._desk

    async def classify(self, paragraphs: Sequence[str], headline: str, lead: str) -> list[Prediction]:
        """A prediction for every paragraph, in order."""
        engine = self.engine
        self._check_many(paragraphs, "paragraphs")
        check_unicode(headline, "headline")
        check_unicode(lead, "lead")
        limit = self.config.deadline_s
        readings = [Reading(text, headline, lead) for text in paragraphs]
        made = await self.admission.run(lambda: engine.classify(readings, limit))
        self.metrics.worked("paragraph", len(made))
        return made

    async def reasons(
        self, readings: Sequence[Reading], said: Sequence[tuple[Label, float]], patience_s: float
    ) -> list[Why]:
        """Why each paragraph got the label and probability that were said of it, in order.

        Nearest labelled paragraphs are left out if their index is not made within ``patience_s``.
        """
        if self._reasons is None:
            raise NotReadyError(self.failure)
        explain, limit = self._reasons.explain, self.config.deadline_s
        self._check_many([reading.text for reading in readings], "paragraphs")
        made = await self.admission.run(lambda: explain(readings, said, limit, patience_s))
        self.metrics.worked("reason", len(made))
        return made

    async def headlines(self, requests: Sequence[Request]) -> list[Written]:
        """A headline for every request, in order."""
        engine = self.engine
        self._check_many([request.text for request in requests], "texts")
        limit = self.config.deadline_s
        made = await self.admission.run(lambda: engine.write(requests, limit))
        self.metrics.worked("headline", len(made))
        return made

    async def support(self, text: str, headline: str, date: str = "") -> tuple[Span, ...]:
        """The places of a headline that the text does not support; needs no model."""
        check_text(text, "text")
        check_text(headline, "headline")
        return await self.admission.run(lambda: unsupported(headline, text, date))

    async def check(
        self, paragraphs: Sequence[str], headline: str, date: str
    ) -> tuple[tuple[Span, ...], list[Near | None]]:
        """:meth:`support` by an article's paragraphs, and for each span the place that comes nearest."""
        text = "\n".join(paragraphs)
        check_text(text, "text")
        check_text(headline, "headline")

        def work() -> tuple[tuple[Span, ...], list[Near | None]]:
            spans = unsupported(headline, text, date)
            return spans, nearest(spans, headline, paragraphs)

        return await self.admission.run(work)

    async def analyze_text(
        self, text: str, register: Register, paper: str = "", date: str = "", candidates: int = 1
    ) -> Issue:
        """A pasted page, article or paragraph, analysed; paper and date go into the record."""
        desk = self.desk
        check_text(text, "text")
        if (size := len(text.encode())) > self.config.max_body_bytes:  # the page's way in has no body limit
            raise TooLarge(
                f"at most {self.config.max_body_bytes} bytes", f"{size} bytes", "text", "Send less at once."
            )
        known = check_known(paper, date)
        return await self._analyze(desk, lambda: read_page(text, id="page", **known), register, candidates)

    async def analyze_file(
        self,
        raw: bytes,
        name: str,
        register: Register,
        paper: str = "",
        date: str = "",
        candidates: int = 1,
    ) -> Issue:
        """An uploaded file, read by its name's ending and analysed; what it says itself goes first."""
        desk = self.desk
        known = check_known(paper, date)

        def read() -> Issue:
            with ordinary_json(name) if name.lower().endswith(".json") else nullcontext():
                issue = read_bytes(raw, name)
            missing = {key: value for key, value in known.items() if not getattr(issue, key)}
            return issue.model_copy(update=missing)

        return await self._analyze(desk, read, register, candidates)

    async def _analyze(
        self, desk: Desk, read: Callable[[], Issue], register: Register, candidates: int
    ) -> Issue:
        limit = self.config.deadline_s

        def work() -> Issue:
            with stage("read"), self.metrics.reading():
                issue = read()
            return desk.analyze(issue, register, candidates=candidates, deadline_s=limit)

        issue = await self.admission.run(work)
        self.metrics.worked("page", 1)
        self.metrics.worked("paragraph", sum(1 for _ in issue.body()))
        self.metrics.worked("headline", sum(1 for article in issue.articles if article.written))
        return issue

    def _check_many(self, texts: Sequence[str], where: str) -> None:
        if len(texts) > self.config.max_inputs:
            raise TooLarge(
                f"at most {self.config.max_inputs} {where}",
                str(len(texts)),
                where,
                "Send them in several requests.",
            )
        for index, text in enumerate(texts):
            check_text(text, f"{where}[{index}]")

    async def load_in_background(self) -> None:
        """:meth:`load` on a thread, so that the server answers (503) meanwhile."""
        await asyncio.to_thread(self.load)
