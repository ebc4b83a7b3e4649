"""Fit the page reader, its breaks between lines and its tagger of pieces (`banmian train reader`).

Both learn from written issues as the development layouts print them and from varied pages made of them. The
breaks are a logistic regression (data/weights.py), the tags a conditional random field over pieces
(data/tagger.npz), learnt on the pieces that these breaks give.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from banmian.data import marks, weights
from banmian.data.bench import Layout, layouts, render, spread
from banmian.data.holdout import HELD_OUT_ISSUES
from banmian.data.issue import Issue
from banmian.data.joining import Page, signs
from banmian.data.lines import Habits, Line
from banmian.data.page import read_with
from banmian.data.pieces import Piece, pieces
from banmian.data.reading import Score, score
from banmian.data.shipped import written_issues, written_number
from banmian.data.signs import piece_signs
from banmian.data.spans import FieldSpan, locate
from banmian.data.tagging import TAGS, WEIGHTS, Tagger, allowed, going_on
from banmian.data.text import squeeze
from banmian.data.varied import varied
from banmian.training.config import ReaderConfig
from banmian.training.field import Example, fit_field

_ALWAYS_APART = ("byline", "signature", "kicker", "main", "deck", "subhead")
_ROLES = {"kicker": "H", "main": "H", "deck": "H", "byline": "Y", "subhead": "S", "signature": "G"}


@dataclass(frozen=True)
class Printed:
    """An issue as a layout prints it."""

    issue: Issue
    text: str
    layout: Layout


@dataclass(frozen=True)
class Fitted:
    """The weights of breaks by sign, and the arrays that banmian.data.tagging.Tagger reads."""

    breaks: dict[str, float]
    tagger: dict[str, np.ndarray[Any, Any]]


def train_reader(config: ReaderConfig) -> tuple[Path, Path]:
    """Fit on all development issues and layouts, and write both weights into the package."""
    fitted = fit_mean(config, layouts("development"))
    path = Path(str(weights.__file__))
    path.write_text(_as_source(path.read_text(encoding="utf-8"), fitted.breaks), encoding="utf-8")
    np.savez_compressed(WEIGHTS, **fitted.tagger)  # type: ignore[arg-type]
    return path, WEIGHTS


def validate_reader(config: ReaderConfig) -> Score:
    """Fit without the validation part and score it: other issues in layouts of other widths."""
    kept = set(config.validation_widths)
    learnt = [layout for layout in layouts("development") if layout.width not in kept]
    fitted = fit_mean(config, learnt, without=config.validation_issues)
    tagger, total = Tagger(fitted.tagger), Score()
    for issue, text in validation_pages(config):
        total += score(read_with(text, fitted.breaks, tagger), issue, text)
    return total


def validation_pages(config: ReaderConfig) -> Iterator[tuple[Issue, str]]:
    """The validation issues in the validation layouts."""
    for layout in layouts("development"):
        if layout.width in config.validation_widths:
            for issue in development_issues(config):
                if issue.id in config.validation_issues:
                    yield issue, render(issue, layout)


def development_issues(config: ReaderConfig) -> list[Issue]:
    """What the run may learn from, its validation part included."""
    return [
        issue
        for issue in written_issues()
        if config.first_issue <= written_number(issue) <= config.last_issue
        and issue.id not in HELD_OUT_ISSUES
    ]


def fit_mean(config: ReaderConfig, chosen: Sequence[Layout], without: Sequence[str] = ()) -> Fitted:
    """Two runs, the second on the later issues too: breaks of the first, and the mean of both taggers.

    The first alone takes subheads of the later issues for headlines; the second alone loses two paragraphs
    of the real page. ``without``: ids of issues to leave out.
    """
    second = replace(config, last_issue=config.second_last_issue, every=config.second_every)
    runs = [
        fit(run, [issue for issue in development_issues(run) if issue.id not in without], chosen)
        for run in (config, second)
    ]
    return Fitted(runs[0].breaks, mean_of([run.tagger for run in runs]))


def mean_of(taggers: Sequence[dict[str, np.ndarray[Any, Any]]]) -> dict[str, np.ndarray[Any, Any]]:
    """The mean of several taggers' weights; a sign that one of them has not weighs nothing there."""
    found: dict[str, np.ndarray[Any, Any]] = {}
    for names, table in (("signs", "own"), ("sided_signs", "sided")):
        every = sorted({str(name) for one in taggers for name in one[names]})
        row = {name: at for at, name in enumerate(every)}
        total = np.zeros((len(every), *taggers[0][table].shape[1:]), np.float32)
        for one in taggers:
            total[[row[str(name)] for name in one[names]]] += one[table] / np.float32(len(taggers))
        found[names], found[table] = np.array(every), total.astype(np.float16)
    for name in ("steps", "first", "last"):
        found[name] = np.mean([one[name].astype(np.float32) for one in taggers], axis=0).astype(np.float16)
    return found


def fit(config: ReaderConfig, issues: Sequence[Issue], chosen: Sequence[Layout]) -> Fitted:
    """Fit both on the issues as the chosen layouts print them, and on varied pages of them."""
    printed = list(_printed(config, issues, chosen))
    measured = [Page.of(one.text) for one in tqdm(printed, "measuring", leave=False, mininterval=5)]
    truths = [_Truth(one, page.lines) for one, page in zip(printed, measured, strict=True)]
    breaks = fit_breaks(
        [example for page, truth in zip(measured, truths, strict=True) for example in _gaps(page, truth)],
        config.least_lines,
    )
    examples = [
        example
        for one, page, truth in zip(tqdm(printed, "signs", leave=False), measured, truths, strict=True)
        for example in _example(one, pieces(page, breaks), page.habits, truth)
    ]
    return Fitted(breaks, fit_field(examples, config))


def _printed(config: ReaderConfig, issues: Sequence[Issue], chosen: Sequence[Layout]) -> Iterator[Printed]:
    """Every layout on every ``every``-th issue, and varied pages, a caption moved into the text of half."""
    chance = random.Random(config.seed)
    for issue, layout in spread(issues, chosen, config.every):
        yield Printed(issue, render(issue, layout, seed=1), layout)
    for number in range(config.varied_pages):
        issue, layout = varied(issues, chance, number), chance.choice(chosen)
        text = render(issue, layout, seed=2)
        if chance.random() < 0.5:
            text = _caption_moved(issue, text, chance)
        yield Printed(issue, _spaced_otherwise(issue, text, chance), layout)


def _caption_moved(issue: Issue, text: str, chance: random.Random) -> str:
    captions = [caption for article in issue.articles for caption in article.captions]
    if not captions:
        return text
    lines, wanted = text.split("\n"), squeeze(chance.choice(captions))
    for start in range(len(lines)):
        end = start
        while end < len(lines) and wanted.startswith(squeeze("".join(lines[start : end + 1]))):
            end += 1
        if lines[start].strip() and squeeze("".join(lines[start:end])) == wanted:
            caption, rest = lines[start:end], lines[:start] + lines[end:]
            at = max(0, start - chance.randint(2, 14))
            around = [""] if chance.random() < 0.5 else []
            return "\n".join([*rest[:at], *around, *caption, *around, *rest[at:]])
    return text


def _spaced_otherwise(issue: Issue, text: str, chance: random.Random) -> str:
    """The page with blank lines around headlines, bylines and subheads set by a habit of its own.

    Layouts print them one way; on real pages a byline may cling to the headline of the story before it.
    """
    heads = [x for a in issue.articles for x in (*a.headline.kicker, *a.headline.main, *a.headline.deck)]
    subheads = [block.text for a in issue.articles for block in a.blocks if block.role == "subhead"]
    kinds = [
        {squeeze(line) for field in heads for line in field.split("\n")},
        {squeeze(line) for article in issue.articles for line in article.byline.split("\n") if line},
        {line for field in subheads for line in field.split()},
    ]
    habits = {
        (kind, other): chance.choice(("kept", "kept", "blank", "none"))
        for kind in range(-1, len(kinds))
        for other in range(-1, len(kinds))
    }
    made: list[str] = []
    gap, last = False, -1
    for line in text.split("\n"):
        if not line.strip():
            gap = True
            continue
        kind = next((at for at, lines in enumerate(kinds) if squeeze(line) in lines), -1)
        habit = habits[last, kind] if (last, kind) != (-1, -1) and chance.random() < 0.9 else "kept"
        if made and (habit == "blank" or (gap and habit == "kept")):
            made.append("")
        made.append(line)
        gap, last = False, kind
    return "\n".join(made) + "\n"


class _Truth:
    """What the labelled issue says of a page's lines."""

    def __init__(self, printed: Printed, lines: Sequence[Line]) -> None:
        self._spans = locate(printed.issue, printed.text)
        self._starts = [span.start for span in self._spans]
        begins = [0, *accumulate(len(squeeze(line.text)) for line in lines)]
        self._begin = {line.number: begin for line, begin in zip(lines, begins, strict=False)}

    def span(self, line: Line) -> FieldSpan:
        """The field that the line's first character stands in."""
        return self._spans[bisect_right(self._starts, self._begin[line.number]) - 1]

    def begins(self, line: Line) -> bool:
        """Whether a paragraph begins with the line, or it stands apart anyway."""
        span = self.span(line)
        return (span.start == self._begin[line.number] and span.first) or span.role in _ALWAYS_APART


@dataclass(frozen=True)
class BreakExample:
    """The signs between two lines, whether the labelled issue has a break there, and how the line begins."""

    signs: list[str]
    apart: bool
    begins: str


def _gaps(page: Page, truth: _Truth) -> Iterator[BreakExample]:
    """The examples of a page, a pair of neighbouring lines each."""
    if not page.habits.wrapped:
        return
    since = 1
    for at in range(len(page.lines) - 1):
        apart = truth.begins(page.lines[at + 1])
        if not any(
            marks.is_byline(line.text) or marks.is_furniture(line.text) for line in page.lines[at : at + 2]
        ):
            yield BreakExample(signs(page, at, since=since), apart, page.lines[at + 1].text[:6])
        since = 1 if apart else since + 1


def _example(printed: Printed, found: Sequence[Piece], habits: Habits, truth: _Truth) -> Iterator[Example]:
    """The page as the tagger sees it; none where its true tags are against the odds of its manner."""
    inside = [piece for piece in found if piece.kind != "furniture"]
    tags = true_tags(inside, truth)
    manner = 0 if not printed.layout.headlines_after else 1 if printed.layout.byline_first else 2
    if tags and allowed(tags, manner):
        yield Example(
            piece_signs(inside, habits),
            [float(odds) for odds in going_on(inside)],
            [TAGS.index(tag) for tag in tags],
            manner,
        )


def true_tags(found: Sequence[Piece], truth: _Truth) -> list[Any]:
    """What the labelled issue says each piece is, by the piece's first line."""
    tags: list[str] = []
    article, opens = None, False
    for piece in found:
        span = truth.span(piece.lines[0])
        article, opens = span.article, opens or span.article != article
        if not (piece.why is None or piece.why.sure or truth.begins(piece.lines[0])):
            tags.append("I")
            continue
        tag = _ROLES.get(span.role) or ("C" if span.role == "caption" else "B")
        if opens and tag in ("H", "Y", "B"):
            tag, opens = f"+{tag}", False
        tags.append(tag)
    return tags


def fit_breaks(examples: Sequence[BreakExample], least_lines: int) -> dict[str, float]:
    """Weights by sign, with "bias".

    A sign needs ``least_lines`` lines that begin differently: pages print the same few paragraphs often, and
    a word that opens one of them is no sign.
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    lines: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        for sign in example.signs:
            if len(lines[sign]) < least_lines:
                lines[sign].add(example.begins)
    rows = DictVectorizer()
    table = rows.fit_transform(
        [
            dict.fromkeys((sign for sign in one.signs if len(lines[sign]) >= least_lines), 1)
            for one in examples
        ]
    )
    model = LogisticRegression(max_iter=2000).fit(table, [one.apart for one in examples])
    found = {"bias": round(float(model.intercept_[0]), 2)}
    for name, weight in zip(rows.get_feature_names_out(), model.coef_[0], strict=True):
        if abs(weight) >= 0.02:
            found[str(name)] = round(float(weight), 2)
    return found


def _as_source(source: str, breaks: dict[str, float]) -> str:
    """data/weights.py with another table."""
    head = source.split("JOINING: Mapping")[0]
    rows = "".join(f'    "{sign}": {weight},\n' for sign, weight in breaks.items())
    return head + f"JOINING: Mapping[str, float] = {{\n{rows}}}\n"
