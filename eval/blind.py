"""A blind reading: four headlines an article in a random order, their origins in a file apart.

The sheet holds headlines and nothing else, the key says whose each is, and the bodies, which a reader needs
to judge faithfulness, go into a page of their own that stays on the reader's machine (docs/rubric.md).
"""

from __future__ import annotations

import csv
import hashlib
import html
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, Protocol, get_args

from pydantic import ConfigDict, Field

from banmian.data.errors import BanmianError
from banmian.data.issue import Record, Written
from banmian.eval.baselines import lead_sentence
from banmian.eval.headlines import Pair, PairSet
from banmian.eval.printing import save_text
from banmian.serving.writer import Request

SCHEMA: Final = "banmian.blind-key/1"
Origin = Literal["model", "lead sentence", "printed", "shuffled"]
ORIGINS: tuple[Origin, ...] = get_args(Origin)
LETTERS = "ABCD"
CRITERIA = ("faithful", "fluent", "informative")
COLUMNS = ("row", "letter", "headline", *CRITERIA)
#: What the file of bodies must end in: the repository ignores it.
LOCAL = ".local.html"


class Writes(Protocol):
    """A headline writer, :class:`banmian.serving.writer.Writer` or one like it."""

    def write(self, requests: Sequence[Request]) -> list[Written]:
        """What a user gets for each request, in order."""
        ...


class KeyRow(Record):
    """One article of the reading: its number, twelve hex digits of its text, and whose each letter is."""

    row: int
    article: str
    corpus: str
    origins: dict[str, Origin]


class Key(Record):
    """What unblinds a sheet. ``sheet`` is the SHA-256 of the empty sheet's headlines, in order."""

    schema_: Literal["banmian.blind-key/1"] = Field(SCHEMA, alias="schema")
    model: str
    seed: int
    sheet: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    rows: tuple[KeyRow, ...]

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True, validate_by_name=True)


@dataclass(frozen=True)
class Entry:
    """One line of the sheet."""

    row: int
    letter: str
    headline: str


@dataclass(frozen=True)
class Reading:
    """A sheet, its key, and the articles in the sheet's order."""

    entries: tuple[Entry, ...]
    key: Key
    pairs: tuple[Pair, ...]


def draw(sets: Sequence[PairSet], n: int, seed: int, writer: Writes, model: str) -> Reading:
    """Draw ``n`` articles, as many of each set as can be, and four headlines for each in random order.

    The shuffled headline is the printed one of another article of the same set: it has the register and not
    the subject.

    Raises:
        BanmianError: fewer than ``n`` articles, or a set that gives a single one and so no other's headline.
    """
    chance = random.Random(seed)
    chosen = _chosen(sets, n, chance)
    requests = [Request(pair.text, pairs.register, date=pair.date) for pairs, pair, _ in chosen]
    written = writer.write(requests)
    entries: list[Entry] = []
    rows = []
    for number, ((pairs, pair, other), made) in enumerate(zip(chosen, written, strict=True), start=1):
        headlines: dict[Origin, str] = {
            "model": made.headline,
            "lead sentence": lead_sentence(pair.text),
            "printed": pair.headline,
            "shuffled": other,
        }
        order = list(ORIGINS)
        chance.shuffle(order)
        origins = dict(zip(LETTERS, order, strict=True))
        entries += [Entry(number, letter, headlines[origin]) for letter, origin in origins.items()]
        rows.append(KeyRow(row=number, article=_digest(pair.text)[:12], corpus=pairs.name, origins=origins))
    key = Key(schema=SCHEMA, model=model, seed=seed, sheet=sheet_digest(entries), rows=tuple(rows))
    return Reading(tuple(entries), key, tuple(pair for _, pair, _ in chosen))


def _chosen(sets: Sequence[PairSet], n: int, chance: random.Random) -> list[tuple[PairSet, Pair, str]]:
    """Articles in a random order, each with its set and another article's printed headline."""
    have = sum(len(pairs.pairs) for pairs in sets)
    if not 1 <= n <= have:
        raise BanmianError(f"1 to {have} articles", str(n), "--n", "Ask for as many as the file has.")
    shares = _shares([len(pairs.pairs) for pairs in sets], n)
    chosen: list[tuple[PairSet, Pair, str]] = []
    for pairs, share in zip(sets, shares, strict=True):
        drawn = chance.sample(range(len(pairs.pairs)), share)
        for i in drawn:
            others = [p.headline for p in pairs.pairs if p.headline != pairs.pairs[i].headline]
            if not others:
                raise BanmianError(
                    "two printed headlines that differ", "one", pairs.name, "Leave the set out."
                )
            chosen.append((pairs, pairs.pairs[i], chance.choice(others)))
    chance.shuffle(chosen)
    return chosen


def _shares(sizes: Sequence[int], n: int) -> list[int]:
    """``n`` spread over sets as evenly as their sizes allow, earlier sets first."""
    shares = [0] * len(sizes)
    while sum(shares) < n:
        for i, size in enumerate(sizes):
            if shares[i] < size and sum(shares) < n:
                shares[i] += 1
    return shares


def sheet_digest(entries: Sequence[Entry]) -> str:
    """The SHA-256 over rows, letters and headlines: a filled sheet must be the one that was drawn."""
    return _digest(repr([(entry.row, entry.letter, entry.headline) for entry in entries]))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def sheet_csv(entries: Sequence[Entry]) -> str:
    """The sheet to be filled in: :data:`COLUMNS`, the three criteria empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((entry.row, entry.letter, entry.headline, "", "", "") for entry in entries)
    return out.getvalue()


def bodies_html(reading: Reading) -> str:
    """The articles by the sheet's row numbers with their blinded headlines, for the reader's machine only."""
    parts = []
    for number, pair in enumerate(reading.pairs, start=1):
        lines = "".join(
            f"<li>{entry.letter}: {html.escape(entry.headline)}</li>"
            for entry in reading.entries
            if entry.row == number
        )
        body = "".join(f"<p>{html.escape(line)}</p>" for line in pair.text.splitlines() if line.strip())
        parts.append(f"<h2>{number}</h2><ul>{lines}</ul><p>{html.escape(pair.date)}</p>{body}")
    head = '<meta charset="utf-8"><title>Blind reading: not to be passed on</title>'
    return f"<!doctype html><html lang=zh><head>{head}</head><body>{''.join(parts)}</body></html>\n"


def save(reading: Reading, sheet: Path, key: Path, bodies: Path | None = None) -> None:
    """Write sheet and key, and the bodies where a file for them is named.

    Raises:
        BanmianError: a file is there already (a filled sheet is not to be lost), or the bodies' file does not
            end in :data:`LOCAL`.
    """
    if bodies and not bodies.name.endswith(LOCAL):
        remedy = "The repository ignores such files: bodies are not to be committed."
        raise BanmianError(f"a file that ends in {LOCAL}", bodies.name, "--bodies", remedy)
    there = next((path for path in (sheet, key) if path.exists()), None)
    if there:
        raise BanmianError("no such file yet", "one", str(there), "Name another, or move it away.")
    texts = [(sheet, sheet_csv(reading.entries)), (key, reading.key.model_dump_json(indent=2) + "\n")]
    if bodies:
        texts.append((bodies, bodies_html(reading)))
    for path, text in texts:
        save_text(text, path)
