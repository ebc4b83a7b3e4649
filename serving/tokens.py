"""Text to token ids and back, the same in training and serving, without transformers.

Both models read an ordinary BERT vocabulary in which rows that BERT leaves unused were given to signs
Chinese newspapers print (“ ” ‘ ’ — …), to the gap of a two-clause headline, to one tag per register,
and to slots that stand for characters the vocabulary lacks (旸 in a name): a slot is read in the article
and written in the headline, and becomes the character again. So no name is ever printed as [UNK].
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from banmian.data.errors import BanmianError
from banmian.data.labels import REGISTERS, Part, Register
from banmian.data.text import GAP, headline_from_model, headline_to_model, model_text

#: Signs given a row of their own, each starting from the row of the nearest sign BERT knows.
SIGNS: dict[str, str] = {"“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "…": ".", GAP: "，"}
SLOTS: tuple[str, ...] = tuple(f"[RARE{i}]" for i in range(10))
REGISTER_TAGS: dict[Register, str] = {register: f"[{register.upper()}]" for register in REGISTERS}
#: A main headline needs no tag, so that a writer that learnt only these reads as it always did.
PART_TAGS: dict[Part, str] = {"kicker": "[KICKER]", "deck": "[DECK]"}
#: Every row that BERT's vocabulary has to give up, in the order in which they are given.
TAGS: tuple[str, ...] = (*SLOTS, *REGISTER_TAGS.values(), *PART_TAGS.values())

_SLOT = re.compile(r"\[RARE\d\]")


@dataclass(frozen=True)
class Source:
    """An article as the writer reads it.

    ``ids``: ``[CLS] [REGISTER] text… [SEP]``, a tag before the text where not the main headline is asked
    for; ``rare``: the character behind each slot;
    ``read``: how many characters of the normalised text fitted, ``length``: how many there are.
    """

    ids: list[int]
    rare: dict[str, str]
    read: int
    length: int


class Tokens:
    """The tokenizer of a bundle.

    Args:
        folder: a folder with ``tokenizer.json``.

    Raises:
        BanmianError: the file is missing or lacks a row this project needs.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / "tokenizer.json"
        if not path.is_file():
            raise BanmianError(
                "a tokenizer.json", "none", str(folder), "Name a folder that save_pretrained wrote."
            )
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.vocabulary: dict[str, int] = self._tokenizer.get_vocab()
        self.pad, self.unknown = self._row("[PAD]"), self._row("[UNK]")
        self.start, self.end = self._row("[CLS]"), self._row("[SEP]")

    def _row(self, token: str) -> int:
        row = self.vocabulary.get(token)
        if row is None:
            raise BanmianError(
                f"a row for {token}",
                f"a vocabulary of {len(self.vocabulary)} rows without it",
                "tokenizer.json",
                "Prepare the base with banmian.training.base.",
            )
        return row

    def ids(self, text: str) -> list[int]:
        """Token ids of normalised ``text``, without special tokens."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def pieces(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Token ids of normalised ``text`` and each token's ``(start, end)`` in it."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return list(encoding.ids), list(encoding.offsets)

    def source(self, text: str, register: Register, max_tokens: int, part: Part = "main") -> Source:
        """An article's text as the writer's input, at most ``max_tokens`` ids."""
        hidden, rare = self._hide_rare(model_text(text), {})
        ids, offsets = self.pieces(hidden)
        tags = [self._row(tag) for tag in (REGISTER_TAGS[register], PART_TAGS.get(part)) if tag]
        room = max_tokens - 2 - len(tags)
        read = offsets[room - 1][1] if len(ids) > room else len(hidden)
        slots = {slot: char for char, slot in rare.items()}
        return Source([self.start, *tags, *ids[:room], self.end], slots, read, len(hidden))

    def target(self, headline: str, source: Source, max_tokens: int) -> list[int]:
        """A printed headline as the writer's labels, ``tokens… [SEP]``, rare characters as in ``source``."""
        table = {char: slot for slot, char in source.rare.items()}
        hidden, _ = self._hide_rare(headline_to_model(headline), table, grow=False)
        return [*self.ids(hidden)[: max_tokens - 1], self.end]

    def headline(self, ids: list[int], source: Source) -> str:
        """Generated ids as a headline to print: slots filled, gaps as blanks, special tokens dropped."""
        text = ""
        for token in (self._tokenizer.id_to_token(i) for i in ids):
            if token in source.rare:
                text += source.rare[token]
            elif token is None or (token.startswith("[") and token.endswith("]") and len(token) > 1):
                continue  # [CLS], [SEP], [UNK], a slot the article does not fill
            elif token.startswith("##"):
                text += token[2:]
            else:
                between_words = (
                    text[-1:].isascii() and text[-1:].isalpha() and token.isascii() and token.isalpha()
                )
                text += (" " if between_words else "") + token
        return headline_from_model(text)

    def _hide_rare(self, text: str, table: dict[str, str], grow: bool = True) -> tuple[str, dict[str, str]]:
        """``text`` with each character the vocabulary lacks replaced by its slot, and the table used."""
        out = []
        for char in text:
            if char.lower() in self.vocabulary or not _stands_alone(char):
                out.append(char)
                continue
            if grow and char not in table and len(table) < len(SLOTS):
                table[char] = SLOTS[len(table)]
            out.append(table.get(char, char))
        return "".join(out), table


def _stands_alone(char: str) -> bool:
    """Whether BERT's tokenizer makes ``char`` a token by itself: ideographs, punctuation and symbols."""
    if "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or "\U00020000" <= char <= "\U0003ffff":
        return True
    return unicodedata.category(char)[0] in "PS"
