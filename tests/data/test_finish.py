"""The name of a series behind a headline goes where the article does not say it."""

from __future__ import annotations

import pytest

from banmian.data.finish import without_label

ARTICLE = "市水务集团发布第12号通告，对老旧小区供水管网进行改造。"


@pytest.mark.parametrize(
    ("headline", "printed"),
    [
        ("管网改造 民心工程（现场评论·走向小康（28））", "管网改造 民心工程"),
        ("管网改造(新观察(上))", "管网改造"),
        ("老旧小区管网改造（第12号）", "老旧小区管网改造（第12号）"),
        ("老旧（小区）管网改造", "老旧（小区）管网改造"),
        ("（新观察）", "（新观察）"),
        ("管网改造", "管网改造"),
    ],
)
def test_labels_of_series(headline: str, printed: str) -> None:
    assert without_label(headline, ARTICLE) == printed
