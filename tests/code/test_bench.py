"""The bench: what it prints, and that its scores tell right from wrong readings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from banmian.data.bench import Layout, bench, layouts, render
from banmian.data.issue import Article, Block, Headline, Issue
from banmian.data.lines import cells
from banmian.data.reading import Score, score
from banmian.data.shipped import shipped_issue
from banmian.data.spans import locate
from banmian.data.text import squeeze

ISSUE = Issue(
    id="two",
    articles=(
        Article(
            id="a1",
            headline=Headline(main=("供水改造提速",)),
            blocks=(
                Block(id="a1b1", text="供水改造于本月启动，涉及居民一百二十户。"),
                Block(id="a1b2", text="居民说，水压足了。"),
            ),
        ),
        Article(
            id="a2",
            headline=Headline(kicker=("市气象台发布",), main=("明日有雨",)),
            blocks=(Block(id="a2b1", text="受冷空气影响，明日本市有小到中雨，请注意添衣。"),),
        ),
    ),
)
PAGE = render(ISSUE, Layout(width=None))


@pytest.mark.parametrize("layout", [*layouts("development")[::9], *layouts("held out")[::9]])
def test_a_rendered_page_holds_every_character_once(layout: Layout) -> None:
    issue = shipped_issue("written-16")
    page = render(issue, layout)
    spans = locate(issue, page)
    assert sum(span.end - span.start for span in spans) == len(squeeze(page))
    assert page == render(issue, layout)
    if layout.width:
        body = [cells(line) for line in page.split("\n") if "。" in line]
        assert max(body) <= layout.width + layout.vary + (0.5 * layout.width if layout.tight else 4)


def test_marks_do_not_start_a_line() -> None:
    for hang in (True, False):
        page = render(shipped_issue("written-16"), Layout(width=15, hang=hang))
        assert not [line for line in page.split("\n") if line[:1] in {"，", "。", "、", "”"}]


def test_the_truth_scores_one() -> None:
    result = score(ISSUE, ISSUE, PAGE)
    assert (result.paragraph_f1, result.article_f1, result.roles, result.parts, result.lost) == (
        1,
        1,
        1,
        1,
        0,
    )
    assert result.paragraph_true == 6
    assert result.article_true == 1


def test_joined_paragraphs_cost_two_boundaries() -> None:
    first, second = ISSUE.articles
    joined = Block(id="a1b1", text="".join(block.text for block in first.body))
    read = ISSUE.model_copy(update={"articles": (first.model_copy(update={"blocks": (joined,)}), second)})
    result = score(read, ISSUE, PAGE)
    assert result.paragraph_errors == 2
    assert result.paragraph_f1 == pytest.approx(2 * 4 / (4 + 6))


def test_a_headline_given_to_the_wrong_article_moves_the_boundary() -> None:
    first, second = ISSUE.articles
    taken = first.headline.model_copy(update={"deck": second.headline.kicker})
    left = second.headline.model_copy(update={"kicker": ()})
    read = ISSUE.model_copy(
        update={
            "articles": (
                first.model_copy(update={"headline": taken}),
                second.model_copy(update={"headline": left}),
            )
        }
    )
    result = score(read, ISSUE, PAGE)
    assert result.article_f1 == 0
    assert result.roles == 1
    assert result.parts < 1


def test_lost_characters_are_counted() -> None:
    first, second = ISSUE.articles
    read = ISSUE.model_copy(update={"articles": (first.model_copy(update={"headline": Headline()}), second)})
    assert score(read, ISSUE, PAGE).lost == len("供水改造提速")


def test_scores_add_up() -> None:
    assert Score(1, 2, 3) + Score(1, 1, 1) == Score(2, 3, 4)


def test_held_out_issues_in_held_out_layouts_read_well() -> None:
    """A floor well under the measured scores, over a sample: the table itself is `banmian eval`'s."""
    issues = [shipped_issue(f"written-{number}") for number in (33, 38, 44)]
    everything = bench(issues, layouts("held out")[::6], stride=3)["all"]
    assert everything.paragraph_f1 > 0.95
    assert everything.article_f1 > 0.85
    assert everything.roles > 0.97
    assert everything.lost == 0


def test_layouts_for_fitting_and_for_holding_out_differ() -> None:
    plain = [
        {replace(layout, headlines_after=False) for layout in layouts(which)}
        for which in ("development", "held out")
    ]
    widths = [{layout.width for layout in some} - {None} for some in plain]
    assert widths[0].isdisjoint(widths[1])
