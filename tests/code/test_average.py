"""The mean of several models' weights."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from banmian.data.command import main
from banmian.data.errors import BanmianError
from banmian.serving.bundle import Bundle
from banmian.training.average import average
from banmian.training.base import labeller


def _changed(bundle: Bundle, folder: Path, by: float) -> Path:
    folder.mkdir()
    for file in bundle.folder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    weights = {name: weight.float() + by for name, weight in load_file(folder / "model.safetensors").items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    return folder


def test_the_mean_is_a_base_for_a_further_run(tiny_labeller: Bundle, tmp_path: Path) -> None:
    one, two = (_changed(tiny_labeller, tmp_path / str(by), by) for by in (0.25, 0.75))
    assert main(["average", str(one), str(two), "--output", str(tmp_path / "mean")]) == 0
    model = labeller(tmp_path / "mean")
    before = load_file(tiny_labeller.folder / "model.safetensors")["classifier.bias"].float()
    assert torch.allclose(model.classifier.bias.data, before + 0.5)


def test_what_cannot_be_averaged_is_said(tiny_labeller: Bundle, tmp_path: Path) -> None:
    one = _changed(tiny_labeller, tmp_path / "one", 0.0)
    with pytest.raises(BanmianError) as caught:
        average([one], tmp_path / "mean")
    assert str(caught.value) == "average: expected two folders or more, found 1. Name each run's folder."
    (tmp_path / "empty").mkdir()
    with pytest.raises(BanmianError, match=r"empty: expected model\.safetensors, found none\."):
        average([one, tmp_path / "empty"], tmp_path / "mean")
    save_file({"other": torch.zeros(1)}, tmp_path / "empty" / "model.safetensors")
    with pytest.raises(BanmianError) as caught:
        average([one, tmp_path / "empty"], tmp_path / "mean")
    assert str(caught.value) == (
        f"{tmp_path}/empty: expected weights named and shaped as in {one}, found others. "
        "Average runs that went on from the same base."
    )
