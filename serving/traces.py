"""OpenTelemetry, off by default: traces and metrics of requests, by FastAPI's own instrumentation.

Below the request's span stand those of its stages: ``banmian.wait`` for a worker, ``read`` a page,
``classify`` its paragraphs, ``write`` its headlines (on a page, what of that is left once the paragraphs are
labelled). None holds a text, only how many paragraphs or articles there were.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.trace import Span, StatusCode

from banmian.data.errors import MissingExtraError
from banmian.serving.config import ServeConfig

if TYPE_CHECKING:
    from fastapi.telemetry import TelemetryConfig


def telemetry(config: ServeConfig) -> TelemetryConfig:
    """What FastAPI is to tell the collector at ``$OTEL_EXPORTER_OTLP_ENDPOINT``; nothing if not configured.

    Its logs stay off in any case: they hold stack traces, and a trace may hold a user's text.

    Raises:
        MissingExtraError: it is configured and the exporter is not installed.
    """
    on = config.telemetry
    if on and not _has_exporter():
        raise MissingExtraError("opentelemetry-sdk", "telemetry", "traces and metrics")
    return {"auto_configure": on, "tracing": on, "metrics": on, "logs": False, "operation_spans": on}


def begin(stage: str, **counts: int) -> Span:
    """A span of this stage of the request's work, to be ended; one that costs nothing outside a trace."""
    if not trace.get_current_span().is_recording():
        return trace.INVALID_SPAN
    attributes = {f"banmian.{name}": count for name, count in counts.items()}
    return trace.get_tracer("banmian").start_span(f"banmian.{stage}", attributes=attributes)


@contextmanager
def stage(name: str, **counts: int) -> Iterator[None]:
    """The span of what is done within it; of an error it tells the kind, whose message may quote a text."""
    span = begin(name, **counts)
    if not span.is_recording():
        yield
        return
    try:
        with trace.use_span(span, record_exception=False, set_status_on_exception=False):
            yield
    except Exception as problem:
        span.set_attribute("error.type", type(problem).__name__)
        span.set_status(StatusCode.ERROR)
        raise
    finally:
        span.end()


def name_request(identity: str) -> None:
    """Put the request's id on its span, so that a trace is found from a log line or an answer."""
    trace.get_current_span().set_attribute("banmian.request_id", identity)


def trace_id() -> str:
    """The id of the trace that this is done in, for the log; empty outside one."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else ""


def _has_exporter() -> bool:
    names = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
    try:
        return all(importlib.util.find_spec(name) for name in names)
    except ModuleNotFoundError:
        return False
