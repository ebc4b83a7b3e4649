"""API keys: who may use a server, kept hashed in one private file; a running server follows the file."""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import Field

from banmian.data.errors import BanmianError
from banmian.data.issue import Record
from banmian.data.strict import read_json
from banmian.serving.atomic import write_atomically
from banmian.serving.store import home

PREFIX = "banmian-"
_PRIVATE = 0o600


class Key(Record):
    """One key: who holds it, when it was made, its hash, and how many requests a minute it may send."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,40}$")]
    created: str
    sha256: str
    per_minute: Annotated[int, Field(gt=0)] | None = None


class _File(Record):
    keys: tuple[Key, ...] = ()


class Keys:
    """The keys in ``path``, a file only its owner may read; in the home folder if it is not given.

    Every method may be called from any thread.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or home() / "keys.json"
        self._lock = threading.Lock()
        self._read: tuple[tuple[int, int, int], tuple[Key, ...]] | None = None

    def all(self) -> tuple[Key, ...]:
        """Every key, in the order they were made; read again when the file has changed."""
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            return ()
        state = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        with self._lock:
            if self._read is None or self._read[0] != state:
                self._read = state, read_json(_File, self.path).keys
            return self._read[1]

    def add(self, name: str, per_minute: int | None = None) -> str:
        """Make a key and return it; it is kept only as a hash, so this is the one time it is seen.

        Raises:
            BanmianError: the name is taken, or is not made of letters, digits, ``.``, ``_`` and ``-``.
        """
        secret = PREFIX + secrets.token_urlsafe(32)
        try:
            key = Key(
                name=name,
                created=datetime.now(UTC).isoformat(timespec="seconds"),
                sha256=_hash(secret),
                per_minute=per_minute,
            )
        except ValueError:
            raise BanmianError(
                "a name of up to 40 letters, digits, '.', '_' and '-', and a rate of at least 1",
                f"{name!r} with {per_minute}" if per_minute is not None else repr(name),
                "keys add",
                "Correct it.",
            ) from None
        with self._changing():
            keys = self.all()
            if any(other.name == name for other in keys):
                raise BanmianError(
                    "a name that is not taken",
                    name,
                    str(self.path),
                    "Choose another, or remove that key.",
                )
            self._write((*keys, key))
        return secret

    def remove(self, name: str) -> None:
        """Take a key back; a running server refuses it from its next request on.

        Raises:
            BanmianError: there is no key of this name.
        """
        with self._changing():
            keys = self.all()
            left = tuple(key for key in keys if key.name != name)
            if len(left) == len(keys):
                known = ", ".join(key.name for key in keys) or "none"
                raise BanmianError(f"one of the keys ({known})", repr(name), str(self.path), "Correct it.")
            self._write(left)

    def holder(self, secret: str) -> Key | None:
        """The key that was given as ``secret``, or None."""
        given = _hash(secret)
        found = None
        for key in self.all():  # all of them, so that the time taken does not tell which one it was
            if hmac.compare_digest(key.sha256, given):
                found = key
        return found

    def _write(self, keys: tuple[Key, ...]) -> None:
        write_atomically(self.path, _File(keys=keys).model_dump_json(indent=2) + "\n", _PRIVATE)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """One writer at a time, across processes."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _hash(secret: str) -> str:
    # A slow password hash would protect what people choose and remember. A key is 256 random bits: no list
    # of guesses holds it, and a fast hash leaves the request its milliseconds.
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
