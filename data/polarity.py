"""Turned meaning: a headline that says 恢复 where the article only says 不恢复, or 上涨 where it says 下跌.

Meant to be precise. A word is turned only if the article has it in the other sense and never in this one;
and of two opposites only if the article has the one and no word of the other's side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from banmian.data.lexicon import lexicon
from banmian.data.wordlist import alternatives, listed

_NOT = re.compile(
    r"(?P<no>不得|不能|不会|不再|不予|不准|不许|不必|不应|不可|并未|尚未|从未|未能|未|没有|并非|禁止|严禁|无需|无须|不)"
    r"(?P<word>[\u4e00-\u9fff]{2})"
)
# What begins with 不, 未 or 无 and turns nothing.
_WORDS = re.compile(
    alternatives(
        listed(
            """
    不断 不忘 不仅 不止 不少 不同 不足 不久 不法 不良 不力 不动产 不懈 不朽 不负 不畏
    不惧 不怕 不易 不一样 不平凡 不明 不实 不停 不可或缺 不到 不顾 不已 不放松 不松劲
    不松懈 不动摇 不停步 不打烊 不误 不变 不减 不散 不了 不见 不解 不落 不脱 不离 不如
    不惜 不只 不论 不管 不过 不锈 不限 不老 不合 不折不扣 不忽视 未来 未成年 未央 未必
    未婚 未知 未遂 不要 不可估量 不得不 不能不 不等式 不低于 不少于 不超 不高于
    """
        )
    )
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
_MAIN = frozenset(
    listed(
        """
    增长 上涨 上升 增加 提高 上调 回升 下降 下跌 减少 降低 下调 回落 下滑 否决 拒绝
    批准 驳回 失败 允许 禁止 严禁 恢复 暂停 取消 停止 中断 关闭 停运 推迟 开通 启用
    停用 反对 战胜 击败 不敌 负于 承认 否认 盈利 亏损 有罪 无罪 阳性 阴性 支持 同意
    通过 成功
    """
    )
)


_NEGATIVE = re.compile(
    r"不|未|没有|并非|无法|无缘|禁止|严禁|取消|停止|暂停|拒绝|否认|避免|防止|杜绝|难以|反对|谢绝|失败|推迟"
)
_ALLOWING = re.compile("允许|可以|准许|放开|鼓励|恢复")
_HOW = frozenset(listed("全面 完全 全部 直接 真正"))  # 尚未全面完工 denies the end
_TOO_COMMON = frozenset(listed("能够 可以 需要 应该 一个 进行 得到 通过 成功"))
# The share of the headline's pairs of characters that a sentence has if it speaks of the same thing.
_CLOSE = 0.25
#: So many characters around a word are what denies it.
_BEFORE, _BEHIND = 12, 6
_SENTENCES = re.compile(r"[。！？\n]")
_CLAUSE = re.compile(r"[^，。；！？：\n]+")


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
    for start, end, word in negated:
        if word in _HOW:
            continue
        if headline[start] in "禁严" and not _ALLOWING.search(article):
            continue  # a notice forbids in many words
        near = _close(headline, word, article)
        if near and not any(_denied(word, sentence) for sentence in _SENTENCES.split(article)):
            yield Turn(start, end, headline[start:end], word)
    if not negated:
        yield from _lost_negations(headline, article)
        yield from _opposites(headline, article)


def _lost_negations(headline: str, article: str) -> Iterator[Turn]:
    """Words the article only has after 不, 未 …, in a headline without any."""
    if _NEGATIVE.search(headline):
        return
    for start, end, word in _negations(article):
        place = headline.find(word)
        if place < 0 or word in _TOO_COMMON:
            continue
        never_plain = all(_NEGATIVE.search(clause) for clause in _clauses_with(word, article))
        if never_plain and _is_close(headline, word, article):
            yield Turn(place, place + len(word), word, article[start:end])


def _negations(text: str) -> Iterator[tuple[int, int, str]]:
    """不X, 未X, 禁止X … with the place of both and X, a word of two characters."""
    for match in _NOT.finditer(text):
        if not _WORDS.match(text, match.start()) and match["word"] in lexicon():
            yield match.start(), match.end(), match["word"]


def _clauses_with(word: str, article: str) -> list[str]:
    return [m.group() for m in _CLAUSE.finditer(article) if word in m.group()]


def _is_close(headline: str, word: str, article: str) -> bool:
    """Whether a sentence of the article with ``word`` speaks of what the headline speaks of."""
    return bool(_close(headline, word, article))


def _close(headline: str, word: str, article: str) -> list[str]:
    """The sentences of the article with ``word`` that speak of what the headline speaks of."""
    pairs = {a + b for a, b in pairwise(headline.replace(word, "␣")) if "␣" not in a + b}
    return [
        sentence
        for sentence in _SENTENCES.split(article)
        if word in sentence and sum(pair in sentence for pair in pairs) >= _CLOSE * len(pairs)
    ]


def _denied(word: str, sentence: str) -> bool:
    """Whether a sentence denies the word anywhere near it."""
    plain = _WORDS.sub(lambda match: "□" * len(match.group()), sentence)
    places = (match.start() for match in re.finditer(word, sentence))
    return any(_NEGATIVE.search(plain, max(0, at - _BEFORE), at + len(word) + _BEHIND) for at in places)


def _opposites(headline: str, article: str) -> Iterator[Turn]:
    for sides in _SIDES:
        for here, there in (sides, sides[::-1]):
            ours = [w for w in here.split() if w in _MAIN and w in headline]
            if not ours or any(word in article for word in here.split()):
                continue
            opposite = next(
                (w for w in there.split() if len(w) > 1 and w in article and w not in _TOO_COMMON), None
            )
            if opposite is None or any(word in headline for word in there.split()):
                continue
            around = [_NEGATIVE.search(c.replace(opposite, "")) for c in _clauses_with(opposite, article)]
            if not any(around) and _is_close(headline.replace(ours[0], opposite), opposite, article):
                place = headline.find(ours[0])
                yield Turn(place, place + len(ours[0]), ours[0], opposite)
