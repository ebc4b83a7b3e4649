"""A conditional random field over a page's pieces, its manner hidden in reading and known in learning."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.nn.utils.rnn import pad_sequence
from tqdm import tqdm

from banmian.data.signs import Signs
from banmian.data.tagging import GOES_ON, MANNERS, SIDES, TAGS, against
from banmian.training.config import ReaderConfig


@dataclass(frozen=True)
class Example:
    """A page's signs, the log odds that each piece goes on from the one above
    (:func:`banmian.data.tagging.going_on`), its true tags by number, and the number of its manner.
    """

    signs: list[Signs]
    going_on: list[float]
    tags: list[int]
    manner: int


@dataclass(frozen=True)
class _Encoded:
    """An example's signs as ids, (pieces × most signs of a piece), 0 where there is none."""

    own: torch.Tensor
    sided: torch.Tensor
    going_on: torch.Tensor
    tags: torch.Tensor
    manner: int


class Field(torch.nn.Module):
    """The random field's weights and its loss."""

    def __init__(self, own: Sequence[str], sided: Sequence[str], dropped: float) -> None:
        super().__init__()
        tags, manners = len(TAGS), len(MANNERS)
        self.names = (list(own), list(sided))
        self._index = [{name: at for at, name in enumerate(names, 1)} for names in self.names]
        self._dropped = dropped
        bags = [
            torch.nn.EmbeddingBag(len(names) + 1, wide * tags, mode="sum", padding_idx=0)
            for names, wide in zip(self.names, (1, 2), strict=True)
        ]
        for bag in bags:
            torch.nn.init.zeros_(bag.weight)
        self.own, self.sided = bags
        self.steps = torch.nn.Parameter(torch.zeros(manners, tags, tags))
        self.first = torch.nn.Parameter(torch.zeros(manners, tags))
        self.last = torch.nn.Parameter(torch.zeros(manners, tags))
        self._against = [torch.from_numpy(table) for table in against()]

    def encoded(self, example: Example) -> _Encoded:
        """The example's signs as padded ids."""
        ids = [
            pad_sequence(
                [torch.tensor([0, *(index.get(sign, 0) for sign in row)]) for row in rows], batch_first=True
            )
            for rows, index in zip(
                ([one.own for one in example.signs], [one.sided for one in example.signs]),
                self._index,
                strict=True,
            )
        ]
        own, sided = ids
        going_on, tags = torch.tensor(example.going_on), torch.tensor(example.tags)
        return _Encoded(own, sided, going_on, tags, example.manner)

    def loss(self, batch: Sequence[_Encoded]) -> torch.Tensor:
        """The negative log likelihood of the batch's true tags and manners, over all manners and paths."""
        scores = pad_sequence([self._scores(one) for one in batch], batch_first=True)
        lengths = torch.tensor([len(one.tags) for one in batch])
        steps, first, last = (
            table + fixed
            for table, fixed in zip((self.steps, self.first, self.last), self._against, strict=True)
        )
        score = first + scores[:, 0]
        for at in range(1, int(lengths.max())):
            fresh = torch.logsumexp(score[:, :, :, None] + steps, 2) + scores[:, at]
            score = torch.where((at < lengths)[:, None, None], fresh, score)
        total = torch.logsumexp((score + last).flatten(1), 1).sum()
        true = [self._of_path(one, scores[i]) for i, one in enumerate(batch)]
        return total - torch.stack(true).sum()

    def _scores(self, one: _Encoded) -> torch.Tensor:
        own, sided = (ids * (torch.rand(ids.shape) >= self._dropped) for ids in (one.own, one.sided))
        sides = self.sided(sided).view(-1, 2, len(TAGS))[:, list(SIDES)]
        known = torch.zeros(len(one.tags), len(TAGS))
        known[:, GOES_ON] = one.going_on
        scores: torch.Tensor = (self.own(own) + known)[:, None] + sides
        return scores

    def _of_path(self, one: _Encoded, scores: torch.Tensor) -> torch.Tensor:
        tags, manner = one.tags, one.manner
        ends = self.first[manner, tags[0]] + self.last[manner, tags[-1]]
        lines = scores[torch.arange(len(tags)), manner, tags].sum()
        return self.steps[manner, tags[:-1], tags[1:]].sum() + lines + ends

    def weights(self) -> dict[str, np.ndarray[Any, Any]]:
        """What banmian.data.tagging.Tagger reads, in half precision."""
        own, sided, steps, first, last = (
            tensor.detach().numpy().astype(np.float16)
            for tensor in (self.own.weight[1:], self.sided.weight[1:], self.steps, self.first, self.last)
        )
        return {
            "signs": np.array(self.names[0]),
            "own": own,
            "sided_signs": np.array(self.names[1]),
            "sided": sided.reshape(-1, 2, len(TAGS)),
            "steps": steps,
            "first": first,
            "last": last,
        }


def fit_field(examples: Sequence[Example], config: ReaderConfig) -> dict[str, np.ndarray[Any, Any]]:
    """Fit by Adam, its rate falling linearly; signs seen too seldom have no weight."""
    torch.manual_seed(config.seed)
    own, sided = Counter[str](), Counter[str]()
    for example in examples:
        for one in example.signs:
            own.update(one.own)
            sided.update(one.sided)
    often, often_sided = (
        [name for name, times in seen.items() if times >= config.least_seen] for seen in (own, sided)
    )
    field = Field(often, often_sided, config.dropped_signs)
    encoded = [field.encoded(example) for example in examples]
    optimizer = torch.optim.Adam(field.parameters(), lr=config.learning_rate)
    chance = random.Random(config.seed)
    for epoch in range(config.epochs):
        for group in optimizer.param_groups:
            group["lr"] = config.learning_rate * (1 - epoch / config.epochs)
        batches = _batches(encoded, config.batch_pages, chance)
        for batch in tqdm(batches, f"epoch {epoch + 1} of {config.epochs}", leave=False, mininterval=5):
            optimizer.zero_grad()
            size = sum(weight.square().sum() for weight in field.parameters())
            loss = field.loss(batch) / sum(len(one.tags) for one in batch)
            torch.autograd.backward(loss + config.weight_decay * size)
            optimizer.step()
    return field.weights()


def _batches(encoded: Sequence[_Encoded], size: int, chance: random.Random) -> list[list[_Encoded]]:
    """Pages of like length together, in another order each time."""
    order = sorted(range(len(encoded)), key=lambda at: len(encoded[at].tags) + 30 * chance.random())
    batches = [[encoded[i] for i in order[at : at + size]] for at in range(0, len(order), size)]
    chance.shuffle(batches)
    return batches
