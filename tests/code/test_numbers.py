import pytest

from banmian.data.amounts import check
from banmian.data.numbers import chinese_value, quantities


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("十九", 19),
        ("二十", 20),
        ("一百零八", 108),
        ("三百五", 350),
        ("两千", 2000),
        ("一万五千", 15000),
        ("一万二", 12000),
        ("十二万八千", 128000),
        ("一亿五千万", 150_000_000),
        ("两万亿", 2_000_000_000_000),
        ("四点六亿", 460_000_000),
        ("二〇二〇", 2020),
        ("零", 0),
    ],
)
def test_chinese_numerals(text: str, value: float) -> None:
    assert chinese_value(text) == value


def test_a_range_has_no_value() -> None:
    assert chinese_value("三四") is None


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1.5万余名党员", 15000, "名"),
        ("15000余名", 15000, "名"),
        ("30余万人", 300_000, "人"),
        ("1,387人", 1387, "人"),
        ("1亿5000万元", 150_000_000, "元"),
        ("1.2万亿斤", 1_200_000_000_000, "斤"),
        ("三成", 30, "%"),
        ("百分之三十", 30, "%"),
        ("30%", 30, "%"),
        ("半数", 50, "%"),
        ("四分之三", 75, "%"),
        ("2.5个百分点", 2.5, "个百分点"),
        ("三千亿千瓦时", 300_000_000_000, "千瓦时"),
    ],
)
def test_quantities(text: str, value: float, unit: str) -> None:
    found = list(quantities(text))
    assert [(q.value, q.unit.text) for q in found] == [(value, unit)]
    assert found[0].solid


@pytest.mark.parametrize(
    "text", ["统一思想", "千方百计", "万众一心", "筑梦九天", "三峡大坝", "数十人", "两国关系"]
)
def test_numerals_inside_words_are_no_numbers_to_check(text: str) -> None:
    assert [q.text for q in quantities(text) if q.solid] == []


def kind(headline: str, article: str) -> str:
    (said,) = [q for q in quantities(headline) if q.solid]
    return check(said, list(quantities(article)))[0]


@pytest.mark.parametrize(
    ("headline", "article"),
    [
        ("超50万人", "共有523000人"),
        ("近2万人", "共有19800人"),
        ("约300家", "共有296家"),
        ("逾1.5万名", "共有15234名"),
        ("两成", "占20.8%"),
        ("25万人次", "共251045人次"),
        ("3公里", "全长3000米"),
        ("500克", "重一斤"),
        ("5例", "5名患者确诊"),
        ("30分钟", "只要0.5小时"),
        ("2.5万吨", "共24963吨"),
        ("超2.5万吨", "共25040吨"),
        ("超千亿元", "共1036亿元"),
        ("第三次", "召开三次会议"),
    ],
)
def test_the_same_amount(headline: str, article: str) -> None:
    assert kind(headline, article) == ""


@pytest.mark.parametrize(
    ("headline", "article", "expected"),
    [
        ("超50万人", "共有623000人", "number"),
        ("50万人", "共有523000人", "number"),
        ("近2万人", "共有20800人", "number"),
        ("逾1.5万名", "共有14234名", "number"),
        ("35人", "共435人", "number"),
        ("3.2亿元", "贷款3.2万元", "unit"),
        ("300吨", "共300元", "unit"),
        ("77亩", "共77公里", "unit"),
        ("5名", "发生5例交通违章", "unit"),
        ("763吨", "共760吨", "number"),  # rounded to the tens, nobody prints a 3
        ("8055亿元", "共8015亿元", "number"),
        ("23.7万只", "共23.6万只", "number"),
        ("超2.5万吨", "共24963吨", "number"),
        ("近51人", "共50人", "number"),
        ("6000万公斤", "共6000万吨", "unit"),
    ],
)
def test_another_amount(headline: str, article: str, expected: str) -> None:
    assert kind(headline, article) == expected
