"""From characters to runs: what is set one after another on a line, or one below another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from banmian.data.geometry import Glyph, Run, overlap

#: Most of an em between two characters of one run, unless all of it is set as wide. Justified Chinese opens
#: up by less than 0.3; two headlines side by side may stand half an em of their own large type apart.
_GAP = 0.33
#: Most of an em between the first two characters, and between any two of widely set type.
_FIRST_GAP, _WIDEST_GAP = 0.62, 1.3
#: A mark that hangs in the gutter all but touches the next column: after a mark, a gap is wider than between
#: the line's other characters by so much of an em at most.
_HANGING = 0.12
_MARKS = frozenset("，。、；：！？”’）》」』")
#: Most ems of printed blanks that stand inside a run: a headline parts its clauses with one or two.
_BLANKS = 2.6
#: A line of no more characters than this does not tell how widely it is set.
_FEW = 4
#: A vertical run has at least so many characters.
_VERTICAL = 3


def runs_of(glyphs: Sequence[Glyph]) -> list[Run]:
    """Join characters to runs, first in the file's order, then by where they stand.

    The file's order keeps a headline with wide gaps together, and a vertical line apart from its
    neighbour; what is left is joined by position alone, so the order is never needed.
    """
    lines = _in_file_order(glyphs)
    lines = _vertical(lines)
    runs = [_run(line) for line in lines if any(glyph.text.strip() for glyph in line)]
    return _completed(_joined(runs))


def _in_file_order(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    lines: list[list[Glyph]] = []
    for glyph in glyphs:
        if lines and _follows(lines[-1], glyph):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    return lines


def _follows(line: list[Glyph], glyph: Glyph) -> bool:
    last = next((other for other in reversed(line) if other.text.strip()), line[-1])
    size = max(last.size, glyph.size) or 1.0
    level = overlap(last.top, last.bottom, glyph.top, glyph.bottom) > 0.6 * min(
        last.bottom - last.top, glyph.bottom - glyph.top
    )
    if not level or not 0.55 < (glyph.size or 1.0) / (last.size or 1.0) < 1.8:
        return False
    step = glyph.left - line[-1].right
    if line[-1].text in _MARKS and len(line) > _FEW and step > (_spacing(line) + _HANGING) * size:
        return False
    return -0.4 * size <= step <= _gap(line) * size and glyph.left - last.right <= _BLANKS * size


def _gap(line: list[Glyph]) -> float:
    """The widest gap, in ems, that still goes on with a line: by how wide the line is set so far."""
    if len(line) < 2:
        return _FIRST_GAP
    return max(_GAP, min(_WIDEST_GAP, 1.8 * _spacing(line) + 0.1))


def _spacing(line: list[Glyph]) -> float:
    """The usual gap, in ems, between the last characters of a line of two or more."""
    size = line[-1].size or 1.0
    gaps = sorted((b.left - a.right) / size for a, b in pairwise(line[-8:]))
    return gaps[len(gaps) // 2]


def _vertical(lines: list[list[Glyph]]) -> list[list[Glyph]]:
    """Put single characters that stand one below another into one line, top first."""
    joined: list[list[Glyph]] = []
    at = 0
    while at < len(lines):
        end = at + 1
        while end < len(lines) and _below(lines[end - 1], lines[end]):
            end += 1
        if end - at >= _VERTICAL and any("\u2e80" <= line[0].text <= "\u9fff" for line in lines[at:end]):
            joined.append([line[0] for line in lines[at:end]])
            at = end
        else:
            joined.append(lines[at])
            at += 1
    return joined


def _below(above: list[Glyph], line: list[Glyph]) -> bool:
    a = [glyph for glyph in above if glyph.text.strip()]
    b = [glyph for glyph in line if glyph.text.strip()]
    if len(a) != 1 or len(b) != 1:
        return False
    size = max(a[0].size, b[0].size)
    apart = abs((a[0].left + a[0].right) - (b[0].left + b[0].right)) / 2
    return (
        apart <= 0.25 * size
        and 0.8 * size <= b[0].top - a[0].top <= 2.2 * size
        and abs(a[0].size - b[0].size) <= 0.1 * size
    )


def _run(line: list[Glyph]) -> Run:
    printed = [glyph for glyph in line if glyph.text.strip()]
    vertical = len(printed) >= _VERTICAL and printed[-1].top - printed[0].top >= 1.5 * printed[0].size
    text = ""
    for before, glyph in zip([None, *line], line, strict=False):
        blank = not glyph.text.strip()
        wide = before is not None and not vertical and glyph.left - before.right > 0.4 * glyph.size
        if (blank or wide) and text and not text.endswith(" "):
            text += " "
        if not blank:
            text += glyph.text
    sizes = sorted(glyph.size for glyph in printed)
    return Run(
        text.strip(),
        min(glyph.left for glyph in printed),
        min(glyph.top for glyph in printed),
        max(glyph.right for glyph in printed),
        max(glyph.bottom for glyph in printed),
        sizes[len(sizes) // 2],
        sum(glyph.bold for glyph in printed) > 0.5 * len(printed),
        vertical,
    )


def _joined(runs: list[Run]) -> list[Run]:
    """Runs on one line that touch become one; a page whose file holds its characters in any order is read."""
    across = [run for run in runs if not run.vertical]
    rows: list[list[Run]] = []
    for run in sorted(across, key=lambda run: run.middle):
        row = rows[-1] if rows else []
        if row and abs(run.middle - row[-1].middle) <= 0.25 * min(run.size, row[-1].size):
            row.append(run)
        else:
            rows.append([run])
    joined = [run for run in runs if run.vertical]
    for row in rows:
        line: list[Run] = []
        for run in sorted(row, key=lambda run: run.left):
            if line and _touch(line[-1], run):
                line[-1] = _pair(line[-1], run)
            else:
                line.append(run)
        joined += line
    return joined


def _completed(runs: list[Run]) -> list[Run]:
    """Give a vertical line the characters at its ends that the file's order had put elsewhere."""
    upright = [run for run in runs if run.vertical]
    alone = [run for run in runs if not run.vertical and len(run.text) == 1] if upright else []
    taken: set[int] = set()
    for line in upright:
        for run in sorted(alone, key=lambda one: abs(one.top - line.top)):
            apart = abs(run.left + run.right - line.left - line.right) / 2
            like = apart <= 0.25 * line.size and abs(run.size - line.size) <= 0.1 * line.size
            if id(run) in taken or not like:
                continue
            if -0.3 * line.size <= line.top - run.bottom <= 1.2 * line.size:
                line.text, line.top = run.text + line.text, run.top
            elif -0.3 * line.size <= run.top - line.bottom <= 1.2 * line.size:
                line.text, line.bottom = line.text + run.text, run.bottom
            else:
                continue
            taken.add(id(run))
    return [run for run in runs if id(run) not in taken]


def _touch(a: Run, b: Run) -> bool:
    size = max(a.size, b.size)
    if a.text[-1] in _MARKS and len(a.text) > _FEW and b.left - a.right > (_opened(a, b) + _HANGING) * size:
        return False
    return -0.4 * size <= b.left - a.right <= _GAP * size and 0.8 < a.size / (b.size or 1.0) < 1.25


def _opened(*runs: Run) -> float:
    """How far, in ems, the characters of runs of Chinese stand apart at most."""
    spread = [(run.width / (run.size or 1.0) - len(run.text)) / max(1, len(run.text) - 1) for run in runs]
    return max(0.0, *spread)


def _pair(a: Run, b: Run) -> Run:
    blank = " " if b.left - a.right > 0.4 * a.size else ""
    return Run(
        a.text + blank + b.text,
        a.left,
        min(a.top, b.top),
        b.right,
        max(a.bottom, b.bottom),
        max(a.size, b.size),
        a.bold and b.bold,
    )
