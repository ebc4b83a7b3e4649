"""Files that the page offers for download, kept for an hour."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import time
from pathlib import Path

from banmian.data.issue import Issue
from banmian.serving.export import issues_csv


class Downloads:
    """A temporary folder that goes with the process; an entry older than ``kept_s`` goes with the next."""

    def __init__(self, kept_s: float) -> None:
        self._kept_s = kept_s
        self._folder = tempfile.TemporaryDirectory(prefix="banmian-")

    def offer(self, issue: Issue) -> tuple[str, str]:
        """The paths of the issue's JSON and of its CSV, which Excel reads as UTF-8 by its mark."""
        self._forget()
        text = issue.to_json()
        entry = Path(self._folder.name) / hashlib.sha256(text.encode()).hexdigest()[:16]
        entry.mkdir(exist_ok=True)
        entry.touch()
        name = re.sub(r"[^\w-]+", "-", issue.id).strip("-")[:60] or "issue"
        as_json, as_csv = entry / f"{name}.json", entry / f"{name}.csv"
        as_json.write_text(text, encoding="utf-8")
        as_csv.write_text(issues_csv([issue]), encoding="utf-8-sig", newline="")
        return str(as_json), str(as_csv)

    def _forget(self) -> None:
        oldest = time.time() - self._kept_s
        for entry in Path(self._folder.name).iterdir():
            if entry.stat().st_mtime < oldest:
                shutil.rmtree(entry, ignore_errors=True)
