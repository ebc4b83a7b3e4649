"""The labelled issues that come with the package, whether installed or in a checkout."""

from __future__ import annotations

from pathlib import Path

from banmian.data.errors import BanmianError
from banmian.data.issue import Issue, load_issue

REAL_ISSUE = "2020-02-13-zhuzhou"
WRITTEN_PREFIX = "written-"


def issues_folder() -> Path:
    """The folder with one folder an issue, named by the issue's id."""
    return Path(__file__).parent / "issues"


def shipped_issue(issue_id: str) -> Issue:
    """One shipped issue by its id; an id that is not shipped is a BanmianError."""
    shipped = _ids()
    if issue_id not in shipped:
        raise BanmianError(
            "the id of a shipped issue",
            repr(issue_id),
            remedy=f"Choose one from {shipped[0]} to {shipped[-1]}; they lie in {issues_folder()}.",
        )
    return load_issue(issues_folder() / issue_id / "issue.json")


def written_issues() -> list[Issue]:
    """The issues written for this project, by number: imaginary pages, not collected ones."""
    return [shipped_issue(issue_id) for issue_id in _ids() if issue_id.startswith(WRITTEN_PREFIX)]


def written_number(issue: Issue) -> int:
    """The number of a written issue."""
    return int(issue.id.removeprefix(WRITTEN_PREFIX))


def _ids() -> list[str]:
    return sorted(path.parent.name for path in issues_folder().glob("*/issue.json"))
