"""Persons in a headline: found by what stands around a name, because a name's characters are words too.

A name is read where a title comes before it (市长阳卫国), a verb of saying or going behind it at the start
of a clause (阳卫国强调), a title behind it (钟南山院士), or a middle dot inside it (何塞·马蒂).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from banmian.data.surnames import COMPOUND_SURNAMES, SURNAMES

_HAN = r"\u4e00-\u9fff"
_TITLES_BEFORE = (
    "市委书记|省委书记|县委书记|区委书记|党委书记|党组书记|副书记|总书记|书记|副省长|省长|副市长|市长|副县长|县长|副区长|区长|镇长|乡长"
    "|村支书|副总理|总理|首相|副总统|总统|国家主席|委员长|副主席|主席|部长|外长|防长|财长|司令|局长|厅长|处长|院长|校长|所长|馆长|行长"
    "|会长|秘书长|董事长|总经理|总裁|发言人|教授|院士|医生|护士|民警|战士|烈士|航天员|宇航员|运动员|选手|教练|导演|作家|演员|歌手|记者"
    "|同志|老人|女孩|男孩|教师|老师|青年|英雄|模范|楷模|女王|国王|天皇|教皇|州长|议长|总干事|大使|特首|行政长官"
)
_TITLES_BEHIND = "同志|院士|教授|先生|女士|医生|主席|总理|总统|书记|市长|省长|县长|部长|外长|院长|校长|老师|烈士|总书记|首相|将军|等人|一行|夫妇"
_SAYING = (
    "强调|指出|表示|主持|出席|会见|会谈|调研|考察|致信|致电|致贺|致辞|发表|访问|抵达|宣布|要求|看望|慰问|宣誓|当选|就任|连任|辞职"
    "|去世|逝世|病逝|回应|呼吁|批准|签署|通电话|率队|率团|带队|检查|督导|督查|暗访|走访|参加|会晤|接受|批示|作出|介绍|赴|率|说|称|谈"
    "|任|夺冠|夺得|摘金|摘得|获|晋级|击败|战胜|晤|吁|否认|承认|警告|谴责|反对|支持|被|向|对|就|同|与|和|在"
)
_STRONG_SAYING = frozenset(_SAYING.split("|")) - frozenset(
    "任 获 被 向 对 就 同 与 和 在 谈 支持 反对 介绍 检查 参加 要求".split()
)
_LEFT = r"(?:^|(?<=[，。；：！？、“”《》（）␣—·\s]))"
_SURNAME = "(?:" + "|".join(sorted(COMPOUND_SURNAMES)) + "|[" + "".join(SURNAMES) + "])"
_TITLED = re.compile(rf"(?:{_TITLES_BEFORE})(?P<name>{_SURNAME}[{_HAN}]{{1,2}})")
_SPEAKING = re.compile(
    rf"{_LEFT}(?P<name>{_SURNAME}(?:[{_HAN}]{{2}}(?=(?P<two>{_SAYING}|[：、␣]))|[{_HAN}](?=(?P<one>{_SAYING}|[：、␣]))))"
)
_ADDRESSED = re.compile(rf"(?P<name>{_SURNAME}[{_HAN}]{{1,2}})(?={_TITLES_BEHIND})")
_DOTTED = re.compile(rf"[{_HAN}]{{1,7}}(?:[·・•‧][{_HAN}]{{1,7}})+")
_LETTERS = (
    "阿埃艾安奥巴贝本比彼宾伯博布查达戴丹德蒂迪杜厄恩尔法菲费芬弗福盖戈格古哈海汉赫亨霍基吉加贾杰卡凯坎康考科克肯库拉莱兰朗劳勒雷"
    "里利林隆卢鲁伦罗洛马麦曼梅蒙米密莫默姆穆纳奈内尼诺努欧帕潘佩皮珀普奇齐乔丘萨塞桑沙圣施史舒斯苏索塔泰坦汤特提图托瓦万威韦维温"
    "沃乌武西希夏肖谢辛休雅亚扬耶伊易因尤约泽扎詹珍朱兹佐登朴槿惠晋三菅义伟宁娜妮莎茨廷岑辞洪森帅彪穹拜滕肃琳妲"
)
_FOREIGN = re.compile(rf"[{_LETTERS}]{{2,7}}")
_FOREIGN_CONTEXT_BEFORE = re.compile(rf"(?:{_TITLES_BEFORE}|^|[，。；：！？、“”␣])$")
_FOREIGN_CONTEXT_BEHIND = re.compile(rf"(?:{_SAYING}|{_TITLES_BEHIND}|政府|团队|[：、]|$)")


@dataclass(frozen=True, slots=True)
class NameMention:
    """A name at ``[start, end)``; ``sure`` where the surroundings leave little doubt that it is one."""

    start: int
    end: int
    text: str
    sure: bool


def names(headline: str) -> Iterator[NameMention]:
    """Candidates for persons' names in a normalised headline; spans may overlap."""
    for match in _DOTTED.finditer(headline):
        yield NameMention(match.start(), match.end(), match.group(), True)
    for match in _TITLED.finditer(headline):
        yield _mention(match, match["name"], True)
    for match in _SPEAKING.finditer(headline):
        verb = match["two"] or match["one"]
        yield _mention(match, match["name"], verb in _STRONG_SAYING and len(match["name"]) == 3)
    for match in _ADDRESSED.finditer(headline):
        yield _mention(match, match["name"], False)
    for match in _FOREIGN.finditer(headline):
        before, behind = headline[: match.start()], headline[match.end() :]
        if _FOREIGN_CONTEXT_BEFORE.search(before) and _FOREIGN_CONTEXT_BEHIND.match(behind):
            yield NameMention(match.start(), match.end(), match.group(), len(match.group()) >= 3)


def _mention(match: re.Match[str], name: str, sure: bool) -> NameMention:
    start = match.start("name")
    return NameMention(start, start + len(name), name, sure)


def name_missing(mention: NameMention, article: str) -> bool:
    """Whether the article surely lacks the person; a string that may be a common word is not missing."""
    name = mention.text
    if name in article:
        return False
    dotted = re.split("[·・•‧]", name)
    if len(dotted) > 1:
        return not any(part in article for part in dotted if len(part) > 1)
    if any(name[i : i + 2] in article for i in range(len(name) - 1)):
        return False
    if name[0] not in SURNAMES:
        return mention.sure
    everyday = name[1] in SURNAMES[name[0]]
    if mention.sure:
        return not everyday
    inner = len(name) == 3 and name[1] in SURNAMES and name[2] in SURNAMES[name[1]]
    return len(name) == 3 and not everyday and not inner
