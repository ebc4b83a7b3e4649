"""What is drawn on a scanned page beside its text: rules, frames and photographs, found in its pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from banmian.data.geometry import Box

#: Darker than this is ink; lighter than the other is paper.
_INK, _PAPER = 150, 232
#: A rule is at least this share of the page's width long, and at most so many pixels thick.
_SHORTEST, _THICKEST = 0.02, 9


def straight(pixels: Any, angle: float) -> Any:
    """A page's greys, bytes of shape (height, width), with a page turned by ``angle`` turned back.

    Args:
        pixels: RGB bytes of shape (height, width, 3).
        angle: radians, positive if lines fall to the right.
    """
    import cv2  # comes with rapidocr

    height, width = pixels.shape[:2]
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    if abs(angle) <= 0.0005:
        return grey
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), math.degrees(angle), 1.0)
    return cv2.warpAffine(grey, turn, (width, height), borderValue=255)


def drawn_on(grey: Any, texts: Sequence[Box]) -> tuple[list[Box], list[Box], list[Box]]:
    """Rules, frames and pictures of a page.

    Args:
        grey: the straightened page, bytes of shape (height, width).
        texts: where text stands on it.
    """
    import numpy

    _, width = grey.shape
    length = max(30, int(_SHORTEST * width))
    ink = (grey < _INK).astype(numpy.uint8)
    across = _opened(ink, length, 1)
    upright = _opened(ink, 1, length)
    pictures = _pictures(grey, texts)
    lines = [box for box in _boxes(across) if box[3] - box[1] <= _THICKEST]
    lines += [box for box in _boxes(upright) if box[2] - box[0] <= _THICKEST]
    frames = _frames(across | upright, length)
    rules = [
        box
        for box in lines
        if not any(_on_edge(box, frame) for frame in frames)
        # A stroke of a large character is as long as a short rule.
        and not any(_within(box, text) for text in texts)
        and not any(_within(box, picture) for picture in pictures)
    ]
    frames = [frame for frame in frames if not any(_within(frame, picture) for picture in pictures)]
    return rules, frames, pictures


def _opened(ink: Any, width: int, height: int) -> Any:
    """Ink unbroken over ``width`` by ``height`` pixels; a slightly slanting line counts as unbroken."""
    import cv2
    import numpy

    across = width > height
    thicker = cv2.dilate(ink, numpy.ones((3, 1) if across else (1, 3), numpy.uint8))
    return cv2.morphologyEx(thicker, cv2.MORPH_OPEN, numpy.ones((height, width), numpy.uint8))


def _boxes(mask: Any) -> list[Box]:
    import cv2

    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return [(float(x), float(y), float(x + w), float(y + h)) for x, y, w, h, _ in stats[1:].tolist()]


def _frames(lines: Any, length: int) -> list[Box]:
    """The insides of rectangles that lines make all around."""
    import cv2
    import numpy

    thick = cv2.dilate(lines, numpy.ones((5, 5), numpy.uint8))
    contours, levels = cv2.findContours(thick, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    found: list[Box] = []
    for contour, level in zip(contours, levels[0] if levels is not None else (), strict=True):
        x, y, w, h = cv2.boundingRect(contour)
        hole = level[3] >= 0
        if hole and min(w, h) >= length and cv2.contourArea(contour) > 0.96 * w * h:
            found.append((float(x), float(y), float(x + w), float(y + h)))
    return found


def _pictures(grey: Any, texts: Sequence[Box]) -> list[Box]:
    """Large areas that are neither paper nor text."""
    import cv2
    import numpy

    height, width = grey.shape
    tone = (grey < _PAPER).astype(numpy.uint8)
    for left, top, right, bottom in texts:
        tone[max(0, int(top)) : int(bottom) + 1, max(0, int(left)) : int(right) + 1] = 0
    tone = cv2.morphologyEx(tone, cv2.MORPH_OPEN, numpy.ones((13, 13), numpy.uint8))
    tone = cv2.morphologyEx(tone, cv2.MORPH_CLOSE, numpy.ones((31, 31), numpy.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(tone, connectivity=8)
    return [
        (float(x), float(y), float(x + w), float(y + h))
        for x, y, w, h, area in stats[1:].tolist()
        if min(w, h) > 0.05 * width and 0.5 * w * h < area and w * h < 0.85 * width * height
    ]


def _on_edge(rule: Box, frame: Box) -> bool:
    """Whether a rule is a side of a frame, which is the rectangle inside its lines."""
    x, y = (rule[0] + rule[2]) / 2, (rule[1] + rule[3]) / 2
    if rule[2] - rule[0] > rule[3] - rule[1]:
        level = min(abs(y - frame[1]), abs(y - frame[3])) < 12
        return level and frame[0] - 12 <= rule[0] and rule[2] <= frame[2] + 12
    level = min(abs(x - frame[0]), abs(x - frame[2])) < 12
    return level and frame[1] - 12 <= rule[1] and rule[3] <= frame[3] + 12


def _within(box: Box, outer: Box) -> bool:
    return (
        outer[0] - 6 <= box[0]
        and outer[1] - 6 <= box[1]
        and box[2] <= outer[2] + 6
        and box[3] <= outer[3] + 6
    )
