import json
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest

from banmian.data.errors import BanmianError
from banmian.data.issue import Span
from banmian.eval.support_cases import Kind, cases_file, load_cases

GOOD = {"issue": "written-11", "article": "a5", "headline": "红菜薹上了“云端”", "good": True}
WRONG = {
    "issue": "written-11",
    "article": "a5",
    "headline": "外销鲜菜321吨",
    "good": False,
    "kind": "number",
    "wrong": "321",
}


def saved(tmp_path: Path, *cases: dict[str, Any]) -> Path:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({"schema": "banmian.support-cases/1", "cases": cases}), encoding="utf-8")
    return path


def test_the_shipped_cases_are_as_many_as_their_card_says() -> None:
    cases = [held.case for held in load_cases()]
    assert Counter(case.good for case in cases) == {True: 164, False: 254}
    assert Counter(case.kind for case in cases if not case.good) == {
        "number": 70,
        "person": 45,
        "date": 37,
        "organisation": 33,
        "place": 29,
        "negation": 20,
        "unit": 20,
    }
    assert len({case.issue for case in cases}) == 38


def test_both_halves_hold_every_fault() -> None:
    cases = [held.case for held in load_cases()]
    for half in ("open", "sealed"):
        assert {case.kind for case in cases if case.half == half} == {*get_args(Kind), None}
    assert all(len({case.half for case in cases if case.issue == issue}) == 1 for issue in ("written-11",))


def test_the_faults_are_the_kinds_the_check_knows() -> None:
    assert Span.model_fields["kind"].annotation == Kind


def test_a_case_comes_with_its_articles_text_and_day(tmp_path: Path) -> None:
    good, wrong = load_cases(saved(tmp_path, GOOD, WRONG))
    assert "有312吨" in good.text
    assert good.date == "2020-03-06"
    assert wrong.case.span == (4, 7)
    assert good.case.span == (0, 0)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"kind": "unit"}, "Value error, kind and wrong on an unsupported headline, neither on a good one"),
        ({"note": "?"}, "no such key at cases[0].note"),
    ],
)
def test_a_good_case_has_no_fault(tmp_path: Path, change: dict[str, str], expected: str) -> None:
    with pytest.raises(BanmianError) as problem:
        load_cases(saved(tmp_path, GOOD | change))
    assert problem.value.expected.startswith(expected)


@pytest.mark.parametrize("wrong", ["312", "", "吨外"])
def test_the_wrong_words_stand_once_in_the_headline(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(BanmianError) as problem:
        load_cases(saved(tmp_path, WRONG | {"wrong": wrong}))
    assert f"{wrong!r} once in the headline '外销鲜菜321吨'" in problem.value.expected


def test_an_article_that_is_not_there(tmp_path: Path) -> None:
    path = saved(tmp_path, GOOD | {"article": "a9"})
    with pytest.raises(BanmianError) as problem:
        load_cases(path)
    assert str(problem.value) == (
        f"{path}: cases[0]: expected an article of written-11 (a1 to a8), found 'a9'. "
        "Correct the article's id."
    )


def test_a_case_twice(tmp_path: Path) -> None:
    path = saved(tmp_path, GOOD, GOOD)
    with pytest.raises(BanmianError) as problem:
        load_cases(path)
    assert str(problem.value) == (
        f"{path}: cases[1]: expected every case once, found '红菜薹上了“云端”'. Remove one of the two."
    )


def test_the_shipped_file_lies_in_the_package() -> None:
    assert cases_file().is_file()
