"""Traditional characters: recognised, read as simplified ones, and put back into a headline."""

from __future__ import annotations

import pytest

from banmian.data.script import as_printed, is_traditional, simplified, traditional_of
from banmian.data.shipped import written_issues


def test_every_shipped_paragraph_is_simplified_and_its_conversion_traditional() -> None:
    paragraphs = [block.text for issue in written_issues()[:6] for _, block in issue.body()]
    long = [text for text in paragraphs if len(text) >= 40]
    assert len(long) > 100
    assert not any(is_traditional(text) for text in paragraphs)
    assert sum(is_traditional(traditional_of(text)) for text in long) / len(long) > 0.98


@pytest.mark.parametrize("text", ["", "2020年2月13日", "乾隆年间", "ABC"])
def test_a_text_of_neither_script_is_not_traditional(text: str) -> None:
    assert not is_traditional(text)


def test_every_character_keeps_its_place() -> None:
    for issue in written_issues()[:6]:
        for _, block in issue.body():
            assert len(simplified(traditional_of(block.text))) == len(block.text)


def test_a_headline_takes_the_characters_that_the_article_prints() -> None:
    assert as_printed("市民为家里添米", "他爲家裏添了米，市民稱便") == "市民爲家裏添米"
    assert as_printed("市民为家里添米", "他為家裡添了米，市民稱便") == "市民為家裡添米"


def test_what_the_article_does_not_print_is_converted_in_its_words() -> None:
    assert as_printed("会后发展", "會議強調") == "會後發展"
