"""Whatever the page, nothing is lost: every non-blank character lands in exactly one field."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from banmian.data.issue import Issue, parse_issue
from banmian.data.page import read_page
from banmian.data.spans import fields
from banmian.data.text import squeeze

LINES = (
    "市委常委会召开会议",
    "本报记者 张 晓",
    "通讯员/陈向阳",
    "（记者 王明 李红）",
    "新华社北京2月12日电",
    "本报讯 昨日，",
    "2020年2月12日",
    "市水务局",
    "——来自一线的报道",
    "责编：王明",
    "2020-02-13 来源：本市日报 浏览量 12",
    "工人在更换阀门。王明 摄",
    "一、停水时间为3月8日。",
    "……",
    "？",
    "，",
    "”",
    "的",
    "A",
    "water pipes",
    "1387",
    "\u3000\u3000改造期间，抢修人员实行夜间施工、白天供水，",
    "尽量减少对居民生活的影响。",
    "人员实行夜间施工白天供水尽量减少",
    "",
    "   ",
    "\f",
)


def kept(issue: Issue) -> Counter[str]:
    return Counter(char for _, _, text in fields(issue) for char in squeeze(text))


def check(page: str) -> None:
    if not page.strip():
        return
    issue = read_page(page)
    assert kept(issue) == Counter(squeeze(page))
    assert parse_issue(issue.to_json()) == issue
    taken: list[tuple[int, int]] = []
    for article in issue.articles:
        for block in article.blocks:
            spans = [(place.start or 0, place.end or 0) for place in block.places]
            assert squeeze("".join(page[start:end] for start, end in spans)) == squeeze(block.text)
            taken += spans
    taken.sort()
    assert all(above[1] <= below[0] for above, below in pairwise(taken))


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=300))
@example("\x00\x1f\x7f")
@example("a\x1cb\x85c\u2028d\u2029e")
@example("\ufeff水\u200b管")
@example("🇨🇳👨‍👩‍👧 水管\n改造")
def test_any_text(page: str) -> None:
    check(page)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=40), st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_any_order_of_a_page_s_usual_lines(lines: list[str], between: str) -> None:
    check(between.join(lines))


@settings(max_examples=50, deadline=None)
@given(st.text("市委会召开，。！？“”（）记者摄 \n", min_size=1, max_size=600))
def test_any_mixture_of_marks_and_breaks(page: str) -> None:
    check(page)
