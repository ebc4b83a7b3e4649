"""One form of width and spacing for the models, whatever the print."""

from __future__ import annotations

import pytest

from banmian.data.text import model_text, printed_places


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("会议强调,要抓好春耕.", "会议强调，要抓好春耕。"),
        ("会议强调.市长说:“好.”", "会议强调。市长说：“好。”"),
        ("供水３６．５万吨,增长3.5%.", "供水36.5万吨，增长3.5%."),
        ("1,000人 8:30到", "1,000人8:30到"),
        ("见www.gov.cn.cn网", "见www.gov.cn.cn网"),
        ("2 月 12日，5G Cloud 上线", "2月12日，5G Cloud上线"),
    ],
)
def test_width_and_spacing(printed: str, read: str) -> None:
    assert model_text(printed) == read


def test_a_stop_stands_where_its_point_is_printed() -> None:
    made, places = printed_places("抓好 春耕.再说")
    assert made == "抓好春耕。再说"
    assert places == [0, 1, 3, 4, 5, 6, 7]
