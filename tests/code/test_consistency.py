import numpy as np
import pytest

from banmian.data.labels import LABELS
from banmian.serving.bundle import Bundle
from banmian.serving.consistency import articles, consistent
from banmian.serving.engine import Engine
from banmian.serving.inputs import Reading
from banmian.serving.labeller import Labeller


def _log(*rows: list[float]) -> np.ndarray:
    return np.log(np.array(rows))


def test_an_article_is_what_shares_headline_and_lead() -> None:
    readings = [
        Reading("甲", "标题", "导语"),
        Reading("乙"),
        Reading("丙", "标题", "导语"),
        Reading("丁"),
        Reading("戊", "标题", "别的导语"),
    ]
    assert articles(readings) == [[0, 2]]  # readings without context are never taken for one article


def test_a_doubtful_paragraph_follows_its_neighbours_and_a_sure_one_does_not() -> None:
    scores = _log([0.9, 0.1], [0.45, 0.55], [0.9, 0.1], [0.9, 0.1], [0.02, 0.98])
    heard = np.exp(consistent(scores, [[0, 1, 2, 3, 4]], 0.5))
    assert heard.argmax(axis=1).tolist() == [0, 0, 0, 0, 1]
    assert heard.sum(axis=1) == pytest.approx(1.0)


def test_weight_zero_changes_nothing() -> None:
    scores = _log([0.9, 0.1], [0.45, 0.55])
    assert consistent(scores, [[0, 1]], 0.0) == pytest.approx(scores)


def test_others_are_the_others_only() -> None:
    scores = _log([0.8, 0.2], [0.5, 0.5])
    heard = np.exp(consistent(scores, [[0, 1]], 1.0))
    assert heard[0] == pytest.approx([0.8, 0.2])  # an undecided neighbour adds nothing
    assert heard[1] == pytest.approx([0.8, 0.2])


def test_the_engine_considers_a_callers_article_whole(tiny_labeller: Bundle, tiny_writer: Bundle) -> None:
    weighted = tiny_labeller.manifest.model_copy(update={"article_weight": 2.0})
    bundle = Bundle(tiny_labeller.folder, weighted)
    readings = [
        Reading(text, "市委常委会", "昨日召开会议。") for text in ("部署工作。", "蔬菜供应。", "公交恢复。")
    ]
    with Engine(bundle, tiny_writer) as engine:
        made = engine.classify(readings)
    labeller = Labeller(bundle)
    alone = labeller.read(readings)
    assert [p.probabilities for p in made] == [p.probabilities for p in labeller.predict(readings)]
    assert any(a.confidence != b.confidence for a, b in zip(made, alone, strict=True))
    assert all(sum(p.probabilities[label] for label in LABELS) == pytest.approx(1.0) for p in made)
