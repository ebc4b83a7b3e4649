"""The corrections store: issues that people have labelled or mended, one JSON file each.

Files are named by date, issue and content, so the same correction twice is one file, and each appears
whole or not at all (written beside, then renamed).
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from banmian.data.check import check_labelled
from banmian.data.issue import Issue


@dataclass(frozen=True)
class Stored:
    """A correction that was kept: its file's name, its labelled paragraphs, and what is odd but allowed."""

    name: str
    paragraphs: int
    warnings: tuple[str, ...]


class Corrections:
    """Corrections under ``folder``, which is made when the first one comes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, issue: Issue) -> Stored:
        """Check a labelled issue and keep it.

        Raises:
            BanmianError: a body block has no label, or a block no text: it could not be trained on.
        """
        # The source names a file beside the issue that check_labelled would read. A client's issue has
        # none here, and must not be able to name one of the server's.
        warnings = check_labelled(issue.model_copy(update={"source": ""}), Path("correction"))
        text = issue.to_json()
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        slug = re.sub(r"[^0-9A-Za-z\u4e00-\u9fff-]+", "-", issue.id).strip("-")[:40] or "issue"
        name = f"{slug}-{digest}.json"
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(beside).replace(self.folder / name)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
        return Stored(name, sum(1 for _ in issue.body()), tuple(warnings))

    def names(self) -> list[str]:
        """The kept corrections' file names, sorted."""
        return sorted(path.name for path in self.folder.glob("*.json"))
