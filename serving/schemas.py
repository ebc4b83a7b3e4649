"""What REST takes and gives, as pydantic models: unknown keys are errors, examples go into the OpenAPI."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from banmian.data.issue import Prediction, Record, Span, Written
from banmian.data.labels import DEFAULT_REGISTER, REGISTER_CHINESE, Label, Register
from banmian.serving import examples
from banmian.serving.why import Why
from banmian.serving.wording import Language
from banmian.serving.writer import MAX_CANDIDATES, MAX_MIN_CHARS, MIN_CHARS

#: The longest headline that is held against its article.
MAX_HEADLINE_CHARS = 500
_Date = Annotated[str, Field(pattern=r"^(\d{4}-\d\d-\d\d)?$")]
_REGISTERS = "How the headline is written: " + ", ".join(
    f"{register} {chinese}" for register, chinese in REGISTER_CHINESE.items()
)


def _example(value: dict[str, Any], strict: bool = False) -> ConfigDict:
    return ConfigDict(
        frozen=True,
        extra="forbid",
        strict=strict,
        use_attribute_docstrings=True,
        json_schema_extra={"examples": [value]},
    )


def _request(example: dict[str, Any]) -> ConfigDict:
    """What comes is of the type that is said: "12" is no number, and 0 does not say no."""
    return _example(example, strict=True)


class ClassifyIn(Record):
    """Paragraphs of one article, with its headline and lead where they are known (they decide ties)."""

    model_config = _request(examples.CLASSIFY)
    paragraphs: Annotated[list[str], Field(min_length=1)]
    """In Chinese, as printed."""
    headline: str = ""
    """The article's headline."""
    lead: str = ""
    """The article's first paragraph."""
    why: bool = False
    """Also say what decided each label. It costs about ten times the label alone."""


class ClassifyOut(Record):
    """One prediction per paragraph, in order, and the labeller's version; ``why`` as long where asked for."""

    model_config = _example(examples.CLASSIFIED)
    predictions: list[Prediction]
    model: str
    why: tuple[Why, ...] = ()


class ReasonIn(Record):
    """A paragraph of the page whose reasons are asked for, with what the page shows of it."""

    text: Annotated[str, Field(min_length=1)]
    headline: str
    lead: str
    label: Label
    confidence: Annotated[float, Field(ge=0, le=1)]
    language: Language


class OwnHeadlineIn(Record):
    """A headline edited on the page, with the paragraphs that the page shows below it."""

    headline: Annotated[str, Field(max_length=MAX_HEADLINE_CHARS)]
    paragraphs: list[str]
    date: _Date
    language: Language


class EditIn(Record):
    """What the page shows as the headline of one article."""

    article: str
    headline: Annotated[str, Field(max_length=MAX_HEADLINE_CHARS)]


class EditsIn(Record):
    """The headlines of a page, edited or not."""

    headlines: list[EditIn]


class PictureIn(Record):
    """A page of an uploaded PDF, counted from 1, or an uploaded picture; ``original`` names the upload."""

    original: str
    page: Annotated[int, Field(ge=1)]
    language: Language


class HeadlineIn(Record):
    """Articles to write a headline for; ``date`` (YYYY-MM-DD) is the paper's, for 昨日 and 今天."""

    model_config = _request(examples.HEADLINE)
    texts: Annotated[list[str], Field(min_length=1)]
    """In Chinese, one article each."""
    register_: Annotated[Register, Field(alias="register", description=_REGISTERS)] = DEFAULT_REGISTER
    max_chars: Annotated[int, Field(ge=MIN_CHARS, le=100)] | None = None
    """The longest headline to write, in characters."""
    min_chars: Annotated[int, Field(ge=1, le=MAX_MIN_CHARS)] | None = None
    """The shortest, where the model has such a one."""
    lines: Literal[1, 2] | None = None
    """Clauses, parted by a blank."""
    kicker: bool = False
    """Write the line above too."""
    deck: bool = False
    """Write the line below too."""
    candidates: Annotated[int, Field(ge=1, le=MAX_CANDIDATES)] = 1
    """How many headlines to write for each text; the first is the best."""
    date: _Date = ""
    """The paper's date."""
    language: Language = "zh"
    """Of the reasons why something is not supported: zh or en."""


class HeadlineOut(Record):
    """One written headline per text, in order, and the writer's version."""

    model_config = _example(examples.HEADLINES)
    headlines: list[Written]
    model: str


class SupportIn(Record):
    """A headline to be held against its article."""

    model_config = _request(examples.SUPPORT)
    text: Annotated[str, Field(min_length=1)]
    headline: Annotated[str, Field(min_length=1, max_length=MAX_HEADLINE_CHARS)]
    date: _Date = ""
    language: Language = "zh"
    """Of the reasons: zh or en."""


class SupportOut(Record):
    """Whether the article supports everything the headline says, and the places where it does not."""

    model_config = _example(examples.SUPPORTED)
    supported: bool
    unsupported: list[Span]


class AnalyzeIn(Record):
    """The raw text of a page, an article or a paragraph; ``date`` (YYYY-MM-DD) is what 昨日 is read by."""

    model_config = _request(examples.ANALYZE)
    text: str
    """In Chinese, as it comes out of the paper's file, hard line breaks and all."""
    register_: Annotated[Register, Field(alias="register", description=_REGISTERS)] = DEFAULT_REGISTER
    paper: Annotated[str, Field(max_length=100)] = ""
    date: str = ""


class ReloadIn(Record):
    """Nothing: an empty object."""


class CorrectionOut(Record):
    """Where a correction went: its file in the store and how many labelled paragraphs it has."""

    model_config = _example(examples.CORRECTED)
    stored: str
    paragraphs: int
    warnings: list[str]


class ModelVersion(Record):
    """A model that answers now or could be published again."""

    kind: str
    version: str
    published: bool


class ModelsOut(Record):
    """Every model known here; ``serving`` gives the versions that answer, by kind."""

    model_config = _example(examples.MODELS)
    serving: dict[str, str]
    versions: list[ModelVersion]


class Problem(Record):
    """What was expected, what was found, where, and what to do."""

    message: str
    expected: str
    found: str
    where: str
    remedy: str


class ProblemOut(Record):
    """Every answer that is not 2xx."""

    error: Problem
