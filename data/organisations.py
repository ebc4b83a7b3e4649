"""Organisations in a headline: known short forms, and names that end in 局, 大学, 公司, 医院 …

An abbreviation stands in the article if its characters come in order inside one name there
(发改委 in 发展和改革委员会), or if the table knows the name it is short for (央行).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from banmian.data.lexicon import Word
from banmian.data.places import NO_NAME
from banmian.data.wordlist import alternatives, listed

_KNOWN = """
央行=中国人民银行 人民银行 人行
发改委=发展改革委 发展和改革委员会 发展改革部门
国家发改委=国家发展改革委 国家发展和改革委员会 发改委
卫健委=卫生健康委 卫生健康部门
国家卫健委=国家卫生健康委 卫健委
卫计委=卫生计生委 卫生和计划生育委员会
国台办=国务院台湾事务办公室 国务院台办 中共中央台办 中央台办
港澳办=港澳事务办公室
国新办=国务院新闻办
国资委=国有资产监督管理委员会
银保监会=银行保险监督管理委员会
银监会=银行业监督管理委员会
保监会=保险监督管理委员会
证监会=证券监督管理委员会
金融监管总局=国家金融监督管理总局
外交部=外交部 外长 发言人 中方 华春莹 耿爽 赵立坚 汪文斌 陆慷 洪磊 毛宁 林剑 郭嘉昆
国防部=国防部 国防部长 防长
教育部=
科技部=科学技术部
工信部=工业和信息化部
公安部=公安机关
民政部=
司法部=
财政部=财长
人社部=人力资源社会保障部 人力资源和社会保障部
自然资源部=
生态环境部=
环保部=环境保护部
国土部=国土资源部
住建部=住房城乡建设部 住房和城乡建设部
交通部=交通运输部
交通运输部=
水利部=
农业部=
农业农村部=
商务部=
文旅部=文化和旅游部
文化部=
退役军人部=退役军人事务部
应急管理部=应急部
应急部=应急管理部
审计署=
最高法=最高人民法院
最高检=最高人民检察院
最高人民法院=最高法
最高人民检察院=最高检
市场监管总局=国家市场监督管理总局
税务总局=税务部门 国家税务
国家统计局=统计局
海关总署=海关
国家药监局=药品监督管理局 食品药品监管
国家医保局=医疗保障局
国家能源局=
国家林草局=国家林业和草原局
国家文物局=
国家邮政局=邮政局
国家航天局=
中国气象局=
中央气象台=气象台 气象部门
中央军委=军委
中组部=中央组织部 中共中央组织部
中宣部=中央宣传部 中共中央宣传部
中央纪委=中纪委 纪律检查委员会
中纪委=中央纪委 纪律检查委员会
国家监委=国家监察委
全国人大=人民代表大会 人大
全国人大常委会=人大常委会
全国政协=政协
国务院=
中央政治局=政治局
全国总工会=
全国妇联=妇女联合会
共青团中央=团中央
中科院=中国科学院
中国科学院=中科院
工程院=
社科院=中国社会科学院
世卫组织=世界卫生组织 世卫
世界卫生组织=世卫
世贸组织=世界贸易组织 WTO
国际货币基金组织=IMF
世界银行=世行
联合国=安理会 教科文
安理会=安全理事会 安理会
欧盟=欧洲联盟 欧洲理事会 欧委会
欧洲央行=欧洲中央银行
北约=北大西洋公约组织
东盟=东南亚国家联盟 东南亚国家
上合组织=上海合作组织
上海合作组织=上合
国际奥委会=国际奥林匹克委员会 奥委会
国际足联=
国际原子能机构=
美联储=联邦储备 联储
亚投行=亚洲基础设施投资银行
中石油=中国石油天然气 中国石油
中石化=中国石油化工 中国石化
中海油=中国海洋石油 中国海油
国家电网=国网
南方电网=
中国移动=
中国联通=
中国电信=
华为=
阿里巴巴=
腾讯=
波音=
空客=空中客车
特斯拉=
苹果公司=
谷歌=
微软=
中国足协=足协 足球协会
中国红十字会=红十字会
红十字会=
国铁集团=国家铁路集团 铁路总公司 铁路部门
中国铁路总公司=铁路总公司 铁总
中国银行=
工商银行=
农业银行=
建设银行=
清华大学=清华
北京大学=北大
"""
_SUFFIXES = frozenset(
    listed(
        """
    大学 学院 医院 银行 集团 公司 法院 检察院 中学 小学 研究院 研究所 研究中心 基金会
    协会 学会 联合会 委员会 出版社 电视台 博物馆 图书馆 纪念馆 美术馆 公安局 总局 交警
    监狱 酒店 机场 书店 剧院 俱乐部 商会 工会
    """
    )
)


@dataclass(frozen=True, slots=True)
class OrganisationMention:
    """An organisation at ``[start, end)``; ``supports`` are strings any of which stands for it."""

    start: int
    end: int
    text: str
    supports: tuple[str, ...]


@lru_cache(maxsize=1)
def known() -> dict[str, tuple[str, ...]]:
    """Short or full form → the strings that stand for the same organisation."""
    table = {}
    for line in _KNOWN.split("\n"):
        name, _, others = line.partition("=")
        if name:
            table[name] = (name, *others.split())
    return table


@lru_cache(maxsize=1)
def _known_pattern() -> re.Pattern[str]:
    return re.compile(f"(?:{alternatives(known())})(?!门)")  # 交通部, but not in 交通部门


def organisations(headline: str, words: list[Word]) -> Iterator[OrganisationMention]:
    """Organisations named in a normalised headline, cut into ``words``."""
    for match in _known_pattern().finditer(headline):
        yield OrganisationMention(match.start(), match.end(), match.group(), known()[match.group()])
    for i, word in enumerate(words):
        if word.kind == "organisation" and word.text not in known():
            yield OrganisationMention(word.start, word.end, word.text, (word.text,))
        elif word.text in _SUFFIXES and i >= 2:
            core = words[i - 2 : i]
            name = core[0].text + core[1].text
            single = all(w.kind == "" and "\u4e00" <= w.text <= "\u9fff" for w in core)
            if single and not set(name) & NO_NAME:
                yield OrganisationMention(core[0].start, word.end, name + word.text, (name,))


def organisation_missing(mention: OrganisationMention, article: str) -> bool:
    """Whether no form of the name stands in the normalised article."""
    if any(form in article for form in mention.supports):
        return False
    return not _in_order(mention.text, article)


def _in_order(name: str, article: str) -> bool:
    """Whether the characters of ``name`` come in order within one phrase, few characters apart."""
    if name[0] not in article:
        return False
    gaps = r"[^，。；：！？“”《》（）\n]{0,5}?".join(map(re.escape, name))
    return re.search(gaps, article) is not None
