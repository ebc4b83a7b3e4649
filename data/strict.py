"""Strict reading of JSON and TOML: unknown keys, wrong types and missing fields are errors with a line."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from banmian.data.errors import BanmianError

T = TypeVar("T")
MAX_JSON_BYTES = 64 * 1024 * 1024


def read_text(path: Path) -> str:
    """The file as UTF-8 text, or a BanmianError naming the offset of the first bad byte."""
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise BanmianError(
            "a readable file", problem.strerror or str(problem), str(path), "Check the path."
        ) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise BanmianError(
            "UTF-8 text",
            f"byte 0x{raw[problem.start]:02x} at offset {problem.start}",
            str(path),
            "Save the file as UTF-8.",
        ) from None


def read_json(kind: type[T], path: Path) -> T:
    """Parse ``path`` as a ``kind``; every problem is a BanmianError at ``file:line``."""
    return parse_json(kind, read_text(path), str(path))


def parse_json(kind: type[T], text: str, where: str) -> T:
    """Parse JSON ``text`` as a ``kind``; ``where`` names its origin in error messages."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as problem:
        line = getattr(problem, "lineno", 1)
        raise BanmianError(
            "JSON", getattr(problem, "msg", "nesting too deep"), f"{where}:{line}", "Mend the syntax there."
        ) from None
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as problem:
        raise _explain(problem, where, text) from None


def read_toml(kind: type[T], path: Path) -> T:
    """Parse a TOML file as a ``kind`` (a frozen, strict dataclass or model)."""
    text = read_text(path)
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise BanmianError("TOML", str(problem), str(path), "Mend the syntax there.") from None
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as problem:
        raise _explain(problem, str(path), None) from None


def _explain(problem: ValidationError, where: str, text: str | None) -> BanmianError:
    """The first of pydantic's findings, in this project's words and with a line where there is one."""
    first = problem.errors()[0]
    more = problem.error_count() - 1
    keys = first["loc"]
    place = "".join(f"[{k}]" if isinstance(k, int) else f".{k}" for k in keys).lstrip(".")
    line = f":{_line_of(text, keys)}" if text is not None else ""
    unknown = first["type"] in {"extra_forbidden", "unexpected_keyword_argument"}
    missing = first["type"] in {"missing", "missing_argument"}
    found = "nothing" if missing else _short(first["input"])
    expected = "no such key" if unknown else "a value" if missing else first["msg"]
    remedy = "Remove it, or correct its spelling." if unknown else "Correct it."
    if more:
        remedy += f" There are {more} more problems in the same file."
    return BanmianError(f"{expected} at {place or 'the top'}", found, f"{where}{line}", remedy)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _line_of(text: str, keys: tuple[Any, ...]) -> int:
    """The 1-based line of the value under ``keys``, as deep as the path exists.

    JSON is YAML, and PyYAML's nodes carry their position: no position-keeping JSON parser is needed.
    """
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError):
        return 1
    for key in keys:
        if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
        elif isinstance(node, yaml.MappingNode):
            child = next((value for name, value in node.value if name.value == key), None)
            if child is None:
                break
            node = child
        else:
            break
    return int(node.start_mark.line) + 1 if node is not None else 1
