"""Articles that an editor should confirm as a whole: contradictory labels, and decisions by a hair."""

from __future__ import annotations

import pytest

from banmian.data.issue import Article, Block, Doubt, Issue, Prediction, parse_issue
from banmian.data.labels import LABELS, Label
from banmian.serving.bundle import Bundle
from banmian.serving.desk import Desk
from banmian.serving.doubt import doubts
from banmian.serving.engine import Engine
from banmian.serving.export import issue_text
from banmian.serving.view import issue_html


def sure(label: Label, confidence: float = 0.96) -> Prediction:
    rest = (1 - confidence) / (len(LABELS) - 1)
    odds = {name: confidence if name == label else rest for name in LABELS}
    return Prediction(label=label, confidence=confidence, probabilities=odds)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([("local_meeting", 0.96)] * 4, ()),
        ([("local_meeting", 0.96)] * 6 + [("livelihood_report", 0.96)], ()),
        ([("public_notice", 0.9)] * 5 + [("livelihood_report", 0.96)], ()),
        ([("livelihood_report", 0.97)] * 8 + [("other", 0.9)], ("contradiction",)),
        ([("livelihood_report", 0.97)] * 8 + [("other", 0.55)], ()),
        ([("central_directive", 0.97)] * 8 + [("local_meeting", 0.7)], ("contradiction",)),
        ([("local_meeting", 0.9), ("livelihood_report", 0.9)], ()),
        ([("local_meeting", 0.9), ("livelihood_report", 0.5)], ("hair",)),
        ([("other", 0.9), ("central_directive", 0.9)], ("contradiction", "hair")),
        ([("other", 0.3)], ()),
        ([], ()),
    ],
)
def test_doubts(labels: list[tuple[Label, float]], expected: tuple[Doubt, ...]) -> None:
    assert doubts([sure(label, confidence) for label, confidence in labels]) == expected


def test_the_desk_marks_articles_and_everything_shows_it(tiny_labeller: Bundle, tiny_writer: Bundle) -> None:
    blocks = tuple(
        Block(id=f"b{i}", text=text)
        for i, text in enumerate(
            (
                "市委常委会昨日召开会议，部署复工复产工作。",
                "我们的货架又满了。",
                "特此通告。",
                "国务院印发通知。",
            )
        )
    )
    issue = Issue(id="i", articles=(Article(id="a1", blocks=blocks), Article(id="a2")))
    with Engine(tiny_labeller, tiny_writer) as engine:
        made = Desk(engine).analyze(issue)
    first, second = made.articles
    assert first.doubts == doubts([block.prediction for block in first.body if block.prediction])
    assert first.doubts  # random weights: nothing is decided by more than a hair
    assert second.doubts == ()
    assert parse_issue(made.to_json()) == made
    assert "doubts" not in made.as_dict()["articles"][1]  # type: ignore[index]
    assert "整篇归类只差毫厘" in issue_html(made)
    assert "1 篇标签需整篇确认" in issue_html(made)
    assert "decided by a hair" in issue_html(made, "en")
    assert issue_text(made).count("（需编辑确认）") == 1


def test_an_old_mark_is_taken_back(tiny_labeller: Bundle, tiny_writer: Bundle) -> None:
    article = Article(id="a1", blocks=(Block(id="b1", text="特此通告。"),), doubts=("hair",))
    with Engine(tiny_labeller, tiny_writer) as engine:
        made = Desk(engine).analyze(Issue(id="i", articles=(article,)))
    assert made.articles[0].doubts == ()
