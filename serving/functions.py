"""What a server does, by name: classify, headline, support and analyze, each from one record to another.

REST, the Model Context Protocol and the page's API (gradio_client) are three ways to these functions: the
same fields, limits and answers.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from banmian.data.issue import Issue, Record, Span
from banmian.serving.inputs import Reading
from banmian.serving.problems import TooLarge, of_validation
from banmian.serving.reasons import said
from banmian.serving.schemas import (
    AnalyzeIn,
    ClassifyIn,
    ClassifyOut,
    HeadlineIn,
    HeadlineOut,
    SupportIn,
    SupportOut,
)
from banmian.serving.service import Service
from banmian.serving.wording import Language, in_language
from banmian.serving.writer import Request

# Whoever asks for reasons first waits this long for the index of labelled paragraphs.
_INDEX_PATIENCE_S = 10.0


@dataclass(frozen=True)
class Function:
    """One of the functions: ``call`` takes a record of the type ``takes``."""

    name: str
    takes: type[Record]
    call: Callable[[Any], Awaitable[Record]]

    @property
    def tells(self) -> str:
        """What it does, in a sentence."""
        return " ".join((self.call.__doc__ or "").split())

    async def plain(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """``call`` from plain values to plain values, as JSON has them.

        Raises:
            BanmianError: whatever REST answers with a status other than 2xx.
        """
        try:
            made = await self.call(self.takes.model_validate(arguments))
        except ValidationError as problem:
            raise of_validation(list(problem.errors())) from None
        except TooLarge as problem:
            raise problem.problem from None
        return made.as_dict() if isinstance(made, Issue) else made.model_dump(mode="json")


def functions(service: Service) -> tuple[Function, ...]:
    """The functions over one service."""

    async def classify(body: ClassifyIn) -> ClassifyOut:
        """A label for every paragraph, with its probabilities and whether a person should look at it."""
        made = await service.classify(body.paragraphs, body.headline, body.lead)
        version = service.engine.models()["labeller"]
        if not body.why:
            return ClassifyOut(predictions=made, model=version)
        readings = [Reading(text, body.headline, body.lead) for text in body.paragraphs]
        why = await service.reasons(readings, said(made), _INDEX_PATIENCE_S)
        return ClassifyOut(predictions=made, model=version, why=tuple(why))

    async def headline(body: HeadlineIn) -> HeadlineOut:
        """A headline for every text, in the register asked for, with nothing in it the text does not say."""
        made = await service.headlines([_request(text, body) for text in body.texts])
        told = [
            one.model_copy(update={"unsupported": _in_language(one.unsupported, body.language)})
            for one in made
        ]
        return HeadlineOut(headlines=told, model=service.engine.models()["writer"])

    async def support(body: SupportIn) -> SupportOut:
        """Whether an article supports a headline: numbers, dates, people, places, organisations."""
        found = await service.support(body.text, body.headline, body.date)
        return SupportOut(supported=not found, unsupported=list(_in_language(found, body.language)))

    async def analyze(body: AnalyzeIn) -> Issue:
        """A newspaper page's text as an issue: articles, a label for every paragraph, a headline for every
        article.
        """
        return await service.analyze_text(body.text, body.register_, body.paper, body.date)

    return (
        Function("classify", ClassifyIn, classify),
        Function("headline", HeadlineIn, headline),
        Function("support", SupportIn, support),
        Function("analyze", AnalyzeIn, analyze),
    )


def _in_language(spans: Sequence[Span], language: Language) -> tuple[Span, ...]:
    return tuple(span.model_copy(update={"reason": in_language(span.reason, language)}) for span in spans)


def _request(text: str, wishes: HeadlineIn) -> Request:
    return Request(
        text,
        register=wishes.register_,
        max_chars=wishes.max_chars,
        candidates=wishes.candidates,
        date=wishes.date,
        min_chars=wishes.min_chars,
        lines=wishes.lines,
        kicker=wishes.kicker,
        deck=wishes.deck,
    )
