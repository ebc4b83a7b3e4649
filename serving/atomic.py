"""Folders and files that appear whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def staged(folder: Path, replace: bool = False) -> Iterator[Path]:
    """A new folder beside ``folder`` that takes its name when the block ends well, and is gone otherwise.

    The name appears in one step. With ``replace`` an existing folder is moved aside first, so for a
    moment there is neither; without it an existing folder is a FileExistsError.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        yield stage
        stage.chmod(0o755)  # mkdtemp's folders and safetensors' files are private to who made them
        for path in stage.iterdir():
            path.chmod(0o644)
        sync(stage)
        if folder.exists():
            if not replace:
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))
            aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
            folder.replace(aside)
            stage.replace(folder)
            shutil.rmtree(aside)
        else:
            stage.replace(folder)
        _sync_one(folder.parent)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def sync(folder: Path) -> None:
    """Force a folder and its files to the disk, so that a rename never outlives what it renames."""
    for path in folder.iterdir():
        _sync_one(path)
    _sync_one(folder)


def _sync_one(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomically(path: Path, content: str | bytes, mode: int = 0o644) -> None:
    """Replace the file in one step: a reader sees the old or the new, never a part; text becomes UTF-8."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
        _sync_one(path.parent)
    finally:
        Path(name).unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
