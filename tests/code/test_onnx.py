"""The labeller on ONNX Runtime: torch's scores, whatever shares the batch, from a graph made once."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from banmian.data.errors import BanmianError
from banmian.serving import onnx_backend, processor
from banmian.serving.backends import classifier
from banmian.serving.bundle import Bundle, write_bundle
from banmian.serving.ctranslate import CTranslateClassifier
from banmian.serving.graph import labelling_graph
from banmian.serving.inputs import InputShape, Reading, Window, windows
from banmian.serving.onnx_backend import OnnxClassifier
from banmian.serving.ties import NEAR_TIE, decided
from banmian.serving.tokens import Tokens

SENTENCES = ("市委会议强调复工复产。", "蔬菜价格下降三成", "特此通告，请乘客佩戴口罩。" * 4)


@pytest.fixture(scope="module")
def batch(tiny_labeller: Bundle) -> list[Window]:
    """Three windows of 20 to 64 tokens."""
    tokens, shape = Tokens(tiny_labeller.folder), InputShape(64, 12, 16, 8)
    return [windows(tokens, Reading(text, "会议", SENTENCES[0]), shape)[0] for text in SENTENCES]


def test_float32_scores_equal_torch(tiny_labeller: Bundle, batch: list[Window]):
    fast = classifier(tiny_labeller, "onnx", "float32", 1).logits(batch)
    slow = classifier(tiny_labeller, "torch", "float32", 1).logits(batch)
    assert fast.shape == (3, 5)
    assert abs(fast - slow).max() < 1e-4


def test_int8_scores_are_near_and_do_not_depend_on_the_batch(tiny_labeller: Bundle, batch: list[Window]):
    exact = classifier(tiny_labeller, "torch", "float32", 1).logits(batch)
    coarse = classifier(tiny_labeller, "onnx", "int8", 1)
    together = coarse.logits(batch)
    assert 0 < abs(together - exact).max() < 0.25 * np.ptp(exact)
    alone = np.concatenate([coarse.logits([window]) for window in batch])
    assert abs(together - alone).max() < 1e-4


def test_auto_reads_near_ties_again_where_int8_is_exact_enough(tiny_labeller: Bundle, batch: list[Window]):
    sessions = OnnxClassifier(tiny_labeller, "auto", 1)._sessions
    assert len(sessions) == (2 if processor.has_vnni() else 1)


def test_only_near_ties_are_read_again(batch: list[Window]):
    coarse = np.array([[0, 1, 0], [0, 1, 1 - NEAR_TIE / 2], [0, 1 + NEAR_TIE, 1]], dtype=np.float32)
    asked: list[Window] = []

    def exact(some: list[Window]) -> np.ndarray:
        asked.extend(some)
        return np.full((len(some), 3), 9, dtype=np.float32)

    scores = decided(batch, lambda _: coarse.copy(), exact)  # type: ignore[arg-type]
    assert asked == [batch[1]]
    assert scores.tolist() == [coarse[0].tolist(), [9, 9, 9], coarse[2].tolist()]


def test_a_graph_is_made_once_for_each_compute_type(tiny_labeller: Bundle):
    path = labelling_graph(tiny_labeller, "int8")
    made = path.stat().st_mtime_ns
    assert labelling_graph(tiny_labeller, "int8") == path
    assert path.stat().st_mtime_ns == made
    assert labelling_graph(tiny_labeller, "float32") != path


def test_another_architecture_or_compute_type_is_named(tiny_labeller: Bundle, tmp_path: Path):
    saved = Path(shutil.copytree(tiny_labeller.folder, tmp_path / "saved"))
    config = json.loads((saved / "config.json").read_text())
    (saved / "config.json").write_text(json.dumps({**config, "hidden_act": "relu"}))
    bundle = write_bundle(saved, tmp_path / "relu", tiny_labeller.manifest)
    with pytest.raises(BanmianError) as caught:
        labelling_graph(bundle, "float32")
    assert str(caught.value) == (
        f"{bundle.folder / 'config.json'}: expected a bert model with gelu, found bert with relu. "
        'Serve it with backend="ctranslate2" or backend="torch".'
    )
    with pytest.raises(BanmianError) as caught:
        OnnxClassifier(tiny_labeller, "bfloat16", 1)
    assert str(caught.value) == (
        "compute_type: expected a compute type among float32, int8, found 'bfloat16'. Or \"auto\"."
    )


@pytest.mark.parametrize(
    ("flags", "pays"),
    [({"avx2"}, False), ({"avx512_vnni"}, True), ({"avx_vnni"}, True), ({"avx512_vnni", "amx_int8"}, False)],
)
def test_the_processor_chooses(
    tiny_labeller: Bundle, monkeypatch: pytest.MonkeyPatch, flags: set[str], pays: bool
):
    monkeypatch.setattr(processor, "flags", lambda: frozenset(flags))
    assert onnx_backend.pays() is pays
    chosen = classifier(tiny_labeller, "auto", "auto", 1)
    assert isinstance(chosen, OnnxClassifier if pays else CTranslateClassifier)
    assert isinstance(classifier(tiny_labeller, "ctranslate2", "auto", 1), CTranslateClassifier)
