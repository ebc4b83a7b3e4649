"""How a page may be made up: the layouts in which labelled issues are rendered to PDF pages."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

Heads = Literal["above", "wrapped", "column", "vertical"]


@dataclass(frozen=True)
class PageLayout:
    """How an issue is made up on pages.

    Args:
        columns: text columns across the page.
        size: type size of the body in points; ``leading`` lines are so many ems apart.
        gutter: ems between columns.
        flow: articles run through the columns one after another under headlines one column wide;
            else each has a block of its own, with columns of equal height.
        indent: two ems before a paragraph's first line; ``gap`` ems of white between paragraphs.
        heads: above all columns of a block; above all but the first column, which runs the whole height;
            above the first column alone, with the others running the whole height; or set vertically at the
            left.
        kicker_beside: a short kicker stands vertically at the left of the headline.
        centred: headlines are centred over their block, else they begin at its left edge.
        rules: lines between blocks, or between articles of a flow.
        column_rules: lines between the columns of a block.
        frames: notices stand in a frame.
        pictures: a captioned picture stands at the top or at the bottom of its block's last columns.
        bands: what the page prints outside its articles: head and foot, head alone, or nothing.
        shuffled: the file holds the lines in any order.
        byline_above: the byline is centred under the headline, else it begins the first column.
        odd: every third block is set in fewer and wider columns than the page's.
    """

    columns: int = 5
    size: float = 10.0
    leading: float = 1.5
    gutter: float = 1.8
    flow: bool = False
    indent: bool = True
    gap: float = 0.0
    heads: Heads = "above"
    kicker_beside: bool = False
    centred: bool = True
    rules: bool = True
    column_rules: bool = False
    frames: bool = True
    pictures: Literal["top", "bottom"] = "top"
    bands: Literal["both", "head", "none"] = "both"
    shuffled: bool = False
    byline_above: bool = True
    odd: bool = False

    @property
    def name(self) -> str:
        """The layout in a few words."""
        made_up = "flow" if self.flow else f"blocks, heads {self.heads}"
        paragraphs = "indent" if self.indent else f"gap {self.gap}" if self.gap else "neither indent nor gap"
        return f"{self.columns} columns of {self.size} pt, {made_up}, {paragraphs}"


_CHOICES: dict[str, dict[str, tuple[object, ...]]] = {
    "development": {
        "size": (9.5, 10.5),
        "leading": (1.45, 1.6),
        "gutter": (1.5, 2.2),
        "columns": (3, 4, 5),
        "gap": (0.5, 0.8),
    },
    "held out": {
        "size": (9.0, 10.0, 11.0),
        "leading": (1.4, 1.5, 1.7),
        "gutter": (1.3, 1.8, 2.6),
        "columns": (3, 4, 5, 6),
        "gap": (0.4, 0.6, 1.0),
    },
}
_MADE_UP: tuple[Heads | Literal["flow"], ...] = ("above", "above", "wrapped", "column", "vertical", "flow")

_HABITS = ("kicker_beside", "centred", "rules", "column_rules", "frames", "shuffled")


def page_layouts(which: Literal["development", "held out"]) -> tuple[PageLayout, ...]:
    """Every make-up with indents twice and without once, the rest drawn once for each set.

    The geometry's rules were made on the development layouts; the held-out ones have other sizes, leadings,
    gutters and numbers of columns, and other draws. One in twelve has neither indent nor gap.
    """
    chance = random.Random(f"pages/{which}")
    choices = _CHOICES[which]

    def draw(name: str) -> object:
        return chance.choice(choices[name])

    made = []
    for number, heads in enumerate(_MADE_UP * 4):
        indent = number % 4 != 3
        given: dict[str, object] = {name: draw(name) for name in ("size", "leading", "gutter", "columns")}
        bare = number % 12 == 11
        given["gap"] = 0.0 if indent or bare else draw("gap")
        for name in _HABITS:
            given[name] = chance.random() < 0.5
        given["byline_above"], given["odd"] = chance.random() < 0.5, chance.random() < 0.4
        given["pictures"] = chance.choice(("top", "bottom"))
        given["bands"] = chance.choice(("both", "both", "head", "none"))
        made.append(
            PageLayout(
                flow=heads == "flow",
                heads="above" if heads == "flow" else heads,
                indent=indent,
                **given,  # type: ignore[arg-type]
            )
        )
    return tuple(made)


_DRAWN: dict[str, tuple[object, ...]] = {
    "size": (8.5, 9.2, 9.7, 10.2, 10.8, 11.5, 12.0),
    "leading": (1.35, 1.42, 1.55, 1.65, 1.75),
    "gutter": (1.25, 1.6, 2.0, 2.5, 3.0),
    "columns": (3, 4, 5, 6),
    "gap": (0.35, 0.45, 0.7, 0.9, 1.2),
}


def drawn_layouts(count: int, seed: int) -> tuple[PageLayout, ...]:
    """``count`` more layouts to learn from, each make-up as often, in sizes that no held-out one has."""
    chance = random.Random(f"drawn/{seed}")
    kinds: tuple[Heads | Literal["flow"], ...] = ("above", "wrapped", "column", "vertical", "flow")
    made = []
    for number in range(count):
        heads = kinds[number % len(kinds)]
        given: dict[str, object] = {name: chance.choice(choices) for name, choices in _DRAWN.items()}
        indent, bare = chance.random() < 0.7, chance.random() < 0.1
        if indent or bare:
            given["gap"] = 0.0
        for name in (*_HABITS, "byline_above"):
            given[name] = chance.random() < 0.5
        made.append(
            PageLayout(
                flow=heads == "flow",
                heads="above" if heads == "flow" else heads,
                indent=indent,
                odd=chance.random() < 0.4,
                pictures=chance.choice(("top", "bottom")),
                bands=chance.choice(("both", "both", "head", "none")),
                **given,  # type: ignore[arg-type]
            )
        )
    return tuple(made)
