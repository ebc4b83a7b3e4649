"""What the OpenAPI says of answers: each status other than 2xx with an example as the server words it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI

from banmian.data.errors import BanmianError, MissingExtraError
from banmian.serving.admission import RETRY_AFTER_S, NotReadyError, ReloadError
from banmian.serving.gate import OPEN_PATHS
from banmian.serving.scheduler import BusyError, DeadlineError
from banmian.serving.schemas import ProblemOut

_RETRY = {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}}
_EXAMPLES: dict[int, tuple[str, BanmianError]] = {
    400: (
        "A body that cannot be parsed",
        BanmianError(
            "a readable body",
            "one that could not be parsed",
            remedy="Send valid JSON or a valid multipart form.",
        ),
    ),
    401: (
        "The server asks for an API key",
        BanmianError("an API key", "none", "Authorization", "Send the header Authorization: Bearer KEY."),
    ),
    408: (
        "The body stopped coming",
        BanmianError("the rest of the body", "nothing for 30 s", "body", "Send it again."),
    ),
    409: (
        "What is published does not load",
        ReloadError("labeller/2026.11.25: expected the files of its manifest, found a changed vocab.txt."),
    ),
    413: (
        "More than is taken at once",
        BanmianError("at most 256 paragraphs", "300", "paragraphs", "Send them in several requests."),
    ),
    415: (
        "A kind of file or encoding that is not read here",
        MissingExtraError("rapidocr", "scan", "reading a scan"),
    ),
    422: (
        "Input that is wrong, with its place",
        BanmianError("Input should be a valid string", "3", "paragraphs[1]", "Correct it."),
    ),
    429: (
        "The queue is full, or the key has been used too often: Retry-After says when to come back",
        BusyError(512, 512, RETRY_AFTER_S),
    ),
    503: ("The models are not loaded yet", NotReadyError()),
    504: ("Not done within the deadline", DeadlineError(60)),
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """FastAPI's ``responses`` for these statuses."""
    return {status: _problem(status) for status in statuses}


def _problem(status: int) -> dict[str, Any]:
    description, example = _EXAMPLES[status]
    told: dict[str, Any] = {
        "model": ProblemOut,
        "description": description,
        "content": {"application/json": {"example": {"error": example.as_dict()}}},
    }
    return told | ({"headers": _RETRY} if status in (429, 503) else {})


def shown_as(status: int, example: Any) -> dict[int | str, dict[str, Any]]:
    """FastAPI's ``responses`` for a status whose answer looks like ``example``."""
    return {status: {"content": {"application/json": {"example": example}}}}


#: What any endpoint that takes a body may answer.
PROBLEMS = problems(400, 401, 408, 413, 415, 422, 429, 503, 504)


def describe_keys(app: FastAPI) -> None:
    """Have the OpenAPI of a server that asks for keys say so, probes excepted."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        told = plain()
        if "security" not in told:
            schemes = told.setdefault("components", {}).setdefault("securitySchemes", {})
            schemes["key"] = {"type": "http", "scheme": "bearer", "description": "banmian keys add NAME"}
            told["security"] = [{"key": []}]
            for path in OPEN_PATHS & told["paths"].keys():
                for operation in _operations(told["paths"][path]):
                    operation["security"] = []
        return told

    app.openapi = openapi  # type: ignore[method-assign]


def _operations(path: dict[str, Any]) -> Iterable[dict[str, Any]]:
    return (operation for operation in path.values() if isinstance(operation, dict))
