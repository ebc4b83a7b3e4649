"""The parts of a headline by type size and place: 引题 (kicker), 主题 (main), 副题 (deck)."""

from __future__ import annotations

from banmian.data.geometry_kinds import Head
from banmian.data.geometry_stacks import Stack
from banmian.data.headlines import parts_of_headline

#: Type within so much of the largest is the main headline's.
_MAIN = 0.88


def parts_of_head(head: Head) -> dict[str, tuple[str, ...]]:
    """``kicker``, ``main`` and ``deck`` as printed lines; parts that the headline lacks are left out.

    The largest type is the main headline. Smaller type above it is the kicker and below it the deck; set
    vertically beside a horizontal headline it is the kicker, and right or left of a vertical one kicker or
    deck, for vertical lines are read from the right. Where all is of one size, the words have to tell.
    """
    largest = head.size
    main = [stack for stack in head.stacks if stack.size >= _MAIN * largest]
    rest = [stack for stack in head.stacks if stack.size < _MAIN * largest]
    found: dict[str, list[Stack]] = {"kicker": [], "main": main, "deck": []}
    for stack in rest:
        found[_part(stack, main)].append(stack)
    lines = {part: tuple(_lines(stacks)) for part, stacks in found.items() if stacks}
    if not rest and len(lines["main"]) > 1 and not main[0].vertical:
        parts = zip(("kicker", "main", "deck"), parts_of_headline(list(lines["main"])), strict=True)
        lines = {part: tuple(texts) for part, texts in parts if texts}
    return lines


def _part(stack: Stack, main: list[Stack]) -> str:
    upright = main[0].vertical
    if upright:
        right = stack.box[0] >= max(one.box[0] for one in main)
        return "kicker" if right else "deck"
    if stack.vertical:
        return "kicker"
    middle = (stack.box[1] + stack.box[3]) / 2
    return "kicker" if middle < min((one.box[1] + one.box[3]) / 2 for one in main) else "deck"


def _lines(stacks: list[Stack]) -> list[str]:
    """Lines in reading order: from above, vertical ones from the right."""
    upright = [stack for stack in stacks if stack.vertical]
    across = [stack for stack in stacks if not stack.vertical]
    rows = [row for stack in sorted(upright, key=lambda one: -one.box[0]) for row in stack.rows]
    rows += sorted((row for stack in across for row in stack.rows), key=lambda row: (row.box[1], row.box[0]))
    lines: list[str] = []
    for row in rows:
        # A character or two alone are no line of a headline but the end of the one above.
        if lines and len(row.text) <= 3 and len(lines[-1]) >= 3 * len(row.text):
            lines[-1] += row.text
        else:
            lines.append(row.text)
    return lines
