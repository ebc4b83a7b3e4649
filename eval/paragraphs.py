"""Labelled paragraphs to score on: named, frozen sets with a digest, so that two scores can be compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from banmian.data.errors import BanmianError
from banmian.data.holdout import held_out
from banmian.data.issue import Issue
from banmian.data.labels import LABELS, Label
from banmian.eval.parquet import read_rows
from banmian.serving.desk import reading
from banmian.serving.inputs import Reading

_COLUMNS = ("label", "sure", "text", "title", "kicker", "lead", "date")


@dataclass(frozen=True)
class Labelled:
    """A paragraph in its context, its label, and the article it stands in, which is the bootstrap's unit."""

    reading: Reading
    label: Label
    article: str
    sure: bool = True


@dataclass(frozen=True)
class ParagraphSet:
    """Paragraphs scored together, at least one."""

    name: str
    paragraphs: tuple[Labelled, ...]

    def __post_init__(self) -> None:
        if not self.paragraphs:
            raise BanmianError(
                "at least one labelled paragraph", "none", self.name, "Label some, or leave it out."
            )

    @property
    def labels(self) -> list[Label]:
        """The reference labels in order."""
        return [paragraph.label for paragraph in self.paragraphs]

    @property
    def articles(self) -> list[str]:
        """The article of each paragraph, in order."""
        return [paragraph.article for paragraph in self.paragraphs]

    @property
    def digest(self) -> str:
        """Twelve hex digits over texts, context and labels: equal only for the same set in the same order."""
        whole = hashlib.sha256()
        for p in self.paragraphs:
            whole.update(
                repr((p.reading.text, p.reading.headline, p.reading.lead, p.label, p.article)).encode()
            )
        return whole.hexdigest()[:12]

    def readings(self, context: bool) -> list[Reading]:
        """What the labeller reads: each paragraph with headline and lead, or alone."""
        if context:
            return [paragraph.reading for paragraph in self.paragraphs]
        return [Reading(paragraph.reading.text) for paragraph in self.paragraphs]


def from_issues(issues: Iterable[Issue], only: Sequence[str] | None = None) -> tuple[Labelled, ...]:
    """The labelled body blocks of ``issues``, of those whose block id is in ``only`` if it is given."""
    return tuple(
        Labelled(reading(article, block.text), block.label, f"{issue.id}/{article.id}")
        for issue in issues
        for article, block in issue.body()
        if block.label is not None and (only is None or block.id in only)
    )


def from_parquet(path: Path) -> tuple[tuple[Labelled, ...], tuple[Labelled, ...]]:
    """Real labelled paragraphs as ``(to learn from, held out)``: the fixed tenth of the articles is held out.

    Raises:
        BanmianError: no such file, a column missing, or a label that is none of LABELS.
    """
    learn: list[Labelled] = []
    held: list[Labelled] = []
    for number, row in enumerate(read_rows(path, _COLUMNS)):
        if row["label"] not in LABELS:
            raise BanmianError(f"one of {', '.join(LABELS)}", repr(row["label"]), f"{path.name} row {number}")
        title, date = row["title"] or "", row["date"] or ""
        headline = " ".join(part for part in (row["kicker"], title) if part)
        in_context = Reading(row["text"], headline, row["lead"] or "")
        paragraph = Labelled(in_context, row["label"], f"{title}|{date}", bool(row["sure"]))
        (held if held_out(title, date) else learn).append(paragraph)
    return tuple(learn), tuple(held)
