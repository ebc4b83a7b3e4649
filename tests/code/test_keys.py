"""API keys: how they are kept, who is asked for one, and what a key may do."""

from __future__ import annotations

import base64
import json
import logging
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from banmian.data.command import main
from banmian.data.errors import BanmianError
from banmian.serving.app import create_app
from banmian.serving.config import ServeConfig
from banmian.serving.gate import Rates, keys_wanted
from banmian.serving.keys import Keys

BODY = {"text": "接待读者3200人次。", "headline": "接待3200人次"}


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "home" / "keys.json")


def test_a_key_is_kept_as_a_hash_in_a_private_file(keys: Keys) -> None:
    secret = keys.add("desk")
    raw = keys.path.read_text()
    assert secret.startswith("banmian-")
    assert len(secret) > 40
    assert secret not in raw
    assert secret.removeprefix("banmian-") not in raw
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600
    holder = keys.holder(secret)
    assert holder is not None
    assert holder.name == "desk"
    assert keys.holder(secret[:-1]) is None
    assert keys.holder("") is None


def test_names_are_checked(keys: Keys) -> None:
    keys.add("desk")
    with pytest.raises(BanmianError) as caught:
        keys.add("desk")
    assert str(caught.value) == (
        f"{keys.path}: expected a name that is not taken, found desk. Choose another, or remove that key."
    )
    for name, rate in (("a b", None), ("", None), ("x" * 41, None), ("a\n", None), ("a", 0)):
        with pytest.raises(BanmianError, match="a name of up to 40 letters"):
            keys.add(name, rate)
    with pytest.raises(BanmianError) as caught:
        keys.remove("dask")
    assert str(caught.value) == (f"{keys.path}: expected one of the keys (desk), found 'dask'. Correct it.")


def test_another_process_adds_and_removes_and_is_followed(keys: Keys) -> None:
    first = keys.add("one")
    assert keys.holder(first)
    other = Keys(keys.path)
    second = other.add("two")
    holder = keys.holder(second)
    assert holder is not None
    assert holder.name == "two"
    other.remove("one")
    assert keys.holder(first) is None


def test_two_writers_lose_no_key(keys: Keys) -> None:
    code = (
        "import sys; from pathlib import Path; from banmian.serving.keys import Keys\n"
        "keys = Keys(Path(sys.argv[1]))\n"
        "for i in range(10): keys.add(f'{sys.argv[2]}{i}')"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(keys.path), name]) for name in "ab"]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert {key.name for key in keys.all()} == {f"{name}{i}" for name in "ab" for i in range(10)}


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_a_loopback_address_asks_nobody(host: str, keys: Keys) -> None:
    assert not keys_wanted(ServeConfig(host=host), keys)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org", "::ffff:8.8.8.8"])
def test_any_other_address_needs_keys_or_an_explicit_word(host: str, keys: Keys) -> None:
    with pytest.raises(BanmianError) as caught:
        create_app(ServeConfig(host=host), page=False, keys=keys)
    assert str(caught.value) == (
        f"expected an API key before listening on {host}, found none in {keys.path}. Make one with: banmian "
        "keys add NAME, or say --open-to-network if everyone who reaches this address may use the server."
    )
    assert not keys_wanted(ServeConfig(host=host, open_to_network=True), keys)
    keys.add("desk")
    assert keys_wanted(ServeConfig(host=host), keys)


def test_contradictions_are_said(keys: Keys) -> None:
    with pytest.raises(BanmianError, match="require_keys or open_to_network, found both"):
        keys_wanted(ServeConfig(require_keys=True, open_to_network=True), keys)


def test_serve_refuses_a_public_address_without_keys(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANMIAN_HOME", str(tmp_path))
    assert main(["serve", "--host", "0.0.0.0", "--port", "0"]) == 2
    assert "expected an API key before listening on 0.0.0.0" in capsys.readouterr().err


def test_the_command_makes_lists_and_takes_back(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANMIAN_HOME", str(tmp_path))
    assert main(["keys", "add", "desk", "--per-minute", "30"]) == 0
    secret = capsys.readouterr().out.strip()
    assert Keys(tmp_path / "keys.json").holder(secret)
    assert main(["keys", "list"]) == 0
    listed = capsys.readouterr().out
    assert listed.startswith("desk ")
    assert listed.endswith(" 30 a minute\n")
    assert secret not in listed
    assert main(["keys", "remove", "desk"]) == 0
    assert main(["keys", "remove", "desk"]) == 2
    assert "expected one of the keys (none), found 'desk'" in capsys.readouterr().err


def test_a_rate_fills_evenly(keys: Keys) -> None:
    now = [100.0]
    rates = Rates(lambda: now[0])
    keys.add("slow", per_minute=3)
    key = keys.all()[0]
    assert [rates.take(key) for _ in range(4)] == [0, 0, 0, pytest.approx(20)]
    now[0] += 19
    assert rates.take(key) == pytest.approx(1)
    now[0] += 1.001
    assert rates.take(key) == 0
    now[0] += 3600
    assert [rates.take(key) > 0 for _ in range(4)] == [False, False, False, True]


@pytest.fixture
def client(application: Callable[..., FastAPI], keys: Keys) -> Iterator[TestClient]:
    keys.add("first")
    with TestClient(application(ServeConfig(require_keys=True), keys=keys)) as client:
        yield client


def test_without_a_key_only_the_probes_answer(client: TestClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code in (200, 503)
    for method, path in (
        ("GET", "/v1/models"),
        ("POST", "/v1/support"),
        ("POST", "/v1/nothing"),
        ("POST", "/mcp"),
        ("GET", "/mcp"),
        ("GET", "/metrics"),
        ("GET", "/openapi.json"),
        ("GET", "/docs"),
        ("GET", "/"),
        ("GET", "//healthz"),
        ("GET", "/healthz/../docs"),
    ):
        answer = client.request(method, path)
        assert answer.status_code == 401, path
        assert answer.json()["error"]["message"] == (
            "Authorization: expected an API key, found none. Send the header Authorization: Bearer KEY; "
            "the operator makes keys with: banmian keys add NAME"
        )
    assert client.get("/v1/models").headers["WWW-Authenticate"] == 'Bearer realm="banmian"'
    assert client.get("/").headers["WWW-Authenticate"] == 'Basic realm="banmian"'


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer x", "bearer \xff", "Basic x", "Basic eDp5", "Digest a", "", "Basic \xe9"]
)
def test_what_is_no_key_is_refused(client: TestClient, header: str) -> None:
    answer = client.post("/v1/support", json=BODY, headers=[(b"Authorization", header.encode("latin-1"))])
    assert answer.status_code == 401
    assert answer.headers["X-Request-Id"]


def test_a_key_opens_everything_until_it_is_taken_back(
    client: TestClient, keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "banmian.serving.access")
    secret = keys.add("desk")
    bearer = {"Authorization": f"Bearer {secret}"}
    basic = {"Authorization": "Basic " + base64.b64encode(f"any:{secret}".encode()).decode()}
    for headers in (bearer, basic):
        assert client.post("/v1/support", json=BODY, headers=headers).status_code == 200
        assert client.get("/docs", headers=headers).status_code == 200
    assert {record.__dict__["fields"].get("key") for record in caplog.records} == {"desk"}
    assert secret not in caplog.text
    openapi = client.get("/openapi.json", headers=bearer).json()
    assert openapi["security"] == [{"key": []}]
    assert openapi["paths"]["/healthz"]["get"]["security"] == []
    keys.remove("desk")
    assert client.post("/v1/support", json=BODY, headers=bearer).status_code == 401


def test_too_many_requests_with_one_key(client: TestClient, keys: Keys) -> None:
    headers = {"Authorization": f"Bearer {keys.add('slow', per_minute=2)}"}
    answers = [client.post("/v1/support", json=BODY, headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 30
    assert answers[2].json()["error"]["expected"] == "at most 2 requests a minute with this key"
    assert client.get("/v1/models", headers=headers).status_code in (200, 503)  # only work is counted
    other = {"Authorization": f"Bearer {keys.add('other')}"}
    assert client.post("/v1/support", json=BODY, headers=other).status_code == 200
    told = client.get("/metrics", headers=other).text
    assert 'banmian_refused_total{reason="rate"} 1.0' in told


def test_a_broken_file_lets_nobody_in(client: TestClient, keys: Keys) -> None:
    secret = keys.add("desk")
    keys.path.write_text(json.dumps({"keys": "all"}))
    answer = client.post("/v1/support", json=BODY, headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 503
    assert str(keys.path) not in answer.text
