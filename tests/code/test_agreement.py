from __future__ import annotations

import pytest

from banmian.data.agreement import agreement
from banmian.data.errors import BanmianError
from banmian.data.labels import Label


def test_cohens_own_measure_on_a_table_worked_by_hand() -> None:
    # 20 both other, 15 both livelihood, 5 + 10 apart: 0.70 agreed, 0.50 by chance, kappa 0.40.
    pairs: list[tuple[Label, Label]] = [
        *[("other", "other")] * 20,
        *[("other", "livelihood_report")] * 5,
        *[("livelihood_report", "other")] * 10,
        *[("livelihood_report", "livelihood_report")] * 15,
    ]
    first = {f"b{n}": mine for n, (mine, _) in enumerate(pairs)}
    second = {f"b{n}": theirs for n, (_, theirs) in enumerate(pairs)}
    result = agreement(first, second)
    assert result.paragraphs == 50
    assert result.share == pytest.approx(0.70)
    assert result.kappa == pytest.approx(0.40)
    assert result.disputed == tuple(f"b{n}" for n in range(20, 35))


def test_one_label_throughout_agrees_fully() -> None:
    result = agreement({"b1": "other", "b2": "other"}, {"b2": "other", "b1": "other"})
    assert (result.share, result.kappa, result.disputed) == (1.0, 1.0, ())


def test_different_blocks_cannot_be_compared() -> None:
    with pytest.raises(BanmianError) as refused:
        agreement({"b1": "other"}, {"b1": "other", "b2": "other"})
    assert str(refused.value) == (
        "expected the same blocks in both readings, found 1 read by one of them only (first: b2). "
        "Label what is missing."
    )


def test_nothing_cannot_be_compared() -> None:
    with pytest.raises(BanmianError) as refused:
        agreement({}, {})
    assert (
        str(refused.value) == "expected the same blocks in both readings, found none. Label what is missing."
    )
