"""Both networks on torch and transformers: the reference the fast backends are held against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from banmian.data.errors import BanmianError, MissingExtraError
from banmian.serving.backends import Hypothesis, Search
from banmian.serving.bundle import Bundle
from banmian.serving.inputs import Window
from banmian.serving.tokens import Tokens

_TYPES = ("float32", "bfloat16")


class _Torch:
    """A model in torch; ``auto`` is float32, so that it can serve as the reference."""

    def __init__(self, bundle: Bundle, architecture: str, compute_type: str, threads: int | None) -> None:
        try:
            import torch
            import transformers
        except ImportError:
            raise MissingExtraError("torch and transformers", "train", 'backend="torch"') from None
        chosen = "float32" if compute_type == "auto" else compute_type
        if chosen not in _TYPES:
            raise BanmianError(
                f"a compute type among {', '.join(_TYPES)}", repr(compute_type), "compute_type"
            )
        self.name = f"torch {chosen}"
        if threads:
            torch.set_num_threads(threads)
        self.torch: Any = torch
        kind: Any = getattr(transformers, architecture)
        self.model: Any = kind.from_pretrained(
            bundle.folder, use_safetensors=True, dtype=getattr(torch, chosen)
        ).eval()
        self.tokens = Tokens(bundle.folder)

    def padded(self, rows: Sequence[list[int]], fill: int) -> Any:
        """``[rows, longest]``, int64, shorter rows filled up on the right."""
        longest = max(len(row) for row in rows)
        return self.torch.tensor([row + [fill] * (longest - len(row)) for row in rows])


class TorchClassifier(_Torch):
    """The labeller as transformers runs it."""

    def __init__(self, bundle: Bundle, compute_type: str, threads: int | None) -> None:
        super().__init__(bundle, "BertForSequenceClassification", compute_type, threads)

    def logits(self, batch: Sequence[Window]) -> NDArray[np.float32]:
        """Scores before softmax, ``[windows, labels]``."""
        with self.torch.inference_mode():
            scores = self.model(
                input_ids=self.padded([window.ids for window in batch], self.tokens.pad),
                token_type_ids=self.padded([window.types for window in batch], 0),
                attention_mask=self.padded([[1] * len(window.ids) for window in batch], 0),
            ).logits
        made: NDArray[np.float32] = scores.float().numpy()
        return made


class TorchSearcher(_Torch):
    """The writer as transformers' ``generate`` runs it."""

    def __init__(self, bundle: Bundle, compute_type: str, threads: int | None) -> None:
        super().__init__(bundle, "BartForConditionalGeneration", compute_type, threads)

    def search(self, batch: Sequence[list[int]], how: Search) -> list[list[Hypothesis]]:
        """For each source its hypotheses, best first."""
        with self.torch.inference_mode():
            made = self.model.generate(
                input_ids=self.padded(list(batch), self.tokens.pad),
                attention_mask=self.padded([[1] * len(ids) for ids in batch], 0),
                num_beams=how.beams,
                early_stopping=how.patience <= 1,
                num_return_sequences=how.hypotheses,
                length_penalty=how.length_penalty,
                no_repeat_ngram_size=how.no_repeat_ngram,
                min_new_tokens=how.min_tokens,
                max_new_tokens=how.max_tokens + 1,
                forced_eos_token_id=None,
                suppress_tokens=sorted(how.banned) or None,
                do_sample=False,
            ).tolist()
        n = how.hypotheses
        return [[self._hypothesis(ids) for ids in made[i : i + n]] for i in range(0, len(made), n)]

    def _hypothesis(self, ids: list[int]) -> Hypothesis:
        ids = ids[1:]  # the decoder's start
        ended = self.tokens.end in ids
        return Hypothesis(ids[: ids.index(self.tokens.end)] if ended else ids, ended)
