"""Whether a number of a headline is true of one of the article: rounded, in another unit, of another kind."""

from __future__ import annotations

from collections.abc import Iterable

from banmian.data.numbers import Quantity
from banmian.data.units import agree
from banmian.data.wordlist import listed


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


# 25万 is printed for 251,045 without a word of rounding; a wrong figure is hardly ever so close.
_PRINTED = 0.005
_SPOKEN, _DIGITS = "百千万亿", "零〇一二两三四五六七八九壹贰叁"


def covers(said: Quantity, found: Quantity) -> bool:
    """Whether a headline's number is true of the article's number ``found``, units apart."""
    said_amount, found_amount = said.value, found.value
    if said.unit.dimension == found.unit.dimension and said.unit.dimension:
        said_amount, found_amount = said.amount, found.amount
    if near_value(said_amount, found_amount):
        return True
    if "成" in said.text and said.unit.dimension == found.unit.dimension:
        return abs(said_amount - found_amount) < 5  # 两成 is said of 20.8%
    factor = said_amount / said.value if said.value else 1
    step = _step(said.value) * factor
    away = abs(said_amount - found_amount)
    # Only what is told in more digits can have been rounded: 763吨 is not said of 760吨.
    finer = _step(found.value) * (found_amount / found.value if found.value else 1) < step
    # 超2.5万吨 is not said of 24963吨.
    beyond = {"over": said_amount > found_amount, "near": said_amount < found_amount}
    rounded = finer and away < step and away <= _PRINTED * said_amount
    if rounded and not beyond.get(said.rounding) and (step >= 100 * factor or said.text[-1] in "万亿"):
        return True
    if len(said.text) > 1 and said.text[-1] in _SPOKEN and said.text[0] in _DIGITS and step >= 100:
        return away <= 0.05 * said_amount  # 四百户 is said of 412
    if said.rounding == "over":
        return said_amount <= found_amount < said_amount + step
    if said.rounding == "near":
        low = max(said_amount - step, said_amount * 0.9)
        return low < found_amount <= said_amount
    if said.rounding == "about":
        return abs(found_amount - said_amount) <= 0.05 * said_amount
    return False


# Small counts of different things meet by chance: 四次 in a headline is not the article's 四年 mistaken.
_COINCIDENT = frozenset(listed("count any years days seconds calendar age"))


def check(said: Quantity, article: Iterable[Quantity]) -> tuple[str, Quantity | None]:
    """``("", …)`` if the article has the number, else ``("unit" | "number", the nearest number there)``."""
    wrong_unit: Quantity | None = None
    nearest: Quantity | None = None
    for found in (q for q in article if said.ordinal or not q.ordinal):  # 第三家 is one, not three
        fits = agree(said.unit, found.unit, found.around)
        if covers(said, found):
            if fits:
                return "", found
            if said.value > 10 or not {said.unit.dimension, found.unit.dimension} <= _COINCIDENT:
                wrong_unit = wrong_unit or found
        elif fits:
            if _other_magnitude(said, found) or _other_measure(said, found):
                wrong_unit = wrong_unit or found
            if found.unit.dimension == said.unit.dimension and said.unit.dimension:
                nearest = _closer(said, nearest, found)
    return ("unit", wrong_unit) if wrong_unit else ("number", nearest)


def _other_measure(said: Quantity, found: Quantity) -> bool:
    """6000万公斤 for 6000万吨."""
    return near_value(said.value, found.value) and said.unit.factor != found.unit.factor


def _other_magnitude(said: Quantity, found: Quantity) -> bool:
    """5亿 for 5万: the same figure with another of the two great units."""
    ends = {said.text[-1], found.text[-1]}
    return len(ends) == 2 and bool(ends & {"万", "亿"}) and near_value(said.mantissa, found.mantissa)


def _closer(said: Quantity, one: Quantity | None, other: Quantity) -> Quantity:
    if one is None or abs(other.amount - said.amount) < abs(one.amount - said.amount):
        return other
    return one
