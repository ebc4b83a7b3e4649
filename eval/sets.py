"""The frozen sets: what labellers are scored on, and what baselines may learn from beside them."""

from __future__ import annotations

from collections.abc import Sequence

from banmian.data.holdout import HELD_OUT_ISSUES
from banmian.data.shipped import REAL_ISSUE, issues_folder, shipped_issue, written_issues
from banmian.data.split import load_split
from banmian.eval.paragraphs import Labelled, ParagraphSet, from_issues


def held_out_written() -> ParagraphSet:
    """The written issues that are never trained on, as one set."""
    return ParagraphSet("written issues held out", from_issues(map(shipped_issue, HELD_OUT_ISSUES)))


def written_to_learn() -> tuple[Labelled, ...]:
    """The paragraphs of all other written issues."""
    return from_issues(issue for issue in written_issues() if issue.id not in HELD_OUT_ISSUES)


def real_split() -> tuple[tuple[Labelled, ...], ParagraphSet]:
    """The real issue's train split, and its test split as a set."""
    split = load_split(issues_folder() / REAL_ISSUE)
    issue = shipped_issue(REAL_ISSUE)
    return from_issues([issue], split["train"]), ParagraphSet(
        "real issue, test split", from_issues([issue], split["test"])
    )


def real_whole() -> ParagraphSet:
    """All labelled paragraphs of the real issue, for labellers that never saw it."""
    return ParagraphSet("real issue, whole (cross-issue)", from_issues([shipped_issue(REAL_ISSUE)]))


def real_held_out(held: Sequence[Labelled]) -> tuple[ParagraphSet, ...]:
    """The held-out real paragraphs, and those of them whose annotator was sure."""
    sure = tuple(paragraph for paragraph in held if paragraph.sure)
    return (
        ParagraphSet("real paragraphs held out", tuple(held)),
        ParagraphSet("real paragraphs held out, sure", sure),
    )


def frozen_set(held: Sequence[Labelled] = ()) -> ParagraphSet:
    """What the gate compares on: the real issue's test split and the written issues held out, as one set.

    One set and not two, because on the test split's 17 paragraphs a single one is worth several points of
    macro-F1. ``held``: real paragraphs held out, where there is a file of them.
    """
    _, test = real_split()
    return ParagraphSet("frozen set", (*test.paragraphs, *held_out_written().paragraphs, *held))
