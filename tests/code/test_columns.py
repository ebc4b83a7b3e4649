"""Which columns make an article: sheets made by hand, each for one sign."""

from __future__ import annotations

import pytest

from banmian.data.geometry import Box, Glyph, Run, Sheet
from banmian.data.geometry_chains import Chain, read_across
from banmian.data.geometry_reader import read_sheets
from banmian.data.geometry_runs import runs_of
from banmian.data.geometry_stacks import Row, Stack
from banmian.data.geometry_strips import Strip

EM, WIDE = 10.0, 14


def line(text: str, left: float, top: float, size: float = EM) -> Run:
    return Run(text, left, top, left + len(text) * size, top + size, size)


def upright(text: str, left: float, top: float, size: float) -> Run:
    return Run(text, left, top, left + size, top + len(text) * size, size, vertical=True)


def column(text: str, left: float, top: float, *, indents: tuple[int, ...] = ()) -> list[Run]:
    """``text`` in lines of WIDE characters, 15 units apart; the lines ``indents`` begin two ems in."""
    runs, at = [], 0
    number = 0
    while at < len(text):
        room = WIDE - 2 if number in indents else WIDE
        runs.append(line(text[at : at + room], left + (WIDE - room) * EM, top + 15 * number))
        at, number = at + room, number + 1
    return runs


def sheet(*runs: Run, **drawn: list[Box]) -> Sheet:
    return Sheet(700.0, 900.0, list(runs), **drawn)


def read(*runs: Run, **drawn: list[Box]) -> dict[str, str]:
    """The text under each headline."""
    articles = read_sheets([sheet(*runs, **drawn)]).articles
    return {
        "".join(article.headline.main) if article.headline else "": "".join(b.text for b in article.blocks)
        for article in articles
    }


WATER = "改造期间抢修人员夜间施工白天供水尽量减少对居民生活的影响全部管网将于本月底以前完工涉及居民一百二十"
MORE_WATER = (
    "户届时水压可以恢复到改造以前的水平市水务局说管网用了四十年锈蚀的水管要一段一段换下来"
    "居民说水压足了做饭也快。"
)
RAIN = (
    "受冷空气影响明日本市有小到中雨气温下降六到八度气象台提醒市民添衣出门带伞农户要抢收晚稻并疏通沟渠排水防"
)
MORE_RAIN = (
    "涝山区注意山洪和塌方城区低洼路段可能积水交警将在路口值守公交车绕行线路见站牌雨停以后恢复原来的线路。"
)


def test_columns_beside_a_headline_over_one_column_go_on_with_its_article() -> None:
    found = read(
        line("供水改造提速", 40, 40, 20),
        *column(WATER, 40, 70),
        *column(MORE_WATER, 200, 40),
        line("明日有雨", 40, 160, 20),
        *column(RAIN, 40, 190),
        *column(MORE_RAIN, 200, 160),
    )
    assert found == {"供水改造提速": WATER + MORE_WATER, "明日有雨": RAIN + MORE_RAIN}


def test_a_first_column_left_of_its_headline_is_read_before_what_stands_under_it() -> None:
    found = read(
        *column(WATER, 40, 40),
        line("供水改造提速", 200, 40, 20),
        *column(MORE_WATER, 200, 70),
    )
    assert found == {"供水改造提速": WATER + MORE_WATER}


def test_a_byline_does_not_part_a_first_column_from_the_headline_beside_it() -> None:
    found = read_sheets(
        [
            sheet(
                line("本报记者 张晓", 50, 40),
                *column(WATER, 40, 72),
                line("供水改造提速", 200, 40, 20),
                line("居民说水压足了", 200, 66, 20),
                *column(MORE_WATER, 200, 100),
            )
        ]
    )
    (article,) = found.articles
    assert article.byline == "本报记者 张晓"
    assert "".join(block.text for block in article.blocks) == WATER + MORE_WATER


def test_a_choice_made_early_is_taken_back_for_what_comes_later() -> None:
    """Both left columns could go on with the middle one; the right one fits only the lower article."""
    found = read(
        line("供水改造提速", 40, 40, 20),
        *column(WATER, 40, 70),
        line("明日有雨", 40, 160, 20),
        *column(RAIN, 40, 190),
        *column(MORE_RAIN, 200, 160),
        *column(MORE_WATER, 200, 40),
        rules=[(40, 145, 360, 146)],
    )
    assert found == {"供水改造提速": WATER + MORE_WATER, "明日有雨": RAIN + MORE_RAIN}


def test_a_picture_of_the_block_above_does_not_lift_a_column_to_that_blocks_vertical_headline() -> None:
    found = read(
        upright("供水改造提速", 40, 40, 20),
        *column(WATER + MORE_WATER, 70, 40),
        upright("明日有雨", 40, 300, 20),
        *column(RAIN, 70, 300),
        *column(MORE_RAIN, 230, 300),
        pictures=[(230, 60, 370, 290)],
    )
    assert found == {"供水改造提速": WATER + MORE_WATER, "明日有雨": RAIN + MORE_RAIN}


def test_a_byline_under_one_headline_is_not_the_neighbours_whose_white_ends_there() -> None:
    articles = read_sheets(
        [
            sheet(
                line("供水改造提速供水改造提速", 40, 40, 20),
                *column(WATER, 40, 110),
                *column(MORE_WATER, 200, 110),
                line("明日有雨明日有雨", 360, 40, 20),
                line("本报记者 张晓", 360, 66),
                *column(RAIN, 360, 95),
                *column(MORE_RAIN, 520, 95),
            )
        ]
    ).articles
    assert [article.byline for article in articles] == ["", "本报记者 张晓"]


def glyphs(text: str, left: float, top: float) -> list[Glyph]:
    return [Glyph(c, left + EM * i, top, left + EM * (i + 1), top + EM, EM) for i, c in enumerate(text)]


@pytest.mark.parametrize("reverse", [False, True])
def test_a_mark_that_hangs_in_the_gutter_does_not_join_two_columns(reverse: bool) -> None:
    lines = [glyphs("涉及居民一百二十户。", 40, 40), glyphs("气象台提醒市民添衣", 142.8, 40)]
    if reverse:
        lines.reverse()
    found = runs_of([glyph for one in lines for glyph in one])
    assert sorted(run.text for run in found) == ["气象台提醒市民添衣", "涉及居民一百二十户。"]


def test_a_widely_set_line_is_one_run_also_after_its_marks() -> None:
    wide = [
        Glyph(c, 40 + 12.8 * i, 40, 50 + 12.8 * i, 50, EM)
        for i, c in enumerate("雨停以后，恢复原来的线路。请看")
    ]
    assert [run.text for run in runs_of(wide)] == ["雨停以后，恢复原来的线路。请看"]


def chain(text: str) -> Chain:
    stack = Stack([Row([run]) for run in column(text, 40, 40)])
    stack.measure()
    return Chain([Strip(stack, 40, 40 + WIDE * EM, 1, EM)])


def test_a_word_cut_by_a_break_and_a_quotation_left_open_speak_for_going_on() -> None:
    above, below = chain("居民“水压足了做饭也快涉及居"), chain("民”一百二十户")
    signs = read_across(above, below, "涉及居民一百二十户居民说", indents=False)
    assert signs["none:open/plain"] == 1.0
    assert signs["joined:seen"] > 1.0
    assert signs["joined:word"] == 1.0
    assert signs["quoted:closed"] == 1.0
    assert "quoted:never open" in read_across(chain("水压足了。"), below, "", indents=False)


def test_a_picture_between_two_blocks_goes_by_its_captions_words() -> None:
    articles = read_sheets(
        [
            sheet(
                line("供水改造提速", 40, 40, 20),
                *column(WATER + MORE_WATER, 40, 70),
                line("市民在抢收晚稻。王明 摄", 40, 350, 8.5),
                line("明日有雨", 40, 380, 20),
                *column(RAIN + MORE_RAIN, 40, 410),
                pictures=[(40, 200, 180, 345)],
            )
        ]
    ).articles
    assert [article.captions for article in articles] == [(), ("市民在抢收晚稻。王明 摄",)]


def test_a_page_of_gaps_has_no_indents_though_its_one_signature_stands_in() -> None:
    signed = [line("市水务局", 140, 228), line("2020年2月13日", 80, 243)]
    found = read_sheets(
        [
            sheet(
                line("供水改造提速", 40, 40, 20),
                *column(WATER[:50] + "。", 40, 70),
                *column(MORE_WATER[:48], 40, 150),
                *signed,
                *column(RAIN[:44] + "。", 200, 70),
                *column(MORE_RAIN[:40], 200, 150),
            )
        ]
    ).articles
    assert [len(article.blocks) for article in found] == [4]


def test_text_at_the_head_of_the_next_page_goes_on_also_after_a_full_stop() -> None:
    ended = WATER[:41] + "。"
    one = sheet(line("供水改造提速", 40, 40, 20), *column(ended, 40, 70))
    other = sheet(*column(MORE_WATER, 40, 40), line("明日有雨", 40, 150, 20), *column(RAIN, 40, 180))
    found = read_sheets([one, other]).articles
    assert ["".join(block.text for block in article.blocks) for article in found] == [
        ended + MORE_WATER,
        RAIN,
    ]


def test_a_row_in_a_sentence_is_no_byline_though_it_looks_like_one() -> None:
    text = "接种点秩序良好，志愿者在门口引导居民排队。记者从市卫健委获悉，全市已有九万学生完成首剂接种。"
    lines = [line(text[at : at + 7], 40, 70 + 15 * (at // 7)) for at in range(0, len(text), 7)]
    (article,) = read_sheets([sheet(line("第一针", 40, 40, 20), *lines)]).articles
    assert article.byline == ""
    assert [block.text for block in article.blocks] == [text]
