"""What happens on the page: the page's events as methods that give every component its new state.

Nothing raises: whatever goes wrong becomes a box that says what was expected, what came and what to do.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from banmian.data.errors import BanmianError
from banmian.data.issue import Issue
from banmian.data.labels import REGISTERS, Register
from banmian.data.shipped import REAL_ISSUE, issues_folder, shipped_issue
from banmian.serving.because import why_html
from banmian.serving.desk import article_text
from banmian.serving.downloads import Downloads
from banmian.serving.inputs import Reading
from banmian.serving.problems import TooLarge
from banmian.serving.schemas import ReasonIn
from banmian.serving.service import Service
from banmian.serving.view import check_html, foot_html, issue_html, masthead_html, problem_html
from banmian.serving.wording import REGISTER_NAMES, WORDS, Language

log = logging.getLogger("banmian.serving.page")

FILE_TYPES = [".txt", ".json", ".pdf", ".png", ".jpg", ".jpeg"]
KEPT_S = 3600
# No more than the writer's beams, so that they cost nothing and the first is what REST answers.
CANDIDATES = 3
_PATIENCE_S = 20.0  # models load in seconds: a click meanwhile waits instead of failing
_INDEX_PATIENCE_S = 2.0
_STALE = BanmianError("a paragraph of this page", "something else", "", "Reload the page.")
_FAULT = BanmianError("an answer", "a fault of the server", "", "Report it with the X-Request-Id.")


@dataclass(frozen=True)
class Analysis:
    """What the page remembers between two clicks."""

    issue: Issue
    seconds: float


class Clerk:
    """Serves one page over one service. Every method returns Gradio updates in the order the page wires."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._downloads = Downloads(KEPT_S)

    async def analyze(
        self, text: str | None, register: Register, paper: str, date: str, language: Language
    ) -> list[Any]:
        """Analyse what was pasted."""
        return await self._shown(
            lambda: self._service.analyze_text(text or "", register, paper or "", date or "", CANDIDATES),
            language,
        )

    async def analyze_file(
        self, file: str, register: Register, paper: str, date: str, language: Language
    ) -> list[Any]:
        """Analyse an uploaded file."""
        path = Path(file)
        return await self._shown(
            lambda: self._service.analyze_file(
                path.read_bytes(), path.name, register, paper or "", date or "", CANDIDATES
            ),
            language,
        )

    def example(self) -> list[Any]:
        """The real issue's page as pasted text, with its paper and date."""
        issue = shipped_issue(REAL_ISSUE)
        text = (issues_folder() / REAL_ISSUE / issue.source).read_text(encoding="utf-8")
        return [text, issue.paper, issue.date]

    async def check(
        self, headline: str | None, article: str | None, analysis: Analysis | None, language: Language
    ) -> str:
        """An editor's own headline held against one article of the analysed issue."""
        if not analysis or not article or not (headline or "").strip():
            return ""
        chosen = next((a for a in analysis.issue.articles if a.id == article), None)
        if chosen is None:
            return ""
        try:
            spans = await self._service.support(article_text(chosen), headline or "", analysis.issue.date)
        except BanmianError as problem:
            return problem_html(problem.as_dict(), language)
        return check_html(headline or "", spans, language)

    async def reason(self, asked: dict[str, Any]) -> str:
        """Why a shown paragraph got its label; what the browser sends is :class:`ReasonIn`."""
        language: Language = "en" if asked.get("language") == "en" else "zh"
        try:
            wish = ReasonIn.model_validate(asked)
            readings = [Reading(wish.text, wish.headline, wish.lead)]
            made = await self._service.reasons(readings, [(wish.label, wish.confidence)], _INDEX_PATIENCE_S)
        except ValidationError:
            return problem_html(_STALE.as_dict(), language)
        except Exception as problem:
            return _told(problem, language)
        return why_html(made[0], language)

    def cleared(self) -> list[Any]:
        """Every input and the result empty."""
        return ["", "", "", "", "", *self._nothing("")]

    def speak(self, language: Language, analysis: Analysis | None) -> list[Any]:
        """Every word of the page in ``language``, the result included."""
        import gradio as gr

        words = WORDS[language]
        result = issue_html(analysis.issue, language, analysis.seconds) if analysis else ""
        return [
            masthead_html(language),
            gr.update(label=words["text"], placeholder=words["placeholder"]),
            gr.update(label=words["register"], choices=register_choices(language)),
            *(gr.update(label=words[name]) for name in ("paper", "date")),
            gr.update(value=words["analyze"]),
            gr.update(label=words["file"]),
            *(gr.update(value=words[name]) for name in ("example", "clear")),
            result,
            *(gr.update(label=words[name]) for name in ("json", "csv", "check")),
            words["check_help"],
            *(gr.update(label=words[name]) for name in ("check_article", "check_headline")),
            foot_html(language),
        ]

    async def _shown(self, work: Callable[[], Awaitable[Issue]], language: Language) -> list[Any]:
        import gradio as gr

        begun = time.perf_counter()
        try:
            await self._patience()
            issue = await work()
            paths = await asyncio.to_thread(self._downloads.offer, issue)
        except Exception as problem:
            return self._nothing(_told(problem, language))
        analysis = Analysis(issue, time.perf_counter() - begun)
        choices = article_choices(issue)
        return [
            issue_html(issue, language, analysis.seconds),
            analysis,
            gr.update(visible=True),
            *paths,
            gr.update(visible=bool(choices)),
            gr.update(choices=choices, value=choices[0][1] if choices else None),
        ]

    async def _patience(self) -> None:
        until = time.monotonic() + _PATIENCE_S
        while not (self._service.ready or self._service.failure) and time.monotonic() < until:
            await asyncio.sleep(0.1)

    @staticmethod
    def _nothing(result: str) -> list[Any]:
        import gradio as gr

        hidden = gr.update(visible=False)
        return [result, None, hidden, None, None, hidden, gr.update(choices=[], value=None)]


def register_choices(language: Language) -> list[tuple[str, str]]:
    """The registers as (shown, value), in their order."""
    return [(REGISTER_NAMES[language][register], register) for register in REGISTERS]


def article_choices(issue: Issue) -> list[tuple[str, str]]:
    """The articles that have a body as (headline, id)."""
    return [
        (f"{number}. {article.headline.text or article.lead[:24]}", article.id)
        for number, article in enumerate(issue.articles, 1)
        if article_text(article)
    ]


def _told(problem: Exception, language: Language) -> str:
    """What went wrong, as the page says it; a fault that nobody foresaw goes to the log too."""
    if isinstance(problem, TooLarge):
        return problem_html(problem.problem.as_dict(), language)
    if isinstance(problem, BanmianError):
        return problem_html(problem.as_dict(), language)
    log.error("fault on the page", exc_info=problem)
    return problem_html(_FAULT.as_dict(), language)
