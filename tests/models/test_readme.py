"""README and docs are programs: each command is run, against the shipped models and a real server."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import tomllib
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from banmian.data.command import verbs
from banmian.serving.config import ServeConfig, load_config

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh.md")
ENDPOINT = "docs/endpoint.md"
ADDRESS, COLLECTOR = "http://127.0.0.1:7860", "http://127.0.0.1:4318"
RUN, MINUTES, SERVE = "sh", "sh minutes", "sh serve"


def blocks(document: str, kind: str) -> list[str]:
    """The document's code blocks of ``kind``."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return [body for name, body in re.findall(r"^```([^\n]*)\n(.*?)^```", text, re.M | re.S) if name == kind]


def commands(document: str, kind: str, program: str) -> list[str]:
    """The commands of ``program`` in the document's code blocks of ``kind``."""
    lines = [line for body in blocks(document, kind) for line in body.splitlines()]
    return [line.split("    #")[0] for line in lines if f"{program} " in f"{line} "]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "BANMIAN_HOME": str(tmp_path_factory.mktemp("home"))}


@pytest.fixture(scope="module")
def server(environment: dict[str, str]) -> Iterator[str]:
    with running("exec banmian serve --port 0", environment) as url:
        yield url


@contextlib.contextmanager
def running(command: str, environment: dict[str, str]) -> Iterator[str]:
    """The address of a server that the command starts."""
    process = subprocess.Popen(
        command, shell=True, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("banmian is ready: http://127.0.0.1:"), line
    yield line.split()[3]
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


def test_both_readmes_hold_the_same_commands() -> None:
    for kind in (RUN, MINUTES):
        for program in ("make", "banmian", "curl"):
            first, second = (commands(readme, kind, program) for readme in READMES)
            assert first == second
            assert first or kind == MINUTES


@pytest.mark.parametrize("command", commands("README.md", RUN, "make"))
def test_make(command: str) -> None:
    result = subprocess.run(["make", "-n", *command.split()[1:]], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert result.stdout


@pytest.mark.shipped
@pytest.mark.parametrize(
    "command", commands("README.md", RUN, "banmian") + commands(ENDPOINT, RUN, "banmian")
)
def test_banmian(command: str, environment: dict[str, str]) -> None:
    result = subprocess.run(command, shell=True, cwd=ROOT, env=environment, capture_output=True, text=True)
    # A headline the article does not support is exit code 1, which the README says.
    assert result.returncode == (1 if "--check" in command else 0), result.stderr
    assert result.stdout.strip() or "remove" in command


@pytest.mark.shipped
@pytest.mark.parametrize("command", [c for d in ("README.md", ENDPOINT) for c in commands(d, RUN, "curl")])
def test_curl(command: str, environment: dict[str, str], server: str) -> None:
    assert ADDRESS in command
    command = command.replace(ADDRESS, server).replace("curl -s", "curl -s --fail")
    result = subprocess.run(command, shell=True, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "banmian_ready 1.0" in result.stdout if "/metrics" in command else json.loads(result.stdout)


@pytest.mark.shipped
@pytest.mark.parametrize("program", blocks(ENDPOINT, "python"))
def test_python(program: str, environment: dict[str, str], server: str, tmp_path: Path) -> None:
    assert ADDRESS in program
    command = [sys.executable, "-c", program.replace(ADDRESS, server)]
    result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip()


@pytest.mark.shipped
@pytest.mark.parametrize("command", commands(ENDPOINT, SERVE, "banmian"))
def test_serve(command: str, environment: dict[str, str]) -> None:
    """The server starts as the command says and ends in order; what it sends to a collector arrives."""
    got: list[str] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            got.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Collector) as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        command = command.replace(COLLECTOR, f"http://127.0.0.1:{collector.server_port}")
        with running(f"exec env {command} --port 0", environment) as url:
            assert urllib.request.urlopen(f"{url}/v1/models").status == 200
        collector.shutdown()
    assert set(got) == {"/v1/traces", "/v1/metrics"}


@pytest.mark.parametrize("command", commands(ENDPOINT, RUN, "pip"))
def test_pip_names_extras_that_there_are(command: str) -> None:
    (extra,) = re.findall(r"\.\[(\w+)\]", command)
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert extra in tomllib.load(file)["project"]["optional-dependencies"]


def test_the_limits_are_the_servers(tmp_path: Path) -> None:
    (limits,) = blocks(ENDPOINT, "toml")
    path = tmp_path / "serve.toml"
    path.write_text(limits)
    assert load_config(path) == ServeConfig()


@pytest.mark.parametrize("command", commands("README.md", MINUTES, "banmian"))
def test_what_takes_minutes_is_at_least_a_command(command: str) -> None:
    import argparse

    _, name, *arguments = shlex.split(command)
    parser = argparse.ArgumentParser(exit_on_error=False)
    verbs()[name].arguments(parser)
    parser.parse_args(arguments)
