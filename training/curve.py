"""The learning curve: what more labelled issues and articles are worth, for the labeller and for TF-IDF.

One labeller and one baseline for each share of what there is to learn; a larger share has all of a smaller
one, and all are scored on the same held-out sets. A curve that still rises asks for labels, a flat one for
another model or better labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from banmian.data.errors import BanmianError
from banmian.data.issue import Record
from banmian.eval import sets
from banmian.eval.baselines import TFIDF
from banmian.eval.intervals import Measured
from banmian.eval.paragraphs import ParagraphSet, from_parquet
from banmian.eval.score import Predicts, score_labeller
from banmian.eval.table import Table, interval
from banmian.serving.labeller import Labeller
from banmian.training.bundles import labeller_bundle
from banmian.training.config import ParagraphsConfig
from banmian.training.labelled import assemble, described
from banmian.training.paragraphs import train_paragraphs
from banmian.training.teacher import tfidf


class CurvePoint(Record):
    """A model that learnt ``learnt`` paragraphs, the ``share`` of what there is, on one held-out set."""

    share: float
    learnt: int
    model: str
    paragraphs: str
    n: int
    accuracy: Measured
    macro_f1: Measured


def learning_curve(config: ParagraphsConfig, shares: Sequence[float]) -> Iterator[CurvePoint]:
    """Train on each of ``shares`` and score with context, the smallest first; points come as they are made.

    Each labeller lies with its bundle in a folder of ``config.output`` named for its share.

    Raises:
        BanmianError: a share outside ]0, 1], or nothing in it.
    """
    for share in shares:
        if not 0 < share <= 1:
            raise BanmianError(
                "shares over 0 and at most 1", str(share), "--shares", "Give 0.25 for a quarter."
            )
    held = _held_out(config)
    for share in sorted(set(shares)):
        part = replace(config, learnt_share=share, output=f"{config.output}/{share:g}")
        examples = assemble(part)
        if not examples.training:
            raise BanmianError(
                "paragraphs to learn from", "none", f"a share of {share:g}", "Give a larger one."
            )
        bundle = labeller_bundle(
            train_paragraphs(part, examples), Path(part.output) / "bundle", part, examples, described(part)
        )
        models: dict[str, Predicts] = {"labeller": Labeller(bundle), TFIDF: tfidf(examples.training)}
        for name, model in models.items():
            for paragraphs in held:
                yield _point(share, len(examples.training), name, model, paragraphs, config.seed)


def curve_table(points: Sequence[CurvePoint]) -> Table:
    """One row a share, model and set."""
    columns = ("learnt", "paragraphs", "model", "n", "accuracy", "macro-F1")
    rows = tuple(
        (
            f"{p.learnt:,} ({p.share:.0%})",
            p.paragraphs,
            p.model,
            str(p.n),
            interval(p.accuracy),
            interval(p.macro_f1),
        )
        for p in points
    )
    return Table("Learning curve (95% intervals, resamples of articles)", columns, rows, left=3)


def _held_out(config: ParagraphsConfig) -> tuple[ParagraphSet, ...]:
    if not config.real_labelled:
        return (sets.held_out_written(),)
    _, held = from_parquet(Path(config.corpora_folder) / config.real_labelled)
    return (sets.held_out_written(), *sets.real_held_out(held))


def _point(
    share: float, learnt: int, name: str, model: Predicts, paragraphs: ParagraphSet, seed: int
) -> CurvePoint:
    found = score_labeller(model, name, paragraphs, context=True, seed=seed)
    return CurvePoint(
        share=share,
        learnt=learnt,
        model=name,
        paragraphs=paragraphs.name,
        n=found.n,
        accuracy=found.accuracy,
        macro_f1=found.macro_f1,
    )
