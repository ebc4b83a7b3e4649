"""Whether an issue is fit to train on: labelled whole, and nothing of its page lost."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from banmian.data.errors import BanmianError
from banmian.data.issue import Issue
from banmian.data.labels import LABELS
from banmian.data.spans import characters
from banmian.data.strict import read_text
from banmian.data.text import squeeze


def check_labelled(issue: Issue, path: Path) -> list[str]:
    """Check a labelled issue against what training needs and, where it names one, against its page.

    Args:
        issue: the issue as read from ``path``.
        path: its file; ``issue.source`` is looked for beside it.

    Returns:
        What is odd but allowed, one line each.

    Raises:
        BanmianError: no body, a body block without label, an empty block, or page text that is in no field.
    """
    body = list(issue.body())
    if not body:
        raise BanmianError("at least one body block", "none", str(path), "Add the article's paragraphs.")
    for article in issue.articles:
        for block in article.blocks:
            if not block.text.strip():
                raise BanmianError(
                    "text in every block", f"none in {block.id}", str(path), "Fill it in or remove the block."
                )
    missing = [block.id for _, block in body if block.label is None]
    if missing:
        raise BanmianError(
            "a label on every body block",
            f"none on {len(missing)} of {len(body)} (first: {missing[0]})",
            str(path),
            f"Give each one of: {', '.join(LABELS)}.",
        )
    warnings = [
        f"article {article.id} has no main headline, which is context for its labels"
        for article in issue.articles
        if not article.headline.main
    ]
    _check_nothing_lost(issue, path)
    return warnings


def _check_nothing_lost(issue: Issue, path: Path) -> None:
    page = path.parent / issue.source
    if not issue.source.endswith(".txt") or not page.is_file():
        return
    printed, kept = Counter(squeeze(read_text(page))), characters(issue)
    if printed != kept:
        lost, added = printed - kept, kept - printed
        raise BanmianError(
            f"every character of {issue.source} in exactly one field",
            f"{lost.total()} missing ({''.join(lost)[:20]}), "
            f"{added.total()} too many ({''.join(added)[:20]})",
            str(path),
            "Compare the paragraphs with the page.",
        )
