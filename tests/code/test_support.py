from collections.abc import Sequence

import pytest

from banmian.data.command import main
from banmian.data.issue import Span
from banmian.eval.report import Report
from banmian.eval.support import SupportScore, hold, listed, score_support, support_tables
from banmian.eval.support_cases import Case, Held, load_cases

OPEN, SEALED = "written-11", "written-12"
TEXT = "全市收获小麦312吨，大豆40吨。"


def held(headline: str, kind: str | None = None, wrong: str | None = None, issue: str = OPEN) -> Held:
    fault = {"kind": kind, "wrong": wrong} if kind else {}
    case = Case.model_validate(
        {"issue": issue, "article": headline, "headline": headline, "good": not kind, **fault}
    )
    return Held(case=case, text=TEXT, date="2020-02-13")


def digits(headline: str, text: str, date: str) -> Sequence[Span]:
    """A check that knows one thing: 321 is not there."""
    start = headline.find("321")
    return (
        [Span(start=start, end=start + 3, text="321", kind="number", reason="不在文中")] if start >= 0 else []
    )


CASES = [
    held("收小麦312吨"),
    held("收小麦321公斤丰收", "unit", "公斤"),
    held("收小麦321吨", "number", "321"),
    held("收大豆312吨", "number", "312"),
    held("今年收大豆312吨", "number", "312", SEALED),
    held("不是321", None, None, SEALED),
]


def score() -> SupportScore:
    return score_support(hold(CASES, digits), resamples=20)


def shares(half: str) -> dict[str, tuple[int, float, float]]:
    return {c.faults: (c.n, c.caught.value, c.placed.value) for c in score().catches if c.half == half}


def test_the_halves_are_drawn_by_the_issue() -> None:
    assert [found.held.case.half for found in hold(CASES, digits)] == ["open"] * 4 + ["sealed"] * 2


def test_caught_is_not_caught_at_the_place() -> None:
    assert shares("open")["unit"] == (1, 1, 0)
    assert shares("open")["number"] == (2, 0.5, 0.5)
    assert shares("sealed")["number"] == (1, 0, 0)
    assert shares("all")["every kind"] == (4, 0.5, 0.25)


def test_wrong_words_that_stand_elsewhere_in_the_article_are_told_apart() -> None:
    assert shares("all")["wrong words elsewhere in the article"] == (2, 0, 0)
    assert shares("all")["wrong words nowhere in the article"] == (2, 1, 0.5)


def test_good_headlines_refused() -> None:
    assert {r.half: (r.n, r.refused.value) for r in score().refusals} == {
        "all": (2, 0.5),
        "open": (1, 0),
        "sealed": (1, 1),
    }


def test_the_sealed_half_is_never_listed() -> None:
    assert list(listed(hold(CASES, digits))) == [
        f"misplaced unit 公斤: {OPEN} 收小麦321公斤丰收 收小麦321公斤丰收: 321 (number: 不在文中)",
        f"missed number 312: {OPEN} 收大豆312吨 收大豆312吨",
    ]


def test_tables_count_every_case() -> None:
    caught, refused = support_tables(score())
    row = next(row for row in caught.rows if row[0] == "every kind")
    assert (row[1], row[4], row[7]) == ("4", "3", "1")
    assert [row[:2] for row in refused.rows] == [("all", "2"), ("open", "1"), ("sealed", "1")]


def test_the_command_scores_the_shipped_cases(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path_factory.mktemp("support") / "scores.json"
    assert main(["eval", "support", "--json", str(path)]) == 0
    support = Report.model_validate_json(path.read_text(encoding="utf-8")).support
    assert support is not None
    assert {c.half: c.n for c in support.catches if c.faults == "every kind"} == {
        "all": 254,
        "open": 153,
        "sealed": 101,
    }
    assert "Good headlines refused" in capsys.readouterr().out


def test_a_list_only_of_the_support_check_and_of_reading(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "writer", "--list"]) == 2
    assert capsys.readouterr().err == (
        "banmian eval: --list: expected `reading`, `support` or `all`, found 'writer'. Leave --list out.\n"
    )


# The issue's bar is 3% of good headlines. Each of the sealed half's 69 is 1.4 points: three may be refused.
@pytest.mark.parametrize(("half", "bar"), [("all", 0.03), ("open", 0.03), ("sealed", 0.045)])
def test_the_check_refuses_few_good_headlines(half: str, bar: float) -> None:
    refusals = score_support(hold(load_cases()), resamples=2).refusals
    assert next(r.refused.value for r in refusals if r.half == half) <= bar


def test_the_check_catches_what_the_open_half_shows() -> None:
    """Kept from falling back; the sealed half is read as totals by a person."""
    caught = score_support(hold(load_cases()), resamples=2).catches
    assert next(c.caught.value for c in caught if (c.half, c.faults) == ("open", "every kind")) >= 0.94
