"""Persons in a headline: found by what stands around a name, because a name's characters are words too.

A name is read where a title comes before it (市长阳卫国), a verb behind it at the start of a clause
(阳卫国强调), a title behind it (钟南山院士), a middle dot inside it (何塞·马蒂), or where three characters
that are no words begin with a frequent family name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from banmian.data.lexicon import Word
from banmian.data.surnames import COMPOUND, FREQUENT, SURNAMES
from banmian.data.wordlist import listed

_HAN = r"\u4e00-\u9fff"
_TITLES = listed("""
书记 总书记 省长 副省长 市长 副市长 县长 副县长 区长 副区长 镇长 乡长 村支书
总理 副总理 首相 总统 副总统 国家主席 委员长 主席 副主席 部长 外长 防长 财长 司令
局长 厅长 处长 院长 校长 所长 馆长 行长 会长 秘书长 董事长 总经理 总裁 发言人
教授 院士 医生 护士 民警 战士 烈士 航天员 宇航员 运动员 选手 教练 导演 作家 演员
歌手 记者 同志 老人 女孩 男孩 教师 老师 青年 英雄 模范 楷模 女王 国王 天皇 教皇
州长 议长 总干事 大使 特首 行政长官
""")
_TITLES_BEHIND = listed("""
同志 院士 教授 先生 女士 医生 主席 总理 总统 书记 市长 省长 县长 部长 外长 院长
校长 老师 烈士 总书记 首相 将军 等人 一行 夫妇 案 专访 生平 精神 事迹 先进事迹
之女 之子
""")
_VERBS = listed("""
强调 指出 表示 主持 出席 会见 会谈 调研 考察 致信 致电 致贺 致辞 发表 访问 抵达
宣布 要求 看望 慰问 宣誓 当选 就任 连任 辞职 去世 逝世 病逝 回应 呼吁 批准 签署
通电话 率队 率团 率领 带队 检查 督导 督查 暗访 走访 参加 会晤 接受 批示 作出 介绍
讲话 部署 坐镇 深夜 夜查 督战 调度 专题 深入 来到 作具体 作部署 作安排 巡查 通报 宣读 揭牌
夺冠 夺得 摘金 摘银 晋级 击败 战胜 首胜 闯入 否认 承认 承诺 警告 谴责 反对 支持
拒绝 敦促 重申 坦言 出访 缺席 亮相 现身 退役 受审 被捕 遇害 递交 考上 成功 两破 严重违纪 分别
    举行 复信 视察 卫冕 邀请
赴 率 说 称 谈 任 获 晤 吁 被 向 对 就 同 与 和 在 破 因 将 已 再 也 弈
""")
_GAPS = "，。；：！？、“”《》（）␣— "
_TITLE_ENDS = re.compile(f"(?:{'|'.join(_TITLES)})$")
_BEHIND = re.compile("|".join([*_VERBS, *_TITLES_BEHIND, "[：、␣》”]"]))
_TITLE_BEHIND = re.compile("|".join(_TITLES_BEHIND))
_BEFORE_NAMES = "对与和同向给为称由让请被访见授悼学"
# Family names that are words as well: what follows must speak for a name.
_ALSO_WORDS = frozenset("任成解路古段连车时关单计从满于向方和白高金曾常边经安全都展花平齐游")
_NOT_GIVEN = frozenset(
    "就再也已因破说称率赴对向同百千万亿四官官会又任当今起将已致被在与和等获称的了是不为上下中至到年月日"
)
# 韩总统, 乌当局: a country's letter is a family name as well.
_OFFICES = frozenset([*_TITLES, *listed("当局 各界 法务 官员 军方 媒体 政府 议会 警方 外交 国防")])
_DOT = re.compile("[·・•‧]")
#: The characters that spell foreign names.
_LETTERS = frozenset(
    """
    阿埃艾安奥巴贝本比彼宾伯博布查达戴丹德蒂迪登杜厄恩尔法菲费芬弗夫福盖戈格古哈海
    汉赫亨霍基吉加贾杰金卡凯坎康考科克肯库拉莱兰朗劳勒雷里利林隆卢鲁伦罗洛马麦曼梅蒙
    米密莫默姆穆纳奈内尼诺努欧帕潘佩皮珀普奇齐乔丘萨塞桑沙圣施史舒斯苏索塔泰坦汤特提
    图托瓦万威韦维温沃乌武西希夏肖谢辛休雅亚扬耶伊易因尤约泽扎詹珍朱兹佐朴槿惠晋三菅
    义伟宁娜妮莎茨廷岑辞洪森帅彪穹拜滕肃琳妲
    """.replace("\n", "").replace(" ", "")
)


_PART = rf"(?:[{''.join(_LETTERS)}]{{1,8}}|[{_HAN}]{{2}})"
_DOTTED = re.compile(rf"{_PART}(?:[·・•‧]{_PART})+")


@dataclass(frozen=True, slots=True)
class NameMention:
    """A name at ``[start, end)``; ``sure`` where the surroundings leave little doubt that it is one."""

    start: int
    end: int
    text: str
    sure: bool


def names(headline: str, words: list[Word]) -> Iterator[NameMention]:
    """Candidates for persons' names in a normalised headline, cut into ``words``; spans may overlap."""
    for match in _DOTTED.finditer(headline):
        if sum(c in _LETTERS for c in match.group()) >= 0.6 * (len(match.group()) - 1):
            yield NameMention(match.start(), match.end(), match.group(), True)
    for i, word in enumerate(words):
        if word.kind in ("person", "foreign"):
            yield NameMention(word.start, word.end, word.text, True)
        elif word.text in SURNAMES or word.text in COMPOUND:
            yield from _chinese(headline, words, i)
    yield from _foreign(headline, words)


def _chinese(headline: str, words: list[Word], i: int) -> Iterator[NameMention]:
    """The family name ``words[i]`` with a given name: two characters (李 志 强) or a word (王 建国)."""
    first, before = words[i], headline[: words[i].start]
    titled = bool(_TITLE_ENDS.search(before))
    clause = not before or before[-1] in _GAPS
    given = words[i + 1 : i + 3]
    if len(given) == 2 and all(_is_single(w) for w in given) and not {w.text for w in given} & _NOT_GIVEN:
        behind = headline[given[1].end :]
        spoken_for = titled or (bool(_BEHIND.match(behind)) and (clause or first.text in FREQUENT))
        after_word = clause or words[i - 1].kind != "" or words[i - 1].text in _BEFORE_NAMES
        free = first.text in FREQUENT - _ALSO_WORDS and _word_at(words, i + 3)
        if (after_word and (spoken_for or free)) or titled:
            name = headline[first.start : given[1].end]
            yield NameMention(first.start, given[1].end, name, spoken_for)
            return
    if given and _may_be_given(given[0]):
        verb = _BEHIND.match(headline, given[0].end)
        name = headline[first.start : given[0].end]
        if titled and first.text in FREQUENT and (verb or len(name) > 2 or _word_at(words, i + 2)):
            yield NameMention(first.start, given[0].end, name, True)
        elif (clause and verb and (len(name) > 2 or first.text in FREQUENT)) or (
            len(name) > 2 and _TITLE_BEHIND.match(headline, given[0].end)
        ):
            doubtful = first.text in _ALSO_WORDS or given[0].text in _NOT_GIVEN
            said = verb.group() if verb else ""
            sure = len(said) > 1 or (said != "" and said not in _GAPS and not doubtful)
            yield NameMention(first.start, given[0].end, name, sure)


def _is_single(word: Word) -> bool:
    return word.kind == "" and "\u4e00" <= word.text <= "\u9fff"


def _may_be_given(word: Word) -> bool:
    return (_is_single(word) or (word.kind == "word" and len(word.text) == 2)) and word.text not in _OFFICES


def _word_at(words: list[Word], place: int) -> bool:
    """Whether the headline ends here, or goes on with a word or a sign rather than a single character."""
    return place >= len(words) or words[place].kind != "" or words[place].text in _GAPS


def _foreign(headline: str, words: list[Word]) -> Iterator[NameMention]:
    """Three characters or more of those that spell foreign names, none of them in a common word."""
    i = 0
    while i < len(words):
        last = i
        while last < len(words) and words[last].kind == "" and words[last].text in _LETTERS:
            last += 1
        if last - i >= 3:
            start, end = words[i].start, words[last - 1].end
            yield NameMention(start, end, headline[start:end], True)
        i = max(last, i + 1)


def name_missing(mention: NameMention, article: str) -> bool:
    """Whether the article surely lacks the person.

    A pair of the name's characters in the article may mean that the name is none, unless the article has a
    name of the same length with one character changed (阳卫东 for 阳卫国).
    """
    name = mention.text
    if name in article:
        return False
    parts = _DOT.split(name)
    if len(parts) > 1:
        return not any(part in article for part in parts if len(part) > 1)
    pairs = [name[i : i + 2] in article for i in range(len(name) - 1)]
    if len(name) > 3:
        return sum(pairs) <= len(pairs) / 2  # the article may spell a part of a foreign name alike
    if not set(name) <= _LETTERS and name[1] in SURNAMES.get(name[0], ()):
        return False
    if any(pairs):
        return mention.sure and name[0] in FREQUENT and bool(misspelt(name, article))
    return mention.sure or len(name) == 3


def misspelt(name: str, article: str) -> str:
    """The article's name that differs from ``name`` in one character after the first, or nothing."""
    if len(name) < 3:
        return ""
    forms = (name[:i] + f"[{_HAN}]" + name[i + 1 :] for i in range(1, len(name)))
    match = re.search("|".join(forms), article)
    return match.group() if match else ""
