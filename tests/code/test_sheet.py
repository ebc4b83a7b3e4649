"""The page as given beside its analysis: every place as it is said, nothing of the user's as markup."""

from __future__ import annotations

import io
import re
from html import unescape
from pathlib import Path

import pytest
from PIL import Image

from banmian.data.errors import BanmianError
from banmian.data.issue import Article, Block, Issue, Place
from banmian.data.page import read_page
from banmian.data.shipped import REAL_ISSUE, issues_folder
from banmian.serving.clerk import Analysis, page_of
from banmian.serving.original import MAX_SIDE, Originals
from banmian.serving.sheet import sheet_html, where_words

EVIL = "<script>alert('1')</script>\"'&<img src=x onerror=alert(1)>${1}{{x}}"
PAGE = (
    f"供水改造提速\r\n\r\n供水改造于本月{EVIL}启动，\n涉及居民一百二十户。\n\n"
    "居民说，水压足了，大家都满意。\n"
)


def issue_of(*blocks: Block) -> Issue:
    return Issue(id="p", articles=(Article(id="a1", blocks=blocks),))


def marked(html: str) -> list[tuple[str, str]]:
    found = re.findall(r"<mark class='bm-at' data-block='([^']*)'>(.*?)</mark>", html, re.DOTALL)
    return [(unescape(id_), unescape(text)) for id_, text in found]


def test_the_real_page_is_shown_whole_with_every_paragraph_marked() -> None:
    page = (issues_folder() / REAL_ISSUE / "page.txt").read_text(encoding="utf-8")
    issue = read_page(page)
    html = sheet_html(issue, page)
    text = re.search(r"<pre class='bm-raw'>\n(.*)</pre>", html, re.DOTALL)
    assert text is not None
    assert unescape(re.sub(r"</?mark[^>]*>", "", text[1])) == page
    blocks = {block.id: block for article in issue.articles for block in article.blocks}
    assert {id_ for id_, _ in marked(html)} == set(blocks) == set(where_words(issue, page))
    for id_, shown in marked(html):
        assert "".join(shown.split()) in "".join(blocks[id_].text.split())


def test_a_hostile_page_stays_text() -> None:
    html = Analysis(read_page(PAGE), 0.1, PAGE).html("zh")
    assert "<script" not in html
    assert "<img" not in html
    assert EVIL in unescape(html)


def test_a_hostile_id_or_place_stays_harmless() -> None:
    blocks = (
        Block(id=EVIL, text="甲", places=(Place(start=0, end=4),)),
        Block(id="over", text="乙", places=(Place(start=2, end=5),)),
        Block(id="back", text="丙", places=(Place(start=6, end=5),)),
        Block(id="beyond", text="丁", places=(Place(start=3, end=9999),)),
        Block(id="box", text="戊", places=(Place(page=2, box=(-5.0, 0.5, 1e300, 2.0)),)),
        Block(id="flat", text="己", places=(Place(page=2, box=(0.5, 0.5, 0.5, 0.4)),)),
    )
    html = sheet_html(issue_of(*blocks), "0123456789", EVIL)
    assert "<script" not in html
    assert marked(html) == [(EVIL, "0123")]
    assert re.findall(r"style='([^']*)'", html) == ["left:0.00%;top:50.00%;width:100.00%;height:50.00%"]
    assert unescape(re.sub(r"<[^>]*>", "", html.split("<figure")[0])).endswith("0123456789")


def test_places_in_words_count_lines_as_an_editor_does() -> None:
    page = "一\r\n二二\n\n四\u2028五"
    blocks = (
        Block(id="a", text="一", places=(Place(start=0, end=1),)),
        Block(id="b", text="二四", places=(Place(start=3, end=5), Place(start=7, end=8))),
        Block(id="c", text="二二四五", places=(Place(start=3, end=10),)),
        Block(id="d", text="一二四", places=tuple(Place(start=s, end=s + 1) for s in (0, 3, 7))),
    )
    said = where_words(issue_of(*blocks), page)
    assert said == {"a": "第 1 行", "b": "第 2 行、第 4 行", "c": "第 2–5 行", "d": "第 1 行等 3 处"}
    english = where_words(issue_of(*blocks[:3]), page, "en")
    assert english == {"a": "line 1", "b": "line 2, line 4", "c": "lines 2–5"}


@pytest.mark.parametrize(
    ("box", "said"),
    [
        ((0.05, 0.02, 0.3, 0.2), "第 1 页 左上"),
        ((0.4, 0.4, 0.6, 0.6), "第 1 页 中间"),
        ((0.7, 0.8, 1.0, 1.0), "第 1 页 右下"),
    ],
)
def test_boxes_are_said_by_page_and_part(box: tuple[float, float, float, float], said: str) -> None:
    issue = issue_of(Block(id="a", text="甲", places=(Place(page=1, box=box),)))
    assert where_words(issue, None) == {"a": said}
    middle = [Place(page=1, box=(0.4, 0.4, 0.6, 0.6)), Place(page=1, box=(0.4, 0.5, 0.6, 0.6))]
    again = Block(id="a", text="甲", places=(Place(page=1, box=box), *middle))
    assert where_words(issue_of(again), None)["a"] in (said, f"{said}、中间")
    assert "data-block='a'" in sheet_html(issue, None)


def test_without_a_page_or_places_nothing_is_offered() -> None:
    placed = issue_of(Block(id="a", text="甲", places=(Place(start=0, end=1),)))
    assert (where_words(placed, None), sheet_html(placed, None)) == ({}, "")
    assert sheet_html(issue_of(Block(id="a", text="甲")), "甲") == ""
    html = Analysis(placed, 0.1).html("zh")
    assert "bm-where" not in html
    assert "tabindex" not in html


def test_every_placed_paragraph_and_subhead_takes_the_focus() -> None:
    subhead = Block(id="s", role="subhead", text="小题", places=(Place(start=0, end=1),))
    html = Analysis(issue_of(subhead), 0.1, "小题").html("zh")
    assert "<div class='bm-subhead' data-block='s'><h4 class='bm-text bm-placed' tabindex=0>小题</h4>" in html
    placed = Block(id="b", text="停水通告", places=(Place(start=3, end=8),))
    html = Analysis(issue_of(placed, Block(id="c", text="特此通告")), 0.1, "通告\n停水\n通告").html("zh")
    assert re.findall(r"data-block='(.)'.*?class='bm-where'[^>]*>([^<]+)<", html) == [("b", "第 2–3 行")]
    assert html.count("<p class='bm-text bm-placed' tabindex=0>停水通告<") == 1
    assert html.count("<p class='bm-text'>特此通告<") == 1


def test_recognition_is_said_where_it_is_low() -> None:
    boxed = (Place(page=1, box=(0.1, 0.1, 0.4, 0.2)),)
    blocks = (
        Block(id="a", text="甲", places=boxed, recognition=0.715),
        Block(id="b", text="乙", places=boxed, recognition=0.99),
    )
    html = Analysis(issue_of(*blocks), 0.1).html("zh")
    assert re.findall(r"<span class='bm-unsure'[^>]*>([^<]*)<", html) == ["识别 71%"]
    assert html.count("<i class='bm-at bm-unsure' data-block='a'") == 1
    assert html.count("<i class='bm-at' data-block='b'") == 1


def test_the_text_of_an_uploaded_file_is_known_and_of_others_not(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes("停水通告".encode("gb18030"))
    broken = tmp_path / "broken.txt"
    broken.write_bytes(b"\xff\x00\xff")
    assert page_of(page.read_bytes(), page.name) == "停水通告"
    assert page_of(broken.read_bytes(), broken.name) is None
    assert page_of(b"%PDF-1.7", "page.pdf") is None


def test_an_uploaded_picture_is_shown_as_large_as_a_screen_needs(tmp_path: Path) -> None:
    scan = tmp_path / "scan.png"
    Image.new("L", (2 * MAX_SIDE, 1000), 200).save(scan)
    originals = Originals(60)
    name = originals.keep(scan)
    assert name is not None
    assert originals.keep(tmp_path / "page.txt") is None
    with Image.open(io.BytesIO(originals.side(name, 1))) as shown:
        assert (shown.format, shown.size) == ("JPEG", (MAX_SIDE, 500))


def test_a_side_of_an_uploaded_pdf_is_shown(tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2")
    sides = [Image.new("RGB", (300, 400), colour) for colour in ("red", "blue")]
    sides[0].save(tmp_path / "page.pdf", save_all=True, append_images=sides[1:])
    originals = Originals(60)
    name = originals.keep(tmp_path / "page.pdf")
    assert name is not None
    with Image.open(io.BytesIO(originals.side(name, 2))) as shown:
        assert abs(shown.width / shown.height - 0.75) < 0.01
        pixel = shown.getpixel((10, 10))
        assert isinstance(pixel, tuple)
        assert pixel[2] > 200 > pixel[0]


def test_a_photograph_is_shown_upright(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was turned by a quarter
    Image.new("RGB", (40, 20)).save(tmp_path / "photo.jpg", exif=turned)
    originals = Originals(60)
    with Image.open(io.BytesIO(originals.side(originals.keep(tmp_path / "photo.jpg") or "", 1))) as shown:
        assert shown.size == (20, 40)


def test_what_is_not_kept_cannot_be_seen(tmp_path: Path) -> None:
    scan = tmp_path / "scan.png"
    Image.new("L", (20, 10)).save(scan)
    originals = Originals(-1)
    name = originals.keep(scan)
    assert name is not None
    originals.keep(scan)  # the first has had its time
    for gone in (name, "../scan.png", str(scan)):
        with pytest.raises(BanmianError, match="expected an upload of the last hour, found one that is gone"):
            originals.side(gone, 1)
