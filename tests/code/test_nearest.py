"""The place in an article that comes nearest to an unsupported part of a headline."""

from __future__ import annotations

import pytest

from banmian.data.facts import unsupported
from banmian.data.issue import Span
from banmian.serving.nearest import Near, nearest

PARAGRAPHS = (
    "本报讯 2月12日，市水务集团投入136名党员，昼夜抢修。",
    "目前，全市日均供水量 ３６ 万吨，比上周增加2万吨；钢厂医院恢复供水。",
    "市民王芳说，水压足了。",
)


def near(headline: str, paragraphs: tuple[str, ...] = PARAGRAPHS) -> list[Near | None]:
    return nearest(unsupported(headline, "\n".join(paragraphs)), headline, paragraphs)


def test_a_number_leads_to_the_one_that_the_article_has() -> None:
    (found,) = near("全市日均供水46万吨")
    assert found == Near(1, 11, 16, "３６ 万吨")
    assert PARAGRAPHS[1][found.start : found.end] == found.text


def test_a_day_leads_to_the_one_that_the_article_has() -> None:
    assert near("2月15日抢修") == [Near(0, 4, 9, "2月12日")]


def test_among_several_the_one_beside_the_headlines_words() -> None:
    span = Span(start=0, end=1, text="九", kind="number", reason="文中这里是“2”")
    paragraphs = ("昨日2人到场。", "水量增加2万吨。", "共12人，2.5米。")
    assert nearest([span], "水量增加九万吨", paragraphs) == [Near(1, 4, 5, "2")]


def test_without_a_likeness_it_is_the_clause_that_shares_most() -> None:
    span = Span(start=0, end=2, text="李强", kind="person", reason="文中没有“李强”")
    assert nearest([span], "李强说水压足了", PARAGRAPHS) == [Near(2, 6, 10, "水压足了")]


@pytest.mark.parametrize("headline", ["李强出访", "李强", ""])
def test_nothing_alike_is_nothing(headline: str) -> None:
    span = Span(start=0, end=2, text="李强", kind="person", reason="文中没有“李强”")
    assert nearest([span], headline, PARAGRAPHS) == [None]
    assert nearest([], headline, PARAGRAPHS) == []


def test_quotes_of_signs_alone_break_nothing() -> None:
    span = Span(start=0, end=1, text="甲", kind="place", reason="文中是“。”")
    assert nearest([span], "甲", ("。", "")) == [Near(0, 0, 1, "。")]
