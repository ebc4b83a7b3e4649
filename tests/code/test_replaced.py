"""Names put into clauses that the article has word for word, and figures told in one breath."""

import pytest

from banmian.data.facts import unsupported
from banmian.data.lexicon import words
from banmian.data.replaced import replaced

ROADS = "G77线岭北至界牌段封闭施工。青年队以3比1力克教师二队。市长在车站东路参加植树。"
TOLD = "节日期间，接待游客31.2万人次，门票收入2.6亿元，分别增长8.1%和12.4%。"


def names(headline: str, article: str) -> list[tuple[str, str, str]]:
    return [
        (headline[start:end], kind, reason)
        for start, end, kind, reason in replaced(headline, words(headline), article)
    ]


def test_a_name_between_the_articles_words() -> None:
    assert names("G77线桐南至界牌段封闭", ROADS) == [("桐南", "place", "文中这里是“岭北”")]


def test_a_name_at_a_clauses_end() -> None:
    assert names("青年队以3比1力克铁路队", ROADS) == [("铁路队", "organisation", "文中这里是“教师二队”")]


@pytest.mark.parametrize(
    "headline",
    ["G77线岭北至界牌段封闭", "G77线封闭施工", "青年队力克教师二队", "青年队3比1胜教师队"],
)
def test_the_articles_own_names(headline: str) -> None:
    assert names(headline, ROADS) == []


def test_other_words_for_the_same_are_no_other_name() -> None:
    assert names("全市大力推进乡村振兴", "全市全力推进乡村振兴。") == []


@pytest.mark.parametrize(
    ("headline", "found"),
    [
        ("门票收入2.6亿元 增长8.1%", [("8.1", "文中这里是“12.4%”")]),
        ("门票收入2.6亿元 增长12.4%", []),
        ("接待游客31.2万人次 增长8.1%", []),
        ("接待游客31.2万人次 增长12.4%", [("12.4", "文中这里是“8.1%”")]),
    ],
)
def test_figures_in_one_breath_keep_their_order(headline: str, found: list[tuple[str, str]]) -> None:
    assert [(span.text, span.reason) for span in unsupported(headline, TOLD)] == found
