"""The bench of pages: what it prints and scores, and that its scores tell right from wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from banmian.data.command import main
from banmian.data.issue import Article, Block, Headline, Issue
from banmian.data.reading import score
from banmian.data.shipped import shipped_issue
from banmian.eval.aligned import as_printed
from banmian.eval.makeup import PageLayout, page_layouts
from banmian.eval.pages import hold_pages, issues_for, pages_table, worst_told
from banmian.eval.printed import Printed, printed_text, render_pdf
from banmian.eval.worst import faults

TRUE = Issue(
    id="two",
    articles=(
        Article(
            id="a1",
            headline=Headline(main=("供水改造提速",)),
            blocks=(
                Block(id="a1b1", text="供水改造于本月启动，涉及居民一百二十户。"),
                Block(id="a1b2", text="居民说，水压足了，做饭也不用等到半夜。"),
            ),
        ),
        Article(
            id="a2",
            headline=Headline(main=("明日有雨",)),
            blocks=(Block(id="a2b1", text="受冷空气影响，明日本市有小到中雨，请注意添衣。"),),
        ),
    ),
)
PAGE = printed_text(TRUE)


def with_texts(*texts: str) -> Issue:
    """TRUE with its body blocks' texts exchanged."""
    given = iter(texts)
    articles = [
        article.model_copy(
            update={
                "blocks": tuple(block.model_copy(update={"text": next(given)}) for block in article.blocks)
            }
        )
        for article in TRUE.articles
    ]
    return TRUE.model_copy(update={"articles": tuple(articles)})


def test_misread_characters_cost_no_boundary_but_are_counted() -> None:
    scanned = with_texts(
        "洪水改造于本月启动，涉及居民一百二十户。",
        "居民说，水压足了，做饭也不用等到半。夜",
        "受冷空气影响，明曰本市有小到中雨请注意添衣。",
    )
    mended, missed = as_printed(scanned, PAGE)
    assert missed == 3
    assert score(mended, TRUE, PAGE) == score(TRUE, TRUE, PAGE)


def test_a_joined_paragraph_stays_joined_when_it_is_mended() -> None:
    first, second, third = [block.text for _, block in TRUE.body()]
    joined = with_texts(first + second.replace("水压", "冰压"), "", third)
    mended, _ = as_printed(joined, PAGE)
    assert score(mended, TRUE, PAGE).paragraph_errors == 2


def test_faults_are_told_with_the_print_around_them() -> None:
    first, second, third = [block.text for _, block in TRUE.body()]
    read = with_texts(first + second, "", third)
    assert faults(TRUE, TRUE, PAGE) == ()
    assert faults(read, TRUE, PAGE) == (
        "paragraph end missed: …及居民一百二十户。|居民说，水压足了，…",
        "paragraph start missed: …及居民一百二十户。|居民说，水压足了，…",
    )


def test_layouts_and_issues_to_develop_on_and_to_score_on_differ() -> None:
    for which in (page_layouts, issues_for):
        assert len(which("held out")) > 10
    sizes = [{layout.size for layout in page_layouts(which)} for which in ("development", "held out")]
    assert sizes[0].isdisjoint(sizes[1])
    ids = [{issue.id for issue in issues_for(which)} for which in ("development", "held out")]
    assert ids[0].isdisjoint(ids[1])


def test_the_bench_prints_reads_and_scores() -> None:
    pytest.importorskip("pypdfium2", reason="needs the scan extra")
    pytest.importorskip("reportlab", reason="needs the eval extra")
    held = list(hold_pages([shipped_issue("written-14")], page_layouts("development")[:3], "pdf", limit=2))
    assert len(held) == 2
    table = pages_table(held, "Reading")
    assert table.rows[0][:2] == ("all", "2")
    assert table.columns[-2:] == ("lost", "s a page")
    assert all(one.score.lost == 0 for one in held)
    assert len(worst_told(held)) <= 10


def test_a_file_is_printed_once_for_all_its_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pypdfium2", reason="needs the scan extra")
    pytest.importorskip("reportlab", reason="needs the eval extra")
    printed = []

    def counted(issue: Issue, layout: PageLayout) -> Printed:
        printed.append(issue.id)
        return render_pdf(issue, layout)

    monkeypatch.setattr("banmian.eval.pages.render_pdf", counted)
    chosen = [shipped_issue("written-14")]
    held = list(hold_pages(chosen, page_layouts("development")[:1], "pdf", "plain text"))
    assert [one.source for one in held] == ["pdf", "plain text"]
    assert printed == ["written-14"]
    assert held[0].score.paragraph_f1 > held[1].score.paragraph_f1


def test_the_command_reads_pages(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pypdfium2", reason="needs the scan extra")
    pytest.importorskip("reportlab", reason="needs the eval extra")
    arguments = ["eval", "reading", "--from", "pdf", "--layouts", "development", "--limit", "1", "--markdown"]
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert "**Reading from pdf, development layouts**" in out
    assert "**The same files by their plain text**" in out
    assert "| all | 1 |" in out


def test_read_prints_the_page_as_an_issue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    assert main(["read", str(path)]) == 0
    assert '"schema": "banmian.issue/1"' in capsys.readouterr().out
    assert main(["read", "--why", str(path)]) == 0
    assert "供水改造提速" in capsys.readouterr().out
    assert main(["read", "--why", "page.pdf"]) == 2
