"""The paragraph labeller: readings in, predictions out, in order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from banmian.data.errors import BanmianError
from banmian.data.issue import Prediction
from banmian.data.labels import LABELS
from banmian.serving.backends import classifier
from banmian.serving.batches import by_length
from banmian.serving.bundle import Bundle
from banmian.serving.consistency import articles, consistent, log_probabilities, log_softmax
from banmian.serving.inputs import Reading, Window, windows
from banmian.serving.tokens import Tokens


class Labeller:
    """Labels paragraphs with a bundle's model.

    Args:
        bundle: of kind ``labeller``.
        backend: see :func:`banmian.serving.backends.classifier`.
        threads: for one batch; all cores if not given.
        compute_type: ``auto``, ``float32``, ``int8`` … as the backend knows them.
        batch_tokens: the largest padded batch. On a Zen 5 core the real page's 75 windows take 0.51 s in
            int8 on ONNX Runtime with 512, 0.54 with 1,024, 0.66 with 2,048: what fits the cache, and small
            batches pad less.

    Raises:
        BanmianError: a bundle of another kind, or a backend that is not there.
    """

    def __init__(
        self,
        bundle: Bundle,
        backend: str = "auto",
        threads: int | None = None,
        compute_type: str = "auto",
        batch_tokens: int = 512,
    ) -> None:
        if bundle.manifest.kind != "labeller" or bundle.manifest.input is None:
            raise BanmianError("a labeller", f"a {bundle.manifest.kind}", str(bundle.folder))
        self.manifest = bundle.manifest
        self.shape = bundle.manifest.input
        self.tokens = Tokens(bundle.folder)
        self.network = classifier(bundle, backend, compute_type, threads)
        self._batch_tokens = batch_tokens

    def predict(self, readings: Sequence[Reading]) -> list[Prediction]:
        """One prediction per reading, in their order; paragraphs of one article hear each other."""
        return self.consider(readings, self.read(readings))

    def consider(self, readings: Sequence[Reading], alone: Sequence[Prediction]) -> list[Prediction]:
        """What :meth:`read` said of each paragraph alone, after those of one article have heard each other.

        The readings are all that one caller asked about, so an article is never cut by a batch.
        """
        groups = articles(readings)
        if not groups or not self.manifest.article_weight:
            return list(alone)
        scores = log_probabilities(alone)
        heard = consistent(scores, groups, self.manifest.article_weight)
        changed = {i for group in groups for i in group}
        return [
            self._prediction(heard[i], made.windows) if i in changed else made for i, made in enumerate(alone)
        ]

    def read(self, readings: Sequence[Reading]) -> list[Prediction]:
        """One prediction per reading, each read by itself, in their order.

        A paragraph read in several windows gets the mean of their log-probabilities, weighted by the
        share of it that each window adds.
        """
        cut = [windows(self.tokens, reading, self.shape) for reading in readings]
        flat = [window for parts in cut for window in parts]
        scores = self.log_probabilities(flat)  # [windows, labels]
        predictions, at = [], 0
        for parts in cut:
            weights = np.array([window.weight for window in parts], dtype=np.float32)
            mean = weights @ scores[at : at + len(parts)]
            tempered = log_softmax(mean.astype(np.float64) / self.manifest.temperature)
            predictions.append(self._prediction(tempered, len(parts)))
            at += len(parts)
        return predictions

    def log_probabilities(self, flat: Sequence[Window]) -> NDArray[np.float32]:
        """Untempered log-probabilities of each window, ``[windows, labels]``, in LABELS' order."""
        scores = np.zeros((len(flat), len(LABELS)), dtype=np.float32)
        for batch in by_length([len(window.ids) for window in flat], self._batch_tokens):
            scores[batch] = log_softmax(self.network.logits([flat[i] for i in batch]))
        return scores

    def _prediction(self, scores: NDArray[np.floating], parts: int) -> Prediction:
        probabilities = np.exp(scores)
        best = int(probabilities.argmax())
        confidence = min(1.0, float(probabilities[best]))
        return Prediction(
            label=LABELS[best],
            confidence=confidence,
            probabilities={label: float(p) for label, p in zip(LABELS, probabilities, strict=True)},
            abstained=confidence < self.manifest.abstain_below,
            windows=parts,
        )
