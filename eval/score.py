"""Scores of a labeller on labelled paragraphs, as a frozen record with intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from banmian.data.issue import Prediction, Record
from banmian.data.labels import LABELS, Label
from banmian.eval import classes
from banmian.eval.calibration import RiskCoverage, calibration_error, calibration_floor, risk_coverage
from banmian.eval.intervals import RESAMPLES, Measured, bootstrap, totals
from banmian.eval.modules import load_metric
from banmian.eval.paragraphs import ParagraphSet
from banmian.serving.inputs import Reading

COVERAGES: tuple[float, ...] = (1.0, 0.95, 0.9, 0.8)


class Predicts(Protocol):
    """A labeller: :class:`banmian.serving.labeller.Labeller` or a baseline."""

    def predict(self, readings: Sequence[Reading]) -> list[Prediction]:
        """A prediction for each reading, in order."""
        ...


class LabelScore(Record):
    """One label: its F1 (none where it is neither printed nor predicted) and how many paragraphs have it."""

    f1: float | None
    n: int


class Gain(Record):
    """Score minus that of the model called ``over`` on the same paragraphs, with paired intervals."""

    over: str
    accuracy: Measured
    macro_f1: Measured


class LabellerScore(Record):
    """A labeller on one set of paragraphs.

    ``confusion``: rows are references, columns predictions, both in LABELS' order. ``risk``: the error among
    the share answered, the most confident first, by that share. ``context`` is none where a model could not
    read any. ``calibration_floor``: what chance alone would make of ``calibration_error``. ``gain``: over a
    baseline of the same run. Intervals resample whole articles.
    """

    model: str
    paragraphs: str
    digest: str
    context: bool | None
    n: int
    articles: int
    accuracy: Measured
    macro_f1: Measured
    labels: dict[Label, LabelScore]
    confusion: tuple[tuple[int, ...], ...]
    calibration_error: float
    calibration_floor: float
    abstained: float
    risk: dict[str, float]
    gain: Gain | None = None


def score_labeller(
    model: Predicts,
    name: str,
    paragraphs: ParagraphSet,
    context: bool,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> LabellerScore:
    """Predict every paragraph, with its headline and lead or alone, and score the answers.

    Args:
        model: what predicts.
        name: what the record calls it.
        paragraphs: the set.
        context: whether headline and lead are given.
        seed: of the bootstrap.
        resamples: of the bootstrap.
    """
    predictions = model.predict(paragraphs.readings(context))
    return score_predictions(predictions, name, paragraphs, context, seed, resamples)


def score_predictions(
    predictions: Sequence[Prediction],
    name: str,
    paragraphs: ParagraphSet,
    context: bool | None,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> LabellerScore:
    """Score predictions made elsewhere, one for each paragraph in order."""
    references = [LABELS.index(label) for label in paragraphs.labels]
    predicted = [LABELS.index(prediction.label) for prediction in predictions]
    labels = {"predictions": predicted, "references": references}
    by_article = _article_matrices(predictions, paragraphs)
    matrix = by_article.sum(axis=0).astype(int)
    confidence = np.array([prediction.confidence for prediction in predictions])
    correct = np.array(references) == np.array(predicted)
    accuracy = bootstrap(by_article, classes.accuracy, "article", seed, resamples)
    macro_f1 = bootstrap(by_article, classes.macro_f1, "article", seed, resamples)
    return LabellerScore(
        model=name,
        paragraphs=paragraphs.name,
        digest=paragraphs.digest,
        context=context,
        n=len(references),
        articles=len(by_article),
        accuracy=accuracy.model_copy(update={"value": load_metric("accuracy").compute(**labels)["accuracy"]}),
        macro_f1=macro_f1.model_copy(update={"value": load_metric("macro_f1").compute(**labels)["macro_f1"]}),
        labels=_by_label(matrix),
        confusion=tuple(tuple(row) for row in matrix.tolist()),
        calibration_error=calibration_error(confidence, correct),
        calibration_floor=calibration_floor(confidence, seed),
        abstained=sum(prediction.abstained for prediction in predictions) / len(predictions),
        risk=_risks(risk_coverage(confidence, correct)),
    )


def gain(
    predictions: Sequence[Prediction],
    over: Sequence[Prediction],
    name: str,
    paragraphs: ParagraphSet,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Gain:
    """How much better than ``over`` (called ``name``) on the same paragraphs, article by article.

    Both are resampled together, so an article that is hard for both does not widen the interval.
    """
    both = np.stack([_article_matrices(predictions, paragraphs), _article_matrices(over, paragraphs)], axis=1)

    def by(statistic: Callable[[np.ndarray], np.ndarray]) -> Measured:
        return bootstrap(
            both, lambda sums: statistic(sums[:, 0]) - statistic(sums[:, 1]), "article", seed, resamples
        )

    return Gain(over=name, accuracy=by(classes.accuracy), macro_f1=by(classes.macro_f1))


def _article_matrices(predictions: Sequence[Prediction], paragraphs: ParagraphSet) -> np.ndarray:
    """A confusion matrix for each article, ``(articles, labels, labels)``: what the bootstrap resamples."""
    pairs = np.zeros((len(predictions), len(LABELS), len(LABELS)))
    for i, (reference, prediction) in enumerate(zip(paragraphs.labels, predictions, strict=True)):
        pairs[i, LABELS.index(reference), LABELS.index(prediction.label)] = 1
    return totals(pairs, paragraphs.articles)


def _by_label(matrix: np.ndarray) -> dict[Label, LabelScore]:
    scores, counts = classes.f1_by_class(matrix), matrix.sum(axis=1)
    return {
        label: LabelScore(f1=None if np.isnan(scores[i]) else float(scores[i]), n=int(counts[i]))
        for i, label in enumerate(LABELS)
    }


def _risks(curve: RiskCoverage) -> dict[str, float]:
    return {f"{coverage:.2f}": curve.at(coverage)[0] for coverage in COVERAGES}
