"""The desk: an issue comes in and goes out with a label on every paragraph, a headline for every article."""

from __future__ import annotations

import time

from banmian.data.errors import BanmianError
from banmian.data.issue import Article, Issue, Prediction, Written
from banmian.data.labels import DEFAULT_REGISTER, Register
from banmian.data.page import read_page
from banmian.data.text import model_text
from banmian.serving.doubt import doubts
from banmian.serving.engine import Engine
from banmian.serving.inputs import Reading
from banmian.serving.traces import stage
from banmian.serving.writer import Request


class Desk:
    """Analyses whole issues on an engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def analyze(
        self,
        issue: Issue,
        register: Register = DEFAULT_REGISTER,
        max_chars: int | None = None,
        candidates: int = 1,
        deadline_s: float | None = None,
    ) -> Issue:
        """The issue with ``prediction`` on every body block and ``written`` on every article with a body.

        What people put there (labels, printed headlines) stays as it is. Errors as the engine's.
        """
        body = [(article, block) for article, block in issue.body() if model_text(block.text)]
        told = [article for article in issue.articles if article_text(article)]
        requests = [
            Request(article_text(article), register, max_chars, candidates, issue.date) for article in told
        ]
        began = time.monotonic()
        # Both queues at once: the headlines are written while the paragraphs are read.
        writing = self.engine.submit_requests(requests, deadline_s)
        try:
            predictions = self.engine.classify([reading(a, block.text) for a, block in body], deadline_s)
            left = deadline_s and max(0.001, deadline_s - (time.monotonic() - began))
            with stage("write", articles=len(told)):
                headlines = self.engine.wait(writing, left)
        except BanmianError:
            writing.cancel()
            raise
        return _filled(
            issue,
            {block.id: made for (_, block), made in zip(body, predictions, strict=True)},
            {article.id: made for article, made in zip(told, headlines, strict=True)},
        )

    def analyze_text(
        self,
        text: str,
        *,
        id: str = "page",
        paper: str = "",
        date: str = "",
        source: str = "",
        register: Register = DEFAULT_REGISTER,
        max_chars: int | None = None,
        candidates: int = 1,
        deadline_s: float | None = None,
    ) -> Issue:
        """The analysed issue that a page's text holds; what is given about the page goes into the record."""
        issue = read_page(text, id=id, paper=paper, date=date, source=source)
        return self.analyze(issue, register, max_chars, candidates, deadline_s)


def article_text(article: Article) -> str:
    """The body paragraphs that say anything, one per line; empty for an article of headlines alone."""
    return "\n".join(block.text for block in article.body if model_text(block.text))


def reading(article: Article, text: str) -> Reading:
    """One of the article's paragraphs in its context, as the labeller was trained to read it."""
    return Reading(text, article.headline.text, article.lead)


def _filled(issue: Issue, predictions: dict[str, Prediction], headlines: dict[str, Written]) -> Issue:
    articles = []
    for article in issue.articles:
        blocks = tuple(
            block.model_copy(update={"prediction": predictions[block.id]})
            if block.id in predictions
            else block
            for block in article.blocks
        )
        update: dict[str, object] = {"blocks": blocks}
        if article.id in headlines:
            update["written"] = headlines[article.id]
        found = doubts([predictions[block.id] for block in article.body if block.id in predictions])
        if found or article.doubts:
            update["doubts"] = found
        articles.append(article.model_copy(update=update))
    return issue.model_copy(update={"articles": tuple(articles)})
