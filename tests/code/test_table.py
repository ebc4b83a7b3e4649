from banmian.eval.intervals import Measured
from banmian.eval.table import Table, interval, score, width

TABLE = Table("分数", ("段落", "model", "F1"), (("真实", "a|b", ".9"), ("x", "c", "1.000")), left=2)


def test_chinese_characters_take_two_columns() -> None:
    assert width("F1（甲）") == 8
    assert TABLE.plain() == (
        "分数\n段落  model     F1\n────  ─────  ─────\n真实  a|b       .9\nx     c      1.000"
    )


def test_markdown_escapes_bars_and_sets_numbers_right() -> None:
    assert TABLE.markdown() == (
        "**分数**\n\n| 段落 | model | F1 |\n| --- | --- | ---: |\n| 真实 | a\\|b | .9 |\n| x | c | 1.000 |"
    )


def test_a_table_without_rows_is_its_head() -> None:
    assert Table("无", ("a", "b"), ()).plain() == "无\na  b\n─  ─"


def test_scores_in_three_digits() -> None:
    assert [score(value) for value in (0.9344, 0.9996, 1.0, 0.0, None)] == [
        ".934",
        "1.000",
        "1.000",
        ".000",
        "–",
    ]
    measured = Measured(value=0.9, low=0.8, high=1.0, unit="article", units=3)
    assert interval(measured) == ".900 [.800, 1.000]"
    worse = Measured(value=-0.05, low=-0.1, high=0.02, unit="article", units=3)
    assert interval(worse, signed=True) == "-.050 [-.100, +.020]"
