"""Fitting the signs of columns: what is offered is what was printed, and weights tell right from wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from banmian.data.command import main
from banmian.data.holdout import HELD_OUT_ISSUES
from banmian.data.shipped import shipped_issue, written_number
from banmian.eval.makeup import drawn_layouts, page_layouts
from banmian.eval.printed import render_pdf
from banmian.training.columns import decisions_on, fit_columns, pages
from banmian.training.config import columns_config


def test_what_is_learnt_from_is_printed_in_no_layout_that_is_scored() -> None:
    drawn = drawn_layouts(40, 1)
    assert drawn_layouts(40, 1) == drawn != drawn_layouts(40, 2)
    scored = page_layouts("held out")
    for measure in ("size", "leading", "gutter"):
        assert not {getattr(one, measure) for one in drawn} & {getattr(one, measure) for one in scored}
    assert {one.heads for one in drawn} == {"above", "wrapped", "column", "vertical"}


def test_held_out_issues_are_not_learnt_from(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr("banmian.training.columns.render_pdf", lambda issue, layout: seen.append(issue))
    shipped = columns_config(Path("training/configs/columns.toml"))
    assert len(list(pages(shipped))) == len(seen) > 200
    assert not {issue.id for issue in seen} & {*HELD_OUT_ISSUES}
    assert {written_number(issue) for issue in seen} <= set(range(11, 31))


def test_the_right_choice_is_what_was_printed() -> None:
    pytest.importorskip("pypdfium2", reason="needs the scan extra")
    pytest.importorskip("reportlab", reason="needs the eval extra")
    layout = next(one for one in page_layouts("development") if one.heads == "column" and one.indent)
    decisions = list(decisions_on(render_pdf(shipped_issue("written-14"), layout)))
    assert len(decisions) > 10
    assert all(sum(right for _, right in decision) == 1 for decision in decisions)
    going = [signs for decision in decisions for signs, right in decision if right and "opens" not in signs]
    assert sum("indents:open/plain" in signs for signs in going) >= 3


def test_a_sign_of_what_is_right_weighs_more_than_one_of_what_is_not() -> None:
    pytest.importorskip("scipy", reason="needs the eval extra")
    decisions = [[({"good": 1.0}, True), ({"bad": 1.0}, False)]] * 20 + [[({"rare": 1.0}, True), ({}, False)]]
    found = fit_columns(decisions, 1.0, 2)
    assert set(found) == {"good", "bad"}
    assert found["good"] > 1.0 > -1.0 > found["bad"]


def test_an_option_that_the_columns_do_not_have_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "columns", "--base", "x"]) == 2
    assert (
        "--base: expected no such option with `columns`, found it. It learns from the shipped written issues "
        "and writes its weights into the package." in capsys.readouterr().err
    )
