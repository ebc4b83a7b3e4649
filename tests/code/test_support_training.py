"""``banmian train support`` on the written issues' own headlines."""

import runpy
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from banmian.data.alignment import AGAINST, FEATURES
from banmian.data.command import main
from banmian.data.misplaced import Offer
from banmian.data.shipped import issues_folder, shipped_issue
from banmian.serving.desk import article_text
from banmian.training.alignment import KINDS, conditional_logit

RUN = """
corpora_folder = "nowhere"
seed = 1
folds = 2
ridge = 1e-3
longest_characters = 1500

[refused_share]
number = 0.1
date = 0.1
person = 0.1
place = 0.1
organisation = 0.1
negation = 0.1

[[corpora]]
file = "pairs.parquet"
pairs = 150
"""


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    rows = []
    for folder in sorted(issues_folder().glob("written-*")):
        issue = shipped_issue(folder.name)
        for article in issue.articles:
            lines = (article.headline.main, article.headline.deck)
            titles = (" ".join(line) for line in lines)
            rows += [{"title": t, "body": article_text(article), "date": issue.date} for t in titles if t]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "pairs.parquet")
    (tmp_path / "support.toml").write_text(RUN, encoding="utf-8")
    return tmp_path


def run(corpora: Path, *more: str) -> int:
    config, output = str(corpora / "support.toml"), str(corpora / "weighed.py")
    return main(["train", "support", "--config", config, "--output", output, *more])


def test_printed_headlines_give_every_kind_its_weights(
    corpora: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(corpora, "--corpora", str(corpora)) == 0
    made = runpy.run_path(str(corpora / "weighed.py"))
    assert tuple(made["WEIGHTS"]) == tuple(made["LIMITS"]) == KINDS
    for weights in made["WEIGHTS"].values():
        named = dict(zip(FEATURES, weights, strict=True))
        assert all(weight >= 0 for name, weight in named.items() if name not in AGAINST)
    told = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in told[:-1]] == list(KINDS)
    assert "held back: " in told[0]
    assert told[-1] == str(corpora / "weighed.py")


def test_a_missing_corpus_is_named(corpora: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(corpora, "--corpora", str(corpora / "empty")) == 2
    assert "expected a Parquet file with title, body, date, found none" in capsys.readouterr().err
    assert not (corpora / "weighed.py").exists()


def test_options_of_other_runs_are_refused(corpora: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(corpora, "--resume") == 2
    assert "expected neither --base nor --resume for `support`" in capsys.readouterr().err


def test_what_is_beside_the_right_fact_is_what_weighs() -> None:
    """Twenty places whose right fact has the label before it, and a wrong one that has all else."""
    label, rest = FEATURES.index("label before"), FEATURES.index("all nearby")

    def offer(at: int, value: float, ours: bool) -> Offer:
        features = [0.0] * len(FEATURES)
        features[at] = value
        return Offer(tuple(features), "7人" if ours else "9人", ours, 0)

    places = [[offer(label, 2 + n % 3, True), offer(rest, 1 + n % 2, False)] for n in range(20)]
    weights = conditional_logit(places, 1e-3)
    assert weights[label] > 1
    assert weights[rest] == pytest.approx(0, abs=1e-6)
