"""The pieces of a page: lines joined to paragraphs, each with its kind by its own form and words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Literal

from banmian.data import marks
from banmian.data.joining import CERTAIN, Gap, Page, judge, signs
from banmian.data.lines import Line, cells, ending_of
from banmian.data.weights import JOINING

Kind = Literal["text", "display", "byline", "signature", "caption", "furniture"]

_LONGEST_DISPLAY = 45.0


@dataclass(frozen=True)
class Piece:
    """A paragraph, or a line that stands alone.

    ``gap`` is whether a blank line stands above; ``column`` the cells of the column it stands in;
    ``why`` the decision on the gap above it, None at the page's start: where that is not sure, the piece may
    yet go on from the one above. ``within`` are the decisions on the gaps between its lines.
    """

    kind: Kind
    lines: tuple[Line, ...]
    column: float
    why: Gap | None = None
    within: tuple[Gap, ...] = ()

    @property
    def gap(self) -> bool:
        """Whether a blank line stands above."""
        return self.lines[0].gap

    @cached_property
    def text(self) -> str:
        """The piece's text without its line breaks."""
        return join(line.text for line in self.lines)

    def and_lines_of(self, below: Piece) -> Piece:
        """This piece with the lines of one that goes on from it."""
        gap = (below.why,) if below.why else ()
        return replace(self, lines=self.lines + below.lines, within=(*self.within, *gap, *below.within))


def join(texts: Iterable[str]) -> str:
    """Lines as one text: nothing between Chinese characters, a blank between Latin words."""
    whole = ""
    for text in texts:
        whole += (" " if whole and _apart(whole, text) else "") + text
    return whole


def _apart(above: str, below: str) -> bool:
    """Whether the break stood for a blank: between Latin words, or anywhere between lines of Latin text."""
    left, right = above[-1], below[0]
    if not (left.isascii() and right.isascii()):
        return False
    if left.isalpha() and right.isalpha():
        return True
    latin = sum(char.isascii() and char.isalpha() for char in above[-40:] + below[:40])
    return latin > 0.5 * len(above[-40:] + below[:40])


def pieces(page: Page, breaks: Mapping[str, float] = JOINING) -> list[Piece]:
    """Join the page's lines and say what each piece looks like; every line lands in exactly one piece.

    Lines are joined where that is sure, and left apart where it is not: what the pieces are decides there.
    """
    found: list[Piece] = []
    held: list[int] = []
    why: Gap | None = None
    within: list[Gap] = []

    def close() -> None:
        if held:
            lines = tuple(page.lines[i] for i in held)
            found.append(Piece(_kind(lines), lines, page.widths[held[0]], why, tuple(within)))
            held.clear()
            within.clear()

    for at in range(len(page.lines)):
        if held:
            gap = _between(page, held, at, breaks)
            if gap.breaks:
                close()
                why = gap
            else:
                within.append(gap)
        held.append(at)
    close()
    apart = [part for piece in _healed(found) for part in _where_unsure(piece)]
    return _names(_signatures(_listed(_loud_headlines(apart))))


def _where_unsure(piece: Piece) -> Iterator[Piece]:
    """The piece cut wherever it is not sure that its lines go on."""
    cuts = [at for at, gap in enumerate(piece.within, 1) if not gap.sure]
    for start, end in pairwise([0, *cuts, len(piece.lines)]):
        lines = piece.lines[start:end]
        yield replace(
            piece,
            kind=_kind(lines) if cuts else piece.kind,
            lines=lines,
            why=piece.within[start - 1] if start else piece.why,
            within=piece.within[start : end - 1],
        )


def _between(page: Page, held: list[int], at: int, breaks: Mapping[str, float]) -> Gap:
    above, below = page.lines[at - 1], page.lines[at]
    for line in (above, below):
        if marks.is_furniture(line.text):
            return Gap(True, CERTAIN, ("furniture",))
        if marks.is_byline(line.text) and not _names_inside_lead(page, held, at):
            return Gap(True, CERTAIN, ("byline",))
    if marks.is_credit(above.text) or (below.gap and marks.is_credit(below.text)):
        return Gap(True, CERTAIN, ("credit",))
    if not page.habits.wrapped:
        return Gap(True, CERTAIN, ("unwrapped",))
    if above.ends_sentence and any(marks.DOTS.match(line.text) for line in (above, below)):
        return Gap(True, CERTAIN, ("dots",))
    if above.ending == "open" and below.text[0].isascii() and below.text[0].islower():
        return Gap(False, -CERTAIN, ("latin",))
    return judge(signs(page, at - 1, since=len(held)), breaks)


def _names_inside_lead(page: Page, held: list[int], at: int) -> bool:
    """新华社北京2月12日电 / （记者 …） in a narrow column: the names belong to the running text."""
    return any(marks.LEAD.match(page.lines[i].text) and at - i <= 2 for i in (held[0], at - 1) if i >= 0)


def _kind(lines: tuple[Line, ...]) -> Kind:
    text = join(line.text for line in lines)
    if len(lines) == 1 and marks.is_furniture(text):
        return "furniture"
    if len(lines) == 1 and marks.is_byline(text):
        return "byline"
    if marks.is_credit(text) and len(text) < 150:
        return "caption"
    stops = marks.STOP.search(text) is not None or ending_of(text) in ("sentence", "half", "comma")
    long = cells(text) > _LONGEST_DISPLAY or len(lines) > 2
    return "text" if stops or long or marks.LEAD.match(text) else "display"


def _loud_headlines(found: list[Piece]) -> list[Piece]:
    """A short line that ends in ！ or ？ between lines of a headline is one of them."""
    kinds = [piece.kind for piece in found]
    for i in range(1, len(found) - 1):
        loud = found[i].text[-1] in "！？!?" and len(found[i].lines) == 1 and len(found[i].text) <= 25
        if (
            kinds[i] == "text"
            and loud
            and kinds[i - 1] == "display"
            and kinds[i + 1] in ("display", "byline")
        ):
            found[i] = replace(found[i], kind="display")
    return found


def _listed(found: list[Piece]) -> list[Piece]:
    """Other stories' headlines that a portal lists under 相关阅读 belong to the page, to the next text."""
    listing = False
    for i, piece in enumerate(found):
        if piece.kind == "furniture":
            listing = marks.RELATED.match(piece.text) is not None
        elif listing and piece.kind == "display" and not any(later.kind == "text" for later in found[i:]):
            found[i] = replace(piece, kind="furniture")
        else:
            listing = False
    return found


def _healed(found: list[Piece]) -> list[Piece]:
    """Join a paragraph that a caption or page furniture cuts inside a sentence."""
    healed: list[Piece] = []
    for piece in found:
        cut = None
        if piece.kind == "text" and len(healed) >= 2 and healed[-1].kind in ("caption", "furniture"):
            cut = next(
                (i for i in range(len(healed) - 1, -1, -1) if healed[i].kind not in ("caption", "furniture")),
                None,
            )
        if cut is not None and _is_cut(healed[cut], piece):
            above = healed[cut]
            within = (*above.within, Gap(False, -CERTAIN, ("healed",)), *piece.within)
            healed[cut] = replace(above, lines=above.lines + piece.lines, within=within)
        else:
            healed.append(piece)
    return healed


def _is_cut(above: Piece, below: Piece) -> bool:
    opened = above.kind == "text" and above.lines[-1].ending in ("open", "comma") and len(above.lines) > 1
    return opened and marks.LEAD.match(below.text) is None and below.lines[0].indent < 1.5


def _signatures(found: list[Piece]) -> list[Piece]:
    """A line with a date alone, or with who signs before it, and the offices printed on lines above it."""
    for i, piece in enumerate(found):
        signed = marks.SIGNED_DATE.match(piece.text) if piece.kind == "display" else None
        if not signed or re.search("[，：]", piece.text):
            continue
        found[i] = replace(piece, kind="signature")
        above = i - 1
        while signed["who"] is None and above >= 0 and i - above <= 5 and _is_office(found[above]):
            found[above] = replace(found[above], kind="signature")
            above -= 1
    return found


def _names(found: list[Piece]) -> list[Piece]:
    """A name alone under a headline is its author's; a date alone above everything is the page's."""
    for i, piece in enumerate(found):
        if (
            i
            and piece.kind == "display"
            and found[i - 1].kind in ("display", "signature")
            and marks.is_name(piece.text)
        ):
            found[i] = replace(piece, kind="byline")
    if found and found[0].kind == "signature":
        found[0] = replace(found[0], kind="furniture")
    return found


def _is_office(piece: Piece) -> bool:
    return piece.kind == "display" and marks.OFFICE.search(piece.text) is not None
