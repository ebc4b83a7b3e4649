"""Numbers that tell one of a kind: 第三批, 3号楼, 四环, 二审, 国六, 三中, Ⅱ级.

As values they agree by chance with any small count of the article. They are compared as what they are:
if the article has the kind with other numbers only, the headline's is another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from banmian.data.numbers import any_value

_N = r"(?:\d{1,3}|[一二三四五六七八九十百]{1,4})"
_HAN = r"\u4e00-\u9fff"
_ROMAN = {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5}
_LEVEL = rf"(?:[{''.join(_ROMAN)}]|[一二三四五]|特别重大)"

#: What stands around the number, as a pattern with one group; the tail is part of the kind.
_KINDS = (
    rf"第(?P<n>{_N})(?P<kind>(?!大)[{_HAN}]{{1,2}})",
    rf"(?<![月\d.])(?P<n>{_N})(?P<kind>号(?=[楼院馆棚泵井线机库台站门文令通公]))",
    r"(?P<n>[一二三四五六])(?P<kind>环(?=[路线内外以]|$))",
    r"(?P<n>[一二三])(?P<kind>审)(?!议|查|批|核|美)",
    r"(?<=国)(?P<n>[三四五六])(?P<kind>)(?=及|标准|排放|柴油|汽油|车|以下|以上)",
    r"(?<=[市县区])(?P<n>[一二三四五六七八九十])(?P<kind>[中院])(?![心国央])",
    rf"(?P<n>{_LEVEL})(?P<kind>级(?=应急|响应|预警|防|$|␣|，))",
    rf"(?P<n>{_N})(?P<kind>期(?=工程|项目))",
    rf"(?P<n>(?<=一[{_HAN}])(?<!一[年月日天周次])[一两二三四])(?P<kind>[{_HAN}])(?=$|[␣，；])",  # 一患一陪
)
_PATTERNS = tuple(re.compile(kind) for kind in _KINDS)
#: The same kind in the article, where it is printed otherwise.
_ALSO = {"中": "中学", "院": "人民医院"}


def other_ordinals(headline: str, article: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and reason of ordinals of a normalised headline that the article has with other numbers."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(headline):
            said = _value(match["n"])
            if said is None:
                continue
            there = list(_there(pattern, match, article))
            if there and all(value != said for value, _ in there):
                yield match.start(), match.end(), f"文中是“{there[0][1]}”"


def _there(pattern: re.Pattern[str], match: re.Match[str], article: str) -> Iterator[tuple[int, str]]:
    """The values of the same kind in the article, with their print."""
    kind = match["kind"]
    for length in range(len(kind), 0, -1):
        found = list(re.finditer(rf"第?(?P<n>{_N}|{_LEVEL}){kind[:length]}", article)) if kind else []
        if any(other.group()[0] == "第" for other in found) or "第" not in match.group():
            yield from _values(found)
            if kind[:1] == "级" or found:
                break
    if not kind:
        yield from _values(pattern.finditer(article))
    if kind in _ALSO:
        yield from _values(re.finditer(rf"第(?P<n>{_N}){_ALSO[kind]}", article))
    if re.match("第一|首", match.group()) and f"首{kind[:1]}" in article:
        yield 1, f"首{kind[:1]}"


def _values(found: Iterator[re.Match[str]] | list[re.Match[str]]) -> Iterator[tuple[int, str]]:
    for match in found:
        value = _value(match["n"])
        if value is not None:
            yield value, match.group()


def _value(text: str) -> int | None:
    if text in _ROMAN:
        return _ROMAN[text]
    value = any_value(text)
    return None if value is None else int(value)
