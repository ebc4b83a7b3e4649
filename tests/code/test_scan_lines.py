"""Recognised lines take their measure from their ink, and are cut and joined as they are printed.

Characters are drawn as 田, ink of 0.94 by 0.9 em: a Chinese face is not everywhere.
"""

from __future__ import annotations

import pytest

from banmian.data.geometry import Box, Run
from banmian.data.scan_lines import lines_of

pytest.importorskip("cv2", reason="needs the scan extra")
numpy = pytest.importorskip("numpy")

EM = 20.0


class Paper:
    """A sheet on which lines are drawn, and what recognition would make of them: boxes that reach beyond."""

    def __init__(self, width: int = 900, height: int = 700) -> None:
        self.grey = numpy.full((height, width), 255, numpy.uint8)
        self.runs: list[Run] = []

    def draw(self, text: str, left: float, top: float, em: float = EM, *, down: bool = False) -> None:
        """Draw 田 for every character; a blank is one em of white, a comma a small mark."""
        for number, char in enumerate(text):
            step = number * em
            x, y = (left, top + step) if down else (left + step, top)
            if char == "，":
                self._ink(x + 0.05 * em, y + 0.75 * em, x + 0.35 * em, y + 1.05 * em)
            elif char != " ":
                self._character(x, y, em)

    def _character(self, x: float, y: float, em: float) -> None:
        left, right = x + 0.05 * em, x + 0.95 * em
        top, bottom = y + 0.03 * em, y + 0.97 * em
        thick = 0.1 * em
        for at in (left, (left + right - thick) / 2, right - thick):
            self._ink(at, top, at + thick, bottom)
        for at in (top, (top + bottom - thick) / 2, bottom - thick):
            self._ink(left, at, right, at + thick)

    def _ink(self, left: float, top: float, right: float, bottom: float) -> None:
        self.grey[round(top) : round(bottom), round(left) : round(right)] = 0

    def read(self, text: str, left: float, top: float, wide: float, high: float = EM, **given: bool) -> Run:
        """Take a place for a line of ``text``, four pixels too large on every side."""
        box = (left - 4, top - 4, left + wide + 4, top + high + 4)
        self.runs.append(Run(text, *box, (wide if given else high) + 8, **given))
        return self.runs[-1]

    def line(self, text: str, left: float, top: float, em: float = EM) -> Run:
        """Draw a line and take it for what it is."""
        self.draw(text, left, top, em)
        return self.read(text, left, top, len(text) * em, em)

    def column(self, left: float, top: float, rows: int, characters: int = 15) -> None:
        """Draw lines of running text."""
        for row in range(rows):
            self.line("田" * characters, left, top + 1.5 * EM * row)

    def lines(self, rules: list[Box] | None = None) -> list[Run]:
        """The lines put right."""
        return lines_of(self.grey, self.runs, rules or [])


def texts(runs: list[Run]) -> list[str]:
    return sorted(run.text for run in runs)


def test_a_line_takes_box_and_size_from_its_ink() -> None:
    paper = Paper()
    paper.column(50, 100, 8)
    line = paper.line("田田田田田田，", 50, 400)
    head = paper.line("田田田田田", 50, 30, 44.0)
    paper.lines()
    assert line.size == pytest.approx(EM, rel=0.03)
    assert line.box == pytest.approx((50, 400, 50 + 7 * EM, 400 + EM), abs=2)
    assert head.size == pytest.approx(44, rel=0.03)
    assert head.box == pytest.approx((50, 30, 50 + 5 * 44, 74), abs=2)


def test_one_pixel_more_or_less_is_the_same_size() -> None:
    paper = Paper()
    paper.column(50, 100, 8)
    lower = paper.line("田田田田田", 50, 400, 19.4)
    paper.lines()
    assert lower.size == paper.runs[0].size


def test_grey_paper_and_white_on_black_are_measured_alike() -> None:
    paper = Paper()
    paper.column(50, 100, 8)
    paper.grey = (200 - paper.grey.astype(float) * 0.6).astype(numpy.uint8)
    paper.lines()
    assert paper.runs[0].size == pytest.approx(EM, rel=0.03)
    assert paper.runs[0].left == pytest.approx(50, abs=2)


def headlines_side_by_side(paper: Paper) -> None:
    paper.draw("田田田田田田田", 50, 20, 40.0)
    paper.draw("国国国国国国国", 360, 20, 40.0)
    paper.read("田田田田田田田国国国国国国国", 50, 20, 590, 40)


def test_headlines_over_columns_of_their_own_are_cut() -> None:
    paper = Paper()
    headlines_side_by_side(paper)
    paper.column(50, 100, 8, 14)
    paper.column(360, 100, 8, 14)
    found = [run for run in paper.lines() if run.size > 30]
    assert [run.text for run in found] == ["田田田田田田田", "国国国国国国国"]
    assert [run.left for run in found] == pytest.approx([50, 360], abs=2)
    assert [run.right for run in found] == pytest.approx([330, 640], abs=2)


def test_a_headline_of_two_clauses_over_a_column_keeps_its_blank() -> None:
    paper = Paper()
    headlines_side_by_side(paper)
    paper.column(50, 100, 8, 29)
    (head,) = [run for run in paper.lines() if run.size > 30]
    assert head.text == "田田田田田田田 国国国国国国国"


def test_lines_of_neighbouring_columns_are_cut_and_a_blank_in_a_line_is_none() -> None:
    paper = Paper()
    paper.column(50, 100, 3)
    paper.column(380, 100, 3)
    paper.draw("田" * 15, 50, 190)
    paper.draw("国" * 15, 380, 190)
    paper.read("田" * 15 + "国" * 15, 50, 190, 630)
    paper.draw("田田田 国国国国国国国国国国国", 380, 220)
    paper.read("田田田国国国国国国国国国国国", 380, 220, 300)
    paper.column(50, 220, 3)
    paper.column(380, 250, 2)
    found = texts(paper.lines())
    assert found.count("国" * 15) == 1
    assert "田田田 国国国国国国国国国国国" in found


@pytest.mark.parametrize(("rules", "parts"), [([(348.0, 0.0, 351.0, 400.0)], 2), ([], 1)])
def test_a_rule_in_the_white_cuts_a_line(rules: list[Box], parts: int) -> None:
    paper = Paper()
    paper.draw("田" * 14, 50, 190)
    paper.draw("国" * 14, 365, 190)
    paper.read("田" * 14 + "国" * 14, 50, 190, 595)
    paper.column(50, 250, 6)
    assert sum("国" in text or len(text) < 15 for text in texts(paper.lines(rules))) == parts


def test_a_mark_cut_off_a_headline_is_joined_to_it() -> None:
    paper = Paper()
    paper.column(50, 100, 8)
    paper.draw("，田田田田田", 50, 30, 40.0)
    paper.read("，", 52, 58, 14, 14)
    paper.read("田田田田田", 90, 30, 200, 40)
    assert "，田田田田田" in texts(paper.lines())


def test_the_parts_of_a_vertical_line_are_joined() -> None:
    paper = Paper()
    paper.column(200, 100, 8)
    paper.draw("田田田田国国国国", 50, 40, 40.0, down=True)
    paper.draw("国", 50, 360, 40.0)
    paper.read("田田田田", 50, 40, 40, 160, vertical=True)
    paper.read("国国国国", 50, 200, 40, 160, vertical=True)
    paper.read("国", 50, 360, 40, 40)
    (line,) = [run for run in paper.lines() if run.vertical]
    assert line.text == "田田田田国国国国国"
    assert line.size == pytest.approx(40, rel=0.03)
    assert (line.top, line.bottom) == pytest.approx((40, 400), abs=7)


def test_paper_without_ink_keeps_what_was_recognised() -> None:
    paper = Paper()
    blank = paper.read("田田田", 100, 100, 60)
    assert paper.lines() == [blank]
    assert blank.box == (96, 96, 164, 124)


def test_names_in_a_byline_are_parted_by_little_white() -> None:
    paper = Paper()
    paper.column(50, 100, 8)
    paper.draw("田田日报记者", 50, 400)
    paper.draw("王田田", 50 + 6 * EM + 6, 400)
    paper.draw("李田田", 50 + 9 * EM + 12, 400)
    line = paper.read("田田日报记者王田田李田田", 50, 400, 12 * EM + 12)
    paper.lines()
    assert line.text == "田田日报记者 王田田 李田田"


def test_characters_that_touch_are_no_larger_for_the_marks_among_them() -> None:
    paper = Paper()
    paper.column(50, 100, 8)
    text = "田，田田，田田，田田，"
    for number, char in enumerate(text):
        paper.draw(char, 50 + 0.88 * EM * number, 400)
    line = paper.read(text, 50, 400, 0.88 * EM * len(text))
    paper.lines()
    assert line.size == paper.runs[0].size
