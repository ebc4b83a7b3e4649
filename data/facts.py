"""Whether an article supports a headline: every number, date, person, place and organisation stands in it.

``unsupported`` is pure and quick (an article is read once and remembered), so that it can judge every
candidate of the writer and follow an editor's typing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from banmian.data.amounts import check, covers
from banmian.data.attached import Figure, moved, other_owner, other_rate, other_side, other_way
from banmian.data.compress import compress
from banmian.data.dates import DateMention, agrees, date_mentions, date_reason
from banmian.data.departments import departments
from banmian.data.finish import close_quotes, grounded, restore_case, well_formed, without_label
from banmian.data.issue import Span
from banmian.data.lexicon import Word, words
from banmian.data.mentions import ArticleFacts, latin, read_article
from banmian.data.misplaced import misplaced
from banmian.data.names import misspelt, name_missing, names
from banmian.data.numbers import Quantity, quantities
from banmian.data.offices import persons
from banmian.data.opposites import opposites
from banmian.data.ordinals import other_ordinals
from banmian.data.organisations import organisation_missing, organisations
from banmian.data.permission import permissions
from banmian.data.places import place_missing, places
from banmian.data.polarity import turns
from banmian.data.replaced import replaced
from banmian.data.respective import respectively
from banmian.data.text import GAP, headline_to_model, model_text
from banmian.data.units import agree

__all__ = [
    "close_quotes",
    "compress",
    "grounded",
    "restore_case",
    "unsupported",
    "well_formed",
    "without_label",
]

_DIGIT_GAP = re.compile(r"(?<=\d)[ \u3000]+(?=\d)")
_SERIES = re.compile(r"[（(【][^（）()]{0,12}\d+号?[）)】]+$")  # a column's instalment: （现场评论（26））
_DAY_NAME = re.compile(r"(?<!\d)(\d{1,2})[·.](\d{1,2})(?![\d%万亿])")
_LATIN_NUMBER = re.compile(
    r"(?<![A-Za-z0-9.])(?=[A-Za-z0-9\-]*[A-Za-z])(?=[A-Za-z0-9\-]*\d)[A-Za-z0-9](?:[A-Za-z0-9\-]|\.(?=\d))*"
)
_SERIAL = re.compile(r"(?<![\d.,:：+\-A-Za-z])0\d+(?=[\u4e00-\u9fff])")  # 测绘五号07组
_SAME_LATIN = {"g20": "二十国集团", "g7": "七国集团", "g8": "八国集团"}
_FIVE_YEARS = re.compile(r"(?P<plan>十[一二三四五])五(?=规划|时期|期间|开局|收官|[”’])")

Found = tuple[int, int, str, str]
"""Start, end (in the normal form), kind and reason."""


def unsupported(headline: str, text: str, date: str = "", aligned: bool = True) -> tuple[Span, ...]:
    """What ``headline`` says and ``text`` does not, in the order of the headline, without overlaps.

    Args:
        headline: as printed; the spans' offsets are in this string.
        text: the article's body (a dateline may stand in it).
        date: the paper's date, ``YYYY-MM-DD``; without it 昨天 and 去年 are not judged.
        aligned: whether a fact must also belong, by fitted weights, to what the headline tells it of;
            without it the weights can be fitted.
    """
    if not headline.strip() or not text.strip():
        return ()
    normal, offsets = _aligned(headline)
    spans: list[Span] = []
    found = _judge(normal, read_article(text, date), aligned)
    for start, end, kind, reason in sorted(found, key=lambda f: (f[0], -f[1])):
        a, b = offsets[start], offsets[end - 1] + 1
        if not spans or a >= spans[-1].end:
            spans.append(
                Span.model_validate(
                    {"start": a, "end": b, "text": headline[a:b], "kind": kind, "reason": reason}
                )
            )
    return tuple(spans)


def _aligned(headline: str) -> tuple[str, list[int]]:
    """The headline's normal form, and for each of its characters the place in the headline."""
    normal = headline_to_model(_DIGIT_GAP.sub(GAP, headline))
    offsets, place = [], 0
    for char in normal:
        ahead = place
        while ahead < len(headline) and not _same(headline[ahead], char):
            ahead += 1
        if ahead < len(headline):
            place = ahead
        offsets.append(min(place, len(headline) - 1))
        place = min(place + 1, len(headline))
    return normal, offsets


def _same(printed: str, normal: str) -> bool:
    if normal == GAP:
        return printed in (GAP, " ", "\u3000", "\t", "\n")
    return printed == normal or model_text(printed) == normal


def _judge(headline: str, article: ArticleFacts, aligned: bool) -> Iterator[Found]:
    taken: list[tuple[int, int]] = []
    for start, end, reason in _plans_and_codes(headline, article, taken):
        yield start, end, "number", reason
    codes = tuple(taken)
    for mention in date_mentions(headline):
        if any(a < mention.end and mention.start < b for a, b in taken):
            continue
        taken.append((mention.start, mention.end))
        if reason := date_reason(mention, article.dates) or _other_day(headline, mention, article):
            yield mention.start, mention.end, "date", reason
    yield from _numbers(headline, article, taken)
    for start, end, reason in other_ordinals(headline, article.text):
        yield start, end, "number", reason
    cut = words(headline)
    yield from _names(headline, cut, article)
    for turn in turns(headline, article.text):
        yield turn.start, turn.end, "negation", f"文中说的是“{turn.article}”"
    for start, end, reason in permissions(headline, article.text):
        yield start, end, "negation", reason
    for start, end, reason in opposites(headline, article.text):
        yield start, end, "negation", reason
    yield from replaced(headline, cut, article.text)
    for fact in misplaced(headline, cut, article, codes) if aligned else ():
        yield fact.start, fact.end, fact.kind, fact.reason


def _plans_and_codes(
    headline: str, article: ArticleFacts, taken: list[tuple[int, int]]
) -> Iterator[tuple[int, int, str]]:
    """十四五, 3·15 and C919: numbers inside words, compared as words."""
    taken.extend(match.span() for match in _SERIES.finditer(headline))
    for match in _DAY_NAME.finditer(headline):
        if any(t[1:] == (int(match[1]), int(match[2])) for t in article.dates.triples):
            taken.append(match.span())
    for match in _FIVE_YEARS.finditer(headline):
        taken.append(match.span())
        if match.group() not in article.text and f"第{match['plan']}个五年" not in article.text:
            yield match.start(), match.end(), f"文中没有“{match.group()}”"
    for match in _SERIAL.finditer(headline):
        if not re.search(rf"(?<!\d){match.group()}(?!\d)", article.text):
            yield match.start(), match.end(), f"文中没有“{match.group()}”"
    for match in _LATIN_NUMBER.finditer(headline):
        if headline[match.end() : match.end() + 1] in "年月日":  # GPS4月1日
            continue
        code = latin(match.group())
        if re.fullmatch(r"\d+(?:km|kg|m|cm|mm)", code):
            continue
        taken.append(match.span())
        if code not in article.latin and _SAME_LATIN.get(code, code) not in article.text:
            yield match.start(), match.end(), f"文中没有“{match.group()}”"


def _numbers(headline: str, article: ArticleFacts, taken: list[tuple[int, int]]) -> Iterator[Found]:
    for said in quantities(headline, taken):
        quoted = headline[max(0, said.start - 1) : said.start] in ("“", "‘") and not said.text[0].isdigit()
        if not said.solid or quoted:  # “三个统筹” is a name, not a count
            continue
        kind, other = check(said, article.numbers)
        if not kind:
            yield from _moved_number(headline, said, article)
            continue
        if re.search(rf"(?<![\d.,点]){re.escape(said.text + said.unit.text)}", article.text):
            continue
        end = said.end + len(said.unit.text) if kind == "unit" else said.end
        there = f"“{other.text}{other.unit.text}”" if other else ""
        if kind == "unit":
            yield said.start, min(end, len(headline)), kind, f"文中是{there}"
        else:
            yield said.start, said.end, kind, "文中没有这个数" + (f"，相近的是{there}" if there else "")


def _figure(quantity: Quantity) -> Figure:
    end = quantity.end + len(quantity.unit.text)
    return Figure(quantity.start, end, quantity.text + quantity.unit.text)


def _day(mention: DateMention) -> Figure:
    return Figure(mention.start, mention.end, mention.text)


def _moved_number(headline: str, said: Quantity, article: ArticleFacts) -> Iterator[Found]:
    """A number that the article has, but of something else or per something else."""
    alike = [q for q in article.numbers if agree(said.unit, q.unit, q.around)]
    ours = [_figure(q) for q in alike if covers(said, q)]
    if way := other_way(headline, _figure(said), article.text, ours):
        yield way[0], way[1], "negation", way[2]
    if rate := other_rate(headline, _figure(said), article.text, ours):
        yield rate[0], rate[1], "unit", rate[2]
    counted = [
        q
        for q in alike
        if q.ordinal == said.ordinal
        and (q.unit.text == said.unit.text or said.unit.dimension in ("money", "percent"))
    ]
    figures = [_figure(q) for q in counted]
    for start, end, reason in respectively(headline, said, article.text, article.numbers):
        yield start, end, "number", reason
    if said.ordinal:  # 第九次 of one body and 第七次 of another are told with the same words
        return
    there = moved(headline, _figure(said), article.text, figures, ours.__contains__)
    if not there:
        there = other_side(headline, _figure(said), article.text, figures, ours)
    if there:
        yield said.start, said.end, "number", f"文中这里是“{there}”"


def _other_day(headline: str, said: DateMention, article: ArticleFacts) -> str:
    """A date that the article has, but for something else."""
    if said.word:
        return ""
    days = [m for m in article.mentions if not m.word]
    ours = [_day(m) for m in days if agrees(said.triple, m.triple)]
    there = moved(headline, _day(said), article.text, list(map(_day, days)), ours.__contains__, shortest=3)
    return f"文中这里是“{there}”" if there else ""


def _names(headline: str, cut: list[Word], article: ArticleFacts) -> Iterator[Found]:
    bodies = list(organisations(headline, cut))
    towns = [
        p for p in places(headline, cut) if not any(b.start <= p.start and p.end <= b.end for b in bodies)
    ]
    for person in names(headline, cut):
        spans = [(m.start, m.end) for m in bodies] + [(m.start, m.end) for m in towns]
        other = any(start < person.end and person.start < end for start, end in spans)
        if not other and name_missing(person, article.text):
            other_name = misspelt(person.text, article.text)
            reason = f"文中是“{other_name}”" if other_name else f"文中没有“{person.text}”"
            yield person.start, person.end, "person", reason
    for place in towns:
        if place_missing(place, article.text):
            yield place.start, place.end, "place", f"文中没有“{place.text}”"
    for body in bodies:
        if organisation_missing(body, article.text):
            yield body.start, body.end, "organisation", f"文中没有“{body.text}”"
    for start, end, reason in departments(headline, article.text):
        yield start, end, "organisation", reason
    for start, end, reason in other_owner(headline, article.text):
        yield start, end, "place", reason
    for start, end, reason in persons(headline, article.text):
        yield start, end, "person", reason
