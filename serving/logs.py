"""Structured logs: one JSON object a line, with the id of the request. No line holds a user's text."""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

from banmian.serving.traces import trace_id

#: The id of the request being answered, for every log line written meanwhile.
request_id: ContextVar[str] = ContextVar("request_id", default="")


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message, request id, and what was passed as ``extra={"fields": {…}}``."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON; ASCII, so that no input can break a line or a terminal."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := request_id.get():
            line["request_id"] = request
        if trace := trace_id():
            line["trace_id"] = trace
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def to_stderr(level: int = logging.INFO) -> None:
    """Send every logger's lines to stderr as JSON, replacing what was set up before."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    # Nobody here writes to the root logger; the MCP library does, and its warnings quote the request.
    handler.addFilter(lambda record: record.name != "root")
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    for name in ("httpx", "uvicorn.access", "gradio", "mcp"):
        logging.getLogger(name).setLevel(logging.WARNING)
