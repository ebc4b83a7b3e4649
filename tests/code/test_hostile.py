"""What a hostile client sends is refused at once and in the same words as anything else."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import io
import json
import logging
import os
import signal
import struct
import sys
import time
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from answers import problem
from fastapi.testclient import TestClient

TEXT = "本报讯 昨日，市图书馆新馆对外开放，首日接待读者3200人次。"
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "raw", [b"\x00\x01\xff\xfe" * 50, b"", b"%PDF-1.4 broken", b"{", b"9" * 5000, b"[" * 9000]
)
@pytest.mark.parametrize("name", ["a.txt", "a.json", "a.pdf", "a.png", "a.exe", "../../a", "a"])
def test_broken_uploads_are_answers(client: TestClient, raw: bytes, name: str) -> None:
    answer = client.post("/v1/analyze", files={"file": (name, raw)})
    if answer.status_code != 200:  # digits and brackets are text where the name says text
        assert problem(answer, answer.status_code)["remedy"]
        assert answer.status_code in (415, 422)


def test_half_a_character_is_an_answer_not_a_fault(client: TestClient) -> None:
    for path, body in (
        ("classify", '{"paragraphs": ["好\\ud83d"]}'),
        ("headline", '{"texts": ["\\ude00"]}'),
        ("support", '{"text": "好", "headline": "\\ud83d"}'),
        ("analyze", '{"text": "\\ud83d"}'),
        ("classify", '{"\\ud83d": 1, "paragraphs": ["好"]}'),
        ("headline", '{"texts": ["好"], "register": "\\ud83d"}'),
    ):
        answer = client.post(f"/v1/{path}", content=body, headers={"Content-Type": "application/json"})
        assert problem(answer, 422)["found"]


def test_bodies_that_are_no_json(client: TestClient) -> None:
    headers = {"Content-Type": "application/json"}
    for path in ("classify", "analyze", "corrections"):
        for body in (
            b"{",
            b"[" * 50_000,
            b'{"text": NaN}',
            b"\xff\xfe{}",
            b"9" * 5000,
            b'"text"',
            b"null",
            b"",
        ):
            answer = client.post(f"/v1/{path}", content=body, headers=headers)
            assert problem(answer, answer.status_code)["message"]
            assert answer.status_code in (400, 422)


def zip_bomb() -> bytes:
    """64 MB of blanks as a Word file of some 60 KB would hold them."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 64_000_000)
    return raw.getvalue()


def picture_bomb(width: int, height: int) -> bytes:
    """A grey picture of any size whose pixels deflate to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress(bytes(1 << 20), 9)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_a_compressed_body_is_never_unpacked(client: TestClient) -> None:
    bomb = gzip.compress(b" " * 64_000_000)
    assert len(bomb) < 100_000
    for path in ("classify", "headline", "support", "analyze", "corrections", "models/reload"):
        for encoding in ("gzip", "deflate", "br", "identity, gzip"):
            answer = client.post(f"/v1/{path}", content=bomb, headers=JSON | {"Content-Encoding": encoding})
            error = problem(answer, 415)
            assert (error["expected"], error["where"]) == (
                "a body that is not compressed",
                "Content-Encoding",
            )


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("page.txt.gz", gzip.compress(b" " * 64_000_000)),
        ("page.txt", gzip.compress(b" " * 64_000_000)),
        ("page.json", gzip.compress(b" " * 64_000_000)),
        ("page.docx", zip_bomb()),
        ("page.zip", zip_bomb()),
        ("page.png", picture_bomb(60_000, 60_000)),
        ("page.png", picture_bomb(2_000_000_000, 2_000_000_000)),
        ("page.jpg", picture_bomb(60_000, 60_000)),
    ],
)
def test_an_uploaded_bomb_is_refused_at_once(client: TestClient, name: str, raw: bytes) -> None:
    begun = time.perf_counter()
    answer = client.post("/v1/analyze", files={"file": (name, raw)})
    assert answer.status_code in (415, 422)
    assert problem(answer, answer.status_code)["remedy"]
    assert time.perf_counter() - begun < 5


def pdf_workers() -> list[int]:
    """The processes of this one that read a PDF."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and b"banmian.data.pdf_worker" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")
def test_a_killed_worker_costs_its_own_request_and_no_other(client: TestClient) -> None:
    pytest.importorskip("pypdfium2")
    with ThreadPoolExecutor(2) as threads:
        upload = {"file": ("page.pdf", b"%PDF-1.7\n" + b"<<" * 10_000)}
        reading = threads.submit(client.post, "/v1/analyze", files=upload)
        other = threads.submit(client.post, "/v1/classify", json={"paragraphs": [TEXT]})
        while not (workers := pdf_workers()):
            assert not reading.done(), reading.result().text
        os.kill(workers[0], signal.SIGKILL)
        error = problem(reading.result(30), 422)
        assert error["expected"].startswith("a PDF file that can be read in ")
        assert error["found"] == "one that takes more or breaks it"
        assert other.result(30).status_code == 200
    assert client.get("/readyz").status_code == 200


def test_control_characters_and_other_oddities_do_no_harm(client: TestClient) -> None:
    odd = "\u0000\u0007\u001b[31m\u202e\u2028\ufeff\ufffd[CLS][SEP][MASK]<script>\U0010ffff"
    for path, body in (
        ("classify", {"paragraphs": [TEXT + odd, odd + "通告"], "headline": odd, "lead": odd}),
        ("headline", {"texts": [odd + TEXT + odd]}),
        ("support", {"text": TEXT + odd, "headline": "接待读者3200人次" + odd}),
        ("analyze", {"text": f"{odd}\n{TEXT}\n{odd}", "paper": odd}),
    ):
        answer = client.post(f"/v1/{path}", json=body)
        assert answer.status_code == 200, answer.text
        json.loads(answer.content)


def test_deep_nesting_within_a_known_field_is_refused(client: TestClient) -> None:
    for depth in (100, 900, 20_000):
        for path, field in (("classify", "paragraphs"), ("headline", "texts"), ("analyze", "text")):
            body = f'{{"{field}": ' + "[" * depth + "]" * depth + "}"
            answer = client.post(f"/v1/{path}", content=body, headers=JSON)
            assert answer.status_code in (400, 422)
            assert problem(answer, answer.status_code)["remedy"]


def test_headers_that_lie(client: TestClient) -> None:
    body = json.dumps({"text": TEXT, "headline": "图书馆"}).encode()
    for headers in (
        {"Content-Length": "9" * 30},
        {"Content-Type": "application/json; charset=utf-7"},
        {"X-Request-Id": "a\tb"},
        {"Content-Type": "multipart/form-data"},
        {"Content-Type": "multipart/form-data; boundary=" + "x" * 5_000},
    ):
        for path in ("support", "analyze"):
            answer = client.post(f"/v1/{path}", content=body, headers=JSON | headers)
            assert answer.status_code < 500, (headers, answer.text)


def test_who_hangs_up_amid_its_body_leaves_no_trace_of_a_fault(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def hang_up(path: str) -> list[Any]:
        messages = [{"type": "http.request", "body": b'{"te', "more_body": True}, {"type": "http.disconnect"}]
        sent: list[Any] = []

        async def receive() -> Any:
            return messages.pop(0) if messages else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(b"content-type", b"application/json"), (b"content-length", b"100")]
        scope = {"type": "http", "method": "POST", "path": path, "headers": headers, "query_string": b""}
        await client.app(scope | {"asgi": {"version": "3.0"}, "http_version": "1.1"}, receive, send)
        return sent

    for path in ("/v1/classify", "/v1/analyze", "/v1/corrections"):
        asyncio.run(hang_up(path))
    assert "unanswered fault" not in caplog.text
    assert 'route="/v1/analyze",status="499"' in client.get("/metrics").text
