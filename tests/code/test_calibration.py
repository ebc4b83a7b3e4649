import re

import numpy as np
import pytest

from banmian.data.errors import BanmianError
from banmian.eval.calibration import (
    calibration_error,
    calibration_floor,
    fit_temperature,
    risk_coverage,
    softmax,
)


def test_confidence_that_is_always_right_or_honest_has_no_error() -> None:
    assert calibration_error(np.array([1.0, 1.0]), np.array([1, 1])) == 0
    assert calibration_error(np.full(10, 0.9), np.array([1] * 9 + [0])) == pytest.approx(0)


def test_overconfidence_is_its_gap() -> None:
    assert calibration_error(np.full(10, 0.95), np.array([1] * 5 + [0] * 5)) == pytest.approx(0.45)


def test_bins_do_not_cancel_each_other() -> None:
    # Too sure above and not sure enough below: the means agree, the bins do not.
    confidence, correct = np.array([0.9, 0.9, 0.5, 0.5]), np.array([1, 0, 1, 1])
    assert calibration_error(confidence, correct) == pytest.approx((0.8 + 1.0) / 4)


def test_nothing_scored_has_no_error() -> None:
    assert calibration_error(np.array([]), np.array([])) == 0


@pytest.mark.parametrize("true_temperature", [0.5, 1.0, 2.5])
def test_the_temperature_that_made_the_labels_is_found(true_temperature: float) -> None:
    random = np.random.default_rng(0)
    logits = random.normal(scale=3, size=(20_000, 5))
    chances = softmax(logits, true_temperature)
    labels = (chances.cumsum(axis=1) < random.random((len(logits), 1))).sum(axis=1)
    assert fit_temperature(logits, labels) == pytest.approx(true_temperature, rel=0.05)


def test_a_fitted_temperature_lowers_the_calibration_error() -> None:
    random = np.random.default_rng(1)
    logits = random.normal(scale=2, size=(5_000, 5))
    labels = (softmax(logits).cumsum(axis=1) < random.random((len(logits), 1))).sum(axis=1)
    sure = logits * 4

    def error(temperature: float) -> float:
        chances = softmax(sure, temperature)
        return calibration_error(chances.max(axis=1), chances.argmax(axis=1) == labels)

    assert error(1.0) > 0.2
    assert error(fit_temperature(sure, labels)) < 0.02


def test_no_logits_is_an_error() -> None:
    told = "expected logits to fit a temperature on, found none. Give it a validation split."
    with pytest.raises(BanmianError, match=re.escape(told)):
        fit_temperature(np.zeros((0, 5)), np.zeros(0, dtype=int))


def test_softmax_of_large_logits_stays_finite() -> None:
    assert softmax(np.array([1000.0, 0.0])).tolist() == [1.0, 0.0]


def test_risk_falls_when_the_least_sure_are_left_to_an_editor() -> None:
    curve = risk_coverage(np.array([0.9, 0.6, 0.8, 0.7]), np.array([1, 0, 1, 1]))
    assert curve.coverage == (0.25, 0.5, 0.75, 1.0)
    assert curve.risk == (0.0, 0.0, 0.0, 0.25)
    assert curve.at(0.75) == (0.0, 0.7)
    assert curve.at(0.76) == (0.25, 0.6)


def test_equal_confidences_are_answered_together() -> None:
    curve = risk_coverage(np.array([0.9, 0.5, 0.5]), np.array([1, 1, 0]))
    assert curve.coverage == pytest.approx((1 / 3, 1.0))
    assert curve.threshold == (0.9, 0.5)


def test_chance_alone_shows_an_error_that_shrinks_with_the_number_of_paragraphs() -> None:
    confidence = np.random.default_rng(0).uniform(0.5, 1, 20_000)
    few, many = calibration_floor(confidence[:200]), calibration_floor(confidence)
    assert 0.02 < few < 0.08
    assert many < 0.01
    assert calibration_floor(np.ones(50)) == 0
