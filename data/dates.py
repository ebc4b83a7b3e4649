"""Dates of Chinese news text: 2月12日, 12日至15日, 二〇二〇年, 今天, 去年, resolved by the paper's date.

A date is a triple (year, month, day) with ``None`` where the print leaves a part out; a headline's date
stands in the article if some date there says the same parts or the paper's date supplies what is missing.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from banmian.data.numbers import chinese_value
from banmian.data.units import UNIT_PATTERN

Triple = tuple[int | None, int | None, int | None]

_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_JOIN = r"(?:日|号|月份|月|年)?(?:至|到|—+|-+|~|～|、|和|及)"
_YEAR = r"(?:(?:19|20)\d{2}|[一二][〇零九○][〇零一二三四五六七八九○]{2})"
_ABSOLUTE = re.compile(
    rf"""(?P<year>{_YEAR})年(?!代)(?:度)?(?:(?P<ym>{_N})月(?:(?P<yd>{_N})[日号])?)?
    |(?P<years>{_YEAR})(?:—+|-+|至|~)(?={_YEAR}年)
    |(?<![\d.])(?P<month>{_N})月份?(?:(?P<md>{_N})(?:[日号](?![线楼院])|(?={_JOIN}{_N}[日号])))?
    |(?<![\d.])(?P<m2>{_N})(?=(?:至|到|—+|-+|~|～|、){_N}月)
    |(?<![\d.])(?P<day>\d{{1,2}})(?:日(?!内|游|均|元|益|本|报|常)|(?={_JOIN}\d{{1,2}}日))
    |(?<!\d)(?P<iso>(?:19|20)\d{{2}}[-/.]\d{{1,2}}[-/.]\d{{1,2}})(?!\d)
    |(?P<bare>(?<![\d.,超近逾达第约过破])20[0-3]\d(?![\d.,%万亿余多]|{UNIT_PATTERN}))
    |前(?P<first>{_N})个?月""",
    re.VERBOSE,
)
_OFFSETS = {"今": 0, "昨": -1, "明": 1, "前天": -2, "前日": -2, "后天": 2, "后日": 2, "当": 0}
_RELATIVE = re.compile(
    r"今[天日晚晨早](?!世界)|昨[天日晚夜晨](?!之)|明[天日晚晨早](?!之)|(?<![以从之目此])前天|后天(?!培养|环境|努力)|当天|当日"
)
_YEARS = re.compile(r"去年|明年|前年")
_THIS_YEAR = re.compile("今年|本年|年内|当年|全年")
_YEAR_OFFSETS = {"去年": -1, "明年": 1, "前年": -2}
_WEEKDAY = re.compile(r"(?:星期|礼拜|本周|下周|上周|周)([一二三四五六日天])(?![个周年期岁位次届场轮])")
_DATELINE = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日(?:专)?(?:电|讯)")


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date at ``[start, end)``; ``word`` is set for 今天, 去年 and 星期三, which need the paper's date."""

    start: int
    end: int
    text: str
    triple: Triple = (None, None, None)
    word: str = ""


@dataclass(frozen=True, slots=True)
class DateFacts:
    """What an article says of time: its mentions' triples, its words, and the days it names in full."""

    triples: frozenset[Triple]
    words: frozenset[str]
    days: frozenset[datetime.date]
    paper: datetime.date | None
    from_january: bool = False
    """Whether it tells of the year's first months (前11个月), which a headline may print as 1至11月."""
    years: frozenset[int] = frozenset()
    """The years it prints, 今年 among them."""


def parse_day(text: str) -> datetime.date | None:
    """``YYYY-MM-DD`` as a day, ``None`` for anything else (a page without a date line)."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def date_mentions(text: str) -> Iterator[DateMention]:
    """Every date of normalised ``text``, absolute ones first, then the words."""
    for match in _ABSOLUTE.finditer(text):
        triple = _triple(match)
        if triple is not None:
            yield DateMention(match.start(), match.end(), match.group(), triple)
    for pattern in (_RELATIVE, _YEARS, _WEEKDAY):
        for match in pattern.finditer(text):
            word = "周" + match[1] if pattern is _WEEKDAY else match.group()
            yield DateMention(match.start(), match.end(), match.group(), word=word)


def _int(text: str | None) -> int | None:
    if not text:
        return None
    if text[0].isdigit():
        return int(text)
    value = chinese_value(text.replace("○", "〇"))
    return None if value is None else int(value)


def _triple(match: re.Match[str]) -> Triple | None:
    if match["iso"]:
        parts = [int(part) for part in re.split(r"[-/.]", match["iso"])]
        return parts[0], parts[1], parts[2]
    year = _int(match["year"] or match["years"] or match["bare"])
    month = _int(match["ym"] or match["month"] or match["m2"] or match["first"])
    day = _int(match["yd"] or match["md"] or match["day"])
    if (year, month, day) == (None, None, None):
        return None
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    return year, month, day


def date_facts(text: str, mentions: list[DateMention], paper: str) -> DateFacts:
    """The article's dates. The dateline's day, not the paper's, is what 今天 means in a wire report."""
    issue_day = parse_day(paper)
    anchor = _anchor(text, issue_day)
    triples: set[Triple] = {m.triple for m in mentions if not m.word}
    days = {day for t in triples if (day := _complete(t, issue_day))}
    for mention in mentions:
        offset = _offset(mention.word)
        if offset is not None and anchor:
            days.add(anchor + datetime.timedelta(days=offset))
    triples |= {(d.year, d.month, d.day) for d in days}
    for mention in mentions:
        if mention.word in _YEAR_OFFSETS and issue_day:
            triples.add((issue_day.year + _YEAR_OFFSETS[mention.word], None, None))
    words = frozenset(_plain(m.word) for m in mentions if m.word)
    printed_years = frozenset(m.triple[0] for m in mentions if m.triple[0])
    if _THIS_YEAR.search(text) and issue_day:
        printed_years |= {issue_day.year}
    from_january = any(m.text[0] == "前" for m in mentions if not m.word)
    return DateFacts(frozenset(triples), words, frozenset(days), issue_day, from_january, printed_years)


def _anchor(text: str, issue_day: datetime.date | None) -> datetime.date | None:
    line = _DATELINE.search(text[:60])
    if not line or not issue_day:
        return issue_day
    return _complete((_int(line[1]), int(line[2]), int(line[3])), issue_day) or issue_day


def _complete(triple: Triple, paper: datetime.date | None) -> datetime.date | None:
    """The day a triple means on a paper of that date: missing parts from the paper, the nearest year."""
    year, month, day = triple
    if day is None or (paper is None and None in (year, month)):
        return None
    if paper is not None:
        month = month or (paper.month if day <= paper.day + 15 else (paper.month - 2) % 12 + 1)
        year = year or (paper.year - 1 if month - paper.month > 6 else paper.year)
    try:
        return datetime.date(year or 1, month or 1, day)
    except ValueError:
        return None


def _plain(word: str) -> str:
    return word[0] if word[:1] in "今昨明" and word not in _YEAR_OFFSETS else word


def _offset(word: str) -> int | None:
    if word in _YEAR_OFFSETS:
        return None
    return _OFFSETS.get(word[:1], _OFFSETS.get(word))


def date_reason(mention: DateMention, facts: DateFacts) -> str:
    """Why the article does not support a headline's date, in Chinese; empty if it does."""
    if mention.word:
        return _word_reason(mention, facts)
    if any(agrees(mention.triple, t) for t in facts.triples):
        return ""
    if facts.from_january and mention.triple == (None, 1, None) and not mention.text.endswith(("月", "份")):
        return ""
    paper = facts.paper
    year = mention.triple[0]
    other_year = year is not None and bool(facts.years) and year not in facts.years
    if paper and agrees(mention.triple, (paper.year, paper.month, paper.day)) and not other_year:
        return ""
    month, day = mention.triple[1:]
    near = sorted({_print(t) for t in facts.triples if t[1] and (t[1] == month or t[2] == day)})
    return f"文中没有{mention.text}" + (f"，有{min(near, key=len)}" if near else "")


def agrees(said: Triple, found: Triple) -> bool:
    """Every part the headline says is said by the article, and no shared part differs."""
    both = list(zip(said, found, strict=True))
    if any(a is not None and b is not None and a != b for a, b in both):
        return False
    finest = max(i for i, a in enumerate(said) if a is not None)
    return found[finest] is not None


def _print(triple: Triple) -> str:
    return "".join(f"{part}{sign}" for part, sign in zip(triple, "年月日", strict=True) if part)


def _word_reason(mention: DateMention, facts: DateFacts) -> str:
    if _plain(mention.word) in facts.words or facts.paper is None:
        return ""
    if mention.word in _YEAR_OFFSETS:
        year = facts.paper.year + _YEAR_OFFSETS[mention.word]
        years = {t[0] for t in facts.triples if t[0]}
        return "" if not years or year in years else f"{mention.text}是{year}年，文中没有"
    if mention.word.startswith("周"):
        return _weekday_reason(mention, facts)
    offset = _offset(mention.word)
    if offset is None or not facts.days or mention.word.startswith("当"):
        return ""
    day = facts.paper + datetime.timedelta(days=offset)
    return "" if day in facts.days else f"{mention.text}是{day.month}月{day.day}日，文中没有"


def _weekday_reason(mention: DateMention, facts: DateFacts) -> str:
    wanted = "一二三四五六日".find(mention.word[1].replace("天", "日"))
    said = {w[1].replace("天", "日") for w in facts.words if w.startswith("周")}
    if "一二三四五六日"[wanted] in said or (not said and not facts.days):
        return ""
    if any(day.weekday() == wanted for day in facts.days):
        return ""
    return f"文中没有{mention.text}"
