"""A labelled issue's paragraphs in train, validation and test: one fixed, committed partition of its blocks.

Stratified by label, because on one page a plain draw can leave a label out of the test. Drawn by paragraph
and not by article: a page has few articles, and most labels stand in one or two of them. So paragraphs of
one article stand on both sides, and a score on this test says less about an unseen paper than training
without the issue and scoring all of it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from pathlib import Path
from typing import Literal

from pydantic import Field

from banmian.data.errors import BanmianError
from banmian.data.issue import Issue, Record, load_issue
from banmian.data.strict import read_json

PARTS = ("train", "validation", "test")
VALIDATION_SHARE, TEST_SHARE = 0.15, 0.25


class Split(Record):
    """The record of ``split.json`` (banmian.split/1): ids of body blocks, in page order, by part."""

    schema_: Literal["banmian.split/1"] = Field(alias="schema")
    issue: str
    seed: int
    train: tuple[str, ...]
    validation: tuple[str, ...]
    test: tuple[str, ...]


def load_split(folder: Path) -> dict[str, tuple[str, ...]]:
    """Read ``split.json`` of a labelled issue's folder and hold it against its ``issue.json``.

    Returns:
        Block ids under "train", "validation" and "test", each in page order as committed.

    Raises:
        BanmianError: another issue's split, an id that is no body block, a block in no part or in two.
    """
    path = folder / "split.json"
    split, issue = read_json(Split, path), load_issue(folder / "issue.json")
    if split.issue != issue.id:
        raise BanmianError(
            f"the split of {issue.id}", f"that of {split.issue}", str(path), "Put the right file beside it."
        )
    parts = {part: tuple(getattr(split, part)) for part in PARTS}
    _check_partition(parts, [block.id for _, block in issue.body()], path)
    return parts


def draw_split(issue: Issue, seed: int) -> dict[str, tuple[str, ...]]:
    """Draw a stratified split: of every label about 15% for validation and 25% for test.

    A label of three blocks or more is in every part. The order of the draw is a hash of seed and id, so it
    is the same on every machine and version of Python.

    Raises:
        BanmianError: a body block without a label.
    """
    strata: dict[str, list[str]] = defaultdict(list)
    for _, block in issue.body():
        if block.label is None:
            raise BanmianError(
                "a label on every body block", f"none on {block.id}", issue.id, "Label it first."
            )
        strata[block.label].append(block.id)
    part_of: dict[str, str] = {}
    for ids in strata.values():
        drawn = sorted(ids, key=lambda block_id: _draw(seed, block_id))
        test, validation = (max(1, round(share * len(ids))) for share in (TEST_SHARE, VALIDATION_SHARE))
        # The rarest labels are learnt before they are measured: one block trains, a second tests.
        if len(ids) < len(PARTS):
            test, validation = len(ids) - 1, 0
        for position, block_id in enumerate(drawn):
            part_of[block_id] = (
                "test" if position < test else "validation" if position < test + validation else "train"
            )
    order = [block.id for _, block in issue.body()]
    return {part: tuple(block_id for block_id in order if part_of[block_id] == part) for part in PARTS}


def _draw(seed: int, block_id: str) -> str:
    return hashlib.sha256(f"{seed}|{block_id}".encode()).hexdigest()


def _check_partition(parts: dict[str, tuple[str, ...]], body: list[str], path: Path) -> None:
    seen: dict[str, str] = {}
    known = set(body)
    for part, ids in parts.items():
        for block_id in ids:
            if block_id not in known:
                raise BanmianError(
                    "ids of body blocks of issue.json",
                    f"{block_id!r} in {part}",
                    str(path),
                    "Remove it, or correct its spelling.",
                )
            if block_id in seen:
                raise BanmianError(
                    "every body block once",
                    f"{block_id} in {seen[block_id]} and in {part}",
                    str(path),
                    "Keep it in one part.",
                )
            seen[block_id] = part
    missing = [block_id for block_id in body if block_id not in seen]
    if missing:
        raise BanmianError(
            "every body block once",
            f"{len(missing)} in no part (first: {missing[0]})",
            str(path),
            f"Add each to one of: {', '.join(PARTS)}.",
        )
