"""The README is a program: each of its commands is run, against the shipped models and a real server."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from banmian.data.command import verbs

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh.md")
ADDRESS = "http://127.0.0.1:7860"
RUN, MINUTES = "sh", "sh minutes"


def commands(readme: str, kind: str, program: str) -> list[str]:
    """The commands of ``program`` in the README's code blocks of ``kind``."""
    blocks = re.findall(r"^```([^\n]*)\n(.*?)^```", (ROOT / readme).read_text(encoding="utf-8"), re.M | re.S)
    lines = [line for name, body in blocks if name == kind for line in body.splitlines()]
    return [line.split("    #")[0] for line in lines if f"{program} " in f"{line} "]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "BANMIAN_HOME": str(tmp_path_factory.mktemp("home"))}


@pytest.fixture(scope="module")
def server(environment: dict[str, str]) -> Iterator[str]:
    process = subprocess.Popen(
        ["banmian", "serve", "--port", "0"], stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
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
@pytest.mark.parametrize("command", commands("README.md", RUN, "banmian"))
def test_banmian(command: str, environment: dict[str, str]) -> None:
    result = subprocess.run(command, shell=True, cwd=ROOT, env=environment, capture_output=True, text=True)
    # A headline the article does not support is exit code 1, which the README says.
    assert result.returncode == (1 if "--check" in command else 0), result.stderr
    assert result.stdout.strip()


@pytest.mark.shipped
@pytest.mark.parametrize("command", commands("README.md", RUN, "curl"))
def test_curl(command: str, environment: dict[str, str], server: str) -> None:
    assert ADDRESS in command
    command = command.replace(ADDRESS, server).replace("curl -s", "curl -s --fail")
    result = subprocess.run(command, shell=True, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert json.loads(result.stdout)


@pytest.mark.parametrize("command", commands("README.md", MINUTES, "banmian"))
def test_what_takes_minutes_is_at_least_a_command(command: str) -> None:
    import argparse

    _, name, *arguments = shlex.split(command)
    parser = argparse.ArgumentParser(exit_on_error=False)
    verbs()[name].arguments(parser)
    parser.parse_args(arguments)
