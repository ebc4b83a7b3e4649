"""Requests to send to a server: of every kind, made of the real issue, and what a hostile client sends."""

from __future__ import annotations

import gzip
import json
import pickle
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from banmian.data.issue import Article
from banmian.data.shipped import REAL_ISSUE, shipped_issue
from banmian.serving.desk import article_text

_JSON = {"Content-Type": "application/json"}
_MIX = {
    "paragraph": 55,
    "article": 12,
    "headline": 10,
    "support": 10,
    "analyze": 3,
    "upload": 2,
    "models": 3,
    "metrics": 2,
    "hostile": 3,
}


@dataclass(frozen=True)
class Sent:
    """One request, and the statuses that are a right answer to it."""

    kind: str
    method: str
    path: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    right: frozenset[int] = frozenset({200})


class Traffic:
    """Draws requests by a seed; the same seed draws the same requests."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)
        articles = [article for article in shipped_issue(REAL_ISSUE).articles if article.body]
        self._articles = articles
        self._paragraphs = [block.text for article in articles for block in article.body]

    def mixed(self) -> Iterator[Sent]:
        """Every kind of request for ever, in the proportions of ``_MIX``."""
        kinds, weights = list(_MIX), list(_MIX.values())
        while True:
            yield getattr(self, f"_{self._random.choices(kinds, weights)[0]}")()

    def paragraphs(self) -> Iterator[Sent]:
        """Single paragraphs to be labelled, for ever."""
        while True:
            yield self._paragraph()

    def _paragraph(self) -> Sent:
        return _post("paragraph", "classify", {"paragraphs": [self._random.choice(self._paragraphs)]})

    def _article(self) -> Sent:
        article = self._random.choice(self._articles)
        body = {
            "paragraphs": [block.text for block in article.body],
            "headline": article.headline.text,
            "lead": article.body[0].text,
        }
        return _post("article", "classify", body)

    def _headline(self) -> Sent:
        register = self._random.choice(["party_daily", "quick", "wire", "social"])
        return _post("headline", "headline", {"texts": [self._text()], "register": register})

    def _support(self) -> Sent:
        body = {"text": self._text(), "headline": f"{self._random.randrange(10_000)}人次参加"}
        return _post("support", "support", body)

    def _analyze(self) -> Sent:
        return _post("analyze", "analyze", {"text": self._text(), "date": "2020-02-13"})

    def _upload(self) -> Sent:
        return _form("upload", "page.txt", self._text().encode("gb18030", "replace"))

    def _models(self) -> Sent:
        return Sent("models", "GET", "/v1/models")

    def _metrics(self) -> Sent:
        return Sent("metrics", "GET", "/metrics")

    def _hostile(self) -> Sent:
        return self._random.choice(hostile())

    def _text(self) -> str:
        article: Article = self._random.choice(self._articles)
        return article_text(article)


def _post(kind: str, name: str, body: dict[str, Any]) -> Sent:
    raw = json.dumps(body, ensure_ascii=False).encode()
    return Sent(kind, "POST", f"/v1/{name}", raw, tuple(_JSON.items()))


def _form(kind: str, name: str, raw: bytes, right: frozenset[int] = frozenset({200})) -> Sent:
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    headers = (("Content-Type", "multipart/form-data; boundary=x"),)
    return Sent(kind, "POST", "/v1/analyze", head + raw + b"\r\n--x--\r\n", headers, right)


def _bad(path: str, raw: bytes, *right: int, **headers: str) -> Sent:
    told = _JSON | {key.replace("_", "-"): value for key, value in headers.items()}
    return Sent("hostile", "POST", f"/v1/{path}", raw, tuple(told.items()), frozenset(right))


_REFUSED = frozenset({413, 415, 422})


@cache
def hostile() -> tuple[Sent, ...]:
    """What must be refused at once, whatever else is going on."""
    bomb = gzip.compress(b" " * 50_000_000)
    return (
        _bad("classify", b'{"paragraphs": ["' + b"a" * 5_000_000 + b'"]}', 413),
        _bad("analyze", b'{"text": "' + "好".encode() * 1_700_000 + b'"}', 413),
        _bad("classify", b"[" * 200_000, 400, 422),
        _bad("corrections", b'{"a":' * 100_000, 400, 422),
        _bad("classify", b'{"paragraphs": ["\\ud83d"]}', 422),
        _bad("analyze", b'{"text": "\\u0000\\u0007\\u001b"}', 422),
        _bad("classify", json.dumps({"paragraphs": ["好"] * 257}).encode(), 413),
        _bad("headline", b'{"texts": ["a"], "max_chars": 1e400}', 422),
        _bad("analyze", bomb, 415, Content_Encoding="gzip"),
        _form("hostile", "page.json", b"9" * 100_000, _REFUSED),
        _form("hostile", "page.txt.gz", bomb, _REFUSED),
        _form("hostile", "model.pkl", pickle.dumps({"weights": [1.0]}), _REFUSED),
        _form("hostile", "page.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, _REFUSED),
        _form("hostile", "page.pdf", b"%PDF-1.7\n" + b"<<" * 10_000, _REFUSED),
    )
