"""A writer's first headlines as its network searches them, not yet held against their articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from banmian.serving.backends import Search, searcher
from banmian.serving.batches import by_length
from banmian.serving.bundle import Bundle
from banmian.serving.tokens import Tokens
from banmian.serving.writer import Request

_BATCH_TOKENS = 1024


class Unchecked:
    """One backend of a writer: four beams that stop as early as transformers' do (it knows no patience).

    Arguments and errors as :func:`banmian.serving.backends.searcher`.
    """

    def __init__(self, bundle: Bundle, backend: str, compute_type: str, threads: int | None) -> None:
        self._tokens, manifest = Tokens(bundle.folder), bundle.manifest
        assert manifest.source_tokens is not None
        assert manifest.target_tokens is not None
        self._source_tokens = manifest.source_tokens
        self._how = Search(beams=4, max_tokens=manifest.target_tokens - 1, no_repeat_ngram=5)
        self._network = searcher(bundle, backend, compute_type, threads)

    def write(self, requests: Sequence[Request], batch_size: int | None = None) -> list[str]:
        """The first headline of each request, in order.

        ``batch_size`` at a time in the order given, as transformers does; if not given, those of a length
        together.
        """
        sources = [self._tokens.source(r.text, r.register, self._source_tokens) for r in requests]
        batches: Iterable[Sequence[int]] = by_length([len(source.ids) for source in sources], _BATCH_TOKENS)
        if batch_size is not None:
            batches = [range(len(sources))[at : at + batch_size] for at in range(0, len(sources), batch_size)]
        made = [""] * len(sources)
        for batch in batches:
            found = self._network.search([sources[i].ids for i in batch], self._how)
            for i, (best, *_) in zip(batch, found, strict=True):
                made[i] = self._tokens.headline(best.ids, sources[i])
        return made
