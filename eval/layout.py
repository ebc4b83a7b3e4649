"""A report laid out as tables."""

from __future__ import annotations

import numpy as np

from banmian.data.labels import CHINESE, LABELS
from banmian.eval.report import Report
from banmian.eval.robustness import robustness_table
from banmian.eval.score import LabellerScore
from banmian.eval.support import support_tables
from banmian.eval.table import Table, interval, score


def tables(report: Report) -> list[Table]:
    """The report as tables: labellers, their labels, perturbations, headlines, the support check."""
    made = []
    if report.labeller:
        made += [_labellers(report), _labels(report)]
    if report.robustness:
        made.append(robustness_table(report.robustness))
    if report.writer:
        made += [_headlines(report)]
    if report.support:
        made += support_tables(report.support)
    return made


def _labellers(report: Report) -> Table:
    scores = (
        "n",
        "articles",
        "accuracy",
        "macro-F1",
        "of printed labels",
        "macro-F1 above TF-IDF",
        "ECE (by chance)",
        "risk at 95%",
    )
    columns = ("paragraphs", "model", "context", *scores)
    rows = tuple(
        (
            s.paragraphs,
            s.model,
            _context(s),
            str(s.n),
            str(s.articles),
            interval(s.accuracy),
            interval(s.macro_f1),
            score(_of_printed_labels(s)),
            interval(s.gain.macro_f1, signed=True) if s.gain else "–",
            "–" if s.context is None else f"{score(s.calibration_error)} ({score(s.calibration_floor)})",
            "–" if s.context is None else score(s.risk["0.95"]),
        )
        for s in report.labeller
    )
    return Table(f"Labels (95% intervals, {report.resamples} resamples of articles)", columns, rows, left=3)


def _of_printed_labels(found: LabellerScore) -> float:
    """Mean F1 over the labels that the set has.

    Beside macro-F1, which counts a label that is only predicted as 0: on a page without `other` a single
    stray `other` costs it a fifth.
    """
    return float(np.mean([label.f1 for label in found.labels.values() if label.n and label.f1 is not None]))


def _labels(report: Report) -> Table:
    columns = ("paragraphs", "model", "context", *(f"{CHINESE[label]} F1 (n)" for label in LABELS))
    rows = tuple(
        (
            s.paragraphs,
            s.model,
            _context(s),
            *(f"{score(s.labels[label].f1)} ({s.labels[label].n})" for label in LABELS),
        )
        for s in report.labeller
    )
    return Table("F1 by label", columns, rows, left=3)


def _headlines(report: Report) -> Table:
    scores = ("n", "ROUGE-1", "ROUGE-2", "ROUGE-L", "ROUGE-L above lead", "copies", "unsupported (printed)")
    columns = ("articles", "headlines", "register", *scores, "extracted", "characters (printed)")
    rows = tuple(
        (
            s.pairs,
            s.what if s.model == s.what else f"{s.model}, {s.what}",
            s.asked or "–",
            str(s.n),
            score(s.rouge1.value),
            score(s.rouge2.value),
            interval(s.rougeL),
            interval(s.gain, signed=True) if s.asked else "–",
            score(s.copies),
            f"{score(s.unsupported)} ({score(s.unsupported_printed)})",
            score(s.extracted),
            f"{s.mean_characters:.1f} ({s.mean_characters_printed:.1f})",
        )
        for s in report.writer
    )
    title = f"Headlines: character ROUGE F1 (95% intervals, {report.resamples} resamples of articles)"
    return Table(title, columns, rows, left=3)


def _context(scored: LabellerScore) -> str:
    return "–" if scored.context is None else "yes" if scored.context else "no"
