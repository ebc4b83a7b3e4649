"""uvicorn around the application, with an end that loses no answer: SIGTERM finishes what runs, exits 0.

SIGHUP takes up newly published models.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from banmian.data.errors import BanmianError
from banmian.serving.config import ServeConfig
from banmian.serving.renewal import renew
from banmian.serving.service import Service

_LOOK_S = 0.05
_OPEN_FILES = 16_384


class Server(uvicorn.Server):
    """A uvicorn server that does not wait for the streams an open page holds, only for work.

    Args:
        config: uvicorn's.
        service: whose readiness is told and whose work is waited for.
        told: called once with whether the models are ready, when that is decided.
    """

    def __init__(self, config: uvicorn.Config, service: Service, told: Callable[[bool], None]) -> None:
        super().__init__(config)
        self._service, self._told = service, told
        self._renewing: set[asyncio.Task[None]] = set()
        self._had_terminal = _has_terminal()

    async def main_loop(self) -> None:
        """uvicorn's loop, with a look-out for readiness and for SIGHUP beside it."""
        watch = asyncio.create_task(self._tell())
        with contextlib.suppress(RuntimeError, ValueError):  # not the main thread, which has the signals
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._hang_up)
        try:
            await super().main_loop()
        finally:
            watch.cancel()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop taking, finish what runs, let go of open pages."""
        for server in self.servers:
            server.close()
        # uvicorn cuts connections on which it has read no request yet. What was accepted a moment ago may
        # have its request in the kernel's buffer: read it first.
        await asyncio.sleep(2 * _LOOK_S)
        letting_go = asyncio.create_task(self._let_go())
        try:
            await super().shutdown(sockets)
        finally:
            letting_go.cancel()

    def _hang_up(self) -> None:
        """SIGHUP: an operator wants a reload, or the terminal this runs in was closed, which is an end."""
        if self._had_terminal and not _has_terminal():
            self.should_exit = True
            return
        task = asyncio.create_task(renew(self._service))
        self._renewing.add(task)
        task.add_done_callback(self._renewing.discard)

    async def _tell(self) -> None:
        while not (self._service.ready or self._service.failure):
            await asyncio.sleep(_LOOK_S)
        self._told(self._service.ready)

    async def _let_go(self) -> None:
        metrics, admission = self._service.metrics, self._service.admission
        while metrics.open or admission.admitted:
            await asyncio.sleep(_LOOK_S)
        await asyncio.sleep(2 * _LOOK_S)  # an answer that a stream carries is sent after its work is done
        for task in list(self.server_state.tasks):
            task.cancel()


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _allow_many_connections() -> None:
    """Lift the soft limit of open files, 1,024 on most systems: every connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, or a BanmianError that says why not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(2048)
    except OSError as problem:
        made.close()
        reason = problem.strerror or str(problem)
        raise BanmianError(
            "an address to listen on", reason, f"{host}:{port}", "Choose another with --host or --port."
        ) from None
    return made


def serve(app: FastAPI, config: ServeConfig, told: Callable[[str, bool], None]) -> int:
    """Serve until SIGTERM (0) or Ctrl-C (130).

    Args:
        app: made by ``create_app`` with the same ``config``.
        config: the address and how long an end may take.
        told: called with the URL and whether the models are ready, once that is decided.
    """
    _allow_many_connections()
    listening = listen(config.host, config.port)
    host, port = listening.getsockname()[:2]
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    settings = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=int(config.grace_s),
    )
    server = Server(settings, app.state.service, lambda ready: told(url, ready))
    # uvicorn raises the signal again once it has ended in good order; the default action of SIGTERM would
    # then turn an orderly end into a killed process.
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    hung_up = signal.signal(signal.SIGHUP, lambda *_: None)  # until the loop handles it
    try:
        with contextlib.suppress(asyncio.CancelledError):
            server.run(sockets=[listening])
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGHUP, hung_up)
        listening.close()
    return 0
