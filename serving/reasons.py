"""Reasons for labels on request: one explainer and one index of labelled paragraphs for the labeller served.

Nothing is loaded before somebody asks. The index is made on a thread of its own; until it is there, answers
come without neighbours.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from banmian.data.issue import Issue, Prediction
from banmian.data.labels import Label
from banmian.serving.engine import Engine
from banmian.serving.inputs import Reading
from banmian.serving.neighbours import Neighbours
from banmian.serving.scheduler import ClosedError, DeadlineError
from banmian.serving.why import Explainer, Why

log = logging.getLogger("banmian.serving")


@dataclass(frozen=True)
class _Tools:
    digest: str
    explainer: Explainer
    neighbours: Neighbours
    indexing: threading.Thread


class Reasons:
    """Explains the labels of an engine's labeller, whichever it serves when it is asked.

    Args:
        engine: whose labels.
        threads: for one batch; all cores if not given.
        issues: labelled ones to find neighbours in; those the project ships if not given.
    """

    def __init__(
        self, engine: Engine, threads: int | None = None, issues: Sequence[Issue] | None = None
    ) -> None:
        self._engine, self._threads, self._issues = engine, threads, issues
        self._tools: _Tools | None = None
        self._opening = threading.Lock()
        self._working = threading.Lock()

    def explain(
        self,
        readings: Sequence[Reading],
        said: Sequence[tuple[Label, float]],
        deadline_s: float,
        patience_s: float = 0.0,
    ) -> list[Why]:
        """A reason for each reading, in order.

        Args:
            readings: paragraphs with text.
            said: the label and its probability, as the desk gave them.
            deadline_s: for all of it.
            patience_s: how long to wait for the index of labelled paragraphs, within the deadline.

        Raises:
            DeadlineError: it takes longer; the explanations run one at a time.
        """
        until = time.monotonic() + deadline_s
        tools = self._current()
        tools.indexing.join(min(patience_s, deadline_s / 2))
        made = []
        for reading, (label, confidence) in zip(readings, said, strict=True):
            if not self._working.acquire(timeout=max(0.0, until - time.monotonic())):
                raise DeadlineError(deadline_s)
            try:
                why = tools.explainer.explain(reading, label, confidence)
                if tools.neighbours.ready:
                    near = tools.neighbours.nearest(reading)
                    why = why.model_copy(update={"neighbours": near})
            finally:
                self._working.release()
            made.append(why)
        return made

    def close(self) -> None:
        """Stop making the index, if it is being made."""
        with self._opening:
            if self._tools:
                self._tools.neighbours.stop()

    def _current(self) -> _Tools:
        """The tools for the labeller that is served now; after a reload they are made anew."""
        bundle = self._engine.bundles()["labeller"]
        with self._opening:
            if self._tools is None or self._tools.digest != bundle.digest:
                if self._tools:
                    self._tools.neighbours.stop()
                explainer = Explainer(bundle, self._threads)
                neighbours = Neighbours(
                    bundle.digest, explainer.classifier, explainer.tokens, explainer.shape, self._issues
                )
                indexing = threading.Thread(target=_prepare, args=(neighbours,), daemon=True)
                self._tools = _Tools(bundle.digest, explainer, neighbours, indexing)
                indexing.start()
            return self._tools


def said(predictions: Sequence[Prediction]) -> list[tuple[Label, float]]:
    """What :meth:`Reasons.explain` wants to know of predictions."""
    return [(prediction.label, prediction.confidence) for prediction in predictions]


def _prepare(neighbours: Neighbours) -> None:
    begun = time.monotonic()
    try:
        neighbours.prepare()
    except ClosedError:
        return
    except Exception:  # on a thread of its own nobody would hear of it
        log.exception("no index of labelled paragraphs")
        return
    log.info("index of labelled paragraphs", extra={"fields": {"s": round(time.monotonic() - begun, 2)}})
