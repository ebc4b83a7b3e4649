"""A phrase of the article with one word exchanged for its opposite: 暂停往日忙碌 where it has 恢复往日忙碌.

``polarity`` asks what senses the whole article has. Here the phrase leads: what stands right before and right
behind a headline's word stands in the article around its opposite, and not around the word or its like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from banmian.data.wordlist import alternatives, listed

Exchanged = tuple[int, int, str]
"""Start and end in the headline, and the reason in Chinese."""

#: Words of one sense, and of the other.
_PAIRS = (
    ("恢复 重启 重开 重新 解封 复运", "暂停 停止 取消 中断 中止"),
    ("开放 开通 启用 启动 开业 开馆", "关闭 停运 停用 终止 停业 闭馆 封闭"),
    ("开工 复工", "停工 竣工"),
    ("复产", "停产"),
    ("启动 开工", "终止 停止"),
    ("解除 取消", "保留"),
    ("允许 准许 可以 可 能 鼓励 放开", "禁止 严禁 不得 不准 不许 不能 不可 不宜 限制"),
    ("支持 赞成 拥护", "反对 抵制"),
    ("通过 批准 同意", "否决 驳回 拒绝"),
    ("增长 上涨 上升 增加 提高 回升 上调 攀升 新增 提升", "下降 下跌 减少 降低 回落 下调 下滑 压减"),
    ("升 增 涨 升至 增至 涨至", "降 减 跌 降至 减至 跌至"),
    ("免费 免收 免征 减免 免交", "收费 加收 征收 收取"),
    ("提前", "推迟 延后 延期"),
    ("延长", "缩短"),
    ("扩大", "缩小 压缩"),
    ("加快", "放缓 减缓"),
    ("放宽", "收紧"),
    ("首次 首个 首批", "再次 第二次 第二个 第二批"),
    ("全部 所有 全体", "部分 少数"),
    ("最大 最高 最多 最快 最早", "最小 最低 最少 最慢 最晚"),
    ("成功", "失败"),
    ("达标 合格", "超标 不合格 未达标"),
    ("属实", "不属实 失实"),
    ("突破 超过 高于", "跌破 不足 低于"),
    ("战胜 击败 力克 险胜 轻取 胜", "不敌 负于 败给 负"),
    ("盈利", "亏损"),
    ("进口", "出口"),
    ("顺差", "逆差"),
    ("流入", "流出"),
    ("线上", "线下"),
    ("以上", "以下"),
    ("以内", "以外"),
    ("上午", "下午"),
    ("必须 应当 须", "无须 不必 无需 不用"),
)  # fmt: skip
_SIDES: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
for _here, _there in ((listed(a), listed(b)) for a, b in (*_PAIRS, *((b, a) for a, b in _PAIRS))):
    for _word in _here:
        _SIDES.setdefault(_word, []).append((_here, _there))
_WORD = re.compile(f"(?=(?P<word>{alternatives(_SIDES)}))")  # 线上调 has both 线上 and 上调
#: Characters in which these words mean something else.
_OTHERWISE = re.compile(
    "可能|能力|能源|能够|可靠|可持续|可行|许可|认可|可谓|功能|节能|智能|性能|产能|职能|技能|动能|核能|能量|只能|才能|不能不"
    "|胜利|胜任|优胜|负责|负担|负面|抱负|不负|增强|增值|增效|增添|升级|升温|升华|升旗|降温|降雨|降雪|降水|减灾|减负|减轻|涨价"
    "|进出口|出口处|必须的|通过审|急须"
)
_TURNED = re.compile(r"(?:不|未|没有|没|无|非|莫|勿|免|难|[未不没]能|难以|无法)$")
_STOP = "␣，。；：！？\n"
#: Characters in common on both sides together: where the article lacks the word's whole side, and where not.
_LEAST, _SURE, _AHEAD = 2, 4, 2
_FARTHEST = 6
#: Of the pairs of characters of a headline's segment so many stand in the sentence that tells the same.
_SHARE, _PAIRS_LEAST = 0.45, 3
_SENTENCE = re.compile(r"[^。；！？\n]+")


def opposites(headline: str, article: str) -> Iterator[Exchanged]:
    """Words of a normalised headline that the normalised article has turned round in the same phrase."""
    masked = _OTHERWISE.sub(lambda match: "□" * len(match.group()), headline)
    for match in _WORD.finditer(masked):
        if _TURNED.search(headline[: match.start()]):
            continue
        for here, there in _SIDES[match["word"]]:
            if other := _exchanged(headline, match, here, there, article):
                yield *match.span("word"), f"文中说的是“{other}”"
                break


def _exchanged(
    headline: str, said: re.Match[str], here: Sequence[str], there: Sequence[str], article: str
) -> str:
    """The opposite that the article has in the place of ``said``, empty if none."""
    before, after = headline[: said.start()], headline[said.end("word") :]
    theirs, other = max((_alike(before, after, word, article), word) for word in there)
    ours = max(_alike(before, after, word, article) for word in here)
    told = any(word in article for word in here)
    if theirs >= (_SURE if told else _LEAST) and theirs >= ours + _AHEAD:
        return other
    return "" if told else _told_of_the_same(headline, said, there, article)


def _told_of_the_same(headline: str, said: re.Match[str], there: Sequence[str], article: str) -> str:
    """The opposite that a sentence has together with most of what the headline's segment says."""
    start, end = said.span("word")
    low = max((headline.rfind(sign, 0, start) for sign in _STOP), default=-1) + 1
    high = min((at for sign in _STOP if (at := headline.find(sign, end)) >= 0), default=len(headline))
    pairs = {a + b for part in (headline[low:start], headline[end:high]) for a, b in pairwise(part)}
    if len(pairs) < _PAIRS_LEAST or end - start < 2:
        return ""
    for sentence in _SENTENCE.findall(article):
        if sum(pair in sentence for pair in pairs) >= _SHARE * len(pairs):
            for word in there:
                at = sentence.find(word) if len(word) > 1 else -1
                if at >= 0 and not _TURNED.search(sentence[max(0, at - 3) : at]):
                    return word
    return ""


def _alike(before: str, after: str, word: str, article: str) -> int:
    """How many characters around ``word`` in the article are those around the headline's, at the best."""
    best, place = 0, article.find(word)
    while place >= 0:
        ahead, behind = article[max(0, place - _FARTHEST) : place], article[place + len(word) :]
        if not _TURNED.search(ahead):
            best = max(best, _common(before[::-1], ahead[::-1]) + _common(after, behind[:_FARTHEST]))
        place = article.find(word, place + 1)
    return best


def _common(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b or a in _STOP:
            break
        count += 1
    return min(count, _FARTHEST)
