"""Words exchanged for their opposites in the article's own phrase. The articles are this file's own."""

import pytest

from banmian.data.opposites import opposites

NOTICE = (
    "自5月6日起，恢复市内公交线路运营，网吧、歌厅继续暂停营业。严禁在站前广场摆摊设点。"
    "城区公共泊位30分钟内免费停放。大病救助起付线由6000元下调至4500元。"
    "“护苗行动”昨天启动，共有九个部门参加。70周岁以上老人乘车免票。"
)


@pytest.mark.parametrize(
    ("headline", "found"),
    [
        ("5月6日起暂停市内公交线路运营", [("暂停", "文中说的是“恢复”")]),
        ("允许在站前广场摆摊设点", [("允许", "文中说的是“严禁”")]),
        ("泊位30分钟内收费停放", [("收费", "文中说的是“免费”")]),
        ("起付线上调至4500元", [("上调", "文中说的是“下调”")]),
        ("九部门“护苗行动”终止", [("终止", "文中说的是“启动”")]),
        ("70周岁以下老人乘车免票", [("以下", "文中说的是“以上”")]),
    ],
)
def test_the_articles_phrase_has_the_opposite(headline: str, found: list[tuple[str, str]]) -> None:
    assert [(headline[start:end], reason) for start, end, reason in opposites(headline, NOTICE)] == found


@pytest.mark.parametrize(
    "headline",
    [
        "恢复市内公交线路运营",
        "网吧歌厅暂停营业",
        "站前广场不允许摆摊设点",  # what is denied is nobody's opposite
        "泊位停放半小时内免费",
        "节能智能两手抓",  # 能 in other words
        "停业商户领补贴",  # the article tells of other things
    ],
)
def test_the_same_sense_and_other_things(headline: str) -> None:
    assert list(opposites(headline, NOTICE)) == []


def test_a_word_that_the_article_has_elsewhere_needs_more_of_the_phrase() -> None:
    article = "水库暂停泄洪。市内公交线路恢复运营。"
    assert list(opposites("公交暂停", article)) == []
    assert [one[2] for one in opposites("公交线路暂停运营", article)] == ["文中说的是“恢复”"]
