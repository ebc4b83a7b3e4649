"""The signs on each piece of a page that say what it is: its form, its neighbours', the gaps, shared words.

A sign is a name, ``what:how``; banmian.data.tagging says what each weighs for each tag. A piece's form is
one word for its kind, length and width; a run is what stands between two paragraphs: lines of headlines and
subheads, bylines, dates and captions.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from banmian.data import marks
from banmian.data.joining import SURE
from banmian.data.lines import Habits, cells
from banmian.data.pieces import Piece
from banmian.data.words import FAR, NEAR, Words

_WIDE = (0.35, 0.6, 0.8, 0.93, 1.06, 1.3, 2.0)
_CELLS = (3, 5, 7, 10, 14, 18, 24, 32, 45)
_STRETCH = (40, 90, 180, 350, 700, 1400)
_PARAGRAPH_CELLS = 45.0
_KICKER = re.compile(
    "(?:强调|要求|指出|提出|召开|部署|举行|印发|发布|出台|调研|检查|会议|观察|见闻|侧记|专访|时评|聚焦|信息)$|·"
)
_PATTERNS = {
    "credit": marks.CREDIT,
    "picture": marks.PICTURE,
    "clause": marks.CLAUSE,
    "asked": marks.ASKED,
    "notice": marks.NOTICE_TITLE,
    "closing": marks.CLOSING_NOTE,
    "spaced": marks.SPACED,
    "dated": marks.SIGNED_DATE,
    "office": marks.OFFICE,
    "box": marks.BOX,
    "about": re.compile("^关于|^關於"),
    "dash": re.compile("^[—―─]"),
    "bracket": re.compile("^[（(〔【《]"),
    "loud": re.compile("[！？!?]$"),
    "colon": re.compile("[：:]"),
    "colon-end": re.compile("[：:]$"),
    "quoted": re.compile("[“”「」]"),
    "kicker": _KICKER,
    "day": re.compile(r"^(?:\d{4}年)?\d{1,2}月\d{1,2}日"),
    "number": re.compile(r"\d"),
    "comma": re.compile("，"),
    "stop": re.compile("。"),
    "says": re.compile("说|表示|介绍|了解到|据悉|他|她"),
}
_AGENCY = re.compile("^[（(]?据?(?:新华社|新華社|中新社|中新网|人民网|中央社)")
_ON_TEXT = ("clause", "asked", "closing", "picture", "colon-end", "day")


@dataclass(frozen=True)
class Signs:
    """One piece's signs: its own, and those that weigh otherwise with headlines below than above."""

    own: tuple[str, ...]
    sided: tuple[str, ...]


@dataclass
class _Run:
    """Pieces ``[start, end)`` between two paragraphs, and what is measured of them together."""

    start: int
    end: int
    signs: list[str] = field(default_factory=list)
    sided: list[str] = field(default_factory=list)


def piece_signs(found: Sequence[Piece], habits: Habits) -> list[Signs]:
    """Every piece's signs; ``found`` is without furniture."""
    forms = [_form(piece, habits) for piece in found]
    own = [list(_own(found, forms, at, habits)) for at in range(len(found))]
    sided = [[f"above:{a}/{b}", f"below:{b}/{c}"] for a, b, c in _threes(forms)]
    words = Words([piece.text for piece in found])
    for run in _runs(found, forms, words, habits):
        for at in range(run.start, run.end):
            own[at] += run.signs
            sided[at] += run.sided
        _within(run, forms, own, sided)
    return [Signs(tuple(one), tuple(two)) for one, two in zip(own, sided, strict=True)]


def _threes(forms: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    padded = ["edge", *forms, "edge"]
    return zip(padded, padded[1:], padded[2:], strict=False)


def _own(found: Sequence[Piece], forms: Sequence[str], at: int, habits: Habits) -> Iterator[str]:
    piece, width = found[at], found[at].column
    above2, above, form, below, below2 = (
        forms[i] if 0 <= i < len(forms) else "edge" for i in range(at - 2, at + 3)
    )
    gaps = f"{piece.gap:d}{at + 1 < len(found) and found[at + 1].gap:d}/{habits.blanks}"
    size = cells(piece.text)
    odds = round(max(-SURE, min(SURE, piece.why.odds if piece.why else SURE)))
    yield from (
        "bias",
        f"break:{odds}",
        f"break:{odds}/{above}/{form}",
        f"form:{form}",
        f"above:{above}/{form}",
        f"below:{form}/{below}",
        f"around:{above}/{form}/{below}",
        f"further:{above2}/{above}/{form}",
        f"coming:{form}/{below}/{below2}",
        f"gaps:{gaps}",
        f"gaps:{gaps}/{form}",
        f"cells:{bisect_right(_CELLS, size)}",
        f"lines:{min(len(piece.lines), 3)}/{form}",
        f"ending:{piece.lines[-1].ending}/{form}",
    )
    if habits.wrapped:
        yield f"wide:{bisect_right(_WIDE, piece.lines[0].width / width if width else 1.0)}"
        if habits.indent == "kept":
            yield f"indent:{piece.lines[0].indent >= 1.5:d}/{form}"
    else:
        yield f"unwrapped:{form}"
    for name, pattern in _PATTERNS.items():
        if (piece.kind != "text" or name in _ON_TEXT or size < _PARAGRAPH_CELLS) and pattern.search(
            piece.text
        ):
            yield f"{name}/{form}"
    if marks.is_name(piece.text):
        yield "name"


def _form(piece: Piece, habits: Habits) -> str:
    """A piece's form in one word, for itself and its neighbours."""
    if piece.kind in ("byline", "caption"):
        return piece.kind
    if piece.kind == "signature":
        return "date"
    text, last = piece.text, piece.lines[-1]
    if marks.LEAD.match(text):
        return "agency" if _AGENCY.match(text) else "lead"
    if piece.kind == "display":
        return "line" + _width_of(piece, habits) + ("-" if _goes_on(piece) else "")
    if marks.CLAUSE.match(text) or marks.ASKED.match(text):
        return "clause"
    if len(piece.lines) > 2 or cells(text) > _PARAGRAPH_CELLS:
        return ("text" if last.ends_sentence else "open") + ("-" if _goes_on(piece) else "")
    inside = re.search(r"[，。；：、]|[！？].|(?<=[\u3400-\u9fff])[,.;:]", text[:-1])
    return (
        ("short" if inside else "tail")
        + ("" if last.ends_sentence else "*")
        + ("-" if _goes_on(piece) else "")
    )


def _goes_on(piece: Piece) -> bool:
    """Whether the piece rather goes on from the one above, by the signs between lines alone."""
    return piece.why is not None and not piece.why.breaks


def _width_of(piece: Piece, habits: Habits) -> str:
    if cells(piece.text) <= 5:
        return ".."
    if not habits.wrapped or not piece.column:
        return "*"
    wide = piece.lines[0].width / piece.column
    return "<" if wide < 0.6 else "=" if wide < 0.94 else "~" if wide < 1.07 else ">"


def _quiet(piece: Piece, form: str) -> bool:
    """Whether a piece may stand between paragraphs: no running text."""
    return piece.kind != "text" or (form.startswith("tail") and len(piece.text) <= 26)


def _runs(found: Sequence[Piece], forms: Sequence[str], words: Words, habits: Habits) -> list[_Run]:
    """The page's runs with their signs; a dateline right after a paragraph is an empty run before it."""
    runs = []
    start = 0
    for at in range(len(found) + 1):
        if at < len(found) and _quiet(found[at], forms[at]):
            continue
        if at > start or (0 < at < len(found) and forms[at] in ("agency", "lead")):
            runs.append(_Run(start, at))
        start = at + 1
    sizes = [_size(found, forms, run) for run in runs]
    for number, run in enumerate(runs):
        _measure(run, found, forms, words, habits)
        near = sizes[max(0, number - 1) : number] + sizes[number + 1 : number + 2]
        alike = sum(_alike(sizes[number], other) for other in sizes) - 1
        run.signs += [f"twin:{sum(_alike(sizes[number], other) for other in near)}", f"alike:{min(alike, 4)}"]
        before = runs[number - 1] if number else None
        opened = f"opened:{_opener(forms, before)}/{_opener(forms, run)}"
        run.signs.append(opened)
        run.sided.append(opened)
    return runs


def _size(found: Sequence[Piece], forms: Sequence[str], run: _Run) -> list[int]:
    """The lengths of a run of display lines; empty if anything else stands in it."""
    pieces = found[run.start : run.end]
    return [len(piece.text) for piece in pieces] if all(p.kind == "display" for p in pieces) else []


def _alike(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether two runs look like one article's subheads: as many lines, of like length."""
    return (
        bool(one) and len(one) == len(other) and all(abs(a - b) <= 2 for a, b in zip(one, other, strict=True))
    )


def _opener(forms: Sequence[str], run: _Run | None) -> str:
    """How the text after ``run`` is opened: an agency's dispatch has no reporter of the paper's own."""
    if run is None:
        return "edge"
    after = forms[run.end] if run.end < len(forms) else "edge"
    if after in ("agency", "lead"):
        return after
    inside = forms[run.start : run.end]
    return "byline" if "byline" in inside else "date" if "date" in inside else "line" if inside else after


def _measure(run: _Run, found: Sequence[Piece], forms: Sequence[str], words: Words, habits: Habits) -> None:
    """What a run's pieces have in common: composition, length, gaps, words shared with either side."""
    start, end = run.start, run.end
    inside = found[start:end]
    edges = [forms[i] if 0 <= i < len(forms) else "edge" for i in (start - 1, end)]
    shape = "".join(_LETTER.get(form, "d") for form in forms[start:end][:7])
    heads = [piece for piece in inside if piece.kind in ("display", "text")]
    longest = max((cells(piece.text) for piece in heads), default=0.0)
    total = sum(cells(piece.text) for piece in heads)
    gap_below = end < len(found) and found[end].gap
    run.signs += [
        f"run:{shape}",
        f"run-before:{edges[0]}/{shape}",
        f"run-after:{shape}/{edges[1]}",
        f"run-longest:{bisect_right(_CELLS, longest)}",
        f"run-total:{min(len(heads), 4)}/{min(int(total) // 8, 6)}",
        f"run-gaps:{bool(inside) and inside[0].gap:d}{gap_below:d}/{habits.blanks}/{min(len(heads), 2)}",
        f"stretch:{_stretch(found, forms, start - 1, -1)}/{_stretch(found, forms, end, 1)}",
    ]
    if any(piece.gap for piece in inside[1:]):
        run.signs.append("run-loose")
    alike = bisect_right((0.004, 0.008, 0.012, 0.018, 0.025, 0.035, 0.05, 0.08), words.cohesion(start, end))
    run.signs += [f"cohesion:{alike}", f"cohesion:{alike // 2}/{min(len(heads), 3)}"]
    run.sided += [f"run:{shape}", f"run-edges:{edges[0]}/{shape}/{edges[1]}"]
    head = next((i for i in range(start, end) if found[i].kind == "display"), None)
    if head is not None:
        last = max(i for i in range(start, end) if found[i].kind == "display") + 1
        for enough in (NEAR, FAR):
            up, down = (words.shared(head, last, step, enough) for step in (-1, 1))
            high, low = max(up, down), min(up, down)
            run.signs.append(f"shared-{enough}:{min(5, int(high * 8))}/{min(4, int(low * 8))}")
            run.sided.append(f"more-{enough}:{bisect_right(_MORE, down - up)}")


_LETTER = {"byline": "y", "date": "g", "caption": "c", "tail": "t", "line..": "o"}
_MORE = (-0.35, -0.2, -0.1, -0.03, 0.03, 0.1, 0.2, 0.35)


def _stretch(found: Sequence[Piece], forms: Sequence[str], at: int, step: int) -> int:
    """How much running text stands on one side of a run, in bins."""
    total = 0.0
    while 0 <= at < len(found) and not _quiet(found[at], forms[at]) and total < _STRETCH[-1]:
        total += cells(found[at].text)
        at += step
    return bisect_right(_STRETCH, total)


def _within(run: _Run, forms: Sequence[str], own: list[list[str]], sided: list[list[str]]) -> None:
    """Where in its run each piece stands, and how the paragraphs at a run's ends see it."""
    shape = "".join(_LETTER.get(form, "d") for form in forms[run.start : run.end][:7])
    for at in range(run.start, run.end):
        place = f"{shape}@{at - run.start}"
        own[at].append(f"place:{place}")
        sided[at].append(f"place:{place}")
    if run.end < len(forms):
        own[run.end] += [f"after:{sign}" for sign in run.signs]
        sided[run.end] += [f"after:{sign}" for sign in run.sided]
