from itertools import pairwise

import pytest

from banmian.data.facts import unsupported
from banmian.data.gazetteer import gazetteer, letters
from banmian.data.lexicon import words

ARTICLE = (
    "市长阳卫国在渌口区主持召开会议。国家发展和改革委员会、中国人民银行有关负责人参加，"
    "委内瑞拉总统马杜罗致信。湖北省武汉市支援株洲市，中美两国专家通电话。钟南山说，要戴口罩。"
)


def spans(headline: str, text: str = ARTICLE) -> list[tuple[str, str]]:
    return [(span.kind, span.text) for span in unsupported(headline, text)]


@pytest.mark.parametrize(
    "headline",
    [
        "阳卫国主持召开会议",
        "阳卫国：抓好防控",
        "市长阳卫国主持会议",
        "钟南山院士提醒戴口罩",
        "马杜罗致信",
        "武汉支援株洲",
        "湖南株洲召开会议",
        "湖北支援湖南",
        "发改委负责人参加会议",
        "国家发改委参会",
        "央行参加会议",
        "美国专家通电话",
        "中美专家通电话",
        "高质量主持会议",
        "方便群众 金融先行",
    ],
)
def test_supported(headline: str) -> None:
    assert spans(headline) == []


@pytest.mark.parametrize(
    ("headline", "kind", "text"),
    [
        ("王志强主持召开会议", "person", "王志强"),
        ("市长王建国主持会议", "person", "王建国"),
        ("市长张磊主持会议", "person", "张磊"),
        ("阳卫东主持召开会议", "person", "阳卫东"),
        ("李兰娟院士提醒戴口罩", "person", "李兰娟"),
        ("特朗普致信", "person", "特朗普"),
        ("何塞·马蒂致信", "person", "何塞·马蒂"),
        ("襄阳支援株洲", "place", "襄阳"),
        ("武汉支援江西", "place", "江西"),
        ("日本专家通电话", "place", "日本"),
        ("专家赴皖支援", "place", "皖"),
        ("教育部参加会议", "organisation", "教育部"),
        ("清华大学参加会议", "organisation", "清华大学"),
        ("世卫组织通电话", "organisation", "世卫组织"),
    ],
)
def test_unsupported(headline: str, kind: str, text: str) -> None:
    assert (kind, text) in spans(headline)


def test_a_misspelt_name_is_told() -> None:
    (span,) = unsupported("阳卫东主持召开会议", ARTICLE)
    assert span.reason == "文中是“阳卫国”"


def test_a_place_inside_supports_the_one_around_it_and_not_the_other_way() -> None:
    assert "株洲" in gazetteer()["湖南"]
    assert gazetteer()["株洲"] == ("株洲",)
    assert any("湖南" in forms for forms in letters()["湘"])
    assert spans("武汉召开会议", "湖北召开会议。") == [("place", "武汉")]


def test_every_character_is_in_one_word() -> None:
    text = "李志强赴渌口区督导COVID-19疫情防控 10人"
    cut = words(text)
    assert "".join(word.text for word in cut) == text
    assert cut[0].start == 0
    assert all(a.end == b.start for a, b in pairwise(cut))
