"""The page in a real browser: the place of a paragraph, an edited headline, hostile text, no network."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from browser import CHROMIUM, Browser

from banmian.serving.app import create_app
from banmian.serving.bundle import Bundle
from banmian.serving.config import ServeConfig
from banmian.serving.engine import Engine
from banmian.serving.store import ModelStore

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")

EVIL = "<img src=x onerror='window.hurt=1'><script>window.hurt=1</script>${window.hurt=1}{{hurt}}"
PAGE = (
    "市图书馆新馆开放\n\n　　本报讯 昨日，市图书馆新馆对外开放，首日接待读者3200人次。\n\n"
    f"　　{EVIL}馆长说，读者很满意。"
)


@pytest.fixture(scope="module")
def address(
    tiny_labeller: Bundle, tiny_writer: Bundle, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    app = create_app(
        ServeConfig(),
        ModelStore(tmp_path_factory.mktemp("models")),
        load=lambda store, observe: Engine(tiny_labeller, tiny_writer),
    )
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def page(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The page with PAGE analysed."""
    with Browser(tmp_path_factory.mktemp("chromium")) as browser:
        browser.open(address)
        # Gradio builds the page and then builds it anew: what is typed between is lost.
        there = "document.querySelectorAll('#bm-text textarea, #bm-go, .bm-foot').length === 3"
        while not browser.run("document.querySelector('.bm-article') !== null"):
            browser.wait(there, 60)
            browser.click("#bm-text textarea")
            browser.run("document.activeElement.select?.()")
            browser.type(PAGE)
            browser.click("#bm-go")
            time.sleep(1)
        yield browser


@pytest.mark.parametrize("key", ["Enter", " "])
def test_a_key_on_a_paragraph_shows_its_place_and_escape_goes_back(page: Browser, key: str) -> None:
    page.run("document.querySelector('.bm-placed').focus()")
    page.press(key)
    assert page.run("document.querySelector('.bm-sheet').checkVisibility()")
    shown = page.run("[...document.querySelectorAll('.bm-raw .bm-here')].map(n => n.textContent)")
    assert shown == ["本报讯 昨日，市图书馆新馆对外开放，首日接待读者3200人次。"]
    assert page.run("document.querySelector('.bm-sheet-said').textContent") == "第 3 行"
    page.press("Escape")
    assert not page.run("document.querySelector('.bm-sheet').checkVisibility()")
    assert page.run("document.activeElement === document.querySelector('.bm-placed')")


def test_a_click_on_the_page_leads_to_its_paragraph_and_hostile_text_stays_text(page: Browser) -> None:
    page.click(".bm-par:last-of-type .bm-placed")
    shown = page.run("document.querySelector('.bm-raw').textContent")
    assert shown == PAGE
    assert EVIL in page.run("document.querySelector('.bm-raw .bm-here').textContent")
    page.click(".bm-raw .bm-at")
    assert page.run("document.querySelector('.bm-article .bm-here .bm-text').textContent").startswith(
        "本报讯"
    )
    assert page.run("window.hurt") is None
    page.click(".bm-sheet-close")
    assert not page.run("document.querySelector('.bm-sheet').checkVisibility()")


def test_a_headline_is_marked_while_it_is_typed_and_leads_to_the_nearest_place(page: Browser) -> None:
    page.click(".bm-over")
    page.run("document.querySelector('.bm-over').select()")
    page.type("新馆首日接待读者5000人次")
    assert page.wait("document.querySelector('.bm-under mark')?.textContent") == "5000"
    assert "3200" in page.run("document.querySelector('.bm-told').textContent")
    assert page.run("document.querySelector('.bm-over').clientHeight") == page.run(
        "document.querySelector('.bm-under').clientHeight"
    )
    page.click(".bm-near")
    assert page.run("document.querySelector('.bm-text mark').textContent").startswith("3200")
    page.click(".bm-restore")
    page.wait("!document.querySelector('.bm-under mark')?.textContent.includes('5000')")
    over = "document.querySelector('.bm-over')"
    assert page.run(f"{over}.value === {over}.defaultValue && {over}.value !== ''")


# The download button clicks a link of its own making.
FOLLOWED = """
HTMLAnchorElement.prototype.click = function () {
  fetch(this.href).then((answer) => answer.text()).then((text) => { window.downloaded = text; });
};
"""


def test_an_edited_headline_is_in_the_downloads_at_once_and_after_a_change_of_language(page: Browser) -> None:
    page.run(FOLLOWED)
    page.click(".bm-over")
    page.run("document.querySelector('.bm-over').select()")
    page.type("新馆首日迎客5000人次")
    page.click("#bm-downloads button")
    page.wait("window.downloaded")
    written = json.loads(page.run("window.downloaded"))["articles"][0]["written"]
    assert (written["headline"], written["supported"]) == ("新馆首日迎客5000人次", False)
    assert written["unsupported"][0]["text"] == "5000"
    assert written["method"] == "editor"
    page.click("#bm-language input[value=en]")
    page.wait("document.querySelector('.bm-where').textContent === 'line 3'")
    assert page.run("document.querySelector('.bm-over').value") == "新馆首日迎客5000人次"
    assert "the article does not have this number" in page.run(
        "document.querySelector('.bm-told').textContent"
    )
    page.click("#bm-language input[value=zh]")
    page.wait("document.querySelector('.bm-where').textContent === '第 3 行'")


def test_a_new_result_forgets_what_was_done_to_the_old(page: Browser) -> None:
    page.run("document.querySelector('.bm-placed').focus()")
    page.press("Enter")
    page.click("#bm-language input[value=en]")
    page.wait("document.querySelector('.bm-where').textContent === 'line 3'")
    assert not page.run("document.querySelector('.bm-sheet').checkVisibility()")
    assert page.run("document.querySelector('.bm-text mark')") is None
    assert page.run("document.querySelector('.bm-sheet-close').textContent") == "Close"


def test_nothing_is_fetched_from_elsewhere_and_no_error_is_told(page: Browser, address: str) -> None:
    asked = page.run("performance.getEntriesByType('resource').map(entry => entry.name)")
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert page.errors == [], json.dumps(page.errors)
