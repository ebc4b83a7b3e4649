"""Batches by token budget, of texts of about one length, in an order that a seed and an epoch fix."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from torch.utils.data import Sampler


class TokenBatches(Sampler[list[int]]):
    """Batches of example indices whose padded size stays within ``budget_tokens``.

    Within chunks of ``sort_within`` shuffled examples, examples are sorted by length and cut into
    batches; the batches are shuffled again. Sorting nearly doubles the speed of mixed lengths.

    Args:
        lengths: tokens of each example.
        budget_tokens: longest example of a batch times its size at most.
        sort_within: examples sorted together: small keeps the order random, large wastes no padding.
        seed: with the epoch it fixes the order, so a resumed run skips exactly what was seen.
    """

    def __init__(self, lengths: Sequence[int], budget_tokens: int, sort_within: int, seed: int) -> None:
        self.lengths, self.budget_tokens, self.sort_within, self.seed = (
            lengths,
            budget_tokens,
            sort_within,
            seed,
        )
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Called by the trainer at the start of each epoch."""
        self.epoch = epoch

    def __iter__(self) -> Iterator[list[int]]:
        return iter(self._batches(self.epoch))

    def __len__(self) -> int:
        return len(self._batches(0))

    def _batches(self, epoch: int) -> list[list[int]]:
        order = list(range(len(self.lengths)))
        source = random.Random(f"{self.seed}/{epoch}")
        source.shuffle(order)
        batches: list[list[int]] = []
        for start in range(0, len(order), self.sort_within):
            batch: list[int] = []
            for i in sorted(order[start : start + self.sort_within], key=self.lengths.__getitem__):
                if batch and self.lengths[i] * (len(batch) + 1) > self.budget_tokens:
                    batches.append(batch)
                    batch = []
                batch.append(i)
            batches.append(batch)
        source.shuffle(batches)
        return batches
