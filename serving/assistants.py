"""`/mcp`: the functions as tools of language-model assistants, over the Model Context Protocol.

Not Gradio's own MCP server: that one calls its functions over HTTP, at the address that the first caller's
Host header names, so a forged header would send everyone's text elsewhere, and it knows no API key.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import json
import logging
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from banmian.data.errors import BanmianError, MissingExtraError
from banmian.serving.checks import check_unicode
from banmian.serving.config import ServeConfig
from banmian.serving.functions import Function, functions
from banmian.serving.problems import FAULT, answer, ordinary_json, shown
from banmian.serving.service import Service

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from mcp.server.transport_security import TransportSecuritySettings

log = logging.getLogger("banmian.serving.mcp")

PATH = "/mcp"
_PURPOSE = "the Model Context Protocol"
_INSTRUCTIONS = (
    "Reads Chinese newspaper pages: labels paragraphs, writes headlines, holds headlines against articles."
)


def offer_tools(
    app: FastAPI, service: Service, strangers: bool
) -> contextlib.AbstractAsyncContextManager[None]:
    """Add ``/mcp`` to the application and return what has to be open while it serves.

    Args:
        app: the application.
        service: does the work.
        strangers: whether requests for any host name are taken. On a loopback address without keys they
            are not: a web page could reach it under a name of its own (DNS rebinding).
    """
    if importlib.util.find_spec("mcp") is None:

        async def missing(_: Request) -> JSONResponse:
            return answer(404, MissingExtraError("mcp", "mcp", _PURPOSE).as_dict())

        app.router.routes.append(Route(PATH, missing, methods=["GET", "POST", "DELETE"]))
        return contextlib.nullcontext()
    tools = _Tools(service, strangers)
    # No GET: nothing is ever told unasked, so there is no stream to hold open.
    app.router.routes.append(Route(PATH, tools, methods=["POST"]))
    return tools.serving()


class _Tools:
    """The endpoint as an ASGI application: every request is answered by itself, with JSON."""

    def __init__(self, service: Service, strangers: bool) -> None:
        self._service, self._strangers = service, strangers
        self._manager: StreamableHTTPSessionManager | None = None

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """What has to be open while it serves."""
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        config = self._service.config
        self._manager = StreamableHTTPSessionManager(
            _server(functions(self._service)),
            json_response=True,
            stateless=True,
            security_settings=None if self._strangers else _own_names(config),
            max_request_body_size=config.max_body_bytes,
        )
        async with self._manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        assert self._manager is not None
        body = await Request(scope, receive).body()
        _check(body)
        handed_on = False

        async def again() -> Message:
            nonlocal handed_on
            if handed_on:
                return await receive()
            handed_on = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._manager.handle_request(scope, again, send)


def _check(body: bytes) -> None:
    """JSON that the library can read and answer: what it cannot would be a 500 there."""
    with ordinary_json("body"):
        text = json.dumps(json.loads(body), ensure_ascii=False)
    check_unicode(text, "body")


def _server(offered: Sequence[Function]) -> Server[Any, Any]:
    from mcp import types
    from mcp.server.lowlevel import Server

    by_name = {function.name: function for function in offered}
    server: Server[Any, Any] = Server(
        "banmian", importlib.metadata.version("banmian"), instructions=_INSTRUCTIONS
    )

    @server.list_tools()  # type: ignore[no-untyped-call,untyped-decorator]
    async def tools() -> list[types.Tool]:
        return [
            types.Tool(
                name=name,
                description=function.tells,
                # No outputSchema: an issue's alone is longer than all the rest that an assistant has to read.
                inputSchema=function.takes.model_json_schema(),
                annotations=types.ToolAnnotations(
                    readOnlyHint=True, idempotentHint=True, openWorldHint=False
                ),
            )
            for name, function in by_name.items()
        ]

    @server.call_tool(validate_input=False)  # type: ignore[untyped-decorator]
    async def call(name: str, arguments: dict[str, Any]) -> tuple[list[types.TextContent], dict[str, Any]]:
        if name not in by_name:
            raise BanmianError(f"one of {', '.join(by_name)}", shown(name), "name", "See tools/list.")
        try:
            made = await by_name[name].plain(arguments)
        except BanmianError:  # the library answers it, as the result of a tool that failed
            raise
        except Exception:
            log.exception("fault of a tool")
            raise FAULT from None
        return [types.TextContent(type="text", text=json.dumps(made, ensure_ascii=False))], made

    return server


def _own_names(config: ServeConfig) -> TransportSecuritySettings:
    from mcp.server.transport_security import TransportSecuritySettings

    host = f"[{config.host}]" if ":" in config.host else config.host
    names = sorted({"127.0.0.1", "localhost", "[::1]", host})
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[*names, *(f"{name}:*" for name in names)],
        allowed_origins=[f"http://{name}{port}" for name in names for port in ("", ":*")],
    )
