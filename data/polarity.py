"""Turned meaning: a headline that says 恢复 where the article only says 不恢复, or 上涨 where it says 下跌.

Meant to be precise. A word is turned only if the article has it in the other sense and never in this one;
and of two opposites only if the article has the one and no word of the other's side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NOT = re.compile(
    r"(?P<no>不得|不能|不会|不再|不予|不准|不许|不必|不应|不可|并未|尚未|从未|未能|未|没有|并非|禁止|严禁|无需|无须|不)"
    r"(?P<word>[\u4e00-\u9fff]{2})"
)
_NEGATIVE_BEFORE = re.compile(
    r"(?:不|未|没|无|非|禁止|严禁|取消|停止|暂停|拒绝|否认|避免|防止|杜绝|难以|反对|谢绝)[^，。；！？\n]{0,4}$"
)
# Words that begin with 不, 未, 无 and turn nothing.
_WORDS = re.compile(
    r"不断|不忘|不仅|不止|不少|不同|不足|不久|不法|不良|不力|不动产|不懈|不朽|不负|不畏|不惧|不怕|不易|不一样|不平凡|不明|不实|不停|不可或缺"
    r"|不到|不顾|不已|不放松|不松劲|不松懈|不动摇|不停步|不打烊|不误|不变|不减|不散|不了|不见|不解|不落|不脱|不离|不如|不惜|不只|不论|不管|不过"
    r"|不锈|不限|不老|不老|不合|不折不扣|不忽视|未来|未成年|未央|未必|未婚|未知|未遂|不要|不可估量|不得不|不能不|不断|不等式|不低于|不少于|不超|不高于"
)
_SIDES = (
    (
        "增长 上涨 上升 增加 提高 上调 回升 提升 增幅 攀升 走高 增至 升至 涨 增 升 扩大 反弹 新高 多",
        "下降 下跌 减少 降低 下调 回落 下滑 跌 降幅 降至 减至",
    ),
    ("通过 同意 批准 赞成 表决通过 获准 准许", "否决 拒绝 驳回 反对 未通过 不同意 未获"),
    ("成功 顺利 圆满 完成 建成", "失败 失利 中止 受挫"),
    ("允许 准许 可以 放开 恢复 开放 解除 取消限", "禁止 严禁 不得 不准 不许 叫停 限制"),
    ("恢复 重启 重开 复 再次 重新 继续 解封 开通", "暂停 取消 停止 中断 关闭 停运 停止 叫停 推迟 延期"),
    ("开通 启用 开放 通车 开业 启动 开工 投入 投运", "关闭 停用 停运 停业 停工 关停"),
    ("支持 赞成 同意 拥护 欢迎", "反对 谴责 抵制 拒绝 抗议 不支持"),
    ("战胜 击败 取胜 获胜 夺冠 胜 力克 大胜 险胜", "不敌 负于 落败 告负 失利 输"),
    ("承认 证实 确认", "否认 不承认 驳斥 辟谣"),
    ("盈利 赢利", "亏损"),
    ("有罪", "无罪"),
    ("阳性", "阴性"),
)
_MAIN = {
    word
    for word in (
        "增长 上涨 上升 增加 提高 上调 回升 下降 下跌 减少 降低 下调 回落 下滑 通过 否决 拒绝 批准 驳回 成功 失败 允许 禁止 严禁"
        " 恢复 暂停 取消 停止 中断 关闭 停运 推迟 开通 启用 停用 反对 战胜 击败 不敌 负于 承认 否认 盈利 亏损 有罪 无罪 阳性 阴性 支持 同意"
    ).split()
}


@dataclass(frozen=True, slots=True)
class Turn:
    """A word at ``[start, end)`` whose sense the article turns, and what the article has instead."""

    start: int
    end: int
    text: str
    article: str


def turns(headline: str, article: str) -> Iterator[Turn]:
    """Words of a normalised headline that say the opposite of the normalised article."""
    negated = list(_negations(headline))
    for start, end, no, word in negated:
        if word in article and no not in ("没有",) and not _said_negated(word, article):
            yield Turn(start, end, headline[start:end], word)
    covered = [(start, end) for start, end, _, _ in negated]
    for match in _NOT.finditer(article):
        word = match["word"]
        place = headline.find(word)
        if place < 0 or _WORDS.match(article, match.start()) or _said_positively(word, article):
            continue
        if not _NEGATIVE_BEFORE.search(headline[:place]) and word not in _TOO_COMMON:
            yield Turn(place, place + 2, word, match.group())
    yield from _opposites(headline, article, covered)


_TOO_COMMON = frozenset("能够 可以 需要 应该 一个 进行 得到".split())


def _negations(text: str) -> Iterator[tuple[int, int, str, str]]:
    for match in _NOT.finditer(text):
        if not _WORDS.match(text, match.start()):
            yield match.start(), match.end(), match["no"], match["word"]


def _said_negated(word: str, article: str) -> bool:
    return any(
        _NEGATIVE_BEFORE.search(article[max(0, m.start() - 8) : m.start()])
        for m in re.finditer(word, article)
    )


def _said_positively(word: str, article: str) -> bool:
    return any(
        not _NEGATIVE_BEFORE.search(article[max(0, m.start() - 8) : m.start()])
        for m in re.finditer(word, article)
    )


def _opposites(headline: str, article: str, covered: list[tuple[int, int]]) -> Iterator[Turn]:
    for sides in _SIDES:
        for here, there in (sides, sides[::-1]):
            opposite = next((word for word in there.split() if len(word) > 1 and word in article), None)
            if opposite is None or any(word in article for word in here.split()):
                continue
            for word in here.split():
                place = headline.find(word)
                if word not in _MAIN or place < 0 or any(a <= place < b for a, b in covered):
                    continue
                if not any(other in headline for other in there.split()):
                    yield Turn(place, place + len(word), word, opposite)
