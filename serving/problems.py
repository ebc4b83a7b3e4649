"""Everything that can go wrong with a request as one form of answer: expected, found, where, remedy.

No answer holds a stack trace, and none repeats bytes of the request unescaped: a lone surrogate in the
input would otherwise make the answer itself impossible to encode.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from banmian.data.errors import BanmianError, MissingExtraError
from banmian.serving.admission import RETRY_AFTER_S, NotReadyError, ReloadError
from banmian.serving.scheduler import BusyError, ClosedError, DeadlineError

#: What is told of an error that nobody foresaw; the log has the rest.
FAULT = BanmianError("an answer", "a fault of the server", "", "Report it with the X-Request-Id.")

_FOUND_CHARS = 80

_BY_STATUS = {
    400: ("a readable body", "one that could not be parsed", "Send valid JSON or a valid multipart form."),
    404: ("a known path", "one that is not served", "See /docs for the endpoints."),
    405: ("a method this path answers", "another one", "See /docs for the endpoints."),
}

_STATUS: tuple[tuple[type[BanmianError], int], ...] = (
    (MissingExtraError, 415),
    (ReloadError, 409),
    (BusyError, 429),
    (NotReadyError, 503),
    (ClosedError, 503),
    (DeadlineError, 504),
)


class BadTransfer(HTTPException):
    """A body that is not taken, in a problem's four parts.

    It is an HTTPException because FastAPI turns whatever else happens while a body is read into a 400.
    """

    def __init__(self, status: int, problem: BanmianError) -> None:
        super().__init__(status, str(problem))
        self.problem = problem


class TooLarge(BadTransfer):
    """More than is taken at once: 413, with what and how much."""

    def __init__(self, expected: str, found: str, where: str, remedy: str) -> None:
        super().__init__(413, BanmianError(expected, found, where, remedy))


class Encoded(BadTransfer):
    """A compressed body: 415."""

    def __init__(self, encoding: str) -> None:
        found = shown(encoding)
        super().__init__(
            415, BanmianError("a body that is not compressed", found, "Content-Encoding", "Send it as it is.")
        )


class TooSlow(BadTransfer):
    """A body that stopped coming: 408."""

    def __init__(self, read_timeout_s: float) -> None:
        found = f"nothing for {read_timeout_s:g} s"
        super().__init__(408, BanmianError("the rest of the body", found, "body", "Send it again."))


def answer(status: int, problem: dict[str, str], headers: dict[str, str] | None = None) -> JSONResponse:
    """A problem's four parts as an HTTP answer that always encodes."""
    clean = {key: text.encode("utf-8", "backslashreplace").decode() for key, text in problem.items()}
    return JSONResponse({"error": clean}, status, headers)


def shown(value: Any) -> str:
    """A value as it may stand in an answer: escaped, and short."""
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= _FOUND_CHARS else text[: _FOUND_CHARS - 1] + "…"


def of_validation(errors: list[Any]) -> BanmianError:
    """pydantic's first finding in this project's words; the others are counted."""
    first = errors[0]
    place = [key for key in first["loc"] if key != "body"]
    if first["type"] == "json_invalid":
        reason = first.get("ctx", {}).get("error", "something else")
        offset = f"character {place[0]}" if place else "body"
        return BanmianError("JSON", shown(str(reason)), offset, "Mend the syntax there.")
    where = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in place).lstrip(".")
    found = "nothing" if first["type"] == "missing" else shown(first.get("input"))
    expected = {"missing": "a value", "extra_forbidden": "no such key"}.get(first["type"], first["msg"])
    remedy = "Remove it, or correct its spelling." if first["type"] == "extra_forbidden" else "Correct it."
    if len(errors) > 1:
        remedy += f" There are {len(errors) - 1} more problems."
    return BanmianError(expected, found, where or "body", remedy)


def status_of(problem: BanmianError) -> int:
    """The HTTP status of an error: 422 unless it is no fault of the input."""
    return next((status for kind, status in _STATUS if isinstance(problem, kind)), 422)


@contextmanager
def ordinary_json(where: str) -> Iterator[None]:
    """Parse within this: hundreds of levels or thousands of digits, which Python's parser gives up on."""
    try:
        yield
    except (ValueError, RecursionError):
        raise BanmianError(
            "JSON of ordinary depth and numbers", "something else", where, "Send what /docs shows."
        ) from None


def install(app: FastAPI) -> None:
    """Have ``app`` answer every problem in this one form."""

    @app.exception_handler(BanmianError)
    async def banmian(_: Request, problem: BanmianError) -> JSONResponse:
        wait = problem.retry_after_s if isinstance(problem, BusyError) else None
        if status_of(problem) == 503:
            wait = RETRY_AFTER_S
        headers = {"Retry-After": str(max(1, round(wait)))} if wait is not None else None
        return answer(status_of(problem), problem.as_dict(), headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, problem: RequestValidationError) -> JSONResponse:
        return answer(422, of_validation(list(problem.errors())).as_dict())

    @app.exception_handler(ValidationError)
    async def invalid_record(_: Request, problem: ValidationError) -> JSONResponse:
        return answer(422, of_validation(list(problem.errors())).as_dict())

    @app.exception_handler(HTTPException)
    async def by_status(_: Request, problem: HTTPException) -> JSONResponse:
        if isinstance(problem, BadTransfer):
            return answer(problem.status_code, problem.problem.as_dict())
        default = ("a request this server answers", problem.detail, "See /docs.")
        expected, found, remedy = _BY_STATUS.get(problem.status_code, default)
        headers = dict(problem.headers) if problem.headers else None
        return answer(problem.status_code, BanmianError(expected, found, "", remedy).as_dict(), headers)
