"""Units of Chinese news text: which of them measure the same thing, and by what factor.

A unit is ``(dimension, factor)``. Two quantities can agree only within a dimension; ``count`` words for
things (项, 条, 家 …) stand for each other in print and share one, and 个 goes with anything counted.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Unit(NamedTuple):
    """What a unit measures and how many base units it is; ``dimension`` is empty for an unknown one."""

    dimension: str
    factor: float = 1.0
    text: str = ""


UNKNOWN = Unit("")

_TABLE = """
money 元 1 块钱 1 人民币 1
usd 美元 1 美金 1
eur 欧元 1
gbp 英镑 1
jpy 日元 1
hkd 港元 1 港币 1
rub 卢布 1
krw 韩元 1
mass 吨 1000 公吨 1000 千克 1 公斤 1 斤 0.5 克 0.001 毫克 0.000001 kg 1 担 50
length 公里 1000 千米 1000 米 1 厘米 0.01 毫米 0.001 里 500 英里 1609.344 海里 1852 光年 9.46e15 km 1000
area 平方公里 1000000 平方千米 1000000 平方米 1 平米 1 亩 666.6667 公顷 10000
volume 立方米 1 方 1 升 0.001 毫升 0.000001 立方公里 1e9
power 千瓦 1 瓦 0.001 兆瓦 1000
energy 千瓦时 1 度电 1
celsius 摄氏度 1 ℃ 1 °C 1 度 1
years 年 12 周年 12 年来 12 年间 12 载 12 年度 12 个月 1
calendar 月 1 月份 1
age 岁 1 周岁 1
days 天 1 日 1 周 7 星期 7 个星期 7 昼夜 1
seconds 小时 3600 个小时 3600 钟头 3600 分钟 60 秒钟 1 秒 1
times 倍 1
percent % 1 ％ 1 个百分点 1 百分点 1
people 人 1 名 1 位 1 人次 1 员 1 口 1 人份 1 男 1 女 1 烈士 1 将 1
case 例 1
household 户 1 家庭 1
any 个 1 多个 1
count 项 1 条 1 家 1 座 1 处 1 件 1 起 1 宗 1 架 1 艘 1 辆 1 台 1 部 1 套 1 只 1 头 1 棵 1 株 1 颗 1 枚 1 张 1
count 本 1 册 1 篇 1 首 1 幅 1 场 1 届 1 次 1 批 1 期 1 轮 1 站 1 组 1 队 1 支 1 类 1 种 1 级 1 层 1 号 1 番 1
count 趟 1 列 1 班 1 节 1 段 1 门 1 款 1 份 1 片 1 块 1 根 1 粒 1 箱 1 盒 1 瓶 1 袋 1 包 1 车 1 匹 1 对 1 双 1 所 1
count 金 1 银 1 铜 1 分 1 票 1 国 1 省 1 市 1 县 1 区 1 村 1 镇 1 乡 1 州 1 地 1 城 1 校 1 企 1 部门 1 机构 1 点 1 局 1
count 季度 1 公里处 1 强 1 佳 1 大 1 步 1 连 1 线 1 集 1 回 1 遍 1 床 1 手 1 笔 1 幢 1 栋 1 间 1 尊 1 具 1 桩 1 代 1
count 单 1 万次 1 标 1 路 1 星 1 席 1 案 1 标段 1 关 1 面 1 味 1 句 1 字 1 声 1 页 1 章 1 章节 1 卷 1 孔 1 井 1 口井 1
"""


def _read_table() -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for line in _TABLE.split("\n"):
        dimension, *rest = line.split() or [""]
        for name, factor in zip(rest[::2], rest[1::2], strict=True):
            units[name] = Unit(dimension, float(factor), name)
    return units


UNITS = _read_table()
#: The longest unit at a place, as a pattern to put behind a number.
UNIT_PATTERN = "|".join(re.escape(name) for name in sorted(UNITS, key=len, reverse=True))

_COUNTED = {"people", "case", "household", "count", "any"}
_MONEY = {"money", "usd", "eur", "gbp", "jpy", "hkd", "rub", "krw"}
_ILL = re.compile(r"病例|患者|确诊|感染|死亡|病亡|治愈|出院|疑似|无症状|阳性|检出|病人")


def agree(one: Unit, other: Unit, around: str = "") -> bool:
    """Whether two units may stand for the same thing.

    ``around`` is the article's text at the number: patients are counted by 例, 名 and 人 alike.
    """
    a, b = one.dimension, other.dimension
    if a == b or not a or not b:
        return True
    if "any" in (a, b):
        return a in _COUNTED and b in _COUNTED
    if {a, b} == {"people", "case"}:
        return bool(_ILL.search(around))
    if {a, b} == {"years", "calendar"}:
        return "个月" in (one.text, other.text)  # 前11个月 is 1至11月
    return {a, b} == {"household", "count"}


def conflict(one: Unit, other: Unit) -> bool:
    """Whether both units are known and cannot stand for the same thing."""
    return bool(one.dimension and other.dimension) and not agree(one, other)
