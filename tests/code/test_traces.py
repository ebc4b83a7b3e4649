"""OpenTelemetry: not there unless it is asked for, and then a request's stages without any text of a user."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from banmian.data.command import main
from banmian.data.errors import BanmianError
from banmian.serving import traces
from banmian.serving.config import ServeConfig
from banmian.serving.logs import JsonFormatter

TEXT = "市图书馆新馆开放\n本报讯 昨日，市图书馆新馆对外开放，首日接待读者3200人次。\n特此通告。"


@pytest.fixture(scope="module")
def exporter() -> InMemorySpanExporter:
    """Where every span of this process goes. A process has one provider: without telemetry it gets none."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return exporter


@pytest.fixture(scope="module")
def traced(
    loaded: Callable[..., AbstractContextManager[TestClient]], exporter: InMemorySpanExporter
) -> Iterator[TestClient]:
    with loaded(ServeConfig(telemetry=True)) as client:
        yield client


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> Callable[[], dict[str, ReadableSpan]]:
    """The spans since the test began, by name."""
    exporter.clear()
    return lambda: {span.name: span for span in exporter.get_finished_spans()}


def test_a_page_is_one_trace_of_its_stages(
    traced: TestClient, spans: Callable[[], dict[str, ReadableSpan]]
) -> None:
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    headers = {"traceparent": parent, "X-Request-Id": "desk-7"}
    answer = traced.post("/v1/analyze", json={"text": TEXT}, headers=headers)
    assert answer.status_code == 200
    found = spans()
    stages = ["banmian.wait", "banmian.read", "banmian.classify", "banmian.write"]
    assert {*stages, "POST /v1/analyze"} <= set(found)
    assert {span.context.trace_id for span in found.values() if span.context} == {int(parent[3:35], 16)}
    request = found["POST /v1/analyze"]
    assert request.attributes
    assert request.attributes["banmian.request_id"] == "desk-7"
    assert request.attributes["http.response.status_code"] == 200
    endpoint = found["fastapi.endpoint"]
    for name in stages:
        span = found[name]
        assert span.parent
        assert endpoint.context
        assert span.parent.span_id == endpoint.context.span_id
    starts = [found[name].start_time or 0 for name in stages]
    assert starts == sorted(starts)
    body = answer.json()
    paragraphs = sum(block["role"] == "body" for a in body["articles"] for block in a["blocks"])
    assert dict(found["banmian.classify"].attributes or {}) == {"banmian.paragraphs": paragraphs}
    assert dict(found["banmian.write"].attributes or {}) == {"banmian.articles": len(body["articles"])}


def test_no_span_holds_a_text(traced: TestClient, exporter: InMemorySpanExporter) -> None:
    exporter.clear()
    for body in ({"text": TEXT}, {"text": "图书馆", "titel": "图书馆"}, {"text": " "}):
        traced.post("/v1/analyze", json=body)
    everything = "".join(span.to_json() for span in exporter.get_finished_spans())
    assert "/v1/analyze" in everything
    assert "图书馆" not in everything
    assert json.dumps("图书馆").strip('"') not in everything


def test_of_an_error_the_kind_is_told_and_not_the_message(
    traced: TestClient,
    spans: Callable[[], dict[str, ReadableSpan]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: Any) -> None:
        raise BanmianError("something else", "图书馆")

    monkeypatch.setattr(traced.app.state.service.engine, "submit_readings", broken)  # type: ignore[attr-defined]
    assert traced.post("/v1/classify", json={"paragraphs": ["图书馆"]}).status_code == 422
    span = spans()["banmian.classify"]
    assert dict(span.attributes or {}) == {"banmian.paragraphs": 1, "error.type": "BanmianError"}
    assert span.status.status_code is trace.StatusCode.ERROR
    assert (span.status.description, span.events) == (None, ())


def test_a_tool_is_traced_within_its_request(
    traced: TestClient, spans: Callable[[], dict[str, ReadableSpan]]
) -> None:
    call = {"name": "classify", "arguments": {"paragraphs": ["通告。"]}}
    answer = traced.post(
        "/mcp",
        json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call},
        headers={"Accept": "application/json, text/event-stream"},
    )
    assert answer.json()["result"]["isError"] is False
    found = spans()
    request = next(span for span in found.values() if span.kind is trace.SpanKind.SERVER)
    assert request.context
    assert found["banmian.classify"].context
    assert found["banmian.classify"].context.trace_id == request.context.trace_id


def test_a_log_line_names_its_trace(traced: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "banmian.serving.access")
    caplog.handler.setFormatter(JsonFormatter())
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    traced.get("/v1/models", headers={"traceparent": parent})
    line = json.loads(caplog.text)
    assert line["message"] == "answered"
    assert line["trace_id"] == parent[3:35]


def test_without_telemetry_nothing_is_recorded(client: TestClient, exporter: InMemorySpanExporter) -> None:
    exporter.clear()
    assert client.post("/v1/analyze", json={"text": TEXT}).status_code == 200
    assert exporter.get_finished_spans() == ()
    assert traces.trace_id() == ""


CODE = """
import json, sys
from pathlib import Path
from fastapi.testclient import TestClient
from banmian.serving.app import create_app
from banmian.serving.config import ServeConfig
from banmian.serving.store import ModelStore

config = ServeConfig(telemetry=sys.argv[2] == "on")
with TestClient(create_app(config, ModelStore(Path(sys.argv[1]), Path(sys.argv[1])), page=False)) as client:
    body = {"text": "SECRET3200", "headline": "SECRET5000"}
    assert client.post("/v1/support", json=body).status_code == 200
    assert client.post("/v1/support", json={"text": 3}).status_code == 422
print(json.dumps(sorted(name for name in sys.modules if name.startswith("opentelemetry."))))
"""


class Collector(BaseHTTPRequestHandler):
    """Takes what is exported."""

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, raw))  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.mark.parametrize("switch", ["off", "on"])
def test_a_collector_gets_traces_and_metrics_only_where_it_is_asked_for(switch: str, tmp_path: Path) -> None:
    with HTTPServer(("127.0.0.1", 0), Collector) as collector:
        collector.got = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=collector.serve_forever)
        thread.start()
        endpoint = f"http://127.0.0.1:{collector.server_port}"
        done = subprocess.run(
            [sys.executable, "-c", CODE, str(tmp_path), switch],
            env=os.environ
            | {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_EXPORTER_OTLP_COMPRESSION": "none"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        collector.shutdown()
        thread.join()
        got: list[tuple[str, bytes]] = collector.got  # type: ignore[attr-defined]
    assert done.returncode == 0, done.stderr
    modules: list[str] = json.loads(done.stdout.splitlines()[-1])
    exported = [name for name in modules if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter"))]
    if switch == "off":
        assert exported == []
        assert got == []
    else:
        assert {path for path, _ in got} == {"/v1/traces", "/v1/metrics"}
        everything = b"".join(raw for _, raw in got)
        assert b"/v1/support" in everything
        assert b"SECRET" not in everything


def test_without_the_extra_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(traces, "_has_exporter", lambda: False)
    assert main(["serve", "--port", "0", "--telemetry"]) == 2
    assert capsys.readouterr().err == (
        "banmian serve: expected opentelemetry-sdk for traces and metrics, found an installation without it. "
        "Install it with: pip install 'banmian[telemetry]'\n"
    )
