"""Persons, places and dates of an article exchanged for others, the same one everywhere by the same other.

The exchange is made by a hash of what is exchanged, so that it is the same in headline, lead and paragraphs
without anything to remember. Names are found as headlines' names are (:mod:`banmian.data.names`); what
nobody recognises stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from banmian.data.gazetteer import china
from banmian.data.holdout import drawn
from banmian.data.lexicon import words
from banmian.data.names import names
from banmian.data.places import places
from banmian.data.surnames import COMPOUND, SURNAMES
from banmian.data.text import model_text
from banmian.data.wordlist import listed

_FAMILY = listed(
    "赵 钱 孙 吴 郑 冯 陈 沈 韩 朱 秦 许 吕 孔 曹 魏 姜 谢 邹 潘 葛 彭 鲁 韦 苗 俞 袁 唐 薛 贺 罗 郝"
)
_GIVEN = listed(
    """
    建国 志强 海燕 文斌 晓东 立群 春生 玉梅 永康 俊杰 雪莹 光耀 德明 秀兰 振华 思远 国栋 丽娜 少波
    庆林 佳琪 宏伟 淑珍 卫民
    """
)
_SHORT = listed("伟 芳 敏 静 磊 洋 勇 艳 杰 涛 超 霞 平 刚 桂 鹏 斌 莉 军 波")
_SETTLEMENT = re.compile(r"(?<=.{2})(?:自治区|自治州|自治县|街道|社区|省|市|区|县|州|镇|乡|村)$")
#: Places of the written issues and of real pages that no list has take one of these.
_INVENTED = listed(
    "青岚 云陵 泽安 汉源 宁溪 长汀 白河 金沙 石泉 柳林 清江 东岭 临湖 永泰 丰城 新野 安澜 北渡"
)
_BYLINE = re.compile(r"(?:记者|通讯员)(?P<names>(?:\s*[\u4e00-\u9fff]{2,3}(?=[\s）)]))+)")
_DATE = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?=\s*年)|(?P<month>\d{1,2})(?P<between>\s*月\s*)\d{1,2}(?=\s*[日号])"
    r"|(?<![\d.])\d{1,2}(?=\s*日(?!均))"
)


def names_swapped(texts: Sequence[str], seed: int) -> list[str]:
    """Chinese persons' names exchanged for others of the same length."""
    found: set[str] = set()
    for text in map(model_text, texts):
        found |= {mention.text for mention in names(text, words(text)) if mention.sure}
    found |= {name for text in texts for match in _BYLINE.finditer(text) for name in match["names"].split()}
    found = {name for name in found if _chinese(name)}
    return _exchanged(texts, found, lambda name: _name(name, seed))


def places_swapped(texts: Sequence[str], seed: int) -> list[str]:
    """Provinces, cities, counties and settlements exchanged for others of their kind."""
    found = {mention.text for text in map(model_text, texts) for mention in places(text, words(text))}
    table = {name: _place(name, seed) for name in found if len(name) > 1}
    return _exchanged(texts, {name for name, other in table.items() if other}, lambda name: table[name])


def dates_changed(texts: Sequence[str], seed: int) -> list[str]:
    """Years, and days of months, changed; a date that stands twice stays one date."""
    return [_DATE.sub(lambda match: _date(match, seed), text) for text in texts]


def _exchanged(texts: Sequence[str], found: Iterable[str], other: Callable[[str], str]) -> list[str]:
    """Every found string for its other in one pass, the longest first, so that nothing is exchanged twice."""
    table = {name: other(name) for name in found}
    if not table:
        return list(texts)
    pattern = re.compile("|".join(map(re.escape, sorted(table, key=len, reverse=True))))
    return [pattern.sub(lambda match: table[match.group()], text) for text in texts]


def _chinese(name: str) -> bool:
    return 2 <= len(name) <= 4 and (name[0] in SURNAMES or name[:2] in COMPOUND) and "·" not in name


def _name(name: str, seed: int) -> str:
    family = _pick([one for one in _FAMILY if one != name[0]], f"{seed}|{name[0]}")
    given = _SHORT if len(name) == 2 else _GIVEN
    return family + _pick([one for one in given if one != name[1:]], f"{seed}|{name}")


def _place(name: str, seed: int) -> str:
    """Another place of its kind, its ending kept; nothing for what lies abroad."""
    for level in (0, 1):
        if name in china(level):
            return _pick([one for one in china(level) if one != name and len(one) == 2], f"{seed}|{name}")
    if ending := _SETTLEMENT.search(name):
        core = name[: ending.start()]
        return (_place(core, seed) or _pick(_INVENTED, f"{seed}|{core}")) + ending.group()
    return ""


def _date(match: re.Match[str], seed: int) -> str:
    number = drawn(f"{seed}|{''.join(match.group().split())}")
    if match["year"]:
        return str(2001 + number % 24)
    day = str(1 + number // 12 % 28)
    return f"{1 + number % 12}{match['between']}{day}" if match["month"] else day


def _pick(choices: Sequence[str], key: str) -> str:
    return choices[drawn(key) % len(choices)]
