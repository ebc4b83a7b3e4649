"""Articles with the headline their paper printed, by sub-corpus: what the writer is scored on."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from pathlib import Path

from banmian.data.errors import BanmianError
from banmian.data.issue import Issue
from banmian.data.labels import DEFAULT_REGISTER, Register
from banmian.eval.parquet import read_rows
from banmian.serving.desk import article_text

#: Whose headline each sub-corpus prints.
REGISTER_OF_CORPUS: dict[str, Register] = {
    "xwlb_quick": "quick",
    "xwlb_cctv": "broadcast",
    "dxy_covid_news": "bulletin",
    "weibo_cctv_2020": "social",
    "rmrb_2020_tiny_search": "party_daily",
    "chinanews_search_engines": "wire",
}
_COLUMNS = ("title", "body", "date", "corpus")


@dataclass(frozen=True)
class Pair:
    """An article's text, its day, and its printed headline, which is the reference."""

    text: str
    headline: str
    date: str = ""


@dataclass(frozen=True)
class PairSet:
    """Pairs of one sub-corpus and the register that is right for it."""

    name: str
    register: Register
    pairs: tuple[Pair, ...]

    def __post_init__(self) -> None:
        if not self.pairs:
            raise BanmianError("at least one headline pair", "none", self.name, "Leave the set out.")

    @property
    def digest(self) -> str:
        """Twelve hex digits over texts and headlines: equal only for the same set in the same order."""
        whole = hashlib.sha256()
        for pair in self.pairs:
            whole.update(repr((pair.text, pair.headline, pair.date)).encode())
        return whole.hexdigest()[:12]

    def sample(self, limit: int, seed: int) -> PairSet:
        """At most ``limit`` pairs, drawn at random without replacement, in the set's order."""
        if limit >= len(self.pairs):
            return self
        chosen = sorted(random.Random(seed).sample(range(len(self.pairs)), limit))
        return PairSet(self.name, self.register, tuple(self.pairs[i] for i in chosen))


def from_parquet(path: Path) -> list[PairSet]:
    """The pairs of each sub-corpus, in :data:`REGISTER_OF_CORPUS`' order.

    Rows without title or body are left out.

    Raises:
        BanmianError: no such file, a column missing, or a corpus whose register is not known.
    """
    by_corpus: dict[str, list[Pair]] = {corpus: [] for corpus in REGISTER_OF_CORPUS}
    for number, row in enumerate(read_rows(path, _COLUMNS)):
        if row["corpus"] not in by_corpus:
            expected = f"one of {', '.join(by_corpus)}"
            raise BanmianError(expected, repr(row["corpus"]), f"{path.name} row {number}")
        if row["title"] and row["body"]:
            by_corpus[row["corpus"]].append(Pair(row["body"], row["title"], row["date"] or ""))
    return [
        PairSet(corpus, REGISTER_OF_CORPUS[corpus], tuple(pairs))
        for corpus, pairs in by_corpus.items()
        if pairs
    ]


def from_issue(issue: Issue, whole: bool = False) -> PairSet:
    """The articles of ``issue`` with their main headline, or with the ``whole`` of kicker, main and deck."""
    pairs = tuple(
        Pair(
            article_text(article),
            article.headline.text if whole else " ".join(article.headline.main),
            issue.date,
        )
        for article in issue.articles
        if article.headline.main and article_text(article)
    )
    parts = "kicker, main and deck" if whole else "main headline"
    return PairSet(f"{issue.id}, {parts}", DEFAULT_REGISTER, pairs)
