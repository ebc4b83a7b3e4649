"""Word lists as they read best in a source file: words separated by blanks, many to a line."""

from __future__ import annotations

from collections.abc import Iterable


def listed(text: str) -> tuple[str, ...]:
    """The words of ``text`` in order."""
    return tuple(text.split())


def alternatives(words: Iterable[str]) -> str:
    """``words`` as the branches of a pattern, the longest first; none of them has a sign of its own."""
    return "|".join(sorted(words, key=len, reverse=True))
