"""Accuracy, F1 by class and macro-F1 from a confusion matrix: one definition for modules and intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from banmian.data.errors import BanmianError


def confusion(references: Sequence[int], predictions: Sequence[int], classes: int) -> np.ndarray:
    """Counts, shape ``(classes, classes)``: rows are references, columns predictions."""
    if len(references) != len(predictions):
        raise BanmianError("a prediction for every reference", f"{len(predictions)} for {len(references)}")
    pairs = np.asarray(references, dtype=np.int64) * classes + np.asarray(predictions, dtype=np.int64)
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def accuracy(matrix: np.ndarray) -> np.ndarray:
    """Share on the diagonal; ``matrix`` is ``(…, classes, classes)``, the result ``(…)``."""
    right = np.trace(matrix, axis1=-2, axis2=-1)
    return np.asarray(right / np.maximum(matrix.sum(axis=(-2, -1)), 1))


def f1_by_class(matrix: np.ndarray) -> np.ndarray:
    """F1 of every class, shape ``(…, classes)``; NaN for a class neither printed nor predicted."""
    right = np.diagonal(matrix, axis1=-2, axis2=-1)
    named = matrix.sum(axis=-1) + matrix.sum(axis=-2)
    return np.asarray(np.divide(2.0 * right, named, out=np.full(named.shape, np.nan), where=named > 0))


def macro_f1(matrix: np.ndarray) -> np.ndarray:
    """Mean F1 over the classes that occur in references or predictions, shape ``(…)``.

    This is scikit-learn's default. A class that the references lack and a prediction names counts as 0, so
    one stray label on a small page costs much; intervals show it.
    """
    scores = f1_by_class(matrix)
    occur = ~np.isnan(scores)
    return np.asarray(np.where(occur, scores, 0.0).sum(axis=-1) / np.maximum(occur.sum(axis=-1), 1))
