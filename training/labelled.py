"""Labelled paragraphs to learn from: issues in the project's own form, and a Parquet file of real ones."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from datasets import ClassLabel, load_dataset

from banmian.data.errors import BanmianError
from banmian.data.holdout import HELD_OUT_ISSUES, held_out
from banmian.data.issue import Issue
from banmian.data.labels import LABELS
from banmian.data.shipped import REAL_ISSUE, issues_folder, shipped_issue, written_issues
from banmian.data.split import load_split
from banmian.serving.inputs import Reading
from banmian.training.config import ParagraphsConfig

log = logging.getLogger(__name__)

VALIDATION_SHARE = 0.05
_COLUMNS = {"label", "sure", "text", "title", "kicker", "lead", "date"}


@dataclass(frozen=True)
class Example:
    """A paragraph in context with its label (index in LABELS) and how much it counts in the loss."""

    reading: Reading
    label: int
    weight: float = 1.0


@dataclass(frozen=True)
class Examples:
    """What is trained on, and what temperature and checkpoint may be chosen on."""

    training: list[Example]
    validation: list[Example]


def from_issues(issues: Iterable[Issue], only: frozenset[str] | None = None) -> list[Example]:
    """Every labelled body block of ``issues`` (of those in ``only``, block ids, if given)."""
    examples = []
    for issue in issues:
        for article, block in issue.body():
            if block.label is None or (only is not None and block.id not in only):
                continue
            reading = Reading(block.text, article.headline.text, article.lead)
            examples.append(Example(reading, LABELS.index(block.label)))
    return examples


def from_parquet(path: Path, doubtful_weight: float) -> Examples:
    """Real labelled paragraphs: one article never stands on two sides.

    A tenth of the articles (:func:`banmian.data.holdout.held_out`) is left out altogether: it is what the
    labeller is reported on. Of the rest a twentieth is validation.

    Args:
        path: columns label, sure, text, title, kicker, lead, date.
        doubtful_weight: weight in the loss of rows whose annotator was not sure.
    """
    if not path.is_file():
        raise BanmianError(
            "a Parquet file of labelled paragraphs", "none", str(path), "Give its folder with --corpora."
        )
    rows = load_dataset("parquet", data_files=str(path), split="train")
    missing = _COLUMNS - set(rows.column_names)
    if missing:
        raise BanmianError(f"columns {sorted(_COLUMNS)}", f"none called {sorted(missing)}", str(path))
    # Read as plain strings, labels would be numbered in order of appearance: the one list pins them.
    rows = rows.cast_column("label", ClassLabel(names=list(LABELS)))
    training: list[Example] = []
    validation: list[Example] = []
    for row in rows:
        title, date = row["title"] or "", row["date"] or ""
        if held_out(title, date):
            continue
        headline = " ".join(part for part in (row["kicker"], row["title"]) if part)
        reading = Reading(row["text"], headline, row["lead"] or "")
        example = Example(reading, row["label"], 1.0 if row["sure"] else doubtful_weight)
        (validation if _in_validation(title, date) else training).append(example)
    log.info("%s: %d for training, %d for validation", path.name, len(training), len(validation))
    return Examples(training, validation)


def _in_validation(title: str, date: str) -> bool:
    digest = hashlib.sha256(f"validation|{title}|{date}".encode()).hexdigest()
    return int(digest[:8], 16) / 16**8 < VALIDATION_SHARE


def assemble(config: ParagraphsConfig, further: Iterable[Issue] = ()) -> Examples:
    """All a run learns from: shipped issues, a file of real paragraphs if it names one, ``further`` issues.

    Issues held out and the real issue's test split never enter.
    """
    written = {issue.id: issue for issue in written_issues()}
    held = {*HELD_OUT_ISSUES, *config.validation_issues}
    unknown = sorted({*held, *config.written_issues} - written.keys())
    if unknown:
        raise BanmianError("ids of shipped written issues", ", ".join(unknown), "the run's lists of issues")
    learnt = set(config.written_issues or written) - held
    training = from_issues(issue for id_, issue in written.items() if id_ in learnt)
    validation = from_issues(written[id_] for id_ in config.validation_issues)
    if config.real_issue:
        split = load_split(issues_folder() / REAL_ISSUE)
        real = shipped_issue(REAL_ISSUE)
        training += from_issues([real], frozenset(split["train"]))
        validation += from_issues([real], frozenset(split["validation"]))
    if config.real_labelled:
        path = Path(config.corpora_folder) / config.real_labelled
        collected = from_parquet(path, config.doubtful_weight)
        training += collected.training if config.real_labelled_for == "learning" else []
        validation += collected.validation
    return Examples(training + from_issues(further), validation)


def described(config: ParagraphsConfig, further: Iterable[Issue] = ()) -> list[str]:
    """The names of what :func:`assemble` trains on, for the manifest and the model card."""
    names = ["written issues (imaginary pages, without those held out)"]
    if config.real_issue:
        names.append(f"{REAL_ISSUE}, train split")
    if config.real_labelled and config.real_labelled_for == "learning":
        names.append(f"{config.real_labelled} (real paragraphs, nine tenths of the articles)")
    return names + [issue.id for issue in further]
