import json
import multiprocessing
import os
from pathlib import Path

import pytest

from banmian.data.errors import BanmianError
from banmian.serving import store as store_module
from banmian.serving.bundle import Bundle, load_bundle, write_bundle
from banmian.serving.store import ModelStore, home


@pytest.fixture
def second(tiny_writer: Bundle, tmp_path: Path) -> Bundle:
    """Another version of the writer."""
    manifest = tiny_writer.manifest.model_copy(update={"version": "2"})
    return write_bundle(tiny_writer.folder, tmp_path / "second", manifest, "# Second\n")


def test_the_shipped_bundle_is_served_until_one_is_published(store: ModelStore, second: Bundle):
    assert store.published("writer").manifest.version == "1"
    published = store.publish(second)
    assert published.folder != second.folder
    assert store.published("writer").digest == second.digest
    assert store.published("labeller").manifest.version == "1"
    listed = [(s.manifest.version, s.origin, s.served) for s in store.versions("writer")]
    assert listed == [("1", "shipped", False), ("2", "published", True)]


def test_rollback_goes_back_step_by_step(store: ModelStore, second: Bundle, tmp_path: Path):
    third = write_bundle(
        second.folder, tmp_path / "third", second.manifest.model_copy(update={"version": "3"}), "# Third\n"
    )
    store.publish(second)
    store.publish(third)
    assert store.rollback("writer").manifest.version == "2"
    assert store.rollback("writer").manifest.version == "1"
    with pytest.raises(
        BanmianError, match=r"expected a writer published before, found none\. There is nothing"
    ):
        store.rollback("writer")
    assert store.publish(third).manifest.version == "3"  # still stored


def test_publishing_what_is_served_changes_nothing(store: ModelStore, second: Bundle):
    store.publish(second)
    store.publish(second)
    assert store.rollback("writer").manifest.version == "1"


def test_a_version_names_one_model(store: ModelStore, second: Bundle, tmp_path: Path):
    store.publish(second)
    other = write_bundle(second.folder, tmp_path / "other", second.manifest, "# Not the same\n")
    with pytest.raises(
        BanmianError, match=r"expected a version that is not taken, found 2, stored with other"
    ):
        store.publish(other)
    assert store.published("writer").digest == second.digest


@pytest.mark.parametrize("step", ["_copy", "_point"])
def test_a_crash_at_any_step_leaves_the_old_one_published(
    store: ModelStore, second: Bundle, step: str, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patch:
        patch.setattr(ModelStore, step, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            store.publish(second)
    assert store.published("writer").manifest.version == "1"
    assert store.publish(second).manifest.version == "2"  # and the next try works


def _killed_publisher(home: Path, shipped: Path, folder: Path, at: str) -> None:
    if at == "replace":
        Path.replace = lambda *_: os._exit(9)  # type: ignore[method-assign,assignment]
    else:
        store_module.write_atomically = lambda *_: os._exit(9)  # type: ignore[assignment]
    ModelStore(home, shipped).publish(load_bundle(folder))


@pytest.mark.parametrize("at", ["replace", "pointer"])
def test_a_killed_publisher_leaves_no_lock_and_no_half_version(
    store: ModelStore, second: Bundle, tmp_path: Path, at: str
):
    process = multiprocessing.get_context("fork").Process(
        target=_killed_publisher, args=(tmp_path / "home", tmp_path / "shipped", second.folder, at)
    )
    process.start()
    process.join()
    assert process.exitcode == 9
    assert store.published("writer").manifest.version == "1"
    assert all(s.manifest.version in ("1", "2") for s in store.versions("writer"))
    assert store.publish(second).manifest.version == "2"


def test_a_spoilt_published_bundle_says_how_to_go_back(store: ModelStore, second: Bundle, tmp_path: Path):
    folder = store.publish(second).folder
    (folder / "vocab.txt").write_text("spoilt")
    with pytest.raises(BanmianError, match=r"Or go back: banmian models rollback writer$"):
        store.published("writer")
    assert store.rollback("writer").manifest.version == "1"


def test_the_pointer_file_is_strict(store: ModelStore, second: Bundle, tmp_path: Path):
    store.publish(second)
    pointer = tmp_path / "home" / "models" / "writer" / "published.json"
    assert json.loads(pointer.read_text()) == {"version": "2", "history": [""]}
    pointer.write_text('{"version": "2", "histori": []}')
    with pytest.raises(BanmianError, match="expected no such key at histori"):
        store.published("writer")


def test_home_follows_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BANMIAN_HOME", "/srv/banmian")
    assert home() == Path("/srv/banmian")
    monkeypatch.delenv("BANMIAN_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert home() == Path("/data/banmian")
    monkeypatch.delenv("XDG_DATA_HOME")
    assert home() == Path.home() / ".local" / "share" / "banmian"
