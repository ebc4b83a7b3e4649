"""An article as lines of type: its headline, its body in a column, its captions."""

from __future__ import annotations

from banmian.data.issue import Article
from banmian.eval.makeup import PageLayout
from banmian.eval.typeset import SetLine, break_lines, width_of


def head_lines(article: Article, width: float, size: float, *, small: bool, centred: bool) -> list[SetLine]:
    """Kicker, main and deck as set across ``width``; narrower headlines are set smaller, then broken."""
    align = "centre" if centred else "left"
    sizes = (1.25, 1.6, 1.15) if small else (1.6, 2.9, 1.35)
    lines: list[SetLine] = []
    head = article.headline
    for texts, ratio in ((head.kicker, sizes[0]), (head.main, sizes[1]), (head.deck, sizes[2])):
        for text in texts:
            least = 1.25 if not small else ratio
            fitted = min(
                ratio, max(least if ratio < 2 else 2.0, width / max(1.0, width_of(text, 1.0)) / size)
            )
            for part in break_lines(text, width, fitted * size):
                bold = ratio == sizes[1]
                lines.append(SetLine(part, fitted * size, align, bold=bold, above=0.25 * size))  # type: ignore[arg-type]
    return lines


def body_lines(article: Article, width: float, layout: PageLayout, *, byline: bool) -> list[SetLine]:
    """Byline (if it stands in the column), paragraphs, subheads and signature as set in one column."""
    size = layout.size
    lines: list[SetLine] = []
    if byline and article.byline:
        lines += [
            SetLine(text, size, indent=size) for text in break_lines(article.byline, width - size, size)
        ]
    for block in article.blocks:
        above = layout.gap * size
        if block.role == "subhead":
            for text in break_lines(block.text, width - 2 * size, 1.05 * size):
                lines.append(SetLine(text, 1.05 * size, "centre", bold=True, above=max(above, 0.2 * size)))
            continue
        indent = 2 * size if layout.indent else 0.0
        broken = break_lines(block.text, width, size, indent)
        for i, text in enumerate(broken):
            align = "left" if i == len(broken) - 1 else "justified"
            first = i == 0
            lines.append(
                SetLine(text, size, align, indent if first else 0.0, above=above if first else 0.0)  # type: ignore[arg-type]
            )
    for text in article.signature.split():
        lines += [SetLine(part, size, "right", indent=size) for part in break_lines(text, width - size, size)]
    return lines


def caption_lines(article: Article, width: float, size: float) -> list[SetLine]:
    """Captions as set under their picture, a little smaller than the body."""
    small = 0.88 * size
    return [
        SetLine(text, small, above=0.5 * size if i == 0 else 0.0)
        for caption in article.captions
        for i, text in enumerate(break_lines(caption, width, small))
    ]
