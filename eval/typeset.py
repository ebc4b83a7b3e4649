"""Setting type for rendered pages: text broken into lines of a column and drawn on a PDF canvas.

The face is STSong-Light, one of the faces that every PDF reader brings itself: no font file is needed to
write or to read such a page. To turn it into pixels the system needs a Chinese font.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from banmian.data.bench import NO_LINE_END, NO_LINE_START
from banmian.data.errors import MissingExtraError

FACE = "STSong-Light"
Align = Literal["justified", "left", "centre", "right"]


@dataclass(frozen=True)
class SetLine:
    """A line as set: its text, type size, indent in points, alignment, weight, and white above it."""

    text: str
    size: float
    align: Align = "left"
    indent: float = 0.0
    bold: bool = False
    above: float = 0.0


def canvas(buffer: Any, width: float, height: float) -> Any:
    """A reportlab canvas with the face registered.

    Raises:
        MissingExtraError: reportlab is not installed.
    """
    try:
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont
        from reportlab.pdfbase.pdfmetrics import registerFont
        from reportlab.pdfgen.canvas import Canvas
    except ImportError:
        raise MissingExtraError("reportlab", "eval", "rendered pages") from None
    registerFont(UnicodeCIDFont(FACE))
    return Canvas(buffer, pagesize=(width, height), invariant=1)


@lru_cache(maxsize=65536)
def _advance(char: str) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(char, FACE, 1000)) / 1000


def width_of(text: str, size: float) -> float:
    """Points that ``text`` takes as set without justification."""
    return sum(map(_advance, text)) * size


def break_lines(text: str, width: float, size: float, indent: float = 0.0) -> list[str]:
    """``text`` in lines of ``width`` points, the first shorter by ``indent``; no mark where none may be."""
    lines: list[str] = []
    line, filled = "", indent
    for token in _tokens(text):
        step = width_of(token, size)
        hangs = token in NO_LINE_START and filled <= width
        if line and filled + step > width + 0.01 and not hangs:
            line, carried = _carry(line, token)
            lines.append(line.rstrip())
            line, filled = carried, width_of(carried, size)
        line += token
        filled += step
    if line.strip():
        lines.append(line.rstrip())
    return lines


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    for char in text:
        joins = (char.isascii() and char.isalnum()) or char in ".%"
        if joins and tokens and tokens[-1][-1].isascii() and len(tokens[-1]) < 8 and tokens[-1].strip():
            tokens[-1] += char
        else:
            tokens.append(char)
    return tokens


def _carry(line: str, token: str) -> tuple[str, str]:
    """What stays on a full line and what goes down with ``token``."""
    cut = len(line)
    if token in NO_LINE_START:
        cut -= 1
        while cut > 2 and (line[cut] in NO_LINE_START or line[cut].isascii()):
            cut -= 1
    while cut > 1 and line[cut - 1] in NO_LINE_END:
        cut -= 1
    return line[:cut], line[cut:]


def draw_line(page: Any, line: SetLine, left: float, baseline: float, width: float) -> None:
    """Draw one line in a column that begins at ``left``; ``baseline`` in PDF coordinates."""
    natural = width_of(line.text, line.size)
    space = 0.0
    x = left + line.indent
    if line.align == "centre":
        x = left + (width - natural) / 2
    elif line.align == "right":
        x = left + width - natural - line.indent
    elif line.align == "justified" and len(line.text) > 1:
        space = (width - line.indent - natural) / (len(line.text) - 1)
        # A mark that hangs over the column's edge is set tight, as typesetters do, and never far apart.
        space = max(-0.12 * line.size, min(0.25 * line.size, space))
    text = page.beginText()
    text.setTextOrigin(x, baseline)
    text.setFont(FACE, line.size)
    text.setTextRenderMode(2 if line.bold else 0)
    page.setLineWidth(line.size / 45)
    text.setCharSpace(space)
    text.textOut(line.text)
    # A text object's state outlives it in the file.
    text.setTextRenderMode(0)
    text.setCharSpace(0)
    page.drawText(text)


def draw_vertical(page: Any, text: str, size: float, left: float, top: float) -> None:
    """Draw characters one below another, the first one's top at ``top`` in PDF coordinates."""
    y = top - 0.88 * size
    for char in text:
        if char.strip():
            draw_line(page, SetLine(char, size, "centre"), left, y, size)
            y -= 1.06 * size
        else:
            y -= 0.5 * size
