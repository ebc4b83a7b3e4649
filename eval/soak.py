"""`banmian soak`: the real server under load and under faults, in one table."""

from __future__ import annotations

import asyncio
import dataclasses
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from banmian.data.errors import BanmianError
from banmian.data.issue import Record
from banmian.data.shipped import REAL_ISSUE, shipped_issue
from banmian.eval.load import Tally, ask, at_rate, closed_loop, half_bodies, many_connections, open_client
from banmian.eval.phases import Noting, Phase
from banmian.eval.server_process import ServerProcess
from banmian.eval.table import Table
from banmian.eval.traffic import Sent, Traffic
from banmian.serving import processor
from banmian.serving.client import Client
from banmian.serving.corrections import Corrections

_READ_TIMEOUT_S = 3.0
_STEPS = 10


@dataclass(frozen=True)
class Plan:
    """How much load; the defaults are what is reported."""

    rate: float = 50.0
    seconds: float = 60.0
    requests: int = 20_000
    callers: int = 16
    connections: int = 1_000
    half_sent: int = 200
    seed: int = 0

    def check(self) -> None:
        """A BanmianError if a number is not positive."""
        for name, value in dataclasses.asdict(self).items():
            if name != "seed" and value <= 0:
                option = "--" + name.replace("_", "-")
                raise BanmianError("a number above 0", f"{value:g}", option, "Correct it.")


class End(Record):
    """A server ended under load: answers complete, connections refused (not taken), answers lost."""

    signal: str
    answered: int
    refused: int
    lost: int
    exit_code: int
    seconds: float


class Soak(Record):
    """Everything measured; memory in MB of the server's process, ``memory_mb`` in tenths of the soak."""

    processor: str
    models: dict[str, str]
    ready_s: float
    ready_after_kill_s: float
    corrections_after_kill: str
    phases: tuple[Phase, ...]
    memory_ready_mb: float
    memory_mb: tuple[float, ...]
    memory_peak_mb: float
    ends: tuple[End, ...]

    def failures(self) -> list[str]:
        """What must not be: requests that failed, answers lost at an orderly end; empty if all is well."""
        found = [
            f"{phase.name}: {count} × {what}"
            for phase in self.phases
            for what, count in phase.failures.items()
        ]
        for end in self.ends:
            if end.signal == "SIGTERM" and (end.lost or end.exit_code):
                found.append(f"SIGTERM: {end.lost} answers lost, exit {end.exit_code}")
        return found

    def tables(self) -> tuple[Table, ...]:
        """The figures as tables."""
        head = f"{self.processor}; {', '.join(f'{k} {v}' for k, v in self.models.items())}"
        columns = ("load", "requests", "429", "failed", "seconds", "p50 ms", "p95 ms", "p99 ms", "max ms")
        rows = tuple(
            (
                phase.name,
                f"{phase.requests:,}",
                str(phase.busy),
                str(phase.failed),
                f"{phase.seconds:.0f}",
                *(f"{ms:.0f}" for ms in (phase.p50_ms, phase.p95_ms, phase.p99_ms, phase.max_ms)),
            )
            for phase in self.phases
        )
        ends = tuple(
            (f"{end.signal} under load", f"{end.answered} answered, {end.refused} refused, {end.lost} lost, "
             f"exit {end.exit_code} after {end.seconds:.1f} s")
            for end in self.ends
        )  # fmt: skip
        facts = (
            ("start to ready", f"{self.ready_s:.1f} s"),
            ("start to ready after SIGKILL", f"{self.ready_after_kill_s:.1f} s"),
            ("corrections after SIGKILL", self.corrections_after_kill),
            ("memory when ready", f"{self.memory_ready_mb:.0f} MB"),
            ("memory in tenths of the soak", " ".join(f"{mb:.0f}" for mb in self.memory_mb) + " MB"),
            ("memory at its most", f"{self.memory_peak_mb:.0f} MB"),
            *ends,
        )
        return Table(head, columns, rows), Table("Start, memory, end", ("what", "measured"), facts, left=2)


def soak(plan: Plan, home: Path | None = None) -> Soak:
    """Start `banmian serve` on a free port and put it through everything; takes minutes by default.

    Args:
        plan: how much of it.
        home: the server's home folder; a new one with the shipped models if not given.
    """
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_Course(plan, home or Path(folder), Path(folder)).run())


class _Course:
    """One run: every phase on one server, then the ends, each on a server of its own."""

    def __init__(self, plan: Plan, home: Path, folder: Path) -> None:
        self._plan, self._home = plan, home
        self._traffic = Traffic(plan.seed)
        config = folder / "serve.toml"
        config.write_text(f"read_timeout_s = {_READ_TIMEOUT_S}\n", encoding="utf-8")
        self._options = ("--config", str(config))
        self._phases: list[Phase] = []

    async def run(self) -> Soak:
        # A first start converts the models into the cache; what users meet is every later one.
        with self._start():
            pass
        with self._start() as server:
            memory_ready = server.memory_mb()
            models = Client(server.url).models().serving
            await self._load(server)
            memory = await self._soak(server)
            await self._faults(server)
            ends = [await self._end(server, "SIGTERM")]
            peak = self._peak
        killed, corrections = await self._kill()
        with self._start() as again:
            ready_again = again.ready_s
        return Soak(
            processor=processor.name(),
            models=models,
            ready_s=server.ready_s,
            ready_after_kill_s=ready_again,
            corrections_after_kill=corrections,
            phases=tuple(self._phases),
            memory_ready_mb=memory_ready,
            memory_mb=tuple(memory),
            memory_peak_mb=peak,
            ends=(*ends, killed),
        )

    def _start(self) -> ServerProcess:
        return ServerProcess(self._home, self._options)

    async def _load(self, server: ServerProcess) -> None:
        plan = self._plan
        with self._phase(f"{plan.rate:g} paragraphs/s, open loop") as note:
            note(await at_rate(server.url, self._traffic.paragraphs(), plan.rate, plan.seconds))

    async def _soak(self, server: ServerProcess) -> list[float]:
        """Mixed traffic; the memory after each tenth of it."""
        memory = []
        mixed = self._traffic.mixed()
        with self._phase(f"mixed, {self._plan.callers} callers") as note:
            for _ in tqdm(range(_STEPS), unit="tenth", leave=False):
                count = max(1, self._plan.requests // _STEPS)
                note(await closed_loop(server.url, mixed, count, self._plan.callers))
                memory.append(server.memory_mb())
        return memory

    async def _faults(self, server: ServerProcess) -> None:
        plan = self._plan
        one = next(self._traffic.paragraphs())
        with self._phase(f"{plan.connections:,} connections at once") as note:
            note(await many_connections(server.url, one, plan.connections))
        with self._phase(f"beside {plan.half_sent} half-sent bodies") as note:
            halves = asyncio.create_task(half_bodies(server.url, one, plan.half_sent))
            note(await at_rate(server.url, self._traffic.paragraphs(), plan.rate, _READ_TIMEOUT_S))
            half = await halves
        with self._phase(f"half-sent bodies, 408 after {_READ_TIMEOUT_S:g} s") as note:
            note(half)
        self._peak = server.memory_mb(peak=True)

    async def _end(self, server: ServerProcess, signal: str) -> End:
        """End the server under load of new connections and see what became of each request."""
        tally = Tally()
        stop = asyncio.Event()
        callers = [
            asyncio.create_task(self._call(server.url, tally, stop)) for _ in range(self._plan.callers)
        ]
        await asyncio.sleep(min(1.0, self._plan.seconds))
        began = time.perf_counter()
        if signal == "SIGTERM":
            server.terminate()
            code = await asyncio.to_thread(server.wait)
        else:
            server.kill()
            code = server.process.returncode
        seconds = time.perf_counter() - began
        stop.set()
        await asyncio.gather(*callers)
        refused = sum(count for what, count in tally.failures.items() if what.endswith("ConnectError"))
        return End(
            signal=signal,
            answered=len(tally.seconds),
            refused=refused,
            lost=tally.failed - refused,
            exit_code=code,
            seconds=seconds,
        )

    async def _call(self, url: str, tally: Tally, stop: asyncio.Event) -> None:
        paragraphs = self._traffic.paragraphs()
        while not stop.is_set():
            async with open_client(url) as client:  # a connection of its own, as of another user
                await ask(client, _closing(next(paragraphs)), tally, time.perf_counter())
            if tally.failures:
                await asyncio.sleep(0.01)

    async def _kill(self) -> tuple[End, str]:
        """Kill a server that keeps corrections; those it acknowledged must be there, and whole."""
        issue = shipped_issue(REAL_ISSUE)
        with self._start() as server:
            client = Client(server.url, retries=0)
            told = [client.correct(issue.model_copy(update={"id": f"issue-{i}"})).stored for i in range(5)]
            end = await self._end(server, "SIGKILL")
        kept = Corrections(self._home / "corrections").names()
        whole = sum(name in kept for name in told)
        return end, f"{whole} of {len(told)} acknowledged"

    def _phase(self, name: str) -> Noting:
        return Noting(name, self._phases)


def _closing(sent: Sent) -> Sent:
    return Sent(
        sent.kind, sent.method, sent.path, sent.body, (*sent.headers, ("Connection", "close")), sent.right
    )
