"""From tagged pieces to articles: whose headline, byline, caption and signature each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from banmian.data.pieces import Piece
from banmian.data.tagging import Tag


@dataclass
class Draft:
    """An article's pieces by what they are in it; a subhead may have several lines, each a piece."""

    head: list[Piece] = field(default_factory=list)
    byline: list[Piece] = field(default_factory=list)
    signature: list[Piece] = field(default_factory=list)
    captions: list[Piece] = field(default_factory=list)
    blocks: list[tuple[str, list[Piece]]] = field(default_factory=list)


def drafts(found: Sequence[Piece], tags: Sequence[Tag]) -> list[Draft]:
    """The page's articles in page order; every piece is in exactly one of them."""
    articles = [Draft()] if found else []
    last: list[Piece] = []
    above: Tag | None = None
    for piece, tag in zip(found, tags, strict=True):
        if tag.startswith("+") and articles[-1] != Draft():
            articles.append(Draft())
        if tag == "I" and last:
            last[-1] = last[-1].and_lines_of(piece)
        else:
            last = _list_for(tag.removeprefix("+"), above, articles[-1])
            last.append(piece)
            above = tag
    return articles


def _list_for(tag: str, above: Tag | None, article: Draft) -> list[Piece]:
    """The article's list that a piece with this tag belongs to, a new one for a block that begins."""
    if tag == "S" and above == "S":
        return article.blocks[-1][1]
    if tag in ("B", "I", "S"):
        article.blocks.append(("subhead" if tag == "S" else "body", []))
        return article.blocks[-1][1]
    return {"H": article.head, "Y": article.byline, "G": article.signature, "C": article.captions}[tag]
