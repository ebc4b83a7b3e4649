"""The groups of a page: which display lines part articles and which are subheads of one.

A group is what stands between two stretches of running text: display lines, bylines, signatures, captions.
Its signs are added up as the signs between two lines are (banmian.data.weights).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from banmian.data import marks
from banmian.data.pieces import Piece
from banmian.data.weights import PARTING


@dataclass
class Group:
    """Pieces between two stretches of text, ``above`` and ``below``; these are empty at the page's ends."""

    pieces: list[Piece] = field(default_factory=list)
    above: list[Piece] = field(default_factory=list)
    below: list[Piece] = field(default_factory=list)
    signs: tuple[str, ...] = ()
    parts: bool = True

    def kind(self, kind: str) -> list[Piece]:
        """The group's pieces of one kind."""
        return [piece for piece in self.pieces if piece.kind == kind]


def groups(found: list[Piece]) -> list[Group]:
    """The groups of a page, furniture left out: before, between and after the stretches of text."""
    result = [Group()]
    for piece in found:
        if piece.kind == "furniture":
            continue
        if piece.kind == "text":
            opens = marks.LEAD.match(piece.text) is not None
            if opens and result[-1].below:
                result.append(Group(above=result[-1].below))
            result[-1].below.append(piece)
        else:
            if result[-1].below:
                result.append(Group(above=result[-1].below))
            result[-1].pieces.append(piece)
    if result[-1].below:
        result.append(Group(above=result[-1].below))
    return result


class Words:
    """Pairs of characters by the stretches of text they stand in, to weigh what two texts share."""

    def __init__(self, all_groups: list[Group]) -> None:
        self._stretches = [_pairs(piece.text for piece in group.below) for group in all_groups]
        self._sizes = [stretch.total() for stretch in self._stretches]
        self._found_in = Counter(pair for stretch in self._stretches for pair in set(stretch))

    def _weight(self, pair: str) -> float:
        return 1.0 / max(1, self._found_in[pair])

    def shared(self, head: Counter[str], at: int, step: int) -> float:
        """The share of the headline's pairs that stand in the text from stretch ``at`` on, by rareness."""
        near = self.around(at, step)
        total = sum(map(self._weight, head))
        return sum(self._weight(pair) for pair in head if pair in near) / total if total else 0.0

    def around(self, at: int, step: int, enough: int = 250) -> set[str]:
        """The pairs of stretch ``at`` and of further ones in direction ``step`` until there are enough."""
        near: set[str] = set()
        seen = 0
        while 0 <= at < len(self._stretches) and seen < enough:
            near |= self._stretches[at].keys()
            seen += self._sizes[at]
            at += step
        return near

    def cohesion(self, at: int) -> float:
        """How alike the text above and below group ``at`` is: a cosine over rare pairs."""
        above, below = self.around(at - 1, -1), self.around(at, 1)
        dot = sum(self._weight(pair) for pair in above if pair in below)
        size = math.sqrt(sum(map(self._weight, above)) * sum(map(self._weight, below)))
        return dot / size if size else 0.0


def _pairs(texts: Iterable[str]) -> Counter[str]:
    pairs: Counter[str] = Counter()
    for text in texts:
        pairs.update(
            text[i : i + 2] for i in range(len(text) - 1) if text[i] >= "\u3400" and text[i + 1] >= "\u3400"
        )
    return Counter({p: n for p, n in pairs.items() if p[0] <= "\u9fff" and p[1] <= "\u9fff"})


def group_signs(group: Group, at: int, words: Words) -> list[str]:
    """The signs that a group between two stretches of text parts two articles."""
    head = group.kind("display")
    longest = max((piece.lines[0].width / piece.column for piece in head if piece.column), default=0.0)
    chars = sum(len(piece.text) for piece in head)
    pairs = _pairs(piece.text for piece in head)
    low, high = sorted((words.shared(pairs, at - 1, -1), words.shared(pairs, at, 1)))
    found = [
        f"lines:{min(len(head), 4)}",
        "longest:" + (("narrow", "column", "wide")[_bin(longest, (0.6, 1.05))] if head else "none"),
        f"chars:{min(chars // 8, 5)}",
        f"cohesion:{_bin(words.cohesion(at), (0.006, 0.012, 0.02, 0.03, 0.05))}",
        f"shared:{min(int(high * 5), 4)}",
        f"shared-less:{min(int(low * 5), 3)}",
    ]
    if head:
        found.append("gap:" + ("above" if head[0].gap else "") + ("below" if group.below[0].gap else ""))
    if group.kind("byline"):
        found.append("byline")
    if group.kind("signature"):
        found.append("signature")
    if group.below and marks.LEAD.match(group.below[0].text):
        found.append("lead")
    if any(marks.NOTICE_TITLE.search(piece.text) or piece.text.startswith("关于") for piece in head):
        found.append("notice")
    if any(piece.text.startswith(("——", "—")) for piece in head):
        found.append("dash")
    if any(marks.SPACED.search(piece.text) for piece in head):
        found.append("spaced")
    if group.above and marks.CLOSING_NOTE.match(group.above[-1].text):
        found.append("closed")
    if head and any(piece.gap for piece in head[1:]):
        found.append("gap-inside")
    return found


def twins(all_groups: list[Group], at: int) -> list[str]:
    """The sign that a neighbouring group looks the same: subheads of one article come in like pairs."""
    near = all_groups[max(0, at - 1) : at] + all_groups[at + 1 : at + 2]
    return ["twin"] if any(_alike(all_groups[at], other) for other in near) else []


def _alike(group: Group, other: Group) -> bool:
    """Whether two groups look like one article's subheads: as many lines, of like length, nothing else."""
    lines, others = group.kind("display"), other.kind("display")
    plain = all(piece.kind in ("display", "caption") for piece in (*group.pieces, *other.pieces))
    return (
        plain
        and bool(lines)
        and len(lines) == len(others)
        and all(abs(len(a.text) - len(b.text)) <= 2 for a, b in zip(lines, others, strict=True))
    )


def _bin(value: float, edges: tuple[float, ...]) -> int:
    return sum(value >= edge for edge in edges)


def divide(found: list[Piece]) -> tuple[list[Group], bool]:
    """The page's groups, each told whether it parts articles; and whether headlines stand below."""
    all_groups = groups(found)
    words = Words(all_groups)
    for at, group in enumerate(all_groups):
        if group.above and group.below:
            group.signs = (*group_signs(group, at, words), *twins(all_groups, at))
            group.parts = PARTING.get("bias", 0.0) + sum(PARTING.get(sign, 0.0) for sign in group.signs) > 0
    return all_groups, _headlines_below(all_groups, words)


def _headlines_below(all_groups: list[Group], words: Words) -> bool:
    """Whether headlines stand below: by the page's first and last lines, and by the words they share."""
    odds = 0.0
    if len(all_groups) >= 2:
        odds += 3.0 * (bool(all_groups[-1].kind("display")) - bool(all_groups[0].kind("display")))
    for at, group in enumerate(all_groups):
        head = group.kind("display")
        if group.parts and head and group.above and group.below:
            pairs = _pairs(piece.text for piece in head)
            odds += 2.0 * (words.shared(pairs, at - 1, -1) - words.shared(pairs, at, 1))
    return odds > 0
