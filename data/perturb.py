"""The same article in another print: what must not change a paragraph's label.

A perturbation takes all texts of one article at once (headline, lead, paragraphs), because a name that is
swapped must be swapped everywhere, and gives them back in order. Equal texts and seeds give equal results.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from banmian.data.look_alikes import LOOK_ALIKES
from banmian.data.script import traditional_of
from banmian.data.swaps import dates_changed, names_swapped, places_swapped

#: From an article's texts and a seed to the texts as another print would have them.
Perturbation = Callable[[Sequence[str], int], list[str]]

#: One character in this many is misread, about what text recognition does on a poor scan.
MISREAD_EVERY = 33
_LINE_CHARS = (14, 22)
_PUNCTUATION = re.compile(r"[，。；：！？、…—“”‘’《》（）,;:!?()\"']")
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
_NARROW = {wide: code for code, wide in _WIDE.items()} | {ord("。"): ".", ord("、"): ","}


def traditional(texts: Sequence[str], seed: int) -> list[str]:
    """In traditional characters."""
    return [traditional_of(text) for text in texts]


def full_width(texts: Sequence[str], seed: int) -> list[str]:
    """Digits, Latin letters and signs in full width."""
    return [text.translate(_WIDE) for text in texts]


def half_width(texts: Sequence[str], seed: int) -> list[str]:
    """Digits, Latin letters and signs in half width, 。 as . and 、 as a comma."""
    return [text.translate(_NARROW) for text in texts]


def misread(texts: Sequence[str], seed: int) -> list[str]:
    """One character in MISREAD_EVERY taken for one that looks like it, as text recognition does."""
    return [_misread(text, random.Random(f"{seed}|{text}")) for text in texts]


def _misread(text: str, draw: random.Random) -> str:
    open_to_it = [i for i, char in enumerate(text) if char in LOOK_ALIKES]
    count = min(len(open_to_it), -(-len(text) // MISREAD_EVERY))
    characters = list(text)
    for i in draw.sample(open_to_it, count):
        characters[i] = draw.choice(LOOK_ALIKES[characters[i]])
    return "".join(characters)


def unpunctuated(texts: Sequence[str], seed: int) -> list[str]:
    """Without any punctuation; a text that is nothing else stays."""
    return [_PUNCTUATION.sub("", text) or text for text in texts]


def broken(texts: Sequence[str], seed: int) -> list[str]:
    """Hard breaks in mid-sentence, as in narrow columns."""
    return [_broken(text, random.Random(f"{seed}|{text}")) for text in texts]


def _broken(text: str, draw: random.Random) -> str:
    lines, at = [], 0
    while at < len(text):
        size = draw.randint(*_LINE_CHARS)
        lines.append(text[at : at + size])
        at += size
    return "\n".join(lines)


#: By name, in the order they are reported.
PERTURBATIONS: dict[str, Perturbation] = {
    "traditional": traditional,
    "full width": full_width,
    "half width": half_width,
    "misread": misread,
    "unpunctuated": unpunctuated,
    "broken lines": broken,
    "names swapped": names_swapped,
    "places swapped": places_swapped,
    "dates changed": dates_changed,
}
