"""Places in a headline: those of the lists, 中美 and 赴湘 by letters, X县 by its ending."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from banmian.data.gazetteer import gazetteer, letters
from banmian.data.lexicon import Word
from banmian.data.wordlist import alternatives, listed

# Persons and bodies stand for a country in the gazetteer, but are no places; 中国 goes without saying.
_NO_PLACES = frozenset(
    listed("中国 特朗普 拜登 奥巴马 普京 安倍 内塔尼亚胡 泽连斯基 哈马斯 真主党 塔利班 胡塞 台军 兵团 白宫")
)
_ENDINGS = alternatives(
    listed(
        "特别行政区 自治区 自治州 自治县 地区 新区 省 市 区 县 州 旗 镇 乡 村 邦 府"
        " 岛 群岛 半岛 共和国 湾 江 河 湖 山"
    )
)
_CORE = re.compile(rf"^(?P<core>.{{2,}}?)(?:{_ENDINGS})$")
_BILATERAL = re.compile(
    r"中(?P<letter>[美俄日英法德韩朝印澳欧意西巴越菲泰缅柬老蒙哈伊以叙土埃])"
    r"(?=两国|关系|双方|建交|经贸|元首|外长|贸易|防长|首脑|边境|领导人|$|[，␣、])"
)
_MOVING = re.compile(
    r"(?:赴|援|抵|离|驻|返|入|来|在)(?P<letter>[津沪渝冀晋辽吉苏浙皖闽赣鲁豫鄂湘粤桂琼蜀黔滇陕陇港澳])"
    r"(?=[考调举召开医抗签访支启成揭落]|$|[，␣、])"
)
#: Characters that hardly stand in a name and often before 村 or 医院.
NO_NAME = frozenset(
    "绕进到去入送在回出了把被给从和与及的上下来是有为这那每各个家所建办读考援逐驻访一二三四五六七八九十两几多"
)
_SETTLEMENTS = ("县", "镇", "乡", "村", "街道", "社区", "区", "市")


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place at ``[start, end)``; any string of ``supports`` in the article is enough."""

    start: int
    end: int
    text: str
    supports: tuple[str, ...]


def places(headline: str, words: list[Word]) -> Iterator[PlaceMention]:
    """Places named in a normalised headline, cut into ``words``."""
    for word in words:
        if word.kind == "place" and word.text not in _NO_PLACES:
            yield PlaceMention(word.start, word.end, word.text, _supports(word.text))
    for pattern in (_BILATERAL, _MOVING):
        for match in pattern.finditer(headline):
            letter, start = match["letter"], match.start("letter")
            forms = tuple(form for owners in letters().get(letter, ()) for form in owners)
            if forms:
                yield PlaceMention(start, start + 1, letter, forms)
    yield from _settlements(words)


def _supports(place: str) -> tuple[str, ...]:
    match = _CORE.match(place)
    forms = gazetteer().get(place, (place,))
    if match:
        forms += gazetteer().get(match["core"], (match["core"],))
    return forms


def _settlements(words: list[Word]) -> Iterator[PlaceMention]:
    """X县, X村 that no list has: two or three characters and the ending, after a place or a gap."""
    for i, word in enumerate(words):
        if word.text not in _SETTLEMENTS:
            continue
        first = i
        while (
            first
            and i - first < 3
            and words[first - 1].kind == ""
            and "\u4e00" <= words[first - 1].text <= "\u9fff"
        ):
            first -= 1
        opens = first == 0 or words[first - 1].kind == "place" or words[first - 1].text in "␣，、：“"
        core = "".join(w.text for w in words[first:i])
        if i - first in (2, 3) and opens and not set(core) & NO_NAME:
            # A notice of 某市 calls itself 我市 or 全市 in its text.
            own = tuple(whose + word.text for whose in ("我", "本", "全")) if len(word.text) == 1 else ()
            yield PlaceMention(words[first].start, word.end, core + word.text, (core, *own))


def place_missing(mention: PlaceMention, article: str) -> bool:
    """Whether neither the place, nor a place inside it, nor its letter stands in the normalised article."""
    forms = mention.supports
    if mention.text[:-1] == forms[0] and _names_one(mention.text[-1], article):
        forms = forms[:1]
    if any(form in article for form in forms):
        return False
    if len(mention.text) == 1:
        return mention.text not in article
    if _in_order(mention.text, article):
        return False
    return not any(
        re.search(rf"[中美俄日韩英法德欧对赴驻访]{letter}(?![常子期前])|{letter}[方媒股企籍军驻]", article)
        for letter, owners in letters().items()
        if any(mention.text == forms[0] for forms in owners)
    )


def _names_one(ending: str, article: str) -> bool:
    """Whether the article names a county or village, so that 全县 there is that one and no other."""
    return (
        ending in "县镇乡村"
        and re.search(rf"[\u4e00-\u9fff]{{2}}(?<![全我本各每这该个出进驻]){ending}", article) is not None
    )


def _in_order(place: str, article: str) -> bool:
    """得州 in 得克萨斯州, 大湾区 in 粤港澳大湾区: the characters in order within one name."""
    if place[0] not in article:
        return False
    return re.search(r"[\u4e00-\u9fff]{0,4}?".join(map(re.escape, place)), article) is not None
