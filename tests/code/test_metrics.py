import re
import socket

import evaluate
import numpy as np
import pytest
from sklearn.metrics import f1_score

from banmian.data.errors import BanmianError
from banmian.data.labels import LABELS
from banmian.eval import classes
from banmian.eval.modules import load_metric
from banmian.eval.rouge import longest_common_subsequence, rouge_scores


def subsequence_by_table(first: str, second: str) -> int:
    """The textbook table, to hold the bit-parallel form against."""
    row = [0] * (len(second) + 1)
    for a in first:
        diagonal = 0
        for j, b in enumerate(second, 1):
            above = row[j]
            row[j] = diagonal + 1 if a == b else max(above, row[j - 1])
            diagonal = above
    return row[-1]


def test_modules_load_without_network_and_combine(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    both = evaluate.combine([load_metric("accuracy"), load_metric("macro_f1")])
    found = both.compute(predictions=[0, 1, 1], references=[0, 1, 0])
    assert found == pytest.approx({"accuracy": 2 / 3, "macro_f1": 2 / 3})


def test_macro_f1_is_scikit_learns_over_the_labels_that_occur() -> None:
    random = np.random.default_rng(3)
    for present in (2, 4, len(LABELS)):
        references, predictions = random.integers(0, present, (2, 60)).tolist()
        expected = f1_score(references, predictions, average="macro")
        found = load_metric("macro_f1").compute(predictions=predictions, references=references)
        assert found["macro_f1"] == pytest.approx(expected)


def test_a_stray_label_counts_as_zero() -> None:
    matrix = classes.confusion([0, 0, 1], [0, 2, 1], 5)
    assert np.nanmin(classes.f1_by_class(matrix)) == 0
    assert classes.macro_f1(matrix) == pytest.approx((2 / 3 + 1 + 0) / 3)


@pytest.mark.parametrize(
    "text", ["疫", "株洲市召开会议", "１．５万余名", "COVID-19 疫情", "“生命线”——守护", "㐂𠮷"]
)
def test_a_text_scores_one_against_itself(text: str) -> None:
    found = load_metric("char_rouge").compute(predictions=[text], references=[text])
    assert found == {"rouge1": 1.0, "rouge2": 1.0, "rougeL": 1.0}


def test_every_character_is_a_token_without_blanks_and_case() -> None:
    assert rouge_scores(["逐件过堂 限期交账 App"], ["逐件过堂限期交账app"]).tolist() == [[1.0, 1.0, 1.0]]
    # Digits are characters: 15 against 16 shares one of two.
    assert rouge_scores(["15"], ["16"])[0] == pytest.approx([0.5, 0.0, 0.5])


def test_rouge_of_a_case_counted_by_hand() -> None:
    # 一二三四 against 一三二四五: four characters shared of 4 and 5, no pair, 一二四 in order.
    assert rouge_scores(["一二三四"], ["一三二四五"])[0] == pytest.approx([8 / 9, 0.0, 6 / 9])


def test_repeated_characters_count_as_often_as_both_have_them() -> None:
    assert rouge_scores(["好好好好"], ["好好"])[0] == pytest.approx([4 / 6, 2 / 4, 4 / 6])


def test_blank_and_disjoint_texts_score_zero() -> None:
    assert rouge_scores(["", "　 ", "", "甲"], ["", "", "乙", "乙"]).tolist() == [[0.0] * 3] * 4


def test_bit_parallel_subsequence_equals_the_table() -> None:
    random = np.random.default_rng(5)
    for _ in range(300):
        first, second = ("".join(random.choice(list("甲乙丙丁"), size=random.integers(0, 90))) for _ in "ab")
        assert longest_common_subsequence(first, second) == subsequence_by_table(first, second)


def test_every_pair_on_request_and_their_mean_without() -> None:
    module = load_metric("char_rouge")
    texts = {"predictions": ["甲乙", "丙"], "references": ["甲乙", "丁"]}
    assert module.compute(**texts, use_aggregator=False)["rougeL"] == [1.0, 0.0]
    assert module.compute(**texts)["rougeL"] == 0.5


def test_unequal_lengths_are_said() -> None:
    with pytest.raises(
        BanmianError, match=re.escape("expected a prediction for every reference, found 1 for 2.")
    ):
        rouge_scores(["甲"], ["甲", "乙"])
    with pytest.raises(
        BanmianError, match=re.escape("expected a prediction for every reference, found 2 for 1.")
    ):
        classes.confusion([0], [0, 1], 5)
