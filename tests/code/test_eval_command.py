import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from banmian.data.command import main
from banmian.data.holdout import held_out
from banmian.data.labels import LABELS
from banmian.data.shipped import written_issues
from banmian.eval import sets
from banmian.eval.baselines import CONSTANT, TFIDF
from banmian.eval.paragraphs import from_issues
from banmian.eval.report import Report
from banmian.serving.bundle import Bundle

BODY = "国务院办公厅印发通知，要求各地有序开学。请乘客佩戴口罩。"


@pytest.fixture
def dev(tmp_path: Path) -> Path:
    path = tmp_path / "dev.parquet"
    corpora = ["xwlb_quick"] * 3 + ["rmrb_2020_tiny_search"] * 3
    columns = {
        "title": ["各地有序开学"] * 6,
        "body": [BODY] * 6,
        "date": ["2020-02-13"] * 6,
        "corpus": corpora,
    }
    pq.write_table(pa.table(columns), path)
    return path


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """Every label in learnt and in held-out articles."""
    path = tmp_path / "real.parquet"
    titles = [f"标题{n}" for n in range(100)]
    held = [title for title in titles if held_out(title, "2020-02-13")][:2]
    rows = [(label, title) for title in held + titles[:3] for label in LABELS]
    n = len(rows)
    columns = {
        "label": [label for label, _ in rows],
        "sure": [i % 2 == 0 for i in range(n)],
        "text": [f"{BODY}{i}" for i in range(n)],
        "title": [title for _, title in rows],
        "kicker": [None] * n,
        "lead": [BODY] * n,
        "date": ["2020-02-13"] * n,
    }
    pq.write_table(pa.table(columns), path)
    return path


def test_everything_at_once(
    tiny_labeller: Bundle,
    tiny_writer: Bundle,
    dev: Path,
    real: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A few of the written issues teach the baselines here: all of them take half a minute.
    monkeypatch.setattr(sets, "written_to_learn", lambda: from_issues(written_issues()[:3]))
    out = tmp_path / "scores" / "all.json"
    labeller, writer = str(tiny_labeller.folder), str(tiny_writer.folder)
    arguments = ["eval", "all", "--bundle", labeller, "--bundle", writer, "--cross-bundle", labeller]
    arguments += ["--dev", str(dev), "--real-labelled", str(real), "--limit", "2", "--seed", "3"]
    assert main([*arguments, "--json", str(out)]) == 0
    found = Report.model_validate_json(out.read_text(encoding="utf-8"))
    assert (found.seed, found.notes) == (3, ())

    own = [(s.paragraphs, s.context) for s in found.labeller if s.model == "tiny labeller 1"]
    names = ("real issue, test split", "written issues held out", "real paragraphs held out")
    assert own == [(name, context) for name in (*names, f"{names[-1]}, sure") for context in (True, False)]
    cross = [s for s in found.labeller if s.model == "tiny labeller 1, cross-issue"]
    assert [(s.paragraphs, s.n, s.articles, s.context) for s in cross] == [
        ("real issue, whole (cross-issue)", 68, 7, True),
        ("real issue, whole (cross-issue)", 68, 7, False),
    ]
    models = [s.model for s in found.labeller]
    assert (models.count(TFIDF), models.count(CONSTANT)) == (10, 5)
    tfidf = next(s for s in found.labeller if s.model == TFIDF and s.digest == cross[0].digest)
    assert cross[0].gain
    assert cross[0].gain.macro_f1.value == pytest.approx(cross[0].macro_f1.value - tfidf.macro_f1.value)

    kinds = [(s.pairs, s.what, s.asked, s.n) for s in found.writer if s.pairs == "xwlb_quick"]
    assert kinds == [
        ("xwlb_quick", "lead sentence", None, 2),
        ("xwlb_quick", "generated", "quick", 2),
        ("xwlb_quick", "generated", "party_daily", 2),
        ("xwlb_quick", "returned", "quick", 2),
    ]
    # The default register is rmrb's own: it is not scored twice.
    assert sum(s.pairs == "rmrb_2020_tiny_search" for s in found.writer) == 3
    printed = capsys.readouterr().out
    assert "real issue, test split" in printed
    assert "Left out" not in printed


def test_what_needs_a_file_is_left_out_and_said(
    tiny_writer: Bundle, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["eval", "writer", "--bundle", str(tiny_writer.folder), "--limit", "2", "--markdown"]
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert "Left out: headlines by sub-corpus (give --dev)" in printed
    assert "| articles | headlines | register | n |" in printed
    assert "2020-02-13-zhuzhou, main headline" in printed


def test_usage_errors_say_what_to_do(
    tiny_labeller: Bundle, tiny_writer: Bundle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labeller, writer = str(tiny_labeller.folder), str(tiny_writer.folder)
    told = {
        ("eval", "writer", "--limit", "0"): (
            "--limit: expected a limit of at least 1, found 0. Leave it out for all."
        ),
        ("eval", "labeller", "--bundle", writer): (
            "--bundle: expected a labeller bundle, found a writer bundle. Or score `all`."
        ),
        ("eval", "labeller", "--bundle", labeller, "--bundle", labeller): (
            "--bundle: expected one labeller bundle, found two. Score them one by one."
        ),
        ("eval", "writer", "--bundle", writer, "--dev", f"{tmp_path}/no.parquet"): (
            f"{tmp_path}/no.parquet: expected a Parquet file, found none. Check the path."
        ),
    }
    for arguments, message in told.items():
        assert main(arguments) == 2
        assert capsys.readouterr().err.strip() == f"banmian eval: {message}"


def test_json_is_plain_data(tiny_writer: Bundle, tmp_path: Path) -> None:
    out = tmp_path / "writer.json"
    arguments = ["eval", "writer", "--bundle", str(tiny_writer.folder), "--limit", "1", "--json", str(out)]
    assert main(arguments) == 0
    first = json.loads(out.read_text(encoding="utf-8"))["writer"][0]
    assert first["rougeL"].keys() == {"value", "low", "high", "unit", "units", "level", "resamples", "seed"}
