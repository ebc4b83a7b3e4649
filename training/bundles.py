"""From trained weights to a bundle that can be served: calibrated, with a model card, verified."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
from safetensors import safe_open

from banmian.data.labels import CHINESE, LABELS, REGISTER_CHINESE
from banmian.serving.atomic import sha256
from banmian.serving.bundle import MANIFEST, SCHEMA, WEIGHTS, Bundle, Manifest, load_bundle, write_bundle
from banmian.serving.labeller import Labeller
from banmian.training.calibrate import calibrate
from banmian.training.config import HeadlinesConfig, ParagraphsConfig
from banmian.training.labelled import Examples

LICENCE = "Apache-2.0; base BAAI/bge-small-zh-v1.5: MIT"


def labeller_bundle(
    weights: Path,
    folder: Path,
    config: ParagraphsConfig,
    examples: Examples,
    data: Sequence[str],
) -> Bundle:
    """Write the labeller's bundle to ``folder``, with the temperature and threshold that validation gives.

    Args:
        weights: what ``train_paragraphs`` returned.
        folder: the bundle's place; what is there is replaced.
        config: the run.
        examples: what it learnt from; ``validation`` calibrates.
        data: the data's names, for manifest and card.
    """
    started_from = _started_from(config.base)
    manifest = Manifest(
        schema=SCHEMA,
        kind="labeller",
        name="banmian-labeller",
        version=_version(weights),
        created=_today(),
        base=started_from.base if started_from else config.base,
        licence=LICENCE,
        labels=LABELS,
        input=config.input,
        parent=started_from.version if started_from else "",
        data=tuple(dict.fromkeys((*(started_from.data if started_from else ()), *data))),
    )
    raw = Labeller(write_bundle(weights, folder, manifest, replace=True))
    found = calibrate(raw, examples.validation)
    manifest = manifest.model_copy(
        update={
            "temperature": found.temperature,
            "article_weight": found.article_weight,
            "abstain_below": found.abstain_below,
        }
    )
    card = _card(
        "labeller",
        manifest,
        weights,
        labels=", ".join(f"{label} ({CHINESE[label]})" for label in LABELS),
        training=f"{len(examples.training):,}",
        validation=f"{len(examples.validation):,}",
        temperature=f"{found.temperature:.3f}",
        article_weight=f"{found.article_weight:g}",
        abstain_below=f"{found.abstain_below:.3f}",
    )
    return write_bundle(weights, folder, manifest, card, replace=True)


def writer_bundle(
    weights: Path, folder: Path, config: HeadlinesConfig, pairs_seen: int, minutes: float
) -> Bundle:
    """Write the writer's bundle to ``folder``; what is there is replaced.

    Args:
        weights: what ``train_headlines`` returned, or one of its checkpoints with the tokenizer beside.
        folder: the bundle's place.
        config: the run.
        pairs_seen: pairs the run has read, for the card.
        minutes: time spent, for the card.
    """
    data = tuple(f"{Path(c.file).stem} ({c.register})" for c in config.corpora)
    if config.written_repeat:
        data = (*data, "written issues (kicker, main and deck)")
    manifest = Manifest(
        schema=SCHEMA,
        kind="writer",
        name="banmian-writer",
        version=_version(weights),
        created=_today(),
        base=config.base,
        licence=LICENCE,
        source_tokens=config.source_tokens,
        target_tokens=config.target_tokens,
        data=data,
    )
    card = _card(
        "writer",
        manifest,
        weights,
        registers=", ".join(f"{name} ({chinese})" for name, chinese in REGISTER_CHINESE.items()),
        source_tokens=str(config.source_tokens),
        training=f"{pairs_seen:,}",
        minutes=f"{minutes:.0f}",
    )
    return write_bundle(weights, folder, manifest, card, replace=True)


def _started_from(base: str) -> Manifest | None:
    """The manifest of the bundle that ``base`` is, if it is one: what it learnt is inherited."""
    return load_bundle(Path(base)).manifest if (Path(base) / MANIFEST).is_file() else None


def _card(kind: str, manifest: Manifest, weights: Path, **further: str) -> str:
    template = Template((Path(__file__).parent / "cards" / f"{kind}.md").read_text(encoding="utf-8"))
    return template.substitute(
        base=manifest.base,
        version=manifest.version,
        parameters_m=f"{_parameters(weights) / 1e6:.1f}",
        data="; ".join(manifest.data),
        **further,
    )


def _parameters(weights: Path) -> int:
    with safe_open(weights / WEIGHTS, framework="np") as file:
        slices: list[Any] = [file.get_slice(name) for name in file.keys()]  # noqa: SIM118
        return sum(int(np.prod(part.get_shape())) for part in slices)


def _version(weights: Path) -> str:
    """The day and the first digits of the weights' hash: two trainings of one day never share a version."""
    return f"{_today().replace('-', '.')}-{sha256(weights / WEIGHTS)[:6]}"


def _today() -> str:
    return datetime.date.today().isoformat()
