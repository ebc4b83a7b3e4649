"""The written issues as committed, and what the data card says of them."""

from __future__ import annotations

from collections import Counter

import pytest

from banmian.data.check import check_labelled
from banmian.data.issue import Issue, load_issue
from banmian.data.labels import LABELS
from banmian.data.shipped import issues_folder, shipped_issue, written_issues

SERIES = {"clean": range(11, 31), "grey": range(31, 40), "dense": range(40, 48)}
#: Issues, articles, subheads, and paragraphs by label in LABELS' order, as the data card prints them.
COUNTS = {
    "clean": (20, 160, 24, (146, 256, 235, 361, 91)),
    "grey": (9, 72, 81, (58, 106, 73, 409, 36)),
    "dense": (8, 72, 65, (54, 135, 77, 291, 31)),
}


@pytest.fixture(scope="module")
def issues() -> list[Issue]:
    return written_issues()


def test_thirty_seven_issues_of_two_thousand_paragraphs(issues: list[Issue]) -> None:
    assert [issue.id for issue in issues] == [f"written-{n}" for numbers in SERIES.values() for n in numbers]
    assert sum(len(issue.articles) for issue in issues) == 304
    assert sum(1 for issue in issues for _ in issue.body()) == 2359


@pytest.mark.parametrize("series", SERIES)
def test_the_counts_of_the_data_card(series: str) -> None:
    issues = [shipped_issue(f"written-{n}") for n in SERIES[series]]
    labels = Counter(block.label for issue in issues for _, block in issue.body())
    articles = [article for issue in issues for article in issue.articles]
    subheads = sum(block.role == "subhead" for article in articles for block in article.blocks)
    assert COUNTS[series] == (len(issues), len(articles), subheads, tuple(labels[label] for label in LABELS))


def test_each_is_said_to_be_written(issues: list[Issue]) -> None:
    assert {issue.source for issue in issues} == {"written"}


def test_each_is_fit_to_train_on(issues: list[Issue]) -> None:
    for issue in issues:
        assert check_labelled(issue, issues_folder() / issue.id / "issue.json") == []


def test_every_article_has_a_headline_and_a_body(issues: list[Issue]) -> None:
    for issue in issues:
        for article in issue.articles:
            assert article.headline.main, (issue.id, article.id)
            assert article.body, (issue.id, article.id)


def test_no_paragraph_stands_in_two_issues_under_two_labels(issues: list[Issue]) -> None:
    seen: dict[str, tuple[str, str | None]] = {}
    for issue in issues:
        for _, block in issue.body():
            if len(block.text) < 12:
                continue
            before = seen.setdefault(block.text, (issue.id, block.label))
            assert before[1] == block.label, (before, issue.id, block.id)


def test_the_template_is_an_issue() -> None:
    template = load_issue(issues_folder() / "TEMPLATE.json")
    assert check_labelled(template, issues_folder() / "TEMPLATE.json") == []
