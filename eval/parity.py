"""Every backend held against torch in float32: whose labels and headlines differ, and where."""

from __future__ import annotations

from collections.abc import Sequence

from banmian.data.holdout import HELD_OUT_ISSUES
from banmian.data.issue import Issue, Record
from banmian.data.shipped import REAL_ISSUE, shipped_issue, written_issues
from banmian.eval.table import Table
from banmian.eval.unchecked import Unchecked
from banmian.serving import onnx_backend, processor
from banmian.serving.bundle import Bundle
from banmian.serving.desk import article_text
from banmian.serving.desk import reading as in_context
from banmian.serving.inputs import Reading
from banmian.serving.labeller import Labeller
from banmian.serving.writer import Request

#: The largest share of labels in which a backend may differ from torch in float32.
BOUND = 0.005

_REFERENCE = ("torch", "float32")
_SHOWN_CHARS = 24


class Difference(Record):
    """One input on which a backend and the reference disagree."""

    text: str
    reference: str
    found: str


class Agreement(Record):
    """A backend in a compute type against torch in float32, on ``inputs`` paragraphs or articles.

    ``largest`` is the largest difference of any probability (of labels only).
    """

    backend: str
    compute_type: str
    inputs: int
    differences: tuple[Difference, ...]
    largest: float | None = None

    @property
    def share(self) -> float:
        """The share of inputs that differ."""
        return len(self.differences) / self.inputs


class Parity(Record):
    """Every backend's labels and headlines against torch in float32."""

    labels: tuple[Agreement, ...]
    headlines: tuple[Agreement, ...]

    def tables(self) -> tuple[Table, ...]:
        """How many differ on each backend, then each that differs."""
        counts = tuple(
            (
                f"{each.backend} {each.compute_type}",
                kind,
                f"{len(each.differences)} of {each.inputs:,}",
                f"{each.share:.2%}",
                "" if each.largest is None else f"{each.largest:.3f}",
            )
            for kind, agreements in (("labels", self.labels), ("headlines", self.headlines))
            for each in agreements
        )
        lines = tuple(
            (f"{each.backend} {each.compute_type}", found.text, found.reference, found.found)
            for each in (*self.labels, *self.headlines)
            for found in each.differences
        )
        columns = ("backend", "what", "differ", "share", "largest difference of a probability")
        head = Table(f"Against torch float32 on {processor.name()}", columns, counts, left=2)
        if not lines:
            return (head,)
        return head, Table("What differs", ("backend", "text", "torch float32", "found"), lines, left=4)


def label_agreement(
    bundle: Bundle, readings: Sequence[Reading], threads: int | None = None
) -> tuple[Agreement, ...]:
    """The labels of every backend and compute type there is, as they are served (articles heard whole)."""
    reference = Labeller(bundle, _REFERENCE[0], threads, _REFERENCE[1]).predict(readings)
    made = []
    for backend, compute_type in _classifiers():
        found = Labeller(bundle, backend, threads, compute_type).predict(readings)
        pairs = list(zip(readings, reference, found, strict=True))
        made.append(
            Agreement(
                backend=backend,
                compute_type=compute_type,
                inputs=len(readings),
                differences=tuple(
                    Difference(
                        text=_start(each.text),
                        reference=f"{one.label} {one.confidence:.3f}",
                        found=f"{other.label} {other.confidence:.3f}",
                    )
                    for each, one, other in pairs
                    if one.label != other.label
                ),
                largest=max(
                    abs(one.probabilities[label] - other.probabilities[label])
                    for _, one, other in pairs
                    for label in one.probabilities
                ),
            )
        )
    return tuple(made)


def headline_agreement(
    bundle: Bundle, requests: Sequence[Request], threads: int | None = None
) -> tuple[Agreement, ...]:
    """The first headline of every searcher, before it is held against its article.

    Searched as transformers does with early stopping: patience it does not know.
    """
    reference = Unchecked(bundle, *_REFERENCE, threads).write(requests)
    made = []
    for backend, compute_type in _searchers():
        found = Unchecked(bundle, backend, compute_type, threads).write(requests)
        differences = tuple(
            Difference(text=_start(request.text), reference=one, found=other)
            for request, one, other in zip(requests, reference, found, strict=True)
            if one != other
        )
        made.append(
            Agreement(
                backend=backend, compute_type=compute_type, inputs=len(requests), differences=differences
            )
        )
    return tuple(made)


def pages_to_compare(paragraphs: int) -> tuple[list[Reading], list[Request]]:
    """Paragraphs and articles of the real issue, the held-out ones, and as many more as it takes.

    Whole issues, until there are ``paragraphs``.
    """
    first = [REAL_ISSUE, *HELD_OUT_ISSUES]
    issues = [*map(shipped_issue, first), *(issue for issue in written_issues() if issue.id not in first)]
    readings: list[Reading] = []
    requests: list[Request] = []
    for issue in issues:
        if len(readings) >= paragraphs:
            break
        readings += [in_context(article, block.text) for article, block in issue.body()]
        requests += _requests(issue)
    return readings, requests


def _classifiers() -> list[tuple[str, str]]:
    every = [("ctranslate2", each) for each in ("auto", "int8", "float32")]
    if onnx_backend.installed():
        every += [("onnx", each) for each in ("auto", "int8", "float32")]
    return every + ([("torch", "bfloat16")] if processor.has_bf16() else [])


def _searchers() -> list[tuple[str, str]]:
    every = [("ctranslate2", each) for each in ("auto", "float32")]
    return every + ([("torch", "bfloat16")] if processor.has_bf16() else [])


def _requests(issue: Issue) -> list[Request]:
    return [Request(text) for text in map(article_text, issue.articles) if text]


def _start(text: str) -> str:
    return " ".join(text.split())[:_SHOWN_CHARS]
