import re
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from banmian.data.errors import BanmianError
from banmian.data.holdout import held_out
from banmian.data.issue import Article, Block, Headline, Issue, Prediction
from banmian.data.labels import LABELS, Label
from banmian.eval.paragraphs import Labelled, ParagraphSet, from_issues, from_parquet
from banmian.eval.score import gain, score_labeller
from banmian.serving.inputs import Reading


class Told:
    """A labeller that knows each text's answer, and says how sure it is."""

    def __init__(self, answers: dict[str, tuple[Label, float]]) -> None:
        self.answers = answers
        self.seen: list[Reading] = []

    def predict(self, readings: Sequence[Reading]) -> list[Prediction]:
        self.seen = list(readings)
        return [self._one(*self.answers[reading.text]) for reading in readings]

    def _one(self, label: Label, confidence: float) -> Prediction:
        rest = (1 - confidence) / (len(LABELS) - 1)
        probabilities = {each: confidence if each == label else rest for each in LABELS}
        return Prediction(
            label=label, confidence=confidence, probabilities=probabilities, abstained=confidence < 0.5
        )


def a_set(*rows: tuple[str, Label, str]) -> ParagraphSet:
    return ParagraphSet(
        "hand-made", tuple(Labelled(Reading(text, "标题", "导语"), label, art) for text, label, art in rows)
    )


ROWS: tuple[tuple[str, Label, str], ...] = (
    ("甲", "local_meeting", "a1"),
    ("乙", "local_meeting", "a1"),
    ("丙", "public_notice", "a2"),
    ("丁", "other", "a3"),
)
ANSWERS: dict[str, tuple[Label, float]] = {
    "甲": ("local_meeting", 0.9),
    "乙": ("local_meeting", 0.8),
    "丙": ("public_notice", 0.7),
    "丁": ("public_notice", 0.4),
}


def test_a_score_counted_by_hand() -> None:
    found = score_labeller(Told(ANSWERS), "told", a_set(*ROWS), context=True)
    assert (found.model, found.paragraphs, found.n, found.articles) == ("told", "hand-made", 4, 3)
    assert found.accuracy.value == 0.75
    assert found.macro_f1.value == pytest.approx((1 + 2 / 3 + 0) / 3)
    assert found.labels["public_notice"].f1 == pytest.approx(2 / 3)
    assert (found.labels["local_meeting"].n, found.labels["central_directive"].n) == (2, 0)
    assert found.labels["central_directive"].f1 is None
    assert found.confusion[LABELS.index("other")][LABELS.index("public_notice")] == 1
    assert sum(map(sum, found.confusion)) == 4
    assert found.calibration_error == pytest.approx((0.1 + 0.2 + 0.3 + 0.4) / 4)
    assert found.abstained == 0.25
    assert found.risk == {"1.00": 0.25, "0.95": 0.25, "0.90": 0.25, "0.80": 0.25}


def test_intervals_resample_articles_and_hold_the_score() -> None:
    found = score_labeller(Told(ANSWERS), "told", a_set(*ROWS), context=True, resamples=400)
    assert (found.accuracy.unit, found.accuracy.units, found.accuracy.resamples) == ("article", 3, 400)
    assert found.accuracy.low < 0.75 < found.accuracy.high


def test_the_gain_is_paired_by_article() -> None:
    better = Told({**ANSWERS, "丁": ("other", 0.9)})
    rows = a_set(*ROWS)
    made, base = (told.predict(rows.readings(True)) for told in (better, Told(ANSWERS)))
    found = gain(made, base, "told", rows, resamples=400)
    assert (found.over, found.accuracy.value, found.accuracy.unit) == ("told", 0.25, "article")
    assert found.macro_f1.value == pytest.approx(1 - (1 + 2 / 3 + 0) / 3)
    # Better on one article and the same on the others: no resample is worse.
    assert found.accuracy.low == 0
    same = gain(made, made, "told", rows, resamples=50).accuracy
    assert (same.value, same.low, same.high) == (0, 0, 0)


def test_without_context_the_labeller_reads_the_paragraph_alone() -> None:
    told = Told(ANSWERS)
    score_labeller(told, "told", a_set(*ROWS), context=True)
    assert told.seen[0] == Reading("甲", "标题", "导语")
    found = score_labeller(told, "told", a_set(*ROWS), context=False)
    assert told.seen[0] == Reading("甲")
    assert not found.context


def test_the_digest_tells_sets_apart() -> None:
    other_label = (*ROWS[:3], ("丁", "public_notice", "a3"))
    assert a_set(*ROWS).digest == a_set(*ROWS).digest
    assert len({a_set(*ROWS).digest, a_set(*reversed(ROWS)).digest, a_set(*other_label).digest}) == 3


def test_an_empty_set_is_an_error() -> None:
    told = "hand-made: expected at least one labelled paragraph, found none. Label some, or leave it out."
    with pytest.raises(BanmianError, match=re.escape(told)):
        a_set()


def test_paragraphs_of_an_issue_come_with_headline_lead_and_article() -> None:
    article = Article(
        id="a1",
        headline=Headline(kicker=("引题",), main=("主题",)),
        blocks=(
            Block(id="a1b1", text="导语。", label="other"),
            Block(id="a1b2", role="subhead", text="小标题"),
            Block(id="a1b3", text="正文。", label="public_notice"),
            Block(id="a1b4", text="未标注。"),
        ),
    )
    issue = Issue(id="i", articles=(article,))
    found = from_issues([issue])
    assert [p.reading.text for p in found] == ["导语。", "正文。"]
    assert found[1] == Labelled(Reading("正文。", "引题 主题", "导语。"), "public_notice", "i/a1")
    assert [p.reading.text for p in from_issues([issue], ["a1b3"])] == ["正文。"]


COLUMNS = ("label", "sure", "text", "title", "kicker", "lead", "date")


def write(path: Path, rows: list[tuple[object, ...]]) -> Path:
    pq.write_table(pa.table({c: [row[i] for row in rows] for i, c in enumerate(COLUMNS)}), path)
    return path


def test_real_paragraphs_are_held_out_by_article(tmp_path: Path) -> None:
    titles = [f"标题{n}" for n in range(40)]
    rows: list[tuple[object, ...]] = [
        ("other", True, f"{title}{part}", title, None, "导语", "2020-02-13")
        for title in titles
        for part in "一二"
    ]
    learn, held = from_parquet(write(tmp_path / "real.parquet", rows))
    assert {p.article for p in held} == {f"{t}|2020-02-13" for t in titles if held_out(t, "2020-02-13")}
    assert len(held) == 4
    assert not {p.article for p in held} & {p.article for p in learn}
    assert held[0].reading == Reading("标题6一", "标题6", "导语")


def test_an_unknown_label_and_a_missing_column_are_said(tmp_path: Path) -> None:
    path = write(tmp_path / "real.parquet", [("weather", True, "雨", "题", None, "", "")])
    with pytest.raises(BanmianError, match=re.escape("found 'weather'.")):
        from_parquet(path)
    pq.write_table(pa.table({"label": ["other"]}), tmp_path / "short.parquet")
    told = (
        f"{tmp_path}/short.parquet: expected columns {', '.join(COLUMNS)}, "
        "found none called sure, text, title, kicker, lead, date."
    )
    with pytest.raises(BanmianError) as problem:
        from_parquet(tmp_path / "short.parquet")
    assert str(problem.value) == told


def test_what_is_no_parquet_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(BanmianError, match=re.escape("expected a Parquet file, found none. Check the path.")):
        from_parquet(tmp_path / "none.parquet")
    (tmp_path / "bad.parquet").write_text("纯文本", encoding="utf-8")
    with pytest.raises(BanmianError, match=re.escape("bad.parquet: expected a Parquet file, found")):
        from_parquet(tmp_path / "bad.parquet")
