"""Fit the weights of the reader's signs on rendered written issues: ``python -m banmian.data.fitting``.

Writes banmian/data/weights.py anew. Needs scikit-learn (the ``eval`` extra); takes about two minutes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from banmian.data import marks
from banmian.data.bench import layouts, render
from banmian.data.grouping import Words, group_signs, groups, twins
from banmian.data.issue import Issue
from banmian.data.joining import Page, signs
from banmian.data.lines import Line
from banmian.data.pieces import pieces
from banmian.data.shipped import written_issues
from banmian.data.spans import FieldSpan, locate
from banmian.data.text import squeeze

Example = tuple[list[str], bool]

_LAST_ISSUE = 30
_ALWAYS_APART = ("byline", "signature", "kicker", "main", "deck", "subhead")


def pages() -> Iterator[tuple[Issue, str]]:
    """The development pages: issues 11–30, each in every second development layout."""
    issues = [_two_line_subheads(issue) for issue in written_issues() if _number(issue) <= _LAST_ISSUE]
    for at, layout in enumerate(layouts("development")):
        for issue in issues[at % 2 :: 2]:
            yield issue, render(issue, layout, seed=1)


def joining_examples(issue: Issue, text: str) -> Iterator[Example]:
    """For each pair of neighbouring lines its signs and whether the labelled issue has a break there."""
    page = Page.of(text)
    if not page.habits.wrapped:
        return
    truth = _Truth(issue, text, page.lines)
    first = True
    for at in range(len(page.lines) - 1):
        apart = truth.begins(at + 1)
        if not any(
            marks.is_byline(line.text) or marks.is_furniture(line.text) for line in page.lines[at : at + 2]
        ):
            yield signs(page, at, first=first), apart
        first = apart


def parting_examples(issue: Issue, text: str) -> Iterator[Example]:
    """For each group between two stretches of text its signs and whether it parts two articles."""
    page = Page.of(text)
    truth = _Truth(issue, text, page.lines)
    index = {line.number: at for at, line in enumerate(page.lines)}
    found = groups(pieces(page))
    words = Words(found)
    for at, group in enumerate(found):
        if group.above and group.below:
            above, below = (truth.span(index[p.lines[0].number]) for p in (group.above[-1], group.below[0]))
            yield [*group_signs(group, at, words), *twins(found, at)], above.article != below.article


class _Truth:
    """What the labelled issue says of the page's lines, by their number from 0."""

    def __init__(self, issue: Issue, text: str, lines: Sequence[Line]) -> None:
        self._spans = locate(issue, text)
        self._starts = [span.start for span in self._spans]
        self._begin = [0, *accumulate(len(squeeze(line.text)) for line in lines)]

    def span(self, at: int) -> FieldSpan:
        return self._spans[bisect_right(self._starts, self._begin[at]) - 1]

    def begins(self, at: int) -> bool:
        span = self.span(at)
        return (span.start == self._begin[at] and span.first) or span.role in _ALWAYS_APART


def _two_line_subheads(issue: Issue) -> Issue:
    """Every third issue with its subheads in two lines, as real papers print them and the written do not."""
    if _number(issue) % 3:
        return issue
    articles = []
    for article in issue.articles:
        blocks = tuple(
            block.model_copy(update={"text": block.text.replace("，", " ").replace("：", " ")})
            if block.role == "subhead"
            else block
            for block in article.blocks
        )
        articles.append(article.model_copy(update={"blocks": blocks}))
    return issue.model_copy(update={"articles": tuple(articles)})


def _number(issue: Issue) -> int:
    return int(issue.id.rsplit("-", 1)[1])


def fit(examples: Sequence[Example]) -> tuple[dict[str, float], float]:
    """Weights by sign, with "bias", and the share of examples that they get wrong."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    rows = DictVectorizer()
    table = rows.fit_transform([dict.fromkeys(found, 1) for found, _ in examples])
    truth = [apart for _, apart in examples]
    model = LogisticRegression(max_iter=2000).fit(table, truth)
    weights = {"bias": round(float(model.intercept_[0]), 2)}
    for name, weight in zip(rows.get_feature_names_out(), model.coef_[0], strict=True):
        if abs(weight) >= 0.02:
            weights[str(name)] = round(float(weight), 2)
    return weights, 1 - float(model.score(table, truth))


def main() -> None:
    """Fit both tables, the second on pieces joined by the first, and write them."""
    from banmian.data import grouping, joining, weights

    everything = list(pages())
    joined, wrong = fit([example for page in everything for example in joining_examples(*page)])
    print(f"joining: {len(joined)} weights, {wrong:.2%} of the gaps wrong")  # noqa: T201
    vars(joining)["JOINING"] = joined
    parted, wrong = fit([example for page in everything for example in parting_examples(*page)])
    print(f"parting: {len(parted)} weights, {wrong:.2%} of the groups wrong")  # noqa: T201
    vars(grouping)["PARTING"] = parted
    path = Path(str(weights.__file__))
    head = path.read_text(encoding="utf-8").split("#: Signs of a break")[0]
    table = "#: {}\n{}: Mapping[str, float] = {{\n{}}}\n"
    body = "\n".join(
        table.format(what, name, "".join(f'    "{sign}": {weight},\n' for sign, weight in values.items()))
        for what, name, values in (
            ("Signs of a break between two lines (banmian.data.joining).", "JOINING", joined),
            ("Signs that a group of lines parts two articles (banmian.data.grouping).", "PARTING", parted),
        )
    )
    path.write_text(head + body, encoding="utf-8")


if __name__ == "__main__":
    main()
