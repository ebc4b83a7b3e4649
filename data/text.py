"""Text as the models read it, and a headline as the writer writes it, back to print.

Pages mix half- and full-width signs (chinanews prints ``(记者曾平)``, party papers ``（记者 曾平）``) and
PDF text has blanks around digits (``2 月 12日``). The models see one form of each; records keep the print.
"""

from __future__ import annotations

import re
import unicodedata

# Clause gaps of a printed headline (逐件过堂 限期交账) carry meaning, but BERT's tokenizer drops
# blanks. The writer's vocabulary has a row for this sign instead.
GAP = "␣"

_FULL_TO_HALF = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code - 0xFEE0).isalnum()}
_FULL_TO_HALF |= {ord("％"): ord("%"), ord("．"): ord("."), ord("―"): ord("—"), ord("─"): ord("—")}
_HALF_TO_FULL = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffd\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SIGN = re.compile(r"[,;:?!()]")
_BLANK_INSIDE_WORDS = re.compile(r"(?<=[A-Za-z]) (?=[A-Za-z0-9])|(?<=[0-9]) (?=[A-Za-z])")


def model_text(text: str) -> str:
    """One form of width and spacing for the models; no meaning changes and the order of characters stays.

    Blanks survive between Latin words only. ``,`` and ``:`` between digits (1,000; 8:30) stay half-width.
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).translate(_FULL_TO_HALF)
    text = _SIGN.sub(lambda m: _widen(m, text), text)
    text = " ".join(text.split())
    kept = {m.start() for m in _BLANK_INSIDE_WORDS.finditer(text)}
    return "".join(c for i, c in enumerate(text) if c != " " or i in kept)


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
