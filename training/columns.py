"""Fit what the signs of a column going on with an article weigh (`banmian train columns`).

Written issues are printed in the development layouts and in others drawn like them, and put together as
they were printed. Each time something may become of a column, the right thing is held against the others: a
conditional logit (data/geometry_weights.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from banmian.data import geometry_weights
from banmian.data.bench import spread
from banmian.data.errors import MissingExtraError
from banmian.data.geometry_chains import Chain, Group
from banmian.data.geometry_columns import Choice, Way, choices, in_order
from banmian.data.geometry_flow import links_of
from banmian.data.geometry_kinds import Head, plan_of
from banmian.data.geometry_links import Links, Signs
from banmian.data.geometry_strips import habit_of_indents, strips_of
from banmian.data.holdout import HELD_OUT_ISSUES
from banmian.data.pdf import open_pdf
from banmian.data.shipped import written_issues, written_number
from banmian.data.spans import FieldSpan, locate
from banmian.data.text import squeeze
from banmian.eval.makeup import drawn_layouts, page_layouts
from banmian.eval.printed import Printed, render_pdf
from banmian.training.config import ColumnsConfig

Decision = list[tuple[Signs, bool]]
"""What was offered, and whether it was right; exactly one is."""


def train_columns(config: ColumnsConfig) -> Path:
    """Fit on the development pages and write the weights into the package."""
    decisions = [decision for printed in pages(config) for decision in decisions_on(printed)]
    path = Path(str(geometry_weights.__file__))
    found = fit_columns(decisions, config.ridge, config.least_seen)
    path.write_text(_as_source(path.read_text(encoding="utf-8"), found), encoding="utf-8")
    return path


def pages(config: ColumnsConfig) -> Iterator[Printed]:
    """The issues of the run, printed: none that is held out, and in no layout that is scored."""
    issues = [
        issue
        for issue in written_issues()
        if config.first_issue <= written_number(issue) <= config.last_issue
        and issue.id not in HELD_OUT_ISSUES
    ]
    layouts = [*page_layouts("development"), *drawn_layouts(config.drawn_layouts, config.seed)]
    for issue, layout in tqdm(list(spread(issues, layouts, config.every)), "printing", leave=False):
        yield render_pdf(issue, layout)


def decisions_on(printed: Printed) -> Iterator[Decision]:
    """Every choice on the way to the articles as they were printed, on each of the file's pages."""
    sheets = [sheet for sheet in open_pdf(printed.pdf, "page.pdf") if sheet.runs]
    plans = {number: plan_of(sheet) for number, sheet in enumerate(sheets, 1)}
    strips = {number: strips_of(plan, number) for number, plan in plans.items()}
    indents = habit_of_indents([strip for some in strips.values() for strip in some])
    truth = _Truth(printed)
    for number, plan in plans.items():
        yield from _on_sheet(links_of(plan, strips[number], indents), plan.heads, truth)


class _Truth:
    """Which printed article a text stands in, by the lines that stand on the page once."""

    def __init__(self, printed: Printed) -> None:
        self._flat = squeeze(printed.text)
        self._spans: Sequence[FieldSpan] = locate(printed.issue, printed.text)

    def article(self, text: str) -> int | None:
        """Its number, that of most of its characters; None where no line tells."""
        found: Counter[int] = Counter()
        for line in map(squeeze, text.splitlines()):
            if len(line) >= 4 and self._flat.count(line) == 1:
                at = self._flat.index(line)
                found.update({span.article: len(line) for span in self._spans if span.start <= at < span.end})
        return found.most_common(1)[0][0] if found else None


def _on_sheet(links: Links, heads: Sequence[Head], truth: _Truth) -> Iterator[Decision]:
    owner = {chain.number: truth.article(chain.text) for chain in links.chains}
    titled = {id(head): truth.article(head.text) for head in heads}

    def article(group: Group) -> int | None:
        return owner[group.chains[0]] if group.chains else titled[id(group.head)]

    way = Way(tuple(Group(head) for head in heads))
    for taken in in_order(links, heads):
        offered = choices(links, way, taken)
        wanted = owner[taken.number] if isinstance(taken, Chain) else titled[id(taken)]
        right = _right(offered, way, [article(group) for group in way.groups], wanted, taken)
        if len(offered) > 1:
            yield [(choice.signs, choice is right) for choice in offered]
        if right.gone >= 0 and any(choice.missing for choice in offered):
            # The same start as it looks where its first column was given to another article.
            yield [(choice.signs, choice.missing) for choice in offered if choice is not right]
        way = way.replaced(right.at, right.group, 0.0, right.gone)


def _right(
    offered: list[Choice], way: Way, articles: list[int | None], wanted: int | None, taken: Chain | Head
) -> Choice:
    """What the page was printed as: the first offer, which opens an article, where no other is right."""
    free = isinstance(taken, Chain) and taken.head is None
    for choice in offered:
        at = choice.at if free else choice.gone
        if not choice.missing and 0 <= at < len(way.groups) and articles[at] == wanted is not None:
            return choice
    return offered[0]


def fit_columns(decisions: Sequence[Decision], ridge: float, least_seen: int) -> dict[str, float]:
    """Weights by sign, to two places, under which what is right is the likeliest; rare signs have none."""
    try:
        from scipy.optimize import minimize
    except ImportError:
        raise MissingExtraError("scipy", "eval", "fitting the columns") from None
    seen = Counter(name for decision in decisions for signs, _ in decision for name in signs)
    names = sorted(name for name, count in seen.items() if count >= least_seen)
    column = {name: at for at, name in enumerate(names)}
    lengths = np.array([len(decision) for decision in decisions])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    table = np.zeros((int(lengths.sum()), len(names)))
    offers = [offer for decision in decisions for offer in decision]
    for row, (signs, _) in enumerate(offers):
        for name in signs.keys() & column.keys():
            table[row, column[name]] = signs[name]
    right = np.array([ours for _, ours in offers])

    def loss(weights: Any) -> tuple[float, Any]:
        scores = table @ weights
        top = np.maximum.reduceat(scores, starts)
        spread_out = np.exp(scores - np.repeat(top, lengths))
        total = np.add.reduceat(spread_out, starts)
        shares = spread_out / np.repeat(total, lengths)
        missed = (top + np.log(total)).sum() - scores[right].sum()
        return float(missed + ridge * weights @ weights), table.T @ (shares - right) + 2 * ridge * weights

    fitted = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B")
    return {name: round(float(value), 2) for name, value in zip(names, fitted.x, strict=True)}


def _as_source(source: str, weights: dict[str, float]) -> str:
    """The module of weights with these in the place of its own."""
    opening = "LINKS: Mapping[str, float] = {\n"
    lines = "".join(f'    "{name}": {value},\n' for name, value in weights.items())
    return source[: source.index(opening)] + opening + lines + "}\n"
