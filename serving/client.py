"""A typed client of the REST endpoints, on the standard library alone.

client = Client("http://127.0.0.1:7860")
issue = client.analyze("…the page's text…")
for article, block in issue.body():
    print(block.prediction.label, block.text)
"""

from __future__ import annotations

import http.client
import json
import os
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

from banmian.data.errors import BanmianError
from banmian.data.issue import Issue, Record
from banmian.data.labels import DEFAULT_REGISTER, Register
from banmian.data.strict import parse_json
from banmian.serving.schemas import ClassifyOut, CorrectionOut, HeadlineOut, ModelsOut, SupportOut
from banmian.serving.wording import Language

T = TypeVar("T", bound=Record)
_RETRIED = (429, 503)
_LONGEST_WAIT_S = 60.0


class ServerError(BanmianError):
    """The server refused a request: its own four parts, the HTTP ``status`` and the ``request_id``."""

    def __init__(self, status: int, request_id: str, error: dict[str, str]) -> None:
        super().__init__(error["expected"], error["found"], error["where"], error["remedy"])
        self.status, self.request_id = status, request_id


class Client:
    """Calls one server; every method raises ServerError with what the server says is wrong.

    Args:
        url: where the server is, without ``/v1``.
        timeout_s: how long to wait for an answer.
        retries: how often to ask again when the server is busy, still loading, or restarts under the
            request, waiting as it says.
        api_key: where the server asks for one; ``$BANMIAN_API_KEY`` if not given.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:7860",
        timeout_s: float = 120.0,
        retries: int = 5,
        api_key: str = "",
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise BanmianError(
                "an http or https address", repr(url), "url", "Give e.g. http://127.0.0.1:7860"
            )
        self._url, self._timeout_s, self._retries = url.rstrip("/"), timeout_s, retries
        self._api_key = api_key or os.environ.get("BANMIAN_API_KEY", "")

    def analyze(
        self, text: str, register: Register = DEFAULT_REGISTER, paper: str = "", date: str = ""
    ) -> Issue:
        """A page's text as an issue with labels and headlines."""
        body = {"text": text, "register": register, "paper": paper, "date": date}
        return self._post("analyze", body, Issue)

    def analyze_file(
        self, path: Path, register: Register = DEFAULT_REGISTER, paper: str = "", date: str = ""
    ) -> Issue:
        """A file (txt, json, pdf, png, jpg) as an issue with labels and headlines."""
        fields = {"register": register, "paper": paper, "date": date}
        raw, kind = _form(path, {key: value for key, value in fields.items() if value})
        return self._send("POST", "/v1/analyze", Issue, raw, kind)

    def classify(
        self, paragraphs: Sequence[str], headline: str = "", lead: str = "", why: bool = False
    ) -> ClassifyOut:
        """A prediction for every paragraph of one article, in order, and on request what decided it."""
        body = {"paragraphs": list(paragraphs), "headline": headline, "lead": lead, "why": why}
        return self._post("classify", body, ClassifyOut)

    def headline(
        self,
        texts: Sequence[str],
        register: Register = DEFAULT_REGISTER,
        max_chars: int | None = None,
        candidates: int = 1,
        date: str = "",
        min_chars: int | None = None,
        lines: Literal[1, 2] | None = None,
        kicker: bool = False,
        deck: bool = False,
        language: Language = "zh",
    ) -> HeadlineOut:
        """A headline for every text, in order; the wishes are those of :class:`writer.Request`."""
        body = {
            "texts": list(texts),
            "register": register,
            "max_chars": max_chars,
            "candidates": candidates,
            "date": date,
            "min_chars": min_chars,
            "lines": lines,
            "kicker": kicker,
            "deck": deck,
            "language": language,
        }
        return self._post("headline", body, HeadlineOut)

    def support(self, text: str, headline: str, date: str = "", language: Language = "zh") -> SupportOut:
        """What of a headline the text does not support, with reasons in ``language``."""
        body = {"text": text, "headline": headline, "date": date, "language": language}
        return self._post("support", body, SupportOut)

    def correct(self, issue: Issue) -> CorrectionOut:
        """Keep a labelled issue for the next retraining."""
        raw = issue.to_json().encode()
        return self._send("POST", "/v1/corrections", CorrectionOut, raw, "application/json")

    def models(self) -> ModelsOut:
        """The versions that answer."""
        return self._send("GET", "/v1/models", ModelsOut)

    def reload(self) -> ModelsOut:
        """Have the server take up what is published now, and say what answers from now on."""
        return self._send("POST", "/v1/models/reload", ModelsOut, b"{}", "application/json")

    def _post(self, name: str, body: dict[str, Any], kind: type[T]) -> T:
        return self._send("POST", f"/v1/{name}", kind, json.dumps(body).encode(), "application/json")

    def _send(self, method: str, path: str, kind: type[T], body: bytes | None = None, content: str = "") -> T:
        headers = {"Content-Type": content} if content else {}
        if self._api_key:
            headers["Authorization"] = f"Bearer {self._api_key}"
        request = urllib.request.Request(self._url + path, body, headers, method=method)
        for attempt in range(self._retries + 1):
            try:
                with urllib.request.urlopen(request, timeout=self._timeout_s) as answer:
                    return parse_json(kind, answer.read().decode(), f"{path} answer")
            except urllib.error.HTTPError as refusal:
                with refusal:
                    if refusal.code not in _RETRIED or attempt == self._retries:
                        raise _told(refusal) from None
                time.sleep(_wait_s(refusal.headers.get("Retry-After", "")))
            except (OSError, http.client.HTTPException) as problem:
                if attempt < self._retries and _was_cut(problem):
                    time.sleep(_wait_s(""))
                    continue
                reason = str(getattr(problem, "reason", problem))
                raise BanmianError(
                    "a server that answers", reason, self._url, "Start one with: banmian serve"
                ) from None
        raise AssertionError("unreachable")


def _wait_s(retry_after: str) -> float:
    """Seconds to wait as the header says; a proxy's date, or nothing, is a second."""
    return min(float(retry_after), _LONGEST_WAIT_S) if retry_after.isdigit() else 1.0


def _was_cut(problem: Exception) -> bool:
    """Whether a connection that had been made ended without an answer: the server was restarted.

    Asking again is safe: every request gives the same answer twice, and a correction is kept once.
    """
    reason = getattr(problem, "reason", problem)
    return isinstance(reason, ConnectionResetError | BrokenPipeError | http.client.HTTPException)


def _told(refusal: urllib.error.HTTPError) -> BanmianError:
    """A refusal in the server's own words, or what a proxy in between made of it."""
    try:
        error = json.loads(refusal.read())["error"]
        return ServerError(refusal.code, refusal.headers.get("X-Request-Id", ""), error)
    except (ValueError, KeyError, TypeError):
        return BanmianError("an answer of banmian", f"HTTP {refusal.code}", refusal.url, "Check the address.")


def _form(path: Path, fields: dict[str, str]) -> tuple[bytes, str]:
    """A multipart form with the file and the fields, and its content type."""
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise BanmianError(
            "a readable file", problem.strerror or str(problem), str(path), "Check the path."
        ) from None
    line = f"banmian-{uuid.uuid4().hex}"
    parts = [
        f'--{line}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    name = path.name.replace('"', "%22").replace("\r", "").replace("\n", "")
    head = f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    parts += [
        head.encode(),
        b"Content-Type: application/octet-stream\r\n\r\n",
        raw,
        f"\r\n--{line}--\r\n".encode(),
    ]
    return b"".join(parts), f"multipart/form-data; boundary={line}"
