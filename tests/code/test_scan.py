"""Scans: recognised lines become a sheet, with their confidence; what is drawn is found in the pixels."""

from __future__ import annotations

import io
import math

import pytest

from banmian.data.errors import BanmianError
from banmian.data.files import MAX_SCANNED_PAGES, read_bytes
from banmian.data.issue import Issue
from banmian.data.scan_drawn import drawn_on, straight

pytest.importorskip("rapidocr", reason="needs the scan extra")
numpy = pytest.importorskip("numpy")
drawing = pytest.importorskip("PIL.ImageDraw", reason="needs the scan extra")

from PIL import Image, ImageFont  # noqa: E402

LINES = (
    "Water pipes are being renewed in the old town,",
    "and two hundred homes will have more pressure",
    "before the end of the month, the office said.",
)


def page(turned: float = 0.0) -> Image.Image:
    """Latin in the face that Pillow brings along: a Chinese one is not everywhere."""
    picture = Image.new("RGB", (900, 400), "white")
    pen = drawing.Draw(picture)
    font = ImageFont.load_default(30)
    for i, text in enumerate(LINES):
        pen.text((60, 60 + 50 * i), text, "black", font)
    return picture.rotate(turned, fillcolor="white", resample=Image.Resampling.BICUBIC)


def saved(picture: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


def squeezed(issue: Issue) -> str:
    return "".join("".join(block.text.split()) for _, block in issue.body())


EXPECTED = "".join("".join(LINES).split())


@pytest.mark.parametrize(("kind", "name"), [("PNG", "page.png"), ("JPEG", "page.jpg"), ("PDF", "page.pdf")])
def test_a_picture_and_a_pdf_that_holds_one_are_recognised(kind: str, name: str) -> None:
    issue = read_bytes(saved(page(), kind), name)
    assert squeezed(issue) == EXPECTED
    (block,) = [block for _, block in issue.body()]
    assert block.recognition is not None
    assert 0.8 < block.recognition <= 1
    left, top, right, bottom = block.places[0].box or (0, 0, 0, 0)
    assert left == pytest.approx(60 / 900, abs=0.02)
    assert top == pytest.approx(64 / 400, abs=0.04)
    assert bottom == pytest.approx(196 / 400, abs=0.04)
    assert right > 0.7
    assert issue.as_dict()["articles"][0]["blocks"][0]["recognition"] == block.recognition  # type: ignore[index]


@pytest.mark.parametrize("turned", [2.0, -3.0])
def test_a_slanting_page_is_straightened_and_its_places_are_those_of_the_paper_as_it_lay(
    turned: float,
) -> None:
    picture = page(turned=turned)
    issue = read_bytes(saved(picture, "PNG"), "page.png")
    assert squeezed(issue) == EXPECTED
    ((_, block),) = list(issue.body())
    rows, columns = numpy.nonzero(numpy.asarray(picture.convert("L")) < 128)
    printed = (columns.min() / 900, rows.min() / 400, columns.max() / 900, rows.max() / 400)
    assert block.places[0].box == pytest.approx(printed, abs=0.04)


def test_a_turned_page_is_turned_back() -> None:
    picture = Image.new("RGB", (1000, 600), "white")
    drawing.Draw(picture).line((100, 100, 900, 100), "black", 3)
    turned = numpy.asarray(picture.rotate(-2.0, fillcolor="white", resample=Image.Resampling.BICUBIC))
    rows, columns = numpy.nonzero(straight(turned, math.radians(2.0)) < 128)
    assert (columns.min(), columns.max()) == pytest.approx((100, 900), abs=2)
    assert (rows.min(), rows.max()) == pytest.approx((99, 101), abs=2)


def test_an_empty_picture_is_refused() -> None:
    with pytest.raises(BanmianError) as caught:
        read_bytes(saved(Image.new("RGB", (300, 300), "white"), "PNG"), "blank.png")
    assert str(caught.value) == (
        "blank.png: expected a page with text, found none. Scan the page at 150 dpi or more."
    )


def test_too_many_scanned_pages_are_refused() -> None:
    small = Image.new("RGB", (60, 60), "grey")
    buffer = io.BytesIO()
    small.save(buffer, "PDF", save_all=True, append_images=[small] * MAX_SCANNED_PAGES)
    with pytest.raises(BanmianError) as caught:
        read_bytes(buffer.getvalue(), "scans.pdf")
    assert str(caught.value) == (
        "scans.pdf: expected a PDF with at most 4 scanned pages, found 5 pages without text. "
        "Send the pages one by one."
    )


def test_a_picture_of_too_many_pixels_is_refused() -> None:
    with pytest.raises(BanmianError) as caught:
        read_bytes(saved(Image.new("1", (8_000, 8_000)), "PNG"), "huge.png")
    assert str(caught.value) == (
        "huge.png: expected a picture of at most 60,000,000 pixels, found 8000 x 8000. Save it smaller."
    )


def test_rules_frames_and_pictures_are_found_in_the_pixels() -> None:
    picture = Image.new("RGB", (1000, 1000), "white")
    pen = drawing.Draw(picture)
    pen.line((50, 60, 950, 60), "black", 2)
    pen.line((500, 100, 500, 500), "black", 2)
    pen.rectangle((600, 200, 900, 400), outline="black", width=2)
    pen.rectangle((100, 600, 400, 900), fill="grey")
    rules, frames, pictures = drawn_on(straight(numpy.asarray(picture), 0.0), [])
    assert rules == [
        pytest.approx((50, 60, 951, 61), abs=3),
        pytest.approx((500, 100, 501, 501), abs=3),
    ]
    assert frames == [pytest.approx((600, 200, 900, 400), abs=8)]
    assert pictures == [pytest.approx((100, 600, 401, 901), abs=8)]
