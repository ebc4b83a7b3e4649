"""The headline writer: an article in, a headline out that the article supports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from banmian.data.errors import BanmianError
from banmian.data.facts import compress, grounded, restore_case, unsupported, well_formed, without_label
from banmian.data.issue import Written
from banmian.data.labels import DEFAULT_REGISTER, Part, Register
from banmian.data.script import as_printed, is_traditional, simplified
from banmian.data.text import GAP, headline_to_model, model_text
from banmian.serving.backends import Hypothesis, Search, searcher
from banmian.serving.batches import by_length
from banmian.serving.bundle import Bundle
from banmian.serving.tokens import PART_TAGS, Source, Tokens

MAX_CANDIDATES = 10
MIN_CHARS = 4
#: The longest headline that can be insisted on: of 157,000 printed ones 95 in 100 are no longer.
MAX_MIN_CHARS = 32
#: The length of an extracted headline when nobody asked for one: most printed 主题 are shorter.
EXTRACT_CHARS = 30
_WIDE_BEAMS = 8
_SPECIAL = re.compile(r"\[[A-Za-z0-9_]{2,}\]")


@dataclass(frozen=True)
class Request:
    """An article's text and what its headline should be.

    ``max_chars`` and ``min_chars`` count the printed headline with its blanks; ``date`` is the paper's
    (YYYY-MM-DD), by which 昨日 is read; ``candidates`` is how many headlines to return, at most
    MAX_CANDIDATES. ``lines``: 2 asks for a main headline of two clauses parted by a blank, 1 for one
    clause. ``kicker`` and ``deck``: whether to write the line above and the line below too.

    ``max_chars`` always holds. The other wishes hold where the model has such a headline that the article
    supports; where it has none, they give way, ``lines`` before ``min_chars``.
    """

    text: str
    register: Register = DEFAULT_REGISTER
    max_chars: int | None = None
    candidates: int = 1
    date: str = ""
    min_chars: int | None = None
    lines: Literal[1, 2] | None = None
    kicker: bool = False
    deck: bool = False

    def check(self, where: str = "text") -> None:
        """Raise a BanmianError at ``where`` if there is no text, or a wish is outside its range."""
        if not model_text(self.text):
            raise BanmianError("text to write a headline for", "none", where, "Send the article.")
        if self.max_chars is not None and self.max_chars < MIN_CHARS:
            raise BanmianError(f"max_chars of {MIN_CHARS} or more", str(self.max_chars), where)
        most = self.max_chars or MAX_MIN_CHARS
        if self.min_chars is not None and not 1 <= self.min_chars <= min(most, MAX_MIN_CHARS):
            found = f"{self.min_chars} with max_chars {self.max_chars}" if self.max_chars else self.min_chars
            raise BanmianError(f"min_chars from 1 to {min(most, MAX_MIN_CHARS)}", str(found), where)
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
        # A young writer says a clause twice (稳定市场供应 稳定市场供应). Three tokens recur in 1.7% of
        # printed headlines, and yet blocking them is best: 287 validation pairs, ROUGE-L .600; four .597.
        # Patience 3 against 1: on 287 validation pairs ROUGE-L .590 against .582, 18.9 characters against
        # 17.4 (printed: 19.0), for a tenth more time. Length penalties of 1.3 to 2 gave less.
        self._search = Search(max_tokens=bundle.manifest.target_tokens - 1, patience=3.0, no_repeat_ngram=3)
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

        The first hypothesis that is well formed, as long as asked for and says nothing the text does not
        say is taken. Where none is, a wider search is tried, and then the text's best extract is the
        headline (``method`` is ``extract``). Kicker and deck have no such last resort: they stay empty.
        A traditional article is read in simplified characters and gets its headline in its own.

        Raises:
            BanmianError: a request without text, or with a wish outside its range.
        """
        foreign = [is_traditional(request.text) for request in requests]
        made = self._write(
            [replace(r, text=simplified(r.text)) if f else r for r, f in zip(requests, foreign, strict=True)]
        )
        return [
            _in_characters_of(request.text, written) if f else written
            for written, request, f in zip(made, requests, foreign, strict=True)
        ]

    def _write(self, requests: Sequence[Request]) -> list[Written]:
        """:meth:`write` of simplified text."""
        sources = self._sources(requests)
        pools: list[list[str]] = [[] for _ in requests]
        for wide in (False, True):
            left = [i for i, request in enumerate(requests) if not _wished(pools[i], request)]
            for how, group in self._searches(left, requests, wide):
                found = self.search([sources[i] for i in group], how)
                for i, hypotheses in zip(group, found, strict=True):
                    self._collect(hypotheses, sources[i], requests[i], pools[i])
        made = [
            self._written(_best(pool, request), source, request)
            for pool, source, request in zip(pools, sources, requests, strict=True)
        ]
        for part in PART_TAGS:
            self._add(part, made, requests)
        return made

    def _searches(
        self, left: Sequence[int], requests: Sequence[Request], wide: bool
    ) -> list[tuple[Search, list[int]]]:
        """How to search for the requests ``left``, those that are searched alike together."""
        groups: dict[tuple[int, float], list[int]] = {}
        for i in left:
            # A token is a character, but for numbers and Latin words.
            least = max(self._search.min_tokens, int(0.8 * (requests[i].min_chars or 0)))
            short = wide and requests[i].min_chars is None and requests[i].lines != 2
            groups.setdefault((least, 0.0 if short else self._search.length_penalty), []).append(i)
        return [
            (self._how([requests[i] for i in group], least, penalty, wide), group)
            for (least, penalty), group in groups.items()
        ]

    def _how(self, requests: Sequence[Request], least: int, penalty: float, wide: bool) -> Search:
        beams = max(_WIDE_BEAMS if wide else self._search.beams, *(r.candidates for r in requests))
        longest = self._search.max_tokens
        if wide:
            longest = min(longest, max(request.max_chars or longest for request in requests))
        return replace(
            self._search,
            beams=beams,
            hypotheses=beams,
            min_tokens=min(least, longest),
            max_tokens=longest,
            length_penalty=penalty,
        )

    def search(self, sources: Sequence[Source], how: Search) -> list[list[Hypothesis]]:
        """Hypotheses for each source, in order, best first; a slot that no source fills is never written."""
        found: list[list[Hypothesis]] = [[] for _ in sources]
        for batch in by_length([len(source.ids) for source in sources], self._batch_tokens):
            banned = frozenset.intersection(*(self._holes(sources[i]) for i in batch))
            made = self._searcher.search([sources[i].ids for i in batch], replace(how, banned=banned))
            for i, hypotheses in zip(batch, made, strict=True):
                found[i] = hypotheses
        return found

    def _sources(self, requests: Sequence[Request], part: Part = "main") -> list[Source]:
        for i, request in enumerate(requests):
            request.check(f"texts[{i}]")
        return [self.tokens.source(r.text, r.register, self.source_tokens, part) for r in requests]

    def _holes(self, source: Source) -> frozenset[int]:
        """Rows that print nothing: special tokens, and slots for which ``source`` has no character."""
        return self._never - {self.tokens.vocabulary[slot] for slot in source.rare}

    def _print(self, hypothesis: Hypothesis, source: Source, request: Request) -> str:
        headline = restore_case(self.tokens.headline(hypothesis.ids, source), request.text)
        return without_label(headline, request.text)

    def _collect(
        self, hypotheses: Iterable[Hypothesis], source: Source, request: Request, pool: list[str]
    ) -> None:
        """Add to ``pool`` what may be printed, best first, until what was asked for is there."""
        holes = self._holes(source)
        for hypothesis in hypotheses:
            # Another article's slot in the same batch would be a hole where a name's character belongs.
            if not hypothesis.ended or not holes.isdisjoint(hypothesis.ids):
                continue
            headline = self._print(hypothesis, source, request)
            if not headline or headline in pool or len(headline) > (request.max_chars or len(headline)):
                continue
            told = well_formed(headline) and grounded(headline, request.text)
            if told and not unsupported(headline, request.text, request.date):
                pool.append(headline)
            if len(_wished(pool, request)) == request.candidates:
                break

    def _add(self, part: Part, made: list[Written], requests: Sequence[Request]) -> None:
        """Write the ``part`` of each headline in ``made`` whose request wants it."""
        wanted = [i for i, request in enumerate(requests) if getattr(request, part)]
        if not wanted:
            return
        if PART_TAGS[part] not in self.tokens.vocabulary:
            raise BanmianError(
                f"a writer that learnt to write a {part}",
                f"{self.manifest.name} {self.manifest.version}",
                part,
                "Ask for the main headline alone, or publish a newer writer.",
            )
        sources = self._sources([requests[i] for i in wanted], part)
        how = replace(self._search, hypotheses=self._search.beams)
        for i, source, hypotheses in zip(wanted, sources, self.search(sources, how), strict=True):
            lines = (made[i].headline, made[i].kicker, made[i].deck)
            plain = Request(requests[i].text, date=requests[i].date, candidates=MAX_CANDIDATES)
            pool: list[str] = []
            self._collect(hypotheses, source, plain, pool)
            told = next((text for text in pool if not any(_repeats(text, line) for line in lines)), "")
            made[i] = made[i].model_copy(update={part: told})

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


def _in_characters_of(article: str, written: Written) -> Written:
    """``written`` of the simplified ``article``, as the traditional article prints its characters."""
    headline = as_printed(written.headline, article)
    return written.model_copy(
        update={
            "headline": headline,
            "kicker": as_printed(written.kicker, article),
            "deck": as_printed(written.deck, article),
            "candidates": tuple(as_printed(candidate, article) for candidate in written.candidates),
            "unsupported": tuple(
                span.model_copy(update={"text": headline[span.start : span.end]})
                for span in written.unsupported
            ),
        }
    )


def _clauses(headline: str) -> int:
    """How many clauses a headline's blanks part it into; a blank beside a Latin word parts nothing."""
    return headline_to_model(headline).count(GAP) + 1


def _wished(pool: Sequence[str], request: Request) -> list[str]:
    """The headlines of ``pool`` that meet every wish of ``request``."""
    long_enough = [text for text in pool if len(text) >= (request.min_chars or 0)]
    return [text for text in long_enough if request.lines in (None, _clauses(text))]


def _best(pool: Sequence[str], request: Request) -> list[str]:
    """The headlines to return: those that meet every wish, or every wish but ``lines``, or any."""
    without_lines = replace(request, lines=None)
    fit = _wished(pool, request) or _wished(pool, without_lines) or list(pool)
    return fit[: request.candidates]


def _repeats(text: str, line: str) -> bool:
    """Whether ``text`` says again what ``line`` says: over half of its two-character pieces stand there."""
    pieces = {text[i : i + 2] for i in range(len(text) - 1)}
    return sum(piece in line for piece in pieces) > len(pieces) / 2
