"""One page of a PDF as PDFium holds it: its characters with their em boxes, and what is drawn on it."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from banmian.data.geometry import Box, Glyph
from banmian.data.pdf_limits import MAX_DRAWN, MAX_GLYPHS, MAX_OBJECTS, TooMuchError

_LIKE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")
_HEAVY = ("bold", "black", "heavy", "hei", "黑", "粗", "semibold", "demi")


class Turn:
    """From PDF coordinates (from below, unturned, the crop box somewhere) to those of a Sheet."""

    def __init__(self, page: Any) -> None:
        left, bottom, right, top = page.get_cropbox()
        self.left, self.bottom, self.right, self.top = left, bottom, right, top
        self.angle = page.get_rotation()
        wide, high = right - left, top - bottom
        self.width, self.height = (wide, high) if self.angle in (0, 180) else (high, wide)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point as the sheet has it."""
        if self.angle == 90:
            return y - self.bottom, x - self.left
        if self.angle == 180:
            return self.right - x, y - self.bottom
        if self.angle == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box as the sheet has it, to a hundredth of a point."""
        (a, b), (c, d) = self.point(left, bottom), self.point(right, top)
        return round(min(a, c), 2), round(min(b, d), 2), round(max(a, c), 2), round(max(b, d), 2)


def glyphs_of(words: Any, turn: Turn) -> Iterator[Glyph]:
    """Each character that the file holds, in its order; those that PDFium makes up are left out.

    Raises:
        TooMuchError: more than MAX_GLYPHS.
    """
    import pypdfium2.raw as pdfium

    count = words.count_chars()
    if count > MAX_GLYPHS:
        raise TooMuchError(f"{count:,} characters on one page")
    rect, matrix, x, y = pdfium.FS_RECTF(), pdfium.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    heavy = _Weights(words)
    high = 0
    for i in range(count):
        if pdfium.FPDFText_IsGenerated(words, i) == 1:
            continue
        code = pdfium.FPDFText_GetUnicode(words, i)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        pdfium.FPDFText_GetLooseCharBox(words, i, rect)
        pdfium.FPDFText_GetMatrix(words, i, matrix)
        pdfium.FPDFText_GetCharOrigin(words, i, x, y)
        size = pdfium.FPDFText_GetFontSize(words, i) * math.hypot(matrix.c, matrix.d)
        box = _em(rect, x.value, y.value, size, matrix, turn)
        yield Glyph(_character(code), *box, round(size, 2), heavy.of(i))


def _character(code: int) -> str:
    """A code as text; U+0002 is PDFium's own sign for a hyphen at a line's end."""
    if code == 2:
        return "-"
    text = chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"
    # Many files name a character by the radical or the compatibility form that looks like it (⽣ for 生).
    return unicodedata.normalize("NFKC", text) if _LIKE.match(text) else text


def _em(rect: Any, x: float, y: float, size: float, matrix: Any, turn: Turn) -> Box:
    """The character's em box: fonts differ in how far their boxes reach above and below the baseline."""
    if abs(matrix.b) < 0.02 * abs(matrix.a or 1) and turn.angle == 0 and abs(x - rect.left) < 0.1 * size:
        return turn.box(rect.left, y - 0.12 * size, max(rect.right, rect.left + 0.1), y + 0.88 * size)
    return turn.box(rect.left, rect.bottom, rect.right, rect.top)


class _Weights:
    """Which characters are set heavy: by the font's weight or name, or drawn with an outline as well."""

    def __init__(self, words: Any) -> None:
        self._words = words
        self._named: dict[bytes, bool] = {}
        self._buffer = ctypes.create_string_buffer(128)

    def of(self, i: int) -> bool:
        """Whether character ``i`` is."""
        import pypdfium2.raw as pdfium

        if pdfium.FPDFText_GetFontWeight(self._words, i) >= 600:
            return True
        held = pdfium.FPDFText_GetTextObject(self._words, i)
        if held and pdfium.FPDFTextObj_GetTextRenderMode(held) == 2:
            return True
        pdfium.FPDFText_GetFontInfo(self._words, i, self._buffer, len(self._buffer), ctypes.c_int())
        name = self._buffer.value
        if name not in self._named:
            plain = name.decode("utf-8", "replace").lower()
            self._named[name] = any(word in plain for word in _HEAVY)
        return self._named[name]


def drawn(page: Any, turn: Turn) -> tuple[list[Box], list[Box], list[Box]]:
    """Rules, frames and pictures, the largest MAX_DRAWN of each; smaller than a few characters is nothing.

    Raises:
        TooMuchError: more than MAX_OBJECTS paths and pictures.
    """
    import pypdfium2.raw as pdfium

    kinds = [pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING]
    rules: list[Box] = []
    frames: list[Box] = []
    pictures: list[Box] = []
    for seen, thing in enumerate(page.get_objects(filter=kinds, max_depth=1)):
        if seen >= MAX_OBJECTS:
            raise TooMuchError(f"more than {MAX_OBJECTS:,} drawn objects on one page")
        box = _bounds(thing, turn)
        wide, high = box[2] - box[0], box[3] - box[1]
        if min(wide, high) <= 4 and max(wide, high) >= 24:
            rules.append(box)
        elif min(wide, high) < 24 or wide * high > 0.85 * turn.width * turn.height:
            continue
        elif thing.type == pdfium.FPDF_PAGEOBJ_PATH and pdfium.FPDFPath_CountSegments(thing) <= 8:
            frames.append(box)
        else:
            pictures.append(box)
    return _largest(rules), _largest(frames), _largest(pictures)


def covered(page: Any, turn: Turn) -> float:
    """The share of the page that its largest picture covers."""
    import pypdfium2.raw as pdfium

    whole = turn.width * turn.height or 1.0
    shares = [0.0]
    for _, thing in zip(
        range(MAX_OBJECTS), page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]), strict=False
    ):
        left, above, right, below = _bounds(thing, turn)
        shares.append((right - left) * (below - above) / whole)
    return max(shares)


def _bounds(thing: Any, turn: Turn) -> Box:
    """Where something drawn stands; nowhere if PDFium cannot say."""
    import pypdfium2

    try:
        return turn.box(*thing.get_bounds())
    except pypdfium2.PdfiumError:
        return 0.0, 0.0, 0.0, 0.0


def _largest(boxes: list[Box]) -> list[Box]:
    return sorted(boxes, key=lambda box: (box[2] - box[0]) + (box[3] - box[1]), reverse=True)[:MAX_DRAWN]
