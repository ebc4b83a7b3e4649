"""A filled sheet of the blind reading joined with its key: means by origin, with intervals."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from banmian.data.errors import BanmianError
from banmian.data.issue import Record
from banmian.data.strict import read_json, read_text
from banmian.eval.blind import COLUMNS, CRITERIA, ORIGINS, Entry, Key, Origin, sheet_digest
from banmian.eval.intervals import RESAMPLES, Measured, mean_with_interval
from banmian.eval.table import Table, interval

_SCALE = ("1", "2", "3", "4", "5")


class Opinion(Record):
    """The mean of one criterion for one origin, and the model's lead over it, article by article."""

    origin: Origin
    criterion: str
    mean: Measured
    model_above: Measured | None


class ReadingScore(Record):
    """A whole blind reading."""

    model: str
    articles: int
    opinions: tuple[Opinion, ...]


@dataclass(frozen=True)
class Rated:
    """One line of a filled sheet, its ratings in the order of CRITERIA."""

    entry: Entry
    ratings: tuple[int, ...]


def read_sheet(path: Path) -> list[Rated]:
    """A filled sheet; an empty or impossible rating is a BanmianError at ``file:line``."""
    reader = csv.reader(io.StringIO(read_text(path)))
    header = next(reader, [])
    if tuple(header) != COLUMNS:
        raise BanmianError(f"columns {', '.join(COLUMNS)}", ", ".join(header) or "nothing", f"{path}:1")
    rated = []
    for cells in reader:
        where = f"{path}:{reader.line_num}"
        if len(cells) != len(COLUMNS) or not cells[0].isdigit():
            raise BanmianError(f"{len(COLUMNS)} cells, the first a number", repr(",".join(cells)), where)
        for criterion, cell in zip(CRITERIA, cells[3:], strict=True):
            if cell.strip() not in _SCALE:
                remedy = "docs/rubric.md says what each number means."
                raise BanmianError(f"1 to 5 for {criterion}", repr(cell), where, remedy)
        ratings = tuple(int(cell) for cell in cells[3:])
        rated.append(Rated(Entry(int(cells[0]), cells[1], cells[2]), ratings))
    return rated


def read_key(path: Path) -> Key:
    """A key; any departure from its schema is a BanmianError."""
    return read_json(Key, path)


def score_reading(
    rated: Sequence[Rated], key: Key, seed: int = 0, resamples: int = RESAMPLES
) -> ReadingScore:
    """Means by origin and criterion, and the model's lead; intervals resample articles.

    Raises:
        BanmianError: the sheet is not the one of this key.
    """
    if sheet_digest([one.entry for one in rated]) != key.sheet:
        remedy = "Fill in the ratings only; order, letters and headlines stay as they were drawn."
        raise BanmianError("the sheet of this key", "another, or one that was changed", remedy=remedy)
    origins = {row.row: row.origins for row in key.rows}
    table: dict[Origin, list[tuple[int, ...]]] = {origin: [] for origin in ORIGINS}
    for one in rated:
        table[origins[one.entry.row][one.entry.letter]].append(one.ratings)
    ratings = {origin: np.array(rows, dtype=float) for origin, rows in table.items()}
    opinions = []
    for origin in ORIGINS:
        for i, criterion in enumerate(CRITERIA):
            lead = ratings["model"][:, i] - ratings[origin][:, i]
            mean = mean_with_interval(ratings[origin][:, i], "article", seed, resamples=resamples)
            above = mean_with_interval(lead, "article", seed, resamples=resamples)
            opinions.append(
                Opinion(
                    origin=origin,
                    criterion=criterion,
                    mean=mean,
                    model_above=None if origin == "model" else above,
                )
            )
    return ReadingScore(model=key.model, articles=len(key.rows), opinions=tuple(opinions))


def reading_table(score: ReadingScore) -> Table:
    """Origins by criteria, with the model's lead over each."""
    columns: tuple[str, ...] = ("headlines",)
    for criterion in CRITERIA:
        columns += (criterion, "model above")
    rows = []
    for origin in ORIGINS:
        row: tuple[str, ...] = (score.model if origin == "model" else origin,)
        for opinion in (one for one in score.opinions if one.origin == origin):
            above = opinion.model_above
            row += (interval(opinion.mean), interval(above, signed=True) if above else "–")
        rows.append(row)
    title = f"Blind reading of {score.articles} articles, 1 to 5 (95% intervals over articles)"
    return Table(title, columns, tuple(rows))


def published_csv(rated: Sequence[Rated], key: Key) -> str:
    """The ratings unblinded, the model's headlines as the only text: what may be committed."""
    rows = {row.row: row for row in key.rows}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("row", "article", "corpus", "origin", "headline", *CRITERIA))
    for one in rated:
        row = rows[one.entry.row]
        origin = row.origins[one.entry.letter]
        text = one.entry.headline if origin == "model" else ""
        writer.writerow((row.row, row.article, row.corpus, origin, text, *one.ratings))
    return out.getvalue()
