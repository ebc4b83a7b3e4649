"""Hand-made headlines for the support check, and what they are held to (eval/cases/README.md).

Issues are drawn into an open half, whose misses may be read to find general faults of the rules, and a
sealed half, which is read as totals only: rules mended on cases would otherwise be measured on them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, model_validator

from banmian.data.errors import BanmianError
from banmian.data.holdout import fraction
from banmian.data.issue import Article, Issue, Record
from banmian.data.shipped import shipped_issue
from banmian.data.strict import read_json
from banmian.serving.desk import article_text

SCHEMA: Final = "banmian.support-cases/1"
Kind = Literal["number", "date", "person", "place", "organisation", "unit", "negation"]
Half = Literal["open", "sealed"]


class Case(Record):
    """A headline for one article: good, or with one fault of ``kind`` at the characters ``wrong``."""

    issue: str
    article: str
    headline: Annotated[str, Field(min_length=1)]
    good: bool
    kind: Kind | None = None
    wrong: str | None = None

    @model_validator(mode="after")
    def _one_fault_or_none(self) -> Case:
        if self.good != (self.kind is None) or self.good != (self.wrong is None):
            raise ValueError("kind and wrong on an unsupported headline, neither on a good one")
        if self.wrong is not None and (not self.wrong or self.headline.count(self.wrong) != 1):
            raise ValueError(f"{self.wrong!r} once in the headline {self.headline!r}")
        return self

    @property
    def span(self) -> tuple[int, int]:
        """``[start, end)`` of ``wrong`` in the headline; empty at 0 for a good one."""
        start = self.headline.index(self.wrong) if self.wrong else 0
        return start, start + len(self.wrong or "")

    @property
    def half(self) -> Half:
        """Which half the case's issue was drawn into, the same on every machine."""
        return "open" if fraction(f"support|{self.issue}") < 0.5 else "sealed"


class CaseFile(Record):
    """The file as it stands: every headline once an article."""

    schema_: Literal["banmian.support-cases/1"] = Field(SCHEMA, alias="schema")
    cases: tuple[Case, ...]

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True, validate_by_name=True)


class Held(Record):
    """A case with what the check is given: the article's text as the desk reads it, and the issue's date."""

    case: Case
    text: str
    date: str


def cases_file() -> Path:
    """The shipped cases."""
    return Path(__file__).parent / "cases" / "support.json"


def load_cases(path: Path | None = None) -> list[Held]:
    """The cases of ``path`` (default: the shipped ones) with their articles, in the file's order.

    Raises:
        BanmianError: the file departs from the schema, an issue or an article is not shipped, or a case
            stands twice.
    """
    path = path or cases_file()
    issues: dict[str, Issue] = {}
    seen: set[tuple[str, str, str]] = set()
    held = []
    for number, case in enumerate(read_json(CaseFile, path).cases):
        where = f"{path}: cases[{number}]"
        key = (case.issue, case.article, case.headline)
        if key in seen:
            raise BanmianError("every case once", repr(case.headline), where, "Remove one of the two.")
        seen.add(key)
        if case.issue not in issues:
            issues[case.issue] = shipped_issue(case.issue)
        issue = issues[case.issue]
        article = _article(issue, case, where)
        held.append(Held(case=case, text=article_text(article), date=issue.date))
    return held


def _article(issue: Issue, case: Case, where: str) -> Article:
    found = next((article for article in issue.articles if article.id == case.article), None)
    if found is None:
        ids = f"{issue.articles[0].id} to {issue.articles[-1].id}"
        raise BanmianError(
            f"an article of {issue.id} ({ids})", repr(case.article), where, "Correct the article's id."
        )
    return found
