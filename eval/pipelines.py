"""The same weights as transformers serves them: a text-classification pipeline and `generate`, in float32."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from banmian.data.errors import MissingExtraError
from banmian.data.text import model_text
from banmian.eval.unchecked import Unchecked
from banmian.serving.bundle import Bundle
from banmian.serving.inputs import InputShape, Reading
from banmian.serving.tokens import Tokens


class LabellingPipeline:
    """transformers' ``pipeline("text-classification")`` over a labeller's bundle.

    Raises:
        MissingExtraError: torch or transformers is not installed.
    """

    def __init__(self, bundle: Bundle, threads: int) -> None:
        torch, transformers = _libraries()
        torch.set_num_threads(threads)
        assert bundle.manifest.input is not None
        self._shape, self._tokens = bundle.manifest.input, Tokens(bundle.folder)
        self._pipeline = transformers.pipeline(
            "text-classification",
            model=str(bundle.folder),
            tokenizer=str(bundle.folder),
            framework="pt",
            model_kwargs={"use_safetensors": True, "dtype": torch.float32},
        )

    def pairs(self, readings: Sequence[Reading]) -> list[dict[str, str]]:
        """The readings as pairs of texts that the pipeline's own tokenizer turns into the same ids."""
        return [_pair(self._tokens, reading, self._shape) for reading in readings]

    def label(self, pairs: Sequence[dict[str, str]], batch_size: int) -> list[str]:
        """The first label of each pair; batches in the order given, padded together, as the pipeline does."""
        made = self._pipeline(
            list(pairs), batch_size=batch_size, truncation=True, max_length=self._shape.max_tokens
        )
        return [each["label"] for each in made]


class Generating(Unchecked):
    """transformers' ``generate`` over a writer's bundle, in float32.

    Raises:
        MissingExtraError: torch or transformers is not installed.
    """

    def __init__(self, bundle: Bundle, threads: int) -> None:
        super().__init__(bundle, "torch", "float32", threads)


def _pair(tokens: Tokens, reading: Reading, shape: InputShape) -> dict[str, str]:
    paragraph, lead = model_text(reading.text), model_text(reading.lead)
    head = _first(tokens, model_text(reading.headline), shape.headline_tokens)
    opening = "" if lead == paragraph else _first(tokens, lead, shape.lead_tokens)
    return {"text": f"{head}[SEP]{opening}", "text_pair": paragraph}


def _first(tokens: Tokens, text: str, most: int) -> str:
    """The text of the first ``most`` tokens."""
    _, offsets = tokens.pieces(text)
    return text[: offsets[most - 1][1]] if len(offsets) > most else text


def _libraries() -> tuple[Any, Any]:
    try:
        import torch
        import transformers
    except ImportError:
        raise MissingExtraError(
            "torch and transformers", "train", "the pipelines that `banmian bench` compares with"
        ) from None
    return torch, transformers
