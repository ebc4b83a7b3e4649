"""What `banmian bench` counts and compares: arithmetic by hand, the same inputs for all contestants."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from banmian.data.command import main
from banmian.data.errors import BanmianError
from banmian.eval.ceiling import ceilings, done_flops, needed_flops
from banmian.eval.pipelines import Generating, LabellingPipeline
from banmian.eval.rounds import Rounds
from banmian.eval.speed import Plan, measure
from banmian.serving.bundle import Bundle
from banmian.serving.inputs import Reading, windows
from banmian.serving.labeller import Labeller
from banmian.serving.store import ModelStore
from banmian.serving.writer import Request

CONFIG = {"hidden_size": 2, "intermediate_size": 8, "num_hidden_layers": 3, "num_attention_heads": 2}
TEXTS = ("市委常委会昨日召开会议，部署复工复产工作。", "蔬菜价格下降三成。", "请乘客佩戴口罩，“出示健康码”。")


def test_arithmetic_counted_by_hand() -> None:
    # A row: 4 projections of 2x2 and two products of 2x8 are 48 multiply-adds. A window of 5 tokens: in each
    # layer 5 rows, and 5x5 scores and 5 means of 2 numbers, 100 multiply-adds; 4 in the pooler.
    layer = 2 * (5 * 48 + 100)
    assert needed_flops(CONFIG, [5]) == 3 * layer + 8
    assert needed_flops(CONFIG, [5, 5]) == 2 * needed_flops(CONFIG, [5])
    # The last layer at [CLS]: one row, and for two heads 5 scores and a mean of 5, over 2 numbers each.
    assert done_flops(CONFIG, [5]) == 2 * layer + 2 * (48 + 2 * 20) + 8


def test_a_ceiling_is_found_for_every_format() -> None:
    found = {ceiling.compute_type: ceiling for ceiling in ceilings(threads=1, repeats=1)}
    assert set(found) == {"float32", "bfloat16", "int8"}
    assert all(1 < ceiling.gflops < 1e6 for ceiling in found.values())


def test_rounds_compare_what_ran_in_turn() -> None:
    order = []

    def work(name: str, seconds: float) -> None:
        order.append(name)
        time.sleep(seconds)

    rounds = Rounds({"a": lambda: work("a", 0.002), "b": lambda: work("b", 0.02)}, 3)
    assert order == ["a", "b"] * 4  # one round to get warm
    assert rounds.median("b") >= 0.02
    assert rounds.times("a", "b") > 2


def test_the_pipeline_reads_the_same_ids_and_says_the_same(tiny_labeller: Bundle) -> None:
    labeller, pipeline = Labeller(tiny_labeller, threads=1), LabellingPipeline(tiny_labeller, 1)
    readings = [Reading(text, "市委会议" * 4, TEXTS[0]) for text in TEXTS] + [Reading(TEXTS[1])]
    pairs = pipeline.pairs(readings)
    for reading, pair in zip(readings, pairs, strict=True):
        (window,) = windows(labeller.tokens, reading, labeller.shape)
        encoded = pipeline._pipeline.tokenizer(**pair)
        assert (encoded["input_ids"], encoded["token_type_ids"]) == (window.ids, window.types)
    expected = [made.label for made in labeller.read(readings)]
    assert pipeline.label(pairs, 1) == pipeline.label(pairs, 4) == expected


def test_generate_writes_one_headline_each(tiny_writer: Bundle) -> None:
    generating = Generating(tiny_writer, 1)
    alone = generating.write([Request(text) for text in TEXTS], 1)
    assert len(alone) == 3
    assert generating.write([Request(text) for text in TEXTS], 2) == alone


@pytest.fixture
def home(tiny_labeller: Bundle, tiny_writer: Bundle, tmp_path: Path) -> Path:
    for bundle in (tiny_labeller, tiny_writer):
        ModelStore(tmp_path).publish(bundle)
    return tmp_path


@pytest.mark.slow
def test_everything_is_measured(home: Path) -> None:
    speed = measure(Plan(rounds=1, paragraphs=8, headlines=2, threads=1, home=home))
    assert speed.models == {"labeller": "1", "writer": "1"}
    assert (speed.labels.items, speed.headlines.items) == (8, 2)
    assert speed.labels.disagreements == 0
    assert speed.tokens_per_second == pytest.approx(speed.labels.per_second * speed.labels.tokens / 8)
    assert 0 < speed.ceiling_share_done <= speed.ceiling_share < 1
    names = [rival.name for rival in (*speed.labels.rivals, *speed.headlines.rivals)]
    assert [name for name in names if not name.startswith("banmian on")] == [
        "transformers pipeline, batch_size=1",
        "transformers pipeline, batch_size=8",
        "transformers pipeline, batch_size=16",
        "generate one by one",
        "generate, batches of 8",
    ]
    assert len([name for name in names if name.startswith("banmian on")]) == 1
    assert speed.page_paragraphs > 50
    assert 0 < speed.reading_ms < speed.page_ms
    assert speed.ready_s is not None
    assert speed.memory_mb is not None
    assert speed.memory_mb > 50
    titles = [table.title for table in speed.tables()]
    assert titles[1] == "Labels, 8 paragraphs of mixed lengths, 0 labels unlike the pipeline's"


def test_the_command_prints_tables_and_writes_json(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BANMIAN_HOME", str(home))
    few = ["--rounds", "1", "--paragraphs", "4", "--headlines", "1", "--threads", "1"]
    less = ["--no-references", "--no-server", "--backend", "ctranslate2"]
    assert main(["bench", *few, *less, "--json", str(home / "speed.json")]) == 0
    printed = capsys.readouterr().out
    assert "the real page analysed" in printed
    assert "ctranslate2 int8+float32" in printed
    found = json.loads((home / "speed.json").read_text())
    assert found["labels"]["items"] == 4
    assert found["labels"]["disagreements"] is None
    assert [rival["name"] for rival in found["labels"]["rivals"]] == ["banmian on onnx"]


def test_a_plan_of_nothing_is_refused() -> None:
    with pytest.raises(BanmianError) as caught:
        Plan(rounds=0).check()
    assert str(caught.value) == "--rounds: expected at least 1, found 0. Leave it out."
