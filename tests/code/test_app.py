"""The application and its server: configuration, start, page and endpoint together, and an orderly end."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from banmian.data.errors import BanmianError
from banmian.serving.bundle import Bundle
from banmian.serving.config import ServeConfig, load_config
from banmian.serving.logs import JsonFormatter, request_id
from banmian.serving.server import listen


def test_a_config_is_read_strictly(tmp_path: Path) -> None:
    path = tmp_path / "serve.toml"
    path.write_text('host = "::1"\nmax_inputs = 8\n')
    assert load_config(path) == ServeConfig(host="::1", max_inputs=8)
    assert load_config(None).max_body_bytes == 2_000_000
    path.write_text("max_input = 8\n")
    with pytest.raises(BanmianError) as caught:
        load_config(path)
    assert str(caught.value).startswith(f"{path}: expected ")
    assert "max_input" in str(caught.value)
    path.write_text("deadline_s = 0\n")
    with pytest.raises(BanmianError, match="greater than 0 at deadline_s"):
        load_config(path)


def test_a_changed_config_is_checked() -> None:
    assert ServeConfig().with_changes(port=0, host=None) == ServeConfig(port=0)
    with pytest.raises(BanmianError) as caught:
        ServeConfig().with_changes(port=70000)
    assert str(caught.value) == (
        "port: expected Input should be less than or equal to 65535, found 70000. Correct the option."
    )


def test_a_taken_port_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BanmianError) as caught:
            listen("127.0.0.1", port)
    assert str(caught.value) == (
        f"127.0.0.1:{port}: expected an address to listen on, found Address already in use. "
        "Choose another with --host or --port."
    )


def test_log_lines_are_json_with_the_request_id() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "行\n%s", ("\x1b",), None)
    record.fields = {"ms": 3}
    token = request_id.set("r1")
    line = JsonFormatter().format(record)
    request_id.reset(token)
    assert "\n" not in line
    assert line.isascii()
    read = json.loads(line)
    assert (read["message"], read["request_id"], read["ms"]) == ("行\n\x1b", "r1", 3)


def test_every_answer_is_logged_and_no_text_is(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "banmian")
    caplog.handler.setFormatter(JsonFormatter())
    text = {"text": "机密。" * 3}
    for name, body in (
        ("analyze", text),
        ("support", text | {"headline": "机密"}),
        ("support", text | {"headline": 3}),
        ("classify", {"paragraphs": ["机密"] * 300}),
    ):
        client.post(f"/v1/{name}", json=body, headers={"X-Request-Id": f"desk-{name}"})
    lines = [json.loads(line) for line in caplog.text.splitlines()]
    answered = [line for line in lines if line["message"] == "answered"]
    assert [(line["path"], line["status"]) for line in answered] == [
        ("/v1/analyze", 200),
        ("/v1/support", 200),
        ("/v1/support", 422),
        ("/v1/classify", 413),
    ]
    assert answered[0]["request_id"] == "desk-analyze"
    assert all(line["ms"] > 0 for line in answered)
    assert not [line for line in lines if "机密" in json.dumps(line, ensure_ascii=False)]


def test_page_and_endpoint_stand_in_one_application(
    loaded: Callable[..., AbstractContextManager[TestClient]],
) -> None:
    with loaded(page=True) as client:
        page = client.get("/").text
        assert "版面 banmian" in page
        assert client.get("/readyz").status_code == 200
        assert client.post("/v1/classify", json={"paragraphs": ["通告。"]}).status_code == 200
        assert client.get("/v1/classify").status_code == 405
        assert_nothing_is_fetched(page)
        assert_nothing_is_fetched(client.get("/theme.css").text)


def assert_nothing_is_fetched(text: str) -> None:
    """No script, style, font or picture of another host. Gradio's og: and twitter: lines are only names."""
    named = re.sub(r"<meta\s[^>]*>", "", text)
    fetched = re.findall(r"""(?:src|href|@import|url\()\s*[=(]?\s*["']?((?:https?:)?//[^"')\s]+)""", named)
    assert fetched == []
    assert "fonts.g" not in named


SERVER = """
import sys, time
from pathlib import Path
from banmian.serving.app import create_app
from banmian.serving.bundle import load_bundle
from banmian.serving.config import ServeConfig
from banmian.serving.engine import Engine
from banmian.serving.server import serve

class Slow(Engine):
    def classify(self, readings, deadline_s=None):
        time.sleep(1.5)
        return super().classify(readings, deadline_s)

config = ServeConfig(port=0, deadline_s=20, grace_s=20, read_timeout_s=1.0)
bundles = [load_bundle(Path(folder)) for folder in sys.argv[1:]]
app = create_app(config, load=lambda store, observe: Slow(*bundles), page=True)
sys.exit(serve(app, config, lambda url, ready: print(url, ready, flush=True)))
"""


def test_half_sent_bodies_are_answered_and_hold_nothing_up(
    tiny_labeller: Bundle, tiny_writer: Bundle
) -> None:
    command = [sys.executable, "-c", SERVER, str(tiny_labeller.folder), str(tiny_writer.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout
        url, _ = server.stdout.readline().split()
        host, port = url.removeprefix("http://").split(":")
        half = (
            f"POST /v1/classify HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
            'Content-Length: 100\r\n\r\n{"para'
        )
        with contextlib.ExitStack() as stack:
            slow = [stack.enter_context(socket.create_connection((host, int(port)))) for _ in range(200)]
            for connection in slow:
                connection.sendall(half.encode())
            assert json.load(urllib.request.urlopen(f"{url}/healthz", timeout=5)) == {"status": "ok"}
            slow[0].settimeout(10)
            assert slow[0].recv(12) == b"HTTP/1.1 408"
            server.terminate()
            assert server.wait(10) == 0


def test_sigterm_finishes_what_runs_lets_pages_go_and_exits_0(
    tiny_labeller: Bundle, tiny_writer: Bundle
) -> None:
    command = [sys.executable, "-c", SERVER, str(tiny_labeller.folder), str(tiny_writer.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout
        url, ready = server.stdout.readline().split()
        assert ready == "True"
        host, port = url.removeprefix("http://").split(":")
        with (
            socket.create_connection((host, int(port))) as page,
            socket.create_connection((host, int(port))) as work,
        ):
            page.sendall(f"GET /gradio_api/heartbeat/x HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            assert page.recv(15) == b"HTTP/1.1 200 OK"
            body = json.dumps({"paragraphs": ["通告。"]}).encode()
            head = f"POST /v1/classify HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n"
            work.sendall(f"{head}Content-Type: application/json\r\n\r\n".encode() + body)
            time.sleep(0.5)
            begun = time.monotonic()
            os.kill(server.pid, signal.SIGTERM)
            answer = b""
            while part := work.recv(4096):
                answer += part
        assert answer.startswith(b"HTTP/1.1 200 OK")
        assert b'"predictions"' in answer
        assert server.wait(15) == 0
        assert time.monotonic() - begun < 10


def test_the_server_answers_before_its_models_are_loaded(tmp_path: Path) -> None:
    empty = str(tmp_path)
    code = (
        "import sys; from pathlib import Path; from banmian.serving.app import create_app\n"
        "from banmian.serving.config import ServeConfig; from banmian.serving.server import serve\n"
        "from banmian.serving.store import ModelStore\n"
        "config = ServeConfig(port=0); store = ModelStore(Path(sys.argv[1]), Path(sys.argv[1]))\n"
        "app = create_app(config, store, page=False)\n"
        "sys.exit(serve(app, config, lambda url, ready: print(url, ready, flush=True)))"
    )
    command = [sys.executable, "-c", code, empty]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout
        url, ready = server.stdout.readline().split()
        assert ready == "False"
        assert json.load(urllib.request.urlopen(f"{url}/healthz")) == {"status": "ok"}
        server.terminate()
        assert server.wait(15) == 0
