"""Labelled issues as real PDF pages in newspaper columns: what the reading of PDF and scans is scored on."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass

from banmian.data.issue import Article, Issue
from banmian.eval.block import Block
from banmian.eval.makeup import PageLayout
from banmian.eval.press import MARGIN, PAGE_HEIGHT, PAGE_WIDTH, Press
from banmian.eval.typeset import canvas
from banmian.eval.typeset_article import body_lines, caption_lines, head_lines


@dataclass(frozen=True)
class Printed:
    """A rendered issue: the file and its pages' number, what it prints (the bands as furniture), its text."""

    pdf: bytes
    sheets: int
    issue: Issue
    text: str


def render_pdf(issue: Issue, layout: PageLayout, seed: int = 0) -> Printed:
    """The issue made up as ``layout`` says, on as many pages as it takes; ``seed`` fixes what varies.

    Raises:
        MissingExtraError: reportlab is not installed.
    """
    chance = random.Random(f"{issue.id}/{seed}/{layout}")
    buffer = io.BytesIO()
    press = Press(canvas(buffer, PAGE_WIDTH, PAGE_HEIGHT), issue, layout, chance)
    if layout.flow:
        _MakeUp(press).flow()
    else:
        _MakeUp(press).blocks()
    press.finish()
    printed = issue.model_copy(update={"furniture": (*issue.furniture, *press.bands)})
    return Printed(buffer.getvalue(), press.number, printed, printed_text(printed))


def printed_text(issue: Issue) -> str:
    """The issue's text in reading order, a field a line: the page that a reading is scored against."""
    lines: list[str] = []
    for article in issue.articles:
        head = article.headline
        lines += [*head.kicker, *head.main, *head.deck, article.byline, article.dateline]
        lines += [block.text for block in article.blocks]
        lines += [article.signature, *article.captions]
    return "\n".join(line for line in (*lines, *issue.furniture) if line) + "\n"


class _MakeUp:
    """Makes up a press's issue: where each article stands; heights count downwards from the page's top."""

    def __init__(self, press: Press) -> None:
        self.press, self.issue, self.layout = press, press.issue, press.layout

    def blocks(self) -> None:
        """Articles in blocks of their own, one to three beside each other."""
        left, waiting = self.press.top, list(self.issue.articles)
        number = 0
        while waiting:
            row, spans = self._row_of(waiting)
            made = []
            x = MARGIN
            for article, span in zip(row, spans, strict=True):
                width = self._span_width(span)
                odd = self.layout.odd and span > 2 and number % 3 == 2
                made.append(Block(self.press, article, x, width, span - 1 if odd else span))
                x += width + self.press.gutter
                number += 1
            height = max(block.height for block in made)
            if left + height > self.press.bottom and left > self.press.top:
                self.press.new_page()
                left = self.press.top
            for block in made:
                block.draw(left)
            self._rules_between(made, left, height)
            left += height + 1.6 * self.press.leading
            del waiting[: len(row)]

    def _rules_between(self, made: list[Block], top: float, height: float) -> None:
        if not self.layout.rules:
            return
        for block in made[1:]:
            x = block.left - self.press.gutter / 2
            self.press.rule(x, top, x, top + height)
        y = top + height + 0.8 * self.press.leading
        if y < self.press.bottom - self.press.leading:
            self.press.rule(MARGIN, y, PAGE_WIDTH - MARGIN, y)

    def _row_of(self, waiting: list[Article]) -> tuple[list[Article], list[int]]:
        """The next articles that stand side by side, and how many columns each has."""
        columns = self.layout.columns
        beside = min(len(waiting), self.press.chance.choice((1, 2, 2, 3)), columns)
        room = self.press.bottom - self.press.top
        while True:
            row = waiting[:beside]
            spans = _shares([_length(article) for article in row], columns)
            heights = [self._height(article, span) for article, span in zip(row, spans, strict=True)]
            if beside == 1 or max(heights) < 0.55 * room:
                return row, spans
            beside -= 1

    def _height(self, article: Article, span: int) -> float:
        """About how high an article's block of ``span`` columns is."""
        cells = max(1.0, self._span_width(span) / span // self.press.size)
        return _length(article) / cells / span * self.press.leading

    def _span_width(self, span: int) -> float:
        columns = self.layout.columns
        column = (PAGE_WIDTH - 2 * MARGIN - (columns - 1) * self.press.gutter) / columns
        return span * column + (span - 1) * self.press.gutter

    def flow(self) -> None:
        """Articles one after another through the columns, headlines one column wide."""
        press, width = self.press, self._span_width(1)
        column, y = 0, press.top
        for number, article in enumerate(self.issue.articles):
            lines = head_lines(article, width, press.size, small=True, centred=self.layout.centred)
            lines += body_lines(article, width, self.layout, byline=True)
            lines += caption_lines(article, width, press.size)
            for at, line in enumerate(lines):
                step = line.above + press.leading * max(1.0, line.size / press.size * 0.85)
                keep = 6 * press.leading if at == 0 else 0.0
                if y + step + keep > press.bottom:
                    column, y = column + 1, press.top
                    if column == self.layout.columns:
                        press.new_page()
                        column = 0
                elif at == 0 and number and y > press.top:
                    y += press.leading
                    if self.layout.rules:
                        x = MARGIN + column * (width + press.gutter)
                        press.rule(x, y - 0.3 * press.leading, x + width, y - 0.3 * press.leading)
                y += step
                press.hold(line, MARGIN + column * (width + press.gutter), y, width)


def _shares(lengths: list[int], columns: int) -> list[int]:
    """Columns for articles of these lengths, at least one each, all of them given away."""
    spans = [max(1, round(columns * length / sum(lengths))) for length in lengths]
    while sum(spans) != columns:
        step = 1 if sum(spans) < columns else -1
        at = max(range(len(spans)), key=lambda i: (spans[i] + step >= 1, step * lengths[i] / spans[i]))
        spans[at] += step
    return spans


def _length(article: Article) -> int:
    return sum(len(block.text) for block in article.blocks) + 60
