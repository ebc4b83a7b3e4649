"""The best headline that can be cut out of an article, for when no written one is supported.

A clause or two of the opening, without dateline and reporting formula, chosen by how much of what the
article repeats it names and by its place; never cut inside a word, a number or a quotation.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise

from banmian.data.finish import well_formed

_DATELINE = re.compile(
    r"^\s*(?:【[^】]{1,20}】\s*)?(?:(?:本报|新华社|中新社|中新网|央视网消息|人民网|[\u4e00-\u9fff]{2,6}(?:日报|晚报|网|在线))?"
    r"[^，。]{0,24}?\d{0,2}\s*月?\s*\d{0,2}\s*日?\s*(?:专)?(?:电|讯|消息)(?![话视影子力台商动])\s*)"
    r"(?:[（(][^）)]{1,60}[）)])?\s*[:：，]?\s*"
)
_BYLINE = re.compile(
    r"^\s*(?:[（(]?\s*(?:本报)?(?:记者|通讯员|特约|见习|实习)[^）)。，\n]{2,40}[）)]\s*|(?:本台消息|本台报道|央视网消息|据[^，]{2,16}(?:报道|消息|介绍))\s*[:：，]?\s*)"
)
_TIME = re.compile(
    r"^(?:(?:当地时间|北京时间|截至)?\s*(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}[日号])?(?:上午|下午|晚上?|凌晨|清晨|中午|傍晚|夜间)?"
    r"(?:\d{1,2}(?:时|点)(?:\d{1,2}分|许|左右)?)?|今天|昨天|昨日|今日|日前|近日|近期|连日来|近年来|目前|当前|眼下|最近|记者)[，,]?"
)
_REPORTING = re.compile(
    r"^(?:记者)?(?:从|据)[^，。]{2,24}?(?:获悉|了解到|了解|介绍|通报|消息)[，,：:]?|^(?:他|她|他们|会议|通知|报告|意见)?(?:还)?(?:强调|指出|表示|说|认为|要求|介绍|提出)[，,：:]?"
)
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?[”’）]*")
_CLAUSE = re.compile(r"[，,；;：:␣]")
_OPENERS = re.compile(
    r"^(?:并|且|而|但|也|还|又|则|其中|同时|此外|另外|据悉|这|那|他|她|它|该|其|以及|使|让|对此|为此|因此|所以)"
)
_SIGN = re.compile(r"[^\w\u4e00-\u9fff]")
_WHOLE_HEADLINE = 12
_READ = 6


def compress(text: str, max_chars: int = 30) -> str:
    """The clause or two of ``text`` that make the best headline of at most ``max_chars`` characters.

    Never empty for a text with a printable character; longer than ``max_chars`` never, so that where no
    clause is short enough the first is cut at the last place that is not inside a word, number or quotation.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not lines:
        return ""
    weights = _weights(text)
    best, best_score = "", -math.inf
    for index, sentence in enumerate(_sentences(lines)[:_READ]):
        clauses = _clauses(_without_formulas(sentence))
        for first in range(len(clauses)):
            for last in range(first, min(first + 3, len(clauses))):
                candidate = _tidy(clauses[first : last + 1])
                if not 4 <= len(candidate) <= max_chars or not well_formed(candidate):
                    continue
                score = _score(candidate, weights, index, first)
                if score > best_score:
                    best, best_score = candidate, score
    return best or _cut(_without_formulas(lines[0]) or lines[0], max_chars)


def _sentences(lines: list[str]) -> list[str]:
    return [found.group().strip() for line in lines[:_READ] for found in _SENTENCE.finditer(line)]


def _without_formulas(sentence: str) -> str:
    """A sentence without 新华社北京2月12日电, （记者某某）, 近日，, 记者从某局获悉，."""
    for _ in range(4):
        before = sentence
        for pattern in (_DATELINE, _BYLINE, _REPORTING, _TIME):
            sentence = pattern.sub("", sentence, count=1).lstrip("，,：: 　")
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
    """Clauses as one headline: a blank between two, as papers print it, no full stop."""
    parts = [clause.strip().rstrip("，,；;。！!") for clause in clauses]
    joined = parts[0]
    for part in parts[1:]:
        joined += part if joined.endswith(("：", ":")) else " " + part
    return joined.rstrip("：:，,；; ")


def _weights(text: str) -> Counter[str]:
    """Bigrams the article repeats; a bigram that comes once weighs little."""
    squeezed = _SIGN.sub(" ", text[:3000])
    return Counter(a + b for a, b in pairwise(squeezed) if a != " " and b != " ")


def _score(candidate: str, weights: Counter[str], sentence: int, clause: int) -> float:
    bigrams = {a + b for a, b in pairwise(_SIGN.sub(" ", candidate)) if " " not in a + b}
    if not bigrams:
        return -math.inf
    salience = sum(math.log1p(weights[b]) for b in bigrams) / math.sqrt(len(bigrams) + 6)
    short = 1.2 * max(0, _WHOLE_HEADLINE - len(candidate)) / _WHOLE_HEADLINE
    opener = 0.6 if _OPENERS.match(candidate) else 0.0
    return salience - 0.45 * sentence - 0.35 * clause - short - opener


def _cut(text: str, max_chars: int) -> str:
    """The longest beginning of at most ``max_chars`` that ends outside a number, Latin word or quotation."""
    text = text.strip().rstrip("。！？!?，,；;：:、")
    if len(text) <= max_chars and text:
        return text
    ends = [i for i in range(2, max_chars + 1) if not _inside(text, i)]
    at_sign = [i for i in ends if text[i : i + 1] in "，,；;：:。、 的" and i >= max_chars // 2]
    end = (at_sign or ends or [max_chars])[-1]
    return text[:end].rstrip("，,；;：:、 ") or text[:max_chars]


def _inside(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place : place + 1]
    joined = (
        before.isascii() and after.isascii() and (before.isalnum() or before in ".,-") and after.isalnum()
    )
    number = before.isdigit() and after in tuple("万亿千百年月日时.,%％")
    return joined or number or not well_formed(text[:place].rstrip("，,；;：:、"))
