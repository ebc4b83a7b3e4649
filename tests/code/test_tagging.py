"""The tagger: its search against trying everything, its reasons, and the manners it finds."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from banmian.data.bench import Layout, render
from banmian.data.joining import Page
from banmian.data.pieces import Piece, pieces
from banmian.data.shipped import shipped_issue
from banmian.data.signs import piece_signs
from banmian.data.tagging import MANNERS, OPENING, TAGS, Manner, Tagger, allowed, going_on, shipped_tagger

SMALL = "供水改造提速\n本报记者 张 晓\n改造于本月启动，涉及居民一百二十户。\n居民说，水压足了。"
#: Narrow lines, so that it is not sure everywhere whether a paragraph goes on.
NARROW = "东湖供水提速\n改造于本月启动，涉\n及居民一百二十户。\n居民说，水压足了。"


def measured(text: str) -> tuple[Page, list[Piece]]:
    page = Page.of(text)
    return page, [piece for piece in pieces(page) if piece.kind != "furniture"]


@pytest.mark.parametrize("text", [SMALL, NARROW])
def test_the_search_finds_what_trying_every_reading_finds(text: str) -> None:
    page, found = measured(text)
    signs = piece_signs(found, page.habits)
    going = going_on(found)
    names = sorted({sign for one in signs for sign in one.own})
    sided = sorted({sign for one in signs for sign in one.sided})
    chance, tags, manners = np.random.default_rng(7), len(TAGS), len(MANNERS)
    weights = {
        "signs": np.array(names),
        "own": chance.normal(size=(len(names), tags)),
        "sided_signs": np.array(sided),
        "sided": chance.normal(size=(len(sided), 2, tags)),
        "steps": chance.normal(size=(manners, tags, tags)),
        "first": chance.normal(size=(manners, tags)),
        "last": chance.normal(size=(manners, tags)),
    }

    def total(manner: int, path: tuple[int, ...]) -> float:
        score = weights["first"][manner, path[0]] + weights["last"][manner, path[-1]]
        score += sum(weights["steps"][manner, a, b] for a, b in pairwise(path))
        for one, tag in zip(signs, path, strict=True):
            score += sum(weights["own"][names.index(sign), tag] for sign in one.own)
            score += sum(weights["sided"][sided.index(sign), min(manner, 1), tag] for sign in one.sided)
        score -= OPENING * sum(TAGS[tag].startswith("+") for tag in path[1:])
        return float(score + sum(going[at] for at, tag in enumerate(path) if TAGS[tag] == "I"))

    best = max(
        (
            (manner, path)
            for manner in range(manners)
            for path in product(range(tags), repeat=len(found))
            if allowed([TAGS[tag] for tag in path], manner)
        ),
        key=lambda reading: total(*reading),
    )
    tagged = Tagger(weights).tag(found, page.habits)
    assert allowed(tagged.tags, MANNERS.index(tagged.manner))
    assert (MANNERS.index(tagged.manner), tuple(map(TAGS.index, tagged.tags))) == best


@pytest.mark.parametrize(
    ("layout", "manner"),
    [
        (Layout(width=18), "above"),
        (Layout(width=18, headlines_after=True), "below, bylines first"),
        (Layout(width=18, headlines_after=True, byline_first=False), "below, bylines last"),
    ],
)
def test_a_page_is_read_in_its_own_manner(layout: Layout, manner: Manner) -> None:
    page, found = measured(render(shipped_issue("written-14"), layout))
    assert shipped_tagger().tag(found, page.habits).manner == manner


def test_every_piece_has_its_reason_and_the_tag_that_lost() -> None:
    page, found = measured(render(shipped_issue("written-14"), Layout(width=18)))
    tagger = shipped_tagger()
    tags = tagger.tag(found, page.habits).tags
    reasons = tagger.reasons(found, page.habits)
    assert [reason.tag for reason in reasons] == list(tags)
    for reason in reasons:
        assert reason.instead != reason.tag
        assert reason.odds >= -1e-3  # the best reading is at least as good with any one tag changed
        sizes = [abs(weight) for _, weight in reason.signs]
        assert sizes == sorted(sizes, reverse=True)
        assert len(sizes) == 4


def test_signs_never_seen_in_training_weigh_nothing() -> None:
    page, found = measured(SMALL)
    tags = len(TAGS)
    nothing = {
        "signs": np.array(["never:seen"]),
        "own": np.full((1, tags), 9.0),
        "sided_signs": np.array(["never:seen"]),
        "sided": np.full((1, 2, tags), 9.0),
        "steps": np.zeros((3, tags, tags)),
        "first": np.zeros((3, tags)),
        "last": np.zeros((3, tags)),
    }
    assert all(
        reason.odds == 0 or reason.signs[0][0] == "order"
        for reason in Tagger(nothing).reasons(found, page.habits)
    )
