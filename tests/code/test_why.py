"""Why a paragraph got its label: parts in print, weights that are what leaving out does, neighbours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from banmian.data.issue import Article, Block, Headline, Issue
from banmian.data.labels import LABELS
from banmian.data.text import model_text, printed_places
from banmian.serving.bundle import Bundle
from banmian.serving.engine import Engine
from banmian.serving.inputs import Reading
from banmian.serving.labeller import Labeller
from banmian.serving.neighbours import Neighbours
from banmian.serving.reasons import Reasons, said
from banmian.serving.scheduler import ClosedError, DeadlineError
from banmian.serving.why import METHODS, Explainer, Method

LEAD = "市委常委会昨日召开会议，部署复工复产工作。"
TEXT = "会议强调,要落实分区 分级防控措施，帮助企业解决用工、原料、物流困难。价格比上周下降三成！"
HEADLINE = "市委常委会召开会议"


@pytest.fixture(scope="module")
def explainer(tiny_labeller: Bundle) -> Explainer:
    return Explainer(tiny_labeller, threads=1)


@pytest.fixture(scope="module")
def labeller(tiny_labeller: Bundle) -> Labeller:
    return Labeller(tiny_labeller, threads=1, compute_type="float32")


def odds(labeller: Labeller, reading: Reading, label: str) -> float:
    (made,) = labeller.read([reading])
    p = made.probabilities[label]  # type: ignore[index]
    return float(np.log(p) - np.log1p(-p))


@given(
    st.text(
        alphabet=st.one_of(
            st.sampled_from("市，,(（１2Ab\u3000\n\u200be\u0301ᄒ\u1161"),
            st.characters(exclude_categories=["Cs"]),
        )
    )
)
def test_every_character_of_the_models_text_has_its_place_in_print(text: str) -> None:
    made, places = printed_places(text)
    assert made == model_text(text)
    assert places == sorted(places)
    assert len(places) == len(made)
    assert all(
        text[i] == char
        for char, i in zip(made, places, strict=True)
        if char.isalpha() and char in text and len(made) == len(text)
    )


def test_places_skip_what_the_model_does_not_read() -> None:
    made, places = printed_places("２月 12日,株\u200b洲e\u0301")
    assert made == "2月12日，株洲é"
    assert places == [0, 1, 3, 4, 5, 6, 7, 9, 10]


@pytest.mark.parametrize("method", METHODS)
def test_parts_are_printed_text_and_clauses_cover_it(explainer: Explainer, method: Method) -> None:
    why = explainer.explain(Reading(TEXT, HEADLINE, LEAD), method=method)
    assert why.method == method
    assert "".join(part.text for part in why.clauses) == TEXT
    assert [part.text for part in why.clauses][:2] == ["会议强调,", "要落实分区 分级防控措施，"]
    for part in (*why.clauses, *why.words):
        assert part.text == TEXT[part.start : part.end]
    assert why.headline is not None
    assert why.lead is not None


def test_a_weight_is_what_leaving_the_part_out_costs(explainer: Explainer, labeller: Labeller) -> None:
    text = "会议强调，要帮助企业解决用工困难。"  # one window, so that leaving out moves no other cut
    why = explainer.explain(Reading(text, HEADLINE, LEAD))
    whole = odds(labeller, Reading(text, HEADLINE, LEAD), why.label)
    for part in why.clauses:
        left = Reading(text[: part.start] + text[part.end :], HEADLINE, LEAD)
        assert part.weight == pytest.approx(whole - odds(labeller, left, why.label), abs=2e-3)
    bare = odds(labeller, Reading(text, "", LEAD), why.label)
    assert why.headline == pytest.approx(whole - bare, abs=2e-3)
    assert why.lead == pytest.approx(whole - odds(labeller, Reading(text, HEADLINE), why.label), abs=2e-3)


def test_words_are_those_of_the_clauses_that_decided(explainer: Explainer) -> None:
    why = explainer.explain(Reading(TEXT, HEADLINE, LEAD))
    best = sorted(why.clauses, key=lambda part: -part.weight)[:2]
    inside = [any(c.start <= word.start and word.end <= c.end for c in best) for word in why.words]
    assert inside
    assert all(inside)
    assert explainer.explain(Reading("共12.5万人 OK吗。")).words[1].text in {"12.5", "OK", "万", "人"}


def test_gradients_are_those_of_the_log_odds(explainer: Explainer, tiny_labeller: Bundle) -> None:
    """The sum of the weights is the slope of the log-odds as all embeddings are stretched together."""
    torch = pytest.importorskip("torch")
    from banmian.serving.gradient import token_weights
    from banmian.serving.inputs import windows
    from banmian.serving.torch_backend import TorchClassifier

    parts = windows(explainer.tokens, Reading(TEXT, HEADLINE, LEAD), explainer.shape)
    network = TorchClassifier(tiny_labeller, "float32", 1)
    embeddings = network.model.get_input_embeddings().weight

    def stretched(by: float) -> float:
        with torch.no_grad():
            embeddings.mul_(by)
            scores = np.stack([network.logits([part])[0] for part in parts]).astype(np.float64)
            embeddings.div_(by)
        scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
        mean = np.array([part.weight for part in parts]) @ scores / tiny_labeller.manifest.temperature
        return float(mean[1] - np.log(np.exp(np.delete(mean, 1)).sum()))

    slope = (stretched(1.005) - stretched(0.995)) / 0.01
    assert len(parts) > 1
    assert sum(row.sum() for row in token_weights(tiny_labeller, parts, 1, 1)) == pytest.approx(
        slope, rel=0.02
    )


def test_a_long_paragraph_is_explained_to_its_end(explainer: Explainer, labeller: Labeller) -> None:
    text = TEXT * 8
    why = explainer.explain(Reading(text, HEADLINE))
    assert labeller.read([Reading(text, HEADLINE)])[0].windows > 3
    assert "".join(part.text for part in why.clauses) == text
    assert len(why.clauses) <= 32
    assert why.clauses[-1].weight != 0
    assert why.lead is None


def test_the_label_asked_about_is_explained_and_the_articles_share_told(explainer: Explainer) -> None:
    alone = explainer.explain(Reading(TEXT))
    other = next(label for label in LABELS if label != alone.label)
    why = explainer.explain(Reading(TEXT), other, 0.5)
    assert why.label == other
    assert why.headline is why.lead is None
    assert why.article is not None
    assert why.article > 0  # alone it was not the likeliest, and the desk gave it a half
    assert alone.article is None


def issue(*texts: str) -> Issue:
    articles = tuple(
        Article(
            id=f"a{i}",
            headline=Headline(main=(f"标题{i}",)),
            blocks=(Block(id=f"a{i}b1", text=text, label="other"),),
        )
        for i, text in enumerate(texts)
    )
    return Issue(id="known", articles=articles)


def neighbours(explainer: Explainer, *texts: str) -> Neighbours:
    bundle = explainer.bundle
    return Neighbours(bundle.digest, explainer.classifier, explainer.tokens, explainer.shape, [issue(*texts)])


def test_the_nearest_come_first_and_never_the_paragraph_itself(explainer: Explainer) -> None:
    near = TEXT.replace("三成", "二成")
    found = neighbours(explainer, LEAD, TEXT, near, near, TEXT.replace("，", ""), "特此通告。")
    assert not found.ready
    made = found.nearest(Reading(TEXT, "另一个标题"))
    assert found.ready
    assert [one.text for one in made] == [
        near,
        *sorted((LEAD, "特此通告。"), key=[x.text for x in made].index),
    ]
    assert [one.similarity for one in made] == sorted((one.similarity for one in made), reverse=True)
    assert (made[0].issue, made[0].headline, made[0].label) == ("known", "标题2", "other")
    # Its own article is no evidence either.
    siblings = neighbours(explainer, LEAD, near)
    assert [one.text for one in siblings.nearest(Reading(TEXT, "标题1"))] == [LEAD]


def test_the_index_is_kept_by_model_and_issues(
    explainer: Explainer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = neighbours(explainer, LEAD, "特此通告。").nearest(Reading(TEXT))
    (kept,) = (tmp_path / "banmian" / "neighbours").iterdir()
    stamp = kept.stat().st_mtime_ns
    again = neighbours(explainer, LEAD, "特此通告。").nearest(Reading(TEXT))
    assert [one.text for one in again] == [one.text for one in first]
    assert kept.stat().st_mtime_ns == stamp
    kept.write_bytes(b"broken")
    assert neighbours(explainer, LEAD, "特此通告。").nearest(Reading(TEXT)) == first
    neighbours(explainer, LEAD).nearest(Reading(TEXT))
    assert len(list(kept.parent.iterdir())) == 2


def test_reasons_follow_the_labeller_served(tiny_labeller: Bundle, tiny_writer: Bundle) -> None:
    with Engine(tiny_labeller, tiny_writer) as engine:
        reasons = Reasons(engine, 1, [issue(LEAD, "特此通告。")])
        readings = [Reading(TEXT, HEADLINE, LEAD), Reading("我们的货架又满了。")]
        predictions = engine.classify(readings)
        made = reasons.explain(readings, said(predictions), 60.0, 30.0)
        assert [why.label for why in made] == [one.label for one in predictions]
        assert all(len(why.neighbours or ()) > 0 for why in made)
        assert made[1].article == pytest.approx(0, abs=0.3)  # int8 against float32, and nobody to hear
        with pytest.raises(DeadlineError), reasons._working:
            reasons.explain(readings, said(predictions), 0.05)


def test_making_the_index_can_be_stopped(
    explainer: Explainer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = neighbours(explainer, LEAD)
    found.stop()
    with pytest.raises(ClosedError):
        found.prepare()
    assert not found.ready
