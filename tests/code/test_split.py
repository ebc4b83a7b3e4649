from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from banmian.data.errors import BanmianError
from banmian.data.issue import Article, Block, Issue, save_issue
from banmian.data.labels import Label
from banmian.data.split import draw_split, load_split


def issue_of(*labels: Label | None) -> Issue:
    blocks = tuple(Block(id=f"a1b{n}", text=f"第{n}段。", label=label) for n, label in enumerate(labels, 1))
    title = Block(id="a1b0", role="subhead", text="小标题")
    return Issue(id="tiny", articles=(Article(id="a1", blocks=(title, *blocks)),))


def written(folder: Path, labelled: Issue, **parts: object) -> Path:
    save_issue(labelled, folder / "issue.json")
    split = {"schema": "banmian.split/1", "issue": "tiny", "seed": 1, **parts}
    (folder / "split.json").write_text(json.dumps(split), encoding="utf-8")
    return folder


THREE = issue_of("other", "other", "other")


def test_a_partition_is_read_as_committed(tmp_path: Path) -> None:
    folder = written(tmp_path, THREE, train=["a1b1"], validation=["a1b3"], test=["a1b2"])
    assert load_split(folder) == {"train": ("a1b1",), "validation": ("a1b3",), "test": ("a1b2",)}


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (
            {"train": ["a1b1"], "validation": ["a1b3"], "test": ["a1b2", "a9b9"]},
            "expected ids of body blocks of issue.json, found 'a9b9' in test. "
            "Remove it, or correct its spelling.",
        ),
        (
            {"train": ["a1b0", "a1b1"], "validation": ["a1b3"], "test": ["a1b2"]},
            "expected ids of body blocks of issue.json, found 'a1b0' in train. "
            "Remove it, or correct its spelling.",
        ),
        (
            {"train": ["a1b1"], "validation": ["a1b3"], "test": ["a1b2", "a1b1"]},
            "expected every body block once, found a1b1 in train and in test. Keep it in one part.",
        ),
        (
            {"train": ["a1b1", "a1b1"], "validation": ["a1b3"], "test": ["a1b2"]},
            "expected every body block once, found a1b1 in train and in train. Keep it in one part.",
        ),
        (
            {"train": ["a1b3"], "validation": [], "test": []},
            "expected every body block once, found 2 in no part (first: a1b1). "
            "Add each to one of: train, validation, test.",
        ),
        (
            {"issue": "huge", "train": ["a1b1"], "validation": ["a1b3"], "test": ["a1b2"]},
            "expected the split of tiny, found that of huge. Put the right file beside it.",
        ),
    ],
    ids=["unknown id", "subhead", "in two parts", "twice in one part", "in no part", "another issue's"],
)
def test_what_is_no_partition_is_refused(tmp_path: Path, parts: dict[str, object], message: str) -> None:
    folder = written(tmp_path, THREE, **parts)
    with pytest.raises(BanmianError) as refused:
        load_split(folder)
    assert str(refused.value) == f"{folder / 'split.json'}: {message}"


def test_an_unknown_part_is_refused_at_its_line(tmp_path: Path) -> None:
    folder = written(tmp_path, THREE, train=["a1b1", "a1b2", "a1b3"], validation=[], test=[], dev=[])
    with pytest.raises(BanmianError, match=r"split\.json:1: expected no such key at dev, found \[\]\."):
        load_split(folder)


def test_a_draw_is_stratified_and_the_same_every_time() -> None:
    issue = issue_of(*["livelihood_report"] * 40, *["local_meeting"] * 20, *["other"] * 3)
    label_of = {block.id: block.label for _, block in issue.body()}
    parts = draw_split(issue, seed=1)
    counts = {part: Counter(label_of[i] for i in ids) for part, ids in parts.items()}
    assert counts["train"] == {"livelihood_report": 24, "local_meeting": 12, "other": 1}
    assert counts["validation"] == {"livelihood_report": 6, "local_meeting": 3, "other": 1}
    assert counts["test"] == {"livelihood_report": 10, "local_meeting": 5, "other": 1}
    assert draw_split(issue, seed=1) == parts
    assert draw_split(issue, seed=2) != parts


def test_parts_keep_page_order() -> None:
    issue = issue_of(*["livelihood_report"] * 12)
    order = [block.id for _, block in issue.body()]
    for ids in draw_split(issue, seed=3).values():
        assert list(ids) == sorted(ids, key=order.index)


@pytest.mark.parametrize(("blocks", "train", "test"), [(1, 1, 0), (2, 1, 1)])
def test_a_rare_label_is_learnt_before_it_is_measured(blocks: int, train: int, test: int) -> None:
    parts = draw_split(issue_of(*["other"] * blocks), seed=1)
    assert {part: len(ids) for part, ids in parts.items()} == {"train": train, "validation": 0, "test": test}


def test_an_unlabelled_block_cannot_be_drawn() -> None:
    with pytest.raises(BanmianError) as refused:
        draw_split(issue_of("other", None), seed=1)
    assert str(refused.value) == (
        "tiny: expected a label on every body block, found none on a1b2. Label it first."
    )
