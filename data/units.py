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
money: 元 块钱 人民币
usd: 美元 美金
eur: 欧元
gbp: 英镑
jpy: 日元
hkd: 港元 港币
rub: 卢布
krw: 韩元
mass: 吨=1000 公吨=1000 千克 公斤 斤=0.5 克=0.001 毫克=0.000001 kg 担=50
length: 公里=1000 千米=1000 km=1000 米 厘米=0.01 毫米=0.001 里=500 英里=1609.344 海里=1852 光年=9.46e15
area: 平方公里=1e6 平方千米=1e6 平方米 平米 亩=666.6667 公顷=1e4
volume: 立方米 升=0.001 毫升=0.000001 立方公里=1e9
power: 千瓦 瓦=0.001 兆瓦=1000
energy: 千瓦时 度电
celsius: 摄氏度 ℃ °C 度
years: 年=12 周年=12 年来=12 年间=12 载=12 个月
calendar: 月 月份
age: 岁 周岁
days: 天 日 周=7 星期=7 个星期=7 昼夜
seconds: 小时=3600 个小时=3600 钟头=3600 分钟=60 秒钟 秒
times: 倍
percent: % ％ 个百分点 百分点
people: 人 名 位 人次 员 口 人份 男 女 烈士 将 具
case: 例
household: 户 家庭
any: 个 双 对
count: 项 条 家 座 处 件 起 宗 架 艘 辆 台 部 套
count: 只 头 棵 株 颗 枚 张 本 册 篇 首 幅 场 届 次
count: 批 期 轮 站 组 队 支 类 种 级 层 号 番 趟 列 班 节
count: 段 门 款 份 片 块 根 粒 箱 盒 瓶 袋 包 车 匹 所
count: 金 银 铜 分 票 国 省 市 县 区 村 镇 乡 州 地 城 校 企 部门
count: 机构 点 局 季度 强 佳 大 步 连 线 集 回 遍 床 手 笔 幢 栋 间
count: 尊 桩 代 单 标 路 星 席 案 标段
count: 关 面 味 句 字 声 页 章 卷 孔 井
"""


def _read_table() -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for line in filter(None, _TABLE.split("\n")):
        dimension, _, names = line.partition(": ")
        for entry in names.split():
            name, _, factor = entry.partition("=")
            units[name] = Unit(dimension, float(factor or 1), name)
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
    if "case" in (a, b) and {a, b} & {"people", "count"}:
        return bool(_ILL.search(around))
    if {a, b} == {"years", "calendar"}:
        return "个月" in (one.text, other.text)  # 前11个月 is 1至11月
    return {a, b} == {"household", "count"}


def conflict(one: Unit, other: Unit) -> bool:
    """Whether both units are known and cannot stand for the same thing."""
    return bool(one.dimension and other.dimension) and not agree(one, other)
