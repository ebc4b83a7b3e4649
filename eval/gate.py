"""The gate: whether a new labeller or writer is no worse than the published one, on the same frozen sets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from banmian.data.errors import BanmianError
from banmian.data.issue import Record
from banmian.data.labels import LABELS
from banmian.data.strict import read_toml
from banmian.eval.paragraphs import ParagraphSet
from banmian.eval.score import LabellerScore, Predicts, score_labeller


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class GateRules:
    """What "no worse" means, in points of F1 between 0 and 1.

    ``macro_f1_tolerance``: how far macro-F1 may fall on any set; ``label_f1_tolerance``: how far one label's
    F1 may, on sets with at least ``label_paragraphs`` of it (fewer say too little).
    """

    macro_f1_tolerance: float = 0.005
    label_f1_tolerance: float = 0.05
    label_paragraphs: int = 20


class Verdict(Record):
    """Whether to publish, why, and the scores it rests on, set by set in the same order."""

    publish: bool
    reasons: tuple[str, ...]
    new: tuple[LabellerScore, ...]
    published: tuple[LabellerScore, ...]


def gate_rules(path: Path) -> GateRules:
    """Read rules from TOML; what it leaves out keeps its default, an unknown key is a BanmianError."""
    return read_toml(GateRules, path)


def compare_labellers(
    new: Predicts,
    published: Predicts,
    sets: Sequence[ParagraphSet],
    rules: GateRules,
    contexts: Sequence[bool] = (True, False),
    seed: int = 0,
) -> Verdict:
    """Score both on every set, with headline and lead and without (``contexts``), and judge.

    Raises:
        BanmianError: there is no set to compare on.
    """
    scores = [
        tuple(
            score_labeller(model, name, paragraphs, context, seed)
            for paragraphs in sets
            for context in contexts
        )
        for model, name in ((new, "new"), (published, "published"))
    ]
    return judge(scores[0], scores[1], rules)


def judge(new: Sequence[LabellerScore], published: Sequence[LabellerScore], rules: GateRules) -> Verdict:
    """The verdict on scores of the same sets in the same order.

    Raises:
        BanmianError: no scores, or scores that are not of the same paragraphs.
    """
    if not new or len(new) != len(published):
        raise BanmianError(
            "scores of both labellers on the same sets",
            f"{len(new)} of the new, {len(published)} of the published one",
            "gate",
            "Give it at least one frozen set.",
        )
    reasons: list[str] = []
    for ours, theirs in zip(new, published, strict=True):
        if (ours.digest, ours.context) != (theirs.digest, theirs.context):
            raise BanmianError(
                f"scores of the same paragraphs on {theirs.paragraphs}",
                f"{ours.paragraphs} ({ours.digest} against {theirs.digest})",
                "gate",
                "Score both in the same run.",
            )
        reasons += _worse(ours, theirs, rules)
    publish = not reasons
    if publish:
        reasons = [f"no worse on any of {len(new)} comparisons"]
    return Verdict(publish=publish, reasons=tuple(reasons), new=tuple(new), published=tuple(published))


def _worse(new: LabellerScore, published: LabellerScore, rules: GateRules) -> list[str]:
    where = f"{new.paragraphs}, {'with' if new.context else 'without'} context"
    found = []
    fall = published.macro_f1.value - new.macro_f1.value
    if fall > rules.macro_f1_tolerance + _ROUNDING:
        found.append(
            f"{where}: macro-F1 {new.macro_f1.value:.3f}, published {published.macro_f1.value:.3f} "
            f"(may fall by {rules.macro_f1_tolerance:g})"
        )
    for label in LABELS:
        ours, theirs = new.labels[label], published.labels[label]
        if theirs.n < rules.label_paragraphs or theirs.f1 is None:
            continue
        if theirs.f1 - (ours.f1 or 0.0) > rules.label_f1_tolerance + _ROUNDING:
            found.append(
                f"{where}: F1 of {label} {ours.f1 or 0.0:.3f}, published {theirs.f1:.3f} "
                f"(may fall by {rules.label_f1_tolerance:g})"
            )
    return found


#: A fall of exactly the tolerance passes, whatever binary fractions make of it.
_ROUNDING = 1e-9
