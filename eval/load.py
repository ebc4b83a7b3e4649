"""Load on a server: at a given rate, as a closed loop, over many connections, with half-sent bodies."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx
import numpy as np

from banmian.eval.traffic import Sent

_PATIENCE_S = 90.0


@dataclass
class Tally:
    """What became of requests: seconds of those answered rightly, the others by what they got."""

    seconds: list[float] = field(default_factory=list)
    by_kind: dict[str, list[float]] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)
    busy: int = 0
    """Answered 429 where more was asked at once than the server takes on: told when to come back."""

    def right(self, kind: str, seconds: float) -> None:
        """One right answer."""
        self.seconds.append(seconds)
        self.by_kind.setdefault(kind, []).append(seconds)

    def wrong(self, kind: str, what: str) -> None:
        """One request that failed."""
        self.failures[f"{kind}: {what}"] += 1

    @property
    def failed(self) -> int:
        """How many failed."""
        return self.failures.total()

    def percentile_ms(self, share: float) -> float:
        """The latency in milliseconds below which ``share`` percent of the right answers lie."""
        return 1000 * float(np.percentile(self.seconds, share)) if self.seconds else 0.0


def open_client(url: str) -> httpx.AsyncClient:
    """A client of the server at ``url`` that holds as many connections as it needs."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    # Without verify=False every client reads the certificate store first, which is dearer than the request.
    return httpx.AsyncClient(base_url=url, timeout=_PATIENCE_S, limits=limits, trust_env=False, verify=False)


async def ask(client: httpx.AsyncClient, sent: Sent, tally: Tally, since: float) -> None:
    """Send one request and note what became of it, timed from ``since``."""
    try:
        answer = await client.request(sent.method, sent.path, content=sent.body, headers=sent.headers)
    except httpx.HTTPError as problem:
        tally.wrong(sent.kind, type(problem).__name__)
        return
    if answer.status_code in sent.right:
        tally.right(sent.kind, time.perf_counter() - since)
    else:
        tally.wrong(sent.kind, str(answer.status_code))


async def at_rate(url: str, traffic: Iterator[Sent], rate: float, seconds: float) -> Tally:
    """Open loop: a request every ``1/rate`` s whether or not the former were answered.

    Timed from the moment it was due, so that a server that stalls cannot slow its own measuring down.
    """
    tally = Tally()
    async with open_client(url) as client, asyncio.TaskGroup() as group:
        began = time.perf_counter()
        for i in range(round(rate * seconds)):
            due = began + i / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(ask(client, next(traffic), tally, due))
    return tally


async def closed_loop(url: str, traffic: Iterator[Sent], requests: int, callers: int) -> Tally:
    """``callers`` at once, each sending its next request when its last is answered, ``requests`` in all."""
    tally = Tally()
    left = itertools.islice(traffic, requests)

    async def call(client: httpx.AsyncClient) -> None:
        for sent in left:
            await ask(client, sent, tally, time.perf_counter())

    async with open_client(url) as client, asyncio.TaskGroup() as group:
        for _ in range(callers):
            group.create_task(call(client))
    return tally


async def many_connections(url: str, sent: Sent, count: int) -> Tally:
    """``count`` connections open at once, each of which then asks.

    Right is an answer, or 429 with Retry-After: more than the queue's limit may ask here at once.
    """
    tally = Tally()
    began = time.perf_counter()
    opened = await asyncio.gather(*(_connect(url) for _ in range(count)), return_exceptions=True)

    async def use(streams: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        reader, writer = streams
        try:
            writer.write(_raw(sent))
            async with asyncio.timeout(_PATIENCE_S):
                head = await reader.readuntil(b"\r\n\r\n")
            status = int(head.split()[1])
            if status == 429 and b"\r\nretry-after: " in head.lower():
                tally.busy += 1
            elif status in sent.right:
                tally.right(sent.kind, time.perf_counter() - began)
            else:
                tally.wrong(sent.kind, str(status))
        except (OSError, TimeoutError, EOFError, IndexError) as problem:
            tally.wrong(sent.kind, type(problem).__name__)
        finally:
            writer.close()

    for streams in opened:
        if isinstance(streams, BaseException):
            tally.wrong(sent.kind, type(streams).__name__)
    await asyncio.gather(*(use(streams) for streams in opened if not isinstance(streams, BaseException)))
    return tally


async def half_bodies(url: str, sent: Sent, count: int) -> Tally:
    """``count`` clients that stop in the middle of their body; right is that they are told so (408)."""
    tally = Tally()

    async def send_half() -> None:
        began = time.perf_counter()
        reader, writer = await _connect(url)
        try:
            writer.write(_raw(sent)[:-10])
            async with asyncio.timeout(_PATIENCE_S):
                line = await reader.readline()
            if line.startswith(b"HTTP/1.1 408"):
                tally.right("half body", time.perf_counter() - began)
            else:
                tally.wrong("half body", line.decode("latin-1").strip() or "closed without an answer")
        except (OSError, TimeoutError) as problem:
            tally.wrong("half body", type(problem).__name__)
        finally:
            writer.close()

    await asyncio.gather(*(send_half() for _ in range(count)))
    return tally


async def _connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(url)
    return await asyncio.open_connection(parts.hostname, parts.port)


def _raw(sent: Sent) -> bytes:
    lines = [f"{sent.method} {sent.path} HTTP/1.1", "Host: banmian", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in (*sent.headers, ("Content-Length", str(len(sent.body))))]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + sent.body
