"""The same article in another print, and what that costs a labeller."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from banmian.data.gazetteer import china
from banmian.data.issue import Prediction
from banmian.data.labels import LABELS, Label
from banmian.data.look_alikes import LOOK_ALIKES
from banmian.data.perturb import MISREAD_EVERY, PERTURBATIONS, broken, misread
from banmian.data.shipped import REAL_ISSUE, shipped_issue
from banmian.data.text import model_text, squeeze
from banmian.eval.paragraphs import Labelled, ParagraphSet, from_issues
from banmian.eval.robustness import perturbed, robustness_table, score_robustness
from banmian.serving.inputs import Reading

HEADLINE = "王建国在渌口区调研"
LEAD = "株洲日报讯（记者 李翔宇 梁冰） 2 月 12日，市长王建国赴渌口区调研，要求“守住底线”、保障供应。"
TEXTS = (HEADLINE, LEAD, "2020年2月12日上午，王建国强调，ABC公司的用工要抓紧；共3.5万人。")


@pytest.mark.parametrize("name", PERTURBATIONS)
def test_a_perturbation_changes_print_and_is_the_same_twice(name: str) -> None:
    change = PERTURBATIONS[name]
    made = change(TEXTS, 1)
    assert made == change(TEXTS, 1)
    assert len(made) == len(TEXTS)
    assert made != list(TEXTS)


@pytest.mark.parametrize("name", PERTURBATIONS)
def test_no_paragraph_of_the_shipped_page_is_lost(name: str) -> None:
    for article in shipped_issue(REAL_ISSUE).articles:
        texts = [block.text for block in article.body]
        assert all(model_text(text) for text in PERTURBATIONS[name](texts, 0))


def test_width_and_breaks_are_nothing_to_the_models() -> None:
    assert list(map(model_text, PERTURBATIONS["full width"](TEXTS, 0)))[:1] == [model_text(HEADLINE)]
    long = "会议强调，要落实分区分级防控措施。" * 5
    (made,) = broken([long], 3)
    assert made.count("\n") > 2
    assert squeeze(made) == long
    assert model_text(made) == model_text(long)


def test_what_each_print_looks_like() -> None:
    assert PERTURBATIONS["traditional"](["会议强调复产"], 0) == ["會議強調復產"]
    assert PERTURBATIONS["full width"](["共3.5万A"], 0) == ["共３．５万Ａ"]
    assert PERTURBATIONS["half width"](["共３人，（甲、乙）。"], 0) == ["共3人,(甲,乙)."]
    assert PERTURBATIONS["unpunctuated"](["“共3人”，好。", "……"], 0) == ["共3人好", "……"]


def test_misreading_takes_look_alikes_only() -> None:
    (made,) = misread([LEAD], 0)
    wrong = [(a, b) for a, b in zip(LEAD, made, strict=True) if a != b]
    assert len(wrong) == -(-len(LEAD) // MISREAD_EVERY)
    assert all(b in LOOK_ALIKES[a] for a, b in wrong)
    assert misread([LEAD], 1) != [made]
    assert all(char not in others for char, others in LOOK_ALIKES.items())


def test_a_name_and_a_place_are_another_one_everywhere() -> None:
    headline, lead, text = PERTURBATIONS["names swapped"](TEXTS, 0)
    other = headline.removesuffix("在渌口区调研")
    assert len(other) == 3
    assert other != "王建国"
    assert lead.count(other) == text.count(other) == 1
    assert "王建国" not in headline + lead + text
    assert "李翔宇" not in lead
    assert "梁冰" not in lead
    headline, lead, _ = PERTURBATIONS["places swapped"](TEXTS, 0)
    other = headline.removeprefix("王建国在").removesuffix("区调研")
    assert other in china(1)
    assert f"赴{other}区调研" in lead
    assert "株洲" not in lead


def test_a_date_is_one_other_date() -> None:
    _, lead, text = PERTURBATIONS["dates changed"](TEXTS, 0)
    assert "2020年" not in text
    assert "2月12日" not in squeeze(lead + text)
    day = squeeze(lead).split("）")[1].split("，")[0]
    assert day in text
    assert "3.5万人" in text


class Fixed:
    """Calls every paragraph with a comma a notice, as sure as can be."""

    def predict(self, readings: Sequence[Reading]) -> list[Prediction]:
        labels: list[Label] = ["public_notice" if "，" in r.text else "other" for r in readings]
        return [
            Prediction(label=label, confidence=1.0, probabilities={k: float(k == label) for k in LABELS})
            for label in labels
        ]


def test_costs_are_paired_and_told_in_points() -> None:
    paragraphs = ParagraphSet(
        "two articles",
        tuple(
            Labelled(Reading(text, HEADLINE, LEAD), "public_notice", f"a{i // 2}")
            for i, text in enumerate((LEAD, TEXTS[2], "请大家，注意。", "特此，通告。"))
        ),
    )
    lost, kept = score_robustness(Fixed(), "fixed", paragraphs, 0, 50, ("unpunctuated", "broken lines"))
    assert (lost.accuracy.value, lost.flipped, lost.changed, lost.within) == (-1.0, 1.0, 1.0, False)
    assert lost.accuracy.unit == "article"
    assert (kept.accuracy.value, kept.flipped, kept.within) == (0.0, 0.0, True)
    table = robustness_table([lost, kept]).plain()
    assert "-100.0 [-100.0, -100.0]" in table
    assert "+0.0 [+0.0, +0.0]" in table


def test_an_article_stays_one_article() -> None:
    """Its paragraphs still share a headline and a lead, or they could not hear each other any more."""
    paragraphs = ParagraphSet("real", from_issues([shipped_issue(REAL_ISSUE)]))
    before = [(r.headline, r.lead) for r in paragraphs.readings(True)]
    for change in PERTURBATIONS.values():
        after = [(r.headline, r.lead) for r in perturbed(paragraphs, change, 0)]
        assert len(set(after)) == len(set(before))
        assert [after.index(one) for one in after] == [before.index(one) for one in before]
