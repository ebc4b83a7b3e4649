"""A press: pages of one PDF file on which lines, rules and frames are drawn when a page is whole."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from banmian.data.issue import Issue
from banmian.eval.makeup import PageLayout
from banmian.eval.typeset import SetLine, draw_line

PAGE_WIDTH, PAGE_HEIGHT = 960.0, 1380.0
MARGIN, _BAND = 48.0, 30.0
_DAYS = "一二三四五六日"


class Press:
    """The pages of one canvas for one issue; heights count downwards from the page's top."""

    def __init__(self, page: Any, issue: Issue, layout: PageLayout, chance: random.Random) -> None:
        self.page, self.issue, self.layout, self.chance = page, issue, layout, chance
        self.size = layout.size
        self.leading = layout.size * layout.leading
        self.gutter = layout.size * layout.gutter
        self.bands: list[str] = []
        self._held: list[Callable[[], None]] = []
        self.number = 0
        self._begin_page()

    # -- pages and bands

    def _begin_page(self) -> None:
        self.number += 1
        self.top, self.bottom = MARGIN, PAGE_HEIGHT - MARGIN
        if self.layout.bands == "none":
            return
        year, month, day = (int(part) for part in self.issue.date.split("-"))
        date = f"{year}年{month}月{day}日 星期{_DAYS[(year + month + day) % 7]}"
        self._band([self.issue.paper, date, f"第{self.number + 1:02d}版"], self.top + 14)
        self.rule(MARGIN, self.top + 22, PAGE_WIDTH - MARGIN, self.top + 22)
        self.top += _BAND
        if self.layout.bands == "both":
            self.bottom -= _BAND
            self._band(["责任编辑：周文 版式：李明 校对：赵兰"], self.bottom + 22)

    def _band(self, texts: list[str], baseline: float) -> None:
        aligned = ("left", "centre", "right") if len(texts) == 3 else ("centre",)
        for text, align in zip(texts, aligned, strict=True):
            line = SetLine(text, 9.0, align)  # type: ignore[arg-type]
            self.hold(line, MARGIN, baseline, PAGE_WIDTH - 2 * MARGIN)
            self.bands.append(text)

    def _end_page(self) -> None:
        if self.layout.shuffled:
            self.chance.shuffle(self._held)
        for draw in self._held:
            draw()
        self._held = []
        self.page.showPage()

    def finish(self) -> None:
        """Close the last page and the file."""
        self._end_page()
        self.page.save()

    def new_page(self) -> None:
        """Close the page and begin the next one."""
        self._end_page()
        self._begin_page()

    # -- drawing, kept back until the page is whole

    def draw(self, what: Callable[[], None]) -> None:
        """Draw something when the page is whole."""
        self._held.append(what)

    def hold(self, line: SetLine, left: float, baseline: float, width: float) -> None:
        """Draw a line in a column of ``width`` that begins at ``left``."""
        y = PAGE_HEIGHT - baseline
        self._held.append(lambda: draw_line(self.page, line, left, y, width))

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a straight line."""

        def draw() -> None:
            self.page.setLineWidth(0.6)
            self.page.line(x0, PAGE_HEIGHT - y0, x1, PAGE_HEIGHT - y1)

        self._held.append(draw)

    def rect(self, box: tuple[float, float, float, float], *, grey: bool) -> None:
        """Draw a frame, or a grey area in place of a photograph."""
        left, top, right, bottom = box

        def draw() -> None:
            self.page.setLineWidth(0.8)
            self.page.setFillGray(0.75 if grey else 0)
            self.page.rect(
                left, PAGE_HEIGHT - bottom, right - left, bottom - top, stroke=int(not grey), fill=int(grey)
            )
            self.page.setFillGray(0)

        # Pictures lie under the text, as they do in what layout programs write.
        self._held.insert(0, draw)
