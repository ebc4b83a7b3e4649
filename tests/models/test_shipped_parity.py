"""The shipped models say the same on every backend, held against torch in float32."""

from __future__ import annotations

import pytest

from banmian.eval.parity import BOUND, Parity, headline_agreement, label_agreement, pages_to_compare
from banmian.serving.store import ModelStore

pytestmark = [pytest.mark.shipped, pytest.mark.slow]


@pytest.fixture(scope="module")
def parity() -> Parity:
    readings, requests = pages_to_compare(600)
    assert len(readings) >= 600
    assert len(requests) >= 40
    store = ModelStore()
    return Parity(
        labels=label_agreement(store.published("labeller"), readings),
        headlines=headline_agreement(store.published("writer"), requests),
    )


def test_labels_are_those_of_torch(parity: Parity) -> None:
    assert {each.backend for each in parity.labels} >= {"ctranslate2", "onnx"}
    for each in parity.labels:
        assert each.share <= BOUND, each.differences
        if each.compute_type == "float32":
            assert each.differences == ()
            assert each.largest is not None
            assert each.largest < 1e-3


def test_headlines_in_float32_are_those_of_torch_but_for_near_ties(parity: Parity) -> None:
    """Measured: 4 of 88, where two beams end within rounding of each other."""
    (exact,) = [each for each in parity.headlines if each.compute_type == "float32"]
    assert exact.share <= 0.10, exact.differences


def test_most_headlines_in_int8_are_those_of_torch(parity: Parity) -> None:
    """Measured: 32 of 88 differ, mostly of articles that many headlines would fit."""
    (served,) = [each for each in parity.headlines if each.compute_type == "auto"]
    assert served.share <= 0.5, served.differences
