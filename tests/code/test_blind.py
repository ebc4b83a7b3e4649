import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from banmian.data.command import main
from banmian.data.errors import BanmianError
from banmian.data.issue import Written
from banmian.data.shipped import REAL_ISSUE, issues_folder
from banmian.eval.blind import LETTERS, ORIGINS, Reading, bodies_html, draw, save, sheet_csv
from banmian.eval.blind_score import published_csv, read_key, read_sheet, reading_table, score_reading
from banmian.eval.headlines import Pair, PairSet
from banmian.serving.writer import Request


class Scribe:
    """Writes the article's first three characters."""

    def write(self, requests: Sequence[Request]) -> list[Written]:
        return [Written(headline=r.text[:3], supported=True, method="model") for r in requests]


SETS = [
    PairSet("一", "quick", tuple(Pair(f"甲{i}开学。其他事。", f"印{i}", "2020-02-13") for i in range(6))),
    PairSet("二", "party_daily", tuple(Pair(f"乙{i}复工<好>。", f"刊{i}") for i in range(2))),
]


def reading(n: int = 5, seed: int = 3) -> Reading:
    return draw(SETS, n, seed, Scribe(), "writer 1")


def fill(tmp_path: Path, ratings: dict[str, str]) -> tuple[Path, Path]:
    """A sheet filled by origin."""
    made = reading()
    sheet, key = tmp_path / "sheet.csv", tmp_path / "key.json"
    save(made, sheet, key)
    origins = {row.row: row.origins for row in made.key.rows}
    rows = list(csv.reader(sheet.read_text(encoding="utf-8").splitlines()))
    for row in rows[1:]:
        row[3:] = ratings[origins[int(row[0])][row[1]]].split()
    with sheet.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return sheet, key


def test_every_article_has_four_headlines_of_four_origins() -> None:
    made = reading()
    assert Counter(row.corpus for row in made.key.rows) == {"一": 3, "二": 2}
    for row, pair in zip(made.key.rows, made.pairs, strict=True):
        assert list(row.origins) == list(LETTERS)
        assert set(row.origins.values()) == set(ORIGINS)
        said = {row.origins[e.letter]: e.headline for e in made.entries if e.row == row.row}
        assert said["model"] == pair.text[:3]
        assert said["lead sentence"] == pair.text.split("。")[0] + "。"
        assert said["printed"] == pair.headline
        assert said["shuffled"] != pair.headline
        assert said["shuffled"][0] == pair.headline[0], "of the same set"


def test_the_order_is_the_seeds() -> None:
    assert reading() == reading()
    assert reading(seed=4).key != reading().key
    orders = {tuple(row.origins.values()) for row in reading(8).key.rows}
    assert len(orders) > 1


def test_the_sheet_holds_headlines_and_nothing_else() -> None:
    made = reading()
    sheet = sheet_csv(made.entries)
    assert sheet.splitlines()[0] == "row,letter,headline,faithful,fluent,informative"
    assert "其他事" not in sheet
    assert "model" not in sheet
    assert "其他事" in bodies_html(made)
    assert "复工&lt;好&gt;" in bodies_html(made)


def test_more_articles_than_there_are() -> None:
    with pytest.raises(BanmianError) as problem:
        reading(9)
    assert str(problem.value) == ("--n: expected 1 to 8 articles, found 9. Ask for as many as the file has.")


def test_bodies_only_where_git_does_not_look(tmp_path: Path) -> None:
    with pytest.raises(BanmianError) as problem:
        save(reading(), tmp_path / "a.csv", tmp_path / "a.json", tmp_path / "a.html")
    assert str(problem.value) == (
        "--bodies: expected a file that ends in .local.html, found a.html. "
        "The repository ignores such files: bodies are not to be committed."
    )
    save(reading(), tmp_path / "a.csv", tmp_path / "a.json", tmp_path / "a.local.html")
    assert (tmp_path / "a.local.html").is_file()


def test_a_filled_sheet_is_not_overwritten(tmp_path: Path) -> None:
    sheet, key = fill(tmp_path, dict.fromkeys(ORIGINS, "1 1 1"))
    with pytest.raises(BanmianError) as problem:
        save(reading(), sheet, key)
    assert str(problem.value) == (
        f"{sheet}: expected no such file yet, found one. Name another, or move it away."
    )


def test_means_by_origin_and_the_models_lead(tmp_path: Path) -> None:
    ratings = {"model": "4 5 3", "lead sentence": "5 4 3", "printed": "5 5 5", "shuffled": "1 5 1"}
    sheet, key = fill(tmp_path, ratings)
    score = score_reading(read_sheet(sheet), read_key(key), resamples=20)
    means = {(o.origin, o.criterion): o.mean.value for o in score.opinions}
    assert means[("model", "faithful")] == 4
    assert means[("shuffled", "informative")] == 1
    leads = {(o.origin, o.criterion): o.model_above.value for o in score.opinions if o.model_above}
    assert leads[("printed", "informative")] == -2
    assert leads[("shuffled", "faithful")] == 3
    assert ("model", "fluent") not in leads
    assert reading_table(score).rows[0][:2] == ("writer 1", "4.000 [4.000, 4.000]")


def test_what_is_published_has_no_text_of_the_papers(tmp_path: Path) -> None:
    sheet, key = fill(tmp_path, dict.fromkeys(ORIGINS, "1 2 3"))
    rows = list(csv.DictReader(published_csv(read_sheet(sheet), read_key(key)).splitlines()))
    assert len(rows) == 20
    assert {bool(row["headline"]) for row in rows if row["origin"] == "model"} == {True}
    assert {row["headline"] for row in rows if row["origin"] != "model"} == {""}
    assert {row["fluent"] for row in rows} == {"2"}


def test_a_rating_left_out(tmp_path: Path) -> None:
    save(reading(), tmp_path / "a.csv", tmp_path / "a.json")
    with pytest.raises(BanmianError) as problem:
        read_sheet(tmp_path / "a.csv")
    assert str(problem.value) == (
        f"{tmp_path / 'a.csv'}:2: expected 1 to 5 for faithful, found ''. "
        "docs/rubric.md says what each number means."
    )


def test_a_sheet_that_was_changed(tmp_path: Path) -> None:
    sheet, key = fill(tmp_path, dict.fromkeys(ORIGINS, "1 1 1"))
    lines = sheet.read_text(encoding="utf-8").splitlines()
    sheet.write_text("\n".join([lines[0], *lines[2:], lines[1]]), encoding="utf-8")
    with pytest.raises(BanmianError) as problem:
        score_reading(read_sheet(sheet), read_key(key))
    assert str(problem.value) == (
        "expected the sheet of this key, found another, or one that was changed. "
        "Fill in the ratings only; order, letters and headlines stay as they were drawn."
    )


@pytest.mark.parametrize(("given", "found"), [([], "neither"), (["--pairs", "a", "--issue", "b"], "both")])
def test_a_sheet_is_drawn_from_a_file_or_from_an_issue(
    given: list[str], found: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["blind", "sheet", "--sheet", "s.csv", "--key", "k.json", *given]) == 2
    assert (
        f"--pairs and --issue: expected either a Parquet file of articles or an issue, found {found}. "
        "Columns of the file: title, body, date, corpus."
    ) in capsys.readouterr().err


@pytest.mark.shipped
def test_a_sheet_of_the_real_issue(tmp_path: Path) -> None:
    issue = issues_folder() / REAL_ISSUE / "issue.json"
    sheet, key = tmp_path / "s.csv", tmp_path / "k.json"
    assert main(["blind", "sheet", "--issue", str(issue), "--sheet", str(sheet), "--key", str(key)]) == 0
    assert [row.row for row in read_key(key).rows] == [1, 2, 3, 4, 5, 6, 7]
