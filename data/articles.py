"""From pieces to articles: whose headline, byline, caption and signature each is.

On a page headlines stand above or below their bodies throughout; the page's first and last lines and the
words that headlines share with their neighbours say which.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from banmian.data.grouping import Group, divide
from banmian.data.pieces import Piece


@dataclass
class Draft:
    """An article's pieces by what they are in it; a subhead may have several lines."""

    head: list[Piece] = field(default_factory=list)
    byline: list[Piece] = field(default_factory=list)
    signature: list[Piece] = field(default_factory=list)
    captions: list[Piece] = field(default_factory=list)
    blocks: list[tuple[str, list[Piece]]] = field(default_factory=list)


def drafts(found: list[Piece]) -> list[Draft]:
    """The page's articles in page order; every piece but furniture is in exactly one of them."""
    all_groups, below = divide(found)
    bylines_close = below and _bylines_close(all_groups)
    articles = [Draft()]
    for group in all_groups:
        if not group.parts:
            _keep_inside(group, articles[-1])
        elif below:
            _part_below(group, articles, bylines_close)
        else:
            _part_above(group, articles)
        articles[-1].blocks += [("body", [piece]) for piece in group.below]
    return [draft for draft in articles if draft != Draft()]


def _bylines_close(all_groups: list[Group]) -> bool:
    """With headlines below, whether bylines stand under them rather than above the next body.

    Votes: where the page begins and ends; an agency's dispatch and a signed notice have no reporter, so
    a byline next to one belongs to the article on its other side.
    """
    first, last = all_groups[0], all_groups[-1]
    votes = 3 if last.kind("byline") else -1
    if not _is_dispatch(first.below):
        votes += -3 if first.kind("byline") else 2
    for group in all_groups[1:-1]:
        if group.parts and group.kind("byline") and group.kind("display"):
            after = all_groups.index(group) + 1
            closing = next((other for other in all_groups[after:] if other.parts), last)
            votes += 2 * (_is_dispatch(group.below) or bool(closing.kind("signature")))
            votes -= 2 * _is_dispatch(_article_above(all_groups, group))
            votes -= 2 * (group.pieces[-1].kind == "byline" and bool(group.kind("signature")))
    return votes > 0


def _article_above(all_groups: list[Group], group: Group) -> list[Piece]:
    """The text of the article that ends at ``group``."""
    at = all_groups.index(group) - 1
    while at > 0 and not all_groups[at].parts:
        at -= 1
    return all_groups[at].below


def _is_dispatch(text: list[Piece]) -> bool:
    return bool(text) and text[0].text.startswith(("新华社", "新華社", "据新华社", "中新社"))


def _keep_inside(group: Group, article: Draft) -> None:
    """A group that parts nothing: display lines in a row are one subhead."""
    lines = group.kind("display")
    if lines:
        article.blocks.append(("subhead", lines))
    article.byline += group.kind("byline")
    article.signature += group.kind("signature")
    article.captions += group.kind("caption")


def _part_above(group: Group, articles: list[Draft]) -> None:
    """Headlines above: signatures and what stands before the first display line close the last article."""
    last_signature = max((i for i, p in enumerate(group.pieces) if p.kind == "signature"), default=-1)
    opened = not group.above
    for i, piece in enumerate(group.pieces):
        if not opened and i > last_signature and piece.kind in ("display", "byline"):
            articles.append(Draft())
            opened = True
        _put(piece, articles[-1])
    if not opened and group.below:
        articles.append(Draft())


def _part_below(group: Group, articles: list[Draft], bylines_close: bool) -> None:
    """Headlines below: display lines and signatures close the last article, a byline opens the next."""
    closed = not group.above
    last = max((i for i, p in enumerate(group.pieces) if p.kind in ("display", "signature")), default=-1)
    for i, piece in enumerate(group.pieces):
        opens = piece.kind == "caption" or (piece.kind == "byline" and not bylines_close)
        if not closed and i > last and opens and group.below and (piece.kind == "byline" or last >= 0):
            articles.append(Draft())
            closed = True
        _put(piece, articles[-1])
    if not closed and group.below:
        articles.append(Draft())


def _put(piece: Piece, article: Draft) -> None:
    if piece.kind == "byline":
        article.byline.append(piece)
    elif piece.kind == "signature":
        article.signature.append(piece)
    elif piece.kind == "caption":
        article.captions.append(piece)
    else:
        article.head.append(piece)
