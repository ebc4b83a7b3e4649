"""Character ROUGE as an `evaluate` module; the variant is described in banmian.eval.rouge."""

import datasets
import evaluate

from banmian.eval import rouge


class CharRouge(evaluate.Metric):  # type: ignore[misc]
    """``compute(predictions, references)`` with texts gives the mean F1 of rouge1, rouge2 and rougeL.

    With ``use_aggregator=False`` each is a list with the F1 of every pair.
    """

    def _info(self) -> evaluate.MetricInfo:
        return evaluate.MetricInfo(
            description="ROUGE-1/2/L F1 with every character a token, blanks removed, case folded.",
            citation="",
            inputs_description="predictions, references: texts; use_aggregator: the mean, or every pair's",
            features=datasets.Features(
                {"predictions": datasets.Value("string"), "references": datasets.Value("string")}
            ),
        )

    def _compute(
        self, predictions: list[str], references: list[str], use_aggregator: bool = True
    ) -> dict[str, float | list[float]]:
        columns = rouge.rouge_scores(predictions, references).T
        return {
            name: float(column.mean()) if use_aggregator else column.tolist()
            for name, column in zip(rouge.ROUGE_NAMES, columns, strict=True)
        }
