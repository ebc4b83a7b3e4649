"""Read sheets into an issue by their geometry, with nothing lost.

    sheet ─► runs ─► stacks ─► headlines, texts, captions, furniture ─► articles ─► paragraphs ─► Issue

Where text has to decide (a byline, a signature, a dispatch's first words), the rules are the text reader's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from banmian.data.errors import BanmianError
from banmian.data.geometry import Sheet
from banmian.data.geometry_flow import carry_over, drafts_of
from banmian.data.geometry_heads import parts_of_head
from banmian.data.geometry_kinds import plan_of
from banmian.data.geometry_paragraphs import Part, parts_of
from banmian.data.geometry_stacks import Stack
from banmian.data.geometry_strips import Draft, habit_of_indents, strips_of
from banmian.data.issue import Article, Block, Headline, Issue, Place
from banmian.data.pieces import join
from banmian.data.spans import characters
from banmian.data.text import squeeze


def read_sheets(
    sheets: Sequence[Sheet], *, id: str = "page", paper: str = "", date: str = "", source: str = ""
) -> Issue:
    """Read the sheets of one issue: articles in page order, page after page, blocks with their places.

    Args:
        sheets: the sides of paper in order, from a PDF or from recognition.
        id, paper, date, source: the issue's own fields; ``date`` is YYYY-MM-DD or empty.

    Raises:
        BanmianError: nothing is printed on any of them.
    """
    if not any(sheet.runs for sheet in sheets):
        raise BanmianError("a page with text", "none", source, "Scan the page at 150 dpi or more.")
    furniture: list[str] = []
    plans = {number: plan_of(sheet) for number, sheet in enumerate(sheets, 1) if sheet.runs}
    strips = {number: strips_of(plan, number) for number, plan in plans.items()}
    indents = habit_of_indents([strip for some in strips.values() for strip in some])
    drafts: list[Draft] = []
    before: list[Draft] = []
    for number, plan in plans.items():
        found = drafts_of(plan, strips[number], indents)
        before = carry_over(before, found, indents)
        drafts += found
        furniture += [row.text for stack in sorted(plan.furniture, key=_down) for row in stack.rows]
    made = _Maker(sheets, indents, furniture)
    articles = tuple(made.article(draft, number) for number, draft in enumerate(drafts, 1))
    given: dict[str, object] = {"paper": paper, "date": date, "source": source, "furniture": tuple(furniture)}
    issue = Issue.model_validate({"id": id, "articles": articles, **_set(given)})
    _check_nothing_lost(sheets, issue)
    return issue


def _down(stack: Stack) -> tuple[float, float]:
    return stack.box[1], stack.box[0]


class _Maker:
    """Makes articles' records, with places on their sheets; furniture among their lines goes to a list."""

    def __init__(self, sheets: Sequence[Sheet], indents: bool, furniture: list[str]) -> None:
        self.sheets, self.indents, self.furniture = sheets, indents, furniture

    def article(self, draft: Draft, number: int) -> Article:
        """The ``number``-th article's record."""
        parts = parts_of(draft, indents=self.indents)
        self.furniture += [part.text for part in parts if part.kind == "furniture"]
        bylines = [row.text for stack in draft.bylines for row in stack.rows]
        bylines += [part.text for part in parts if part.kind == "byline"]
        head = parts_of_head(draft.head) if draft.head else {}
        body = [part for part in parts if part.kind in ("body", "subhead")]
        given: dict[str, object] = {
            "headline": Headline(**head) if head else None,
            "byline": " ".join(bylines),
            "signature": " ".join(part.text for part in parts if part.kind == "signature"),
            "captions": tuple(join(row.text for row in stack.rows) for stack in draft.captions),
            "blocks": tuple(self._block(part, f"a{number}b{i}") for i, part in enumerate(body, 1)),
        }
        return Article.model_validate({"id": f"a{number}", **_set(given)})

    def _block(self, part: Part, block_id: str) -> Block:
        given: dict[str, object] = {
            "id": block_id,
            "role": "body" if part.kind == "body" else "subhead",
            "text": part.text,
            "places": tuple(
                Place(page=page, box=self.sheets[page - 1].shares(box)) for page, box in part.boxes
            ),
        }
        sure = part.recognition
        if sure is not None:
            given["recognition"] = round(min(1.0, max(0.0, sure)), 4)
        return Block.model_validate(given)


def _set(given: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in given.items() if value}


def _check_nothing_lost(sheets: Sequence[Sheet], issue: Issue) -> None:
    """Hold the record against the sheets: a difference is a fault of this module, never of the page."""
    printed = Counter(char for sheet in sheets for run in sheet.runs for char in squeeze(run.text))
    kept = characters(issue)
    if printed != kept:
        raise AssertionError(f"the reader lost {printed - kept} and made up {kept - printed}")
