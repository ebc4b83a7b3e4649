"""Files in their usual encodings and forms, and files that are not what they say."""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path

import pytest

from banmian.data import files, pdf, scan
from banmian.data.errors import BanmianError, MissingExtraError
from banmian.data.files import decode, read_bytes, read_file
from banmian.data.shipped import REAL_ISSUE, issues_folder, shipped_issue

PAGE = (issues_folder() / REAL_ISSUE / "page.txt").read_text(encoding="utf-8")
SENTENCE = "改造期间，抢修人员实行夜间施工、白天供水，尽量减少对居民生活的影响。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_a_page_reads_alike_in_every_encoding(encoding: str) -> None:
    raw = PAGE.encode(encoding)
    assert read_bytes(raw, "page.txt") == read_bytes(PAGE.encode(), "page.txt")


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("繁體中文的測試，這是一個句子", "big5", "byte 0xc1 at offset 0"),
        ("これはテストです", "shift_jis", "byte 0x82 at offset 0"),
        ("한국어 텍스트입니다", "euc-kr", "byte 0xc7 at offset 0"),
        ("café déjà vu", "latin1", "byte 0xe9 at offset 3"),
    ],
)
def test_other_encodings_are_refused(text: str, encoding: str, found: str) -> None:
    with pytest.raises(BanmianError) as caught:
        decode(text.encode(encoding), "page.txt")
    assert str(caught.value) == (
        f"page.txt: expected text in UTF-8 or GB 18030, found {found}. Save the file as UTF-8 text."
    )


def test_a_file_s_name_becomes_id_and_source(tmp_path: Path) -> None:
    path = tmp_path / "2020-03-06.txt"
    path.write_text(SENTENCE, encoding="utf-8")
    issue = read_file(path)
    assert (issue.id, issue.source) == ("2020-03-06", "2020-03-06.txt")
    assert [block.text for _, block in issue.body()] == [SENTENCE]


def test_json_is_an_issue() -> None:
    path = issues_folder() / REAL_ISSUE / "issue.json"
    assert read_file(path) == shipped_issue(REAL_ISSUE)


def test_json_that_is_no_issue_is_refused() -> None:
    with pytest.raises(BanmianError, match=r"^wrong\.json:1: expected no such key at pages"):
        read_bytes(b'{"schema": "banmian.issue/1", "id": "x", "pages": []}', "wrong.json")


def test_a_blank_file_is_refused_by_name() -> None:
    with pytest.raises(BanmianError) as caught:
        read_bytes(b" \n", "empty.txt")
    assert str(caught.value) == (
        "empty.txt: expected the text of a page, found nothing but blanks. Paste or choose a page with text."
    )


def test_an_unknown_suffix_is_refused() -> None:
    with pytest.raises(BanmianError) as caught:
        read_bytes(b"PK", "page.docx")
    assert str(caught.value) == (
        "page.docx: expected a file that ends in .txt, .text, .md, .json, .pdf, .png, .jpg, .jpeg, "
        "found .docx. Save it as one of these."
    )


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BanmianError) as caught:
        read_file(tmp_path / "none.txt")
    assert str(caught.value) == (
        f"{tmp_path / 'none.txt'}: expected a readable file, found No such file or directory. Check the path."
    )


def test_a_file_too_large_is_refused() -> None:
    with pytest.raises(BanmianError) as caught:
        read_bytes(b"a" * (files.MAX_TEXT_BYTES + 1), "big.txt")
    assert str(caught.value) == (
        "big.txt: expected a file of at most 16,777,216 bytes, found 16,777,217 bytes. Send a smaller file."
    )


@pytest.mark.parametrize(("library", "name"), [("pypdfium2", "page.pdf"), ("rapidocr", "page.png")])
def test_without_the_extra_the_error_says_how_to_install_it(
    library: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (pdf, scan):
        monkeypatch.setattr(
            module, "find_spec", lambda wanted: None if wanted == library else find_spec(wanted)
        )
    with pytest.raises(MissingExtraError) as caught:
        read_bytes(b"x", name)
    assert str(caught.value).endswith(
        "found an installation without it. Install it with: pip install 'banmian[scan]'"
    )


@pytest.mark.skipif(find_spec("pypdfium2") is None, reason="needs the scan extra")
def test_a_pdf_that_is_none_is_refused() -> None:
    with pytest.raises(BanmianError, match="expected a PDF file that opens without a password"):
        read_bytes(b"not a pdf", "page.pdf")


@pytest.mark.skipif(find_spec("rapidocr") is None, reason="needs the scan extra")
def test_a_pdf_without_text_is_refused() -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    raw = io.BytesIO()
    document.save(raw)
    with pytest.raises(BanmianError, match="expected a page with text, found none"):
        read_bytes(raw.getvalue(), "page.pdf")


@pytest.mark.skipif(find_spec("rapidocr") is None, reason="needs the scan extra")
def test_a_picture_that_is_none_is_refused() -> None:
    with pytest.raises(BanmianError, match="expected a PNG or JPEG picture"):
        read_bytes(b"not a picture", "page.png")
