"""The Gradio page: its events as the browser sends them, and its boxes for errors."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from banmian.data.issue import Issue, load_issue
from banmian.data.shipped import REAL_ISSUE, shipped_issue
from banmian.serving.app import create_app
from banmian.serving.clerk import Clerk
from banmian.serving.config import ServeConfig
from banmian.serving.downloads import Downloads
from banmian.serving.service import Service
from banmian.serving.store import ModelStore
from banmian.serving.wording import WORDS

TEXT = "市图书馆新馆开放\n本报讯 昨日，市图书馆新馆对外开放，首日接待读者3200人次。<script>alert(1)</script>"


@pytest.fixture(scope="module")
def client(loaded: Callable[..., AbstractContextManager[TestClient]]) -> Iterator[TestClient]:
    config = ServeConfig(max_upload_bytes=50_000, max_body_bytes=100_000)
    with loaded(config, page=True) as client:
        yield client


@pytest.fixture
def clerk(client: TestClient) -> Clerk:
    return Clerk(service_of(client))


def service_of(client: TestClient) -> Service:
    service: Service = client.app.state.service  # type: ignore[attr-defined]
    return service


def fire(client: TestClient, target: str, event: str, data: list[Any], which: int = 0) -> dict[str, Any]:
    """Send one of the page's events as the browser does and return what it is answered."""
    config = client.get("/config").json()
    ids = [part["id"] for part in config["components"] if part["props"].get("elem_id") == target]
    chosen = [d for d in config["dependencies"] if [ids[0], event] in d["targets"]]
    dependency = chosen[which]
    assert len(dependency["inputs"]) == len(data)
    body = {"data": data, "fn_index": dependency["id"], "session_hash": f"{target}{event}"}
    assert client.post("/gradio_api/queue/join", json=body).status_code == 200
    with client.stream("GET", f"/gradio_api/queue/data?session_hash={target}{event}") as stream:
        for line in stream.iter_lines():
            told = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
            if told.get("msg") == "process_completed":
                assert told["success"], told
                output: dict[str, Any] = told["output"]
                assert len(output["data"]) == len(dependency["outputs"])
                return output
    raise AssertionError("no answer")


def test_a_click_shows_labels_headlines_and_downloads(client: TestClient) -> None:
    data = fire(client, "bm-go", "click", [TEXT, "quick", "", "2020-02-13", "zh"])["data"]
    html = data[0]
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "市图书馆新馆开放" in html
    assert "拟标题" in html
    assert "bm-chip" in html
    for offered, ending in ((data[3], ".json"), (data[4], ".csv")):
        assert offered["path"].endswith(ending)
        assert client.get(f"/gradio_api/file={offered['path']}").status_code == 200


def test_the_example_is_one_click(client: TestClient) -> None:
    text, paper, date = fire(client, "bm-example", "click", [])["data"]
    assert "中共中央政治局常务委员会" in text.replace("\n", "").replace(" ", "")
    assert (paper, date) == ("株洲日报", "2020-02-13")


@pytest.mark.parametrize(
    ("text", "date", "told"),
    [
        (" \n\t", "", "只有空白"),
        ("", "", "什么也没有"),
        ("好" * 40_000, "", "不超过 100000 字节"),
        ("好。", "2月13日", "形如 2020-02-13 的日期"),
        ("好\ud83d", "", "第 1 个字符是半个字符（U+D83D）"),
    ],
)
def test_errors_are_boxes_in_chinese(clerk: Clerk, text: str, date: str, told: str) -> None:
    html, analysis, *_ = asyncio.run(clerk.analyze(text, "quick", "", date, "zh"))
    assert "没能分析" in html
    assert told in html
    assert analysis is None
    assert "Traceback" not in html


def test_a_fault_is_a_box_too(clerk: Clerk, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Issue:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(service_of(client).desk, "analyze", broken)
    html = asyncio.run(clerk.analyze("好。", "quick", "", "", "zh"))[0]
    assert "服务器内部故障" in html
    assert "secret detail" not in html
    assert "ZeroDivisionError" not in html


def test_models_that_do_not_load_are_said(tmp_path: Path) -> None:
    app = create_app(store=ModelStore(tmp_path, tmp_path), page=False)
    service: Service = app.state.service
    service.load()
    html = asyncio.run(Clerk(service).analyze("好。", "quick", "", "", "zh"))[0]
    assert "模型载入失败" in html


def test_an_uploaded_issue_is_analysed(clerk: Clerk, tmp_path: Path) -> None:
    issue = shipped_issue(REAL_ISSUE)
    path = tmp_path / "旧版.json"
    path.write_text(issue.to_json(), encoding="utf-8")
    html, analysis, _, as_json, as_csv = asyncio.run(clerk.analyze_file(str(path), "quick", "", "", "zh"))
    assert "7 篇稿件" in html
    assert load_issue(Path(as_json)) == analysis.issue
    assert Path(as_csv).read_bytes().startswith("\ufeffissue,".encode())
    with Path(as_csv).open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 1 + sum(len(a.blocks) for a in issue.articles)


def test_downloads_are_forgotten(tmp_path: Path) -> None:
    downloads = Downloads(kept_s=-1)
    first, _ = downloads.offer(Issue(id="../一"))
    assert Path(first).name == "一.json"
    downloads.offer(Issue(id="二"))
    assert not Path(first).exists()


def component(client: TestClient, name: str, asked: dict[str, Any]) -> Any:
    """Call one of the result's functions as its script does."""
    parts = client.get("/config").json()["components"]
    (result,) = (part for part in parts if part["props"].get("elem_id") == "bm-result")
    body = {"session_hash": "s", "component_id": result["id"], "fn_name": name, "data": asked}
    answer = client.post("/gradio_api/component_server", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_headline_is_held_against_its_article_while_it_is_edited(client: TestClient) -> None:
    paragraphs = [block.text for block in shipped_issue(REAL_ISSUE).articles[2].body]
    asked = {"headline": "我市9999名机关干部上岗<b>", "paragraphs": paragraphs, "date": "", "language": "zh"}
    bad = component(client, "check", asked)
    assert "9999</mark>" in bad["marked"]
    assert "&lt;b&gt;" in bad["marked"]
    assert "文中最相近处" in bad["told"]
    good = component(client, "check", {**asked, "headline": "机关干部到村上岗"})
    assert "文中均有依据" in good["told"]
    assert component(client, "check", {**asked, "headline": " "}) == {"marked": "", "told": ""}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"paragraphs": []}, "什么也没有"),
        ({"headline": "好" * 501}, "请刷新页面"),
        ({"date": "2月13日"}, "请刷新页面"),
        ({"page": 1}, "请刷新页面"),
    ],
)
def test_what_cannot_be_checked_is_a_box(clerk: Clerk, changed: dict[str, Any], told: str) -> None:
    asked = {"headline": "题", "paragraphs": ["甲。"], "date": "", "language": "zh", **changed}
    answer = asyncio.run(clerk.check(asked))
    assert "没能核对" in answer["told"]
    assert told in answer["told"]


def test_a_side_that_is_not_there_is_a_box(client: TestClient) -> None:
    html = component(client, "picture", {"original": "../x", "page": 1, "language": "zh"})
    assert "看不到原版" in html
    assert "一小时内上传的文件" in html
    html = component(client, "picture", {"original": "../x", "page": 0, "language": "en"})
    assert "Reload the page." in html


def test_a_click_brings_the_page_as_given_with_every_place(client: TestClient, clerk: Clerk) -> None:
    html = fire(client, "bm-go", "click", [TEXT, "quick", "", "2020-02-13", "zh"])["data"][0]
    assert "<aside class='bm-sheet'" in html
    assert "<mark class='bm-at' data-block='a1b1'>本报讯" in html
    assert ">第 2 行</button>" in html
    english = clerk.speak("en", asyncio.run(clerk.analyze(TEXT, "quick", "", "", "zh"))[1])
    assert any("line 2</button>" in str(part) for part in english)


def test_the_switch_turns_every_word_english(client: TestClient) -> None:
    told = json.dumps(fire(client, "bm-language", "change", ["en", None])["data"], ensure_ascii=False)
    for word in ("tagline", "text", "placeholder", "register", "analyze", "example", "json"):
        assert WORDS["en"][word] in told
    assert "Party daily" in told


def test_an_upload_over_the_limit_is_refused(client: TestClient) -> None:
    files = {"files": ("page.txt", b"x" * 60_000)}
    assert client.post("/gradio_api/upload", files=files).status_code == 413
