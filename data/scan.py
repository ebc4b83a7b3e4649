"""Recognise a scanned or photographed page: its lines with boxes and confidences, and what is drawn on it.

Recognition is rapidocr's (Apache-2.0; PP-OCR models inside its package, on ONNX Runtime), of the ``scan``
extra. What comes out is a sheet, so that the geometry that reads PDF files reads scans as well.
"""

from __future__ import annotations

import io
import logging
import math
import re
import threading
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from banmian.data.errors import BanmianError, MissingExtraError
from banmian.data.geometry import Run, Sheet
from banmian.data.scan_drawn import drawn_on, straight
from banmian.data.scan_ink import is_chinese
from banmian.data.scan_lines import lines_of

MAX_SCAN_BYTES = 50 * 1024 * 1024
MAX_PICTURE_PIXELS = 60_000_000
#: A picture of more pixels is made smaller first: a broadsheet page at 150 dpi has 7 million.
MAX_RECOGNISED_PIXELS = 16_000_000

_TRY_ANOTHER = "Open it in a viewer and save it anew, or paste its text."
#: Lines found on a page; rapidocr's own limit of 1,000 cuts a dense page short.
_MOST_LINES = 6_000
#: The longest side in pixels that rapidocr leaves as it is; its own 2,000 is for smaller papers.
_LONGEST_SIDE = 8_000
#: The pixels of the picture on which lines are looked for: characters of a broadsheet page have 12.
_SEARCHED_PIXELS = 2_000_000
#: Lines less sure than this are no print but grain; all others are kept, with their confidence.
_LEAST_SURE = 0.3

_NEXT_NAME = re.compile("(?<=[\u3400-\u9fff])(?=通讯员|通訊員|实习生|見習記者|见习记者)")

Point = tuple[float, float]


def open_picture(raw: bytes, name: str) -> Any:
    """A picture's pixels: RGB bytes of shape (height, width, 3), at most MAX_RECOGNISED_PIXELS.

    Raises:
        BanmianError: not a picture, or one of more than MAX_PICTURE_PIXELS.
        MissingExtraError: rapidocr or Pillow is not installed.
    """
    _need("rapidocr", "scanned pages")
    _need("PIL", "scanned pages")
    import numpy
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(raw)) as picture:
            size = picture.width * picture.height
            if size > MAX_PICTURE_PIXELS:
                found = f"{picture.width} x {picture.height}"
                raise BanmianError(
                    f"a picture of at most {MAX_PICTURE_PIXELS:,} pixels", found, name, "Save it smaller."
                )
            # A camera turned on its side says so beside the pixels.
            page = ImageOps.exif_transpose(picture).convert("RGB")
            if size > MAX_RECOGNISED_PIXELS:
                share = math.sqrt(MAX_RECOGNISED_PIXELS / size)
                page = page.resize((int(page.width * share), int(page.height * share)))
            return numpy.asarray(page)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as problem:
        raise BanmianError("a PNG or JPEG picture", str(problem)[:80], name, _TRY_ANOTHER) from None


def recognise(pixels: Any) -> Sheet:
    """A picture's sheet: a run for each recognised line, with its confidence; none where nothing is printed.

    Args:
        pixels: RGB bytes of shape (height, width, 3).

    Raises:
        MissingExtraError: rapidocr is not installed.
    """
    _need("rapidocr", "scanned pages")
    height, width = pixels.shape[:2]
    lines = _recogniser().lines(pixels)
    angle = _skew([corners for corners, _, _ in lines])
    centre = (width / 2, height / 2)
    runs = [_run(_turned(corners, -angle, centre), text, sure) for corners, text, sure in lines]
    grey = straight(pixels, angle)
    rules, frames, pictures = drawn_on(grey, [run.box for run in runs])
    runs = lines_of(grey, runs, rules)
    # The measure of ink is that of Chinese characters.
    coarse = 2 * sum(is_chinese(run.text) for run in runs) < len(runs)
    return Sheet(float(width), float(height), runs, rules, frames, pictures, coarse, angle)


class _Recogniser:
    """The recogniser with its models; one page at a time, for a page takes hundreds of megabytes."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        logging.getLogger("RapidOCR").setLevel(logging.ERROR)
        given = {
            "Global.max_side_len": _LONGEST_SIDE,
            "Global.log_level": "error",
            "Det.max_candidates": _MOST_LINES,
            "Rec.rec_batch_num": 4,
        }
        self._engine: Any = RapidOCR(params=given)
        self._lock = threading.Lock()

    def lines(self, pixels: Any) -> list[tuple[list[Point], str, float]]:
        """Each line's corners from its top left one clockwise, its text, and how sure it is.

        Lines are looked for on a smaller picture, and read on the whole one. Of a page of 5.8 million pixels,
        the search at 1.4 took a third of the time and 530 MB in all instead of 1,140, and found the same
        lines; at 2.8 it took half and 750 MB.
        """
        import cv2
        import numpy

        height, width = pixels.shape[:2]
        share = min(1.0, math.sqrt(_SEARCHED_PIXELS / (height * width)))
        # Cutting lines out of a view copies the whole page for every line: 2.3 of a page's 10 seconds.
        picture = numpy.ascontiguousarray(pixels[:, :, ::-1])
        small = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        with self._lock:
            found = self._engine(small, use_cls=False, use_rec=False).boxes
            if found is None or not len(found):
                return []
            corners = found.astype("float32") / share
            read = self._engine.recognize_txt(self._engine.crop_text_regions(picture, corners))
        return [
            ([(float(x), float(y)) for x, y in four], text.strip(), float(sure))
            for four, text, sure in zip(corners, read.txts, read.scores, strict=True)
            if text.strip() and sure >= _LEAST_SURE
        ]


@lru_cache(maxsize=1)
def _recogniser() -> _Recogniser:
    """The models lie inside rapidocr's package; loading them takes seconds, so once."""
    return _Recogniser()


def _skew(boxes: Sequence[Sequence[Point]]) -> float:
    """The angle in radians by which the page is turned: the median over its longer lines."""
    angles = sorted(
        math.atan2(b[1] - a[1], b[0] - a[0])
        for a, b, c, _ in boxes
        if b[0] - a[0] > 4 * abs(c[1] - b[1]) and b[0] - a[0] > 60
    )
    return angles[len(angles) // 2] if len(angles) >= 5 else 0.0


def _turned(corners: Sequence[Point], angle: float, centre: Point) -> list[Point]:
    sine, cosine = math.sin(angle), math.cos(angle)
    turned = []
    for x, y in corners:
        a, b = x - centre[0], y - centre[1]
        turned.append((centre[0] + a * cosine - b * sine, centre[1] + a * sine + b * cosine))
    return turned


def _run(corners: Sequence[Point], text: str, sure: float) -> Run:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    left, right = (ax + dx) / 2, (bx + cx) / 2
    top, bottom = (ay + by) / 2, (cy + dy) / 2
    vertical = len(text) >= 2 and bottom - top > 1.5 * (right - left)
    size = right - left if vertical else bottom - top
    # Recognition drops the blanks between names, which tell a byline from running text.
    if len(text) < 40 and not re.search("[，。；：、]", text):
        text = _NEXT_NAME.sub(" ", text)
    return Run(text, left, top, right, bottom, max(1.0, size), vertical=vertical, score=min(1.0, sure))


def _need(library: str, purpose: str) -> None:
    if find_spec(library) is None:
        raise MissingExtraError({"PIL": "Pillow"}.get(library, library), "scan", purpose)
