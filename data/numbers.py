"""Numbers of Chinese news text as values: 1.5万余名, 一万五千, 三成, 百分之三十, １，３８７, 半数.

Reading is lenient for an article (every run of numerals that has a value) and strict for a headline,
where only a number that cannot be part of a word (统一, 三峡, 万众一心) is a fact to be checked.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from banmian.data.units import UNIT_PATTERN, UNITS, UNKNOWN, Unit, agree

_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3}
_SMALL = {"十": 10, "百": 100, "千": 1000, "佰": 100, "仟": 1000, "拾": 10}
_LARGE = {"万": 10**4, "亿": 10**8, "萬": 10**4, "億": 10**8}
_MAGNITUDES = {**_SMALL, **_LARGE}
_HAN = "零〇一二两三四五六七八九十百千万亿"
_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"

_NUMBER = re.compile(
    rf"""(?P<fraction>(?P<below>百|千|万|[{_HAN}]+|\d+)分之(?P<above>[{_HAN}]+(?:点[{_HAN}]+)?|{_ARABIC}))
    |(?P<tenths>[一二两三四五六七八九]成[一二三四五六七八九半]?(?![为立员功果长就年绩熟品千都]))
    |(?P<half>半数|一半|过半|折半)
    |(?P<arabic>(?:{_ARABIC})(?:[十百千万亿]+(?:\d+(?:\.\d+)?[十百千万亿]+)*|(?![\d.])))
    |(?P<han>[{_HAN}]+(?:点[零〇一二三四五六七八九]+[十百千万亿]*)?(?!分点|分之))""",
    re.VERBOSE,
)
_MORE = r"(?:余|多|来|几)?"
_TAIL = re.compile(rf"(?P<more>{_MORE})(?P<scale>[万亿]?)(?P<unit>{UNIT_PATTERN})?")
_BEFORE = re.compile(
    r"(?P<near>近|将近|接近|不足|不到|逼近|约|大约|至少|最多|将达)$|(?P<over>超过|超|逾|突破|破|过|高于|达|上)$"
)
_VAGUE = re.compile(r"[几数]$")


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
    """The value of a Chinese numeral, ``None`` where it has none (三四 is a range, 万千 a figure of speech)."""
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
    total, section, digit, last = 0.0, 0.0, None, 10**9
    for c in whole:
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
    tail = (digit or 0) * (last // 10 if digit and last >= 100 and whole[-2] not in "零〇" else 1)
    return total + section + tail


def _arabic_value(text: str) -> tuple[float, float]:
    """Value and mantissa of 1,387 / 1.5万 / 1亿5000万."""
    total, mantissa = 0.0, None
    for number, magnitudes in re.findall(r"(\d[\d,]*(?:\.\d+)?)([十百千万亿]*)", text):
        part = float(number.replace(",", ""))
        mantissa = part if mantissa is None else mantissa
        for c in magnitudes:
            part *= _MAGNITUDES[c]
        total += part
    return total, mantissa or 0.0


def _values(match: re.Match[str]) -> tuple[float, float, Unit] | None:
    """Value, mantissa and the unit the number's own form implies."""
    if match["fraction"]:
        below, above = _any_value(match["below"]), _any_value(match["above"])
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


def _any_value(text: str) -> float | None:
    return _arabic_value(text)[0] if text[:1].isdigit() else chinese_value(text)


def quantities(text: str, taken: Iterable[tuple[int, int]] = ()) -> Iterator[Quantity]:
    """Every number of normalised ``text`` in order, but for those inside the ``taken`` spans (dates)."""
    hidden = list(text)
    for start, end in taken:
        hidden[start:end] = "　" * (end - start)
    blanked = "".join(hidden)
    read = 0
    for match in _NUMBER.finditer(blanked):
        if match.start() < read or _VAGUE.search(blanked[: match.start()][-1:]):
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
        scaled = tail["scale"] if (more or tail["scale"]) and tail["scale"] else ""
        value *= _LARGE.get(scaled, 1)
        unit = UNITS.get(tail["unit"] or "", UNKNOWN)
        end = tail.end("scale") if scaled else end
    before = _BEFORE.search(text[max(0, start - 3) : start])
    rounding = "over" if more or (before and before["over"]) else "near" if before else ""
    after = text[end + len(more) + len(unit.text) :][:2]
    if after in ("以上", "以下", "左右") or text[end : end + 2] in ("以上", "左右"):
        rounding = rounding or "over"
    ordinal = text[max(0, start - 1) : start] == "第"
    if match["half"] == "过半":
        rounding = "over"
    around = text[max(0, start - 12) : end + 12]
    measured = bool(rounding and before and unit.dimension)
    solid = not match["han"] or measured or _is_solid(match["han"], value, unit, text[end : end + 1], ordinal)
    return Quantity(start, end, text[start:end], value, mantissa, unit, rounding, solid, ordinal, around)


def _is_solid(han: str, value: float, unit: Unit, following: str, ordinal: bool) -> bool:
    """Whether a run of Chinese numerals is surely a number."""
    if "点" in han and not unit.dimension:
        return False
    if han in ("一", "千", "百", "万", "十", "亿", "千百", "万千", "千万", "百千", "万亿", "〇", "零"):
        return False
    if len(han) >= 3 or (len(han) == 2 and value > 10 and han[0] in _DIGIT):
        return bool(unit.dimension) or len(han) >= 3
    if ordinal:
        return value > 1
    sure = unit.dimension not in ("", "count", "any", "celsius", "days", "length")
    return sure or unit.text in (
        "项",
        "条",
        "家",
        "座",
        "例",
        "件",
        "起",
        "届",
        "个",
        "天",
        "辆",
        "艘",
        "架",
        "倍",
    )


def near_value(one: float, other: float) -> bool:
    """Equal but for the noise of floating point and of rounding to two decimals of a percentage."""
    return abs(one - other) <= 1e-6 * max(abs(one), abs(other), 1e-9)


def _step(value: float) -> float:
    """The place of the last digit that is not zero: 50万 → 10万, 1.5万 → 1000."""
    step = 1.0
    while value and value % (step * 10) == 0:
        step *= 10
    while value % step > 1e-9 and step > 1e-4:
        step /= 10
    return step


def covers(said: Quantity, found: Quantity) -> bool:
    """Whether the number ``said`` in a headline is true of the number ``found`` in the article (units apart)."""
    said_amount, found_amount = said.value, found.value
    if said.unit.dimension == found.unit.dimension and said.unit.dimension:
        said_amount, found_amount = said.amount, found.amount
    if near_value(said_amount, found_amount):
        return True
    step = _step(said.value) * (said_amount / said.value if said.value else 1)
    if said.rounding == "over":
        return said_amount <= found_amount < said_amount + step
    if said.rounding == "near":
        low = max(said_amount - step, said_amount * 0.9)
        return low <= found_amount <= said_amount * 1.02
    return False


def check(said: Quantity, article: Iterable[Quantity]) -> tuple[str, Quantity | None]:
    """``("", …)`` if the article has the number, else ``("unit" | "number", the nearest number there)``."""
    wrong_unit: Quantity | None = None
    nearest: Quantity | None = None
    for found in article:
        fits = agree(said.unit, found.unit, found.around)
        if covers(said, found):
            if fits:
                return "", found
            wrong_unit = wrong_unit or found
        elif fits and found.unit.dimension == said.unit.dimension and said.unit.dimension:
            if (
                near_value(said.mantissa, found.mantissa)
                and said.mantissa >= 1
                and "万" in said.text + found.text
            ):
                wrong_unit = wrong_unit or found
            nearest = _closer(said, nearest, found)
    return ("unit", wrong_unit) if wrong_unit else ("number", nearest)


def _closer(said: Quantity, one: Quantity | None, other: Quantity) -> Quantity:
    if one is None or abs(other.amount - said.amount) < abs(one.amount - said.amount):
        return other
    return one


def shifted(quantity: Quantity, offset: int) -> Quantity:
    """The same quantity ``offset`` characters further on."""
    return replace(quantity, start=quantity.start + offset, end=quantity.end + offset)
