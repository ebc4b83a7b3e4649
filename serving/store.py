"""Bundles by version, one of each kind published; publishing and rolling back are single renames."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from banmian.data.errors import BanmianError
from banmian.data.issue import Record
from banmian.data.strict import read_json
from banmian.serving.atomic import staged, write_atomically
from banmian.serving.bundle import (
    KINDS,
    MANIFEST,
    Bundle,
    Kind,
    Manifest,
    load_bundle,
)

SHIPPED = ""
_POINTER = "published.json"


class Published(Record):
    """Which version is served, and which were before it, oldest first; "" is the shipped one."""

    version: str
    history: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stored:
    """One version of a model: its manifest, where it lies, and whether it is the one served."""

    manifest: Manifest
    folder: Path
    origin: Literal["shipped", "published"]
    served: bool


def home() -> Path:
    """Where this machine keeps what users make: ``$BANMIAN_HOME``, else the XDG data folder's ``banmian``."""
    chosen = os.environ.get("BANMIAN_HOME")
    if chosen:
        return Path(chosen)
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "banmian"


class ModelStore:
    """The bundles of a home folder, over those shipped with the package.

    ``models/<kind>/<version>/`` holds a bundle and ``models/<kind>/published.json`` names the one served.
    A crash between any two steps leaves the version that was published before.

    Args:
        home: the home folder; :func:`home` if not given.
        shipped: folder of the default bundles, one per kind; the package's own if not given.
    """

    def __init__(self, home: Path | None = None, shipped: Path | None = None) -> None:
        self._models = (home or _home()) / "models"
        self._shipped = shipped or Path(__file__).parent / "models"

    def published(self, kind: Kind) -> Bundle:
        """The bundle to serve, verified; the shipped one where none was published."""
        version = self._pointer(kind).version
        try:
            return load_bundle(self._folder(kind, version))
        except BanmianError as problem:
            if version == SHIPPED:
                raise
            remedy = f"{problem.remedy} Or go back: banmian models rollback {kind}".strip()
            raise BanmianError(problem.expected, problem.found, problem.where, remedy) from None

    def served(self) -> dict[str, str]:
        """The version published of each kind, without opening it: what a server looks at for a change."""
        return {kind: self._pointer(kind).version for kind in KINDS}

    def versions(self, kind: Kind) -> list[Stored]:
        """Every version there is, the shipped one first, then by folder name."""
        served = self._pointer(kind).version
        found = [SHIPPED] if (self._shipped / kind / MANIFEST).is_file() else []
        if (self._models / kind).is_dir():
            found += sorted(p.parent.name for p in (self._models / kind).glob(f"[!.]*/{MANIFEST}"))
        return [
            Stored(
                manifest=read_json(Manifest, self._folder(kind, version) / MANIFEST),
                folder=self._folder(kind, version),
                origin="published" if version else "shipped",
                served=version == served,
            )
            for version in found
        ]

    def publish(self, bundle: Bundle) -> Bundle:
        """Copy ``bundle`` into the store, verify the copy, and serve it from now on.

        Publishing a stored version again makes it the served one.

        Raises:
            BanmianError: another model is stored under the same version.
        """
        kind, version = bundle.manifest.kind, bundle.manifest.version
        folder = self._folder(kind, version)
        with self._locked(kind):
            if folder.exists():
                if load_bundle(folder).digest != bundle.digest:
                    raise BanmianError(
                        "a version that is not taken",
                        f"{version}, stored with other files",
                        str(folder),
                        "Give the new bundle a version of its own.",
                    )
            else:
                with staged(folder) as stage:
                    self._copy(bundle, stage)
                    load_bundle(stage)
            now = self._pointer(kind)
            if now.version != version:
                self._point(kind, Published(version=version, history=(*now.history, now.version)))
        return load_bundle(folder)

    def rollback(self, kind: Kind) -> Bundle:
        """Serve again what was served before the last publication; the newer bundle stays in the store.

        Raises:
            BanmianError: nothing was published before.
        """
        with self._locked(kind):
            now = self._pointer(kind)
            if not now.history:
                raise BanmianError(
                    f"a {kind} published before",
                    "none",
                    str(self._models / kind),
                    "There is nothing to undo.",
                )
            self._point(kind, Published(version=now.history[-1], history=now.history[:-1]))
        return self.published(kind)

    def _folder(self, kind: Kind, version: str) -> Path:
        return self._models / kind / version if version else self._shipped / kind

    def _pointer(self, kind: Kind) -> Published:
        path = self._models / kind / _POINTER
        return read_json(Published, path) if path.exists() else Published(version=SHIPPED)

    def _point(self, kind: Kind, published: Published) -> None:
        text = json.dumps(published.model_dump(mode="json"), indent=2) + "\n"
        write_atomically(self._models / kind / _POINTER, text)

    @staticmethod
    def _copy(bundle: Bundle, stage: Path) -> None:
        for name in (*bundle.manifest.files, MANIFEST):
            shutil.copyfile(bundle.folder / name, stage / name)

    @contextmanager
    def _locked(self, kind: Kind) -> Iterator[None]:
        """One publisher at a time, across processes; the lock goes with its process."""
        (self._models / kind).mkdir(parents=True, exist_ok=True)
        with (self._models / kind / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


_home = home
