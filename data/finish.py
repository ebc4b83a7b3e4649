"""The last touches to a headline: the case of Latin words, and whether quotes and brackets are whole."""

from __future__ import annotations

import re

from banmian.data.wordlist import listed

_PAIRS = {
    "“": "”",
    "‘": "’",
    "《": "》",
    "（": "）",
    "【": "】",
    "「": "」",
    "『": "』",
    "〈": "〉",
    "(": ")",
    "[": "]",
}
_CLOSERS = set(_PAIRS.values())
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+&\-]*[A-Za-z0-9+]|[A-Za-z]")
_CUT_END = re.compile(r"[，、：；,;:—\-·␣第和与及的将把被对向]$|[“‘《（【「『〈(\[]$|\d[.．,]$")
_ACRONYM_LIMIT = 4
_SMALL_WORDS = frozenset(listed("a an and at by for from in of on or the to vs with"))
# The name of a series behind a title, with one pair of brackets inside at most.
_LABEL = re.compile(r"[（(][^（）()]*(?:[（(][^（）()]*[）)])?[^（）()]*[）)]$")


def restore_case(headline: str, text: str) -> str:
    """Give Latin words the case they have in the article; words it lacks become acronyms up to 4 letters.

    ``"5g"`` → ``"5G"``, ``"covid-19"`` → ``"COVID-19"``. The writer's vocabulary is uncased.
    """
    printed: dict[str, str] = {}
    for match in _WORD.finditer(text):
        printed.setdefault(match.group().casefold(), match.group())

    def cased(match: re.Match[str]) -> str:
        word = match.group()
        if word.casefold() in printed:
            return printed[word.casefold()]
        place = text.casefold().find(word.casefold())
        if place >= 0 and len(text.casefold()) == len(text):
            return text[place : place + len(word)]
        letters = sum(c.isalpha() for c in word)
        if not word.islower() or letters > _ACRONYM_LIMIT or word in _SMALL_WORDS:
            return word
        return word.upper()

    return _WORD.sub(cased, headline)


def _open_signs(headline: str) -> list[tuple[str, int]] | None:
    """Signs still open at the end, with their places; ``None`` if one is closed that was not open."""
    stack: list[tuple[str, int]] = []
    for i, char in enumerate(headline):
        if char in _PAIRS:
            if stack and stack[-1][0] == char and char in "“‘":
                return None  # “ inside “ is a quote that was never closed
            stack.append((char, i))
        elif char in _CLOSERS and (not stack or _PAIRS[stack.pop()[0]] != char):
            return None
    return stack


def well_formed(headline: str) -> bool:
    """Whether quotes and brackets are closed in order and the headline does not stop in mid-phrase."""
    headline = headline.strip()
    return bool(headline) and _open_signs(headline) == [] and not _CUT_END.search(headline)


def without_label(headline: str, article: str) -> str:
    """``headline`` without the name of a series in brackets behind it that ``article`` does not say.

    Of 19,490 People's Daily titles 215 carry one (（现场评论·…（28））), and 12 of these articles say it: a
    writer that learns from titles prints it over articles of no series.
    """
    found = _LABEL.search(headline)
    if not found or found.group().strip("（()）") in article:
        return headline
    return headline[: found.start()].rstrip() or headline


def close_quotes(headline: str) -> str:
    """Close what is open if that is safe: a lone sign near its end is closed there, else nothing changes.

    An opened sign with at least two characters behind it is closed at the end of its clause; a closing
    sign without an opening one, or an opening one at the very end, is dropped.
    """
    if well_formed(headline):
        return headline
    trimmed = re.sub(r"[\s，、：；,;:“‘《（【「『〈(\[]+$", "", headline)
    open_signs = _open_signs(trimmed)
    if open_signs is None:
        trimmed = _without_strays(trimmed)
        open_signs = _open_signs(trimmed) or []
    for sign, place in reversed(open_signs):
        clause = re.search(r"[\s，。；！？]", trimmed[place + 1 :])
        end = place + 1 + clause.start() if clause else len(trimmed)
        if end - place <= 2:
            trimmed = trimmed[:place] + trimmed[place + 1 :]
        else:
            trimmed = trimmed[:end] + _PAIRS[sign] + trimmed[end:]
    return trimmed if well_formed(trimmed) else headline


def _without_strays(headline: str) -> str:
    """The headline without closing signs that close nothing and quotes opened inside the same quote."""
    out: list[str] = []
    stack: list[str] = []
    for char in headline:
        if char in _CLOSERS:
            if not stack or _PAIRS[stack[-1]] != char:
                continue
            stack.pop()
        elif char in _PAIRS:
            if stack and stack[-1] == char and char in "“‘":
                continue
            stack.append(char)
        out.append(char)
    return "".join(out)


def grounded(headline: str, text: str) -> bool:
    """Whether most of the headline's ideographs stand in the article.

    A writer that is given what it never learnt to read (English, two characters) writes a headline of its
    training instead; such a one names no fact that could be checked.
    """
    printed = [char for char in headline if "\u3400" <= char <= "\u9fff"]
    known = set(text)
    return sum(char in known for char in printed) >= _GROUNDED_SHARE * len(printed)


_GROUNDED_SHARE = 0.6
