from banmian.data.holdout import HELD_OUT_ISSUES
from banmian.data.shipped import REAL_ISSUE, written_issues
from banmian.eval import sets
from banmian.eval.paragraphs import Labelled
from banmian.serving.inputs import Reading


def issues(paragraphs: tuple[Labelled, ...]) -> set[str]:
    return {paragraph.article.split("/")[0] for paragraph in paragraphs}


def test_no_written_issue_is_both_learnt_from_and_scored() -> None:
    scored, learnt = issues(sets.held_out_written().paragraphs), issues(sets.written_to_learn())
    assert scored == set(HELD_OUT_ISSUES)
    assert not scored & learnt
    assert scored | learnt == {issue.id for issue in written_issues()}


def test_the_real_issue_is_scored_whole_or_by_its_test_split() -> None:
    train, test = sets.real_split()
    whole = sets.real_whole()
    assert len(whole.paragraphs) == 68
    assert issues(whole.paragraphs) == {REAL_ISSUE}
    assert not {p.reading.text for p in train} & {p.reading.text for p in test.paragraphs}
    assert {*train, *test.paragraphs} < {*whole.paragraphs}


def test_the_gate_compares_on_one_set_of_both() -> None:
    further = Labelled(Reading("甲"), "other", "title|date")
    frozen = sets.frozen_set([further])
    assert issues(frozen.paragraphs) == {REAL_ISSUE, *HELD_OUT_ISSUES, "title|date"}
    assert len(frozen.paragraphs) == len(sets.frozen_set().paragraphs) + 1


def test_the_sure_are_a_set_of_their_own() -> None:
    sure, unsure = (Labelled(Reading(text), "other", text, text == "甲") for text in "甲乙")
    both, only = sets.real_held_out([sure, unsure])
    assert both.paragraphs == (sure, unsure)
    assert only.paragraphs == (sure,)
