"""The learning curve: nested shares, one labeller and one baseline each, scored on the same sets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")

from banmian.data.errors import BanmianError
from banmian.eval.baselines import TFIDF
from banmian.serving.bundle import MANIFEST
from banmian.serving.inputs import InputShape
from banmian.training.config import ParagraphsConfig, paragraphs_config
from banmian.training.curve import curve_table, learning_curve
from banmian.training.labelled import assemble

CONFIG = Path(__file__).parents[2] / "training" / "configs" / "curve.toml"


def _written_only(base: Path, output: Path) -> ParagraphsConfig:
    return replace(
        paragraphs_config(CONFIG),
        base=str(base),
        output=str(output),
        real_labelled="",
        written_issues=tuple(f"written-{i}" for i in (11, 12, 15, 19)),
        input=InputShape(max_tokens=64, headline_tokens=12, lead_tokens=16, overlap_tokens=8),
        epochs=1,
    )


def test_a_larger_share_has_all_of_a_smaller_one(tiny_base: Path, tmp_path: Path) -> None:
    config = replace(_written_only(tiny_base, tmp_path), written_issues=())
    texts = [
        {one.reading.text for one in assemble(replace(config, learnt_share=share)).training}
        for share in (0.25, 0.5, 1.0)
    ]
    assert texts[0] < texts[1] < texts[2]


def test_each_share_gives_a_labeller_and_a_baseline(tiny_base: Path, tmp_path: Path) -> None:
    points = list(learning_curve(_written_only(tiny_base, tmp_path), [1.0, 0.5]))
    assert [(p.share, p.model) for p in points] == [
        (0.5, "labeller"),
        (0.5, TFIDF),
        (1.0, "labeller"),
        (1.0, TFIDF),
    ]
    assert 0 < points[0].learnt < points[2].learnt
    assert {p.n for p in points} == {254}
    assert points[3].macro_f1.value > points[1].macro_f1.value
    assert (tmp_path / "0.5" / "bundle" / MANIFEST).is_file()
    assert f"{points[2].learnt:,} (100%)" in curve_table(points).plain()


def test_a_share_of_nothing_is_refused(tiny_base: Path, tmp_path: Path) -> None:
    with pytest.raises(BanmianError) as caught:
        list(learning_curve(_written_only(tiny_base, tmp_path), [0.0]))
    assert str(caught.value) == (
        "--shares: expected shares over 0 and at most 1, found 0.0. Give 0.25 for a quarter."
    )
