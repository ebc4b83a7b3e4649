"""Parity: what is compared, that differences are found and told, and that too many of them fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from banmian.data.command import main
from banmian.eval.parity import Agreement, Difference, Parity, headline_agreement, label_agreement
from banmian.serving.bundle import Bundle, write_bundle
from banmian.serving.inputs import Reading
from banmian.serving.store import ModelStore
from banmian.serving.writer import Request

TEXTS = [f"市委常委会召开第{i}次会议，部署复工复产工作，蔬菜价格下降三成。"[i % 7 :] for i in range(20)]


def test_every_fast_backend_is_held_against_torch(tiny_labeller: Bundle, tiny_writer: Bundle) -> None:
    labels = label_agreement(tiny_labeller, [Reading(text) for text in TEXTS], threads=1)
    names = {(each.backend, each.compute_type) for each in labels}
    assert names >= {(b, c) for b in ("ctranslate2", "onnx") for c in ("auto", "int8", "float32")}
    for each in labels:
        assert each.inputs == 20
        assert each.largest is not None
        if each.compute_type == "float32":
            assert each.differences == ()
            assert each.largest < 1e-4
        if each.compute_type == "int8":
            assert each.largest > 1e-6
    headlines = headline_agreement(tiny_writer, [Request(text) for text in TEXTS[:4]], threads=1)
    (exact,) = [each for each in headlines if each.compute_type == "float32"]
    assert len(exact.differences) <= 1  # random weights have near ties of their own


def test_what_differs_is_counted_and_listed() -> None:
    differs = Difference(text="货架又满了", reference="other 0.51", found="livelihood_report 0.50")
    labels = Agreement(
        backend="onnx", compute_type="int8", inputs=200, differences=(differs,), largest=0.0123
    )
    counts, lines = Parity(labels=(labels,), headlines=()).tables()
    assert labels.share == 0.005
    assert counts.rows == (("onnx int8", "labels", "1 of 200", "0.50%", "0.012"),)
    assert lines.rows == (("onnx int8", "货架又满了", "other 0.51", "livelihood_report 0.50"),)
    assert len(Parity(labels=(), headlines=()).tables()) == 1


@pytest.mark.slow
def test_the_command_says_whether_labels_are_the_same(
    tiny_labeller: Bundle,
    tiny_writer: Bundle,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("BANMIAN_HOME", str(tmp_path))
    ModelStore().publish(tiny_writer)
    ModelStore().publish(
        write_bundle(tiny_labeller.folder, tmp_path / "made", tiny_labeller.manifest, "# Tiny\n")
    )
    code = main(
        ["bench", "parity", "--paragraphs", "60", "--threads", "1", "--json", str(tmp_path / "p.json")]
    )
    found = Parity.model_validate_json((tmp_path / "p.json").read_text())
    assert code == int(any(each.share > 0.005 for each in found.labels))
    assert json.loads((tmp_path / "p.json").read_text())["labels"][0]["inputs"] >= 60
    assert "Against torch float32 on" in capsys.readouterr().out
