"""Gradient times input on the word embeddings: what each token adds to a label's log-odds, to first order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from banmian.serving.bundle import Bundle
from banmian.serving.inputs import Window


def token_weights(
    bundle: Bundle, parts: Sequence[Window], label: int, threads: int | None = None
) -> list[NDArray[np.float64]]:
    """For each window of one paragraph the weights of its tokens, ``[tokens]``.

    Args:
        bundle: the labeller; it is loaded anew with torch at each call.
        parts: the paragraph's windows, whose weights sum to 1.
        label: which one's log-odds, in LABELS' order.
        threads: torch's own choice if not given.

    Raises:
        MissingExtraError: torch or transformers is not installed.
    """
    from banmian.serving.torch_backend import TorchClassifier

    network = TorchClassifier(bundle, "float32", threads)
    torch, model = network.torch, network.model
    ids = network.padded([window.ids for window in parts], network.tokens.pad)
    embedded = model.get_input_embeddings()(ids).detach().requires_grad_(True)
    logits = model(
        inputs_embeds=embedded,
        token_type_ids=network.padded([window.types for window in parts], 0),
        attention_mask=network.padded([[1] * len(window.ids) for window in parts], 0),
    ).logits
    shares = torch.tensor([[window.weight] for window in parts])
    mean = (shares * logits.log_softmax(-1)).sum(0) / bundle.manifest.temperature
    spoken = mean.log_softmax(-1)
    others = torch.cat([spoken[:label], spoken[label + 1 :]]).logsumexp(0)
    (spoken[label] - others).backward()
    products = (embedded.grad * embedded).sum(-1).detach().double().numpy()
    return [row[: len(window.ids)] for row, window in zip(products, parts, strict=True)]
