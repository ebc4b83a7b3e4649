"""Whether a confidence means what it says: expected calibration error, temperature, risk against coverage."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from banmian.data.errors import BanmianError
from banmian.data.issue import Record

BINS = 15
#: exp(-3)…exp(3): a temperature at either end means the logits were no classifier's.
_LOG_RANGE = (-3.0, 3.0)
_HALVINGS = 40


class RiskCoverage(Record):
    """Error among the answered, by how many are answered, the most confident first.

    ``coverage[i]`` is the share answered when everything with a confidence of at least ``threshold[i]`` is,
    ``risk[i]`` the share of errors in it. Equal confidences are answered together.
    """

    coverage: tuple[float, ...] = Field(min_length=1)
    risk: tuple[float, ...]
    threshold: tuple[float, ...]

    def at(self, coverage: float) -> tuple[float, float]:
        """``(risk, threshold)`` of the first point that answers at least this share."""
        i = next(i for i, c in enumerate(self.coverage) if c >= coverage - 1e-9)
        return self.risk[i], self.threshold[i]


def softmax(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Probabilities over the last axis of ``logits / temperature``."""
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    raised = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def calibration_error(confidence: np.ndarray, correct: np.ndarray, bins: int = BINS) -> float:
    """Expected calibration error in [0, 1]: bins of equal width, gaps weighted by what falls into them.

    Args:
        confidence: probability of the predicted label, ``(n,)``.
        correct: whether it was right, ``(n,)``, 0 or 1.
        bins: how many; a confidence on an edge falls into the lower bin.
    """
    if not len(confidence):
        return 0.0
    edges = np.linspace(0, 1, bins + 1)
    which = np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, bins - 1)
    gap = np.bincount(which, weights=np.asarray(correct, dtype=np.float64) - confidence, minlength=bins)
    return float(np.abs(gap).sum() / len(confidence))


def calibration_floor(confidence: np.ndarray, seed: int = 0, draws: int = 200, bins: int = BINS) -> float:
    """What :func:`calibration_error` would be on average if every confidence were exactly right.

    Bins of few paragraphs show a gap by chance alone: .03 on some 250 paragraphs. An error is to be
    read beside this.
    """
    random = np.random.default_rng(seed)
    drawn = random.random((draws, len(confidence))) < confidence
    return float(np.mean([calibration_error(confidence, each, bins) for each in drawn]))


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature with the least cross-entropy. Fit it on validation only, never on what is scored.

    Args:
        logits: ``(n, classes)``.
        labels: ``(n,)``, ids in the classes' order.

    Raises:
        BanmianError: nothing to fit on.
    """
    if not len(logits):
        raise BanmianError("logits to fit a temperature on", "none", remedy="Give it a validation split.")
    logits = np.asarray(logits, dtype=np.float64)
    at_labels = logits[np.arange(len(labels)), labels].mean()
    low, high = _LOG_RANGE
    # Cross-entropy is convex in 1 / temperature, and this is the sign of its slope.
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        expected = (softmax(logits, float(np.exp(middle))) * logits).sum(axis=1).mean()
        low, high = (middle, high) if expected > at_labels else (low, middle)
    return float(np.exp(low))


def risk_coverage(confidence: np.ndarray, correct: np.ndarray) -> RiskCoverage:
    """The curve of ``(n,)`` confidences and whether each was right; n must be at least 1."""
    order = np.argsort(-confidence, kind="stable")
    ranked, errors = confidence[order], np.cumsum(1.0 - np.asarray(correct, dtype=np.float64)[order])
    last = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))
    answered = last + 1
    return RiskCoverage(
        coverage=tuple((answered / len(ranked)).tolist()),
        risk=tuple((errors[last] / answered).tolist()),
        threshold=tuple(ranked[last].tolist()),
    )
