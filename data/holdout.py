"""What is never trained on: a fixed tenth of the real labelled articles, and four written issues.

Held out by article and not by paragraph: the paragraphs of one article share headline, subject and mostly
label, so a split through an article would score memory.
"""

from __future__ import annotations

import hashlib

SHARE = 0.1

#: Written issues that are scored on and never trained on: two clean, one grey, one dense.
HELD_OUT_ISSUES: tuple[str, ...] = ("written-18", "written-29", "written-38", "written-46")


def fraction(key: str) -> float:
    """A number in [0, 1) that ``key`` fixes, on every machine and version: shares are drawn by it."""
    return drawn(key) / 16**8


def drawn(key: str) -> int:
    """A whole number of 32 bits that ``key`` fixes, on every machine and version."""
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16)


def held_out(title: str, date: str) -> bool:
    """Whether the article of this title and date is kept for scoring, on every machine and version."""
    return fraction(f"{title}|{date}") < SHARE
