"""Unlabelled paragraphs of the corpora with the opinion of two teachers that err differently.

The labeller and character TF-IDF + logistic regression are right about as often on real paragraphs and wrong
on others: on 331 validation paragraphs cross-entropy was .68 and .70 alone and .58 for the mean of their
log-probabilities (accuracy .729, .719, .752). A labeller that learns the mean's opinion of paragraphs nobody
has labelled shall keep the gain and run alone (Hinton et al., "Distilling the knowledge in a neural network",
2015).
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from banmian.data.holdout import held_out
from banmian.data.issue import Prediction
from banmian.data.labels import LABELS
from banmian.eval.baselines import CharTfidf
from banmian.eval.paragraphs import Labelled
from banmian.eval.parquet import read_rows
from banmian.serving.bundle import load_bundle
from banmian.serving.inputs import Reading
from banmian.serving.labeller import Labeller
from banmian.training.config import ParagraphsConfig
from banmian.training.labelled import Example, validates

log = logging.getLogger(__name__)

#: Characters of a paragraph worth learning from; longer ones are many windows of one opinion.
SHORTEST, LONGEST = 12, 400
#: A probability that is taken for less would weigh for ever in a mean of logarithms.
FLOOR = 1e-4


def taught(config: ParagraphsConfig, learnt: Sequence[Example]) -> list[Example]:
    """``config.taught_paragraphs`` paragraphs with the teachers' mean opinion as target.

    The labeller is the bundle ``config.teacher``; TF-IDF learns from ``learnt``, what the run learns from. No
    article that is validated or reported on is among them.
    """
    if not config.taught_paragraphs:
        return []
    readings = _drawn(config)
    targets = opinion(
        Labeller(load_bundle(Path(config.teacher))).predict(readings), tfidf(learnt).predict(readings)
    )
    log.info("%d paragraphs with a teacher's opinion", len(readings))
    return [
        Example(reading, int(target.argmax()), target=tuple(float(share) for share in target))
        for reading, target in zip(readings, targets, strict=True)
    ]


def opinion(one: Sequence[Prediction], other: Sequence[Prediction]) -> np.ndarray:
    """The normalised geometric mean of two predictions of each paragraph, ``[paragraphs, labels]``."""
    logs = [
        np.log([[max(FLOOR, p.probabilities[label]) for label in LABELS] for p in side])
        for side in (one, other)
    ]
    mean = np.exp((logs[0] + logs[1]) / 2)
    shares: np.ndarray = mean / mean.sum(axis=1, keepdims=True)
    return shares


def _drawn(config: ParagraphsConfig) -> list[Reading]:
    """One paragraph an article, an equal number from every corpus; the seed fixes which."""
    share = config.taught_paragraphs // len(config.taught_corpora)
    return [
        reading
        for corpus in config.taught_corpora
        for reading in islice(_one_an_article(Path(config.corpora_folder) / corpus, config.seed), share)
    ]


def _one_an_article(path: Path, seed: int) -> Iterator[Reading]:
    draw = random.Random(f"{path.name} {seed}")
    rows = read_rows(path, ("title", "body", "date"))
    draw.shuffle(rows)
    for row in rows:
        if not _free(row["title"], row["date"]):
            continue
        body = [line.strip() for line in row["body"].split("\n") if line.strip()]
        fit = [text for text in body if SHORTEST <= len(text) <= LONGEST]
        if fit:
            yield Reading(draw.choice(fit), row["title"], body[0])


def _free(title: str, date: str) -> bool:
    return not held_out(title, date) and not validates(f"{title}|{date}")


def tfidf(learnt: Sequence[Example]) -> CharTfidf:
    """The baseline, learnt from what a run learns from."""
    return CharTfidf().fit([Labelled(one.reading, LABELS[one.label], article="") for one in learnt])
