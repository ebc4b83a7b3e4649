"""What every scoring and timing verb does with its results: tables on the terminal, the record as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from banmian.data.issue import Record
from banmian.eval.table import Table


def print_tables(tables: Iterable[Table], markdown: bool) -> None:
    """Each table and a blank line, for a terminal or in Markdown."""
    for table in tables:
        print((table.markdown() if markdown else table.plain()) + "\n")  # noqa: T201 - verbs talk through this


def save_record(record: Record, path: Path | None) -> None:
    """Write ``record`` to ``path``, where one is named, as indented JSON."""
    if path:
        save_text(record.model_dump_json(indent=2) + "\n", path)


def save_text(text: str, path: Path) -> None:
    """Write ``text`` to ``path``, its folders too, as UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
