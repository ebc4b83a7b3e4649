"""The record that flows through everything: an issue, its articles and their blocks (banmian.issue/1).

Each station adds to the record and none has a format of its own: the reader fills articles and
blocks, people fill ``label``, the desk fills ``prediction`` and ``written``. Records are frozen;
``model_copy(update=…)`` makes the next one.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from banmian.data.labels import Label
from banmian.data.strict import parse_json, read_json

SCHEMA: Final = "banmian.issue/1"
Role = Literal["body", "subhead"]
Doubt = Literal["contradiction", "hair"]


class Record(BaseModel):
    """Frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Headline(Record):
    """The three parts a Chinese headline may have; each is a tuple of printed lines."""

    kicker: tuple[str, ...] = ()
    main: tuple[str, ...] = ()
    deck: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Kicker, main and deck in reading order, joined by blanks."""
        return " ".join((*self.kicker, *self.main, *self.deck))


class Prediction(Record):
    """What the labeller says of a body block; ``probabilities`` sum to 1 in LABELS' order."""

    label: Label
    confidence: Annotated[float, Field(ge=0, le=1)]
    probabilities: dict[Label, float]
    abstained: bool = False
    windows: int = 1
    """Windows the text was read in: more than one where it is longer than the model's input."""


class Span(Record):
    """A place in a headline, ``[start, end)`` in characters, that the article does not support."""

    start: int
    end: int
    text: str
    kind: Literal["number", "date", "person", "place", "organisation", "unit", "negation"]
    reason: str


class Written(Record):
    """The headline written for an article, and whether the article supports it."""

    headline: str
    supported: bool
    unsupported: tuple[Span, ...] = ()
    method: Literal["model", "extract", "editor"]
    """Who wrote it: the model, the article's own words, or an editor on the page."""
    candidates: tuple[str, ...] = ()
    kicker: str = ""
    """The line above, where it was asked for and the model has one that the article supports."""
    deck: str = ""
    """The line below, likewise."""
    read: int | None = None
    """Characters of the text that fitted the model's input, of ``length``; the check reads all of it."""
    length: int | None = None


class Place(Record):
    """Where a block, or a part of it, stands on its page.

    In text: ``[start, end)`` in characters of the page as it was given. In a PDF or a picture: ``page``,
    counted from 1, and ``box`` = left, top, right, bottom as shares of the page's width and height, from
    its top left corner.
    """

    start: Annotated[int, Field(ge=0)] | None = None
    end: Annotated[int, Field(ge=0)] | None = None
    page: Annotated[int, Field(ge=1)] | None = None
    box: tuple[float, float, float, float] | None = None

    @model_validator(mode="after")
    def _offsets_or_box(self) -> Place:
        offsets, box = (self.start, self.end), (self.page, self.box)
        if not (
            (None not in offsets and box == (None, None)) or (None not in box and offsets == (None, None))
        ):
            raise ValueError("either start and end, or page and box")
        return self


class Block(Record):
    """A paragraph or a subhead. Text is what is printed, line and column breaks removed."""

    id: str
    role: Role = "body"
    text: str
    label: Label | None = None
    prediction: Prediction | None = None
    places: tuple[Place, ...] = ()
    """Where it stands on the page; several where a column break, a caption or a page parts it."""
    recognition: Annotated[float, Field(ge=0, le=1)] | None = None
    """How sure the text recognition was of a scanned block: the mean over its characters."""

    @model_validator(mode="after")
    def _labels_only_on_body(self) -> Block:
        if self.role != "body" and (self.label or self.prediction):
            raise ValueError("a label only on a block whose role is body")
        return self


class Article(Record):
    """One article: headline, the lines around the body, and the body's blocks in reading order."""

    id: str
    headline: Headline = Headline()
    byline: str = ""
    dateline: str = ""
    signature: str = ""
    captions: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    written: Written | None = None
    doubts: tuple[Doubt, ...] = ()
    """Why an editor should confirm its labels together: confident labels that do not stand in one article,
    or a label of the whole that was decided by a hair."""

    @property
    def body(self) -> tuple[Block, ...]:
        """The blocks that carry labels."""
        return tuple(block for block in self.blocks if block.role == "body")

    @property
    def lead(self) -> str:
        """The first body paragraph, which decides ties between labels (LABELS: the article is context)."""
        return self.body[0].text if self.body else ""


class Issue(Record):
    """A page of one paper on one day."""

    schema_: Literal["banmian.issue/1"] = Field(SCHEMA, alias="schema")
    id: Annotated[str, Field(min_length=1)]
    paper: str = ""
    date: str = ""
    source: str = ""
    articles: tuple[Article, ...] = ()
    furniture: tuple[str, ...] = ()
    """What the page prints outside any article: page number, editors, date line, advertisements' frames."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True, validate_by_name=True)

    @model_validator(mode="after")
    def _ids_are_unique_and_date_is_iso(self) -> Issue:
        ids = [article.id for article in self.articles]
        ids += [block.id for article in self.articles for block in article.blocks]
        twice = next((id_ for id_, count in Counter(ids).items() if count > 1), None)
        if twice:
            raise ValueError(f"every article and block id once ({twice!r} stands twice)")
        if self.date and not re.fullmatch(r"\d{4}-\d\d-\d\d", self.date):
            raise ValueError("a date as YYYY-MM-DD")
        return self

    def body(self) -> Iterator[tuple[Article, Block]]:
        """Every body block with its article, in page order."""
        for article in self.articles:
            for block in article.body:
                yield article, block

    def as_dict(self) -> dict[str, object]:
        """The record as plain values; what was never set (an empty deck, no prediction) is left out."""
        return {"schema": SCHEMA, **self.model_dump(mode="json", exclude_unset=True, by_alias=True)}

    def to_json(self) -> str:
        """The record as JSON text, two blanks of indent, final newline: made to be edited by hand."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=2) + "\n"


def load_issue(path: Path) -> Issue:
    """Read an issue; any departure from the schema is a BanmianError at ``file:line``."""
    return read_json(Issue, path)


def parse_issue(text: str, where: str = "issue") -> Issue:
    """Read an issue from JSON text."""
    return parse_json(Issue, text, where)


def save_issue(issue: Issue, path: Path) -> None:
    """Write the issue's JSON as UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(issue.to_json(), encoding="utf-8")
