"""What happens on the page: the page's events as methods that give every component its new state.

Nothing raises: whatever goes wrong becomes a box that says what was expected, what came and what to do.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from banmian.data.errors import BanmianError
from banmian.data.files import TEXT, decode
from banmian.data.issue import Issue
from banmian.data.labels import REGISTERS, Register
from banmian.data.shipped import REAL_ISSUE, issues_folder, shipped_issue
from banmian.serving.because import why_html
from banmian.serving.downloads import Downloads
from banmian.serving.edits import edited
from banmian.serving.inputs import Reading
from banmian.serving.original import Originals
from banmian.serving.problems import FAULT, TooLarge
from banmian.serving.schemas import EditsIn, OwnHeadlineIn, PictureIn, ReasonIn
from banmian.serving.service import Service
from banmian.serving.sheet import sheet_html, where_words
from banmian.serving.view import (
    foot_html,
    issue_html,
    marked_html,
    masthead_html,
    problem_html,
    support_html,
)
from banmian.serving.wording import REGISTER_NAMES, WORDS, Language

log = logging.getLogger("banmian.serving.page")

FILE_TYPES = [".txt", ".json", ".pdf", ".png", ".jpg", ".jpeg"]
KEPT_S = 3600
# No more than the writer's beams, so that they cost nothing and the first is what REST answers.
CANDIDATES = 3
_PATIENCE_S = 20.0  # models load in seconds: a click meanwhile waits instead of failing
_INDEX_PATIENCE_S = 2.0
_STALE = BanmianError("a paragraph of this page", "something else", "", "Reload the page.")


@dataclass(frozen=True)
class Analysis:
    """What the page remembers between two clicks."""

    issue: Issue
    seconds: float
    page: str | None = None
    """The text that the issue was read from, where it was text: its blocks' places count in it."""
    original: str | None = None
    """The name of the upload that it was read from, where that has sides to be looked at."""
    written: Issue | None = None
    """The issue with its headlines as they were written, once an editor has changed some."""

    def html(self, language: Language) -> str:
        """The issue as shown, with its page folded away beside it."""
        where = where_words(self.issue, self.page, language)
        shown = issue_html(self.issue, language, self.seconds, where)
        sheet = sheet_html(self.issue, self.page, self.original, language)
        return f"<div class='bm-desk'>{shown}{sheet}</div>"


class Clerk:
    """Serves one page over one service. Every method returns Gradio updates in the order the page wires."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._downloads = Downloads(KEPT_S)
        self._originals = Originals(KEPT_S)
        self._rendering = asyncio.Lock()  # one side at a time: a scan of 60 megapixels takes 180 MB

    async def analyze(
        self, text: str | None, register: Register, paper: str, date: str, language: Language
    ) -> list[Any]:
        """Analyse what was pasted."""
        return await self._shown(
            lambda: self._service.analyze_text(text or "", register, paper or "", date or "", CANDIDATES),
            language,
            text,
        )

    async def analyze_file(
        self, file: str, register: Register, paper: str, date: str, language: Language
    ) -> list[Any]:
        """Analyse an uploaded file."""
        path = Path(file)
        raw = await asyncio.to_thread(path.read_bytes)
        page = page_of(raw, path.name)
        return await self._shown(
            lambda: self._service.analyze_file(raw, path.name, register, paper or "", date or "", CANDIDATES),
            language,
            page,
            self._originals.keep(path),
        )

    def example(self) -> list[Any]:
        """The real issue's page as pasted text, with its paper and date."""
        issue = shipped_issue(REAL_ISSUE)
        text = (issues_folder() / REAL_ISSUE / issue.source).read_text(encoding="utf-8")
        return [text, issue.paper, issue.date]

    async def check(self, asked: dict[str, Any]) -> dict[str, str]:
        """An edited headline held against its article; what the browser sends is :class:`OwnHeadlineIn`.

        ``marked`` is the headline with what is not supported marked, ``told`` the reasons.
        """
        language = _language(asked)
        try:
            wish = OwnHeadlineIn.model_validate(asked)
            if not wish.headline.strip():
                return {"marked": "", "told": ""}
            spans, near = await self._service.check(wish.paragraphs, wish.headline, wish.date)
        except ValidationError:
            return {"marked": "", "told": problem_html(_STALE.as_dict(), language, "unchecked")}
        except Exception as problem:
            return {"marked": "", "told": _told(problem, language, "unchecked")}
        marked = marked_html(wish.headline, spans, language)
        return {"marked": marked, "told": support_html(spans, language, near)}

    async def keep(self, analysis: Analysis | None, asked: dict[str, Any]) -> list[Any]:
        """The headlines as the page shows them, put into what it remembers and offers for download.

        What the browser sends is :class:`EditsIn`; what is none, or of another page, changes nothing.
        """
        import gradio as gr

        try:
            wish = EditsIn.model_validate(asked)
        except ValidationError:
            return [gr.skip()] * 3
        if analysis is None:
            return [gr.skip()] * 3
        written = analysis.written or analysis.issue
        headlines = {edit.article: edit.headline for edit in wish.headlines}
        issue = await asyncio.to_thread(edited, written, headlines)
        paths = await asyncio.to_thread(self._downloads.offer, issue)
        return [replace(analysis, issue=issue, written=written), *paths]

    async def picture(self, asked: dict[str, Any]) -> str:
        """A side of an upload as a data URL, or a box; what the browser sends is :class:`PictureIn`."""
        language = _language(asked)
        try:
            wish = PictureIn.model_validate(asked)
            async with self._rendering:
                jpeg = await self._service.admission.run(
                    lambda: self._originals.side(wish.original, wish.page)
                )
        except ValidationError:
            return problem_html(_STALE.as_dict(), language, "unseen")
        except Exception as problem:
            return _told(problem, language, "unseen")
        return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"

    async def reason(self, asked: dict[str, Any]) -> str:
        """Why a shown paragraph got its label; what the browser sends is :class:`ReasonIn`."""
        language = _language(asked)
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
        return ["", "", "", *self._nothing("")]

    def speak(self, language: Language, analysis: Analysis | None) -> list[Any]:
        """Every word of the page in ``language``, the result included."""
        import gradio as gr

        words = WORDS[language]
        result = analysis.html(language) if analysis else ""
        return [
            masthead_html(language),
            gr.update(label=words["text"], placeholder=words["placeholder"]),
            gr.update(label=words["register"], choices=register_choices(language)),
            *(gr.update(label=words[name]) for name in ("paper", "date")),
            gr.update(value=words["analyze"]),
            gr.update(label=words["file"]),
            *(gr.update(value=words[name]) for name in ("example", "clear")),
            result,
            *(gr.update(label=words[name]) for name in ("json", "csv")),
            foot_html(language),
        ]

    async def _shown(
        self,
        work: Callable[[], Awaitable[Issue]],
        language: Language,
        page: str | None,
        original: str | None = None,
    ) -> list[Any]:
        import gradio as gr

        begun = time.perf_counter()
        try:
            await self._patience()
            issue = await work()
            paths = await asyncio.to_thread(self._downloads.offer, issue)
        except Exception as problem:
            return self._nothing(_told(problem, language))
        analysis = Analysis(issue, time.perf_counter() - begun, page, original)
        return [analysis.html(language), analysis, gr.update(visible=True), *paths]

    async def _patience(self) -> None:
        until = time.monotonic() + _PATIENCE_S
        while not (self._service.ready or self._service.failure) and time.monotonic() < until:
            await asyncio.sleep(0.1)

    @staticmethod
    def _nothing(result: str) -> list[Any]:
        import gradio as gr

        return [result, None, gr.update(visible=False), None, None]


def register_choices(language: Language) -> list[tuple[str, str]]:
    """The registers as (shown, value), in their order."""
    return [(REGISTER_NAMES[language][register], register) for register in REGISTERS]


def page_of(raw: bytes, name: str) -> str | None:
    """The text of an uploaded text file; None where it is none, or cannot be read (the analysis says why)."""
    try:
        return decode(raw, name) if Path(name).suffix.lower() in TEXT else None
    except BanmianError:
        return None


def _language(asked: dict[str, Any]) -> Language:
    return "en" if asked.get("language") == "en" else "zh"


def _told(problem: Exception, language: Language, title: str = "problem") -> str:
    """What went wrong, as the page says it; a fault that nobody foresaw goes to the log too."""
    if isinstance(problem, TooLarge):
        problem = problem.problem
    if not isinstance(problem, BanmianError):
        log.error("fault on the page", exc_info=problem)
        problem = FAULT
    return problem_html(problem.as_dict(), language, title)
