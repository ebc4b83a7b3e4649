"""Words that have an opposite, with the side they take in a text: 恢复 and 暂停, 不恢复 with the latter.

``polarity`` asks whether the article has a word in the headline's sense at all. Where it has both senses, of
different things, the alignment (:mod:`banmian.data.misplaced`) asks which of them stands in this place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from banmian.data.wordlist import alternatives, listed

#: What moves, what is let or stopped, what is agreed to, who wins: one side and the other.
_AXES = (
    (
        "增长 上涨 上升 增加 提高 上调 回升 提升 攀升 走高 增至 升至 扩大 提前 增幅 涨幅",
        "下降 下跌 减少 降低 下调 回落 下滑 降至 减至 缩小 压缩 推迟 延后 降幅 跌幅",
    ),
    (
        "恢复 重启 开通 开放 启用 允许 准许 可以 可 放开 照常 解除 有效 保留 继续执行",
        "暂停 停止 取消 关闭 停用 停运 停业 禁止 严禁 不得 不准 不许 不可 不能 封闭 叫停 谢绝 废止 作废 撤销",
    ),
    ("通过 同意 批准 支持 赞成 受理 予以", "否决 拒绝 驳回 反对 不予"),
    ("战胜 击败 取胜 获胜 力克 险胜 轻取", "不敌 负于 落败 告负 失利"),
    ("成功 属实 合格 达标 盈利", "失败 失实 超标 亏损"),
)
_SHORT = r"(?P<rise>[涨升增])(?=\d|了|近|超|至)|(?P<fall>[跌降减])(?=\d|了|近|超|至)"
_NOT = r"(?P<no>不再|不予|并未|尚未|从未|未能|均未|未|没有|并非|暂不|不)?"
_NO_WORD = re.compile(
    "可能|可靠|可持续|可行|可见|可以说|许可|认可|可谓|不可或缺|不断|未来|尽可能|可望|不能不"
)
_SIDES = {
    word: (axis, side)
    for axis, sides in enumerate(_AXES)
    for side, words in enumerate(sides)
    for word in listed(words)
}
_STANCE = re.compile(f"{_NOT}(?P<word>{alternatives(_SIDES)})|{_SHORT}")


@dataclass(frozen=True, slots=True)
class Stance:
    """A word at ``[start, end)``, its negation included, and the ``side`` it takes on its ``axis``."""

    start: int
    end: int
    text: str
    axis: int
    side: int


def stances(text: str) -> Iterator[Stance]:
    """Every stance of a normalised text in order."""
    masked = _NO_WORD.sub(lambda match: "□" * len(match.group()), text)
    for match in _STANCE.finditer(masked):
        axis, side = _SIDES[match["word"]] if match["word"] else (0, 0 if match["rise"] else 1)
        turned = side ^ bool(match["word"] and match["no"])
        yield Stance(match.start(), match.end(), match.group(), axis, turned)
