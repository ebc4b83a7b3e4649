"""What `banmian eval` measures, as one record: models beside baselines, on the same sets in the same run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tqdm import tqdm

from banmian.data.issue import Record
from banmian.data.labels import DEFAULT_REGISTER
from banmian.eval.baselines import CONSTANT, TFIDF, CharTfidf, constant
from banmian.eval.headlines import PairSet
from banmian.eval.intervals import RESAMPLES
from banmian.eval.paragraphs import Labelled, ParagraphSet
from banmian.eval.robustness import Robustness
from banmian.eval.score import LabellerScore, Predicts, gain, score_predictions
from banmian.eval.support import SupportScore
from banmian.eval.written import WriterScore, Writes, score_lead, score_writer


class Report(Record):
    """Every score of a run; ``notes`` say what was left out and why."""

    seed: int
    resamples: int
    labeller: tuple[LabellerScore, ...] = ()
    writer: tuple[WriterScore, ...] = ()
    robustness: tuple[Robustness, ...] = ()
    support: SupportScore | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trial:
    """Models scored on ``sets`` beside baselines that learn from ``learn``, which no set overlaps."""

    models: tuple[tuple[str, Predicts], ...]
    sets: tuple[ParagraphSet, ...]
    learn: tuple[Labelled, ...]


def score_trial(trial: Trial, seed: int, resamples: int = RESAMPLES) -> list[LabellerScore]:
    """On every set, with context and without, the models and TF-IDF, and the constant answer once.

    Both baselines are of this run; each model's gain is over TF-IDF that reads what the model reads.
    """
    contexts = tqdm((True, False), desc="TF-IDF baseline", leave=False, disable=None)
    tfidf = {context: CharTfidf().fit(trial.learn, context) for context in contexts}
    scores = []
    for paragraphs in tqdm(trial.sets, desc="labels", unit="set", leave=False, disable=None):
        for context, baseline in tfidf.items():
            readings = paragraphs.readings(context)
            base = baseline.predict(readings)
            for name, model in trial.models:
                made = model.predict(readings)
                scored = score_predictions(made, name, paragraphs, context, seed, resamples)
                over = gain(made, base, TFIDF, paragraphs, seed, resamples)
                scores.append(scored.model_copy(update={"gain": over}))
            scores.append(score_predictions(base, TFIDF, paragraphs, context, seed, resamples))
        always = constant(paragraphs.paragraphs)
        scores.append(score_predictions(always, CONSTANT, paragraphs, None, seed, resamples))
    return scores


def score_pairs(
    writer: Writes, name: str, sets: Iterable[PairSet], seed: int, resamples: int = RESAMPLES
) -> list[WriterScore]:
    """The lead sentence and the writer on every set.

    The writer's best beam is scored in the set's register and in the default one, and what it returns to a
    user in the set's.
    """
    scores = []
    for pairs in sets:
        scores.append(score_lead(pairs, seed, resamples))
        scores.append(score_writer(writer, name, pairs, "generated", None, seed, resamples))
        if pairs.register != DEFAULT_REGISTER:
            scores.append(score_writer(writer, name, pairs, "generated", DEFAULT_REGISTER, seed, resamples))
        scores.append(score_writer(writer, name, pairs, "returned", None, seed, resamples))
    return scores
