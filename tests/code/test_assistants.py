"""The functions as tools over the Model Context Protocol, called with its own client over a real socket."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, Tool

from banmian.serving.config import ServeConfig
from banmian.serving.keys import Keys
from banmian.serving.logs import to_stderr

TEXT = "本报讯 昨日，市图书馆新馆对外开放，首日接待读者3200人次。"
HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys") / "keys.json")


@pytest.fixture(scope="module")
def url(
    application: Callable[..., FastAPI],
    loopback: Callable[[FastAPI], AbstractContextManager[str]],
    keys: Keys,
) -> Iterator[str]:
    """A server that asks for keys."""
    keys.add("first")
    with loopback(application(ServeConfig(require_keys=True), keys=keys)) as url:
        yield url


async def session(
    url: str, secret: str, calls: list[tuple[str, dict[str, Any]]]
) -> tuple[list[Tool], list[CallToolResult]]:
    """The tools that are offered, and the results of the calls."""
    headers = {"Authorization": f"Bearer {secret}"}
    async with (
        httpx.AsyncClient(headers=headers, trust_env=False, timeout=60) as http,
        streamable_http_client(f"{url}/mcp", http_client=http) as (read, write, _),
        ClientSession(read, write) as client,
    ):
        await client.initialize()
        tools = await client.list_tools()
        return tools.tools, [await client.call_tool(name, arguments) for name, arguments in calls]


def test_an_assistant_uses_what_rest_offers_and_gets_the_same_answers(url: str, keys: Keys) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("classify", {"paragraphs": ["特此通告。", TEXT], "headline": "通告", "why": True}),
        ("headline", {"texts": [TEXT], "register": "quick", "candidates": 2, "max_chars": 12}),
        ("support", {"text": TEXT, "headline": "接待读者5000人次"}),
        ("analyze", {"text": TEXT, "date": "2020-02-13"}),
    ]
    tools, made = asyncio.run(session(url, keys.add("assistant"), calls))
    assert [tool.name for tool in tools] == [name for name, _ in calls]
    rest = {"Authorization": f"Bearer {keys.add('rest')}"}
    for (name, body), result in zip(calls, made, strict=True):
        answer = httpx.post(f"{url}/v1/{name}", json=body, headers=rest, trust_env=False, timeout=60)
        assert result.isError is False
        assert result.structuredContent == answer.json()
        assert json.loads(result.content[0].text) == answer.json()  # type: ignore[union-attr]
    assert "接待读者5000人次"[4:8] in made[2].content[0].text  # type: ignore[union-attr]  # not \u escapes


def test_the_tools_say_what_they_take(url: str, keys: Keys) -> None:
    tools, _ = asyncio.run(session(url, keys.add("reader"), []))
    by_name = {tool.name: tool for tool in tools}
    assert all(tool.description and tool.annotations and tool.annotations.readOnlyHint for tool in tools)
    headline = by_name["headline"].inputSchema
    assert headline["required"] == ["texts"]
    assert "party_daily" in headline["properties"]["register"]["enum"]
    assert headline["additionalProperties"] is False
    assert by_name["classify"].inputSchema["properties"]["why"]["description"]


def test_what_is_wrong_is_told_as_rest_tells_it(url: str, keys: Keys) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("headline", {"texts": [TEXT], "register": "gossip"}),
        ("classify", {"paragraphs": ["好"] * 300}),
        ("classify", {"paragraphs": ["好", 3]}),
        ("support", {"text": TEXT, "headline": "题", "titel": ""}),
        ("analyze", {"text": " \n"}),
        ("rewrite", {}),
    ]
    _, made = asyncio.run(session(url, keys.add("clumsy"), calls))
    assert [result.isError for result in made] == [True] * len(calls)
    told = [result.content[0].text for result in made]  # type: ignore[union-attr]
    assert told[0].startswith("register: expected Input should be 'quick', 'broadcast'")
    assert told[1:] == [
        "paragraphs: expected at most 256 paragraphs, found 300. Send them in several requests.",
        "paragraphs[1]: expected Input should be a valid string, found 3. Correct it.",
        "titel: expected no such key, found ''. Remove it, or correct its spelling.",
        "text: expected text with something printed in it, found nothing but blanks. "
        "Paste a page, an article or a paragraph.",
        "name: expected one of classify, headline, support, analyze, found 'rewrite'. See tools/list.",
    ]


def test_keys_and_rates_hold_for_tools_too(url: str, keys: Keys) -> None:
    refused = httpx.post(f"{url}/mcp", json={}, headers=HEADERS, trust_env=False)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="banmian"'
    slow = {"Authorization": f"Bearer {keys.add('slow', per_minute=1)}"} | HEADERS
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    answers = [httpx.post(f"{url}/mcp", json=ping, headers=slow, trust_env=False) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert int(answers[1].headers["Retry-After"]) >= 1


def called(name: str, **arguments: Any) -> dict[str, Any]:
    return {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": name, "arguments": arguments},
    }


def test_limits_hold_for_tools_too(client: TestClient) -> None:
    large = client.post("/mcp", json=called("analyze", text="好" * 60_000), headers=HEADERS)
    assert large.status_code == 413
    assert large.json()["error"]["expected"] == "at most 100000 bytes"
    chunks = iter([b"x" * 10_000] * 11)
    assert client.post("/mcp", content=chunks, headers=HEADERS).json()["error"]["found"] == "more"
    packed = client.post("/mcp", content=b"\x1f\x8b", headers=HEADERS | {"Content-Encoding": "gzip"})
    assert packed.status_code == 415
    answer = client.get("/mcp", headers=HEADERS)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    client.post("/mcp", json=called("support", text=TEXT, headline="图书馆开放"), headers=HEADERS)
    assert 'banmian_requests_total{method="POST",route="/mcp",status="200"}' in client.get("/metrics").text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"[" * 50_000,
        b'{"a":' * 15_000,
        b"9" * 5_000,
        b"\xff\xfe{}",
        b'{"jsonrpc": "2.0", "id": "\\ud83d", "method": "ping"}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "\\ud83d"}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "nothing/at/all"}',
        json.dumps(called("classify") | {"params": {"name": 3}}).encode(),
        json.dumps(called("classify") | {"params": {"name": "classify", "arguments": []}}).encode(),
        json.dumps(called("classify", paragraphs=["\u0000\u001b"])).encode(),
        json.dumps(called("classify", **{"\u202e": 1})).encode(),
        json.dumps(called("classify", paragraphs=["好\ud83d"])).encode(),
        json.dumps(called("support", text=TEXT, headline=1e308 * 10)).encode(),
    ],
)
def test_no_body_is_a_fault(client: TestClient, body: bytes) -> None:
    answer = client.post("/mcp", content=body, headers=HEADERS)
    assert answer.status_code < 500, answer.text
    assert "Traceback" not in answer.text
    told = answer.json()
    assert "error" in told or told["result"]["isError"]


def test_a_fault_is_not_told_and_a_text_is_not_logged(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError("secret detail")

    service = client.app.state.service  # type: ignore[attr-defined]
    monkeypatch.setattr(service.engine, "classify", broken)
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        to_stderr()
        answer = client.post("/mcp", json=called("classify", paragraphs=["机密的一段。"]), headers=HEADERS)
        client.post("/mcp", json=called("classify") | {"params": {"name": ["机密的一段。"]}}, headers=HEADERS)
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    result = answer.json()["result"]
    assert result["isError"]
    assert result["content"][0]["text"] == (
        "expected an answer, found a fault of the server. Report it with the X-Request-Id."
    )
    logged = capfd.readouterr().err
    assert '"message": "fault of a tool", "request_id": ' in logged
    assert "机密" not in logged
    assert json.dumps("机密").strip('"') not in logged


def test_on_loopback_another_host_name_is_refused(client: TestClient) -> None:
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    for host in ("localhost", "localhost:7860", "127.0.0.1:80", "[::1]:7860"):
        assert client.post("/mcp", json=ping, headers=HEADERS | {"Host": host}).status_code == 200
    for headers in ({"Host": "evil.example:7860"}, {"Origin": "http://evil.example"}):
        assert client.post("/mcp", json=ping, headers=HEADERS | headers).status_code in (403, 421)


def test_without_the_extra_it_says_how_to_get_it(
    application: Callable[..., FastAPI], monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "mcp" else find(name))
    with TestClient(application()) as client:
        answer = client.post("/mcp", json={})
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == (
        "expected mcp for the Model Context Protocol, found an installation without it. "
        "Install it with: pip install 'banmian[mcp]'"
    )
