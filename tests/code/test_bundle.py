import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from banmian.data.errors import BanmianError
from banmian.data.labels import LABELS
from banmian.serving.atomic import staged
from banmian.serving.bundle import Bundle, Manifest, load_bundle, write_bundle


@pytest.fixture
def copy(tiny_writer: Bundle, tmp_path: Path) -> Path:
    """A writer bundle that a test may spoil."""
    return Path(shutil.copytree(tiny_writer.folder, tmp_path / "copy"))


def _change_manifest(folder: Path, **change: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))


def test_a_bundle_survives_writing_and_loading(tiny_labeller: Bundle):
    again = load_bundle(tiny_labeller.folder)
    assert again.manifest == tiny_labeller.manifest
    assert again.digest == tiny_labeller.digest
    assert again.manifest.labels == LABELS
    assert set(again.manifest.files) == {
        path.name for path in tiny_labeller.folder.iterdir() if path.name != "manifest.json"
    }


def test_weights_are_written_in_half_precision_and_read_in_single(tiny_writer: Bundle):
    stored = load_file(tiny_writer.folder / "model.safetensors")
    assert {tensor.dtype for tensor in stored.values()} == {np.dtype(np.float16)}
    read = tiny_writer.weights()
    assert {tensor.dtype for tensor in read.values()} == {np.dtype(np.float32)}
    assert np.array_equal(read["model.shared.weight"], stored["model.shared.weight"].astype(np.float32))


def test_every_user_may_read_a_bundle(tiny_writer: Bundle):
    assert tiny_writer.folder.stat().st_mode & 0o777 == 0o755
    assert {path.stat().st_mode & 0o777 for path in tiny_writer.folder.iterdir()} == {0o644}


def test_from_pretrained_opens_a_bundle_and_computes_in_single_precision(tiny_labeller: Bundle):
    torch = pytest.importorskip("torch")
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    model = AutoModelForSequenceClassification.from_pretrained(tiny_labeller.folder)
    assert model.dtype == torch.float32
    assert list(model.config.id2label.values()) == list(LABELS)
    assert AutoTokenizer.from_pretrained(tiny_labeller.folder)("会议强调")["input_ids"][0] == 2


def test_digest_changes_with_any_file(tiny_writer: Bundle, copy: Path):
    (copy / "README.md").write_text("# Another card\n")
    with pytest.raises(
        BanmianError, match=r"^.*expected SHA-256 \w{12}… of README.md, found \w{12}…\. The file"
    ):
        load_bundle(copy)


def test_a_cut_file_is_refused(copy: Path):
    weights = copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(BanmianError, match=r"of model.safetensors, found .*changed or cut short"):
        load_bundle(copy)


def test_a_missing_file_is_named(copy: Path):
    (copy / "vocab.txt").unlink()
    with pytest.raises(BanmianError) as caught:
        load_bundle(copy)
    assert str(caught.value) == f"{copy}: expected the file vocab.txt, found none. Copy the bundle whole."


def test_a_folder_without_manifest_is_no_bundle(tmp_path: Path):
    with pytest.raises(BanmianError) as caught:
        load_bundle(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: expected a model bundle with manifest.json, found none. "
        "Name a folder that `banmian train` wrote."
    )


@pytest.mark.parametrize("name", ["pytorch_model.bin", "weights.PT", "scaler.pkl", "more/model.ckpt"])
def test_a_pickle_is_refused_by_name(copy: Path, name: str):
    (copy / name).parent.mkdir(exist_ok=True)
    (copy / name).write_bytes(b"\x80\x04.")
    with pytest.raises(BanmianError) as caught:
        load_bundle(copy)
    assert str(caught.value) == (
        f"{copy}: expected safetensors weights only, found {Path(name).name}. A pickle runs code when it is "
        "loaded. Convert it where you trust it, and remove it here."
    )


def test_a_checkpoints_optimizer_stays_behind_and_pickled_weights_are_refused(
    tiny_writer: Bundle, copy: Path, tmp_path: Path
):
    (copy / "optimizer.pt").write_bytes(b"\x80\x04.")
    made = write_bundle(copy, tmp_path / "made", tiny_writer.manifest)
    assert not (made.folder / "optimizer.pt").exists()
    (copy / "model.safetensors").rename(copy / "pytorch_model.bin")
    with pytest.raises(BanmianError, match=r"expected safetensors weights only, found optimizer\.pt"):
        write_bundle(copy, tmp_path / "again", tiny_writer.manifest)


def test_a_manifest_cannot_name_files_elsewhere(copy: Path):
    manifest = json.loads((copy / "manifest.json").read_text())
    _change_manifest(copy, files={**manifest["files"], "../secret": "0" * 64})
    with pytest.raises(BanmianError, match=r"expected plain file names, found '\.\./secret'"):
        load_bundle(copy)


def test_an_unknown_key_is_an_error(copy: Path):
    _change_manifest(copy, temprature=2.0)
    with pytest.raises(
        BanmianError, match=r"manifest\.json:1: expected no such key at temprature, found 2\.0"
    ):
        load_bundle(copy)


def test_labels_in_another_order_are_an_error(tiny_labeller: Bundle, tmp_path: Path):
    folder = Path(shutil.copytree(tiny_labeller.folder, tmp_path / "copy"))
    _change_manifest(folder, labels=list(reversed(LABELS)))
    with pytest.raises(BanmianError, match="labels in the order central_directive, local_meeting"):
        load_bundle(folder)


def test_an_unknown_key_of_the_input_is_an_error(tiny_labeller: Bundle, tmp_path: Path):
    folder = Path(shutil.copytree(tiny_labeller.folder, tmp_path / "copy"))
    _change_manifest(folder, input={"max_tokens": 64, "stride": 3})
    with pytest.raises(BanmianError, match="no key stride in input"):
        load_bundle(folder)


def test_a_version_is_a_plain_name(tiny_writer: Bundle):
    with pytest.raises(ValueError, match="pattern"):
        Manifest.model_validate({**tiny_writer.manifest.model_dump(by_alias=True), "version": "../../etc"})


def test_an_existing_folder_is_kept_unless_told(tiny_writer: Bundle, tmp_path: Path):
    target = tmp_path / "bundle"
    target.mkdir()
    (target / "mine.txt").write_text("kept")
    with pytest.raises(BanmianError, match="expected a new folder, found one that exists"):
        write_bundle(tiny_writer.folder, target, tiny_writer.manifest)
    assert (target / "mine.txt").read_text() == "kept"
    write_bundle(tiny_writer.folder, target, tiny_writer.manifest, replace=True)
    assert not (target / "mine.txt").exists()
    assert load_bundle(target).weights().keys() == tiny_writer.weights().keys()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle"]


def test_weights_beyond_half_precision_are_refused(tiny_writer: Bundle, copy: Path, tmp_path: Path):
    weights = tiny_writer.weights()
    weights["model.shared.weight"] = weights["model.shared.weight"] * 1e6
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(
        BanmianError, match=r"finite weights within half precision, found others in model\.shared"
    ):
        write_bundle(copy, tmp_path / "new", tiny_writer.manifest)
    assert not (tmp_path / "new").exists()


def _fail_half_way(folder: Path) -> None:
    with staged(folder) as stage:
        (stage / "part").write_text("…")
        raise RuntimeError("half way")


def test_a_failure_while_staging_leaves_nothing(tmp_path: Path):
    with pytest.raises(RuntimeError, match="half way"):
        _fail_half_way(tmp_path / "made")
    assert list(tmp_path.iterdir()) == []
