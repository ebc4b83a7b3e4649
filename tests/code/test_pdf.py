"""PDF files: rendered pages read by their geometry, and files that are broken, closed or made to hurt."""

from __future__ import annotations

import io
import subprocess
import sys
import zlib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from banmian.data.errors import BanmianError
from banmian.data.files import read_bytes
from banmian.data.issue import Issue
from banmian.data.page import read_page
from banmian.data.pdf import MAX_PDF_PAGES, open_pdf
from banmian.data.reading import score
from banmian.data.shipped import shipped_issue
from banmian.data.text import squeeze
from banmian.eval.makeup import PageLayout, page_layouts
from banmian.eval.printed import Printed, render_pdf

pypdfium2 = pytest.importorskip("pypdfium2", reason="needs the scan extra")
canvas = pytest.importorskip("reportlab.pdfgen.canvas", reason="needs the eval extra")

LAYOUT = PageLayout(columns=5, kicker_beside=True, column_rules=True)


@lru_cache
def printed(shuffled: bool = False) -> Printed:
    return render_pdf(shipped_issue("written-16"), replace(LAYOUT, shuffled=shuffled))


@lru_cache
def read(shuffled: bool = False) -> Issue:
    return read_bytes(printed(shuffled).pdf, "page.pdf")


def plain(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\f".join(page.get_textpage().get_text_range() for page in document)


def test_a_page_in_columns_is_read_by_its_geometry_better_than_by_its_text() -> None:
    page = printed()
    found = score(read(), page.issue, page.text)
    by_text = score(read_page(plain(page.pdf)), page.issue, page.text)
    assert found.paragraph_f1 > 0.98
    assert found.article_f1 > 0.98
    assert found.roles > 0.98
    assert found.lost == 0
    assert found.paragraph_f1 >= by_text.paragraph_f1
    assert found.article_f1 >= by_text.article_f1
    assert found.parts > by_text.parts + 0.1


def test_the_order_in_the_file_does_not_matter() -> None:
    page = printed(shuffled=True)
    found = score(read(shuffled=True), page.issue, page.text)
    assert found.paragraph_f1 > 0.98
    assert found.article_f1 > 0.98
    assert found.lost == 0
    by_text = score(read_page(plain(page.pdf)), page.issue, page.text)
    assert found.paragraph_f1 > by_text.paragraph_f1 + 0.3
    assert found.article_f1 > by_text.article_f1 + 0.3


def test_what_stands_in_a_paragraph_s_boxes_is_its_text() -> None:
    with pypdfium2.PdfDocument(printed().pdf) as document:
        words = {number: page.get_textpage() for number, page in enumerate(document, 1)}
        for _, block in read().body():
            inside = ""
            for place in block.places:
                assert place.page is not None
                assert place.box is not None
                width, height = document[place.page - 1].get_size()
                left, top, right, bottom = place.box
                inside += words[place.page].get_text_bounded(
                    left=left * width - 1,
                    right=right * width + 1,
                    top=(1 - top) * height + 1,
                    bottom=(1 - bottom) * height - 1,
                )
            assert squeeze(inside) == squeeze(block.text)


@pytest.mark.parametrize("layout", page_layouts("development")[:6], ids=lambda layout: layout.name)
def test_every_make_up_is_read_whole(layout: PageLayout) -> None:
    page = render_pdf(shipped_issue("written-12"), layout)
    found = score(read_bytes(page.pdf, "page.pdf"), page.issue, page.text)
    assert found.lost == 0
    assert found.paragraph_f1 > 0.95


def made(*pages: str, password: str = "") -> bytes:
    buffer = io.BytesIO()
    sheet = canvas.Canvas(buffer, pagesize=(300, 200), encrypt=password or None)
    for text in pages:
        sheet.drawString(20, 100, text)
        sheet.showPage()
    sheet.save()
    return buffer.getvalue()


def refused(raw: bytes) -> str:
    with pytest.raises(BanmianError) as caught:
        read_bytes(raw, "page.pdf")
    return str(caught.value)


def test_an_encrypted_file_is_refused() -> None:
    assert refused(made("secret", password="x")) == (
        "page.pdf: expected a PDF file that opens without a password, found an encrypted file. "
        "Open it in a viewer and save it anew, or paste its text."
    )


def test_a_file_of_too_many_pages_is_refused() -> None:
    assert refused(made(*["page"] * 200)) == (
        f"page.pdf: expected a PDF of at most {MAX_PDF_PAGES} pages, found 200 pages. "
        "Send the pages one by one."
    )


def test_a_broken_file_is_refused() -> None:
    raw = printed().pdf
    assert "expected a PDF file that opens without a password, found bytes that are not" in refused(raw[:200])


@pytest.mark.parametrize("cut", [0.5, 0.9, 0.999])
def test_a_file_cut_short_is_read_or_refused(cut: float) -> None:
    raw = printed().pdf
    try:
        assert read_bytes(raw[: int(cut * len(raw))], "page.pdf").articles
    except BanmianError as problem:
        assert problem.where == "page.pdf"  # noqa: PT017 - either is right


def with_stream(stream: bytes, filters: str) -> bytes:
    """A file of one page whose content is ``stream``."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        f"<</Length {len(stream)}/Filter[{filters}]>>stream\n".encode() + stream + b"\nendstream",
    ]
    raw = b"%PDF-1.5\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(raw))
        raw += b"%d 0 obj" % number + body + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(raw)
    return (
        raw
        + b"xref\n0 5\n0000000000 65535 f \n"
        + table
        + (b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start)
    )


# In a process of its own: the system's figure is the most that any child has used, an earlier test's too.
PEAK = """
import resource, sys
from pathlib import Path
from banmian.data.errors import BanmianError
from banmian.data.files import read_bytes
try:
    read_bytes(Path(sys.argv[1]).read_bytes(), "page.pdf")
except BanmianError as problem:
    print(problem)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_a_stream_that_unpacks_to_gigabytes_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    packer = zlib.compressobj(9)
    begun = packer.compress(b"q Q " * 250_000) + packer.flush(zlib.Z_FULL_FLUSH)
    more = packer.compress(b"q Q " * 250_000) + packer.flush(zlib.Z_FULL_FLUSH)
    stream = zlib.compress(begun + more * 3_000 + packer.flush(), 9)
    bomb = with_stream(stream, "/FlateDecode/FlateDecode")
    assert len(bomb) < 200_000
    (tmp_path / "bomb.pdf").write_bytes(bomb)
    command = [sys.executable, "-c", PEAK, str(tmp_path / "bomb.pdf")]
    said, peak_kib = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert said == (
        "page.pdf: expected a PDF file that can be read in 768 MiB of memory and 20 s, "
        "found one that takes more or breaks it. Open it in a viewer and save it anew, or paste its text."
    )
    assert int(peak_kib) < 1024 * 1024


def test_a_page_with_more_text_than_any_newspaper_is_refused() -> None:
    content = b"BT /F 1 Tf " + b"(aaaaaaaaaa) Tj " * 7_000 + b"ET"
    raw = with_stream(zlib.compress(content), "/FlateDecode")
    assert refused(raw) == (
        "page.pdf: expected a page of a newspaper, found 70,000 characters on one page. "
        "Open it in a viewer and save it anew, or paste its text."
    )


def test_a_page_of_scattered_characters_is_refused() -> None:
    content = b"".join(
        b"BT /F 6 Tf %d %d Td (a) Tj ET " % (x * 9, y * 10) for x in range(90) for y in range(79)
    )
    raw = with_stream(zlib.compress(content), "/FlateDecode")
    assert "stretches of text on one page" in refused(raw)


def test_a_turned_page_is_read_as_it_is_seen() -> None:
    """Drawn upwards on a page that is shown turned by a quarter: on the screen the line lies."""
    buffer = io.BytesIO()
    drawn = canvas.Canvas(buffer, pagesize=(200, 300))
    drawn.translate(100, 20)
    drawn.rotate(90)
    drawn.drawString(0, 0, "the quick brown fox")
    drawn.save()
    turned = io.BytesIO()
    with pypdfium2.PdfDocument(buffer.getvalue()) as document:
        document[0].set_rotation(90)
        document.save(turned)
    (sheet,) = open_pdf(turned.getvalue(), "turned.pdf")
    assert (sheet.width, sheet.height) == (300, 200)
    assert [run.text for run in sheet.runs] == ["the quick brown fox"]
    assert sheet.runs[0].left == pytest.approx(20, abs=1)
    assert sheet.runs[0].bottom == pytest.approx(103, abs=3)
