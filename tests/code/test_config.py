from pathlib import Path

import pytest

from banmian.data.errors import BanmianError
from banmian.data.holdout import HELD_OUT_ISSUES
from banmian.training.config import headlines_config, paragraphs_config

CONFIGS = Path(__file__).parents[2] / "training" / "configs"


def test_the_shipped_runs_are_valid() -> None:
    assert headlines_config(CONFIGS / "headlines.toml").decoder_layers == 3
    assert not paragraphs_config(CONFIGS / "paragraphs.toml").real_issue
    assert paragraphs_config(CONFIGS / "paragraphs-shipped.toml").real_issue
    assert paragraphs_config(CONFIGS / "retrain.toml").real_labelled == ""


def test_no_run_trains_or_calibrates_on_what_the_gate_scores() -> None:
    names = ("paragraphs", "paragraphs-further", "paragraphs-shipped", "retrain")
    first, *others = [paragraphs_config(CONFIGS / f"{name}.toml") for name in names]
    for other in others:
        assert first.validation_issues == other.validation_issues
    assert not {*HELD_OUT_ISSUES} & {*first.validation_issues}


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text((CONFIGS / "retrain.toml").read_text().replace("seed = 1", "seed = 1\nsead = 2"))
    with pytest.raises(BanmianError) as caught:
        paragraphs_config(path)
    assert str(caught.value) == (
        f"{path}: expected no such key at sead, found 2. Remove it, or correct its spelling."
    )


def test_a_wrong_type_is_named(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text((CONFIGS / "retrain.toml").read_text().replace("epochs = 2", 'epochs = "two"'))
    with pytest.raises(BanmianError, match="at epochs, found 'two'"):
        paragraphs_config(path)
