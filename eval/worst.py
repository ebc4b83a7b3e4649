"""What a reading got wrong: the boundaries it missed and those it made up, with the print around."""

from __future__ import annotations

from banmian.data.issue import Issue
from banmian.data.mistakes import around, departures
from banmian.data.spans import locate
from banmian.data.text import squeeze

_AROUND = 9


def faults(read: Issue, true: Issue, page: str) -> tuple[str, ...]:
    """Each boundary of a paragraph or an article that was missed or made up, in the page's order."""
    flat = squeeze(page)
    return tuple(
        f"{'article boundary' if what == 'article' else what} {how}: …{around(flat, at, _AROUND)}…"
        for at, what, how in departures(locate(read, page), locate(true, page))
    )
