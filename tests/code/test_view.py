"""An issue as HTML, text and CSV: everything escaped, nothing left out."""

from __future__ import annotations

import csv
import io
import re

import pytest

from banmian.data.facts import unsupported
from banmian.data.issue import Article, Block, Headline, Issue, Place, Prediction, Span, Written
from banmian.data.labels import LABELS
from banmian.data.shipped import REAL_ISSUE, shipped_issue
from banmian.data.text import squeeze
from banmian.eval.support_cases import load_cases
from banmian.serving.clerk import Analysis
from banmian.serving.export import COLUMNS, issue_text, issues_csv
from banmian.serving.theme import SCRIPT
from banmian.serving.view import issue_html, marked_html, problem_html, summary_html, text_html, written_html
from banmian.serving.wording import LABEL_NAMES, WORDS, in_language

EVIL = "<script>alert('1')</script>\"&\x00\x1b[31m\u202e"
ODDS = dict.fromkeys(LABELS, 0.2)


def evil_issue() -> Issue:
    span = Span(start=0, end=4, text=EVIL, kind="number", reason=EVIL)
    written = Written(
        headline=EVIL, supported=False, unsupported=(span,), method="model", candidates=(EVIL, "乙" + EVIL)
    )
    prediction = Prediction(label="other", confidence=0.31, probabilities=ODDS, abstained=True, windows=2)
    blocks = (
        Block(id="b1", text=EVIL, prediction=prediction, label="public_notice"),
        Block(id="b2", role="subhead", text=EVIL),
        Block(id="b3", text=EVIL),
    )
    article = Article(
        id=EVIL,
        headline=Headline(kicker=(EVIL,), main=(EVIL,), deck=(EVIL,)),
        byline=EVIL,
        dateline=EVIL,
        signature=EVIL,
        captions=(EVIL,),
        blocks=blocks,
        written=written,
    )
    return Issue(id=EVIL, paper=EVIL, articles=(article,), furniture=(EVIL,))


def test_all_text_is_escaped_and_can_be_sent() -> None:
    html = issue_html(evil_issue()) + problem_html(
        {"found": EVIL, "expected": EVIL, "where": "", "remedy": EVIL}
    )
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 22
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e]", html)
    known = {*"div section article header details summary figcaption h3 h4 p span".split()}  # noqa: SIM905
    known |= {*"b i ul li dl dt dd mark button textarea q".split()}  # noqa: SIM905
    assert set(re.findall(r"<([a-z0-9]+)", html)) <= known
    assert text_html("好\ud83d") == "好"


def test_a_doubtful_paragraph_asks_for_an_editor() -> None:
    html = issue_html(evil_issue())
    assert "需编辑确认" in html
    assert "1 段需编辑确认" in html
    assert "长段分 2 次读完" in html
    assert "人工：公告通告" in html
    assert "width:31%" in html


def test_the_real_issue_is_shown_whole() -> None:
    issue = shipped_issue(REAL_ISSUE)
    html = squeeze(re.sub(r"<[^>]+>", "", issue_html(issue)))
    for article in issue.articles:
        for line in (
            *article.headline.kicker,
            *article.headline.main,
            *article.headline.deck,
            article.byline,
        ):
            assert squeeze(text_html(line)) in html
        for text in (*(block.text for block in article.blocks), *article.captions, article.signature):
            assert squeeze(text_html(text)) in html
    assert "7篇稿件68段正文" in html


def test_the_summary_counts_every_label_once() -> None:
    issue = shipped_issue(REAL_ISSUE)
    html = summary_html(issue, "en", 1.25)
    counts = [int(n) for n in re.findall(r"<b>(\d+)</b>", html)]
    assert sum(counts) == 68
    assert len(counts) == len(LABELS)
    assert "1.2 s" in html
    assert "Central directive" in html


def test_overlapping_spans_are_marked_once_and_nothing_is_lost() -> None:
    spans = [
        Span(start=s, end=e, text="", kind="number", reason="r") for s, e in ((2, 5), (4, 6), (4, 5), (7, 99))
    ]
    html = marked_html("零一二三四五六七八", spans)
    assert html == ("零一<mark title='r'>二三四</mark><mark title='r'>五</mark>六<mark title='r'>七八</mark>")


def test_a_headline_written_from_a_part_of_a_long_article_says_so() -> None:
    written = Written(headline="题", supported=True, method="model", read=141, length=900)
    assert "据开头 141 字拟写（全文 900 字）" in written_html(written)
    assert "拟写" not in written_html(written.model_copy(update={"read": 900}))


def test_what_is_not_supported_leads_to_what_comes_nearest() -> None:
    span = Span(start=0, end=3, text="46吨", kind="number", reason="文中没有这个数，相近的是“36吨”<b>")
    written = Written(headline="46吨水<b>", supported=False, unsupported=(span,), method="model")
    html = written_html(written, paragraphs=("昨日到场。", "供水36吨<b>。"))
    button = "<button type='button' class='bm-near' data-paragraph='1' data-start='2' data-end='5'>"
    assert f"{button}文中最相近处（第 2 段）：<q>36吨</q></button>" in html
    assert ">46吨水&lt;b&gt;</textarea>" in html
    assert "<mark title='文中没有这个数，相近的是“36吨”&lt;b&gt;'>46吨</mark>水&lt;b&gt;</div>" in html
    assert "bm-near" not in written_html(written)


def test_the_browser_finds_what_the_server_sends() -> None:
    """Every class that the script looks for is sent, or made by it."""
    written = Written(
        headline="9人到场",
        supported=False,
        unsupported=(Span(start=0, end=1, text="9", kind="number", reason="文中这里是“8”"),),
        method="model",
        candidates=("9人到场", "到场"),
    )
    prediction = Prediction(label="other", confidence=0.31, probabilities=ODDS, abstained=True)
    places = (Place(start=0, end=2), Place(page=1, box=(0.1, 0.1, 0.2, 0.2)))
    blocks = (
        Block(id="b", text="8人到场。", prediction=prediction, places=places, recognition=0.5),
        Block(id="s", role="subhead", text="小题"),
    )
    headline = Headline(kicker=("引",), main=("主",), deck=("副",))
    article = Article(id="a", headline=headline, blocks=blocks, written=written)
    html = Analysis(Issue(id="i", articles=(article,)), 0.1, "8人到场。", "upload").html("zh")
    sent = set(re.findall(r"\bbm-[a-z_-]+", " ".join(re.findall(r"class='([^']*)'", html))))
    script = SCRIPT.read_text(encoding="utf-8")
    fetched = {"bm-neighbours"}
    made = set(re.findall(r"classList\.\w+\('(bm-[a-z-]+)'|className = '(bm-[a-z-]+)'", script))
    made_here = {name for pair in made for name in pair if name}
    assert set(re.findall(r"\.(bm-[a-z-]+[a-z])", script)) - made_here - fetched <= sent


def test_problems_are_told_in_chinese() -> None:
    problem = {
        "expected": "text with something printed in it",
        "found": "nothing but blanks",
        "where": "text",
        "remedy": "Paste a page, an article or a paragraph.",
    }
    html = problem_html(problem)
    for chinese in ("没能分析", "有内容的文字", "只有空白", "请粘贴一个版面、一篇稿件或一段文字。"):
        assert chinese in html
    assert "nothing but blanks" in problem_html(problem, "en")
    assert in_language("at most 2000000 bytes", "zh") == "不超过 2000000 字节"
    assert in_language("something new", "zh") == "something new"


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("文中没有“王伟”", "the article does not have “王伟”"),
        ("文中没有3月4日，有3月5日", "the article does not have 3月4日, but 3月5日"),
        ("文中没有周三", "the article does not have 周三"),
        ("文中没有这个数", "the article does not have this number"),
        ("文中没有这个数，相近的是“3人”", "the article does not have this number; the nearest is “3人”"),
        ("文中没有允许烟花", "the article does not allow 烟花"),
        ("文中王伟是“市委副书记”", "in the article 王伟 is “市委副书记”"),
        ("去年是2019年，文中没有", "去年 is 2019年, which the article does not have"),
        ("文中讲这件事的地方没有它", "it is not where the article tells of this"),
    ],
)
def test_reasons_are_told_in_english(chinese: str, english: str) -> None:
    assert in_language(chinese, "en") == english
    assert in_language(chinese, "zh") == chinese


def test_every_reason_that_the_cases_bring_up_has_an_english_wording() -> None:
    open_half = [held for held in load_cases() if held.case.half == "open"]
    reasons = {
        span.reason for held in open_half for span in unsupported(held.case.headline, held.text, held.date)
    }
    assert len(reasons) > 80
    assert [one for one in reasons if in_language(one, "en") == one] == []


def test_the_english_page_says_why_in_english() -> None:
    span = Span(start=0, end=2, text="王伟", kind="person", reason="文中没有“王伟”")
    written = Written(headline="王伟出席", supported=False, unsupported=(span,), method="model")
    html = written_html(written, "en")
    assert html.count("the article does not have “王伟”") == 2  # under the headline, and at the words
    assert "文中没有" not in html
    assert "文中没有“王伟”" in written_html(written)


def test_both_languages_have_every_word() -> None:
    assert WORDS["zh"].keys() == WORDS["en"].keys()
    assert set(LABEL_NAMES["en"]) == set(LABEL_NAMES["zh"]) == set(LABELS)
    for key, chinese in WORDS["zh"].items():
        assert re.findall(r"{[^}]+}", chinese) == re.findall(r"{[^}]+}", WORDS["en"][key])


def test_csv_has_every_block_and_runs_no_formula() -> None:
    issue = shipped_issue(REAL_ISSUE)
    rows = list(csv.DictReader(io.StringIO(issues_csv([issue]))))
    assert len(rows) == sum(len(article.blocks) for article in issue.articles)
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["label_zh"] == "中央指示"
    formula = Issue(id="x", articles=(Article(id="a", blocks=(Block(id="b", text="=1+1"),)),))
    assert next(csv.DictReader(io.StringIO(issues_csv([formula]))))["text"] == "'=1+1"


def test_text_shows_labels_and_headlines() -> None:
    told = issue_text(evil_issue())
    assert "[其他 31% 需编辑确认]" in told
    assert "⚠" in told
    assert issue_text(shipped_issue(REAL_ISSUE)).count("[") >= 68
