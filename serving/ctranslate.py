"""Both networks on CTranslate2: fast on a few cores, without torch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import ctranslate2
import numpy as np
from numpy.typing import NDArray

from banmian.data.errors import BanmianError
from banmian.serving.backends import Hypothesis, Search
from banmian.serving.bundle import Bundle
from banmian.serving.convert import converted
from banmian.serving.inputs import Window
from banmian.serving.ties import decided
from banmian.serving.tokens import Tokens


class CTranslateClassifier:
    """A BERT encoder with its pooler on CTranslate2, the classifier on top in numpy.

    ``auto`` is int8 with a second look in float32 at near ties, or float32 where there is no int8.
    """

    def __init__(self, bundle: Bundle, compute_type: str, threads: int) -> None:
        first = _supported(compute_type, "int8")
        types = [first, "float32"] if compute_type == "auto" and first != "float32" else [first]
        self.name = f"ctranslate2 {'+'.join(types)}"
        folder = str(converted(bundle))
        self._encoders = [ctranslate2.Encoder(folder, compute_type=t, intra_threads=threads) for t in types]
        weights = bundle.weights("classifier.weight", "classifier.bias")
        self._weight, self._bias = weights["classifier.weight"], weights["classifier.bias"]

    def logits(self, batch: Sequence[Window]) -> NDArray[np.float32]:
        """Scores before softmax, ``[windows, labels]``."""
        return decided(batch, *(partial(self._scores, encoder) for encoder in self._encoders))

    def states(self, batch: Sequence[Window]) -> NDArray[np.float32]:
        """The last layer's states, ``[windows, longest, hidden]``, zeros and noise behind shorter windows."""
        return np.asarray(self._run(self._encoders[0], batch).last_hidden_state, dtype=np.float32)

    def _scores(self, encoder: ctranslate2.Encoder, batch: Sequence[Window]) -> NDArray[np.float32]:
        pooled = np.asarray(self._run(encoder, batch).pooler_output, dtype=np.float32)
        scores: NDArray[np.float32] = pooled @ self._weight.T + self._bias
        return scores

    def _run(self, encoder: ctranslate2.Encoder, batch: Sequence[Window]) -> Any:
        return encoder.forward_batch(
            [window.ids for window in batch], token_type_ids=[window.types for window in batch]
        )


class CTranslateSearcher:
    """A BART on CTranslate2; ``auto`` is int8 where the processor has it.

    A step of the decoder is too small to share: one article takes 70 ms on one thread and 113 on two. So each
    thread searches for articles of its own.
    """

    def __init__(self, bundle: Bundle, compute_type: str, threads: int) -> None:
        self._rows = Tokens(bundle.folder).vocabulary
        self._tokens = {row: token for token, row in self._rows.items()}
        self._threads = threads
        self._translator = ctranslate2.Translator(
            str(converted(bundle)),
            compute_type=_supported(compute_type, "int8"),
            inter_threads=threads,
            intra_threads=1,
        )

    def search(self, batch: Sequence[list[int]], how: Search) -> list[list[Hypothesis]]:
        """For each source its hypotheses, best first."""
        results = self._translator.translate_batch(
            [[self._tokens[i] for i in ids] for ids in batch],
            max_batch_size=-(-len(batch) // self._threads),
            beam_size=how.beams,
            patience=how.patience,
            num_hypotheses=how.hypotheses,
            length_penalty=how.length_penalty,
            no_repeat_ngram_size=how.no_repeat_ngram,
            min_decoding_length=how.min_tokens,
            max_decoding_length=how.max_tokens + 1,  # it counts [SEP]
            max_input_length=0,
            suppress_sequences=[[self._tokens[i]] for i in sorted(how.banned)],
            return_end_token=True,
        )
        return [[self._hypothesis(tokens) for tokens in result.hypotheses] for result in results]

    def _hypothesis(self, tokens: list[str]) -> Hypothesis:
        ended = tokens[-1:] == ["[SEP]"]
        return Hypothesis([self._rows[token] for token in (tokens[:-1] if ended else tokens)], ended)


def _supported(compute_type: str, preferred: str) -> str:
    known = ctranslate2.get_supported_compute_types("cpu")
    if compute_type == "auto":
        return preferred if preferred in known else "float32"
    if compute_type not in known:
        raise BanmianError(
            f"a compute type among {', '.join(sorted(known))}",
            repr(compute_type),
            "compute_type",
            'Or "auto".',
        )
    return compute_type
