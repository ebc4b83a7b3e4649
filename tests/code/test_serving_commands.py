"""`banmian analyze`, `headline`, `serve` and `models` over published tiny bundles."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from banmian.data.command import main
from banmian.data.issue import parse_issue
from banmian.data.shipped import REAL_ISSUE, issues_folder
from banmian.serving.bundle import Bundle
from banmian.serving.store import ModelStore

PAGE = str(issues_folder() / REAL_ISSUE / "page.txt")
ISSUE = str(issues_folder() / REAL_ISSUE / "issue.json")


@pytest.fixture
def published(
    tiny_labeller: Bundle, tiny_writer: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> ModelStore:
    monkeypatch.setenv("BANMIAN_HOME", str(tmp_path / "home"))
    store = ModelStore()
    store.publish(tiny_labeller)
    store.publish(tiny_writer)
    return store


@pytest.mark.usefixtures("published")
def test_analyze_prints_an_issue(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", PAGE, "--register", "quick"]) == 0
    issue = parse_issue(capsys.readouterr().out)
    assert all(block.prediction for _, block in issue.body())
    assert any(article.written for article in issue.articles)


@pytest.mark.usefixtures("published")
def test_analyze_reads_stdin(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    text = "本报讯 昨日，市图书馆新馆对外开放，首日接待读者3200人次。"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert main(["analyze", "-", "--format", "text"]) == 0
    assert "首日接待读者3200人次" in capsys.readouterr().out


@pytest.mark.usefixtures("published")
def test_a_bad_file_does_not_stop_the_others(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    blank = tmp_path / "blank.txt"
    blank.write_text(" \n")
    assert main(["analyze", str(blank), ISSUE, str(tmp_path / "none.txt"), ISSUE, "--format", "csv"]) == 2
    told = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(told.out)))
    assert len(rows) == 2 * (68 + 5)
    assert {row["issue"] for row in rows} == {REAL_ISSUE}
    assert f"banmian analyze: {blank}: " in told.err
    assert str(tmp_path / "none.txt") in told.err


@pytest.mark.usefixtures("published")
def test_headline_prints_one_for_every_article(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["headline", ISSUE, "--max-chars", "14"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 7
    assert all(0 < len(line) <= 14 for line in lines)
    assert main(["headline", ISSUE, "--max-chars", "1"]) == 2
    assert "max_chars of 4 or more" in capsys.readouterr().err


@pytest.mark.usefixtures("published")
def test_headline_takes_every_wish(capsys: pytest.CaptureFixture[str]) -> None:
    wishes = ["--min-chars", "6", "--lines", "2", "--kicker", "--deck", "--candidates", "2"]
    assert main(["headline", ISSUE, *wishes]) == 0
    assert len(capsys.readouterr().out.splitlines()) >= 7


def test_headline_check_needs_no_model(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANMIAN_HOME", str(tmp_path))
    article = tmp_path / "article.txt"
    article.write_text("本报讯 昨日，市图书馆新馆对外开放，首日接待读者3200人次。", encoding="utf-8")
    assert main(["headline", str(article), "--check", "市图书馆首日接待3200人次"]) == 0
    assert main(["headline", str(article), "--check", "市图书馆首日接待5000人次"]) == 1
    assert "5000 (number): 文中没有这个数" in capsys.readouterr().out
    wrong = ["--check", "市图书馆首日接待5000人次", "--language", "en"]
    assert main(["headline", str(article), *wrong]) == 1
    assert "5000 (number): the article does not have this number" in capsys.readouterr().out


def test_models_list_publish_and_rollback(
    published: ModelStore, tiny_labeller: Bundle, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "publish", str(tiny_labeller.folder)]) == 0
    assert main(["models", "list"]) == 0
    listed = capsys.readouterr().out
    assert "* labeller 1 2026-01-01 published" in listed
    assert "* writer 1 2026-01-01 published" in listed
    assert main(["models", "publish", str(tiny_labeller.folder / "nothing")]) == 2
    assert "a model bundle with manifest.json" in capsys.readouterr().err


def test_serve_says_what_is_wrong_with_its_config(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "serve.toml"
    path.write_text("port = 'seven'\n")
    assert main(["serve", "--config", str(path)]) == 2
    assert "at port" in capsys.readouterr().err
