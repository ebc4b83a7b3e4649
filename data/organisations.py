"""Organisations in a headline: known short forms, and names that end in 局, 大学, 公司, 医院 …

An abbreviation stands in the article if its characters come in order inside one name there
(发改委 in 发展和改革委员会), or if the table knows the name it is short for (央行).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

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
_SUFFIXES = (
    "大学|学院|医院|银行|集团|公司|法院|检察院|中学|小学|研究院|研究所|研究中心|基金会|协会|学会|联合会|委员会|出版社|电视台|航空"
    "|博物馆|图书馆|纪念馆|美术馆|公安局|总局|交警|监狱|酒店|机场|书店|剧院|俱乐部|商会|工会"
)
_NAMED = re.compile(rf"(?P<core>[\u4e00-\u9fff]{{2}})(?P<kind>{_SUFFIXES})")
# What stands before 医院, 公司 … without naming one.
_COMMON = frozenset(
    "方舱 定点 上市 商业 中央 人民 高等 职业 综合 三甲 互联 网络 开发 投资 有限 股份 责任 跨国 科技 技术 师范 农业 理工 医科 科学 工业 工程"
    " 交通 国有 民营 企业 大型 龙头 知名 世界 全国 国家 中国 国际 地方 基层 乡镇 社区 县级 公立 民办 私立 妇幼 儿童 中医 传染 多所 一所 两所"
    " 三所 各大 部分 重点 示范 中心 高级 中级 基层 最高 巡回 互联网 电影 网上 社会 老年 党员 开放 实验 希望 多家 一家 两家 三家 本市 我国 我市"
    " 专科 附属 第一 第二 第三 总医 野战 军队 解放 专业 行业 产业 地铁 公交 保险 快递 物流 电力 铁路 旅游 航空 航天 国内 海外 外国 外资 首家"
    " 首个 首座 首批 全球 民用 通用 中国 支线 新建 枢纽 军用 直播 应用 体育 音乐 艺术 美术 慈善 公益 青年 妇女 残疾 作家 记者 律师 消费 学术"
    " 常务 组织 管理 指导 评审 筹备 执行 专门 监督 革命 历史 自然 烈士 抗战 抗日 战争 战役 数字 智慧 公共 移动 城市 农村 乡村 国营 机关 基层"
    " 网络 的大 等大 进大 入大 考大 所大 上大 读大 名大 流大 办大 学大 心大 型小 级小 和中 是中 在中 新大 超大 更大".split()
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
    return re.compile("|".join(sorted(known(), key=len, reverse=True)))


def organisations(headline: str) -> Iterator[OrganisationMention]:
    """Organisations named in a normalised headline."""
    for match in _known_pattern().finditer(headline):
        yield OrganisationMention(match.start(), match.end(), match.group(), known()[match.group()])
    for match in _NAMED.finditer(headline):
        if match["core"] not in _COMMON:
            yield OrganisationMention(match.start(), match.end(), match.group(), (match["core"],))


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
