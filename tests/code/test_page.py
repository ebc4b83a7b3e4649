"""The reader on small pages whose right reading is plain to see, and on the real page."""

from __future__ import annotations

import re

import pytest

from banmian.data.errors import BanmianError
from banmian.data.page import MAX_PAGE_BYTES, MAX_PAGE_LINES, explain, read_page
from banmian.data.reading import score
from banmian.data.shipped import REAL_ISSUE, issues_folder, shipped_issue

PARAGRAPHS = (
    "本报讯 3月6日，市水务局组织抢修队伍对城东片区老旧供水管网进行集中改造，"
    "涉及居民两千三百余户，工期十五天。",
    "改造期间，抢修人员实行夜间施工、白天供水，尽量减少对居民生活的影响。供水热线全天有人接听。",
    "家住东街社区的老人李秀英说，过去水管常年漏水，如今水压足了，水也清了，心里踏实。",
)
TITLE = "城东老旧管网改造 两千三百户居民用上放心水"


def wrapped(text: str, width: int) -> str:
    return "\n".join(text[i : i + width] for i in range(0, len(text), width))


def bodies(text: str) -> list[list[str]]:
    return [[block.text for block in article.body] for article in read_page(text).articles]


def test_the_real_page_has_seven_articles_and_every_role_right() -> None:
    page = (issues_folder() / REAL_ISSUE / "page.txt").read_text(encoding="utf-8")
    read, true = read_page(page), shipped_issue(REAL_ISSUE)
    result = score(read, true, page)
    assert len(read.articles) == 7
    assert result.paragraph_errors <= 2
    assert result.article_f1 == 1.0
    assert result.roles > 0.995
    assert [article.byline for article in read.articles] == [article.byline for article in true.articles]
    assert [article.signature for article in read.articles] == [
        article.signature for article in true.articles
    ]


@pytest.mark.parametrize("width", [12, 17, 24, 33, 40])
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_wrapped_article_comes_out_whole(width: int, between: str) -> None:
    page = TITLE + "\n\n" + between.join(wrapped(text, width) for text in PARAGRAPHS)
    (article,) = read_page(page).articles
    assert article.headline.main == (TITLE,)
    assert [block.text for block in article.body] == list(PARAGRAPHS)


def test_a_column_break_inside_a_sentence_is_healed() -> None:
    lines = "\n\n".join(wrapped(text, 18) for text in PARAGRAPHS).split("\n")
    page = "\n".join([*lines[:2], "", *lines[2:]])
    assert bodies(page) == [list(PARAGRAPHS)]


def test_full_width_indents_part_paragraphs_without_blank_lines() -> None:
    page = "\n".join(wrapped("\u3000\u3000" + text, 20) for text in PARAGRAPHS)
    assert bodies(page) == [list(PARAGRAPHS)]


def test_a_page_pasted_from_the_web_is_one_article_with_its_furniture() -> None:
    page = "\n".join(
        (
            "首页 > 新闻 > 正文",
            TITLE,
            "2020-02-13 来源：本市日报 浏览量 1024",
            "分享到：微信 微博",
            *("\u3000\u3000" + text for text in PARAGRAPHS),
            "（责编：王明）",
            "上一篇：无",
        )
    )
    issue = read_page(page)
    (article,) = issue.articles
    assert article.headline.text == TITLE
    assert [block.text for block in article.body] == list(PARAGRAPHS)
    assert issue.furniture == (
        "首页 > 新闻 > 正文",
        "2020-02-13 来源：本市日报 浏览量 1024",
        "分享到：微信 微博",
        "（责编：王明）",
        "上一篇：无",
    )


@pytest.mark.parametrize(
    "text", ["市委常委会召开会议", "阴转多云。", "A", "😀", PARAGRAPHS[0], "Hello, world."]
)
def test_one_line_alone_is_one_body_block(text: str) -> None:
    (article,) = read_page(text).articles
    assert [(block.role, block.text) for block in article.blocks] == [("body", text)]
    assert article.headline.text == ""


def test_headlines_above_and_below_give_the_same_articles() -> None:
    def article(name: str, count: int) -> tuple[str, str, str]:
        title = f"{name}供水改造提速"
        text = wrapped(f"{name}的供水改造于本月启动，共涉及居民{count}户，由市水务局统一组织施工。", 16)
        more = wrapped(f"{name}居民说，改造以后水压足了，大家都很满意，盼着早日完工。", 16)
        return title, f"本报记者 张 晓 李大力\n\n{text}\n\n{more}", name

    stories = [article("东湖社区", 120), article("西山小区", 2400), article("南门大街", 75)]
    above = "\n\n".join(f"{title}\n\n{body}" for title, body, _ in stories)
    below = "\n\n".join(f"{body}\n\n{title}" for title, body, _ in stories)
    for page in (above, below):
        read = read_page(page).articles
        assert [a.headline.text for a in read] == [title for title, _, _ in stories]
        assert all(
            name in block.text for a, (_, _, name) in zip(read, stories, strict=True) for block in a.body
        )
        assert [a.byline for a in read] == ["本报记者 张 晓 李大力"] * 3


def test_subheads_captions_and_signatures_have_their_fields() -> None:
    page = "\n\n".join(
        (
            "关于城东片区临时停水的通告",
            wrapped(
                "因管网改造需要，现将城东片区临时停水的有关事项通告如下，请广大居民提前做好储水准备：", 20
            ),
            wrapped("一、停水时间为3月8日8时至18时，如遇雨雪天气顺延，请留意社区通知。", 20),
            wrapped("二、停水范围为东街、北街和建设路沿线，学校和医院由供水车定点送水。", 20),
            "市水务局\n2020年3月6日",
            "抢修队的一天",
            "本报记者 张 晓",
            wrapped("凌晨五点，抢修队的灯就亮了。队长老周带着六名队员检查阀门，一个接一个地拧紧。", 20),
            "井下两小时",
            wrapped("井口窄，人要侧着身子下去。水没过膝盖，手电照出一片白气，谁也没有说话。", 20),
            "抢修队员在东街更换阀门。张 晓 摄",
        )
    )
    notice, story = read_page(page).articles
    assert notice.headline.main == ("关于城东片区临时停水的通告",)
    assert notice.signature == "市水务局 2020年3月6日"
    assert len(notice.body) == 3
    assert story.headline.main == ("抢修队的一天",)
    assert story.byline == "本报记者 张 晓"
    assert [block.text for block in story.blocks if block.role == "subhead"] == ["井下两小时"]
    assert story.captions == ("抢修队员在东街更换阀门。张 晓 摄",)


def test_a_caption_inside_a_paragraph_does_not_cut_it() -> None:
    lines = wrapped(PARAGRAPHS[0] + PARAGRAPHS[1], 20).split("\n")
    page = "\n".join([*lines[:2], "", "工人在东街更换阀门。王明 摄", "", *lines[2:]])
    (article,) = read_page(page).articles
    assert [block.text for block in article.body] == [PARAGRAPHS[0] + PARAGRAPHS[1]]
    assert article.captions == ("工人在东街更换阀门。王明 摄",)


@pytest.mark.parametrize("word", ["记者", "記者"])
def test_bylines_in_simplified_and_traditional_characters(word: str) -> None:
    page = f"{TITLE}\n本报{word} 张 晓 通讯员/陈向阳\n{PARAGRAPHS[1]}"
    (article,) = read_page(page).articles
    assert article.byline == f"本报{word} 张 晓 通讯员/陈向阳"


def test_latin_lines_are_joined_with_a_blank_and_chinese_ones_without() -> None:
    page = "The city water bureau said on Friday\nthat old pipes will be replaced\nwithin fifteen days."
    assert bodies(page) == [[" ".join(page.split())]]


@pytest.mark.parametrize("text", ["", "  \n\t\u3000\n"])
def test_a_blank_page_is_refused(text: str) -> None:
    with pytest.raises(BanmianError) as caught:
        read_page(text)
    assert str(caught.value) == (
        "expected the text of a page, found nothing but blanks. Paste or choose a page with text."
    )


def test_too_much_text_is_refused() -> None:
    with pytest.raises(BanmianError) as caught:
        read_page("水" * (MAX_PAGE_BYTES // 3 + 1))
    assert str(caught.value) == (
        "expected at most 2,097,152 bytes of text for a page, found 2,097,153 bytes. "
        "Send the pages one by one."
    )
    with pytest.raises(BanmianError) as caught:
        read_page("水\n" * (MAX_PAGE_LINES + 1))
    assert str(caught.value) == (
        "expected at most 20,000 lines of text for a page, found 20,001. Send the pages one by one."
    )


def test_half_a_character_is_refused() -> None:
    with pytest.raises(BanmianError) as caught:
        read_page("水\ud800管")
    assert str(caught.value) == (
        "expected Unicode text, found the lone surrogate U+D800 at character 1. "
        "Save the text as UTF-8 and send it again."
    )


def test_explain_names_the_signs_of_each_break_and_of_each_tag() -> None:
    page = TITLE + "\n\n" + "\n\n".join(wrapped(text, 18) for text in PARAGRAPHS) + "\n（责编：王明）"
    rows = explain(page).split("\n")
    tags = [row.split()[1] for row in rows]
    assert [tag for tag in tags if tag != "I"] == ["+H", "B", "B", "B", "-"]
    assert "  [start] [not " in rows[0]
    assert "below:lead" in rows[tags.index("B")]
    assert "gap:blank/columns/end" in rows[tags.index("B", 2)]
    assert rows[-1].endswith("[+99.0 furniture] [furniture by its words]")
    for row in rows[:-1]:
        assert re.search(r"\[not \S+: \+\d+\.\d = (\S+.* [-+]\d+\.\d, ){4}…\]$", row)
