"""The page as it was given, beside its analysis: at a click on a paragraph its place there is shown.

Text is shown whole with every block's place marked. Of a PDF or a picture the sides are shown with a box for
every place; their pictures are fetched by the browser (``static/page.js``) when a side is asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from banmian.data.issue import Block, Issue
from banmian.data.lines import Line, split_lines
from banmian.serving.view import text_html, unsure
from banmian.serving.wording import WORDS, Language

# A paragraph that more places than these make up is said by the first of them and their number.
_PLACES_SAID = 2


@dataclass(frozen=True)
class _Box:
    """A place on a side: ``edges`` = left, top, right, bottom as shares of it, none outside."""

    page: int
    edges: tuple[float, float, float, float]
    block: Block


def where_words(issue: Issue, page: str | None, language: Language = "zh") -> dict[str, str]:
    """For each block with a place that can be shown, that place in words: its lines, or its part of a page.

    Args:
        page: the text that the places count in, None if there is none (a PDF, a picture, an issue's JSON).
    """
    words, lines = WORDS[language], split_lines(page) if page is not None else []
    found = {}
    for article in issue.articles:
        for block in article.blocks:
            said = [_lines_said(start, end, lines, language) for start, end in _spans(block, page)]
            said = [*dict.fromkeys(said), *_parts_said(_boxes(block), language)]
            if said:
                more = words["places"].format(n=len(said)) if len(said) > _PLACES_SAID else ""
                found[block.id] = words["and"].join(said[: 1 if more else _PLACES_SAID]) + more
    return found


def sheet_html(issue: Issue, page: str | None, original: str | None = None, language: Language = "zh") -> str:
    """The page with its places, hidden until one is asked for; empty if no block has a place.

    Args:
        page: as in :func:`where_words`.
        original: the name by which the browser asks for pictures of the sides, if it can.
    """
    words = WORDS[language]
    blocks = [block for article in issue.articles for block in article.blocks]
    spans = [(*span, block) for block in blocks for span in _spans(block, page)]
    boxes = [box for block in blocks for box in _boxes(block)]
    if not spans and not boxes:
        return ""
    text = _text_html(page, spans) if page is not None and spans else ""
    sides = "".join(_sides_html(boxes, original, language))
    zoom = f"<button type='button' class='bm-sheet-zoom' aria-pressed='true'>{words['zoom']}</button>"
    return (
        f"<aside class='bm-sheet' aria-label='{words['sheet']}' data-language='{language}' hidden>"
        f"<header><b>{words['sheet']}</b><span class='bm-sheet-said' role='status'></span>"
        f"{zoom if boxes else ''}"
        f"<button type='button' class='bm-sheet-close'>{words['close']}</button></header>"
        f"<div class='bm-pane' tabindex='0'>{text}{sides}</div></aside>"
    )


def _spans(block: Block, page: str | None) -> Iterator[tuple[int, int]]:
    """Its places in the text; those of an issue of someone else's making may lie outside of it."""
    for place in block.places:
        if page is not None and place.start is not None and place.start < (place.end or 0) <= len(page):
            yield place.start, place.end or 0


def _boxes(block: Block) -> Iterator[_Box]:
    for place in block.places:
        if place.box is not None and place.page is not None:
            left, top, right, bottom = (min(1.0, max(0.0, share)) for share in place.box)
            if left < right and top < bottom:
                yield _Box(place.page, (left, top, right, bottom), block)


def _text_html(page: str, spans: Sequence[tuple[int, int, Block]]) -> str:
    out, at = [], 0
    for start, end, block in sorted(spans, key=lambda span: span[:2]):
        if start < at:  # two blocks at one place: only in an issue of someone else's making
            continue
        mark = f"<mark class='bm-at' data-block='{text_html(block.id)}'>"
        out += [text_html(page[at:start]), mark, text_html(page[start:end]), "</mark>"]
        at = end
    # The parser drops a first newline in <pre>.
    return f"<pre class='bm-raw'>\n{''.join(out)}{text_html(page[at:])}</pre>"


def _sides_html(boxes: Sequence[_Box], original: str | None, language: Language) -> Iterator[str]:
    """For each side its outline with the boxes; the browser puts its picture behind them."""
    asked = f" data-original='{text_html(original)}'" if original else ""
    for number in sorted({box.page for box in boxes}):
        shown = "".join(
            f"<i class='bm-at{' bm-unsure' if unsure(box.block) else ''}' "
            f"data-block='{text_html(box.block.id)}' style='{_style(box)}'></i>"
            for box in boxes
            if box.page == number
        )
        name = WORDS[language]["page_number"].format(n=number)
        yield (
            f"<figure class='bm-side' data-page='{number}'{asked}><figcaption>{name}</figcaption>"
            f"<div class='bm-print'>{shown}</div></figure>"
        )


def _style(box: _Box) -> str:
    left, top, right, bottom = (share * 100 for share in box.edges)
    return f"left:{left:.2f}%;top:{top:.2f}%;width:{right - left:.2f}%;height:{bottom - top:.2f}%"


def _parts_said(boxes: Iterable[_Box], language: Language) -> Iterator[str]:
    """The ninths of pages that the boxes lie in; the page only where it is another than before."""
    words, before = WORDS[language], 0
    for page, ninth in dict.fromkeys((box.page, _ninth(box)) for box in boxes):
        part = words["parts"].split()[ninth]
        yield part if page == before else f"{words['page_number'].format(n=page)} {part}"
        before = page


def _ninth(box: _Box) -> int:
    """Where the middle of the box lies: 0 top left, then row by row."""
    left, top, right, bottom = box.edges
    across, down = (min(2, int(both * 1.5)) for both in (left + right, top + bottom))
    return 3 * down + across


def _lines_said(start: int, end: int, lines: Sequence[Line], language: Language) -> str:
    """The first and the last line, counted from 1 with the blank ones, as an editor shows them."""
    found = (bisect_right(lines, at, key=lambda line: line.start) for at in (start, end - 1))
    first, last = (lines[max(0, after - 1)].number for after in found)
    return WORDS[language]["line" if first == last else "lines"].format(first=first, last=last)
