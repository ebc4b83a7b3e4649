"""The REST endpoints over the tiny bundles; a fake engine only where a full queue or a stall is needed."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from answers import problem
from fastapi.testclient import TestClient

from banmian.data.issue import load_issue, parse_issue
from banmian.data.labels import LABELS
from banmian.data.shipped import REAL_ISSUE, issues_folder, shipped_issue
from banmian.eval.makeup import PageLayout
from banmian.eval.printed import render_pdf
from banmian.serving.app import create_app
from banmian.serving.config import ServeConfig
from banmian.serving.corrections import Corrections
from banmian.serving.engine import Engine
from banmian.serving.store import ModelStore

TEXT = "本报讯 昨日，市图书馆新馆对外开放，首日接待读者3200人次。馆内设有一百二十个座位，周一闭馆。"


@pytest.fixture
def stored(client: TestClient) -> Path:
    folder: Path = client.app.state.service.corrections.folder  # type: ignore[attr-defined]
    return folder


def test_classify_gives_one_prediction_per_paragraph_in_order(client: TestClient) -> None:
    body = {"paragraphs": [TEXT, "特此通告。"], "headline": "市图书馆开放", "lead": TEXT}
    answer = client.post("/v1/classify", json=body)
    assert answer.status_code == 200
    first, second = answer.json()["predictions"]
    alone = client.post("/v1/classify", json=body | {"paragraphs": ["特此通告。"]}).json()["predictions"]
    assert second["label"] == alone[0]["label"] != ""
    assert list(first["probabilities"]) == list(LABELS)
    assert sum(first["probabilities"].values()) == pytest.approx(1, abs=1e-3)
    assert first["confidence"] == max(first["probabilities"].values())
    assert first["windows"] >= 1
    assert answer.json()["model"] == "1"


def test_headline_says_what_supports_it(client: TestClient) -> None:
    body = {"texts": [TEXT, TEXT * 2], "register": "quick", "max_chars": 12, "candidates": 2}
    answer = client.post("/v1/headline", json=body)
    assert answer.status_code == 200
    for written in answer.json()["headlines"]:
        assert 0 < len(written["headline"]) <= 12
        assert written["supported"] is (written["unsupported"] == [])
        assert written["method"] in ("model", "extract")


def test_support_names_the_number_the_article_does_not_say(client: TestClient) -> None:
    good = client.post("/v1/support", json={"text": TEXT, "headline": "市图书馆首日接待3200人次"}).json()
    assert good == {"supported": True, "unsupported": []}
    bad = client.post("/v1/support", json={"text": TEXT, "headline": "市图书馆首日接待5000人次"}).json()
    assert not bad["supported"]
    span = bad["unsupported"][0]
    assert span["kind"] == "number"
    assert "市图书馆首日接待5000人次"[span["start"] : span["end"]] == span["text"]
    assert "5000" in span["text"]
    english = client.post(
        "/v1/support", json={"text": TEXT, "headline": "市图书馆首日接待5000人次", "language": "en"}
    ).json()["unsupported"][0]
    assert english["reason"] == "the article does not have this number; the nearest is “3200人次”"
    assert {**english, "reason": span["reason"]} == span


def test_analyze_text_and_upload_agree_and_lose_nothing(client: TestClient) -> None:
    page = (issues_folder() / REAL_ISSUE / "page.txt").read_bytes()
    pasted = client.post(
        "/v1/analyze", json={"text": page.decode(), "date": "2020-02-13", "paper": "株洲日报"}
    )
    uploaded = client.post(
        "/v1/analyze", files={"file": ("page.txt", page)}, data={"register": "party_daily"}
    )
    assert pasted.status_code == uploaded.status_code == 200
    one, other = parse_issue(pasted.text), parse_issue(uploaded.text)
    assert (one.paper, one.date) == ("株洲日报", "2020-02-13")
    assert [b.text for _, b in one.body()] == [b.text for _, b in other.body()]
    assert all(block.prediction for _, block in one.body())
    assert all(article.written for article in one.articles if article.body)


def test_an_uploaded_pdf_comes_back_with_the_places_of_its_paragraphs(client: TestClient) -> None:
    pytest.importorskip("pypdfium2", reason="needs the scan extra")
    pytest.importorskip("reportlab", reason="needs the eval extra")
    printed = render_pdf(shipped_issue("written-14"), PageLayout())
    answer = client.post("/v1/analyze", files={"file": ("page.pdf", printed.pdf)})
    assert answer.status_code == 200
    body = [block for _, block in parse_issue(answer.text).body()]
    assert len(body) == sum(1 for _ in shipped_issue("written-14").body())
    assert all(block.prediction and block.places for block in body)
    assert {place.page for block in body for place in block.places} == set(range(1, printed.sheets + 1))


def test_an_upload_takes_paper_and_date_where_it_has_none(client: TestClient) -> None:
    files = {"file": ("三版.txt", TEXT.encode("gb18030"))}
    answer = client.post("/v1/analyze", files=files, data={"paper": "某报", "date": "2021-05-06"})
    issue = parse_issue(answer.text)
    assert (issue.id, issue.paper, issue.date, issue.source) == ("三版", "某报", "2021-05-06", "三版.txt")
    files = {"file": ("issue.json", shipped_issue(REAL_ISSUE).to_json().encode())}
    answer = client.post("/v1/analyze", files=files, data={"date": "2021-05-06"})
    assert parse_issue(answer.text).date == "2020-02-13"
    answer = client.post("/v1/analyze", files=files, data={"date": "昨日"})
    assert problem(answer, 422)["where"] == "date"


def test_an_uploaded_issue_keeps_its_labels(client: TestClient) -> None:
    issue = shipped_issue(REAL_ISSUE)
    files = {"file": ("issue.json", issue.to_json().encode())}
    analysed = parse_issue(client.post("/v1/analyze", files=files).text)
    assert [b.label for _, b in analysed.body()] == [b.label for _, b in issue.body()]
    assert all(b.prediction for _, b in analysed.body())


@pytest.mark.parametrize(
    ("path", "body", "where", "expected"),
    [
        ("classify", {"paragraphs": []}, "paragraphs", "List should have at least 1 item"),
        ("classify", {"paragraphs": ["好"], "titel": ""}, "titel", "no such key"),
        ("classify", {}, "paragraphs", "a value"),
        ("classify", {"paragraphs": ["好", 3]}, "paragraphs[1]", "Input should be a valid string"),
        ("classify", {"paragraphs": ["好", " \n"]}, "paragraphs[1]", "text with something printed in it"),
        ("classify", {"paragraphs": ["\x00\x07"]}, "paragraphs[0]", "text with something printed in it"),
        (
            "headline",
            {"texts": ["好"], "register": "gossip"},
            "register",
            "Input should be 'quick', 'broadcast'",
        ),
        (
            "headline",
            {"texts": ["好"], "lines": 3},
            "lines",
            "Input should be 1 or 2",
        ),
        (
            "headline",
            {"texts": ["好"], "max_chars": 1},
            "max_chars",
            "Input should be greater than or equal to",
        ),
        ("headline", {"texts": ["好"], "kicker": 0}, "kicker", "Input should be a valid boolean"),
        ("headline", {"texts": ["好"], "max_chars": "12"}, "max_chars", "Input should be a valid integer"),
        ("classify", {"paragraphs": ["好"], "why": "yes"}, "why", "Input should be a valid boolean"),
        ("headline", {"texts": ["好"], "date": "13.2.2020"}, "date", "String should match pattern"),
        ("support", {"text": "好", "headline": ""}, "headline", "String should have at least 1 character"),
        ("analyze", {"text": ""}, "text", "text with something printed in it"),
        ("analyze", {"text": "好", "date": "2020-02-30"}, "date", "a date as YYYY-MM-DD"),
    ],
)
def test_wrong_input_is_answered_with_its_place(
    client: TestClient, path: str, body: dict[str, Any], where: str, expected: str
) -> None:
    error = problem(client.post(f"/v1/{path}", json=body), 422)
    assert where in error["where"]
    assert error["expected"].startswith(expected)
    assert error["remedy"]


def test_analyze_takes_no_other_content_type(client: TestClient) -> None:
    error = problem(client.post("/v1/analyze", content=b"<p>", headers={"Content-Type": "text/html"}), 422)
    assert error["expected"] == "application/json or multipart/form-data"
    assert error["found"] == "text/html"


def test_an_upload_needs_a_file_and_a_known_register(client: TestClient) -> None:
    assert problem(client.post("/v1/analyze", data={"register": "quick"}, files={"file2": b"x"}), 422)[
        "found"
    ]
    files = {"file": ("page.txt", TEXT.encode())}
    error = problem(client.post("/v1/analyze", files=files, data={"register": "gossip"}), 422)
    assert error["where"] == "register"
    assert error["found"] == "'gossip'"


def test_more_than_is_taken_is_413(client: TestClient) -> None:
    error = problem(client.post("/v1/classify", json={"paragraphs": ["好"] * 5}), 413)
    assert (error["expected"], error["found"]) == ("at most 4 paragraphs", "5")
    error = problem(client.post("/v1/analyze", json={"text": "好" * 100_000}), 413)
    assert error["expected"] == "at most 100000 bytes"

    chunks = iter([b"x" * 10_000] * 11)  # without a Content-Length to refuse beforehand
    chunked = client.post("/v1/classify", content=chunks, headers={"Content-Type": "application/json"})
    assert problem(chunked, 413)["found"] == "more"
    files = {"file": ("page.txt", b"x" * 300_000)}
    assert problem(client.post("/v1/analyze", files=files), 413)["expected"] == "at most 200000 bytes"


def test_a_correction_is_kept_whole_and_once(client: TestClient, stored: Path) -> None:
    issue = shipped_issue(REAL_ISSUE)
    before = {path.name for path in stored.glob("*")}
    for _ in range(2):
        answer = client.post(
            "/v1/corrections", content=issue.to_json(), headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 201
        assert answer.json()["paragraphs"] == 68
    assert {path.name for path in stored.iterdir()} - before == {answer.json()["stored"]}
    assert load_issue(stored / answer.json()["stored"]) == issue


def test_a_correction_without_labels_or_schema_is_refused(client: TestClient, stored: Path) -> None:
    issue = shipped_issue(REAL_ISSUE).as_dict()
    articles: Any = json.loads(json.dumps(issue["articles"]))
    del articles[0]["blocks"][0]["label"]
    before = sorted(stored.glob("*")) if stored.exists() else []
    error = problem(client.post("/v1/corrections", json=issue | {"articles": articles}), 422)
    assert error["expected"] == "a label on every body block"
    assert error["found"].startswith("none on 1 of 68")
    error = problem(client.post("/v1/corrections", json=issue | {"schema": "other/1"}), 422)
    assert error["where"].startswith("body:1")
    assert (sorted(stored.glob("*")) if stored.exists() else []) == before


def test_a_correction_comes_as_json_which_no_strange_web_page_can_send(client: TestClient) -> None:
    raw = shipped_issue(REAL_ISSUE).to_json()
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = client.post("/v1/corrections", content=raw, headers={"Content-Type": kind})
        assert problem(answer, 422)["expected"] == "application/json"


def test_a_correction_cannot_name_a_file_of_the_server(client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("秘密")
    body = shipped_issue(REAL_ISSUE).as_dict() | {"source": str(tmp_path / "secret.txt"), "id": "../../etc/x"}
    answer = client.post("/v1/corrections", json=body)
    assert answer.status_code == 201
    assert "/" not in answer.json()["stored"]
    assert not answer.json()["stored"].startswith(".")


def test_models_health_and_metrics(client: TestClient) -> None:
    assert client.get("/v1/models").json()["serving"] == {"labeller": "1", "writer": "1"}
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", "labeller": "1", "writer": "1"}
    client.post("/v1/analyze", json={"text": TEXT})
    client.post("/v1/classify", json={"paragraphs": [TEXT]})
    told = client.get("/metrics").text
    assert 'banmian_requests_total{method="POST",route="/v1/classify",status="200"}' in told
    assert 'banmian_models_info{labeller="1",writer="1"} 1.0' in told
    assert 'banmian_batch_items_count{model="labeller"}' in told
    for model, stage in (("labeller", "wait"), ("labeller", "run"), ("writer", "wait"), ("reader", "run")):
        assert f'banmian_stage_seconds_count{{model="{model}",stage="{stage}"}}' in told
    assert 'banmian_waiting_inputs{model="labeller"} 0.0' in told
    assert 'banmian_tokens_total{model="labeller"}' in told
    assert "banmian_ready 1.0" in told


def test_request_ids_come_back_and_a_strange_one_is_replaced(client: TestClient) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": "desk-7"}).headers["X-Request-Id"] == "desk-7"
    made = client.get("/healthz", headers={"X-Request-Id": "x" * 65}).headers["X-Request-Id"]
    assert len(made) == 32
    assert int(made, 16)


def test_unknown_paths_and_methods(client: TestClient) -> None:
    assert problem(client.get("/v1/nothing"), 404)["remedy"] == "See /docs for the endpoints."
    answer = client.get("/v1/classify")
    assert problem(answer, 405)["expected"] == "a method this path answers"
    assert answer.headers["Allow"] == "POST"


def test_the_reference_fetches_nothing_and_names_every_endpoint(client: TestClient) -> None:
    told = client.get("/docs").text
    assert "src=" not in told
    assert "<link" not in told
    for path in client.get("/openapi.json").json()["paths"]:
        assert path in told


class Slow:
    """An engine that answers when it is let, to fill queues and to miss deadlines."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def warm(self) -> None: ...

    def close(self) -> None:
        self.go.set()

    def models(self) -> dict[str, str]:
        return {"labeller": "slow", "writer": "slow"}

    def classify(self, readings: Any, deadline_s: float | None = None) -> list[Any]:
        self.go.wait(20)
        return []


def slow_client(slow: Slow, tmp_path: Path, **config: Any) -> TestClient:
    app = create_app(
        ServeConfig(**config),
        ModelStore(tmp_path),
        Corrections(tmp_path / "corrections"),
        load=lambda store, observe: slow,  # type: ignore[arg-type,return-value]
        page=False,
    )
    return TestClient(app)


def test_a_full_queue_is_429_until_the_work_itself_has_ended(tmp_path: Path) -> None:
    slow = Slow()
    with slow_client(slow, tmp_path, queue_limit=1, deadline_s=0.2) as client:
        client.app.state.service.load()  # type: ignore[attr-defined]
        body = {"paragraphs": ["好"]}
        error = problem(client.post("/v1/classify", json=body), 504)
        assert error["expected"] == "an answer within 0.2 s"
        busy = client.post("/v1/classify", json=body)
        assert problem(busy, 429)["expected"] == "at most 1 inputs waiting"
        assert busy.headers["Retry-After"] == "1"
        slow.go.set()
        for _ in range(100):
            if not client.app.state.service.admission.admitted:  # type: ignore[attr-defined]
                break
            threading.Event().wait(0.02)
        assert client.post("/v1/classify", json=body).status_code == 200


def test_not_ready_is_503_and_says_why(tmp_path: Path) -> None:
    release = threading.Event()

    def load(store: ModelStore, observe: Any) -> Engine:
        release.wait(20)
        return Engine.load(store)

    app = create_app(
        None, ModelStore(tmp_path, tmp_path), Corrections(tmp_path / "corrections"), load=load, page=False
    )
    with TestClient(app) as client:
        assert client.get("/healthz").status_code == 200
        for answer in (client.get("/readyz"), client.post("/v1/classify", json={"paragraphs": ["好"]})):
            assert problem(answer, 503)["found"] == "models that are still loading"
        good = client.post("/v1/support", json={"text": TEXT, "headline": "市图书馆开放"})
        assert good.status_code == 200
        release.set()
        for _ in range(200):
            if app.state.service.failure:
                break
            threading.Event().wait(0.02)
        error = problem(client.get("/readyz"), 503)
        assert error["found"].startswith("models that could not be loaded: ")
        assert error["remedy"] == "Mend that and restart."
