"""What a headline allows and its article forbids, clause against clause.

``polarity`` asks whether a word stands in the whole article in the other sense, and is silent where the
article allows one thing and forbids another. Here the clause that speaks of the headline's thing decides:
网吧恢复营业 is wrong where the clause with 网吧 has 继续暂停, whatever else the notice resumes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from banmian.data.lexicon import words
from banmian.data.wordlist import alternatives, listed

_YES = listed(
    """
    允许 准许 可以 放开 恢复 重新开放 照常开放 照常 正常开放 可 均可 予以受理 一律开放
    继续开放 继续执行 继续有效
    """
)
_NO = listed(
    """
    禁止 严禁 不得 不准 不许 不能 不予 不可 未经 未出现 没有出现 暂停 停止 停业 停办 停运 继续停 关闭 取消
    谢绝 一律不 废止 叫停
    """
)
_YES_WORD = re.compile(alternatives(_YES))
_NO_WORD = re.compile(alternatives(_NO) + "|不(?=[设开收受办接参])")
_ALLOWED = re.compile("允许|可以|准许|恢复|放开|鼓励|照常|除外|可")
_NOT_A_MAY = re.compile(
    alternatives(
        listed(
            """
            可能 可靠 可持续 可再生 可行 可喜 可信 可爱 可见 可口 认可 许可
            可谓 可追溯 不可 可否 可用 可达 可望 可燃
            """
        )
    )
)
_SEGMENT = re.compile("[^␣，。；：！？]+")
_SENTENCE = re.compile(r"[^。；\n]+")
_CLAUSE = re.compile(r"[^，。；：！？\n]+")
# The share of the headline's pairs of characters that the clause has to have.
_SHARE = 0.6


def permissions(headline: str, article: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and reason of words of a normalised headline that allow what the article forbids."""
    for segment in _SEGMENT.finditer(headline):
        text = _NOT_A_MAY.sub(lambda m: "□" * len(m.group()), segment.group())
        yes = _YES_WORD.search(text)
        if not yes or _NO_WORD.search(text.replace(yes.group(), "□" * len(yes.group()))):
            continue
        rest = text[: yes.start()] + "□" + text[yes.end() :]
        pairs = {a + b for a, b in pairwise(rest) if "□" not in a + b}
        if not pairs:
            continue
        clauses = [(_share(pairs, clause), clause) for clause in _CLAUSE.findall(article)]
        near = [clause for share, clause in clauses if share >= _SHARE]
        if not near:  # “匿名的，不予受理”: the condition and what follows from it
            both = [f"{a[1]}，{b[1]}" for a, b in pairwise(clauses)]
            near = [clause for clause in both if _share(pairs, clause) >= _SHARE]
        if not near or not all(_NO_WORD.search(c) for c in near):
            continue
        if any(_ALLOWED.search(_NOT_A_MAY.sub("", c)) for c in near):
            continue
        no = _NO_WORD.search(near[0])
        start = segment.start() + yes.start()
        yield start, start + len(yes.group()), f"文中说的是“{no.group() if no else ''}”"
    yield from _things(headline, article)
    yield from _duties(headline, article)


def _things(headline: str, article: str) -> Iterator[tuple[int, int, str]]:
    """允许摩托车 where every sentence with 摩托车 forbids and none allows."""
    for match in re.finditer("允许|准许", headline):
        thing = next((w for w in words(headline[match.end() :]) if len(w.text) > 1), None)
        if thing is None or thing.start > 1:
            continue
        near = [s for s in _SENTENCE.findall(article) if thing.text in s]
        if near and all(_NO_WORD.search(s) and not _ALLOWED.search(_NOT_A_MAY.sub("", s)) for s in near):
            yield match.start(), match.end(), f"文中没有允许{thing.text}"


def _duties(headline: str, article: str) -> Iterator[tuple[int, int, str]]:
    """无须备案 where the article's sentence on the same says 须 or 应当 with 备案."""
    for match in re.finditer("无须|无需|不必|不用", headline):
        duty = headline[match.end() : match.end() + 2]
        rest = headline[: match.start()] + "□" + headline[match.end() :]
        pairs = {a + b for a, b in pairwise(rest) if not {"□", "␣"} & {a, b}}
        near = [s for s in _SENTENCE.findall(article) if duty in s and _share(pairs, s) >= _SHARE / 2]
        if len(duty) == 2 and near and not re.search(f"(?:无须|无需|不必|不用|免).{{0,6}}{duty}", article):
            must = re.search(rf"(?:必须|应当|须|应).{{0,30}}?{duty}", near[0])
            if must:
                yield match.start(), match.end(), f"文中说的是“{must.group()[:2].rstrip('，')}”"


def _share(pairs: set[str], clause: str) -> float:
    return sum(pair in clause for pair in pairs) / len(pairs)
