"""Sheets made by hand: what the geometry makes of columns, headlines, frames, pictures and bands."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banmian.data.errors import BanmianError
from banmian.data.geometry import Box, Run, Sheet
from banmian.data.geometry_reader import read_sheets
from banmian.data.issue import Issue, parse_issue
from banmian.data.spans import characters
from banmian.data.text import squeeze

EM = 10.0
LEFT, RIGHT = 40.0, 270.0
FIRST = ["改造期间抢修人员实行夜间施工和白天供水", "的办法，尽量减少对于居民生活的影响，全部"]
SECOND = ["管网将于本月底以前完工，涉及居民一百二十", "户，届时水压可以恢复到改造以前的水平。"]


def line(text: str, left: float, top: float, size: float = EM, **more: object) -> Run:
    return Run(text, left, top, left + len(text) * size, top + size, size, **more)  # type: ignore[arg-type]


def column(lines: list[str], left: float, top: float, indents: tuple[int, ...] = (0,)) -> list[Run]:
    return [line(text, left + (2 * EM if i in indents else 0), top + 15 * i) for i, text in enumerate(lines)]


def paragraphs(count: int, mark: str = "") -> tuple[list[str], tuple[int, ...]]:
    """``count`` paragraphs of three lines, the first of each indented."""
    lines: list[str] = []
    for number in range(count):
        opening = f"{mark}第{number}段改造期间抢修人员夜间施工白天供水保证"[:18]
        lines += [opening, FIRST[1], f"居民说水压足了{number}。"]
    return lines, tuple(range(0, 3 * count, 3))


def sheet(*runs: Run, **drawn: list[Box]) -> Sheet:
    return Sheet(600.0, 800.0, list(runs), **drawn)


def texts(issue: Issue) -> list[list[str]]:
    return [[block.text for block in article.blocks] for article in issue.articles]


def test_columns_are_read_one_after_another_and_a_paragraph_goes_on_across() -> None:
    left, right = paragraphs(2)[0] + FIRST, SECOND + paragraphs(1, "又")[0]
    issue = read_sheets(
        [
            sheet(
                line("供水改造提速", 120, 60, 24),
                *column(right, RIGHT, 100, (2,)),
                *column(left, LEFT, 100, (0, 3, 6)),
            )
        ]
    )
    (article,) = issue.articles
    assert article.headline.main == ("供水改造提速",)
    assert [block.text[:4] for block in article.blocks] == ["第0段改", "第1段改", "改造期间", "又第0段"]
    across = article.blocks[2]
    assert across.text == "".join(FIRST + SECOND)
    assert [place.page for place in across.places] == [1, 1]
    first, second = (place.box for place in across.places)
    assert first is not None
    assert second is not None
    assert first[0] == pytest.approx(LEFT / 600, abs=0.001)
    assert second[0] == pytest.approx(RIGHT / 600, abs=0.001)
    assert second[1] == pytest.approx(100 / 800, abs=0.001)


def test_a_vertical_line_beside_a_headline_is_its_kicker() -> None:
    upright = Run("市水务局", 40, 60, 52, 108, 12.0, vertical=True)
    lines, indents = paragraphs(4)
    issue = read_sheets(
        [sheet(upright, line("供水改造提速", 70, 66, 28), *column(lines, LEFT, 130, indents))]
    )
    (article,) = issue.articles
    assert (article.headline.kicker, article.headline.main) == (("市水务局",), ("供水改造提速",))


def test_smaller_type_above_and_below_is_kicker_and_deck() -> None:
    lines, indents = paragraphs(4)
    issue = read_sheets(
        [
            sheet(
                line("市水务局部署", 60, 40, 14),
                line("供水改造提速", 60, 60, 24),
                line("涉及居民一百二十户", 60, 90, 14),
                *column(lines, LEFT, 120, indents),
            )
        ]
    )
    head = issue.articles[0].headline
    assert (head.kicker, head.main, head.deck) == (
        ("市水务局部署",),
        ("供水改造提速",),
        ("涉及居民一百二十户",),
    )


def test_a_frame_holds_an_article_of_its_own() -> None:
    lines, indents = paragraphs(8)
    boxed = ["为了居民的用水安全，自本月八日起", "分区停水，请提前储水备用。"]
    issue = read_sheets(
        [
            sheet(
                line("供水改造提速", 40, 60, 24),
                *column(lines, LEFT, 100, indents),
                line("停水通告", RIGHT + 40, 110, 16),
                *column(boxed, RIGHT + 10, 140),
                frames=[(RIGHT, 100, RIGHT + 220, 180)],
            )
        ]
    )
    assert [article.headline.main for article in issue.articles] == [("供水改造提速",), ("停水通告",)]
    assert texts(issue)[1] == ["".join(boxed)]


def test_small_type_under_a_picture_is_its_caption() -> None:
    lines, indents = paragraphs(8)
    issue = read_sheets(
        [
            sheet(
                line("供水改造提速", 40, 60, 24),
                *column(lines, LEFT, 100, indents),
                line("工人在更换阀门。王明 摄", RIGHT, 254, 8.5),
                pictures=[(RIGHT, 100, RIGHT + 200, 250)],
            )
        ]
    )
    (article,) = issue.articles
    assert article.captions == ("工人在更换阀门。王明 摄",)
    assert len(article.blocks) == 8


def test_the_bands_are_furniture() -> None:
    lines, indents = paragraphs(6)
    issue = read_sheets(
        [
            sheet(
                line("某某日报", 40, 10, 9),
                line("2020年2月13日 星期四", 250, 10, 9),
                line("第02版", 520, 10, 9),
                line("供水改造提速", 40, 60, 24),
                *column(lines, LEFT, 100, indents),
                rules=[(40, 24, 560, 25)],
            )
        ]
    )
    assert sorted(issue.furniture) == ["2020年2月13日 星期四", "某某日报", "第02版"]
    assert len(issue.articles) == 1


def test_pages_follow_each_other_with_their_numbers() -> None:
    lines, indents = paragraphs(6)
    one = sheet(line("供水改造提速", 40, 60, 24), *column(lines, LEFT, 100, indents))
    other = sheet(line("明日有雨", 40, 60, 24), *column(lines, LEFT, 100, indents))
    issue = read_sheets([one, sheet(), other], id="pages")
    assert [article.headline.main for article in issue.articles] == [("供水改造提速",), ("明日有雨",)]
    assert {place.page for place in issue.articles[1].blocks[0].places} == {3}
    assert issue.id == "pages"


def test_a_paragraph_is_as_sure_as_its_characters_on_average() -> None:
    lines, indents = paragraphs(5)
    runs = column(lines, LEFT, 100, indents)
    for i, run in enumerate(runs):
        run.score = 0.5 if i == 0 else 1.0
    scanned = sheet(line("供水改造提速", 40, 60, 24, score=0.9), *runs)
    scanned.coarse = True
    first, *rest = read_sheets([scanned]).articles[0].blocks
    size = len(first.text)
    assert first.recognition == pytest.approx((0.5 * len(lines[0]) + size - len(lines[0])) / size, abs=1e-4)
    assert {block.recognition for block in rest} == {1.0}


def test_print_that_was_never_recognised_says_nothing_of_it() -> None:
    lines, indents = paragraphs(3)
    issue = read_sheets([sheet(*column(lines, LEFT, 100, indents))])
    assert all(block.recognition is None for block in issue.articles[0].blocks)


def test_nothing_printed_is_refused() -> None:
    with pytest.raises(BanmianError) as caught:
        read_sheets([sheet()], source="blank.pdf")
    assert str(caught.value) == (
        "blank.pdf: expected a page with text, found none. Scan the page at 150 dpi or more."
    )


TEXTS = st.sampled_from(
    ["供水改造提速", "的", "本报记者 张晓", "2020年2月12日", "第02版", *FIRST, *SECOND, "王明 摄", "A", "，"]
)
RUNS = st.builds(
    lambda text, left, top, size, upright, sure: (
        Run(text, left, top, left + size, top + len(text) * size, size, vertical=True, score=sure)
        if upright
        else line(text, left, top, size, score=sure)
    ),
    TEXTS,
    st.floats(0, 590),
    st.floats(0, 790),
    st.sampled_from([1.0, 8.0, 10.0, 10.0, 10.0, 24.0]),
    st.booleans(),
    st.sampled_from([None, 0.5, 1.0]),
)
BOXES = st.lists(
    st.tuples(st.floats(0, 300), st.floats(0, 400), st.floats(300, 600), st.floats(400, 800)), max_size=4
)


@settings(max_examples=100, deadline=None)
@given(st.lists(RUNS, min_size=1, max_size=30), BOXES, BOXES, BOXES, st.booleans())
def test_whatever_the_sheet_nothing_is_lost(
    runs: list[Run], rules: list[Box], frames: list[Box], pictures: list[Box], coarse: bool
) -> None:
    made = Sheet(600.0, 800.0, runs, rules, frames, pictures, coarse)
    issue = read_sheets([made])
    assert characters(issue) == Counter(char for run in runs for char in squeeze(run.text))
    assert parse_issue(issue.to_json()) == issue
    for article in issue.articles:
        for block in article.blocks:
            assert block.places
            assert all(place.box and 0 <= min(place.box) <= max(place.box) <= 1 for place in block.places)
