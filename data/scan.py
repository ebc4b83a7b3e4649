"""The text of PDF files and of pictures of pages, with the libraries of the ``scan`` extra.

The text comes out in the file's own order, without the page's geometry; the reader's rules for raw text do
the rest.
"""

from __future__ import annotations

import io
import logging
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from banmian.data.errors import BanmianError, MissingExtraError

MAX_SCAN_BYTES = 50 * 1024 * 1024
MAX_PDF_PAGES = 16
MAX_PICTURE_PIXELS = 60_000_000

_TRY_ANOTHER = "Open it in a viewer and save it anew, or paste its text."


def pdf_text(raw: bytes, name: str) -> str:
    """The text of a PDF file, pages parted by form feeds.

    Raises:
        BanmianError: not a PDF, encrypted, more than MAX_PDF_PAGES pages, or without text.
        MissingExtraError: pypdfium2 is not installed.
    """
    _need("pypdfium2", "PDF files")
    import pypdfium2  # type: ignore[import-untyped,unused-ignore]

    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as problem:
        found = "an encrypted file" if "assword" in str(problem) else f"bytes that are not ({problem})"
        raise BanmianError("a PDF file that opens without a password", found, name, _TRY_ANOTHER) from None
    with document:
        if len(document) > MAX_PDF_PAGES:
            raise BanmianError(
                f"a PDF of at most {MAX_PDF_PAGES} pages",
                f"{len(document)} pages",
                name,
                "Send the pages one by one.",
            )
        text = "\f".join(_page_text(document[number]) for number in range(len(document)))
    if not text.strip():
        remedy = "It may hold pictures of pages: export them as PNG and send these."
        raise BanmianError("a PDF with text in it", "none", name, remedy)
    return text


def _page_text(page: Any) -> str:
    words = page.get_textpage()
    try:
        return str(words.get_text_range())
    finally:
        words.close()


def picture_text(raw: bytes, name: str) -> str:
    """The text of a scanned or photographed page, one recognised line a line.

    Raises:
        BanmianError: not a picture, too many pixels, or nothing recognised in it.
        MissingExtraError: rapidocr or Pillow is not installed.
    """
    _need("rapidocr", "scanned pages")
    _need("PIL", "scanned pages")
    import numpy
    from PIL import Image

    try:
        with Image.open(io.BytesIO(raw)) as picture:
            if picture.width * picture.height > MAX_PICTURE_PIXELS:
                found = f"{picture.width} x {picture.height}"
                raise BanmianError(
                    f"a picture of at most {MAX_PICTURE_PIXELS:,} pixels", found, name, "Save it smaller."
                )
            pixels = numpy.asarray(picture.convert("RGB"))
    except (OSError, ValueError, Image.DecompressionBombError) as problem:
        raise BanmianError("a PNG or JPEG picture", str(problem)[:80], name, _TRY_ANOTHER) from None
    lines = _recogniser()(pixels[:, :, ::-1]).txts or ()
    if not any(line.strip() for line in lines):
        raise BanmianError("a picture of text", "no text in it", name, "Scan the page at 150 dpi or more.")
    return "\n".join(lines)


@lru_cache(maxsize=1)
def _recogniser() -> Any:
    """The recogniser with its models, which lie inside its package; loading takes seconds, so once."""
    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.WARNING)
    return RapidOCR()


def _need(library: str, purpose: str) -> None:
    if find_spec(library) is None:
        raise MissingExtraError({"PIL": "Pillow"}.get(library, library), "scan", purpose)
