"""Reasons over REST: on request only, for every paragraph, in print's own characters."""

from __future__ import annotations

from fastapi.testclient import TestClient

from banmian.data.shipped import REAL_ISSUE, shipped_issue
from banmian.serving.schemas import ClassifyOut

TEXT = "本报讯 昨日，市图书馆新馆对外开放，首日接待读者3200人次。馆内设有一百二十个座位，周一闭馆。"


def test_nobody_is_told_why_who_did_not_ask(client: TestClient) -> None:
    answer = client.post("/v1/classify", json={"paragraphs": [TEXT]})
    assert answer.json()["why"] == []


def test_whoever_asks_is_told_for_every_paragraph(client: TestClient) -> None:
    body = {"paragraphs": [TEXT, "特此通告。"], "headline": "图书馆新馆开放", "lead": TEXT, "why": True}
    answer = client.post("/v1/classify", json=body)
    assert answer.status_code == 200, answer.text
    told = ClassifyOut.model_validate(answer.json())
    assert [why.label for why in told.why] == [one.label for one in told.predictions]
    first, second = told.why
    assert "".join(clause.text for clause in first.clauses) == TEXT
    assert (first.lead, second.lead is None) == (None, False)  # the lead says nothing of itself
    assert first.method == "occlusion"
    # The labels are int8's and the reasons float32's: they differ by little, and by what was heard.
    assert first.article is not None
    for why in told.why:
        assert len(why.neighbours or ()) == 3
        assert all(near.label and near.headline and near.text for near in why.neighbours or ())


def test_the_shipped_page_is_no_evidence_for_itself(client: TestClient) -> None:
    article = next(a for a in shipped_issue(REAL_ISSUE).articles if len(a.body) > 3)
    body = {
        "paragraphs": [block.text for block in article.body[1:3]],
        "headline": article.headline.text,
        "lead": article.lead,
        "why": True,
    }
    own = {block.text for block in article.body}
    for why in client.post("/v1/classify", json=body).json()["why"]:
        assert not own & {near["text"] for near in why["neighbours"]}


def test_a_wish_is_a_yes_or_no(client: TestClient) -> None:
    answer = client.post("/v1/classify", json={"paragraphs": [TEXT], "why": "sometimes"})
    assert answer.status_code == 422
