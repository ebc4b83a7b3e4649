"""Rows of a Parquet file, with the columns that are needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from banmian.data.errors import BanmianError, MissingExtraError


def read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Every row with ``columns`` only, in the file's order.

    Raises:
        MissingExtraError: pyarrow is not installed.
        BanmianError: no such file, not Parquet, or a column missing.
    """
    try:
        from pyarrow import ArrowException, parquet  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        raise MissingExtraError("pyarrow", "eval", "reading Parquet") from None
    if not path.is_file():
        raise BanmianError("a Parquet file", "none", str(path), "Check the path.")
    try:
        found = parquet.read_schema(path).names
        missing = [column for column in columns if column not in found]
        if missing:
            raise BanmianError(
                f"columns {', '.join(columns)}", f"none called {', '.join(missing)}", str(path)
            )
        rows: list[dict[str, Any]] = parquet.read_table(path, columns=list(columns)).to_pylist()
    except ArrowException as problem:
        raise BanmianError("a Parquet file", str(problem).splitlines()[0], str(path)) from None
    return rows
