"""The bench of pages: written issues printed as PDF in newspaper columns and read back, file or scan."""

from __future__ import annotations

import io
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tqdm import tqdm

from banmian.data.bench import spread
from banmian.data.files import read_bytes, recognised_page
from banmian.data.geometry_reader import read_sheets
from banmian.data.issue import Issue
from banmian.data.page import read_page
from banmian.data.reading import Score, score
from banmian.data.shipped import written_issues, written_number
from banmian.eval.aligned import as_printed
from banmian.eval.makeup import PageLayout, page_layouts
from banmian.eval.printed import Printed, render_pdf
from banmian.eval.table import Table
from banmian.eval.table import score as told
from banmian.eval.worst import faults

Source = Literal["pdf", "scan", "plain text"]


@dataclass(frozen=True)
class Held:
    """One printed issue, read and held against what it prints; ``seconds`` for all of its ``sheets``."""

    issue: str
    layout: PageLayout
    source: Source
    score: Score
    sheets: int
    seconds: float
    faults: tuple[str, ...] = ()


def issues_for(which: Literal["development", "held out"]) -> list[Issue]:
    """The written issues printed: those up to 30 while the rules are made, the others to score them."""
    return [issue for issue in written_issues() if (written_number(issue) > 30) == (which == "held out")]


def bench_pages(
    source: Literal["pdf", "scan"], which: Literal["development", "held out"], limit: int | None = None
) -> tuple[list[Held], list[Table]]:
    """What `banmian eval reading --from pdf|scan` prints: every printed issue, and the tables.

    Of each layout a quarter of the issues is printed, another quarter for each. For PDF files the second
    table is the same files by their plain text.
    """
    issues, layouts = issues_for(which), page_layouts(which)
    sources: tuple[Source, ...] = ("pdf", "plain text") if source == "pdf" else (source,)
    both = list(hold_pages(issues, layouts, *sources, stride=4, limit=limit))
    held = [one for one in both if one.source == source]
    tables = [pages_table(held, f"Reading from {source}, {which} layouts")]
    if source == "pdf":
        plain = [one for one in both if one.source == "plain text"]
        tables.append(pages_table(plain, "The same files by their plain text"))
    return held, tables


def hold_pages(
    issues: Sequence[Issue],
    layouts: Iterable[PageLayout],
    *sources: Source,
    stride: int = 1,
    limit: int | None = None,
) -> Iterator[Held]:
    """Print, read and score, one issue in one layout after another, each file from every source in turn.

    Args:
        sources: the file with its geometry, its pages as pictures of 150 dpi, or the file's plain text.
        stride: each layout is printed of every ``stride``-th issue only, another share for each layout.
        limit: at most so many printed issues, spread over the layouts.
    """
    pairs = list(spread(issues, layouts, stride))
    step = max(1, len(pairs) // limit) if limit else 1
    chosen = pairs[::step][:limit]
    for issue, layout in tqdm(chosen, f"{sources[0]} pages", unit="issue", disable=None, leave=False):
        printed = render_pdf(issue, layout)
        for source in sources:
            yield hold_page(issue, layout, printed, source)


def hold_page(issue: Issue, layout: PageLayout, printed: Printed, source: Source) -> Held:
    """Read one printed issue and score it."""
    began = time.perf_counter()
    read = _read(printed, source)
    seconds = time.perf_counter() - began
    missed = None
    if source == "scan":
        read, missed = as_printed(read, printed.text)
    found = score(read, printed.issue, printed.text)
    if missed is not None:
        found = found.with_lost(missed)
    wrong = faults(read, printed.issue, printed.text)
    return Held(issue.id, layout, source, found, printed.sheets, seconds, wrong)


def _read(printed: Printed, source: Source) -> Issue:
    if source == "pdf":
        return read_bytes(printed.pdf, "page.pdf")
    if source == "plain text":
        return read_page(_plain(printed.pdf))
    return read_sheets([recognised_page(printed.pdf, "page.pdf", number) for number in range(printed.sheets)])


def _plain(pdf: bytes) -> str:
    """The text in the file's own order, pages parted by form feeds: what reading was without geometry."""
    import pypdfium2

    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        return "\f".join(page.get_textpage().get_text_range() for page in document)


def pages_table(held: Sequence[Held], title: str) -> Table:
    """Scores by habit of the layout, and in all."""
    rows: dict[str, list[Held]] = defaultdict(list)
    for one in held:
        for row in (*_rows(one.layout), "all"):
            rows[row].append(one)
    return Table(
        title,
        ("layout", "issues", "paragraph F1", "article F1", "roles", "headline parts", "lost", "s a page"),
        tuple((row, *_cells(some)) for row, some in sorted(rows.items())),
    )


def _cells(held: Sequence[Held]) -> tuple[str, ...]:
    whole = sum((one.score for one in held), Score())
    pace = sum(one.seconds for one in held) / sum(one.sheets for one in held)
    shares = (whole.paragraph_f1, whole.article_f1, whole.roles, whole.parts)
    return (str(len(held)), *map(told, shares), str(whole.lost), f"{pace:.2f}")


def _rows(layout: PageLayout) -> tuple[str, ...]:
    made_up = "one flow of columns" if layout.flow else f"headlines {layout.heads}"
    paragraphs = "indents" if layout.indent else "gaps" if layout.gap else "neither indents nor gaps"
    order = "lines in any order" if layout.shuffled else "lines in order"
    return made_up, paragraphs, order


def worst_told(held: Sequence[Held], most: int = 5) -> list[str]:
    """The issues read worst, each with its layout and its first faults."""
    wrong = [one for one in held if one.faults or one.score.lost]
    wrong.sort(key=lambda one: -(one.score.paragraph_errors + 2 * one.score.article_errors))
    lines = []
    for one in wrong[:most]:
        found = one.score
        lines.append(
            f"{one.issue}, {one.layout.name}: {found.paragraph_errors} paragraph and {found.article_errors} "
            f"article boundary errors, {found.lost} characters lost"
        )
        lines += [f"    {fault}" for fault in one.faults[:4]]
    return lines
