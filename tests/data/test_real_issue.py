"""The real issue as committed: its text, its cut into paragraphs, its labels and its split."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from banmian.data.agreement import Reading, agreement
from banmian.data.check import characters, check_labelled
from banmian.data.errors import BanmianError
from banmian.data.issue import Issue
from banmian.data.shipped import REAL_ISSUE, issues_folder, shipped_issue
from banmian.data.split import draw_split, load_split
from banmian.data.strict import read_json
from banmian.data.text import squeeze

FOLDER = issues_folder() / REAL_ISSUE
PAGE_SHA256 = "ca431e6aba4c57a7ebc2f1f697a9b274c1537945d36a9bfb49acc89ffc573daa"


@pytest.fixture(scope="module")
def issue() -> Issue:
    return shipped_issue(REAL_ISSUE)


def test_the_page_is_the_text_that_came_out_of_the_pdf() -> None:
    assert hashlib.sha256((FOLDER / "page.txt").read_bytes()).hexdigest() == PAGE_SHA256


def test_every_printed_character_stands_in_exactly_one_field(issue: Issue) -> None:
    page = (FOLDER / "page.txt").read_text(encoding="utf-8")
    assert characters(issue) == Counter(squeeze(page))


def test_no_paragraph_was_retyped(issue: Issue) -> None:
    page = squeeze((FOLDER / "page.txt").read_text(encoding="utf-8"))
    position = 0
    for _, block in issue.body():
        found = page.find(squeeze(block.text), position)
        assert found >= 0, block.id
        position = found + len(squeeze(block.text))


def test_seven_articles_and_sixty_eight_paragraphs(issue: Issue) -> None:
    assert [len(article.body) for article in issue.articles] == [7, 5, 4, 8, 9, 28, 7]
    assert sum(block.role == "subhead" for a in issue.articles for block in a.blocks) == 5
    assert all(article.headline.main for article in issue.articles)
    assert check_labelled(issue, FOLDER / "issue.json") == []


def test_no_paragraph_ends_or_begins_inside_a_sentence(issue: Issue) -> None:
    for _, block in issue.body():
        assert block.text[-1] in "。：；！？”…" or block.text.endswith("供 电 。"), block.id
        assert block.text[0] not in "，。、；：！？”）", block.id


def test_the_labels_counted_in_the_data_card(issue: Issue) -> None:
    counts = Counter(block.label for _, block in issue.body())
    assert counts == {
        "central_directive": 7,
        "local_meeting": 12,
        "public_notice": 8,
        "livelihood_report": 41,
    }


def test_the_split_is_the_drawn_one_and_tests_every_label_on_the_page(issue: Issue) -> None:
    parts = load_split(FOLDER)
    assert parts == draw_split(issue, seed=20200213)
    label_of = {block.id: block.label for _, block in issue.body()}
    assert {part: len(ids) for part, ids in parts.items()} == {"train": 41, "validation": 10, "test": 17}
    for ids in parts.values():
        assert {label_of[i] for i in ids} == set(label_of.values())


def test_the_second_reading_agrees_as_the_data_card_says(issue: Issue) -> None:
    second = read_json(Reading, FOLDER / "second_reading.json")
    first = {block.id: block.label for _, block in issue.body() if block.label}
    result = agreement(first, second.labels)
    assert second.issue == issue.id
    assert (result.paragraphs, result.share, result.kappa, result.disputed) == (68, 1.0, 1.0, ())
    assert second.doubt == ("a3b2", "a3b3", "a3b4", "a5b5")


def test_an_issue_that_is_not_shipped_is_named() -> None:
    with pytest.raises(
        BanmianError, match=r"expected the id of a shipped issue, found '2020-02-14-nowhere'\."
    ):
        shipped_issue("2020-02-14-nowhere")
