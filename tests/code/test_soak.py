"""`banmian soak` in small: load and faults on a real server with tiny models, as in the large."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from banmian.data.command import main
from banmian.data.errors import BanmianError
from banmian.eval.load import at_rate
from banmian.eval.server_process import ServerProcess
from banmian.eval.soak import Plan, Soak, soak
from banmian.eval.traffic import Sent, Traffic, hostile
from banmian.serving.bundle import Bundle
from banmian.serving.store import ModelStore

SMALL = Plan(rate=30, seconds=2, requests=800, callers=8, connections=1_000, half_sent=50)


@pytest.fixture(scope="module")
def done(tiny_labeller: Bundle, tiny_writer: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Soak:
    home = tmp_path_factory.mktemp("home")
    for bundle in (tiny_labeller, tiny_writer):
        ModelStore(home).publish(bundle)
    return soak(SMALL, home)


@pytest.mark.slow
def test_no_request_fails_under_load_and_faults(done: Soak) -> None:
    assert done.failures() == []
    names = [phase.name for phase in done.phases]
    assert names == [
        "30 paragraphs/s, open loop",
        "mixed, 8 callers",
        "1,000 connections at once",
        "beside 50 half-sent bodies",
        "half-sent bodies, 408 after 3 s",
    ]
    assert [phase.requests for phase in done.phases] == [60, 800, 1_000, 90, 50]
    assert [phase.busy for phase in done.phases if "connections" not in phase.name] == [0] * 4
    assert all(0 < phase.p50_ms <= phase.p95_ms <= phase.p99_ms <= phase.max_ms for phase in done.phases)


@pytest.mark.slow
def test_sigterm_under_load_loses_no_answer_and_exits_0(done: Soak) -> None:
    end = done.ends[0]
    assert (end.signal, end.lost, end.exit_code) == ("SIGTERM", 0, 0)
    assert end.answered > 0
    assert end.refused > 0  # it went on asking until nobody listened


@pytest.mark.slow
def test_sigkill_leaves_a_home_that_the_next_start_takes(done: Soak) -> None:
    assert done.ends[1].signal == "SIGKILL"
    assert done.ends[1].exit_code == -9
    assert done.corrections_after_kill == "5 of 5 acknowledged"
    assert done.ready_after_kill_s > 0


@pytest.mark.slow
def test_memory_is_flat(done: Soak) -> None:
    assert len(done.memory_mb) == 10
    assert done.memory_mb[-1] - done.memory_mb[2] < 25  # MB over 560 requests of every kind
    assert done.memory_peak_mb >= max(done.memory_mb)


@pytest.mark.slow
def test_the_tables_say_what_was_measured(done: Soak) -> None:
    load, facts = (table.plain() for table in done.tables())
    assert "1,000 connections at once" in load
    assert done.processor in load
    assert "5 of 5 acknowledged" in facts
    assert Soak.model_validate_json(done.model_dump_json()) == done


def test_traffic_is_drawn_by_its_seed() -> None:
    first, again, other = (Traffic(seed).mixed() for seed in (1, 1, 2))
    drawn = [next(first) for _ in range(300)]
    assert drawn == [next(again) for _ in range(300)]
    assert drawn != [next(other) for _ in range(300)]
    assert {sent.kind for sent in drawn} >= {"paragraph", "article", "headline", "support", "hostile"}
    assert max(len(sent.body) for sent in hostile()) > 5_000_000


def test_a_stalling_server_cannot_slow_its_measuring_down() -> None:
    """Open loop: every request is due at its time, and the wait behind a stall counts."""

    async def run() -> list[float]:
        stalled_until = time.monotonic() + 0.6

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(max(0.0, stalled_until - time.monotonic()))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            writer.close()

        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            tally = await at_rate(f"http://127.0.0.1:{port}", _gets(), rate=10, seconds=1)
        assert not tally.failures
        return tally.seconds

    seconds = asyncio.run(run())
    assert len(seconds) == 10
    assert sum(taken > 0.15 for taken in seconds) >= 3


def _gets() -> Iterator[Sent]:
    while True:
        yield Sent("get", "GET", "/")


def test_a_server_that_cannot_start_is_said(tmp_path: Path) -> None:
    with pytest.raises(BanmianError) as caught:
        ServerProcess(tmp_path, ("--host", "0.0.0.0"))
    assert caught.value.expected == "a server that gets ready"
    assert "expected an API key before listening on 0.0.0.0" in caught.value.found


def test_a_plan_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["soak", "--rate", "0"]) == 2
    assert capsys.readouterr().err == (
        "banmian soak: --rate: expected a number above 0, found 0. Correct it.\n"
    )
