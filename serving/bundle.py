"""A model bundle: a ``save_pretrained`` folder in half precision, with a manifest that says what it is.

The manifest is written last and holds the SHA-256 of every other file, so a folder with a manifest is
whole. Weights are safetensors only: a pickle runs code when it is loaded and is refused by name.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import ConfigDict, Field, field_serializer, field_validator, model_validator
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from banmian.data.errors import BanmianError
from banmian.data.issue import Record
from banmian.data.labels import LABELS, Label
from banmian.data.strict import read_json
from banmian.serving.atomic import sha256, staged
from banmian.serving.inputs import InputShape

SCHEMA: Literal["banmian.bundle/1"] = "banmian.bundle/1"
MANIFEST = "manifest.json"
WEIGHTS = "model.safetensors"
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "vocab.txt")
Kind = Literal["labeller", "writer"]
KINDS: tuple[Kind, ...] = ("labeller", "writer")

_PICKLES = {".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib", ".h5", ".msgpack", ".npz", ".npy"}
_NEEDED = ("config.json", *TOKENIZER_FILES)
_WELCOME = ("generation_config.json", "special_tokens_map.json")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")

Version = Annotated[str, Field(pattern=f"^{_NAME.pattern}$", max_length=100)]


class Manifest(Record):
    """What a bundle is, where it comes from, what it scored, and the SHA-256 of each of its files."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True, validate_by_name=True)

    schema_: Literal["banmian.bundle/1"] = Field(SCHEMA, alias="schema")
    kind: Kind
    name: Annotated[str, Field(min_length=1)]
    version: Version
    created: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
    base: str
    licence: str
    labels: tuple[Label, ...] | None = None
    input: InputShape | None = None
    temperature: Annotated[float, Field(gt=0)] = 1.0
    article_weight: Annotated[float, Field(ge=0)] = 0.0
    abstain_below: Annotated[float, Field(ge=0, le=1)] = 0.0
    source_tokens: Annotated[int, Field(ge=16)] | None = None
    target_tokens: Annotated[int, Field(ge=4)] | None = None
    parent: str = ""
    data: tuple[str, ...] = ()
    scores: dict[str, float] = Field(default_factory=dict)
    files: dict[str, Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]] = Field(default_factory=dict)

    @field_validator("input", mode="before")
    @classmethod
    def _input_has_no_unknown_key(cls, value: Any) -> Any:
        if isinstance(value, dict):
            unknown = sorted(set(value) - {field.name for field in fields(InputShape)})
            if unknown:
                raise ValueError(f"no key {unknown[0]} in input")
        return value

    @field_serializer("input")
    def _input_as_dict(self, value: InputShape | None) -> dict[str, int] | None:
        return asdict(value) if value else None

    @model_validator(mode="after")
    def _fields_fit_the_kind(self) -> Manifest:
        if self.kind == "labeller":
            if self.labels != LABELS:
                raise ValueError(f"labels in the order {', '.join(LABELS)}")
            if self.input is None:
                raise ValueError("an input shape for a labeller")
        elif self.source_tokens is None or self.target_tokens is None:
            raise ValueError("source_tokens and target_tokens for a writer")
        return self

    def to_json(self) -> str:
        """The manifest as JSON text, without what its kind does not have."""
        return (
            json.dumps(self.model_dump(mode="json", exclude_none=True), ensure_ascii=False, indent=2) + "\n"
        )


@dataclass(frozen=True)
class Bundle:
    """A verified bundle on disk."""

    folder: Path
    manifest: Manifest

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the hashes of its files, in order of name: equal digests are equal models."""
        listing = "".join(f"{name} {sha}\n" for name, sha in sorted(self.manifest.files.items()))
        return hashlib.sha256(listing.encode()).hexdigest()

    def config(self) -> dict[str, Any]:
        """The model's ``config.json``."""
        found: dict[str, Any] = read_json(dict[str, Any], self.folder / "config.json")
        return found

    def weights(self, *names: str) -> dict[str, np.ndarray]:
        """The named tensors, or every one, float32."""
        try:
            with safe_open(self.folder / WEIGHTS, framework="np") as file:
                return {name: file.get_tensor(name).astype(np.float32) for name in names or file.keys()}
        except (SafetensorError, OSError) as problem:
            raise BanmianError(
                "safetensors weights", str(problem), str(self.folder / WEIGHTS), "Write the bundle anew."
            ) from None


def load_bundle(folder: Path) -> Bundle:
    """Open a bundle and verify it.

    Raises:
        BanmianError: no manifest, an unknown key, labels in another order, a file missing, changed or
            pickled.
    """
    if not (folder / MANIFEST).is_file():
        raise BanmianError(
            f"a model bundle with {MANIFEST}",
            "none",
            str(folder),
            "Name a folder that `banmian train` wrote.",
        )
    refuse_pickles(folder)
    manifest = read_json(Manifest, folder / MANIFEST)
    for name in (WEIGHTS, *_NEEDED):
        if name not in manifest.files:
            raise BanmianError(f"{name} among its files", "none", str(folder / MANIFEST), "Write it anew.")
    for name, expected in manifest.files.items():
        if not _NAME.fullmatch(name):
            raise BanmianError("plain file names", repr(name), str(folder / MANIFEST), "Write it anew.")
        path = folder / name
        if not path.is_file():
            raise BanmianError(f"the file {name}", "none", str(folder), "Copy the bundle whole.")
        found = sha256(path)
        if found != expected:
            raise BanmianError(
                f"SHA-256 {expected[:12]}… of {name}",
                f"{found[:12]}…",
                str(folder),
                "The file was changed or cut short: copy the bundle again.",
            )
    return Bundle(folder, manifest)


def write_bundle(
    model_folder: Path, folder: Path, manifest: Manifest, readme: str = "", replace: bool = False
) -> Bundle:
    """Make a bundle from what ``save_pretrained`` wrote (model and tokenizer), and verify it.

    Weights become float16; ``config.json`` keeps its dtype, so that ``from_pretrained`` computes in
    float32. The bundle is built beside ``folder`` and renamed into place.

    Args:
        model_folder: config.json, model.safetensors and the tokenizer's files.
        folder: where the bundle goes; must not exist unless ``replace``.
        manifest: without ``files``, which are filled in here.
        readme: the model card, Markdown; empty for none.
        replace: put the bundle in the place of what is in ``folder``.

    Raises:
        BanmianError: a file is missing, the weights are pickled or exceed half precision, or ``folder``
            exists.
    """
    if not (model_folder / WEIGHTS).is_file():
        refuse_pickles(model_folder)  # a checkpoint's optimizer beside safetensors weights stays behind
    if folder.exists() and not replace:
        raise BanmianError("a new folder", "one that exists", str(folder), "Choose another, or remove it.")
    for name in (WEIGHTS, *_NEEDED):
        if not (model_folder / name).is_file():
            raise BanmianError(
                f"the file {name}", "none", str(model_folder), "Save model and tokenizer there."
            )
    with staged(folder, replace) as stage:
        for name in (*_NEEDED, *_WELCOME):
            if (model_folder / name).is_file():
                shutil.copyfile(model_folder / name, stage / name)
        _halve(model_folder / WEIGHTS, stage / WEIGHTS)
        if readme:
            (stage / "README.md").write_text(readme, encoding="utf-8")
        files = {path.name: sha256(path) for path in sorted(stage.iterdir())}
        (stage / MANIFEST).write_text(
            manifest.model_copy(update={"files": files}).to_json(), encoding="utf-8"
        )
        load_bundle(stage)
    return load_bundle(folder)


def refuse_pickles(folder: Path) -> None:
    """Raise a BanmianError for the first file whose kind can run code or hide weights."""
    if not folder.is_dir():
        raise BanmianError("a model folder", "none", str(folder), "Check the path.")
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _PICKLES:
            raise BanmianError(
                "safetensors weights only",
                path.name,
                str(folder),
                "A pickle runs code when it is loaded. Convert it where you trust it, and remove it here.",
            )


def _halve(source: Path, target: Path) -> None:
    """Copy a safetensors file with its floats in half precision."""
    halves: dict[str, np.ndarray] = {}
    metadata: Mapping[str, str]
    with safe_open(source, framework="np") as file:
        metadata = file.metadata() or {}
        for name in file.keys():  # noqa: SIM118
            tensor = file.get_tensor(name)
            if np.issubdtype(tensor.dtype, np.floating):
                with np.errstate(over="ignore"):
                    tensor = tensor.astype(np.float16)
                if not np.isfinite(tensor).all():
                    raise BanmianError(
                        "finite weights within half precision",
                        f"others in {name}",
                        str(source),
                        "Train anew.",
                    )
            halves[name] = np.ascontiguousarray(tensor)
    save_file(halves, target, metadata={"format": "pt", **metadata})  # transformers refuses it without format
