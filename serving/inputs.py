"""A paragraph in its context as the labeller reads it; the same for training and serving.

``[CLS] headline [SEP] lead [SEP] paragraph [SEP]``, token type 0 up to the paragraph and 1 from it on. The
same sentence is central under one lead and local under another (LABELS), so context comes first and
keeps its room; a paragraph longer than what is left is read in overlapping windows and never cut. Traditional
characters are read as simplified ones: as they stand they cost 5.5 points of macro-F1 (LOG.md).
"""

from __future__ import annotations

from dataclasses import dataclass

from banmian.data.script import is_traditional, simplified
from banmian.data.text import model_text
from banmian.serving.tokens import Tokens


@dataclass(frozen=True)
class Reading:
    """A paragraph with the headline and the lead of its article; either may be empty."""

    text: str
    headline: str = ""
    lead: str = ""


@dataclass(frozen=True)
class InputShape:
    """Room in tokens: a whole window, its headline, its lead, and what two windows share."""

    max_tokens: int = 320
    headline_tokens: int = 40
    lead_tokens: int = 64
    overlap_tokens: int = 32


@dataclass(frozen=True)
class Window:
    """One model input: ``ids`` and ``types``, equally long; ``weight``: the share of text it adds.

    ``start``: which of the paragraph's tokens is its first; its context ends where the types become 1.
    """

    ids: list[int]
    types: list[int]
    weight: float
    start: int = 0


def windows(tokens: Tokens, reading: Reading, shape: InputShape) -> list[Window]:
    """The windows of one paragraph, at least one, weights summing to 1.

    A lead equal to the paragraph is left out: it would say nothing and double the input.
    """
    parts = (reading.text, reading.lead, reading.headline)
    traditional = is_traditional("".join(parts))
    paragraph, lead, headline = (model_text(simplified(p) if traditional else p) for p in parts)
    head = tokens.ids(headline)[: shape.headline_tokens]
    opening = [] if lead == paragraph else tokens.ids(lead)[: shape.lead_tokens]
    context = [tokens.start, *head, tokens.end, *opening, tokens.end]
    body = tokens.ids(paragraph)
    room = shape.max_tokens - len(context) - 1
    stride = room - shape.overlap_tokens
    starts = [0]
    while starts[-1] + room < len(body):
        starts.append(starts[-1] + stride)
    made = []
    for start in starts:
        part = body[start : start + room]
        fresh = len(part) - (shape.overlap_tokens if start else 0)
        ids = [*context, *part, tokens.end]
        types = [0] * len(context) + [1] * (len(part) + 1)
        made.append(Window(ids, types, fresh / max(1, len(body)) if body else 1.0, start))
    return made
