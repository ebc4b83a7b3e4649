import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from banmian.data.errors import BanmianError
from banmian.data.issue import Prediction
from banmian.data.labels import LABELS, Label
from banmian.eval.gate import GateRules, compare_labellers, gate_rules, judge
from banmian.eval.paragraphs import Labelled, ParagraphSet
from banmian.eval.score import LabellerScore, score_labeller
from banmian.serving.inputs import Reading

PER_LABEL = 40


class WrongOn:
    """A labeller that takes the first ``wrong`` local meetings for livelihood reports."""

    def __init__(self, wrong: int) -> None:
        self.wrong = wrong

    def predict(self, readings: Sequence[Reading]) -> list[Prediction]:
        found = []
        for reading in readings:
            label, number = reading.text.split()
            mistaken = label == "local_meeting" and int(number) < self.wrong
            chosen: Label = "livelihood_report" if mistaken else label  # type: ignore[assignment]
            chances = {each: 1.0 if each == chosen else 0.0 for each in LABELS}
            found.append(Prediction(label=chosen, confidence=1.0, probabilities=chances))
        return found


def frozen(name: str = "frozen", per_label: int = PER_LABEL) -> ParagraphSet:
    rows = [(label, n) for label in LABELS for n in range(per_label)]
    return ParagraphSet(
        name, tuple(Labelled(Reading(f"{label} {n}"), label, f"{label} {n // 4}") for label, n in rows)
    )


def scored(wrong: int, paragraphs: ParagraphSet | None = None) -> LabellerScore:
    return score_labeller(WrongOn(wrong), f"{wrong} wrong", paragraphs or frozen(), True, resamples=20)


def test_the_same_labeller_passes() -> None:
    verdict = judge([scored(2)], [scored(2)], GateRules())
    assert verdict.publish
    assert verdict.reasons == ("no worse on any of 1 comparisons",)


def test_a_better_one_passes_and_the_record_keeps_both_scores() -> None:
    verdict = judge([scored(0)], [scored(6)], GateRules())
    assert verdict.publish
    assert verdict.new[0].macro_f1.value == 1
    assert verdict.published[0].macro_f1.value < 1


def test_a_fall_within_the_tolerance_passes_and_beyond_it_does_not() -> None:
    rules = GateRules(macro_f1_tolerance=0.006, label_f1_tolerance=1)
    # One of 40 wrong costs about .005 of macro-F1, two about .010.
    assert judge([scored(1)], [scored(0)], rules).publish
    verdict = judge([scored(2)], [scored(0)], rules)
    assert not verdict.publish
    assert verdict.reasons == ("frozen, with context: macro-F1 0.990, published 1.000 (may fall by 0.006)",)


def test_a_fall_of_exactly_the_tolerance_passes() -> None:
    new, published = scored(2), scored(0)
    fall = published.macro_f1.value - new.macro_f1.value
    assert judge([new], [published], GateRules(macro_f1_tolerance=fall, label_f1_tolerance=1)).publish


def test_one_label_may_not_pay_for_the_others() -> None:
    verdict = judge([scored(5)], [scored(0)], GateRules(macro_f1_tolerance=1))
    assert not verdict.publish
    assert verdict.reasons == (
        "frozen, with context: F1 of local_meeting 0.933, published 1.000 (may fall by 0.05)",
        "frozen, with context: F1 of livelihood_report 0.941, published 1.000 (may fall by 0.05)",
    )


def test_labels_with_few_paragraphs_do_not_decide() -> None:
    few = frozen(per_label=19)
    assert judge([scored(5, few)], [scored(0, few)], GateRules(macro_f1_tolerance=1)).publish
    enough = frozen(per_label=20)
    assert not judge([scored(5, enough)], [scored(0, enough)], GateRules(macro_f1_tolerance=1)).publish


def test_each_set_has_to_pass() -> None:
    small, large = frozen("small", 20), frozen("large", 60)
    verdict = judge(
        [scored(2, small), scored(2, large)],
        [scored(0, small), scored(2, large)],
        GateRules(label_f1_tolerance=1),
    )
    assert not verdict.publish
    assert [reason.split(",")[0] for reason in verdict.reasons] == ["small"]


def test_scores_of_different_paragraphs_are_refused() -> None:
    other = frozen(per_label=10)
    told = (
        f"gate: expected scores of the same paragraphs on frozen, found frozen ({frozen().digest} against "
        f"{other.digest}). Score both in the same run."
    )
    with pytest.raises(BanmianError, match=re.escape(told)):
        judge([scored(0)], [scored(0, other)], GateRules())


def test_nothing_to_compare_is_refused() -> None:
    told = (
        "gate: expected scores of both labellers on the same sets, found 0 of the new, 0 of the published "
        "one. Give it at least one frozen set."
    )
    with pytest.raises(BanmianError, match=re.escape(told)):
        judge([], [], GateRules())


def test_both_are_scored_on_every_set_with_and_without_context() -> None:
    verdict = compare_labellers(WrongOn(0), WrongOn(0), [frozen("one"), frozen("two")], GateRules())
    assert [(s.model, s.paragraphs, s.context) for s in verdict.new] == [
        ("new", "one", True),
        ("new", "one", False),
        ("new", "two", True),
        ("new", "two", False),
    ]
    assert [s.model for s in verdict.published] == ["published"] * 4


def test_rules_from_toml(tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    path.write_text("macro_f1_tolerance = 0.01\n", encoding="utf-8")
    expected = GateRules(macro_f1_tolerance=0.01, label_f1_tolerance=0.05, label_paragraphs=20)
    assert gate_rules(path) == expected
    path.write_text("macro_f1_tolerence = 0.01\n", encoding="utf-8")
    with pytest.raises(BanmianError, match=re.escape("at macro_f1_tolerence, found 0.01.")):
        gate_rules(path)


def test_the_verdict_survives_json() -> None:
    verdict = judge([scored(5)], [scored(0)], GateRules())
    assert type(verdict).model_validate_json(verdict.model_dump_json()) == verdict
