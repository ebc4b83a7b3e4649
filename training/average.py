"""One model out of several that went on from the same one: the mean of their weights.

After Wortsman et al., "Model soups" (2022). The labeller's three seeds, averaged, are better than each of
them and as fast as one, and so are three ends of the writer's run (LOG.md); models of different
origin average to nothing, and nothing here can tell.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from banmian.data.errors import BanmianError
from banmian.serving.bundle import TOKENIZER_FILES, WEIGHTS

_WRITERS_ONLY = ("generation_config.json",)


def average(folders: Sequence[Path], output: Path) -> Path:
    """Write the mean of the weights in ``folders`` to ``output``, a base for a further run.

    Args:
        folders: ``save_pretrained`` folders or bundles of one architecture, at least two.
        output: gets float32 weights, and configuration and tokenizer of the first.

    Raises:
        BanmianError: fewer than two folders, one without weights, or weights of other names or shapes.
    """
    if len(folders) < 2:
        raise BanmianError("two folders or more", str(len(folders)), "average", "Name each run's folder.")
    first = _weights(folders[0])
    shapes = {name: weight.shape for name, weight in first.items()}
    total = first
    for folder in folders[1:]:
        weights = _weights(folder)
        if {name: weight.shape for name, weight in weights.items()} != shapes:
            raise BanmianError(
                f"weights named and shaped as in {folders[0]}",
                "others",
                str(folder),
                "Average runs that went on from the same base.",
            )
        total = {name: weight + weights[name] for name, weight in total.items()}
    output.mkdir(parents=True, exist_ok=True)
    for name in ("config.json", *TOKENIZER_FILES, *_WRITERS_ONLY):
        if name not in _WRITERS_ONLY or (folders[0] / name).is_file():
            shutil.copyfile(folders[0] / name, output / name)
    mean = {name: weight / len(folders) for name, weight in total.items()}
    save_file(mean, output / WEIGHTS, metadata={"format": "pt"})
    return output


def _weights(folder: Path) -> dict[str, torch.Tensor]:
    path = folder / WEIGHTS
    if not path.is_file():
        raise BanmianError(WEIGHTS, "none", str(folder), "Give a folder that a run has written.")
    return {name: weight.float() for name, weight in load_file(path).items()}
