"""Training the page reader: the loss against counting by hand, and a run on a few pages."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
import torch

from banmian.data.bench import Layout, layouts, render
from banmian.data.command import main
from banmian.data.page import read_with
from banmian.data.reading import Score, score
from banmian.data.shipped import shipped_issue
from banmian.data.signs import Signs
from banmian.data.tagging import GOES_ON, MANNERS, SIDES, TAGS, Tagger, against
from banmian.training.config import ReaderConfig, reader_config
from banmian.training.field import Example, Field
from banmian.training.reader import fit, mean_of

CONFIG = Path(__file__).parents[2] / "training" / "configs" / "reader.toml"


def test_the_loss_is_minus_the_log_of_the_true_reading_s_share() -> None:
    signs = [Signs(("a", "b"), ("x",)), Signs(("b",), ("x", "y")), Signs(("a",), ())]
    example = Example(signs, [-1e4, 0.5, -1e4], [0, 5, 6], 0)
    field = Field(["a", "b"], ["x", "y"], dropped=0.0)
    torch.manual_seed(1)
    with torch.no_grad():
        for weight in field.parameters():
            weight.normal_()
        field.own.weight[0] = field.sided.weight[0] = 0  # the row of no sign
    steps, first, last = (
        table.detach().numpy() + fixed
        for table, fixed in zip((field.steps, field.first, field.last), against(), strict=True)
    )
    own = dict(zip("ab", field.own.weight.detach().numpy()[1:], strict=True))
    sided = dict(zip("xy", field.sided.weight.detach().numpy()[1:].reshape(2, 2, -1), strict=True))

    def total(manner: int, path: tuple[int, ...]) -> float:
        found = first[manner, path[0]] + last[manner, path[-1]]
        found += sum(steps[manner, a, b] for a, b in pairwise(path))
        for one, tag in zip(signs, path, strict=True):
            found += sum(own[sign][tag] for sign in one.own)
            found += sum(sided[sign][SIDES[manner]][tag] for sign in one.sided)
        found += sum(example.going_on[at] for at, tag in enumerate(path) if tag == GOES_ON)
        return float(found)

    everything = [
        total(manner, path)
        for manner in range(len(MANNERS))
        for path in product(range(len(TAGS)), repeat=len(signs))
    ]
    expected = np.log(np.sum(np.exp(everything))) - total(0, (0, 5, 6))
    # Beside a shorter page the padding must add nothing.
    encoded = field.encoded(example)
    short = field.encoded(Example(signs[:1], [-1e4], [0], 0))
    both = float(field.loss([encoded, short]).detach())
    assert float(field.loss([encoded]).detach()) == pytest.approx(expected, rel=1e-4)
    assert both - float(field.loss([short]).detach()) == pytest.approx(expected, rel=1e-4)


def small() -> ReaderConfig:
    return replace(reader_config(CONFIG), every=1, varied_pages=6, epochs=3, batch_pages=4, least_seen=2)


def test_a_run_on_a_few_pages_reads_another_issue_and_comes_out_the_same_twice() -> None:
    issues = [shipped_issue(f"written-{number}") for number in (11, 13)]
    few = [Layout(width=width, headlines_after=after) for width in (16, 22) for after in (False, True)]
    fitted, again = fit(small(), issues, few), fit(small(), issues, few)
    assert fitted.breaks == again.breaks
    assert all(np.array_equal(table, again.tagger[name]) for name, table in fitted.tagger.items())
    total = Score()
    for layout in (Layout(width=18), Layout(width=18, headlines_after=True)):
        issue = shipped_issue("written-14")
        text = render(issue, layout)
        read = read_with(text, fitted.breaks, Tagger(fitted.tagger))
        total += score(read, issue, text)
    assert total.article_f1 > 0.8
    assert total.paragraph_f1 > 0.9


def test_the_mean_of_two_taggers_takes_a_sign_that_one_has_not_for_nothing() -> None:
    tags = len(TAGS)

    def tagger(names: list[str], value: float) -> dict[str, np.ndarray]:
        tables = {name: np.full((3, tags), value, np.float16) for name in ("first", "last")}
        return {
            **tables,
            "signs": np.array(names),
            "own": np.full((len(names), tags), value, np.float16),
            "sided_signs": np.array(names),
            "sided": np.full((len(names), 2, tags), value, np.float16),
            "steps": np.full((3, tags, tags), value, np.float16),
        }

    mean = mean_of([tagger(["a", "b"], 1.0), tagger(["b", "c"], 3.0)])
    assert mean["signs"].tolist() == ["a", "b", "c"]
    assert mean["own"][:, 0].tolist() == [0.5, 2.0, 1.5]
    assert mean["sided"][:, 1, 0].tolist() == [0.5, 2.0, 1.5]
    assert mean["steps"][2, 3, 4] == mean["first"][0, 0] == mean["last"][1, 1] == 2.0


def test_nothing_that_is_scored_on_is_learnt_from() -> None:
    from banmian.data.holdout import HELD_OUT_ISSUES
    from banmian.training.reader import development_issues

    config = reader_config(CONFIG)
    learnt = {issue.id for issue in development_issues(config)}
    assert len(learnt) == 18
    assert not learnt & {*HELD_OUT_ISSUES}
    assert set(config.validation_issues) <= learnt
    assert set(config.validation_widths) <= {layout.width for layout in layouts("development")}


def test_options_that_the_reader_has_not_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "reader", "--resume"]) == 2
    assert capsys.readouterr().err == (
        "banmian train: --resume: expected no such option with `reader`, found it. It learns from the "
        "shipped written issues and writes its weights into the package.\n"
    )
    assert main(["train", "headlines", "--validate"]) == 2
    assert capsys.readouterr().err == (
        "banmian train: --validate: expected `reader`, found 'headlines'. Leave --validate out.\n"
    )
