"""Reasons on the page: fetched when a paragraph is unfolded, escaped, in the page's language."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from banmian.data.issue import Article, Block, Headline, Issue, Prediction
from banmian.data.labels import LABELS
from banmian.serving.app import create_app
from banmian.serving.because import why_html
from banmian.serving.bundle import Bundle
from banmian.serving.clerk import Clerk
from banmian.serving.config import ServeConfig
from banmian.serving.engine import Engine
from banmian.serving.neighbours import Neighbour
from banmian.serving.store import ModelStore
from banmian.serving.view import issue_html
from banmian.serving.why import Part, Why

EVIL = "<script>alert('1')</script>，好。"
ASKED = {
    "text": "为保障居民出行，恢复十二条公交线路。<b>",
    "headline": "恢复公交",
    "lead": "",
    "label": "public_notice",
    "confidence": 0.7,
    "language": "zh",
}


@pytest.fixture(scope="module")
def client(
    tiny_labeller: Bundle, tiny_writer: Bundle, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    app = create_app(
        ServeConfig(max_body_bytes=100_000),
        ModelStore(tmp_path_factory.mktemp("models")),
        load=lambda store, observe: Engine(tiny_labeller, tiny_writer),
    )
    with TestClient(app) as client:
        app.state.service.load()
        yield client


def ask(client: TestClient, asked: dict[str, Any]) -> str:
    """Call the page's function as the browser does."""
    parts = client.get("/config").json()["components"]
    (result,) = (part for part in parts if part["props"].get("elem_id") == "bm-result")
    body = {"session_hash": "s", "component_id": result["id"], "fn_name": "reason", "data": asked}
    answer = client.post("/gradio_api/component_server", json=body)
    assert answer.status_code == 200, answer.text
    html: str = answer.json()
    return html


def whole(html: str) -> str:
    return re.sub(r"<[^>]+>", "", re.search(r"<p class='bm-because-text'>(.*?)</p>", html)[1])  # type: ignore[index]


def test_a_paragraph_unfolds_to_its_reasons(client: TestClient) -> None:
    html = ask(client, ASKED)
    assert whole(html) == "为保障居民出行，恢复十二条公交线路。&lt;b&gt;"
    assert "标题 " in html
    assert "首段 " not in html  # none was given
    assert ask(client, {**ASKED, "language": "en"}).count("headline ") == 1


def test_the_index_comes_later(client: TestClient) -> None:
    html = ask(client, ASKED)
    for _ in range(20):
        if "bm-neighbours" in html:
            break
        html = ask(client, ASKED)
    assert html.count("<li") == 3
    assert "最相近的已标注段落" in html


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"label": "sport"}, "请刷新页面"),
        ({"text": ""}, "请刷新页面"),
        ({"page": 1}, "请刷新页面"),
        ({"text": " \u3000"}, "只有空白"),
        ({"text": "好\ud83d"}, "请刷新页面"),
    ],
)
def test_what_cannot_be_explained_is_a_box(client: TestClient, changed: dict[str, Any], told: str) -> None:
    clerk = Clerk(client.app.state.service)  # type: ignore[attr-defined]
    html = asyncio.run(clerk.reason({**ASKED, **changed}))
    assert "没能分析" in html
    assert told in html


def test_reasons_are_escaped_and_marked() -> None:
    cut = EVIL.index("，") + 1
    clauses = (
        Part(start=0, end=cut, text=EVIL[:cut], weight=2.0),
        Part(start=cut, end=len(EVIL), text=EVIL[cut:], weight=-0.5),
    )
    words = (
        Part(start=1, end=7, text=EVIL[1:7], weight=1.5),
        Part(start=8, end=13, text=EVIL[8:13], weight=0.2),
        Part(start=14, end=15, text=EVIL[14:15], weight=-1.0),
    )
    near = Neighbour(issue="i", headline=EVIL, text=EVIL, label="other", similarity=0.91)
    why = Why(label="other", method="occlusion", clauses=clauses, words=words, lead=-0.25, neighbours=(near,))
    html = why_html(why)
    assert "<script" not in html
    assert "<b title='+1.50'>script</b>" in html
    assert html.count("<b title") == 1  # weak words and those against are not bold
    assert "--w:1.00" in html
    assert "--w:0.00" in html
    assert "首段 -0.25" in html
    assert "标题 " not in html
    assert "still being indexed" in why_html(why.model_copy(update={"neighbours": None}), "en")


def test_only_predicted_paragraphs_unfold() -> None:
    odds = dict.fromkeys(LABELS, 0.2)
    made = Prediction(label="other", confidence=0.2, probabilities=odds)
    blocks = (Block(id="b1", text="甲。", prediction=made), Block(id="b2", text="乙。", label="other"))
    article = Article(id="a1", headline=Headline(kicker=("引",), main=("主",)), blocks=blocks)
    html = issue_html(Issue(id="i", articles=(article,)))
    assert html.count("<details class='bm-why' data-label='other' data-confidence='0.200000'") == 1
