"""The parts of a printed headline by its words and lines: 引题 (kicker), 主题 (main), 副题 (deck).

Type sizes would say it; raw text has none, so this is a guess, right for about three in four characters.
"""

from __future__ import annotations

import re

from banmian.data import marks

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
