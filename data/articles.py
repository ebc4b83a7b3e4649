"""From pieces to articles: which display lines are headlines and which subheads, and whose headline each is.

A group is what stands between two stretches of running text: display lines, bylines, signatures, captions.
Each group either parts two articles or holds a subhead of one; on a page headlines stand above or below
their bodies throughout, and the words they share with their neighbours say which.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from banmian.data import marks
from banmian.data.pieces import Piece

WEIGHTS: Mapping[str, float] = {
    "bias": 1.37,
    "byline": 3.75,
    "chars:0": -2.1,
    "chars:1": -2.35,
    "chars:2": 0.62,
    "chars:3": -0.13,
    "chars:4": 1.95,
    "chars:5": 2.71,
    "closed": -0.08,
    "cohesion:0": 1.03,
    "cohesion:1": 2.47,
    "cohesion:2": 0.36,
    "cohesion:3": -1.06,
    "cohesion:4": -0.92,
    "cohesion:5": -1.18,
    "gap-inside": -0.47,
    "gap:": 0.23,
    "gap:above": -0.31,
    "gap:abovebelow": 0.55,
    "lead": 2.57,
    "lines:0": 0.22,
    "lines:1": -2.06,
    "lines:2": -0.51,
    "lines:3": 1.43,
    "lines:4": 1.63,
    "longest:column": 0.42,
    "longest:none": 0.22,
    "longest:wide": 0.07,
    "notice": 3.51,
    "shared-less:0": 0.08,
    "shared-less:1": 0.63,
    "shared:0": -2.06,
    "shared:1": -0.21,
    "shared:2": 1.14,
    "shared:3": 2.04,
    "shared:4": -0.19,
    "signature": -0.58,
    "spaced": -0.53,
    "twin": -2.51,
}


@dataclass
class Group:
    """Pieces between two stretches of text; ``above`` and ``below`` are those stretches, empty at the ends."""

    pieces: list[Piece] = field(default_factory=list)
    above: list[Piece] = field(default_factory=list)
    below: list[Piece] = field(default_factory=list)
    signs: tuple[str, ...] = ()
    parts: bool = True

    def kind(self, kind: str) -> list[Piece]:
        """The group's pieces of one kind."""
        return [piece for piece in self.pieces if piece.kind == kind]


@dataclass
class Draft:
    """An article's pieces by what they are in it; a subhead may have several lines."""

    head: list[Piece] = field(default_factory=list)
    byline: list[Piece] = field(default_factory=list)
    signature: list[Piece] = field(default_factory=list)
    captions: list[Piece] = field(default_factory=list)
    blocks: list[tuple[str, list[Piece]]] = field(default_factory=list)


def groups(found: list[Piece]) -> list[Group]:
    """The groups of a page in order, furniture left out: one before, between and after the stretches of text."""
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
        self._found_in = Counter(pair for stretch in self._stretches for pair in set(stretch))

    def _weight(self, pair: str) -> float:
        return 1.0 / max(1, self._found_in[pair])

    def shared(self, head: Counter[str], at: int, step: int) -> float:
        """The share of the headline's pairs that stand in the text from stretch ``at`` on, rare ones counting more."""
        near = self.around(at, step)
        total = sum(map(self._weight, head))
        return sum(self._weight(pair) for pair in head if pair in near) / total if total else 0.0

    def around(self, at: int, step: int, enough: int = 250) -> Counter[str]:
        """The pairs of stretch ``at`` and of further ones in direction ``step`` until there are enough."""
        near: Counter[str] = Counter()
        while 0 <= at < len(self._stretches) and near.total() < enough:
            near += self._stretches[at]
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
        f"longest:{'none' if not head else 'narrow' if longest < 0.6 else 'column' if longest < 1.05 else 'wide'}",
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


def _twins(group: Group, other: Group) -> bool:
    """Whether two groups look like subheads of one article: as many lines, of like length, and nothing else."""
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
    """The page's groups, each told whether it parts articles, and whether headlines stand below their bodies."""
    all_groups = groups(found)
    words = Words(all_groups)
    for at, group in enumerate(all_groups):
        if group.above and group.below:
            twins = any(
                _twins(group, other) for other in all_groups[max(0, at - 1) : at + 2] if other is not group
            )
            group.signs = (*group_signs(group, at, words), *(["twin"] if twins else []))
            group.parts = WEIGHTS.get("bias", 0.0) + sum(WEIGHTS.get(sign, 0.0) for sign in group.signs) > 0
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


def drafts(found: list[Piece]) -> list[Draft]:
    """The page's articles in page order; every piece but furniture is in exactly one of them."""
    all_groups, below = divide(found)
    bylines_close = below and _bylines_close(all_groups)
    articles = [Draft()]
    for group in all_groups:
        if not group.parts:
            _keep_inside(group, articles[-1])
        elif below:
            _part_below(group, articles, bylines_close)
        else:
            _part_above(group, articles)
        articles[-1].blocks += [("body", [piece]) for piece in group.below]
    return [draft for draft in articles if draft != Draft()]


def _bylines_close(all_groups: list[Group]) -> bool:
    """With headlines below, whether bylines stand under them: the page then ends on one and starts without."""
    return bool(all_groups[-1].kind("byline")) and not all_groups[0].kind("byline")


def _keep_inside(group: Group, article: Draft) -> None:
    """A group that parts nothing: display lines in a row are one subhead."""
    lines = group.kind("display")
    if lines:
        article.blocks.append(("subhead", lines))
    article.byline += group.kind("byline")
    article.signature += group.kind("signature")
    article.captions += group.kind("caption")


def _part_above(group: Group, articles: list[Draft]) -> None:
    """Headlines above: what stands before the group's first display line, and signatures, close the last article."""
    last_signature = max((i for i, p in enumerate(group.pieces) if p.kind == "signature"), default=-1)
    opened = not group.above
    for i, piece in enumerate(group.pieces):
        if not opened and i > last_signature and piece.kind in ("display", "byline"):
            articles.append(Draft())
            opened = True
        _put(piece, articles[-1])
    if not opened and group.below:
        articles.append(Draft())


def _part_below(group: Group, articles: list[Draft], bylines_close: bool) -> None:
    """Headlines below: display lines and signatures close the last article, a byline opens the next."""
    closed = not group.above
    last = max((i for i, p in enumerate(group.pieces) if p.kind in ("display", "signature")), default=-1)
    for i, piece in enumerate(group.pieces):
        opens = piece.kind == "caption" or (piece.kind == "byline" and not bylines_close)
        if not closed and i > last and opens and group.below and (piece.kind == "byline" or last >= 0):
            articles.append(Draft())
            closed = True
        _put(piece, articles[-1])
    if not closed and group.below:
        articles.append(Draft())


def _put(piece: Piece, article: Draft) -> None:
    if piece.kind == "byline":
        article.byline.append(piece)
    elif piece.kind == "signature":
        article.signature.append(piece)
    elif piece.kind == "caption":
        article.captions.append(piece)
    else:
        article.head.append(piece)


_KICKER = re.compile(
    r"(?:强调|強調|要求|指出|提出|召开|召開|会议|會議|座谈会|部署|举行|举办|印发通知|发文|印发|出台|揭晓|观察|见闻|侧记|专访|副刊|时评|聚焦|信息|之[一二三四五六七八九十]|[一二三四五六七八九十]+论.+|调研时?|检查时?)$|·|^.{2,5}$"
)
_DECK = re.compile(
    r"^[—―─]|讲话|主持|出席|致辞|作报告|[（(〔]第?.{1,14}[号號][）)〕]$|〔\d{4}〕|^来自|侧记$|纪实$|见闻$|综述$"
)


def parts_of_headline(texts: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Kicker, main and deck of a headline's lines in page order, by their words and their number."""
    lines = [part for text in texts for part in _at_dash(text)]
    if len(lines) == 1:
        return [], lines, []
    kicker: list[str] = []
    deck: list[str] = []
    title = (
        lines[-1] if marks.NOTICE_TITLE.search(lines[-1]) and lines[0].startswith(("关于", "關於")) else ""
    )
    if not title and len(lines) > 1 and (_KICKER.search(lines[0]) or len(lines) > 3):
        kicker = [lines.pop(0)]
    while len(lines) > 1 and _DECK.search(lines[-1]):
        deck.insert(0, lines.pop())
    if not title and not deck and len(lines) == 2 and not kicker:
        deck = [lines.pop()] if len(lines[1]) > len(lines[0]) + 3 else []
        if not deck and len(lines[0]) <= len(lines[1]) + 3:
            kicker = [lines.pop(0)]
    if not title and not kicker and len(lines) + len(deck) >= 3 and len(lines) > 1:
        kicker = [lines.pop(0)]
    if not deck and kicker and len(lines) > 2:
        deck = [lines.pop()]
    return kicker, lines, deck


def _at_dash(text: str) -> list[str]:
    """A title and its subtitle printed on one line: 主题——副题."""
    at = text.find("——")
    return [text[:at].rstrip(), text[at:]] if at >= 4 and len(text) - at >= 6 else [text]
