"""One article's block on a page: headline, columns of equal height, perhaps a picture and a frame."""

from __future__ import annotations

from dataclasses import dataclass

from banmian.data import marks
from banmian.data.issue import Article
from banmian.eval.press import PAGE_HEIGHT, Press
from banmian.eval.typeset import SetLine, break_lines, draw_vertical
from banmian.eval.typeset_article import body_lines, caption_lines, head_lines


@dataclass
class _Cut:
    """A column of a block: its left edge, and where its text begins and ends below the block's top."""

    left: float
    top: float
    bottom: float


class Block:
    """One article's block: headline, columns of equal height, perhaps a picture and a frame."""

    def __init__(self, press: Press, article: Article, left: float, width: float, columns: int) -> None:
        self.press, self.article, self.left, self.width = press, article, left, width
        self.layout = layout = press.layout
        notice = bool(article.signature) or any(map(marks.NOTICE_TITLE.search, article.headline.main))
        self.framed = layout.frames and notice
        self.pad = 0.9 * press.size if self.framed else 0.0
        self.heads = layout.heads if columns > 1 else "above"
        if layout.heads == "vertical" and (
            columns == 1 or max(map(len, article.headline.main), default=99) > 18
        ):
            self.heads = "above"
        if self.framed and self.heads != "vertical":
            self.heads = "above"
        inner = width - 2 * self.pad
        self.slot = self._vertical_slot() if self.heads == "vertical" else 0.0
        self.column = (inner - self.slot - (columns - 1) * press.gutter) / columns
        self.columns = columns
        self._set_head(inner)
        byline = bool(article.byline) and (not layout.byline_above or self.heads == "vertical")
        self.lines = body_lines(article, self.column, layout, byline=byline)
        self._picture()
        self._balance()

    def _vertical_slot(self) -> float:
        head = self.article.headline
        ems = 2.2 * 1.3 * len(head.main) + 1.3 * 1.4 * (len(head.kicker) + len(head.deck))
        return self.press.size * (ems + 1.2)

    def _set_head(self, inner: float) -> None:
        size, layout, head = self.press.size, self.layout, self.article.headline
        self.head_width = {
            "wrapped": inner - self.column - self.press.gutter,
            "column": self.column,
        }.get(self.heads, inner)
        self.beside = ""
        if self.heads == "vertical":
            self.head: list[SetLine] = []
            self.head_height = 0.0
            return
        article = self.article
        if (
            layout.kicker_beside
            and self.heads == "above"
            and len(head.kicker) == 1
            and len(head.kicker[0]) <= 6
        ):
            self.beside = head.kicker[0]
            article = article.model_copy(update={"headline": head.model_copy(update={"kicker": ()})})
        small = self.head_width < 17 * size
        self.head = head_lines(article, self.head_width, size, small=small, centred=layout.centred)
        if layout.byline_above and self.article.byline:
            align = "centre" if layout.centred else "left"
            texts = break_lines(self.article.byline, self.head_width, size)
            self.head += [SetLine(text, size, align, above=0.5 * size) for text in texts]  # type: ignore[arg-type]
        self.head_height = sum(line.above + 1.25 * line.size for line in self.head) + 0.6 * self.press.leading
        self.head_height = max(self.head_height, 1.2 * size * 1.1 * len(self.beside) + size)

    def _picture(self) -> None:
        """A grey rectangle over one or two columns, with its captions below."""
        self.picture_columns = 0
        self.picture_height = 0.0
        self.captions: list[SetLine] = []
        if not self.article.captions:
            return
        # Never across columns of which only some stand under the headline.
        under = self.columns - 1 if self.heads in ("wrapped", "column") else self.columns
        self.picture_columns = min(2, under)
        width = self.picture_columns * self.column + (self.picture_columns - 1) * self.press.gutter
        self.captions = caption_lines(self.article, width, self.press.size)
        self.rect_height = 0.6 * width
        text = sum(line.above + 1.35 * line.size for line in self.captions)
        self.picture_height = self.rect_height + text + self.press.leading

    def _cuts(self, height: float) -> list[_Cut]:
        cuts = []
        for j in range(self.columns):
            left = self.left + self.pad + self.slot + j * (self.column + self.press.gutter)
            under = {"wrapped": j > 0, "column": j == 0}.get(self.heads, True)
            top, bottom = (self.head_height if under else 0.0), height
            if self.columns - j <= self.picture_columns:
                if self.layout.pictures == "top":
                    top += self.picture_height
                else:
                    bottom -= self.picture_height
            cuts.append(_Cut(left, top, bottom))
        return cuts

    def _balance(self) -> None:
        height = self.head_height + self.picture_height + 2 * self.press.leading
        if self.heads == "vertical":
            longest = max((len(text) for text in self.article.headline.main), default=0)
            others = [*self.article.headline.kicker, *self.article.headline.deck]
            longer = max((len(text) for text in others), default=0)
            height = max(height, self.press.size * max(2.2 * 1.06 * longest, 1.3 * 1.06 * longer) + 4)
        while not self._placed(height):
            height += self.press.leading
        self.inner_height = height
        self.height = height + 2 * self.pad

    def _placed(self, height: float) -> list[tuple[SetLine, float, float]]:
        """Every line with its column's left edge and its baseline; none if they do not fit."""
        cuts = self._cuts(height)
        placed = []
        at, y = 0, cuts[0].top
        for line in self.lines:
            step = line.above + self.press.leading
            while y + step > cuts[at].bottom + 0.01:
                at += 1
                if at == len(cuts):
                    return []
                y = cuts[at].top
            y += step
            placed.append((line, cuts[at].left, y))
        return placed

    def draw(self, top: float) -> None:
        """Draw the block with its upper edge at ``top``."""
        press, inner_top = self.press, top + self.pad
        if self.framed:
            press.rect((self.left, top, self.left + self.width, top + self.height), grey=False)
        self._draw_head(inner_top)
        for line, left, baseline in self._placed(self.inner_height):
            press.hold(line, left, inner_top + baseline - 0.3 * press.leading, self.column)
        cuts = self._cuts(self.inner_height)
        if self.layout.column_rules:
            for cut in cuts[1:]:
                x = cut.left - press.gutter / 2
                press.rule(x, inner_top + cut.top + 4, x, inner_top + cut.bottom)
        if self.captions:
            self._draw_picture(inner_top, cuts)

    def _draw_head(self, top: float) -> None:
        press, size = self.press, self.press.size
        left = self.left + self.pad + (self.column + press.gutter if self.heads == "wrapped" else 0.0)
        if self.heads == "vertical":
            self._draw_vertical(top)
            return
        if self.beside:
            self._vertical(self.beside, 1.2 * size, left, top)
            left += 2.4 * size
        width = self.head_width - (2.4 * size if self.beside else 0.0)
        y = top
        for line in self.head:
            y += line.above + 1.25 * line.size
            press.hold(line, left, y - 0.3 * line.size, width)

    def _draw_vertical(self, top: float) -> None:
        """Kicker at the right, then main, then deck: vertical lines are read from the right."""
        size, head = self.press.size, self.article.headline
        x = self.left + self.pad
        for text in reversed(head.deck):
            self._vertical(text, 1.3 * size, x, top)
            x += 1.3 * 1.4 * size
        for text in reversed(head.main):
            self._vertical(text, 2.2 * size, x, top)
            x += 2.2 * 1.3 * size
        for text in reversed(head.kicker):
            self._vertical(text, 1.3 * size, x, top)
            x += 1.3 * 1.4 * size

    def _vertical(self, text: str, size: float, left: float, top: float) -> None:
        page, y = self.press.page, PAGE_HEIGHT - top
        self.press.draw(lambda: draw_vertical(page, text, size, left, y))

    def _draw_picture(self, top: float, cuts: list[_Cut]) -> None:
        first = cuts[self.columns - self.picture_columns]
        width = cuts[-1].left + self.column - first.left
        y = top + (first.top - self.picture_height if self.layout.pictures == "top" else first.bottom)
        y += 0.5 * self.press.leading
        self.press.rect((first.left, y, first.left + width, y + self.rect_height), grey=True)
        y += self.rect_height
        for line in self.captions:
            y += line.above + 1.35 * line.size
            self.press.hold(line, first.left, y - 0.3 * line.size, width)
