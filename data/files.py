"""Read a file into an issue: plain text in UTF-8 or GB 18030, an issue's JSON, PDF files and pictures.

Text is read by its lines, PDF files and pictures by their geometry; a PDF's pages without readable
characters are recognised like pictures.
"""

from __future__ import annotations

from pathlib import Path, PurePath

from banmian.data.errors import BanmianError
from banmian.data.geometry import Sheet
from banmian.data.geometry_reader import read_sheets
from banmian.data.issue import Issue, parse_issue
from banmian.data.page import read_page
from banmian.data.pdf import open_pdf, render_page
from banmian.data.scan import MAX_SCAN_BYTES, open_picture, recognise

TEXT, JSON, PDF, PICTURE = (".txt", ".text", ".md", ""), (".json",), (".pdf",), (".png", ".jpg", ".jpeg")

#: Bytes read of a text or JSON file; the limit of a page's text itself is read_page's.
MAX_TEXT_BYTES = 16 * 1024 * 1024
#: Pages of a PDF that are recognised: each takes many seconds, and whoever sent them waits.
MAX_SCANNED_PAGES = 4

_SAVE_AS_UTF8 = "Save the file as UTF-8 text."
# The commonest characters: about a third of any Chinese prose, next to nothing of misread bytes.
_COMMON = set(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
)


def read_file(path: Path) -> Issue:
    """Read one file; the issue's id is the file's name without its suffix.

    Raises:
        BanmianError: the file cannot be read, is too large, or is not what its suffix says.
        MissingExtraError: a PDF or a picture without the ``scan`` extra.
    """
    return read_bytes(read_raw(path), str(path))


def read_raw(path: Path) -> bytes:
    """A file's bytes, unless it is too large for its kind. Errors as in :func:`read_file`."""
    try:
        _check_size(path.stat().st_size, str(path))
        return path.read_bytes()
    except OSError as problem:
        found = problem.strerror or str(problem)
        raise BanmianError("a readable file", found, str(path), "Check the path.") from None


def read_bytes(raw: bytes, name: str) -> Issue:
    """Read a file's bytes; the suffix of ``name`` says what they are. Errors as in :func:`read_file`."""
    suffix = PurePath(name).suffix.lower()
    _check_size(len(raw), name)
    if suffix in JSON:
        return parse_issue(_utf8(raw, name), name)
    issue_id, source = PurePath(name).stem or "page", PurePath(name).name
    if suffix in TEXT:
        text = decode(raw, name)
    elif suffix in PDF + PICTURE:
        sheets = _pdf_sheets(raw, name) if suffix in PDF else [recognise(open_picture(raw, name))]
    else:
        known = ", ".join(known for known in (*TEXT, *JSON, *PDF, *PICTURE) if known)
        raise BanmianError(f"a file that ends in {known}", suffix, name, "Save it as one of these.")
    try:
        if suffix in TEXT:
            return read_page(text, id=issue_id, source=source)
        return read_sheets(sheets, id=issue_id, source=source)
    except BanmianError as problem:
        raise BanmianError(problem.expected, problem.found, name, problem.remedy) from None


def _pdf_sheets(raw: bytes, name: str) -> list[Sheet]:
    """The sheets of a PDF, its pages without readable characters recognised."""
    sheets = open_pdf(raw, name)
    without = [number for number, sheet in enumerate(sheets) if not sheet.runs]
    if len(without) > MAX_SCANNED_PAGES:
        raise BanmianError(
            f"a PDF with at most {MAX_SCANNED_PAGES} scanned pages",
            f"{len(without)} pages without text",
            name,
            "Send the pages one by one.",
        )
    for number in without:
        sheets[number] = recognised_page(raw, name, number)
    return sheets


def recognised_page(raw: bytes, name: str, number: int) -> Sheet:
    """Page ``number`` of a PDF, from 0, drawn and recognised like a picture."""
    import numpy

    pixels, shape = render_page(raw, name, number)
    return recognise(numpy.frombuffer(pixels, numpy.uint8).reshape(shape))


def decode(raw: bytes, name: str) -> str:
    """Text of a plain file: UTF-8, UTF-16 with its mark, or GB 18030 that reads as Chinese."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError:
            raise BanmianError("UTF-16 text after its mark", "broken pairs", name, _SAVE_AS_UTF8) from None
    try:
        return _utf8(raw, name)
    except BanmianError:
        chinese = _gb18030(raw)
        if chinese is None:
            raise
        return chinese


def _utf8(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        found = f"byte 0x{raw[problem.start]:02x} at offset {problem.start}"
        raise BanmianError("text in UTF-8 or GB 18030", found, name, _SAVE_AS_UTF8) from None


def _gb18030(raw: bytes) -> str | None:
    """``raw`` as GB 18030, or None where it does not decode or does not look like Chinese."""
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        return None
    wide = [char for char in text if char >= "\x80"]
    han = sum("\u4e00" <= char <= "\u9fff" for char in wide)
    marks = sum(
        char in "，。、；：！？“”‘’（）《》—…·\u3000％" or "\uff01" <= char <= "\uff5e" for char in wide
    )
    common = sum(char in _COMMON for char in wide) + marks
    # Misread Big5 or Shift JIS scatters over the rare characters that GB 2312 puts on its second level.
    daily = sum(
        b"\xb0" <= char.encode("gb18030")[:1] <= b"\xd7" for char in wide if "\u4e00" <= char <= "\u9fff"
    )
    looks_chinese = han + marks >= 0.97 * len(wide) and (
        common >= 0.15 * len(wide) or (daily >= 0.9 * han and (common >= 0.08 * len(wide) or len(wide) < 8))
    )
    return text if looks_chinese else None


def _check_size(size: int, name: str) -> None:
    suffix = PurePath(name).suffix.lower()
    most = MAX_SCAN_BYTES if suffix in PDF + PICTURE else MAX_TEXT_BYTES
    if size > most:
        raise BanmianError(
            f"a file of at most {most:,} bytes", f"{size:,} bytes", name, "Send a smaller file."
        )
