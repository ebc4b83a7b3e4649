"""Scores of a headline writer on printed headlines, beside the lead sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, Protocol

import numpy as np
from tqdm import tqdm

from banmian.data.facts import unsupported
from banmian.data.issue import Record, Written
from banmian.data.labels import Register
from banmian.data.text import model_text, squeeze
from banmian.eval.baselines import lead_sentence
from banmian.eval.headlines import PairSet
from banmian.eval.intervals import RESAMPLES, Measured, mean_with_interval
from banmian.eval.modules import load_metric
from banmian.eval.rouge import ROUGE_NAMES, rouge_scores
from banmian.serving.writer import Request

_AT_ONCE = 64

#: ``generated``: the best beam as it comes; ``returned``: what a user gets, after the support check.
What = Literal["generated", "returned", "lead sentence"]


class Writes(Protocol):
    """A headline writer: :class:`banmian.serving.writer.Writer` or one like it."""

    def generate(self, requests: Sequence[Request]) -> list[str]:
        """The best beam of each request, in order, with no support check."""
        ...

    def write(self, requests: Sequence[Request]) -> list[Written]:
        """What a user gets for each request, in order."""
        ...


class WriterScore(Record):
    """Headlines of one kind on one set of pairs.

    ``asked``: the register asked for, none for the lead sentence. ``copies``: share that stand word for word
    in the article. ``unsupported``: share with a number, date or name that the article does not support.
    ``unsupported_printed``: the same of the printed headlines, which shows how often the check errs or print
    knows more than its article. ``extracted``: share that the writer gave up on and cut out of the article,
    where that can happen. ``gain``: ROUGE-L above the lead sentence's, article by article.
    """

    model: str
    pairs: str
    digest: str
    what: What
    asked: Register | None
    n: int
    rouge1: Measured
    rouge2: Measured
    rougeL: Measured  # noqa: N815 - the metric's own name
    copies: float
    unsupported: float
    extracted: float | None
    unsupported_printed: float
    gain: Measured
    mean_characters: float
    mean_characters_printed: float


def score_writer(
    writer: Writes,
    name: str,
    pairs: PairSet,
    what: Literal["generated", "returned"],
    register: Register | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> WriterScore:
    """Write a headline for every article and score it against the printed one.

    Args:
        writer: what writes.
        name: what the record calls it.
        pairs: the set.
        what: the best beam, or what a user gets.
        register: whose headlines to ask for; None: the set's own.
        seed: of the bootstrap over pairs.
        resamples: of the bootstrap.
    """
    asked = register or pairs.register
    requests = [Request(pair.text, asked, date=pair.date) for pair in pairs.pairs]
    extracted = 0
    headlines: list[str] = []
    for part in _parts(requests, f"{pairs.name}, {asked}, {what}"):
        if what == "generated":
            headlines += writer.generate(part)
        else:
            written = writer.write(part)
            headlines += [one.headline for one in written]
            extracted += sum(one.method == "extract" for one in written)
    share = extracted / len(requests) if what == "returned" else None
    return score_headlines(headlines, name, pairs, what, asked, share, seed, resamples)


def score_lead(pairs: PairSet, seed: int = 0, resamples: int = RESAMPLES) -> WriterScore:
    """The first sentence of every article as its headline: what any writer has to beat."""
    leads = [lead_sentence(pair.text) for pair in pairs.pairs]
    return score_headlines(leads, "lead sentence", pairs, "lead sentence", None, None, seed, resamples)


def score_headlines(
    headlines: Sequence[str],
    name: str,
    pairs: PairSet,
    what: What,
    register: Register | None = None,
    extracted: float | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> WriterScore:
    """Score headlines made elsewhere, one for each pair in order."""
    printed = [pair.headline for pair in pairs.pairs]
    scores = load_metric("char_rouge").compute(
        predictions=list(headlines), references=printed, use_aggregator=False
    )
    rouge = {
        rouge_name: mean_with_interval(np.array(scores[rouge_name]), "article", seed, resamples=resamples)
        for rouge_name in ROUGE_NAMES
    }
    lead = rouge_scores([lead_sentence(pair.text) for pair in pairs.pairs], printed)[:, 2]
    both = list(zip(headlines, pairs.pairs, strict=True))
    return WriterScore(
        model=name,
        pairs=pairs.name,
        digest=pairs.digest,
        what=what,
        asked=register,
        n=len(both),
        **rouge,
        copies=_share(_plain(made) in _plain(pair.text) for made, pair in both),
        unsupported=_share(bool(unsupported(made, pair.text, pair.date)) for made, pair in both),
        unsupported_printed=_share(bool(unsupported(p.headline, p.text, p.date)) for p in pairs.pairs),
        extracted=extracted,
        gain=mean_with_interval(np.array(scores["rougeL"]) - lead, "article", seed, resamples=resamples),
        mean_characters=float(np.mean([len(squeeze(made)) for made in headlines])),
        mean_characters_printed=float(np.mean([len(squeeze(text)) for text in printed])),
    )


def _parts(requests: Sequence[Request], told: str) -> Iterator[Sequence[Request]]:
    with tqdm(total=len(requests), desc=told, unit="headline", leave=False, disable=None) as bar:
        for start in range(0, len(requests), _AT_ONCE):
            part = requests[start : start + _AT_ONCE]
            yield part
            bar.update(len(part))


def _share(hits: Iterator[bool]) -> float:
    return float(np.mean([*hits]))


def _plain(text: str) -> str:
    return squeeze(model_text(text)).casefold()
