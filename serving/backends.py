"""What runs a model: two small interfaces, and the choice among those installed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from banmian.data.errors import BanmianError
from banmian.serving import processor
from banmian.serving.bundle import Bundle
from banmian.serving.inputs import Window

BACKENDS = ("auto", "ctranslate2", "onnx", "torch")


class Classifier(Protocol):
    """Runs a labeller's network; ``name`` is backend and compute types, e.g. ``onnx int8+float32``."""

    name: str

    def logits(self, batch: Sequence[Window]) -> NDArray[np.float32]:
        """Scores before softmax, ``[windows, labels]``, of one batch that is padded together."""


@dataclass(frozen=True)
class Search:
    """How the writer's hypotheses are sought; lengths in tokens, without [CLS] and [SEP].

    The search stops when ``beams * patience`` hypotheses have ended; with 1 it is transformers'
    ``early_stopping=True`` to the token.
    """

    beams: int = 4
    patience: float = 1.0
    hypotheses: int = 1
    min_tokens: int = 4
    max_tokens: int = 40
    length_penalty: float = 1.0
    no_repeat_ngram: int = 0
    banned: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Hypothesis:
    """A generated headline's ids without [CLS] and [SEP], and whether the model ended it by itself."""

    ids: list[int]
    ended: bool


class Searcher(Protocol):
    """Runs a writer's network."""

    def search(self, batch: Sequence[list[int]], how: Search) -> list[list[Hypothesis]]:
        """For each source its hypotheses, best first; the batch is padded together."""


def classifier(bundle: Bundle, backend: str, compute_type: str, threads: int | None) -> Classifier:
    """The labeller's network on a backend.

    Args:
        bundle: the model.
        backend: ``ctranslate2``, ``onnx``, ``torch``; ``auto`` is ONNX Runtime where it is installed and
            pays, else CTranslate2.
        compute_type: ``auto``, or what the backend knows: ``float32``, ``int8``, ``bfloat16`` …
        threads: for one batch; every core this process may use if not given.

    Raises:
        BanmianError: no such backend or compute type; its library is not installed.
    """
    _check(backend)
    if backend == "torch":
        from banmian.serving.torch_backend import TorchClassifier

        return TorchClassifier(bundle, compute_type, threads)
    if backend != "ctranslate2":
        from banmian.serving import onnx_backend

        if backend == "onnx" or (compute_type in ("auto", "int8", "float32") and onnx_backend.pays()):
            return onnx_backend.OnnxClassifier(bundle, compute_type, threads or processor.cores())
    from banmian.serving.ctranslate import CTranslateClassifier

    return CTranslateClassifier(bundle, compute_type, threads or processor.cores())


def searcher(bundle: Bundle, backend: str, compute_type: str, threads: int | None) -> Searcher:
    """The writer's network on a backend; arguments and errors as :func:`classifier`.

    ONNX Runtime searches no beams: with ``onnx``, as with ``auto``, the writer runs on CTranslate2.
    """
    _check(backend)
    if backend == "torch":
        from banmian.serving.torch_backend import TorchSearcher

        return TorchSearcher(bundle, compute_type, threads)
    from banmian.serving.ctranslate import CTranslateSearcher

    return CTranslateSearcher(bundle, compute_type, threads or processor.cores())


def _check(backend: str) -> None:
    if backend not in BACKENDS:
        raise BanmianError(f"a backend among {', '.join(BACKENDS)}", repr(backend), "backend")
