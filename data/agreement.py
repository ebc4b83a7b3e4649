"""How far two readers who labelled the same paragraphs apart agree, and where they do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from banmian.data.errors import BanmianError
from banmian.data.issue import Record
from banmian.data.labels import Label


class Reading(Record):
    """The record of ``second_reading.json`` (banmian.reading/1): labels by block id, and what was doubted."""

    schema_: Literal["banmian.reading/1"] = Field(alias="schema")
    issue: str
    labels: dict[str, Label]
    doubt: tuple[str, ...] = ()


@dataclass(frozen=True)
class Agreement:
    """Share of equal labels, Cohen's kappa, and the ids that differ, in the first reader's order."""

    paragraphs: int
    share: float
    kappa: float
    disputed: tuple[str, ...]


def agreement(first: Mapping[str, Label], second: Mapping[str, Label]) -> Agreement:
    """Compare two readings of the same blocks, given as labels by block id.

    Kappa is 1.0 where both readers used one and the same label throughout, for which it is undefined.

    Raises:
        BanmianError: nothing to compare, or not the same blocks.
    """
    if not first or set(first) != set(second):
        odd = sorted(set(first) ^ set(second))
        found = f"{len(odd)} read by one of them only (first: {odd[0]})" if odd else "none"
        raise BanmianError("the same blocks in both readings", found, remedy="Label what is missing.")
    total = len(first)
    disputed = tuple(block_id for block_id in first if first[block_id] != second[block_id])
    share = 1 - len(disputed) / total
    ours, theirs = Counter(first.values()), Counter(second.values())
    chance = sum(ours[label] * theirs[label] for label in ours) / total**2
    kappa = 1.0 if chance == 1 else (share - chance) / (1 - chance)
    return Agreement(total, share, kappa, disputed)
