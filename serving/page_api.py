"""The functions of the page that ``gradio_client`` and MCP clients call by name."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter, ValidationError

from banmian.data.errors import BanmianError
from banmian.data.labels import DEFAULT_REGISTER, REGISTERS, Register
from banmian.serving.problems import TooLarge, shown
from banmian.serving.service import Service
from banmian.serving.writer import Request


def offer_api(service: Service) -> None:
    """Add the named functions to the Gradio blocks being built."""
    from gradio.events import api

    async def analyze(text: str, register: str = DEFAULT_REGISTER) -> dict[str, Any]:
        """A page's text as an issue: articles, a label for every paragraph, a headline for every article."""
        with _told():
            return (await service.analyze_text(text, _register(register))).as_dict()

    async def classify(paragraphs: list[str], headline: str = "", lead: str = "") -> list[dict[str, Any]]:
        """A label for every paragraph of one article."""
        with _told():
            made = await service.classify(paragraphs, headline, lead)
            return [prediction.model_dump(mode="json") for prediction in made]

    async def headline(text: str, register: str = DEFAULT_REGISTER) -> dict[str, Any]:
        """A headline for an article, with what the article does not support."""
        with _told():
            made = await service.headlines([Request(text, _register(register))])
            return made[0].model_dump(mode="json")

    async def support(text: str, headline: str, date: str = "") -> list[dict[str, Any]]:
        """The places of a headline that an article does not support; empty if there are none."""
        with _told():
            return [span.model_dump() for span in await service.support(text, headline, date)]

    for function in (analyze, classify, headline, support):
        api(function, api_name=function.__name__, concurrency_limit=None)


class _told:  # noqa: N801 - a context manager, used like a function
    """Errors as Gradio tells them to a client: the message, never a trace."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> None:
        import gradio as gr

        if isinstance(problem, TooLarge):
            problem = problem.problem
        if isinstance(problem, BanmianError):
            raise gr.Error(str(problem), print_exception=False) from None


def _register(name: str) -> Register:
    try:
        return TypeAdapter[Register](Register).validate_python(name)
    except ValidationError:
        raise BanmianError(f"one of {', '.join(REGISTERS)}", shown(name), "register", "Correct it.") from None
