"""Macro-F1 as an `evaluate` module: the mean F1 over the labels that occur."""

import datasets
import evaluate

from banmian.data.labels import LABELS
from banmian.eval import classes


class MacroF1(evaluate.Metric):  # type: ignore[misc]
    """``compute(predictions, references)`` with label ids in LABELS' order gives ``{"macro_f1": …}``."""

    def _info(self) -> evaluate.MetricInfo:
        return evaluate.MetricInfo(
            description="Mean F1 over the labels that occur in references or predictions.",
            citation="",
            inputs_description="predictions, references: label ids in LABELS' order",
            features=datasets.Features(
                {"predictions": datasets.Value("int64"), "references": datasets.Value("int64")}
            ),
        )

    def _compute(self, predictions: list[int], references: list[int]) -> dict[str, float]:
        matrix = classes.confusion(references, predictions, len(LABELS))
        return {"macro_f1": float(classes.macro_f1(matrix))}
