import numpy as np
import pytest

from banmian.data.errors import BanmianError
from banmian.data.labels import LABELS
from banmian.serving.batches import by_length
from banmian.serving.bundle import Bundle
from banmian.serving.inputs import Reading
from banmian.serving.labeller import Labeller

PARAGRAPHS = (
    "市委常委会昨日召开会议，部署复工复产工作。",
    "我们的货架又满了。",
    "为保障居民出行，自二月十五日起恢复十二条公交线路，请乘客佩戴口罩，主动出示健康码。特此通告。" * 3,
    "国务院办公厅印发通知，要求各地有序开学。",
)


@pytest.fixture(scope="module")
def labeller(tiny_labeller: Bundle) -> Labeller:
    return Labeller(tiny_labeller, threads=1)


def _readings() -> list[Reading]:
    return [Reading(text, "市委会议", PARAGRAPHS[0]) for text in PARAGRAPHS]


def test_predictions_are_distributions_in_order(labeller: Labeller):
    together = labeller.predict(_readings())
    alone = [labeller.predict([reading])[0] for reading in _readings()]
    assert [p.label for p in together] == [p.label for p in alone]
    for one, other in zip(together, alone, strict=True):
        assert tuple(one.probabilities) == LABELS
        assert sum(one.probabilities.values()) == pytest.approx(1)
        assert one.confidence == max(one.probabilities.values()) == one.probabilities[one.label]
        assert one.confidence == pytest.approx(other.confidence, abs=1e-4)


def test_context_changes_what_is_said(labeller: Labeller):
    bare, told = labeller.predict([Reading(PARAGRAPHS[1]), Reading(PARAGRAPHS[1], "市委会议", PARAGRAPHS[0])])
    assert bare.probabilities != told.probabilities


def test_a_long_paragraph_is_read_in_windows_to_its_end(labeller: Labeller):
    text = PARAGRAPHS[2] * 3
    whole, changed = labeller.predict([Reading(text), Reading(text[:-8] + "货架又满了价格。")])
    assert whole.windows > 5
    assert whole.probabilities != changed.probabilities  # the end counts


def test_windows_are_averaged_by_what_they_add(labeller: Labeller):
    from banmian.serving.inputs import windows

    reading = Reading(PARAGRAPHS[2])
    parts = windows(labeller.tokens, reading, labeller.shape)
    scores = labeller.log_probabilities(parts)
    mean = sum(part.weight * row for part, row in zip(parts, scores, strict=True)) / 1.5  # temperature
    expected = np.exp(mean) / np.exp(mean).sum()
    (found,) = labeller.predict([reading])
    assert found.windows == len(parts) > 1
    assert list(found.probabilities.values()) == pytest.approx(expected.tolist(), abs=1e-5)


def test_what_is_below_the_threshold_abstains(labeller: Labeller):
    predictions = labeller.predict([Reading(text[i:]) for text in PARAGRAPHS for i in range(6)])
    assert {p.abstained for p in predictions} == {True, False}
    assert all(p.abstained == (p.confidence < 0.4) for p in predictions)


def test_nothing_in_nothing_out(labeller: Labeller):
    assert labeller.predict([]) == []


def test_int8_and_small_batches_keep_the_labels(tiny_labeller: Bundle, labeller: Labeller):
    small = Labeller(tiny_labeller, threads=1, compute_type="int8", batch_tokens=64)
    sure = [(a, b) for a, b in zip(small.predict(_readings()), labeller.predict(_readings()), strict=True)]
    assert all(a.label == b.label for a, b in sure if b.confidence > 0.5)


def test_a_writer_does_not_label(tiny_writer: Bundle):
    with pytest.raises(BanmianError) as caught:
        Labeller(tiny_writer)
    assert str(caught.value) == f"{tiny_writer.folder}: expected a labeller, found a writer."


@pytest.mark.parametrize("budget", [1, 10, 64, 1000])
def test_batches_hold_every_place_once_within_the_budget(budget: int):
    lengths = [5, 30, 8, 30, 2, 64, 9]
    batches = list(by_length(lengths, budget))
    assert sorted(place for batch in batches for place in batch) == list(range(7))
    for batch in batches:
        padded = max(lengths[place] for place in batch) * len(batch)
        assert padded <= budget or len(batch) == 1
    if budget == 1000:
        assert len(batches) == 1
