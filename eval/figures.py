"""What `banmian bench` measured: records and their tables."""

from __future__ import annotations

from banmian.data.issue import Record
from banmian.eval.ceiling import Ceiling
from banmian.eval.table import Table


class Rival(Record):
    """One contestant: its rate, and how many times as long as banmian it took in the same rounds."""

    name: str
    per_second: float
    times_as_long: float


class Throughput(Record):
    """Items a second of banmian and of its rivals; ``tokens`` are useful ones, without padding.

    ``disagreements`` counts first labels (or nothing, for headlines) that differ from the pipeline's.
    """

    items: int
    tokens: int
    per_second: float
    rivals: tuple[Rival, ...]
    disagreements: int | None = None

    def table(self, title: str) -> Table:
        """banmian's rate, then each rival's and how many times as long it took."""
        rows = [("banmian", f"{self.per_second:.1f}", "1")]
        rows += [(r.name, f"{r.per_second:.1f}", f"{r.times_as_long:.2f}") for r in self.rivals]
        if self.disagreements is not None:
            title += f", {self.disagreements} labels unlike the pipeline's"
        return Table(title, ("who", "a second", "times as long"), tuple(rows))


class Speed(Record):
    """Everything measured; milliseconds are medians of the rounds.

    ``ceiling_share`` is the useful arithmetic of the labels against the fastest format's ceiling,
    ``ceiling_share_done`` the part of it that was really computed (:mod:`banmian.eval.ceiling`).
    ``ready_s`` and ``memory_mb`` (peak, after the real page) are those of a server started for it.
    """

    processor: str
    models: dict[str, str]
    labeller_backend: str
    threads: int
    rounds: int
    ceilings: tuple[Ceiling, ...]
    labels: Throughput
    tokens_per_second: float
    ceiling_share: float
    ceiling_share_done: float
    headlines: Throughput
    page_paragraphs: int
    page_articles: int
    reading_ms: float
    page_ms: float
    paragraph_ms: float
    paragraph_of_eight_ms: float
    headline_ms: float
    headline_of_eight_ms: float
    ready_s: float | None
    memory_mb: float | None

    def tables(self) -> tuple[Table, ...]:
        """The figures as tables, the processor named in the first."""
        models = ", ".join(f"{kind} {version}" for kind, version in self.models.items())
        head = f"{self.processor}; {models}; {self.threads} threads, medians of {self.rounds} rounds"
        return (
            Table(head, ("what", "measured", "beside it"), self._single(), left=1),
            self.labels.table(f"Labels, {self.labels.items} paragraphs of mixed lengths"),
            self.headlines.table(f"Headlines, {self.headlines.items} articles"),
        )

    def _single(self) -> tuple[tuple[str, str, str], ...]:
        page = f"{self.page_articles} articles, {self.page_paragraphs} paragraphs"
        top = self.ceilings[-1]
        rows = [
            ("the real page read", f"{self.reading_ms:.0f} ms", ""),
            ("the real page analysed", f"{self.page_ms:.0f} ms", page),
            ("a paragraph alone", f"{self.paragraph_ms:.1f} ms", ""),
            ("a paragraph of eight", f"{self.paragraph_of_eight_ms:.1f} ms", ""),
            ("a headline alone", f"{self.headline_ms:.0f} ms", ""),
            ("a headline of eight", f"{self.headline_of_eight_ms:.0f} ms", ""),
            ("the labeller's backend", self.labeller_backend, ""),
            ("its useful tokens", f"{self.tokens_per_second:,.0f}/s", ""),
            (
                f"their share of the {top.compute_type} ceiling",
                f"{self.ceiling_share:.0%}",
                f"really computed {self.ceiling_share_done:.0%}",
            ),
        ]
        rows += [(f"{c.compute_type} ceiling", f"{c.gflops:,.0f} GFLOP/s", c.library) for c in self.ceilings]
        if self.ready_s is not None and self.memory_mb is not None:
            rows.append(("server, start to ready", f"{self.ready_s:.1f} s", ""))
            rows.append(("server's memory at its most", f"{self.memory_mb:.0f} MB", "after the real page"))
        return tuple(rows)
