import numpy as np
import pytest

from banmian.eval import classes
from banmian.eval.intervals import RESAMPLES, bootstrap, mean_with_interval, totals


def test_totals_add_up_by_group_in_order_of_appearance() -> None:
    rows = np.array([[1, 10], [2, 20], [4, 40]])
    assert totals(rows, ["b", "a", "b"]).tolist() == [[5, 50], [2, 20]]


def test_equal_seeds_give_equal_intervals_and_others_do_not() -> None:
    values = np.arange(40.0)
    first, again, other = (mean_with_interval(values, "headline", seed) for seed in (1, 1, 2))
    assert first == again
    assert (first.low, first.high) != (other.low, other.high)


def test_the_record_says_how_it_was_made() -> None:
    found = mean_with_interval(np.array([0.0, 1.0, 1.0]), "article", 7, groups=["x", "x", "y"], resamples=50)
    assert (found.unit, found.units, found.resamples, found.seed, found.level) == ("article", 2, 50, 7, 0.95)
    assert found.value == pytest.approx(2 / 3)


def test_interval_agrees_with_the_normal_approximation() -> None:
    values = np.random.default_rng(0).normal(size=400)
    found = mean_with_interval(values, "headline", 0)
    half = 1.96 * values.std() / np.sqrt(len(values))
    assert found.high - found.value == pytest.approx(half, rel=0.1)
    assert found.value - found.low == pytest.approx(half, rel=0.1)


def test_articles_that_flip_whole_give_a_wider_interval_than_their_paragraphs() -> None:
    # Ten articles of eight paragraphs, two of them wrong from end to end.
    correct, articles = np.repeat([1.0] * 8 + [0.0] * 2, 8), np.repeat(np.arange(10), 8)
    by_article = mean_with_interval(correct, "article", 0, groups=articles.tolist())
    by_paragraph = mean_with_interval(correct, "paragraph", 0)
    assert by_article.value == by_paragraph.value == 0.8
    # Variance grows with the size of the cluster, so the width by about the root of eight.
    ratio = (by_article.high - by_article.low) / (by_paragraph.high - by_paragraph.low)
    assert 2.3 < ratio < 3.4


def test_a_perfect_labeller_has_no_spread() -> None:
    pairs = np.zeros((6, 5, 5))
    pairs[range(6), [0, 0, 1, 2, 3, 3], [0, 0, 1, 2, 3, 3]] = 1
    found = bootstrap(pairs, classes.macro_f1, "paragraph", 0)
    assert (found.value, found.low, found.high) == (1.0, 1.0, 1.0)


def test_every_resample_is_drawn() -> None:
    sizes: list[int] = []

    def count(sums: np.ndarray) -> np.ndarray:
        sizes.append(len(sums))
        return sums[:, 0]

    bootstrap(np.ones((3, 1)), count, "paragraph", 0)
    assert sum(sizes) == RESAMPLES + 1
