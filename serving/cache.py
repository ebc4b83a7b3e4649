"""Files made from a bundle once and found again by its digest."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from banmian.data.errors import BanmianError
from banmian.serving.atomic import staged


def cache_folder() -> Path:
    """``$XDG_CACHE_HOME/banmian``, or ``~/.cache/banmian``: everything in it can be made again."""
    chosen = os.environ.get("XDG_CACHE_HOME")
    return (Path(chosen) if chosen else Path.home() / ".cache") / "banmian"


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """``folder``; if it is not there yet, ``make`` fills an empty one that then appears whole or not at all.

    Raises:
        BanmianError: the cache cannot be written.
    """
    if not folder.is_dir():
        try:
            with staged(folder) as stage:
                make(stage)
        except OSError as problem:
            if not folder.is_dir():  # else another process was first
                raise BanmianError(
                    "a cache that can be written",
                    problem.strerror or str(problem),
                    str(cache_folder()),
                    "Set XDG_CACHE_HOME to a folder of your own.",
                ) from None
    return folder
