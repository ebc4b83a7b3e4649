"""From an article's strips to its paragraphs, subheads, byline and signature."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from banmian.data import marks
from banmian.data.geometry import Box, around
from banmian.data.geometry_stacks import Row
from banmian.data.geometry_strips import Draft, Strip
from banmian.data.lines import ending_of
from banmian.data.pieces import join

_TRADES = re.compile("记者|記者|通讯员|通訊員|评论员|評論員|实习生|撰稿|摄影|攝影")

Kind = Literal["body", "subhead", "byline", "signature", "furniture"]


@dataclass(slots=True)
class Part:
    """A paragraph or a line that stands alone: its rows, each with the strip it stands in."""

    kind: Kind
    rows: list[tuple[Strip, Row]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The rows without their line breaks."""
        return join(row.text for _, row in self.rows)

    @property
    def boxes(self) -> list[tuple[int, Box]]:
        """Page and box for each strip that holds some of it, in reading order."""
        strips = list({id(strip): strip for strip, _ in self.rows}.values())
        return [(one.page, around([row.box for strip, row in self.rows if strip is one])) for one in strips]

    @property
    def recognition(self) -> float | None:
        """The mean over its characters of how sure the recognition was; None for print."""
        runs = [run for _, row in self.rows for run in row.runs]
        if any(run.score is None for run in runs):
            return None
        total = sum(len(run.text) for run in runs) or 1
        return sum((run.score or 0.0) * len(run.text) for run in runs) / total


def parts_of(draft: Draft, *, indents: bool) -> list[Part]:
    """The article's rows in reading order as parts; every row is in exactly one of them."""
    rows = [(strip, row) for strip in draft.strips for row in strip.stack.rows]
    signed, opening = _signed(rows), _opening(rows)
    parts: list[Part] = []
    text: Part | None = None  # the paragraph that may go on; a byline inside it does not end it
    for at, (strip, row) in enumerate(rows):
        kind: Kind = "signature" if at >= signed else _alone(rows, at, indents)
        kind = "byline" if at < opening else kind
        if kind == "body" and text and not _breaks(text.rows[-1], (strip, row), indents):
            text.rows.append((strip, row))
            continue
        if kind == "subhead" and parts and parts[-1].kind == kind and _adjoins(parts[-1], strip, row):
            parts[-1].rows.append((strip, row))
            continue
        parts.append(Part(kind, [(strip, row)]))
        if kind == "body":
            text = parts[-1]
        elif kind in ("subhead", "signature"):
            text = None
    return parts


def _opening(rows: list[tuple[Strip, Row]]) -> int:
    """How many rows at the article's start are its byline, which may take two rows of a narrow column."""
    for count in (1, 2, 3):
        text = join(row.text for _, row in rows[:count])
        if len(rows) <= count or len(text) > 60 or re.search("[。，；：“”]", text):
            return 0
        strip, row = rows[count - 1]
        named = marks.is_byline(text) or (_TRADES.search(text) and marks.LEAD.match(text) is None)
        below = rows[count]
        ends = strip.room(row) > 1.5 or below[0].indent(below[1]) >= 1.5
        if named and ends and not (marks.is_byline(text) and marks.is_byline(text + below[1].text)):
            return count
    return 0


def _adjoins(part: Part, strip: Strip, row: Row) -> bool:
    above_strip, above = part.rows[-1]
    return above_strip is strip and row.box[1] - above.box[3] < 0.8 * row.size


def _signed(rows: list[tuple[Strip, Row]]) -> int:
    """Where the signature at the article's end begins; the number of rows if there is none."""
    start = len(rows)
    dated = False
    while start > 0 and len(rows) - start < 8:
        strip, row = rows[start - 1]
        text = row.text
        right = strip.room(row) < 4.0 and strip.indent(row) > 3.0
        date = bool(marks.SIGNED_DATE.match(text)) and strip.indent(row) > 1.0
        below = rows[start][1].text if start < len(rows) else ""
        office = bool(marks.OFFICE.search(text) or marks.OFFICE.search(text + below)) or marks.is_name(text)
        if re.search("[。；，：]", text) or not (date or (dated and (right or office))):
            break
        dated = dated or date
        start -= 1
    return start if dated else len(rows)


def _alone(rows: list[tuple[Strip, Row]], at: int, indents: bool) -> Kind:
    """What a row is that stands alone; "body" for running text."""
    strip, row = rows[at]
    if marks.is_furniture(row.text):
        return "furniture"
    if marks.is_byline(row.text) and not _inside_sentence(rows, at):
        return "byline"
    if (
        at == 0
        and re.fullmatch(r"[\u3400-\u9fff]\s?[\u3400-\u9fff·]{1,4}", row.text)
        and _short((strip, row))
    ):
        return "byline"
    return "subhead" if _is_subhead(rows, at, indents) else "body"


def _inside_sentence(rows: list[tuple[Strip, Row]], at: int) -> bool:
    """Whether a row goes on with the full line before it.

    In a narrow column 记者从市卫健 / 委获悉 looks like a byline, and so do names after 新华社北京电 /.
    At a column's head a byline may stand centred over all columns.
    """
    if at == 0 or marks.is_byline(rows[at - 1][1].text):
        return False
    strip, row = rows[at - 1]
    goes_on = strip is rows[at][0] and ending_of(row.text) != "sentence"
    return strip.room(row) < 2 and (goes_on or bool(marks.LEAD.match(row.text)))


def _is_subhead(rows: list[tuple[Strip, Row]], at: int, indents: bool) -> bool:
    strip, row = rows[at]
    text = row.text
    left, right = strip.indent(row), strip.room(row)
    if len(text) > 32 or ending_of(text) in ("comma", "half") or text.endswith("。"):
        return False
    before = rows[at - 1] if at else None
    open_above = (
        before is not None and ending_of(before[1].text) != "sentence" and before[0].room(before[1]) < 2
    )
    if open_above and not (left > 0.8 and right > 0.8):
        return False
    centred = left > 0.8 and right > 0.8 and abs(left - right) < 1.2 + 0.1 * (left + right)
    marked = (row.bold and not _mostly_bold(strip)) or row.size > 1.12 * strip.body
    after = rows[at + 1] if at + 1 < len(rows) else None
    fresh = after is None or not indents or after[0].indent(after[1]) >= 1.2 or _short(after)
    if marked and right > 1.0:
        return True
    return centred and fresh and not (indents and 1.5 <= left <= 2.6 and right > left + 1.2)


def _short(placed: tuple[Strip, Row]) -> bool:
    strip, row = placed
    return strip.indent(row) > 0.8 and strip.room(row) > 0.8


def _mostly_bold(strip: Strip) -> bool:
    return sum(row.bold for row in strip.stack.rows) > 0.5 * len(strip.stack.rows)


def _breaks(before: tuple[Strip, Row], placed: tuple[Strip, Row], indents: bool) -> bool:
    """Whether a paragraph begins with the row ``placed``, which follows ``before`` in running text."""
    (above_strip, above), (strip, row) = before, placed
    indent, room = strip.indent(row), above_strip.room(above)
    ended = ending_of(above.text) in ("sentence", "half")
    if indents:
        if indent >= 1.2:
            return True
        return ended and room > 3.0
    if strip is above_strip and row.box[1] - above.box[3] > _usual_gap(strip) + 0.22 * row.size:
        return True
    if room > 1.5:
        return ended or room > 4.0
    return bool(marks.LEAD.match(row.text)) and ended


def _usual_gap(strip: Strip) -> float:
    """The white between most lines of a strip: its lower quartile, for gaps between paragraphs are larger."""
    rows = strip.stack.rows
    gaps = sorted(b.box[1] - a.box[3] for a, b in pairwise(rows))
    return gaps[len(gaps) // 4] if gaps else 0.0
