"""Places in a headline: those the gazetteer knows, 中美 and 赴湘 by their letters, and X县 by its ending."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from banmian.data.gazetteer import gazetteer, letters

# A persons' or organisations' name may stand for a country in the table, but is no place itself.
_NO_PLACES = frozenset(
    "特朗普 拜登 奥巴马 普京 安倍 内塔尼亚胡 泽连斯基 哈马斯 真主党 塔利班 胡塞 台军 兵团 人民大会堂".split()
)
_AMBIGUOUS = re.compile(
    r"大同(?:小异|世界|社会)|长治久安|南阳台|延安精神|西安全|海口气|中南海|海南部|海北部|河南部|湖南部|云南部"
    r"|和田径|东方|黄南|山南[北麓坡]|上海[洋外]|新北[京上]|京津冀|长三角|北京时间|广安门|九江段|白银(?!市)|大理[石论念]"
    r"|保山(?!市)|文山会海|文山(?!州|市)|红河(?!州|谷)|河源(?!市)|清远(?!市)|海东(?!市)|朝阳(?!区|市)|西沙|南沙|吉安|马里(?!亚|兰|总|政|发|北|首|维)"
    r"|加纳|德宏|大兴(?!区|国际|机场)|宁德(?!市|时)|凉山(?!州)|延庆|静安(?!区)|通州(?!区)|阿曼|不丹|约旦河|苏丹红|南非洲|中非合作|中非关系"
    r"|古巴比伦|印度洋|太平洋|日本海|墨西哥湾|几内亚湾|孟加拉湾|波斯湾|阿拉伯海|英格兰|蒙古包|蒙古族|朝鲜族|朝鲜半岛|朝鲜战争|波兰德|里昂"
    r"|巴林左|巴林右|苏格兰|罗马(?!尼亚)|汉堡|金门|海口(?!市)|金边|尼斯|科隆|万宁(?!市)|新乡贤|东营(?!市)|日照(?!市)|德州扒|黄山|华山|庐山|江津|临港|前海"
)
_FOREIGN_LETTERS = "美俄日英法德韩朝印澳欧加意西巴越菲泰缅柬老蒙哈伊以叙土埃沙阿"
_BILATERAL = re.compile(
    rf"中(?P<letter>[{_FOREIGN_LETTERS}])(?=两国|关系|双方|建交|经贸|元首|外长|贸易|防长|首脑|合作|企业|联合|边境|领导人|$|[，␣、])"
)
_MOVING = re.compile(
    r"(?:赴|援|抵|离|驻|返|入|来|在)(?P<letter>[京津沪渝冀晋辽吉苏浙皖闽赣鲁豫鄂湘粤桂琼蜀黔滇陕陇港澳])"
    r"(?=[考调举召开医抗出签会访支启成揭发展落护]|$|[，␣、])"
)
_ENDING = re.compile(r"(?P<core>[\u4e00-\u9fff]{2})(?P<kind>[县镇乡村]|街道|社区)")
_COMMON_CORES = re.compile(
    r"[\u4e00-\u9fff]?[的个全各某多数几一二三四五六七八九十百千万两贫特美新老古农小名强富穷重本该此这那每进入驻下出回返离到在从是和与及为建设助帮扶访乡城县镇市村]$"
    r"|贫困|特色|美丽|乡村|文明|示范|重点|易地|传统|历史|文化|旅游|脱贫|智慧|平安|和谐|幸福|生态|数字|国家|全国|中国|我国|革命|少数|民族|民俗|边境|边远"
    r"|深度|偏远|山区|基层|行政|自然|试点|振兴|地球|奥运|冬奥|选手|运动|媒体|度假|影视|淘宝|电商|老旧|封闭|高原|绿色|水乡|魅力|空心|产粮|工业|农业|大学|高校|医院"
)


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place at ``[start, end)``; ``supports`` are alternatives, any string of any of which is enough."""

    start: int
    end: int
    text: str
    supports: tuple[str, ...]


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    places = sorted(set(gazetteer()) - _NO_PLACES, key=len, reverse=True)
    return re.compile(f"(?P<no>{_AMBIGUOUS.pattern})|(?P<place>{'|'.join(map(re.escape, places))})")


def places(headline: str) -> Iterator[PlaceMention]:
    """Places named in a normalised headline."""
    for match in _pattern().finditer(headline):
        if match["place"]:
            yield PlaceMention(match.start(), match.end(), match.group(), gazetteer()[match.group()])
    for pattern in (_BILATERAL, _MOVING):
        for match in pattern.finditer(headline):
            letter = match["letter"]
            forms = tuple(form for places in letters().get(letter, ()) for form in places)
            if forms:
                start = match.start("letter")
                yield PlaceMention(start, start + 1, letter, forms)
    for match in _ENDING.finditer(headline):
        if not _COMMON_CORES.search(match["core"]):
            yield PlaceMention(match.start(), match.end(), match.group(), (match["core"],))


def place_missing(mention: PlaceMention, article: str) -> bool:
    """Whether neither the place, nor a place inside it, nor its letter stands in the normalised article."""
    if any(form in article for form in mention.supports):
        return False
    if len(mention.text) == 1:
        return mention.text not in article
    return not any(
        re.search(
            rf"[中日俄美英法德韩欧对赴驻访在援与和来抵]{letter}|{letter}[方军媒股企籍商国总驻中省市]", article
        )
        for letter, owners in letters().items()
        if any(mention.text == forms[0] for forms in owners)
    )
