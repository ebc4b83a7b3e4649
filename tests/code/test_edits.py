"""Headlines edited on the page: held against their articles, kept, and offered for download."""

from __future__ import annotations

import asyncio
import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from banmian.data.issue import Article, Block, Headline, Issue, Written, parse_issue
from banmian.serving.clerk import Analysis, Clerk
from banmian.serving.edits import edited

BODY = Block(id="a1b1", text="本报讯 昨日，市图书馆新馆对外开放，首日接待读者3200人次。")
WROTE = Written(headline="新馆开放", supported=True, method="model", candidates=("新馆开放", "图书馆开放"))
ISSUE = Issue(
    id="一版",
    articles=(
        Article(id="a1", headline=Headline(main=("开馆",)), blocks=(BODY,), written=WROTE),
        Article(id="a2", headline=Headline(main=("只有标题",))),
    ),
)


def after(**headlines: str) -> Written | None:
    return edited(ISSUE, headlines).articles[0].written


def test_an_editors_headline_is_held_against_its_article() -> None:
    written = after(a1=" 新馆首日迎客5000人次 ", a2="题")
    assert written is not None
    assert (written.headline, written.method, written.supported) == ("新馆首日迎客5000人次", "editor", False)
    assert [span.text for span in written.unsupported] == ["5000"]
    assert edited(ISSUE, {"a2": "题"}).articles[1] == ISSUE.articles[1]


def test_another_of_the_models_is_still_the_models() -> None:
    written = after(a1="图书馆开放")
    assert written is not None
    assert (written.headline, written.method, written.supported) == ("图书馆开放", "model", True)


@pytest.mark.parametrize("headline", ["", "  ", "新馆开放"])
def test_a_blank_one_and_the_same_change_nothing(headline: str) -> None:
    assert edited(ISSUE, {"a1": headline}) == ISSUE


def keep(analysis: Analysis | None, asked: Any) -> list[Any]:
    clerk = Clerk(None)  # type: ignore[arg-type]  # what is kept asks nothing of the service
    made = asyncio.run(clerk.keep(analysis, asked))
    return [clerk, *made]


def test_what_is_kept_is_what_is_downloaded_and_can_be_taken_back() -> None:
    asked = {"headlines": [{"article": "a1", "headline": "读者首日3200人次"}]}
    clerk, analysis, as_json, as_csv = keep(Analysis(ISSUE, 0.1), asked)
    assert parse_issue(Path(as_json).read_text(encoding="utf-8")) == analysis.issue
    assert analysis.issue.articles[0].written.headline == "读者首日3200人次"
    with Path(as_csv).open(encoding="utf-8-sig", newline="") as file:
        assert [row["written_headline"] for row in csv.DictReader(file)] == ["读者首日3200人次"]
    back = {"headlines": [{"article": "a1", "headline": "新馆开放"}]}
    (again, *_) = asyncio.run(clerk.keep(analysis, back))
    assert again.issue == again.written == ISSUE


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"headlines": [{"article": "a1"}]},
        {"headlines": [{"article": "a1", "headline": "好" * 501}]},
        None,
    ],
)
def test_what_is_no_edit_changes_nothing(asked: Any) -> None:
    assert keep(Analysis(ISSUE, 0.1), asked)[1:] == [gr.skip()] * 3


def test_without_a_page_there_is_nothing_to_edit() -> None:
    assert keep(None, {"headlines": []})[1:] == [gr.skip()] * 3


def test_the_page_says_that_it_was_edited() -> None:
    issue = edited(ISSUE, {"a1": "读者首日3200人次"})
    html = replace(Analysis(ISSUE, 0.1), issue=issue).html("zh")
    assert "编辑改定" in html
    assert "data-article='a1'" in html
