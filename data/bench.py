"""A test bench for the reader: labelled issues printed as raw text in many layouts, and the reading scored.

A layout says how a page came to be text: how wide its columns are, what became of blank lines and
indents, where headlines stand. The rendered text carries no marks; the issue it came from is the truth.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar, get_args

from banmian.data.holdout import HELD_OUT_ISSUES
from banmian.data.issue import Article, Issue
from banmian.data.lines import cells
from banmian.data.page import read_page
from banmian.data.reading import Score, score
from banmian.data.shipped import REAL_ISSUE, issues_folder, shipped_issue
from banmian.data.varied import varied

Blanks = Literal["paragraphs", "mostly", "columns", "none"]
Indent = Literal["kept", "stripped", "none"]
L = TypeVar("L")

#: Marks that may not start a line, and those that may not end one.
NO_LINE_START = set("，。、；：！？”’）》」』】〉…—％%,.;:!?)]}")
NO_LINE_END = set("“‘（《「『【〈([{")
_MARKS = set("，。、；：！？“”‘’（）《》")
_TOKEN = re.compile(r"[0-9A-Za-z.%]{1,8}|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Layout:
    """How a page is printed as text.

    Args:
        width: cells a line (one cell is one Chinese character); None prints a paragraph a line.
        blanks: blank lines between paragraphs and at column breaks, the same with one paragraph in four
            following without, only at column breaks, or never.
        indent: two full-width blanks kept at a paragraph's start, cut off by the extraction (its first
            line is then two cells shorter), or never printed.
        headlines_after: the headline stands below its body, as it does in the text of many PDF files.
        byline_first: with a headline below, the byline still stands above the body.
        column_lines: lines to a column; a column ends wherever that falls, also inside a sentence.
        vary: most cells by which an article's columns differ from ``width``.
        hang: a mark that may not start a line hangs at the end of the line before; else it is carried
            down with the character before it.
        number_blanks: blanks around digits, as PDF text has them.
        set_off: blank lines around headlines also where paragraphs have none (not with blanks "none").
        tight: marks are set narrower than a cell, so that lines with many of them hold more.
    """

    width: int | None = 20
    blanks: Blanks = "paragraphs"
    indent: Indent = "none"
    headlines_after: bool = False
    byline_first: bool = True
    column_lines: int | None = 30
    vary: int = 0
    hang: bool = True
    number_blanks: bool = False
    set_off: bool = False
    tight: bool = False

    def __str__(self) -> str:
        width = "unwrapped" if self.width is None else f"{self.width} cells"
        where = "after" if self.headlines_after else "before"
        return f"{width}, blanks {self.blanks}, indent {self.indent}, headlines {where}"


_WIDTHS = {"development": (12, 15, 17, 20, 24, 30, 40), "held out": (13, 16, 18, 21, 22, 27, 34, 38)}


def layouts(which: Literal["development", "held out"]) -> tuple[Layout, ...]:
    """Every width with every habit of blanks and indents, the rest drawn once; and three without wrapping.

    The reader's weights are fitted on written issues in the development layouts; the held-out ones have
    other widths, other column lengths and other draws.
    """
    chance = random.Random(which)
    columns = (20, 30, 44) if which == "development" else (17, 26, 37)
    wrapped = [
        Layout(
            width=width,
            blanks=blanks,
            indent=indent,
            headlines_after=chance.random() < 0.5,
            byline_first=chance.random() < 0.6,
            column_lines=chance.choice(columns),
            vary=chance.choice((0, 0, 2, 3, 4)),
            hang=chance.random() < 0.5,
            number_blanks=chance.random() < 0.3,
            set_off=chance.random() < 0.5,
            tight=chance.random() < 0.35,
        )
        for width in _WIDTHS[which]
        for blanks in get_args(Blanks)
        for indent in get_args(Indent)
    ]
    unwrapped = [
        Layout(None, "none", "kept"),
        Layout(None, "none"),
        Layout(None, "paragraphs", headlines_after=True),
    ]
    return (*wrapped, *unwrapped)


def bench(issues: Sequence[Issue], chosen: Sequence[Layout], *, stride: int = 1) -> dict[str, Score]:
    """Render, read and score; the scores by habit and in all ("all").

    Args:
        stride: each layout is read on every ``stride``-th issue only, another share for each layout.
    """
    scores: dict[str, Score] = defaultdict(Score)
    for issue, layout in spread(issues, chosen, stride):
        page = render(issue, layout)
        one = score(read_page(page), issue, page)
        for row in (*_rows(layout), "all"):
            scores[row] += one
    return scores


def spread(issues: Sequence[Issue], chosen: Iterable[L], stride: int) -> Iterator[tuple[Issue, L]]:
    """Every layout with every ``stride``-th issue, another share of them for each layout."""
    for number, layout in enumerate(chosen):
        for issue in issues[number % stride :: stride]:
            yield issue, layout


def _rows(layout: Layout) -> tuple[str, ...]:
    if layout.width is None:
        return ("one paragraph a line",)
    narrow = "12–16" if layout.width <= 16 else "17–24" if layout.width <= 24 else "25–40"
    where = "below" if layout.headlines_after else "above"
    return f"{narrow} cells", f"blanks: {layout.blanks}", f"indent: {layout.indent}", f"headlines {where}"


def bench_varied(issues: Sequence[Issue], chosen: Sequence[Layout], count: int) -> Score:
    """The reader's score on ``count`` varied pages (banmian.data.varied) of the issues."""
    chance = random.Random(count)
    total = Score()
    for number in range(count):
        issue, layout = varied(issues, chance, number), chance.choice(chosen)
        page = render(issue, layout)
        total += score(read_page(page), issue, page)
    return total


def bench_table(stride: int = 1, varied_pages: int = 120) -> str:
    """The reader's scores in Markdown: the held-out issues in the held-out layouts, as they are and varied,
    and the real page.
    """
    issues = [shipped_issue(name) for name in HELD_OUT_ISSUES]
    scores = bench(issues, layouts("held out"), stride=stride)
    other = bench_varied(issues, layouts("held out"), varied_pages)
    read, true, page = _real_page()
    real = score(read, true, page)
    lines = [
        "| layout | paragraph F1 | article F1 | roles | headline parts | lost |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row, one in (*sorted(scores.items()), ("varied pages", other), ("the real page", real)):
        figures = (one.paragraph_f1, one.article_f1, one.roles, one.parts)
        lines.append(f"| {row} | " + " | ".join(f"{figure:.3f}" for figure in figures) + f" | {one.lost} |")
    return "\n".join(lines) + "\n"


def real_page_told() -> str:
    """What reading the real page gives, beside what a person found on it, in one line."""
    read, true, page = _real_page()
    found = score(read, true, page)
    return (
        f"the real page: {len(read.articles)} articles (printed: {len(true.articles)}), "
        f"{sum(1 for _ in read.body())} body paragraphs (printed: {sum(1 for _ in true.body())}), "
        f"{found.paragraph_errors} boundary errors, {found.lost} characters lost"
    )


def _real_page() -> tuple[Issue, Issue, str]:
    page = (issues_folder() / REAL_ISSUE / "page.txt").read_text(encoding="utf-8")
    return read_page(page), shipped_issue(REAL_ISSUE), page


def render(issue: Issue, layout: Layout, seed: int = 0) -> str:
    """The issue's text as ``layout`` prints it; ``seed`` fixes what varies within it."""
    chance = random.Random(f"{issue.id}/{seed}/{layout}")
    lines: list[str] = []
    for article in issue.articles:
        lines += _article(article, layout, chance)
        if layout.blanks in ("paragraphs", "mostly") or (layout.set_off and layout.blanks == "columns"):
            lines.append("")
    lines += issue.furniture
    return "\n".join(lines) + "\n"


def _article(article: Article, layout: Layout, chance: random.Random) -> list[str]:
    width = layout.width
    if width is not None:
        width = max(10, width + chance.randint(-layout.vary, layout.vary))
    setting = replace(layout, width=width)
    head = [*article.headline.kicker, *article.headline.main, *article.headline.deck]
    byline = [article.byline] if article.byline else []
    body = _body(article, setting, chance)
    captions = [line for text in article.captions for line in _wrap(text, setting, indented=False)]
    spaced = layout.blanks in ("paragraphs", "mostly")
    between = [""] if spaced or (layout.set_off and layout.blanks == "columns") else []
    sign = _signature(article.signature)
    above = [*byline, *between] if byline else []
    if not layout.headlines_after:
        parts = [[*between, *head, *between], above, body, captions, sign]
    elif layout.byline_first:
        parts = [above, body, captions, [*between, *head], sign]
    else:
        parts = [body, captions, [*between, *head], byline, sign]
    return [line for part in parts for line in part]


def _signature(text: str) -> list[str]:
    return text.split()


def _body(article: Article, layout: Layout, chance: random.Random) -> list[str]:
    lines: list[str] = []
    since = 0
    for block in article.blocks:
        printed = block.text.split() if block.role == "subhead" else _wrap(block.text, layout, indented=True)
        for line in printed:
            if layout.column_lines and layout.width and since >= layout.column_lines:
                since = 0
                if layout.blanks != "none" and lines and lines[-1]:
                    lines.append("")
            lines.append(line)
            since += 1
        if layout.blanks == "paragraphs" or (layout.blanks == "mostly" and chance.random() < 0.75):
            lines.append("")
    return lines


def _wrap(text: str, layout: Layout, *, indented: bool) -> list[str]:
    """``text`` in lines of the layout's width, no mark where Chinese print forbids it."""
    if layout.number_blanks:
        text = re.sub(r"(?<=[^\x00-\x7f])(?=\d)|(?<=\d)(?=[月日年时个家人])", " ", text)
    lead = "\u3000\u3000" if indented and layout.indent == "kept" else ""
    if layout.width is None:
        return [lead + text]
    lines: list[str] = []
    room = layout.width - (2 if indented and layout.indent != "none" else 0)
    line: list[str] = []
    for token in _TOKEN.findall(text):
        filled = _set_width(line, layout)
        hangs = layout.hang and token in NO_LINE_START and filled <= room
        if line and filled + _set_width([token], layout) > room and not hangs:
            carried = _carried(line, token)
            lines.append("".join(line).rstrip())
            line, room = carried, layout.width
        line.append(token)
    lines.append("".join(line).rstrip())
    lines = [x.strip() for x in lines if x.strip()]
    return [lead + lines[0], *lines[1:]] if lines else []


def _set_width(line: list[str], layout: Layout) -> float:
    """Cells that the tokens take as set: narrower marks if the layout is tight."""
    width = cells("".join(line))
    return width - 0.4 * sum(token in _MARKS for token in line) if layout.tight else width


def _carried(line: list[str], token: str) -> list[str]:
    """What must leave the end of ``line`` for the next one; cut from it in place."""
    carried: list[str] = []
    if token in NO_LINE_START and len(line) > 2:
        carried.insert(0, line.pop())
        while len(line) > 2 and carried[0] in NO_LINE_START:
            carried.insert(0, line.pop())
    while len(line) > 1 and line[-1] in NO_LINE_END:
        carried.insert(0, line.pop())
    return carried
