"""Tiny bundles: the real architectures, tokenizer and files, with random weights of a few thousand rows."""

from __future__ import annotations

import contextlib
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from banmian.data.labels import LABELS
from banmian.serving.app import create_app
from banmian.serving.bundle import TOKENIZER_FILES, Bundle, Manifest, write_bundle
from banmian.serving.config import ServeConfig
from banmian.serving.corrections import Corrections
from banmian.serving.engine import Engine
from banmian.serving.inputs import InputShape
from banmian.serving.keys import Keys
from banmian.serving.server import Server, listen
from banmian.serving.store import ModelStore

Application = Callable[..., FastAPI]
Loaded = Callable[..., AbstractContextManager[TestClient]]
Loopback = Callable[[FastAPI], AbstractContextManager[str]]

TEXT = (
    "市委常委会昨日召开会议，部署复工复产工作。会议强调，要落实分区分级防控措施，帮助企业解决用工、原料、物流困难。"
    "本报讯记者李明从市商务局获悉，全市一百二十家农贸市场全部恢复营业，蔬菜日供应量达到一千五百吨，价格比上周下降三成。"
    "为保障居民出行，自二月十五日起恢复十二条公交线路，请乘客佩戴口罩，主动出示健康码。特此通告。"
    "国务院办公厅印发通知，要求各地有序开学。“我们的货架又满了。”店主王芳说。"
)


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> object:
    """Conversions and published models of the tests never touch those of the user who runs them."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    patch.setenv("BANMIAN_HOME", str(tmp_path_factory.mktemp("home")))
    yield
    patch.undo()


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared base: a random BERT of 2 layers by 32, every character of TEXT in its vocabulary."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    from banmian.training.base import prepare

    raw = tmp_path_factory.mktemp("raw")
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *(f"[unused{i}]" for i in range(1, 41))]
    tokens += sorted({*TEXT, *"0123456789.,-'\"，。…abcdefghijklmnopqrstuvwxyz"} - set("“”…"))
    tokens += ["##" + digit for digit in "0123456789"]
    (raw / "vocab.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")
    (raw / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "BertTokenizer", "do_lower_case": True})
    )
    torch.manual_seed(7)
    transformers.BertModel(
        transformers.BertConfig(
            vocab_size=len(tokens),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=4,
            intermediate_size=64,
            max_position_embeddings=128,
            initializer_range=0.3,  # wide, so that outputs differ from input to input
        )
    ).save_pretrained(raw)
    return prepare(str(raw), tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="session")
def tiny_labeller(tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A labeller that reads 64 tokens a window, with a temperature and an abstain threshold."""
    import torch

    from banmian.training.base import labeller

    torch.manual_seed(3)
    model = labeller(tiny_base)
    torch.nn.init.normal_(model.classifier.weight, std=0.5)
    torch.nn.init.normal_(model.bert.pooler.dense.weight, std=0.3)
    return _bundle(
        model,
        tiny_base,
        tmp_path_factory.mktemp("labeller"),
        Manifest(
            kind="labeller",
            name="tiny labeller",
            version="1",
            created="2026-01-01",
            base="random",
            licence="Apache-2.0",
            labels=LABELS,
            input=InputShape(max_tokens=64, headline_tokens=12, lead_tokens=16, overlap_tokens=8),
            temperature=1.5,
            abstain_below=0.4,
        ),
    )


@pytest.fixture(scope="session")
def tiny_writer(tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A writer that reads 64 tokens and writes at most 15."""
    import torch

    from banmian.training.base import writer

    torch.manual_seed(5)
    return _bundle(
        writer(tiny_base, 2, 0.0),
        tiny_base,
        tmp_path_factory.mktemp("writer"),
        Manifest(
            kind="writer",
            name="tiny writer",
            version="1",
            created="2026-01-01",
            base="random",
            licence="Apache-2.0",
            source_tokens=64,
            target_tokens=16,
        ),
    )


@pytest.fixture
def store(tiny_labeller: Bundle, tiny_writer: Bundle, tmp_path: Path) -> ModelStore:
    """A store over the two tiny bundles as the shipped ones, nothing published."""
    for bundle in (tiny_labeller, tiny_writer):
        shutil.copytree(bundle.folder, tmp_path / "shipped" / bundle.manifest.kind)
    return ModelStore(tmp_path / "home", tmp_path / "shipped")


@pytest.fixture(scope="session")
def application(
    tiny_labeller: Bundle, tiny_writer: Bundle, tmp_path_factory: pytest.TempPathFactory
) -> Application:
    """Makes an application over the two tiny bundles, with a home of its own."""

    def make(config: ServeConfig | None = None, page: bool = False, keys: Keys | None = None) -> FastAPI:
        home = tmp_path_factory.mktemp("home")
        return create_app(
            config,
            ModelStore(home),
            Corrections(home / "corrections"),
            load=lambda store, observe: Engine(tiny_labeller, tiny_writer, observe=observe),
            page=page,
            keys=keys or Keys(home / "keys.json"),
        )

    return make


@pytest.fixture(scope="session")
def loaded(application: Application) -> Loaded:
    """Makes an application as ``application`` does and gives a client of it, its models loaded."""

    @contextlib.contextmanager
    def make(*arguments: Any, **named: Any) -> Iterator[TestClient]:
        app = application(*arguments, **named)
        with TestClient(app, base_url="http://127.0.0.1") as client:
            ready(app)
            yield client

    return make


@pytest.fixture(scope="session")
def client(loaded: Loaded) -> Iterator[TestClient]:
    """The endpoints, loaded, with limits small enough to be met."""
    config = ServeConfig(max_body_bytes=100_000, max_upload_bytes=200_000, max_inputs=4, deadline_s=30)
    with loaded(config) as client:
        yield client


@pytest.fixture(scope="session")
def loopback() -> Loopback:
    """Serves an application on a real socket, its models loaded, and gives its address."""

    @contextlib.contextmanager
    def serving(app: FastAPI) -> Iterator[str]:
        with contextlib.closing(listen("127.0.0.1", 0)) as socket:
            server = Server(uvicorn.Config(app, log_config=None), app.state.service, lambda ready: None)
            thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
            thread.start()
            ready(app)
            yield f"http://127.0.0.1:{socket.getsockname()[1]}"
            server.should_exit = True
            thread.join()

    return serving


def ready(app: FastAPI, patience_s: float = 60) -> None:
    """Wait for the models, which are loaded in the background."""
    end = time.monotonic() + patience_s
    while not app.state.service.ready:
        assert time.monotonic() < end, app.state.service.failure or "the models were not loaded"
        time.sleep(0.02)


def _bundle(model: object, base: Path, folder: Path, manifest: Manifest) -> Bundle:
    saved = folder / "saved"
    model.save_pretrained(saved)  # type: ignore[attr-defined]
    for name in TOKENIZER_FILES:
        (saved / name).write_bytes((base / name).read_bytes())
    return write_bundle(saved, folder / manifest.kind, manifest, "# A tiny model for tests\n")
