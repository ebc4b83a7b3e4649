"""How fast the shipped models answer on this machine: `banmian bench`."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable

from banmian.data.issue import Record
from banmian.data.page import read_page
from banmian.data.shipped import REAL_ISSUE, issues_folder
from banmian.serving import processor
from banmian.serving.desk import Desk, article_text
from banmian.serving.engine import Engine
from banmian.serving.inputs import Reading
from banmian.serving.writer import Request


class Speed(Record):
    """Medians over ``rounds``, in milliseconds but for ``start_s``; ``memory_mb`` is the process's peak.

    Headlines are those of the page's articles, eight one by one and eight at once.
    """

    processor: str
    rounds: int
    start_s: float
    page_paragraphs: int
    page_articles: int
    reading_ms: float
    page_ms: float
    paragraph_ms: float
    headline_alone_ms: float
    headline_of_eight_ms: float
    memory_mb: float

    def told(self) -> str:
        """The figures as lines."""
        page = f"{self.page_articles} articles, {self.page_paragraphs} paragraphs"
        return "\n".join(
            (
                f"{self.processor}, median of {self.rounds}",
                f"models loaded and warm   {self.start_s:8.2f} s",
                f"the real page read       {self.reading_ms:8.0f} ms",
                f"the real page analysed   {self.page_ms:8.0f} ms ({page})",
                f"one paragraph alone      {self.paragraph_ms:8.1f} ms",
                f"one headline alone       {self.headline_alone_ms:8.1f} ms",
                f"one headline of eight    {self.headline_of_eight_ms:8.1f} ms",
                f"peak memory              {self.memory_mb:8.0f} MB",
            )
        )


def measure(rounds: int) -> Speed:
    """Load the published models and time them on the real page; reading it is part of analysing it."""
    began = time.perf_counter()
    with Engine.load() as engine:
        engine.warm()
        start_s = time.perf_counter() - began
        desk = Desk(engine)
        page = (issues_folder() / REAL_ISSUE / "page.txt").read_text(encoding="utf-8")
        done = desk.analyze_text(page)
        texts = [text for text in map(article_text, done.articles) if text]
        eight = [Request(texts[i % len(texts)]) for i in range(8)]
        body = [block.text for _, block in done.body()]
        return Speed(
            processor=processor.name(),
            rounds=rounds,
            start_s=start_s,
            page_paragraphs=len(body),
            page_articles=len(done.articles),
            reading_ms=_median_ms(lambda: read_page(page), rounds),
            page_ms=_median_ms(lambda: desk.analyze_text(page), rounds),
            paragraph_ms=_median_ms(lambda: engine.classify([Reading(body[0])]), rounds),
            headline_alone_ms=_median_ms(lambda: [engine.write([one]) for one in eight], rounds) / 8,
            headline_of_eight_ms=_median_ms(lambda: engine.write(eight), rounds) / 8,
            memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        )


def _median_ms(work: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)
