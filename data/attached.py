"""Facts that stand in the article but are said there of something else.

A number may be in the article and still be wrong: 返岗率达99% where the article has 复工率达99%，返岗率达91%.
What stands right before or right behind a figure labels it. If wherever the article has the label it puts
another figure to it, and the headline's figure never stands in a sentence with the label, the figure moved.
The same holds for a rate (每月 for 每年) and for a village under another county.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_HAN = r"\u4e00-\u9fff"
_LINKS = re.compile(
    r"(?:召开|举行|合计|共计|总计|一共|总共|约为|达到|提前到|提高到|约|达|为|至|到|共|近|超|仅|已|有|的|是|于|在|了|由|从|计|自|占|比|逾)+$"
)
_LAST_HAN = re.compile(rf"[{_HAN}]*$")
_FIRST = re.compile(r"[^，。；：！？、␣“”（）《》\n]{4}")
#: A comma, or people told by what they are, between a figure and what is said of it.
_COUNTED = re.compile("^(?:，|干部|党员|职工|人员|群众|队员|学生|企业)")
_LONGEST = 6
_SHORT = 2
_NOUN = re.compile(rf"[{_HAN}]{{{_SHORT}}}")
_NO_LABEL = re.compile("[一二两三四五六七八九十每多余左以不]")
# Bulletins give one thing many figures: of the day, of all days, of every province.
_BULLETIN = re.compile("病例|确诊|新增|累计|感染|出院")
_SENTENCE = re.compile(r"[。；！？\n]")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or a date at ``[start, end)``, its unit included, as printed."""

    start: int
    end: int
    text: str


def moved(
    headline: str,
    said: Figure,
    article: str,
    found: Sequence[Figure],
    same: Callable[[Figure], bool],
    shortest: int = 4,
) -> str:
    """What the article says instead of ``said``, empty where nothing speaks against it.

    Args:
        headline: the normalised headline.
        said: its figure.
        article: the normalised article.
        found: the article's figures of the same kind.
        same: whether a figure of the article says what ``said`` says.
        shortest: characters of a label; three meet by chance beside numbers, hardly beside dates.
    """
    before = _label_before(headline, said.start)
    if len(before) >= shortest:
        theirs = [(f, _label_before(article, f.start)) for f in found]
        for length in range(min(_LONGEST, len(before)), shortest - 1, -1):
            label = before[-length:]
            labelled = [f for f, text in theirs if text.endswith(label)]
            if labelled and not _BULLETIN.search(label):
                near = any(label in _around(article, f)[0] for f in found if same(f))
                return "" if near or any(map(same, labelled)) else labelled[0].text
    behind = _FIRST.match(_COUNTED.sub("", headline[said.end : said.end + 10]))
    if behind and not _BULLETIN.search(behind.group()):
        label = behind.group()[:shortest]
        labelled = [f for f in found if _skip(article, f.end).startswith(label)]
        if labelled:
            near = any(label in _around(article, f)[1] for f in found if same(f))
            return "" if near or any(map(same, labelled)) else labelled[0].text
    return ""


def other_side(
    headline: str, said: Figure, article: str, found: Sequence[Figure], ours: Sequence[Figure]
) -> str:
    """What the article has instead of ``said``, told in the other order: 71.8万吨存煤 of 存煤71.8万吨.

    Two characters beside the figure are enough where the sentences of the headline's own figure lack them.
    """
    behind = _NOUN.match(headline, said.end)
    before = _label_before(headline, said.start)[-_SHORT:]
    for label, front in ((behind.group() if behind else "", False), (before, True)):
        if len(label) < _SHORT or _BULLETIN.search(label) or _NO_LABEL.search(label):
            continue
        if not ours or any(label in part for figure in ours for part in _around(article, figure)):
            continue
        there = [f for f in found if _beside(article, f, label, front)]
        if there and not any(f in ours for f in there):
            pairs = set(map("".join, pairwise(headline)))
            nearest = max(_shared(pairs, article, figure) for figure in ours)
            if nearest <= _shared(pairs, article, there[0]):
                return there[0].text
    return ""


def _shared(pairs: set[str], article: str, figure: Figure) -> int:
    before, behind = _around(article, figure)
    return sum(pair in before or pair in behind for pair in pairs)


def _beside(article: str, figure: Figure, label: str, front: bool) -> bool:
    """Whether a label stands right at a figure, on the side that the headline has not."""
    if front:
        return article.startswith(label, figure.end)
    return _label_before(article, figure.start).endswith(label)


def _skip(article: str, end: int) -> str:
    return _COUNTED.sub("", article[end : end + 12])


def _label_before(text: str, start: int) -> str:
    """The run of characters before a figure, without the words that only link (达, 约为)."""
    run = _LAST_HAN.search(text, max(0, start - 12), start)
    return _LINKS.sub("", run.group()) if run else ""


def _around(article: str, figure: Figure) -> tuple[str, str]:
    """What stands before and behind a figure in its sentence, at most 40 characters each."""
    before = _SENTENCE.split(article[max(0, figure.start - 40) : figure.start])[-1]
    return before, _SENTENCE.split(article[figure.end : figure.end + 40])[0]


_UP = "增长|上涨|上升|提高|增加|上调|回升|提升|涨|增"
_DOWN = "下降|下跌|减少|回落|下调|降低|下滑|减|降|跌"
_WAY = re.compile(rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN}))[^，。；！？\n\d]{{0,3}}$")


def other_way(
    headline: str, said: Figure, article: str, same: Sequence[Figure]
) -> tuple[int, int, str] | None:
    """下降14% where the article has 增长14%: the place of 下降 and what the article says."""
    ours = _WAY.search(headline, max(0, said.start - 8), said.start)
    theirs = [_WAY.search(article, max(0, f.start - 8), f.start) for f in same]
    ways = [t for t in theirs if t]
    if (
        not ours
        or not ways
        or len(ways) < len(theirs)
        or any(bool(t["up"]) == bool(ours["up"]) for t in ways)
    ):
        return None
    word, other = (m["up"] or m["down"] for m in (ours, ways[0]))
    return ours.start(), ours.start() + len(word), f"文中是“{other}”"


_PER = re.compile(
    r"每(?P<unit>学期|小时|分钟|平方米|立方米|公斤|千克|500克|斤|吨|升|亩|公顷|年|月|日|天|周|季度?|米|公里|人|户|名|件|吨公里)"
)
_RATES = ("学期 小时 分钟 年 月 日 天 周 季 季度", "平方米 立方米 公斤 千克 500克 斤 吨 升 亩 公顷 米 公里")
_SAME_RATE = {"千克": "公斤", "500克": "斤", "天": "日", "季度": "季"}


def other_rate(
    headline: str, said: Figure, article: str, same: Sequence[Figure]
) -> tuple[int, int, str] | None:
    """每月 where the article has the same figure 每年: the place of 每月 and what the article says."""
    ours = list(_PER.finditer(headline, max(0, said.start - 10), said.start))
    if not ours or not same:
        return None
    theirs = [{_rate(m["unit"]) for m in _PER.finditer(article, max(0, f.start - 14), f.start)} for f in same]
    for mine in ours:
        group = next((g.split() for g in _RATES if mine["unit"] in g.split()), [])
        if group and all(
            _rate(mine["unit"]) not in rates and rates & {_rate(u) for u in group} for rates in theirs
        ):
            other = sorted(theirs[0] & {_rate(u) for u in group})[0]
            return mine.start(), mine.end(), f"文中是“每{other}”"
    return None


def _rate(unit: str) -> str:
    return _SAME_RATE.get(unit, unit)


_OWNER = re.compile(
    rf"(?:^|(?<=[␣，：、]))(?P<owner>[{_HAN}]{{2,3}}[县区市旗镇乡])(?P<thing>[{_HAN}]{{3,4}})"
)
_NO_OWNER = re.compile(
    "[社城地特园景校厂矿片城]区|城[镇乡市]|中国市|市[场民长委政]|贫困县|大市|城市|全[县区市]|[我本各这那某把在从到]"
)


def other_owner(headline: str, article: str) -> Iterator[tuple[int, int, str]]:
    """甲县某村 where the article has the village only under 乙县."""
    for match in _OWNER.finditer(headline):
        owner, thing = match["owner"], match["thing"]
        length = next((n for n in (4, 3) if len(thing) >= n and thing[:n] in article), 0)
        if not length or _NO_OWNER.search(owner + thing[0]) or owner + thing[:length] in article:
            continue
        part = re.escape(thing[:length])
        owners = re.findall(rf"([{_HAN}]{{2}}[县区市旗镇乡])的?{part}", article)
        if owners and not any(_NO_OWNER.search(o) or owner.endswith(o) for o in owners):
            yield match.start("owner"), match.end("owner"), f"文中是“{owners[0]}”"
