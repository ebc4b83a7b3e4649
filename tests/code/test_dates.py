import pytest

from banmian.data.dates import date_mentions
from banmian.data.facts import unsupported

WIRE = "新华社北京2月12日电 会议今天召开，研究2021年工作，去年的经验值得总结。3月1日至5日进行检查。"


@pytest.mark.parametrize(
    ("text", "triples"),
    [
        ("2月12日", [(None, 2, 12)]),
        ("2月12日至15日", [(None, 2, 12), (None, None, 15)]),
        ("12—15日", [(None, None, 12), (None, None, 15)]),
        ("1至5月", [(None, 1, None), (None, 5, None)]),
        ("前11个月", [(None, 11, None)]),
        ("2020年", [(2020, None, None)]),
        ("二〇二〇年二月十二日", [(2020, 2, 12)]),
        ("2020-02-12", [(2020, 2, 12)]),
        ("13月40日", []),
        ("日均20日元", []),
    ],
)
def test_mentions(text: str, triples: list[tuple[int | None, int | None, int | None]]) -> None:
    assert [m.triple for m in date_mentions(text)] == triples


def dates(headline: str, text: str = WIRE, date: str = "2020-02-13") -> list[str]:
    return [span.text for span in unsupported(headline, text, date) if span.kind == "date"]


@pytest.mark.parametrize(
    "headline",
    [
        "12日召开会议",
        "2月12日召开会议",
        "昨日召开会议",
        "2021年工作",
        "去年经验",
        "3月5日前检查",
        "2020年检查",
    ],
)
def test_supported(headline: str) -> None:
    assert dates(headline) == []


@pytest.mark.parametrize(
    ("headline", "wrong"),
    [
        ("11日召开会议", "11日"),
        ("3月12日召开会议", "3月12日"),
        ("明日召开会议", "明日"),
        ("2022年工作", "2022年"),
        ("4月检查", "4月"),
        ("星期六召开会议", "星期六"),
    ],
)
def test_unsupported(headline: str, wrong: str) -> None:
    assert dates(headline) == [wrong]


def test_yesterday_is_the_day_before_the_paper() -> None:
    text = "2月12日上午，会议召开。"
    assert dates("昨日召开会议", text, "2020-02-13") == []
    assert dates("昨日召开会议", text, "2020-02-15") == ["昨日"]
    assert dates("昨日召开会议", text, "") == []


def test_a_broadcast_says_today() -> None:
    assert dates("今日召开会议", "会议今天召开。", "2020-02-13") == []
    assert dates("13日召开会议", "会议今天召开。", "2020-02-13") == []


def test_the_reason_names_the_articles_date() -> None:
    (span,) = unsupported("4月12日召开会议", WIRE, "2020-02-13")
    assert span.reason == "文中没有4月12日，有2月12日"
