"""A recognised reading with every misread character as it is printed, so that its structure can be scored.

Recognition takes some characters for others and drops some. Where a field of the reading stands on the page
is still plain from those that are right; its text is exchanged for what the page has there.
"""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher

from banmian.data.issue import Article, Headline, Issue
from banmian.data.spans import characters
from banmian.data.text import squeeze

_GRAM = 3
_OPENING, _CLOSING = set("“‘（《"), set("”’）》，。；：！？")


def as_printed(read: Issue, page: str) -> tuple[Issue, int]:
    """``read`` in the words of ``page``, and how many of the page's characters were not recognised."""
    missed = (Counter(squeeze(page)) - characters(read)).total()
    return _Printed(squeeze(page)).issue(read), missed


class _Printed:
    """Finds texts on a page, each character once."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.used = bytearray(len(page))
        self.grams: dict[str, list[int]] = {}
        for i in range(len(page) - _GRAM + 1):
            self.grams.setdefault(page[i : i + _GRAM], []).append(i)
        self.found: dict[str, list[str]] = {}

    def issue(self, read: Issue) -> Issue:
        texts = [*(text for article in read.articles for text in _texts(article)), *read.furniture]
        # Equally long texts keep the reading's order: a set's order changes, and so did the score.
        for text, count in sorted(Counter(texts).items(), key=lambda item: len(item[0]), reverse=True):
            self.found[text] = [self.place(text) for _ in range(count)]
        articles = tuple(self._article(article) for article in read.articles)
        return read.model_copy(
            update={"articles": articles, "furniture": tuple(map(self._take, read.furniture))}
        )

    def place(self, text: str) -> str:
        """What the page has where ``text`` was read; ``text`` itself where nothing is like it."""
        flat = squeeze(text)
        start = self._diagonal(flat)
        if start is None:
            return text
        low, high = max(0, start - 12), min(len(self.page), start + len(flat) + 12)
        blocks = SequenceMatcher(None, flat, self.page[low:high], autojunk=False).get_matching_blocks()[:-1]
        solid = [block for block in blocks if block.size >= 2] or blocks
        if not solid:
            return text
        first, last = solid[0], solid[-1]
        begin = low + first.b - first.a
        end = low + last.b + last.size + (len(flat) - last.a - last.size)
        begin, end = max(0, begin), min(len(self.page), end)
        while begin < end and self.used[begin]:
            begin += 1
        while end > begin and self.used[end - 1]:
            end -= 1
        if begin == end:
            return text
        # A mark that was not recognised is still the field's that it opens or closes.
        while begin > 0 and self.page[begin - 1] in _OPENING and not self.used[begin - 1]:
            begin -= 1
        while end < len(self.page) and self.page[end] in _CLOSING and not self.used[end]:
            end += 1
        self.used[begin:end] = b"\1" * (end - begin)
        return self.page[begin:end]

    def _diagonal(self, flat: str) -> int | None:
        """Where on the page ``flat`` begins by most of its grams, those already taken left out."""
        votes: Counter[int] = Counter()
        for i in range(len(flat) - _GRAM + 1):
            for at in self.grams.get(flat[i : i + _GRAM], ()):
                if not self.used[at]:
                    votes[(at - i) // 4] += 1
        if votes:
            return votes.most_common(1)[0][0] * 4
        at = self.page.find(flat)
        return at if at >= 0 else None

    def _take(self, text: str) -> str:
        return self.found[text].pop() if self.found.get(text) else text

    def _article(self, article: Article) -> Article:
        head = article.headline
        parts = {name: tuple(map(self._take, getattr(head, name))) for name in ("kicker", "main", "deck")}
        return article.model_copy(
            update={
                "headline": Headline(**parts),
                "byline": self._take(article.byline),
                "signature": self._take(article.signature),
                "captions": tuple(map(self._take, article.captions)),
                "blocks": tuple(
                    block.model_copy(update={"text": self._take(block.text)}) for block in article.blocks
                ),
            }
        )


def _texts(article: Article) -> list[str]:
    head = article.headline
    texts = [*head.kicker, *head.main, *head.deck, article.byline, article.signature, *article.captions]
    return [text for text in (*texts, *(block.text for block in article.blocks)) if text]
