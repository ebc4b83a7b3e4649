from hypothesis import given
from hypothesis import strategies as st

from banmian.training.batches import TokenBatches


@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=80),
    st.integers(60, 200),
    st.integers(1, 40),
    st.integers(0, 5),
)
def test_every_example_once_within_the_budget(
    lengths: list[int], budget: int, chunk: int, epoch: int
) -> None:
    batches = TokenBatches(lengths, budget, chunk, seed=1)
    batches.set_epoch(epoch)
    made = list(batches)
    assert sorted(i for batch in made for i in batch) == list(range(len(lengths)))
    assert all(max(lengths[i] for i in batch) * len(batch) <= budget for batch in made)


def test_the_order_is_fixed_by_seed_and_epoch() -> None:
    lengths = [5] * 50
    first, second = TokenBatches(lengths, 20, 10, seed=3), TokenBatches(lengths, 20, 10, seed=3)
    assert list(first) == list(second)
    second.set_epoch(1)
    assert list(first) != list(second)


def test_an_example_over_the_budget_is_a_batch_of_its_own() -> None:
    assert sorted(map(sorted, TokenBatches([500, 10, 10], 100, 10, seed=0))) == [[0], [1, 2]]
