"""Open a PDF file: its sheets with characters and drawings, or its pages as pictures.

PDFium (through pypdfium2: Apache-2.0 and BSD-3) reads it, in a process of its own (pdf_worker).
docs/reading.md says why it and no other.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

from banmian.data.errors import BanmianError, MissingExtraError
from banmian.data.geometry import Run, Sheet

MAX_PDF_PAGES = 16
#: What one PDF may take: far above any newspaper page, far below what hurts a server.
MAX_MEMORY_BYTES = 768 * 1024 * 1024
MAX_SECONDS = 20
#: The most pixels of a rendered page: a broadsheet page at 150 dpi has about 7 million.
MAX_RENDERED_PIXELS = 16_000_000
RENDER_DPI = 150

_TRY_ANOTHER = "Open it in a viewer and save it anew, or paste its text."


def open_pdf(raw: bytes, name: str) -> list[Sheet]:
    """The sheets of a PDF file; a sheet without readable characters has no runs (see :func:`render_page`).

    Raises:
        BanmianError: not a PDF, encrypted, more than MAX_PDF_PAGES pages, or one that takes more memory,
            time or objects than any page of a newspaper.
        MissingExtraError: pypdfium2 is not installed.
    """
    first, rest = _ask(raw, name)
    sheets = []
    for line in rest.splitlines():
        found = json.loads(line)
        _check_answer(found, name)
        sheets.append(_sheet(found))
    if len(sheets) != first["pages"]:
        raise _too_much(name, "one that takes more")
    return sheets


def render_page(raw: bytes, name: str, number: int) -> tuple[bytes, tuple[int, int, int]]:
    """Page ``number`` (from 0) as a picture: RGB bytes and their shape (height, width, 3).

    At RENDER_DPI, or less where that would be more than MAX_RENDERED_PIXELS. Errors as in :func:`open_pdf`.
    """
    answer, pixels = _ask(raw, name, "render", str(number), str(MAX_RENDERED_PIXELS), str(RENDER_DPI))
    height, width, depth = answer["shape"]
    return pixels, (height, width, depth)


def _ask(raw: bytes, name: str, *what: str) -> tuple[dict[str, Any], bytes]:
    """The worker's first line, and what it wrote after it."""
    if find_spec("pypdfium2") is None:
        raise MissingExtraError("pypdfium2", "scan", "PDF files")
    limits = (str(MAX_MEMORY_BYTES), str(MAX_SECONDS), str(MAX_PDF_PAGES))
    command = [sys.executable, "-P", "-m", "banmian.data.pdf_worker", *limits, *what]
    # A library that reserves memory for each of many threads would meet the limit before it has read a byte.
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            command, input=raw, capture_output=True, timeout=2 * MAX_SECONDS, check=False, env=alone
        )
    except subprocess.TimeoutExpired:
        raise _too_much(name, f"one that takes more than {2 * MAX_SECONDS} s") from None
    first, _, rest = done.stdout.partition(b"\n")
    if done.returncode or not first:
        raise _too_much(name, "one that takes more or breaks it")
    answer: dict[str, Any] = json.loads(first)
    _check_answer(answer, name)
    return answer, rest


def _too_much(name: str, found: str) -> BanmianError:
    most = f"{MAX_MEMORY_BYTES // 2**20} MiB of memory and {MAX_SECONDS} s"
    return BanmianError(f"a PDF file that can be read in {most}", found, name, _TRY_ANOTHER)


def _check_answer(answer: dict[str, Any], name: str) -> None:
    """Pass on what the worker refused."""
    problem, told = answer.get("problem"), answer.get("told", "")
    if problem is None:
        return
    if problem == "pages":
        raise BanmianError(
            f"a PDF of at most {MAX_PDF_PAGES} pages",
            f"{answer['pages']} pages",
            name,
            "Send the pages one by one.",
        )
    if problem == "much":
        raise BanmianError("a page of a newspaper", told, name, _TRY_ANOTHER)
    found = "an encrypted file" if problem == "encrypted" else f"bytes that are not ({told})"
    raise BanmianError("a PDF file that opens without a password", found, name, _TRY_ANOTHER)


def _sheet(found: dict[str, Any]) -> Sheet:
    def boxes(kind: str) -> list[tuple[float, float, float, float]]:
        return [(left, top, right, bottom) for left, top, right, bottom in found[kind]]

    runs = [Run(*run) for run in found["runs"]]
    return Sheet(found["width"], found["height"], runs, boxes("rules"), boxes("frames"), boxes("pictures"))
