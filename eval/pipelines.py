"""The same weights as transformers serves them: a text-classification pipeline and `generate`, in float32."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from banmian.data.errors import MissingExtraError
from banmian.data.text import model_text
from banmian.serving.backends import Search, searcher
from banmian.serving.bundle import Bundle
from banmian.serving.inputs import InputShape, Reading
from banmian.serving.tokens import Tokens
from banmian.serving.writer import Request


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


class Generating:
    """transformers' ``generate`` over a writer's bundle: four beams, float32, stopping as early as it may.

    Raises:
        MissingExtraError: torch or transformers is not installed.
    """

    def __init__(self, bundle: Bundle, threads: int) -> None:
        self._tokens, manifest = Tokens(bundle.folder), bundle.manifest
        assert manifest.source_tokens is not None
        assert manifest.target_tokens is not None
        self._source_tokens = manifest.source_tokens
        self._how = Search(beams=4, max_tokens=manifest.target_tokens - 1, no_repeat_ngram=5)
        self._network = searcher(bundle, "torch", "float32", threads)

    def write(self, requests: Sequence[Request], batch_size: int) -> list[str]:
        """The first headline of each request, unchecked, in batches in the order given."""
        sources = [self._tokens.source(r.text, r.register, self._source_tokens) for r in requests]
        made = []
        for at in range(0, len(sources), batch_size):
            part = sources[at : at + batch_size]
            found = self._network.search([source.ids for source in part], self._how)
            made += [
                self._tokens.headline(best.ids, source)
                for (best, *_), source in zip(found, part, strict=True)
            ]
        return made


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
