"""The best headline that can be cut out of an article, for when no written one is supported.

A clause or two of the opening, without dateline and reporting formula, chosen by how much of what the
article repeats it names, by its place and by its form; never cut inside a word, a number or a quotation.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise

from banmian.data.finish import well_formed
from banmian.data.lexicon import words
from banmian.data.wordlist import alternatives, listed

_DATELINE = re.compile(
    r"^\s*(?:【[^】]{1,20}】\s*)?[^，。：:]{0,30}?(?:\d{1,2}\s*月\s*\d{1,2}\s*日\s*(?:专)?电|日(?:专)?电|[报社网台]讯|电讯)"
    r"\s*(?:[（(][^）)]{1,60}[）)])?\s*[:：，]?\s*"
)
_BYLINE = re.compile(
    r"^\s*(?:[（(]\s*(?:本报|总台|央视)?(?:记者|通讯员|特约|见习|实习)[^）)]{1,60}[）)]\s*"
    r"|(?:本台消息|本台报道|央视网消息|核心阅读|据[^，。]{2,20}?(?:报道|消息|通报))\s*[:：，,]?)\s*"
)
_MOMENT = r"(?:今|昨|明|当)(?:天|日|晚|晨)|日前|近日|近期|连日来|目前|当前|眼下|最近"
_CLOCK = r"(?:上午|下午|晚间?|凌晨|清晨|早晨|中午|傍晚|夜间)?(?:\d{1,2}(?:时|点)(?:\d{1,2}分)?(?:许|左右)?)?"
_TIME = re.compile(
    rf"^(?:截至)?(?:当地时间|北京时间)?(?:\d{{4}}年)?(?:\d{{1,2}}月)?(?:\d{{1,2}}[日号])?(?:{_MOMENT})?"
    rf"(?:（[^）]{{1,8}}日）)?{_CLOCK}[，,]?"
)
_MOMENT_INSIDE = re.compile(
    r"(?:今天|昨天|昨晚|今晚|昨日|今日)(?:（[^）]{1,8}日）)?|近日|日前|（\d{1,2}月\d{1,2}日）"
    r"|(?<![至到起])(?:\d{1,2}月)?\d{1,2}日(?=召开|举行|发布|在|宣布|公布|通报|印发|赴|主持)"
)
_REPORTING = re.compile(
    r"^(?:记者\d{0,2}日?|笔者)?(?:今天|昨天|昨日|今日)?(?:从|据)[^，。]{2,28}?(?:获悉|了解到|了解|介绍|通报|消息|报道|数据显示)[，,：:]?"
    r"|^(?:他|她|他们|会议|通知|报告|意见)?(?:还)?(?:强调|指出|表示|说|认为|要求|介绍|提出)[，,：:]"
)
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?[”’）]*")
_CLAUSE = re.compile(r"[，,；;：:]")
# A clause that leans on the one before it, or on the one behind it, is no headline by itself.
_LEANS_BACK = re.compile(
    alternatives(
        listed(
            """
    并 且 而 但 也 还 又 则 其中 同时 此外 另外 据悉 这 那 他 她 它 该 其 以及 使 让 对此 为此
    因此 所以 将 是 有 届时 真正 均 从而 进而 标志着 预计 包括 明确 已 仍 不过 更 都 即 当天
    """
        )
    )
)
_LEANS_ON = re.compile(
    r"^(?:随着|据|根据|按照|结合|由于|针对|面对|靠|为了|为|受|因|自|从|在|至|如果|虽然|尽管|通过|围绕|记者)"
    r"|(?:表示|指出|说|认为|获悉|了解到|报道|称|明确|强调|介绍|声明|后|时|中|下|以来|之际|同时|期间|上午|下午|当天|地)$"
)
_BLANK_AT_NUMBER = re.compile(r"(?<=[\u4e00-\u9fff]) +(?=\d)|(?<=\d) +(?=[\u4e00-\u9fff])")
_SIGN = re.compile(r"[^\w\u4e00-\u9fff]")
_QUOTE = re.compile(r"[“”‘’《》（）()【】「」『』]")
_READ = 6
# Weights found by character ROUGE-L on training pairs of quick and party_daily.
_SENTENCE_COST, _CLAUSE_COST, _LEAN_COST, _SHORT_COST, _IDEAL = 0.8, 0.8, 0.9, 1.2, 14


def compress(text: str, max_chars: int = 30) -> str:
    """The clause or two of ``text`` that make the best headline of at most ``max_chars`` characters.

    Never empty for a text with a character to print, never longer than ``max_chars``: where no clause is
    short enough the first is cut at the last place that is not inside a word, number or quotation.
    """
    lines = _lines(text)
    if not lines:
        return ""
    weights = _weights(text)
    best, best_score = "", -math.inf
    for index, sentence in enumerate(_sentences(lines)):
        clauses = _clauses(_without_formulas(sentence))
        for first in range(len(clauses)):
            for last in range(first, min(first + 3, len(clauses))):
                candidate = _tidy(clauses[first : last + 1])
                if 4 <= len(candidate) <= max_chars and well_formed(candidate):
                    score = _score(candidate, weights, index, first)
                    best, best_score = max((best_score, best), (score, candidate))[::-1]
    return best or _cut(_without_formulas(lines[0]) or lines[0], max_chars)


def _lines(text: str) -> list[str]:
    """Paragraphs; lines that a page broke inside sentences are joined."""
    lines = [_BLANK_AT_NUMBER.sub("", line.strip()) for line in text.split("\n") if line.strip()]
    broken = sum(line[-1] not in "。！？!?”’）…：；" for line in lines)
    if len(lines) > 3 and broken > 0.6 * len(lines):
        return ["".join(lines)]
    return lines


def _sentences(lines: list[str]) -> list[str]:
    return [m.group().strip() for line in lines[:_READ] for m in _SENTENCE.finditer(line)][:_READ]


def _without_formulas(sentence: str) -> str:
    """A sentence without 新华社北京2月12日电, （记者某某）, 近日，, 记者从某局获悉，."""
    for _ in range(4):
        before = sentence
        for pattern in (_DATELINE, _BYLINE, _REPORTING, _TIME):
            sentence = pattern.sub("", sentence, count=1).lstrip("，,：:—- 　")
        if sentence == before:
            break
    return sentence


def _clauses(sentence: str) -> list[str]:
    """Clauses with the sign that ends each; a comma inside a quotation, a bracket or a number ends none."""
    clauses, depth, start = [], 0, 0
    for i, char in enumerate(sentence):
        depth += (char in "“‘《（(【") - (char in "”’》）)】")
        inside_number = sentence[max(0, i - 1) : i].isdigit() and sentence[i + 1 : i + 2].isdigit()
        if _CLAUSE.match(char) and depth <= 0 and not inside_number:
            clauses.append(sentence[start : i + 1])
            start = i + 1
    clauses.append(sentence[start:])
    return [clause for clause in clauses if clause.strip()]


def _tidy(clauses: list[str]) -> str:
    """Clauses as one headline: a blank between two, as papers print it, no full stop, no 近日."""
    parts = [_MOMENT_INSIDE.sub("", clause).strip().rstrip("，,；;。！!") for clause in clauses]
    joined = parts[0]
    for part in parts[1:]:
        joined += part if joined.endswith(("：", ":")) else " " + part
    return joined.strip("：:，,；; ")


def _weights(text: str) -> Counter[str]:
    """How often the article says each pair of characters."""
    squeezed = _SIGN.sub(" ", text[:3000])
    return Counter(a + b for a, b in pairwise(squeezed) if a != " " and b != " ")


def _score(candidate: str, weights: Counter[str], sentence: int, clause: int) -> float:
    pairs = {a + b for a, b in pairwise(_SIGN.sub(" ", candidate)) if " " not in a + b}
    if not pairs:
        return -math.inf
    salience = sum(math.log1p(weights[pair]) for pair in pairs) / math.sqrt(len(pairs) + 6)
    cost = _SENTENCE_COST * sentence + _CLAUSE_COST * clause
    cost += _SHORT_COST * max(0, _IDEAL - len(candidate)) / _IDEAL
    cost += _LEAN_COST * (bool(_LEANS_BACK.match(candidate)) + bool(_LEANS_ON.search(candidate)))
    return salience - cost


def _cut(text: str, max_chars: int) -> str:
    """The longest beginning of at most ``max_chars`` that ends between words, outside numbers and quotes."""
    text = text.strip().rstrip("。！？!?，,；;：:、") or text.strip()
    if 0 < len(text) <= max_chars:
        return text
    ends = [word.end for word in words(text[: max_chars + 12]) if 2 <= word.end <= max_chars]
    ends = [end for end in ends if not _inside(text, end)]
    at_sign = [end for end in ends if text[end : end + 1] in "，,；;：:。、 " and end >= max_chars // 2]
    end = (at_sign or ends or [max_chars])[-1]
    cut = text[:end].rstrip("，,；;：:、 ") or text[:max_chars]
    return cut if well_formed(cut) else _QUOTE.sub("", cut) or cut  # a quotation too long to be kept whole


def _inside(text: str, place: int) -> bool:
    """Whether a cut before ``text[place]`` breaks a Latin word, a number with its unit, or a quotation."""
    before, after = text[place - 1], text[place : place + 1]
    latin = before.isascii() and after.isascii() and (before.isalnum() or before in ".,-") and after.isalnum()
    number = before.isdigit() and after in tuple("万亿千百年月日时.,%％")
    return latin or number or not well_formed(text[:place].rstrip("，,；;：:、"))
