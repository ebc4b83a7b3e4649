"""uvicorn around the application, with an end that loses no answer: SIGTERM finishes what runs, exits 0."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from banmian.data.errors import BanmianError
from banmian.serving.config import ServeConfig
from banmian.serving.service import Service

_LOOK_S = 0.05


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

    async def main_loop(self) -> None:
        """uvicorn's loop, with a look-out for readiness beside it."""
        watch = asyncio.create_task(self._tell())
        try:
            await super().main_loop()
        finally:
            watch.cancel()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop taking, finish what runs, let go of open pages."""
        letting_go = asyncio.create_task(self._let_go())
        try:
            await super().shutdown(sockets)
        finally:
            letting_go.cancel()

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
    try:
        with contextlib.suppress(asyncio.CancelledError):
            server.run(sockets=[listening])
    finally:
        signal.signal(signal.SIGTERM, before)
        listening.close()
    return 0
