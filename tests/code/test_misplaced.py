"""A fact that stands in the article, but of something else. The articles are this file's own."""

import pytest

from banmian.data.alignment import AGAINST, FEATURES, Ground, Mention, shared, slot
from banmian.data.facts import unsupported
from banmian.data.lexicon import words
from banmian.data.mentions import likes, read_article, told
from banmian.data.misplaced import misplaced, offers, outweighed
from banmian.data.weighed import LIMITS, WEIGHTS

REPORT = (
    "本报讯 4月6日，记者从市粮食局获悉，全市早稻播种面积达到82.6万亩，油菜收获面积达到31.5万亩。"
    "市农机局组织312台插秧机下田，市供销社备足化肥4.7万吨。"
    "副市长贺知远主持秧田管理座谈会，市委副书记沈怀民主持粮库安全调度会。"
    "成都拨付抗旱资金800万元，绵阳修复机井120眼。"
    "早稻移栽4月25日前完成；油菜机收5月12日前完成。"
    "全市粮食企业46家，职工1280人，其中312人参加技能培训。"
)
DAY = "2021-04-07"


def flagged(headline: str, article: str = REPORT) -> list[tuple[str, str, str]]:
    return [(span.kind, span.text, span.reason) for span in unsupported(headline, article, DAY)]


@pytest.mark.parametrize(
    ("headline", "found"),
    [
        ("全市早稻播种面积达到31.5万亩", ("number", "31.5万", "文中这里是“82.6万亩”")),
        ("早稻移栽5月12日前完成", ("date", "5月12日", "文中这里是“4月25日”")),
        ("沈怀民主持秧田管理座谈会", ("person", "沈怀民", "文中这里是“贺知远”")),
        ("绵阳拨付抗旱资金800万元", ("place", "绵阳", "文中这里是“成都”")),
        ("市供销社组织312台插秧机下田", ("organisation", "市供销社", "文中这里是“市农机局”")),
    ],
)
def test_a_fact_of_something_else(headline: str, found: tuple[str, str, str]) -> None:
    assert found in flagged(headline)


@pytest.mark.parametrize(
    "headline",
    [
        "早稻播种面积达82.6万亩 油菜收获31.5万亩",
        "早稻移栽4月25日前完成 油菜机收5月12日前完成",
        "贺知远主持秧田管理座谈会",
        "粮库安全调度会由沈怀民主持",
        "成都拨付800万元抗旱",
        "312台插秧机下田",
        "市供销社备足化肥4.7万吨",
        "312人参加技能培训",
    ],
)
def test_the_same_facts_in_their_places(headline: str) -> None:
    assert flagged(headline) == []


def test_the_figures_are_offered_with_what_is_the_headlines_own() -> None:
    article = read_article(REPORT, DAY)
    headline = list(told("职工1280人", words("职工1280人")))
    assert [(m.text, m.ours) for m in likes(headline[0], headline, article)] == [
        ("1280人", True),
        ("312人", False),
    ]


def test_no_choice_no_verdict() -> None:
    article = read_article("全市职工1280人。", DAY)
    headline = list(told("干部1280人", words("干部1280人")))
    assert offers(headline[0], headline, "干部1280人", article) == []


def test_places_named_together_are_no_rivals() -> None:
    text = "考察团抵达丰收省首府。考察团抵达四川省成都市武侯区。"
    article = read_article(text, DAY)
    headline = list(told("考察团抵达成都", words("考察团抵达成都")))
    assert [m.text for m in likes(headline[0], headline, article) if not m.ours] == []


def test_a_label_is_nearer_to_its_own_figure() -> None:
    ground = Ground("复工率达99%，返岗率达91%。")
    first, second = Mention(4, 7, "99%", "%"), Mention(12, 15, "91%", "%")
    place = slot("返岗率91%", Mention(3, 6, "91%", "%"), [], ground)
    names = dict(zip(FEATURES, shared(place, second, [first, second], ground), strict=True))
    other = dict(zip(FEATURES, shared(place, first, [first, second], ground), strict=True))
    assert (names["label before"], other["label before"]) == (3, 1)
    assert names["left on the left"] > other["left on the left"] == 0


def test_a_series_number_counts_nothing() -> None:
    article = read_article("田野里的年轻人。全县共有25个村，第26个村刚刚通路。" * 2, DAY)
    assert list(misplaced("田野里的年轻人（26）", words("田野里的年轻人（26）"), article, [(7, 11)])) == []


def test_the_shipped_weights_are_of_the_features() -> None:
    assert set(WEIGHTS) == set(LIMITS) == {"number", "date", "person", "place", "organisation", "negation"}
    for weights in WEIGHTS.values():
        named = dict(zip(FEATURES, weights, strict=True))
        assert all(weight >= 0 for name, weight in named.items() if name not in AGAINST)
        assert named["nothing there"] < 0


def test_the_heavier_offer_wins() -> None:
    article = read_article(REPORT, DAY)
    text = "早稻播种面积31.5万亩"
    headline = list(told(text, words(text)))
    by, best = outweighed("number", offers(headline[0], headline, text, article))
    assert by > 0
    assert best.text == "82.6万亩"


def test_two_figures_of_one_sentence_hold_each_other() -> None:
    article = (
        "全市出动4120人次，立案127起，没收口罩23.6万只。截至昨天，全市查处的哄抬价格案件已有73起。"
        "没收的口罩全部封存。"
    )
    assert flagged("全市查处案件127起 没收口罩23.6万只", article) == []
