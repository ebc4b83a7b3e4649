"""The project's `evaluate` modules, loaded from the package's own folder: no hub, no network."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from banmian.data.errors import MissingExtraError

MetricName = Literal["accuracy", "macro_f1", "char_rouge"]
FOLDER = Path(__file__).parent / "metrics"


def load_metric(name: MetricName) -> Any:
    """An ``evaluate.Metric`` that keeps what it is given in memory.

    Raises:
        MissingExtraError: `evaluate` is not installed.
    """
    try:
        import evaluate
    except ImportError:
        raise MissingExtraError("evaluate", "eval", "scoring") from None
    return evaluate.load(str(FOLDER / name), keep_in_memory=True)
