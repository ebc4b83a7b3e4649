"""The headline writer: an article in, a headline out that the article supports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from banmian.data.errors import BanmianError
from banmian.data.facts import compress, grounded, restore_case, unsupported, well_formed
from banmian.data.issue import Written
from banmian.data.labels import DEFAULT_REGISTER, Register
from banmian.data.text import model_text
from banmian.serving.backends import Hypothesis, Search, searcher
from banmian.serving.batches import by_length
from banmian.serving.bundle import Bundle
from banmian.serving.tokens import Source, Tokens

MAX_CANDIDATES = 10
MIN_CHARS = 4
#: The length of an extracted headline when nobody asked for one: most printed 主题 are shorter.
EXTRACT_CHARS = 30
_SPECIAL = re.compile(r"\[[A-Za-z0-9_]{2,}\]")


@dataclass(frozen=True)
class Request:
    """An article's text and what its headline should be.

    ``max_chars`` counts the printed headline with its blanks; ``date`` is the paper's (YYYY-MM-DD), by
    which 昨日 is read; ``candidates`` is how many headlines to return, at most MAX_CANDIDATES.
    """

    text: str
    register: Register = DEFAULT_REGISTER
    max_chars: int | None = None
    candidates: int = 1
    date: str = ""

    def check(self, where: str = "text") -> None:
        """Raise a BanmianError at ``where`` if there is no text, or a wish is outside its range."""
        if not model_text(self.text):
            raise BanmianError("text to write a headline for", "none", where, "Send the article.")
        if self.max_chars is not None and self.max_chars < MIN_CHARS:
            raise BanmianError(f"max_chars of {MIN_CHARS} or more", str(self.max_chars), where)
        if not 1 <= self.candidates <= MAX_CANDIDATES:
            raise BanmianError(f"candidates from 1 to {MAX_CANDIDATES}", str(self.candidates), where)


class Writer:
    """Writes headlines with a bundle's model.

    Arguments and errors are those of :class:`banmian.serving.labeller.Labeller`. ``batch_tokens`` counts
    source tokens: int8 takes 36 ms a headline on a Zen 5 core one by one, 18 in batches of eight, 17 of 16.
    """

    def __init__(
        self,
        bundle: Bundle,
        backend: str = "auto",
        threads: int | None = None,
        compute_type: str = "auto",
        batch_tokens: int = 2304,
    ) -> None:
        if bundle.manifest.source_tokens is None or bundle.manifest.target_tokens is None:
            raise BanmianError("a writer", f"a {bundle.manifest.kind}", str(bundle.folder))
        self.manifest = bundle.manifest
        self.source_tokens = bundle.manifest.source_tokens
        self.tokens = Tokens(bundle.folder)
        self._searcher = searcher(bundle, backend, compute_type, threads)
        self._batch_tokens = batch_tokens
        # A young writer says a clause twice (稳定市场供应 稳定市场供应); four tokens do recur in print
        # (确诊病例), five hardly.
        # Patience 3 against 1: on 287 validation pairs ROUGE-L .590 against .582, 18.9 characters against
        # 17.4 (printed: 19.0), for a tenth more time. Length penalties of 1.3 to 2 gave less.
        self._search = Search(max_tokens=bundle.manifest.target_tokens - 1, patience=3.0, no_repeat_ngram=5)
        self._never = frozenset(
            row
            for token, row in self.tokens.vocabulary.items()
            if _SPECIAL.fullmatch(token) and row != self.tokens.end
        )

    def generate(self, requests: Sequence[Request]) -> list[str]:
        """The model's first choice for each request, in order, unchecked and as long as it likes."""
        sources = self._sources(requests)
        found = self.search(sources, self._search)
        return [
            self._print(best, source, request)
            for (best, *_), source, request in zip(found, sources, requests, strict=True)
        ]

    def write(self, requests: Sequence[Request]) -> list[Written]:
        """A headline for each request, in order.

        The first hypothesis that is well formed, no longer than ``max_chars`` and says nothing the text
        does not say is taken. Where none is, a wider search that favours short headlines is tried, and
        then the text's best extract is the headline (``method`` is ``extract``).

        Raises:
            BanmianError: a request without text, or with a wish outside its range.
        """
        sources = self._sources(requests)
        fit: dict[int, list[str]] = {}
        wide = replace(self._search, beams=8, hypotheses=8, length_penalty=0.0)
        for first, how in ((True, self._search), (False, wide)):
            left = [i for i in range(len(requests)) if not fit.get(i)]
            if not left:
                break
            most = max(how.beams, *(requests[i].candidates for i in left))
            if first:
                how = replace(how, beams=most, hypotheses=most)
            else:
                wishes = [requests[i].max_chars or how.max_tokens for i in left]
                how = replace(how, max_tokens=min(how.max_tokens, max(wishes)))
            found = self.search([sources[i] for i in left], how)
            for i, hypotheses in zip(left, found, strict=True):
                fit[i] = self._fit(hypotheses, sources[i], requests[i])
        return [
            self._written(fit[i], source, request)
            for i, (source, request) in enumerate(zip(sources, requests, strict=True))
        ]

    def search(self, sources: Sequence[Source], how: Search) -> list[list[Hypothesis]]:
        """Hypotheses for each source, in order, best first; a slot that no source fills is never written."""
        found: list[list[Hypothesis]] = [[] for _ in sources]
        for batch in by_length([len(source.ids) for source in sources], self._batch_tokens):
            banned = frozenset.intersection(*(self._holes(sources[i]) for i in batch))
            made = self._searcher.search([sources[i].ids for i in batch], replace(how, banned=banned))
            for i, hypotheses in zip(batch, made, strict=True):
                found[i] = hypotheses
        return found

    def _sources(self, requests: Sequence[Request]) -> list[Source]:
        for i, request in enumerate(requests):
            request.check(f"texts[{i}]")
        return [self.tokens.source(r.text, r.register, self.source_tokens) for r in requests]

    def _holes(self, source: Source) -> frozenset[int]:
        """Rows that print nothing: special tokens, and slots for which ``source`` has no character."""
        return self._never - {self.tokens.vocabulary[slot] for slot in source.rare}

    def _print(self, hypothesis: Hypothesis, source: Source, request: Request) -> str:
        return restore_case(self.tokens.headline(hypothesis.ids, source), request.text)

    def _fit(self, hypotheses: Iterable[Hypothesis], source: Source, request: Request) -> list[str]:
        """The headlines that may be printed, best first, each once, as many as were asked for."""
        holes = self._holes(source)
        kept: list[str] = []
        for hypothesis in hypotheses:
            # Another article's slot in the same batch would be a hole where a name's character belongs.
            if not hypothesis.ended or not holes.isdisjoint(hypothesis.ids):
                continue
            headline = self._print(hypothesis, source, request)
            if not headline or headline in kept or len(headline) > (request.max_chars or len(headline)):
                continue
            told = well_formed(headline) and grounded(headline, request.text)
            if told and not unsupported(headline, request.text, request.date):
                kept.append(headline)
            if len(kept) == request.candidates:
                break
        return kept

    def _written(self, fit: list[str], source: Source, request: Request) -> Written:
        headline = fit[0] if fit else compress(request.text, request.max_chars or EXTRACT_CHARS)
        spans = () if fit else unsupported(headline, request.text, request.date)
        return Written(
            headline=headline,
            supported=not spans,
            unsupported=spans,
            method="model" if fit else "extract",
            candidates=tuple(fit or [headline]),
            read=source.read,
            length=source.length,
        )
