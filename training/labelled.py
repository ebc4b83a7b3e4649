"""Labelled paragraphs to learn from: issues in the project's own form, and a Parquet file of real ones."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from banmian.data.errors import BanmianError
from banmian.data.holdout import HELD_OUT_ISSUES, fraction
from banmian.data.issue import Issue
from banmian.data.labels import LABELS
from banmian.data.shipped import REAL_ISSUE, issues_folder, shipped_issue, written_issues
from banmian.data.split import load_split
from banmian.eval import paragraphs
from banmian.serving.inputs import Reading
from banmian.training.config import ParagraphsConfig

log = logging.getLogger(__name__)

VALIDATION_SHARE = 0.05


@dataclass(frozen=True)
class Example:
    """A paragraph in context with its label (index in LABELS) and how much it counts in the loss.

    ``target``: where a teacher said how sure it is, a probability for each of LABELS; else empty.
    """

    reading: Reading
    label: int
    weight: float = 1.0
    target: tuple[float, ...] = ()


@dataclass(frozen=True)
class Examples:
    """What is trained on, and what temperature and checkpoint may be chosen on."""

    training: list[Example]
    validation: list[Example]


def from_issues(issues: Iterable[Issue], only: Sequence[str] | None = None) -> list[Example]:
    """Every labelled body block of ``issues`` (of those in ``only``, block ids, if given)."""
    return [_example(paragraph) for paragraph in paragraphs.from_issues(issues, only)]


def from_parquet(path: Path, doubtful_weight: float, learnt_share: float = 1.0) -> Examples:
    """Real labelled paragraphs: one article never stands on two sides.

    A tenth of the articles (:func:`banmian.data.holdout.held_out`) is left out altogether: it is what the
    labeller is reported on. Of the rest a twentieth is validation.

    Args:
        path: columns label, sure, text, title, kicker, lead, date.
        doubtful_weight: weight in the loss of rows whose annotator was not sure.
        learnt_share: of the articles to train on.
    """
    if not path.is_file():
        raise BanmianError(
            "a Parquet file of labelled paragraphs", "none", str(path), "Give its folder with --corpora."
        )
    learn, _ = paragraphs.from_parquet(path)
    training: list[Example] = []
    validation: list[Example] = []
    for paragraph in learn:
        example = _example(paragraph, 1.0 if paragraph.sure else doubtful_weight)
        if validates(paragraph.article):
            validation.append(example)
        elif _learnt(paragraph.article, learnt_share):
            training.append(example)
    log.info("%s: %d for training, %d for validation", path.name, len(training), len(validation))
    return Examples(training, validation)


def validates(article: str) -> bool:
    """Whether a real article, named ``title|date``, is validation, on every machine and version."""
    return fraction(f"validation|{article}") < VALIDATION_SHARE


def _learnt(name: str, share: float) -> bool:
    """Whether an article or an issue is in the ``share`` that is learnt."""
    return fraction(f"learnt|{name}") < share


def _example(paragraph: paragraphs.Labelled, weight: float = 1.0) -> Example:
    return Example(paragraph.reading, LABELS.index(paragraph.label), weight)


def assemble(config: ParagraphsConfig, further: Iterable[Issue] = ()) -> Examples:
    """All a run learns from: shipped issues, a file of real paragraphs if it names one, ``further`` issues.

    Issues held out and the real issue's test split never enter.
    """
    written = {issue.id: issue for issue in written_issues()}
    held = {*HELD_OUT_ISSUES, *config.validation_issues}
    unknown = sorted({*held, *config.written_issues} - written.keys())
    if unknown:
        raise BanmianError("ids of shipped written issues", ", ".join(unknown), "the run's lists of issues")
    wanted = set(config.written_issues or written) - held
    learnt = {id_ for id_ in wanted if _learnt(id_, config.learnt_share)}
    training = from_issues(issue for id_, issue in written.items() if id_ in learnt)
    validation = from_issues(written[id_] for id_ in config.validation_issues)
    if config.real_issue:
        split = load_split(issues_folder() / REAL_ISSUE)
        real = shipped_issue(REAL_ISSUE)
        training += from_issues([real], split["train"])
        validation += from_issues([real], split["validation"])
    if config.real_labelled:
        path = Path(config.corpora_folder) / config.real_labelled
        collected = from_parquet(path, config.doubtful_weight, config.learnt_share)
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
    if config.taught_paragraphs:
        corpora = ", ".join(config.taught_corpora)
        names.append(f"{config.taught_paragraphs} paragraphs of {corpora}, with a teacher's opinion")
    return names + [issue.id for issue in further]
