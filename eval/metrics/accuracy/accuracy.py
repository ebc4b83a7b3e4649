"""Accuracy as an `evaluate` module: the share of paragraphs with the right label."""

import datasets
import evaluate

from banmian.data.labels import LABELS
from banmian.eval import classes


class Accuracy(evaluate.Metric):  # type: ignore[misc]
    """``compute(predictions, references)`` with label ids in LABELS' order gives ``{"accuracy": …}``."""

    def _info(self) -> evaluate.MetricInfo:
        return evaluate.MetricInfo(
            description="Share of predictions equal to their reference.",
            citation="",
            inputs_description="predictions, references: label ids in LABELS' order",
            features=datasets.Features(
                {"predictions": datasets.Value("int64"), "references": datasets.Value("int64")}
            ),
        )

    def _compute(self, predictions: list[int], references: list[int]) -> dict[str, float]:
        matrix = classes.confusion(references, predictions, len(LABELS))
        return {"accuracy": float(classes.accuracy(matrix))}
