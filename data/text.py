"""Text as the models read it, and a headline as the writer writes it, back to print.

Pages mix half- and full-width signs (chinanews prints ``(记者曾平)``, party papers ``（记者 曾平）``) and
PDF text has blanks around digits (``2 月 12日``). The models see one form of each; records keep the print.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Clause gaps of a printed headline (逐件过堂 限期交账) carry meaning, but BERT's tokenizer drops
# blanks. The writer's vocabulary has a row for this sign instead.
GAP = "␣"

_FULL_TO_HALF = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code - 0xFEE0).isalnum()}
_FULL_TO_HALF |= {ord("％"): ord("%"), ord("．"): ord("."), ord("―"): ord("—"), ord("─"): ord("—")}
_HALF_TO_FULL = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffd\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Characters that may become one: enough for any script, and a million accents cost no square of it.
_LONGEST_CLUSTER = 32
_SIGN = re.compile(r"[,;:?!()]")
# 。 of a text typed in half width; a point after a digit or a Latin letter is another sign.
_STOP = re.compile(r"(?<=[\u3400-\u9fff”’）》])\.(?=\s|$|[^\x00-\x7f])")
_BLANK_INSIDE_WORDS = re.compile(r"(?<=[A-Za-z]) (?=[A-Za-z0-9])|(?<=[0-9]) (?=[A-Za-z])")


def model_text(text: str) -> str:
    """One form of width and spacing for the models; no meaning changes and the order of characters stays.

    Blanks survive between Latin words only. ``,`` and ``:`` between digits (1,000; 8:30) stay half-width.
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).translate(_FULL_TO_HALF)
    text = _STOP.sub("。", _SIGN.sub(lambda m: _widen(m, text), text))
    text = " ".join(text.split())
    kept = {m.start() for m in _BLANK_INSIDE_WORDS.finditer(text)}
    return "".join(c for i, c in enumerate(text) if c != " " or i in kept)


def printed_places(text: str) -> tuple[str, list[int]]:
    """:func:`model_text` of ``text``, and for each of its characters the index in ``text`` it stands for."""
    made = model_text(text)
    composed = list(_composed(text))
    places, at = [], 0
    for char in made:
        while at < len(composed) - 1 and not _stands_for(char, composed[at][0]):
            at += 1
        places.append(composed[at][1])
        at = min(at + 1, len(composed) - 1)
    return made, places


def _composed(text: str) -> Iterator[tuple[str, int]]:
    """The characters of NFC with the index of the first printed one behind each."""
    if unicodedata.is_normalized("NFC", text):
        yield from zip(text, range(len(text)), strict=True)
        return
    start = 0
    for end in range(1, len(text) + 1):
        cluster = text[start:end]
        joined = unicodedata.normalize("NFC", text[start : end + 1])
        grows = unicodedata.combining(text[end : end + 1] or " ") or (
            len(joined) <= len(unicodedata.normalize("NFC", cluster))
        )
        if end < len(text) and grows and len(cluster) < _LONGEST_CLUSTER:
            continue
        for char in unicodedata.normalize("NFC", cluster):
            yield char, start
        start = end


def _stands_for(char: str, printed: str) -> bool:
    narrow = printed.translate(_FULL_TO_HALF)
    widened = "。" if narrow == "." else _HALF_TO_FULL.get(narrow)
    return char in (narrow, widened) or (char == " " and printed.isspace())


def _widen(match: re.Match[str], text: str) -> str:
    before = text[match.start() - 1 : match.start()]
    after = text[match.end() : match.end() + 1]
    if (
        match.group() in ",:"
        and before.isascii()
        and before.isdigit()
        and after.isascii()
        and after.isdigit()
    ):
        return match.group()
    return _HALF_TO_FULL[match.group()]


def headline_to_model(headline: str) -> str:
    """A printed headline as the writer's target: gaps between clauses become :data:`GAP`."""
    headline = " ".join(headline.replace("\u3000", " ").split())
    gaps = re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", GAP, headline)
    return model_text(gaps)


def headline_from_model(headline: str) -> str:
    """The writer's output as print: gaps are blanks again."""
    return re.sub(rf"{GAP}+", " ", headline).strip()


def squeeze(text: str) -> str:
    """``text`` without any blank: what has to be the same before and after reading a page."""
    return "".join(text.split())
