"""Read the raw text of a newspaper page into an issue by general rules, with nothing lost.

    text ─► lines (widths, habits) ─► pieces (joined by evidence) ─► tags (by evidence) ─► articles ─► Issue

No rule or weight knows a particular paper or page. Every non-blank character of the text lands in exactly
one field.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from banmian.data.articles import Draft, drafts
from banmian.data.errors import BanmianError
from banmian.data.headlines import parts_of_headline
from banmian.data.issue import Article, Block, Headline, Issue, Place
from banmian.data.joining import Page
from banmian.data.lines import Line
from banmian.data.pieces import Piece, pieces
from banmian.data.spans import characters
from banmian.data.tagging import Reason, Tagger, shipped_tagger
from banmian.data.text import squeeze
from banmian.data.weights import JOINING

#: The longest text read as one page, in UTF-8 bytes. A dense broadsheet page is about 40 KB.
MAX_PAGE_BYTES = 2 * 1024 * 1024
#: The most lines read as one page. A dense broadsheet page has about 1,000.
MAX_PAGE_LINES = 20_000


def read_page(text: str, *, id: str = "page", paper: str = "", date: str = "", source: str = "") -> Issue:
    """Read a page's text: articles in page order, with headlines, bylines, captions, paragraphs and subheads.

    Args:
        text: raw text of a page, an article or a paragraph; hard-wrapped or one paragraph a line.
        id, paper, date, source: the issue's own fields; ``date`` is YYYY-MM-DD or empty.

    Raises:
        BanmianError: the text is blank, longer than MAX_PAGE_BYTES, or not text (lone surrogates).
    """
    return read_with(
        text, JOINING, shipped_tagger(), {"id": id, "paper": paper, "date": date, "source": source}
    )


def read_with(
    text: str, breaks: Mapping[str, float], tagger: Tagger, fields: Mapping[str, str] | None = None
) -> Issue:
    """Read a page's text as :func:`read_page` does, with any weights; ``fields`` are the issue's own."""
    _check(text)
    page = Page.of(text)
    found = pieces(page, breaks)
    inside = [piece for piece in found if piece.kind != "furniture"]
    tagged = tagger.tag(inside, page.habits)
    read = drafts(inside, ("+B",) if _one_line(inside) else tagged.tags)
    articles = [_article(draft, number, text) for number, draft in enumerate(read, 1)]
    furniture = tuple(piece.text for piece in found if piece.kind == "furniture")
    given: dict[str, object] = {"id": "page", **(fields or {}), "furniture": furniture}
    issue = Issue.model_validate({"articles": tuple(articles), **_set(given)})
    _check_nothing_lost(text, issue)
    return issue


def places(lines: Sequence[Line], page: str) -> tuple[Place, ...]:
    """Where ``lines``, in page order, stand on ``page``: a new place after anything printed between.

    Blank lines part no place: a column break in text is nothing more.
    """
    found: list[Place] = []
    for line in lines:
        end = found[-1].end if found else None
        if end is not None and not page[end : line.start].strip():
            found[-1] = Place(start=found[-1].start, end=line.end)
        else:
            found.append(Place(start=line.start, end=line.end))
    return tuple(found)


def explain(text: str) -> str:
    """Why a page was read as it was, a row a piece.

    Each row has the number of the piece's first line, its tag (banmian.data.tagging.TAGS; "-" is page
    furniture) and its opening; in brackets the odds of the break above it with their signs, then the next
    likeliest tag, by how much that lost (log odds), and the signs that decided. Errors as read_page's.
    """
    _check(text)
    page = Page.of(text)
    found = pieces(page)
    inside = [piece for piece in found if piece.kind != "furniture"]
    why = {
        piece.lines[0].number: reason
        for piece, reason in zip(inside, shipped_tagger().reasons(inside, page.habits), strict=True)
    }
    return "\n".join(_row_of(piece, why.get(piece.lines[0].number)) for piece in found)


def _row_of(piece: Piece, reason: Reason | None) -> str:
    parted = f"{piece.why.odds:+.1f} {' '.join(piece.why.signs)}" if piece.why else "start"
    told = "furniture by its words"
    if reason:
        signs = ", ".join(f"{name} {weight:+.1f}" for name, weight in reason.signs)
        told = f"not {reason.instead}: {reason.odds:+.1f} = {signs}, …"
    tag = reason.tag if reason else "-"
    return f"{piece.lines[0].number:5d} {tag:2s} {piece.text[:24]}  [{parted}] [{told}]"


def _check(text: str) -> None:
    if not text.strip():
        raise BanmianError(
            "the text of a page", "nothing but blanks", remedy="Paste or choose a page with text."
        )
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError as problem:
        found = f"the lone surrogate U+{ord(text[problem.start]):04X} at character {problem.start}"
        raise BanmianError(
            "Unicode text", found, remedy="Save the text as UTF-8 and send it again."
        ) from None
    if size > MAX_PAGE_BYTES:
        raise BanmianError(
            f"at most {MAX_PAGE_BYTES:,} bytes of text for a page",
            f"{size:,} bytes",
            remedy="Send the pages one by one.",
        )
    lines = text.count("\n") + text.count("\r")
    if lines > MAX_PAGE_LINES:
        raise BanmianError(
            f"at most {MAX_PAGE_LINES:,} lines of text for a page",
            f"{lines:,}",
            remedy="Send the pages one by one.",
        )


def _one_line(inside: Sequence[Piece]) -> bool:
    """Whether there is one text and nothing else: it is a paragraph, whatever it looks like."""
    return len(inside) == 1 and inside[0].kind in ("display", "text")


def _article(draft: Draft, number: int, page: str) -> Article:
    kicker, main, deck = (
        parts_of_headline([piece.text for piece in draft.head]) if draft.head else ([], [], [])
    )
    head = {
        name: tuple(lines) for name, lines in (("kicker", kicker), ("main", main), ("deck", deck)) if lines
    }
    blocks = tuple(
        Block(
            id=f"a{number}b{i}",
            role="body" if role == "body" else "subhead",
            text=" ".join(piece.text for piece in parts),
            places=places([line for piece in parts for line in piece.lines], page),
        )
        for i, (role, parts) in enumerate(draft.blocks, 1)
    )
    given: dict[str, object] = {
        "headline": Headline(**head) if head else None,
        "byline": _row(draft.byline),
        "signature": _row(draft.signature),
        "captions": tuple(piece.text for piece in draft.captions),
        "blocks": blocks,
    }
    return Article.model_validate({"id": f"a{number}", **_set(given)})


def _set(given: dict[str, object]) -> dict[str, object]:
    """The fields that have a value: what was never set is left out of an issue's JSON."""
    return {key: value for key, value in given.items() if value}


def _row(parts: list[Piece]) -> str:
    return " ".join(piece.text for piece in parts)


def _check_nothing_lost(text: str, issue: Issue) -> None:
    """Hold the record against the page: a difference is a fault of this module, never of the page."""
    printed = Counter(squeeze(text))
    kept = characters(issue)
    if printed != kept:
        raise AssertionError(f"the reader lost {printed - kept} and made up {kept - printed}")
