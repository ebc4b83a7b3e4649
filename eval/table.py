"""Tables for a terminal and for Markdown; a Chinese character takes two columns of a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from banmian.eval.intervals import Measured


@dataclass(frozen=True)
class Table:
    """A title, column names, and rows of as many cells; every column but the first ``left`` is set right."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int = 1

    def plain(self) -> str:
        """For a fixed-width terminal."""
        widths = [max(map(width, column)) for column in zip(self.columns, *self.rows, strict=True)]
        lines = [self._line(row, widths) for row in (self.columns, *self.rows)]
        rule = "  ".join("─" * w for w in widths)
        return "\n".join([self.title, lines[0], rule, *lines[1:]])

    def markdown(self) -> str:
        """For a README; ``|`` in a cell is escaped."""
        marks = ["---" if i < self.left else "---:" for i in range(len(self.columns))]
        cells = [[cell.replace("|", "\\|") for cell in row] for row in (self.columns, *self.rows)]
        lines = [f"| {' | '.join(row)} |" for row in (cells[0], marks, *cells[1:])]
        return "\n".join([f"**{self.title}**", "", *lines])

    def _line(self, row: Sequence[str], widths: Sequence[int]) -> str:
        cells = []
        for i, (cell, wide) in enumerate(zip(row, widths, strict=True)):
            blanks = " " * (wide - width(cell))
            cells.append(cell + blanks if i < self.left else blanks + cell)
        return "  ".join(cells).rstrip()


def width(text: str) -> int:
    """Columns of a terminal that ``text`` takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def score(value: float | None, signed: bool = False) -> str:
    """A share in three digits, ``.934`` or ``+.120``; a dash for none."""
    if value is None:
        return "–"
    return f"{value:{'+' if signed else ''}.3f}".replace("0.", ".", 1)


def interval(measured: Measured, signed: bool = False) -> str:
    """A score with its interval: ``.934 [.871, .978]``, with signs where it is a difference."""
    value, low, high = (score(x, signed) for x in (measured.value, measured.low, measured.high))
    return f"{value} [{low}, {high}]"
