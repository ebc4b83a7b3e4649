import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from banmian.data.errors import BanmianError
from banmian.serving.backends import Search, classifier, searcher
from banmian.serving.bundle import Bundle, write_bundle
from banmian.serving.cache import cache_folder
from banmian.serving.convert import converted
from banmian.serving.inputs import InputShape, Reading, windows
from banmian.serving.tokens import Tokens

SENTENCES = ("市委会议强调复工复产。", "蔬菜价格下降三成", "特此通告，请乘客佩戴口罩。" * 4)


def test_a_conversion_is_made_once_and_found_again(tiny_writer: Bundle):
    folder = converted(tiny_writer)
    made = (folder / "model.bin").stat().st_mtime_ns
    assert converted(tiny_writer) == folder
    assert (folder / "model.bin").stat().st_mtime_ns == made
    assert folder.is_relative_to(cache_folder())
    assert not [path for path in folder.parent.iterdir() if path.name.startswith(".")]


def test_another_bundle_is_another_conversion(tiny_writer: Bundle, tmp_path: Path):
    other = write_bundle(tiny_writer.folder, tmp_path / "other", tiny_writer.manifest, "# Another\n")
    assert converted(other) != converted(tiny_writer)


WITHOUT_TORCH = """
import sys
sys.modules["torch"] = sys.modules["transformers"] = None
from pathlib import Path
from banmian.data.errors import MissingExtraError
from banmian.serving.bundle import load_bundle
from banmian.serving.engine import Engine, EngineSettings
from banmian.serving.inputs import Reading
from banmian.serving.labeller import Labeller
from banmian.serving.writer import Request
labeller, writer = (load_bundle(Path(folder)) for folder in sys.argv[1:3])
with Engine(labeller, writer, EngineSettings(backend=sys.argv[3], threads=1)) as engine:
    print(engine.classify([Reading("市委召开会议。")])[0].windows)
    print(len(engine.write([Request("市委召开会议。")])))
try:
    Labeller(labeller, backend="torch")
except MissingExtraError as problem:
    print(problem)
"""


@pytest.mark.parametrize("backend", ["ctranslate2", "onnx"])
def test_serving_needs_neither_torch_nor_transformers(
    tiny_labeller: Bundle, tiny_writer: Bundle, tmp_path: Path, backend: str
):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH, str(tiny_labeller.folder), str(tiny_writer.folder), backend],
        env={"XDG_CACHE_HOME": str(tmp_path), "PATH": "", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == [
        "1",
        "1",
        'expected torch and transformers for backend="torch", found an installation without it. '
        "Install it with: pip install 'banmian[train]'",
    ], done.stderr
    assert {path.parent.name.split("-")[0] for path in tmp_path.rglob("model.*")} == {"labeller", "writer"}
    assert len(list(tmp_path.rglob("model.bin"))) == {"ctranslate2": 2, "onnx": 1}[backend]


def test_classifier_scores_equal_torch(tiny_labeller: Bundle):
    pytest.importorskip("torch")
    tokens, shape = (
        Tokens(tiny_labeller.folder),
        InputShape(max_tokens=64, headline_tokens=12, lead_tokens=16),
    )
    batch = [windows(tokens, Reading(text, "会议"), shape)[0] for text in SENTENCES]
    fast = classifier(tiny_labeller, "ctranslate2", "float32", 1).logits(batch)
    slow = classifier(tiny_labeller, "torch", "float32", 1).logits(batch)
    assert fast.shape == (3, 5)
    assert abs(fast - slow).max() < 1e-4


@pytest.mark.parametrize(
    "how", [Search(max_tokens=12), Search(beams=2, hypotheses=2, max_tokens=8, min_tokens=3)]
)
def test_first_hypothesis_equals_generate(tiny_writer: Bundle, how: Search):
    pytest.importorskip("torch")
    tokens = Tokens(tiny_writer.folder)
    batch = [tokens.source(text, "party_daily", 64).ids for text in SENTENCES]
    fast = searcher(tiny_writer, "ctranslate2", "float32", 1).search(batch, how)
    slow = searcher(tiny_writer, "torch", "float32", 1).search(batch, how)
    assert [len(found) for found in fast] == [how.hypotheses] * 3
    assert [found[0] for found in fast] == [found[0] for found in slow]


def test_banned_rows_are_never_written(tiny_writer: Bundle):
    tokens = Tokens(tiny_writer.folder)
    source = tokens.source(SENTENCES[0], "quick", 64).ids
    network = searcher(tiny_writer, "auto", "auto", 1)
    free = network.search([source], Search(max_tokens=8))[0][0]
    banned = frozenset(free.ids)
    assert banned.isdisjoint(network.search([source], Search(max_tokens=8, banned=banned))[0][0].ids)


def test_an_unknown_architecture_is_named(tiny_writer: Bundle, tmp_path: Path):
    saved = Path(shutil.copytree(tiny_writer.folder, tmp_path / "saved"))
    config = json.loads((saved / "config.json").read_text())
    (saved / "config.json").write_text(json.dumps({**config, "model_type": "t5"}))
    bundle = write_bundle(saved, tmp_path / "t5", tiny_writer.manifest)
    with pytest.raises(BanmianError) as caught:
        converted(bundle)
    assert str(caught.value) == (
        f"{bundle.folder / 'config.json'}: expected a bart model with one of gelu, gelu_new, relu, "
        'found t5 with gelu. Serve it with backend="torch".'
    )


def test_a_cache_that_cannot_be_written_says_what_to_do(
    tiny_writer: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "banmian").write_text("a file where a folder should be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(
        BanmianError, match=r"expected a cache that can be written.*Set XDG_CACHE_HOME to a folder"
    ):
        converted(tiny_writer)


def test_backends_and_compute_types_are_checked(tiny_writer: Bundle):
    with pytest.raises(BanmianError) as caught:
        searcher(tiny_writer, "openvino", "auto", 1)
    assert str(caught.value) == (
        "backend: expected a backend among auto, ctranslate2, onnx, torch, found 'openvino'."
    )
    with pytest.raises(BanmianError, match=r"^compute_type: expected a compute type among .*found 'int3'\."):
        searcher(tiny_writer, "auto", "int3", 1)
