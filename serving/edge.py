"""The outermost layer of the application, for all routes: request ids, body limits, access log, metrics."""

from __future__ import annotations

import asyncio
import logging
import re
import time
import uuid

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from banmian.serving.config import ServeConfig
from banmian.serving.gate import CALLER, REFUSAL
from banmian.serving.logs import request_id
from banmian.serving.metrics import Metrics
from banmian.serving.problems import FAULT, BadTransfer, Encoded, TooLarge, TooSlow, answer
from banmian.serving.traces import name_request

log = logging.getLogger("banmian.serving.access")

_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_OWN_ROUTES = re.compile(
    r"/(v1/(classify|headline|support|analyze|corrections|models(/reload)?)|healthz|readyz|metrics|docs|mcp)?"
)
_GONE = 499
_METHODS = frozenset({"GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"})
# Streams that the page holds open for as long as it is looked at: they are no work in progress.
_STREAMS = ("/gradio_api/heartbeat/", "/gradio_api/queue/data")

_REFUSALS = {
    408: "too_slow",
    413: "too_large",
    415: "unread_kind",
    422: "invalid",
    429: "busy",
    503: "not_ready",
    504: "deadline",
}


class Edge:
    """ASGI middleware around the whole application, page included."""

    def __init__(self, app: ASGIApp, config: ServeConfig, metrics: Metrics) -> None:
        self._app, self._config, self._metrics = app, config, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {key.lower(): value.decode("latin-1") for key, value in scope["headers"]}
        given = headers.get(b"x-request-id", "")
        identity = given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(identity)
        name_request(identity)
        begun, status, started = time.perf_counter(), 500, False

        async def send_with_id(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", identity.encode())]
            await send(message)

        counted = not scope["path"].startswith(_STREAMS)
        self._metrics.open += counted
        try:
            limited = self._limited(scope, headers, receive)
            await self._app(scope, limited, send_with_id)
        except BadTransfer as problem:
            if not started:
                await answer(problem.status_code, problem.problem.as_dict())(scope, receive, send_with_id)
        except ClientDisconnect:
            status = _GONE  # amid its body: nobody is left to be answered
        except Exception:
            log.exception("unanswered fault")
            if not started:
                await answer(500, FAULT.as_dict())(scope, receive, send_with_id)
        finally:
            self._metrics.open -= counted
            if counted:
                self._record(scope, status, time.perf_counter() - begun)
            request_id.reset(token)

    def _limited(self, scope: Scope, headers: dict[bytes, str], receive: Receive) -> Receive:
        """``receive`` that stops at the limit, by the length announced or, without one, by what comes."""
        upload = headers.get(b"content-type", "").startswith("multipart/form-data")
        limit = self._config.max_upload_bytes if upload else self._config.max_body_bytes
        came, whole = 0, False

        def refuse(size: str) -> TooLarge:
            return TooLarge(f"at most {limit} bytes", size, "body", "Send less at once.")

        # Nothing is unpacked here: a few kilobytes of gzip may be gigabytes.
        if (encoding := headers.get(b"content-encoding", "identity").lower()) not in ("identity", ""):
            raise Encoded(encoding)
        announced = headers.get(b"content-length", "")
        if announced.isdigit() and int(announced[:20]) > limit:
            raise refuse(f"{announced[:20]} bytes")

        async def counted() -> Message:
            nonlocal came, whole
            if whole:  # what comes now is the end of the connection, which may take its time
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), self._config.read_timeout_s)
            except TimeoutError:
                raise TooSlow(self._config.read_timeout_s) from None
            whole = not message.get("more_body", False)
            came += len(message.get("body", b""))
            if came > limit:
                raise refuse("more")
            return message

        return counted

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        path: str = scope["path"]
        route = path if _OWN_ROUTES.fullmatch(path) else "page"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.answered(route, method, status, seconds)
        if reason := scope.get(REFUSAL) or _REFUSALS.get(status):
            self._metrics.refused(reason)
        fields = {"method": method, "path": path[:200], "status": status, "ms": round(seconds * 1000, 1)}
        if CALLER in scope:
            fields["key"] = scope[CALLER]
        log.info("answered", extra={"fields": fields})
