"""Paragraphs nobody has labelled, with the opinion of the labeller and TF-IDF."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
import torch
from pyarrow import parquet

from banmian.data.holdout import held_out
from banmian.data.issue import Prediction
from banmian.data.labels import LABELS
from banmian.serving.bundle import Bundle
from banmian.serving.inputs import Reading
from banmian.serving.tokens import Tokens
from banmian.training.config import ParagraphsConfig, paragraphs_config
from banmian.training.labelled import Example, assemble
from banmian.training.paragraphs import Paragraphs, collate
from banmian.training.teacher import opinion, taught

CONFIGS = Path(__file__).parents[2] / "training" / "configs"


def _prediction(*shares: float) -> Prediction:
    probabilities = dict(zip(LABELS, shares, strict=True))
    best = max(LABELS, key=lambda label: probabilities[label])
    return Prediction(
        label=best, confidence=max(shares), probabilities=probabilities, abstained=False, windows=1
    )


def _corpus(folder: Path, titles: list[str]) -> Path:
    body = "本报讯 全市各菜场昨日恢复营业，价格平稳。\n短\n社区干部为居民送去米面粮油，居民说心里踏实了。"
    rows = {"title": titles, "body": [body] * len(titles), "date": ["2021-03-04"] * len(titles)}
    parquet.write_table(pa.table(rows), folder / "news.parquet")
    return folder


def _config(folder: Path, teacher: Bundle, count: int) -> ParagraphsConfig:
    return replace(
        paragraphs_config(CONFIGS / "paragraphs-taught.toml"),
        corpora_folder=str(_corpus(folder, [f"第{i}条新闻" for i in range(40)])),
        real_labelled="",
        teacher=str(teacher.folder),
        taught_corpora=("news.parquet",),
        taught_paragraphs=count,
    )


def test_two_opinions_make_one() -> None:
    sure, other = _prediction(0.9, 0.1, 0.0, 0.0, 0.0), _prediction(0.4, 0.1, 0.1, 0.2, 0.2)
    (mean,) = opinion([sure], [other])
    assert mean.sum() == pytest.approx(1.0)
    assert mean[0] / mean[1] == pytest.approx(6.0)  # sqrt(.9 * .4) against sqrt(.1 * .1)
    assert 0 < mean[3] < mean[1]  # one teacher's certainty that it is not is no veto


def test_articles_that_are_scored_are_never_taught(tiny_labeller: Bundle, tmp_path: Path) -> None:
    config = _config(tmp_path, tiny_labeller, 40)
    learnt = assemble(config).training
    examples = taught(config, learnt)
    titles = {example.reading.headline for example in examples}
    scored = {f"第{i}条新闻" for i in range(40) if held_out(f"第{i}条新闻", "2021-03-04")}
    assert scored
    assert not titles & scored
    assert len(titles) == len(examples) < 40 - len(scored) + 1
    assert {example.reading.text for example in examples}.isdisjoint({"短"})
    assert all(sum(example.target) == pytest.approx(1.0, abs=1e-5) for example in examples)
    again = taught(replace(config, taught_paragraphs=5), learnt)
    assert [example.reading for example in again] == [example.reading for example in examples[:5]]
    assert taught(replace(config, taught_paragraphs=0), learnt) == []


def test_a_row_carries_its_teachers_opinion_into_the_batch(tiny_labeller: Bundle) -> None:
    tokens = Tokens(tiny_labeller.folder)
    shape = tiny_labeller.manifest.input
    assert shape is not None
    known = Example(Reading("市场供应充足"), 3)
    told = Example(Reading("市场供应充足"), 3, target=(0.1, 0.1, 0.1, 0.6, 0.1))
    rows = Paragraphs([known, told], tokens, shape, 0.0, 0)
    targets = collate([rows[0], rows[1]], tokens)["targets"]
    assert torch.equal(targets, torch.tensor([[0.0] * 5, [0.1, 0.1, 0.1, 0.6, 0.1]]))
