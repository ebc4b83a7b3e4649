import pytest

from banmian.data.facts import grounded, unsupported

ARTICLE = (
    "株洲日报讯 截至2月12日24时，株洲市累计报告确诊病例77例，治愈出院19例，两名重症患者好转。"
    "市委副书记、市长阳卫国12日上午赴渌口区督导疫情防控工作。全市1.5万余名党员下沉社区，占党员总数的三成。"
    "中国人民银行株洲市中心支行为企业新增贷款3.2亿元。学校开学时间推迟，不恢复线下课程。"
)
DATE = "2020-02-13"


def kinds(headline: str, text: str = ARTICLE, date: str = DATE) -> list[tuple[str, str]]:
    return [(span.kind, span.text) for span in unsupported(headline, text, date)]


@pytest.mark.parametrize(
    "headline",
    [
        "株洲确诊77例 治愈19例",
        "株洲累计确诊７７例",
        "十九例患者治愈出院",
        "2名重症患者好转",
        "阳卫国赴渌口区督导疫情防控",
        "市长阳卫国昨日赴渌口区督导",
        "15000余名党员下沉社区",
        "超1.5万名党员下沉社区",
        "三成党员下沉社区",
        "30%党员下沉社区",
        "央行株洲中心支行新增贷款3.2亿元",
        "湖南株洲推迟开学 不恢复线下课程",
    ],
)
def test_supported(headline: str) -> None:
    assert kinds(headline) == []


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("株洲确诊78例", [("number", "78")]),
        ("株洲确诊７８例", [("number", "７８")]),
        ("二十九例患者治愈", [("number", "二十九")]),
        ("1.6万余名党员下沉", [("number", "1.6万")]),
        ("新增贷款3.2万元", [("unit", "3.2万元")]),
        ("新增贷款3.2亿吨", [("unit", "3.2亿吨")]),
        ("李志强赴渌口区督导", [("person", "李志强")]),
        ("市长李志强督导疫情防控", [("person", "李志强")]),
        ("长沙确诊77例", [("place", "长沙")]),
        ("国台办：推迟开学", [("organisation", "国台办")]),
        ("截至2月11日确诊77例", [("date", "2月11日")]),
        ("株洲恢复线下课程", [("negation", "恢复")]),
    ],
)
def test_unsupported(headline: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(headline) == expected


def test_offsets_are_in_the_headline_as_given() -> None:
    headline = "  株洲确诊 ７８ 例，  李志强赴渌口督导"
    spans = unsupported(headline, ARTICLE, DATE)
    assert [headline[s.start : s.end] for s in spans] == ["７８", "李志强"]
    assert [s.text for s in spans] == ["７８", "李志强"]


def test_the_reason_names_what_the_article_has() -> None:
    (span,) = unsupported("株洲确诊78例", ARTICLE, DATE)
    assert span.reason == "文中没有这个数，相近的是“77例”"


def test_nothing_to_say_of_nothing() -> None:
    assert unsupported("", ARTICLE) == ()
    assert unsupported("株洲确诊78例", " \n") == ()


@pytest.mark.parametrize(
    ("headline", "text", "expected"),
    [
        ("扎根基础 助力脱贫", "The quick brown fox jumps over the lazy dog.", False),
        ("好消息！好消息！", "好", False),
        ("市图书馆新馆开放", "昨日，市图书馆新馆对外开放，首日接待读者3200人次。", True),
        ("5G", "5G来了", True),
    ],
)
def test_a_headline_of_the_writers_own_invention_is_not_grounded(
    headline: str, text: str, expected: bool
) -> None:
    assert grounded(headline, text) is expected
