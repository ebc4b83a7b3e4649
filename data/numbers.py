"""Numbers of Chinese news text as values: 1.5万余名, 一万五千, 三成, 百分之三十, １，３８７, 半数.

Reading is lenient for an article (every run of numerals that has a value) and strict for a headline,
where only a number that cannot be part of a word (统一, 三峡, 万众一心) is a fact to be checked.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from banmian.data.units import UNIT_PATTERN, UNITS, UNKNOWN, Unit
from banmian.data.wordlist import listed

_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3}
_SMALL = {"十": 10, "百": 100, "千": 1000, "佰": 100, "仟": 1000, "拾": 10}
_LARGE = {"万": 10**4, "亿": 10**8, "萬": 10**4, "億": 10**8}
_MAGNITUDES = {**_SMALL, **_LARGE}
_HAN = "零〇一二两三四五六七八九十百千万亿"
_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"

_SCALE = r"(?:[十百万亿]|千(?![瓦米克伏]))"

_NUMBER = re.compile(
    rf"""(?P<fraction>(?P<below>百|千|万|[{_HAN}]+|\d+)分之(?P<above>[{_HAN}]+(?:点[{_HAN}]+)?|{_ARABIC}))
    |(?P<tenths>[一二两三四五六七八九]成[一二三四五六七八九半]?(?![为立员功果长就年绩熟品千都]))
    |(?P<half>半数|一半|过半|折半)
    |(?P<arabic>(?:{_ARABIC})(?:{_SCALE}+(?:\d+(?:\.\d+)?{_SCALE}+)*|(?![\d.])))
    |(?P<han>(?:千(?![瓦米克伏])|[{_HAN.replace("千", "")}])+
      (?:点[零〇一二三四五六七八九]+[十百千万亿]*)?(?!分点|分之))""",
    re.VERBOSE,
)
_MORE = r"(?:余|多|来|几)?"
_TAIL = re.compile(rf"(?P<more>{_MORE})(?P<scale>[万亿]?)(?P<unit>{UNIT_PATTERN})?")
_BEFORE = re.compile(r"(?P<near>近|接近|不足|不到|逼近)$|(?P<over>超过|超|逾|突破|破|过|高于|上)$")
_COUNTING = frozenset(listed("项 条 家 座 例 件 起 届 次 个 天 辆 艘 架"))
_NEVER_IN_MASSES = frozenset(
    listed("国 省 市 县 区 支 大 强 连 线 面 对 分 点 级 关 地 城 号 将 员 行 金 银")
)
_VAGUE = re.compile(r"[几数](?=[十百千万亿])")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at ``[start, end)``, its unit outside the span; ``value`` is in the unit as printed.

    ``mantissa`` is the value without 万 and 亿; ``rounding`` is what the print says of it;
    ``solid`` is false where the characters may be part of a word rather than a number.
    """

    start: int
    end: int
    text: str
    value: float
    mantissa: float
    unit: Unit = UNKNOWN
    rounding: str = ""
    solid: bool = True
    ordinal: bool = False
    around: str = ""

    @property
    def amount(self) -> float:
        """The value in the base unit of its dimension."""
        return self.value * self.unit.factor


def chinese_value(text: str) -> float | None:
    """The value of a Chinese numeral, ``None`` where it has none (三四 is a range)."""
    whole, _, decimals = text.partition("点")
    if decimals:
        value = chinese_value(whole)
        digits = "".join(str(_DIGIT[c]) for c in decimals if c in _DIGIT)
        scale = math.prod(_MAGNITUDES[c] for c in decimals if c in _MAGNITUDES)
        return None if value is None else round((value + float("0." + digits)) * scale, 6)
    if all(c in _DIGIT for c in whole):
        if len(whole) == 2 and "〇" not in whole and "零" not in whole:
            return None
        return float("".join(str(_DIGIT[c]) for c in whole)) if whole else None
    return _composed(whole)


def _composed(text: str) -> float | None:
    """The value of a numeral with 十, 百, 千, 万 or 亿 in it."""
    total, section, digit, last = 0.0, 0.0, None, 10**9
    for c in text:
        if c in _DIGIT:
            if digit:
                return None
            digit = _DIGIT[c]
        elif c in _SMALL:
            section += (1 if digit is None or (digit == 0 and c == "十") else digit) * _SMALL[c]
            digit, last = None, _SMALL[c]
        else:
            if not (section or digit or total):
                section = 1
            if _LARGE[c] == 10**8 and total:
                total, section = (total + section + (digit or 0)) * _LARGE[c], 0.0
            else:
                total += (section + (digit or 0)) * _LARGE[c]
                section = 0.0
            digit, last = None, _LARGE[c]
    # 三百五 is 350, 一万二 is 12000: a last digit without 零 takes the next lower place.
    tail = (digit or 0) * (last // 10 if digit and last >= 100 and text[-2] not in "零〇" else 1)
    return total + section + tail


def _arabic_value(text: str) -> tuple[float, float]:
    """Value and mantissa of 1,387 / 1.5万 / 1亿5000万."""
    total, mantissa = 0.0, None
    for number, magnitudes in re.findall(r"(\d[\d,]*(?:\.\d+)?)([十百千万亿]*)", text):
        part = float(number.replace(",", ""))
        mantissa = part if mantissa is None else mantissa
        for c in magnitudes:
            part *= _MAGNITUDES[c]
        total = round(total + part, 6)
    return total, mantissa or 0.0


def _values(match: re.Match[str]) -> tuple[float, float, Unit] | None:
    """Value, mantissa and the unit the number's own form implies."""
    if match["fraction"]:
        below, above = any_value(match["below"]), any_value(match["above"])
        if not below or above is None:
            return None
        return above / below * 100, above, UNITS["%"]
    if match["tenths"]:
        tens = _DIGIT[match["tenths"][0]] * 10
        rest = match["tenths"][2:]
        return float(tens + (5 if rest == "半" else _DIGIT.get(rest, 0))), float(tens), UNITS["%"]
    if match["half"]:
        return 50.0, 50.0, UNITS["%"]
    if match["arabic"]:
        return (*_arabic_value(match["arabic"]), UNKNOWN)
    value = chinese_value(match["han"])
    if value is None:
        return None
    mantissa = value
    while mantissa >= 10000 and mantissa % 10000 == 0:
        mantissa /= 10000
    return value, mantissa, UNKNOWN


def any_value(text: str) -> float | None:
    """The value of a numeral in Arabic or Chinese digits."""
    return _arabic_value(text)[0] if text[:1].isdigit() else chinese_value(text)


def quantities(text: str, taken: Iterable[tuple[int, int]] = ()) -> Iterator[Quantity]:
    """Every number of normalised ``text`` in order, but for those inside the ``taken`` spans (dates)."""
    hidden = list(text)
    for start, end in taken:
        hidden[start:end] = "　" * (end - start)
    blanked = "".join(hidden)
    read = 0
    for match in _NUMBER.finditer(blanked):
        code = match.group()[0] == "0" and match.group()[1:2].isdigit()  # K61+050 counts nothing
        if code or match.start() < read or _VAGUE.match(blanked, match.start() - 1):
            continue  # 数十, 几百: no value to compare
        found = _values(match)
        if found is not None:
            quantity = _quantity(blanked, match, *found)
            read = quantity.end
            yield quantity


def _quantity(text: str, match: re.Match[str], value: float, mantissa: float, implied: Unit) -> Quantity:
    start, end = match.span()
    tail = _TAIL.match(text, end)
    unit, more = implied, ""
    if tail and not implied.dimension:
        more = tail["more"]
        value *= _LARGE.get(tail["scale"], 1)  # 30余万
        unit = UNITS.get(tail["unit"] or "", UNKNOWN)
        if unit.text in _NEVER_IN_MASSES and text[end - 1] in "万亿":
            unit = UNKNOWN  # 2000亿国企基金, 350亿支持
        end = tail.end("scale") if tail["scale"] else end
    after = text[(tail.end() if tail else end) :][:2]
    rounding = _rounding(text[max(0, start - 3) : start], more, after)
    ordinal = text[max(0, start - 1) : start] == "第"
    spoken = match["han"] or ""
    # 超千亿元 is a figure; 千亿 alone may be a part of anything.
    numeral = any(c in _DIGIT or c == "十" for c in spoken) or (len(spoken) > 1 and value >= 1000)
    solid = (
        not spoken or bool(numeral and rounding and unit.dimension) or _is_solid(spoken, value, unit, ordinal)
    )
    digits_counted = unit.text == "位" and after[:1] == "数"  # 两位数增长
    solid = solid and not digits_counted and match["half"] != "过半"
    around = text[max(0, start - 12) : end + 12]
    return Quantity(start, end, text[start:end], value, mantissa, unit, rounding, solid, ordinal, around)


def _rounding(before: str, more: str, after: str) -> str:
    """What the print says of the number: ``over``, ``near``, ``about`` or nothing."""
    if after == "左右" or re.search(r"(?:约|大约|大概)$", before):
        return "about"
    word = _BEFORE.search(before)
    if word:
        return "near" if word["near"] else "over"
    return "over" if more or after == "以上" or after[:1] == "级" else "near" if after == "以下" else ""


def _is_solid(spoken: str, value: float, unit: Unit, ordinal: bool) -> bool:
    """Whether a run of Chinese numerals is surely a number and not part of a word."""
    if all(c in "一千百万十亿〇零" for c in spoken) and not (
        len(spoken) > 1 and "十" in spoken and "一" in spoken
    ):
        return False
    if spoken == "九" and unit.text == "天":
        return False  # 筑梦九天
    if spoken == "两":
        return unit.dimension in ("people", "case", "times", "household", "days")
    if len(spoken) >= 3:
        return True
    if len(spoken) == 2 and value > 10 and spoken[0] in _DIGIT:
        return bool(unit.dimension)
    if ordinal:
        return value > 1
    unsure = unit.dimension in ("", "count", "any", "celsius", "days", "length", "calendar")
    return not unsure or unit.text in _COUNTING
