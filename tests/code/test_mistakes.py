"""The reader's mistakes by kind: on two small articles, by hand."""

from __future__ import annotations

from banmian.data.bench import Layout, render
from banmian.data.issue import Article, Block, Headline, Issue
from banmian.data.mistakes import Mistake, mistakes
from banmian.eval.mistakes import listed_mistakes

RAIN = Article(
    id="a2",
    headline=Headline(main=("明日有雨",)),
    blocks=(Block(id="a2b1", text="明日本市有小到中雨，请注意添衣。"),),
)
PIPES = Article(
    id="a1",
    headline=Headline(main=("供水改造提速",)),
    blocks=(
        Block(id="a1b1", text="改造于本月启动，涉及居民一百二十户。"),
        Block(id="a1b2", text="居民说，水压足了。"),
    ),
)
ISSUE = Issue(id="two", articles=(PIPES, RAIN))
PAGE = render(ISSUE, Layout(width=None))


def test_the_truth_has_none() -> None:
    assert mistakes(ISSUE, ISSUE, PAGE) == []


def test_joined_paragraphs_are_an_end_and_a_start_missed() -> None:
    joined = Block(id="a1b1", text="".join(block.text for block in PIPES.body))
    read = Issue(id="two", articles=(PIPES.model_copy(update={"blocks": (joined,)}), RAIN))
    around = "动，涉及居民一百二十户。|居民说，水压足了。明日有"
    assert mistakes(read, ISSUE, PAGE) == [
        Mistake("paragraph end missed: body→body read as body…→body…", around),
        Mistake("paragraph start missed: body→body read as body…→body…", around),
    ]


def test_a_headline_taken_for_a_subhead_is_an_article_missed() -> None:
    blocks = (*PIPES.blocks, Block(id="a1b3", role="subhead", text="明日有雨"), *RAIN.blocks)
    read = Issue(id="two", articles=(PIPES.model_copy(update={"blocks": blocks}),))
    assert mistakes(read, ISSUE, PAGE) == [
        Mistake(
            "article missed: body→headline read as body→subhead",
            "十户。居民说，水压足了。|明日有雨明日本市有小到中",
        )
    ]


def test_the_list_names_kinds_with_their_count_and_the_worst_pages() -> None:
    first, *lines = listed_mistakes(stride=33, kinds=2, worst=1).split("\n")
    assert first.startswith("Mistakes on 87 development pages: ")
    counts = [int(line.split()[0]) for line in lines if line[:5].strip().isdigit()]
    assert len(counts) == 2
    assert counts == sorted(counts, reverse=True)
    worst = next(line for line in lines if line.startswith("written-"))
    assert int(worst.rsplit(": ", 1)[1]) == len(lines) - lines.index(worst) - 1
