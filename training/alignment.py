"""Fit what the support check's alignment weighs, on printed headlines (``banmian train support``).

The fact that a printed headline states is the right one for its place; the article's others of that kind, and
its sentences without any, are the wrong ones: a conditional logit over what the article offers. Every swap of
a right fact for a wrong one is an unsupported headline, so the share of swaps caught is measured on the way.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from banmian.data.alignment import AGAINST, FEATURES
from banmian.data.errors import BanmianError, MissingExtraError
from banmian.data.facts import unsupported
from banmian.data.lexicon import words
from banmian.data.mentions import Kind, read_article, told
from banmian.data.misplaced import Offer, offers
from banmian.data.text import headline_to_model
from banmian.eval.parquet import read_rows
from banmian.training.config import SupportConfig, SupportCorpus

log = logging.getLogger(__name__)

KINDS: tuple[Kind, ...] = get_args(Kind)
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """What an article offers for one place of a printed headline, and for that place with a wrong fact."""

    kind: Kind
    printed: tuple[Offer, ...]
    swapped: tuple[Offer, ...]


@dataclass(frozen=True)
class Fitted:
    """Weights and limit of one kind, the facts they were fitted on, and the shares of cross-validation.

    ``refused``: share of right facts beyond the limit; ``caught``: share of swapped ones.
    """

    kind: Kind
    weights: tuple[float, ...]
    limit: float
    facts: int
    refused: float
    caught: float


def fit_support(config: SupportConfig) -> list[Fitted]:
    """Fit every kind in turn.

    Raises:
        BanmianError: a corpus is missing.
        MissingExtraError: SciPy is not installed.
    """
    draw = random.Random(config.seed)
    found = [example for corpus in config.corpora for example in examples(corpus, config, draw)]
    return [_fit_kind(kind, [e for e in found if e.kind == kind], config) for kind in KINDS]


def examples(corpus: SupportCorpus, config: SupportConfig, draw: random.Random) -> Iterator[Example]:
    """Examples of a sample of one corpus; headlines that the other rules refuse teach nothing."""
    for row in _rows(corpus, config, draw):
        body, date = row["body"].strip()[: config.longest_characters], str(row["date"] or "")
        if not unsupported(row["title"], body, date, aligned=False):
            yield from _of_headline(headline_to_model(row["title"]), body, date, draw)


def _rows(corpus: SupportCorpus, config: SupportConfig, draw: random.Random) -> list[dict[str, Any]]:
    path = Path(config.corpora_folder) / corpus.file
    if not path.is_file():
        raise BanmianError(
            "a Parquet file with title, body, date", "none", str(path), "Give its folder with --corpora."
        )
    rows = read_rows(path, ("title", "body", "date"))
    usable = [row for row in rows if 4 <= len(row["title"] or "") <= 45 and len(row["body"] or "") >= 60]
    return draw.sample(usable, min(corpus.pairs, len(usable)))


def _of_headline(text: str, body: str, date: str, draw: random.Random) -> Iterator[Example]:
    article = read_article(body, date)
    headline = list(told(text, words(text)))
    for said in headline:
        offered = offers(said, headline, text, article)
        wrong = [offer.text for offer in offered if not offer.ours and offer.text]
        if wrong:
            other = draw.choice(wrong)
            start, end = said.mention.start, said.mention.end
            swapped = text[:start] + other + text[end:]
            again = list(told(swapped, words(swapped)))
            at = next((one for one in again if (one.kind, one.mention.start) == (said.kind, start)), None)
            if at is not None:
                yield Example(said.kind, tuple(offered), tuple(offers(at, again, swapped, article)))


def _fit_kind(kind: Kind, found: Sequence[Example], config: SupportConfig) -> Fitted:
    """Weights on everything; the limit and the shares by weights that have not seen the article."""
    order = random.Random(config.seed).sample(found, len(found))
    parts = [order[at :: config.folds] for at in range(config.folds)]
    right: list[float] = []
    wrong: list[float] = []
    for held in parts:
        seen = [example.printed for part in parts if part is not held for example in part]
        weights = conditional_logit(seen, config.ridge)
        right += [_outweighed(weights, example.printed) for example in held]
        wrong += [_outweighed(weights, example.swapped) for example in held if example.swapped]
    limit = round(float(np.quantile(right, 1 - config.refused_share[kind])), 2)
    weights = conditional_logit([example.printed for example in found], config.ridge)
    return Fitted(
        kind,
        tuple(round(float(weight), 3) for weight in weights),
        limit,
        len(found),
        float((np.array(right) > limit).mean()),
        float((np.array(wrong) > limit).mean()),
    )


def conditional_logit(places: Sequence[Sequence[Offer]], ridge: float) -> Array:
    """Weights [features] under which what is offered and ours is the likeliest, together, in every place."""
    try:
        from scipy.optimize import minimize
    except ImportError:
        raise MissingExtraError("scipy", "eval", "fitting the alignment") from None
    rows = np.array([offer.features for place in places for offer in place])
    ours = np.array([offer.ours for place in places for offer in place])
    lengths = np.array([len(place) for place in places])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    spread = rows.std(axis=0) + 1e-6
    table = rows / spread

    def loss(weights: Array) -> tuple[float, Array]:
        scores = table @ weights
        every, share = _softmax(scores, starts, lengths)
        own, own_share = _softmax(np.where(ours, scores, -1e9), starts, lengths)
        slope = table.T @ (share - own_share) / len(places) + 2 * ridge * weights
        return float((every - own).mean() + ridge * weights @ weights), slope

    # Few examples of a kind would give a shared word a weight below zero by chance.
    bounds = [(None if feature in AGAINST else 0.0, None) for feature in FEATURES]
    fitted = minimize(loss, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(fitted.x / spread)


def _softmax(scores: Array, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> tuple[Array, Array]:
    """The logarithm of the sum of exponentials of every place, and each row's share of it."""
    top = np.maximum.reduceat(scores, starts)
    total = top + np.log(np.add.reduceat(np.exp(scores - np.repeat(top, lengths)), starts))
    return total, np.exp(scores - np.repeat(total, lengths))


def _outweighed(weights: Array, offered: Sequence[Offer]) -> float:
    scores = np.array([offer.features for offer in offered]) @ weights
    ours = np.array([offer.ours for offer in offered])
    return float(scores[~ours].max() - np.logaddexp.reduce(scores[ours]))


def written(found: Sequence[Fitted]) -> str:
    """The module :mod:`banmian.data.weighed` with these weights."""
    lines = []
    for one in found:
        lines.append(f'    "{one.kind}": (\n')
        pairs = zip(one.weights, FEATURES, strict=True)
        lines += [f"        {weight},  # {feature}\n" for weight, feature in pairs]
        lines.append("    ),\n")
    limits = "".join(f'    "{one.kind}": {one.limit},\n' for one in found)
    return _MODULE.format(weights="".join(lines), limits=limits)


_MODULE = '''"""What the support check's alignment weighs, and by how much: fitted, not chosen.

By ``banmian train support`` on printed headlines (banmian.training.alignment).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: For every kind the weights of :data:`banmian.data.alignment.FEATURES`, in order.
WEIGHTS: Final[Mapping[str, tuple[float, ...]]] = {{
{weights}}}

#: Beyond this difference of scores another fact of the article belongs in the headline's place.
LIMITS: Final[Mapping[str, float]] = {{
{limits}}}
'''
