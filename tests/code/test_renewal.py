"""New models without a restart: by looking, by request and by SIGHUP, with no answer lost meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from banmian.serving.app import create_app
from banmian.serving.bundle import Bundle, write_bundle
from banmian.serving.client import Client
from banmian.serving.config import ServeConfig
from banmian.serving.store import ModelStore

BODY = {"paragraphs": ["市委常委会昨日召开会议。", "特此通告。"]}


@pytest.fixture
def second(tiny_labeller: Bundle, tmp_path: Path) -> Bundle:
    """A labeller that is sure of nothing, so that its answers can be told from the first one's."""
    manifest = tiny_labeller.manifest.model_copy(update={"version": "2", "abstain_below": 1.0})
    return write_bundle(tiny_labeller.folder, tmp_path / "second", manifest, "# Second\n")


def application(store: ModelStore, **config: Any) -> TestClient:
    return TestClient(create_app(ServeConfig(**config), store, page=False))


@pytest.fixture
def client(store: ModelStore) -> Iterator[TestClient]:
    """A server that does not look by itself, loaded."""
    with application(store, look_for_models_s=0) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        yield client


def until(true: Callable[[], bool], patience_s: float = 60) -> None:
    end = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.02)


def reload(client: TestClient) -> Any:
    return client.post("/v1/models/reload", json={})


def test_a_request_takes_up_what_is_published_and_what_is_rolled_back(
    client: TestClient, store: ModelStore, second: Bundle
) -> None:
    store.publish(second)
    assert client.post("/v1/classify", json=BODY).json()["model"] == "1"
    assert reload(client).json()["serving"] == {"labeller": "2", "writer": "1"}
    answer = client.post("/v1/classify", json=BODY).json()
    assert answer["model"] == "2"
    assert all(prediction["abstained"] for prediction in answer["predictions"])
    told = client.get("/metrics").text
    assert 'banmian_models_info{labeller="2",writer="1"} 1.0' in told
    assert 'labeller="1"' not in told
    assert 'banmian_reloads_total{outcome="taken"} 1.0' in told
    store.rollback("labeller")
    assert reload(client).json()["serving"]["labeller"] == "1"


def test_no_answer_is_lost_while_models_change(client: TestClient, store: ModelStore, second: Bundle) -> None:
    answers: list[Any] = []
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            answers.append(client.post("/v1/classify", json=BODY))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for change in (lambda: store.publish(second), lambda: store.rollback("labeller")) * 2:
        before = len(answers)
        until(lambda before=before: len(answers) > before + 8)
        change()
        assert reload(client).status_code == 200
    stop.set()
    for worker in workers:
        worker.join()
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["model"] for answer in answers} == {"1", "2"}
    assert all(len(answer.json()["predictions"]) == 2 for answer in answers)


def test_what_does_not_load_is_refused_and_the_former_goes_on(
    client: TestClient, store: ModelStore, second: Bundle
) -> None:
    published = store.publish(second)
    (published.folder / "vocab.txt").write_text("spoilt")
    answer = reload(client)
    assert answer.status_code == 409
    error = answer.json()["error"]
    assert error["expected"] == "a published model that loads"
    assert "of vocab.txt" in error["found"]
    assert error["remedy"] == ("Publish another one or roll back; the models that answered before go on.")
    assert client.post("/v1/classify", json=BODY).json()["model"] == "1"
    assert client.get("/readyz").status_code == 200


def test_a_reload_comes_as_json_which_no_strange_web_page_can_send(client: TestClient) -> None:
    answer = client.post("/v1/models/reload", content=b"", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 422
    assert answer.json()["error"]["expected"] == "application/json"
    for body in ("[]", '{"version": "1"}', ""):
        answer = client.post("/v1/models/reload", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 422


def test_a_server_looks_by_itself_also_when_it_had_nothing_to_serve(
    store: ModelStore, second: Bundle, tmp_path: Path
) -> None:
    (tmp_path / "shipped" / "labeller" / "vocab.txt").write_text("spoilt")
    with application(store, look_for_models_s=0.05) as client:
        until(lambda: "could not be loaded" in client.get("/readyz").text)
        store.publish(second)
        until(lambda: client.get("/readyz").status_code == 200)
        assert client.get("/v1/models").json()["serving"]["labeller"] == "2"


SERVER = """
import sys
from pathlib import Path
from banmian.serving.app import create_app
from banmian.serving.config import ServeConfig
from banmian.serving.server import serve
from banmian.serving.store import ModelStore

config = ServeConfig(port=0, look_for_models_s=0)
store = ModelStore(Path(sys.argv[1]), Path(sys.argv[2]))
sys.exit(serve(create_app(config, store, page=False), config, lambda url, ready: print(url, flush=True)))
"""


def test_sighup_takes_up_what_is_published(store: ModelStore, second: Bundle, tmp_path: Path) -> None:
    command = [sys.executable, "-c", SERVER, str(tmp_path / "home"), str(tmp_path / "shipped")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    ) as server:
        assert server.stdout
        client = Client(server.stdout.readline().strip())
        assert client.models().serving["labeller"] == "1"
        store.publish(second)
        os.kill(server.pid, signal.SIGHUP)
        until(lambda: client.models().serving["labeller"] == "2")
        assert client.reload().serving["labeller"] == "2"
        server.terminate()
        assert server.wait(15) == 0
