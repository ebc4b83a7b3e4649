"""What `banmian eval` measures, as one record: models beside baselines, on the same sets in the same run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from banmian.data.holdout import HELD_OUT_ISSUES
from banmian.data.issue import Record
from banmian.data.labels import CHINESE, DEFAULT_REGISTER, LABELS
from banmian.data.shipped import REAL_ISSUE, issues_folder, shipped_issue, written_issues
from banmian.data.split import load_split
from banmian.eval.baselines import CharTfidf, Majority
from banmian.eval.headlines import PairSet
from banmian.eval.intervals import RESAMPLES
from banmian.eval.paragraphs import Labelled, ParagraphSet, from_issues
from banmian.eval.score import LabellerScore, Predicts, score_labeller
from banmian.eval.table import Table, interval, score
from banmian.eval.written import WriterScore, Writes, score_lead, score_writer


class Report(Record):
    """Every score of a run; ``notes`` say what was left out and why."""

    seed: int
    resamples: int
    labeller: tuple[LabellerScore, ...] = ()
    writer: tuple[WriterScore, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trial:
    """Models scored on ``sets`` beside baselines that learn from ``learn``, which no set overlaps."""

    models: tuple[tuple[str, Predicts], ...]
    sets: tuple[ParagraphSet, ...]
    learn: tuple[Labelled, ...]


def held_out_written() -> ParagraphSet:
    """The written issues that are never trained on, as one set."""
    issues = [issue for issue in written_issues() if issue.id in HELD_OUT_ISSUES]
    return ParagraphSet("written issues held out", from_issues(issues))


def written_to_learn() -> tuple[Labelled, ...]:
    """The paragraphs of all other written issues."""
    return from_issues(issue for issue in written_issues() if issue.id not in HELD_OUT_ISSUES)


def real_split() -> tuple[tuple[Labelled, ...], ParagraphSet]:
    """The real issue's train split, and its test split as a set."""
    split = load_split(issues_folder() / REAL_ISSUE)
    issue = shipped_issue(REAL_ISSUE)
    return from_issues([issue], split["train"]), ParagraphSet(
        "real issue, test split", from_issues([issue], split["test"])
    )


def real_whole() -> ParagraphSet:
    """All labelled paragraphs of the real issue, for labellers that never saw it."""
    return ParagraphSet("real issue, whole (cross-issue)", from_issues([shipped_issue(REAL_ISSUE)]))


def real_held_out(held: Sequence[Labelled]) -> tuple[ParagraphSet, ...]:
    """The held-out real paragraphs, and those of them whose annotator was sure."""
    sure = tuple(paragraph for paragraph in held if paragraph.sure)
    return (
        ParagraphSet("real paragraphs held out", tuple(held)),
        ParagraphSet("real paragraphs held out, sure", sure),
    )


def score_trial(trial: Trial, seed: int, resamples: int = RESAMPLES) -> list[LabellerScore]:
    """Every model and both baselines on every set, with context and then without."""
    scores = []
    for context in (True, False):
        baselines = [(kind.name, kind().fit(trial.learn, context)) for kind in (CharTfidf, Majority)]
        for paragraphs in trial.sets:
            for name, model in (*trial.models, *baselines):
                scores.append(score_labeller(model, name, paragraphs, context, seed, resamples))
    return scores


def score_pairs(
    writer: Writes, name: str, sets: Iterable[PairSet], seed: int, resamples: int = RESAMPLES
) -> list[WriterScore]:
    """The lead sentence and the writer on every set.

    The writer's best beam is scored in the set's register and in the default one, and what it returns to a
    user in the set's.
    """
    scores = []
    for pairs in sets:
        scores.append(score_lead(pairs, seed, resamples))
        scores.append(score_writer(writer, name, pairs, "generated", None, seed, resamples))
        if pairs.register != DEFAULT_REGISTER:
            scores.append(score_writer(writer, name, pairs, "generated", DEFAULT_REGISTER, seed, resamples))
        scores.append(score_writer(writer, name, pairs, "returned", None, seed, resamples))
    return scores


def tables(report: Report) -> list[Table]:
    """The report as tables: labellers, their labels, headlines."""
    made = []
    if report.labeller:
        made += [_labellers(report), _labels(report)]
    if report.writer:
        made += [_headlines(report)]
    return made


def _labellers(report: Report) -> Table:
    columns = (
        "paragraphs",
        "model",
        "context",
        "n",
        "articles",
        "accuracy",
        "macro-F1",
        "ECE",
        "risk at 95%",
    )
    rows = tuple(
        (
            s.paragraphs,
            s.model,
            "yes" if s.context else "no",
            str(s.n),
            str(s.articles),
            interval(s.accuracy),
            interval(s.macro_f1),
            score(s.calibration_error),
            score(s.risk["0.95"]),
        )
        for s in report.labeller
    )
    return Table(f"Labels (95% intervals, {report.resamples} resamples of articles)", columns, rows, left=3)


def _labels(report: Report) -> Table:
    columns = ("paragraphs", "model", "context", *(f"{CHINESE[label]} F1 (n)" for label in LABELS))
    rows = tuple(
        (
            s.paragraphs,
            s.model,
            "yes" if s.context else "no",
            *(f"{score(s.labels[label].f1)} ({s.labels[label].n})" for label in LABELS),
        )
        for s in report.labeller
    )
    return Table("F1 by label", columns, rows, left=3)


def _headlines(report: Report) -> Table:
    scores = ("n", "ROUGE-1", "ROUGE-2", "ROUGE-L", "copies", "unsupported", "extracted")
    columns = ("articles", "headlines", "register", *scores, "characters (printed)")
    rows = tuple(
        (
            s.pairs,
            s.what if s.model == s.what else f"{s.model}, {s.what}",
            s.asked or "–",
            str(s.n),
            score(s.rouge1.value),
            score(s.rouge2.value),
            interval(s.rougeL),
            score(s.copies),
            score(s.unsupported),
            score(s.extracted),
            f"{s.mean_characters:.1f} ({s.mean_characters_printed:.1f})",
        )
        for s in report.writer
    )
    title = f"Headlines: character ROUGE F1 (95% intervals, {report.resamples} resamples of articles)"
    return Table(title, columns, rows, left=3)
