"""The gate before page and endpoints: who may pass (API keys) and how often.

On a loopback address nobody is asked. On any other, a server without keys does not start unless its
configuration says ``open_to_network``. The liveness and readiness probes stay open: they say nothing of
anyone's text, and an orchestrator has no key.
"""

from __future__ import annotations

import base64
import ipaddress
import logging
import math
import threading
import time
from collections.abc import Callable

from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from banmian.data.errors import BanmianError
from banmian.serving.config import ServeConfig
from banmian.serving.keys import Key, Keys
from banmian.serving.problems import answer

log = logging.getLogger("banmian.serving")

OPEN_PATHS = frozenset({"/healthz", "/readyz"})
#: Where programs call; elsewhere a browser is asked for name and key in its own window.
_FOR_PROGRAMS = ("/v1/", "/mcp", "/metrics", "/openapi.json", "/gradio_api/")
#: Under these names the gate leaves in the scope who called and why it refused, for log and metrics.
CALLER, REFUSAL = "banmian.caller", "banmian.refusal"


def keys_wanted(config: ServeConfig, keys: Keys) -> bool:
    """Whether a server of this configuration asks for keys.

    Raises:
        BanmianError: it would have to and there are none, or it contradicts itself.
    """
    if config.require_keys and config.open_to_network:
        raise BanmianError(
            "require_keys or open_to_network", "both", "the configuration", "Leave one of them out."
        )
    wanted = config.require_keys or not (config.open_to_network or _is_loopback(config.host))
    if wanted and not keys.all():
        raise BanmianError(
            f"an API key before listening on {config.host}",
            f"none in {keys.path}",
            remedy="Make one with: banmian keys add NAME, or say --open-to-network if everyone who reaches "
            "this address may use the server.",
        )
    return wanted


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


class Rates:
    """How often each key has called of late: a bucket that holds a minute's calls and fills evenly."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, key: Key) -> float:
        """0 if ``key`` may call now, which counts; else the seconds until it may."""
        if key.per_minute is None:
            return 0.0
        now, rate = self._clock(), key.per_minute / 60
        with self._lock:
            left, since = self._buckets.get(key.sha256, (float(key.per_minute), now))
            left = min(key.per_minute, left + (now - since) * rate)
            if left < 1:
                self._buckets[key.sha256] = left, now
                return (1 - left) / rate
            self._buckets[key.sha256] = left - 1, now
        return 0.0


class Gate:
    """ASGI middleware that lets through whoever holds a key: ``Authorization: Bearer KEY``.

    A browser gets along with HTTP's basic login (any name, the key as password), so the page needs no
    login of its own. Only POST counts against a key's rate: opening the page is some forty GETs.
    """

    def __init__(self, app: ASGIApp, keys: Keys) -> None:
        self._app, self._keys, self._rates = app, keys, Rates()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] == "lifespan" or scope.get("path") in OPEN_PATHS:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            if self._refusal(scope) is None:
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008})
        else:
            await (self._refusal(scope) or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        """Why a request may not pass; None if it may."""
        given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        secret = _secret(given)
        try:
            key = self._keys.holder(secret) if secret else None
        except BanmianError as broken:  # nobody passes until the operator has mended it
            log.error("the keys cannot be read: %s", broken)
            problem = BanmianError("keys that can be read", "a broken file", remedy="Ask the operator.")
            return answer(503, problem.as_dict())
        if key is None:
            scope[REFUSAL] = "no_key"
            headers = {"WWW-Authenticate": _challenge(scope["path"])}
            return answer(401, _no_key(bool(given)).as_dict(), headers)
        scope[CALLER] = key.name
        wait_s = self._rates.take(key) if scope.get("method") == "POST" else 0
        if not wait_s:
            return None
        scope[REFUSAL] = "rate"
        again_s = max(1, math.ceil(wait_s))
        headers = {"Retry-After": str(again_s)}
        return answer(429, _too_often(key, again_s).as_dict(), headers)


def _secret(header: bytes) -> str:
    """The key in an Authorization header; empty if there is none to be read."""
    scheme, _, value = header.decode("latin-1").strip().partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value.strip(), validate=True).decode().partition(":")[2]
        except ValueError:
            return ""
    return ""


def _challenge(path: str) -> str:
    return ("Bearer" if path.startswith(_FOR_PROGRAMS) else "Basic") + ' realm="banmian"'


def _no_key(given: bool) -> BanmianError:
    return BanmianError(
        "an API key",
        "one that is not known" if given else "none",
        "Authorization",
        "Send the header Authorization: Bearer KEY; the operator makes keys with: banmian keys add NAME",
    )


def _too_often(key: Key, again_s: int) -> BanmianError:
    return BanmianError(
        f"at most {key.per_minute} requests a minute with this key",
        "more",
        remedy=f"Try again in {again_s} s.",
    )
