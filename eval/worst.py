"""What a reading got wrong: the boundaries it missed and those it made up, with the print around."""

from __future__ import annotations

from itertools import pairwise

from banmian.data.issue import Issue
from banmian.data.spans import FieldSpan, locate
from banmian.data.text import squeeze

_AROUND = 9


def faults(read: Issue, true: Issue, page: str) -> tuple[str, ...]:
    """Each boundary of a paragraph or an article that was missed or made up, in the page's order."""
    flat = squeeze(page)
    read_spans, true_spans = locate(read, page), locate(true, page)
    found: list[tuple[int, str]] = []
    for kind, edges in (("article", _changes), ("paragraph", _edges)):
        was, should = edges(read_spans), edges(true_spans)
        found += [(at, f"{kind} {what} missed") for at, what in should - was]
        found += [(at, f"{kind} {what} made up") for at, what in was - should]
    return tuple(f"{what}: {_print(flat, at)}" for at, what in sorted(found))


def _print(flat: str, at: int) -> str:
    return f"…{flat[max(0, at - _AROUND) : at]}|{flat[at : at + _AROUND]}…"


def _edges(spans: tuple[FieldSpan, ...]) -> set[tuple[int, str]]:
    body = [span for span in spans if span.role == "body"]
    return {(span.start, "start") for span in body if span.first} | {
        (span.end, "end") for span in body if span.last
    }


def _changes(spans: tuple[FieldSpan, ...]) -> set[tuple[int, str]]:
    inside = [span for span in spans if span.article >= 0]
    return {(b.start, "boundary") for a, b in pairwise(inside) if a.article != b.article}
