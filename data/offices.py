"""Persons of the article against those of a headline: a character changed, another's office, nobody's name.

``names`` reads names by what stands around them in the headline. Here the article leads: it tells how the
holder of an office is called and which office a name holds, so that 市长李建明 is wrong where the article
has 市长李建民, and so is 市长王伟 where it has 市委书记王伟.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from banmian.data.lexicon import lexicon
from banmian.data.surnames import COMPOUND, SURNAMES
from banmian.data.wordlist import alternatives, listed

_HAN = r"\u4e00-\u9fff"
#: Offices that one person holds and another does not; 副 and 常务 stand before them.
_OFFICES = listed("""
书记 市长 县长 区长 省长 镇长 乡长 州长 旗长 盟长 部长 局长 厅长 主席 主任 秘书长 董事长 总经理 院长 校长
""")
_OFFICE = re.compile(
    rf"(?P<of>(?:[市县区省州旗镇乡]|中)?(?:委常委|委|政协|人大常委会|人大|政府)?)"
    rf"(?P<office>(?:常务)?副?(?:{alternatives(_OFFICES)}))"
)
#: Whoever may be named after his work: what a headline or an article puts before a name.
_ROLES = listed("""
台长 队长 班长 组长 科长 处长 股长 所长 站长 馆长 园长 厂长 社长 店长 船长 机长 护士长 段长 团长 会长 行长
理事长 村支书 支书 发言人 负责人 工程师 技术员 农技员 设计师 医师 医生 护士 教师 老师 校医 教练 经理
会计 司机 驾驶员 民警 辅警 快递员 网格员 安检员 志愿者 记者 工人 职工 挡车工 焊工 电工 师傅 农民
机手 菜农 种粮大户 种植大户 养殖户 种植户 摊主 居民 村民 市民 老人 老兵 战士 干部 专家 教授 院士
学生 同学 选手 队员 门将 劝导员
""")
_TITLE = alternatives([*_OFFICES, *_ROLES])
_SAYS = alternatives(
    listed("""
    说 表示 强调 指出 要求 主持 介绍 认为 坦言 出席 参加 讲话 告诉 回忆 透露 解释 宣布
    坐镇 深夜 夜查 督战 调度 专题 深入 来到 率队 带队 会见 巡查 宣读 揭牌
    呼吁 叮嘱 带 率 在 到 赴 用 把 正 就 当 从 被 和 与 给 一 今年 的 是 又 也 还 算 笑
    已 将 作 获 称 等 曾 没 调研 督导 检查 通报 部署 点名 走访 看望 打 涉
    """)
)
_BEHIND = re.compile(rf"[，。；：！？、␣“”（）\n]|$|{_SAYS}")
_CHAIN = re.compile(r"[^，。；：！？␣“”（）\n]{0,30}$")
_ENDS_IN_TITLE = re.compile(rf"(?:{alternatives(_OFFICES)})(?:、[^、]*[长任记席委员])?$")
_SURNAMES = frozenset(SURNAMES)
_ACTS = re.compile(
    rf"(?:^|[␣，；：])(?P<name>[{_HAN}]{{3}})"
    r"(?=讲话|主持|出席|部署|坐镇|督导|会见|调研|看望|慰问|夜查|深夜|强调|指出|率队|带队|作具体|检查|走访|参加)"
)
_BEHIND_TITLE = re.compile(rf"(?:{_TITLE})(?=(?P<name>[{_HAN}]{{3}}))")
_SPEAKING = re.compile(rf"(?:^|[，。；：！？␣“”、\n])(?P<name>[{_HAN}]{{3}})(?={_SAYS})")

Person = tuple[int, int, str]
"""Start and end in the headline, and the reason in Chinese."""


def persons(headline: str, article: str) -> Iterator[Person]:
    """Names of a normalised headline that the normalised article spells otherwise or gives another office."""
    yield from _changed(headline, article)
    yield from _acting(headline, article)
    yield from _titled(headline, article)
    yield from _other_office(headline, article)


@lru_cache(maxsize=64)
def named(article: str) -> frozenset[str]:
    """Names of three characters in a normalised article: behind a title, or speaking at a clause's start."""
    found = (match["name"] for pattern in (_BEHIND_TITLE, _SPEAKING) for match in pattern.finditer(article))
    return frozenset(
        name for name in found if name[0] in _SURNAMES and (name[:2] in COMPOUND or name[:2] not in lexicon())
    )


def _changed(headline: str, article: str) -> Iterator[Person]:
    """Three characters that differ in one from a name of the article."""
    known = named(article)
    if not known:
        return
    for start in range(len(headline) - 2):
        other = headline[start : start + 3]
        if other[0] not in _SURNAMES or other in article or not _BEHIND.match(headline, start + 3):
            continue
        name = next((name for name in known if sum(map(str.__ne__, name, other)) == 1), "")
        if name and (other[:2] not in lexicon() or other[:2] == name[:2]):
            yield start, start + 3, f"文中是“{name}”"


def _acting(headline: str, article: str) -> Iterator[Person]:
    """A name that does what officials do, none of whose pairs of characters the article has."""
    for match in _ACTS.finditer(headline):
        name = match["name"]
        known = name in lexicon() or any(pair in article for pair in (name[:2], name[1:]))
        if name[0] in _SURNAMES and not known:
            yield *match.span("name"), f"文中没有“{name}”"


def _titled(headline: str, article: str) -> Iterator[Person]:
    """A name after a title, where the article names another of that family name with that title."""
    for match in re.finditer(_TITLE, headline):
        start = match.end()
        for length in (2, 3):
            name = headline[start : start + length]
            if len(name) < length or not re.fullmatch(f"[{_HAN}]+", name) or name[0] not in _SURNAMES:
                break
            if name[:2] in article or not _BEHIND.match(headline, start + length):
                continue
            other = re.search(rf"{match.group()}({name[0]}[{_HAN}]{{{length - 1}}})", article)
            if other and other[1] != name:
                yield start, start + length, f"文中是“{other[1]}”"
                break
            if (
                length == 3
                and name[1:] not in article
                and name[1:] not in lexicon()
                and name[:2] not in lexicon()
            ):
                yield start, start + length, f"文中没有“{name}”"
                break


def _other_office(headline: str, article: str) -> Iterator[Person]:
    """市长王伟, where every office that the article gives 王伟 is another."""
    for match in _OFFICE.finditer(headline):
        name = _name_behind(headline, match.end(), article)
        if not name:
            continue
        chains = [
            _CHAIN.search(article, max(0, m.start() - 30), m.start()) for m in re.finditer(name, article)
        ]
        offices = [c.group() for c in chains if c and _ENDS_IN_TITLE.search(c.group())]
        if offices and not any(_holds(match["office"], match["of"], chain) for chain in offices):
            if match["office"] + name in article or name + match["office"] in article:
                continue
            yield match.start(), match.end() + len(name), f"文中{name}是“{offices[0].split('、')[-1][-10:]}”"


def _name_behind(headline: str, start: int, article: str) -> str:
    """The name at ``start`` that the article has too, empty if there is none."""
    for length in (4, 3, 2):
        name = headline[start : start + length]
        if len(name) == length and name in article and _BEHIND.match(headline, start + length):
            return name if name[0] in _SURNAMES or length == 2 else ""
    return ""


def _holds(office: str, of: str, chain: str) -> bool:
    """Whether a chain of offices (市委副书记、市长) has this one; 副市长 is not 市长."""
    plain = office.removeprefix("常务")
    guard = "" if plain.startswith("副") else "(?<!副)"
    unit = re.escape(of[-2:]) if of[-2:] in ("市委", "县委", "区委", "省委", "州委", "政协", "人大") else ""
    return re.search(rf"{unit}[^、]{{0,12}}?{guard}{plain}", chain) is not None
