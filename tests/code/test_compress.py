import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banmian.data.facts import close_quotes, compress, restore_case, well_formed


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        (
            "本报讯（记者 王甲）近日，市教育局发布通知，全市中小学推迟开学。",
            "市教育局发布通知 全市中小学推迟开学",
        ),
        (
            "新华社北京2月12日电 全国春耕备耕工作会议12日召开。会议强调，不误农时。",
            "全国春耕备耕工作会议召开",
        ),
        ("记者从市交通局获悉，新一路隧道今天（3月20日）建成通车。", "新一路隧道建成通车"),
        ("市图书馆开通线上借阅", "市图书馆开通线上借阅"),
    ],
)
def test_the_clause_without_dateline_and_formula(text: str, headline: str) -> None:
    assert compress(text) == headline


def test_lines_broken_by_the_page_are_joined() -> None:
    text = "株洲日报讯 2月12日，我市\n“停课不停学”线上课程同步\n开通，三十万名中小学生在\n家上课。"
    assert compress(text, 24) == "我市“停课不停学”线上课程同步开通"


def test_a_number_and_a_latin_word_are_not_cut() -> None:
    assert (
        compress("全年外贸进出口总额达到三千亿美元规模其中出口额12345.67亿元人民币", 26)[-1]
        not in "0123456789."
    )
    assert compress("全国各地正在加快建设新一代移动通信网络INFRASTRUCTURE项目", 24).endswith("网络")


def test_nothing_to_say_of_nothing() -> None:
    assert compress("") == compress(" \n\u3000") == ""


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet="市民说今天，。！“”《》（）：、5.1万A b\n2月电讯", min_size=1, max_size=90),
    st.integers(min_value=4, max_value=40),
)
def test_never_empty_never_too_long(text: str, limit: int) -> None:
    headline = compress(text, limit)
    assert bool(headline) == bool(text.strip())
    assert len(headline) <= limit


@pytest.mark.parametrize(
    ("headline", "text", "cased"),
    [
        ("5g网络覆盖全市", "建成5G基站", "5G网络覆盖全市"),
        ("covid-19疫情", "COVID-19病例", "COVID-19疫情"),
        ("new york times报道", "据The New York Times报道", "New York Times报道"),
        ("iphone上市", "新款iPhone上市", "iPhone上市"),
        ("pm2.5下降", "PM2.5浓度", "PM2.5下降"),
        ("wto规则", "世贸组织", "WTO规则"),
        ("twitter停用", "推特", "twitter停用"),
        ("德国vs法国", "德国队与法国队", "德国vs法国"),
    ],
)
def test_latin_words_get_their_case_back(headline: str, text: str, cased: str) -> None:
    assert restore_case(headline, text) == cased


@pytest.mark.parametrize(
    "headline", ["“停课不停学”", "学习《民法典》", "（图）“‘一老一小’有人管”", "增长3.5%"]
)
def test_well_formed(headline: str) -> None:
    assert well_formed(headline)
    assert close_quotes(headline) == headline


@pytest.mark.parametrize(
    ("headline", "repaired"),
    [
        ("“停课不停学", "“停课不停学”"),
        ("停课不停学”", "停课不停学"),
        ("发布《防控通知 全市执行", "发布《防控通知》 全市执行"),
        ("《通知》发布，", "《通知》发布"),
        ("全市新增（3例", "全市新增（3例）"),
        ("他说：“", "他说"),
        ("增长3.", "增长3."),  # a digit is lost: nothing safe to do
        ("", ""),
    ],
)
def test_ill_formed(headline: str, repaired: str) -> None:
    assert not well_formed(headline)
    assert close_quotes(headline) == repaired
