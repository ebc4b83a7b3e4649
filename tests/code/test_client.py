"""The typed client against a real server on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from fastapi import FastAPI

from banmian.data.errors import BanmianError
from banmian.data.shipped import REAL_ISSUE, issues_folder, shipped_issue
from banmian.serving.client import Client, ServerError
from banmian.serving.config import ServeConfig

TEXT = "本报讯 昨日，市图书馆新馆对外开放，首日接待读者3200人次。"


@pytest.fixture(scope="module")
def client(
    application: Callable[..., FastAPI], loopback: Callable[[FastAPI], AbstractContextManager[str]]
) -> Iterator[Client]:
    with loopback(application(ServeConfig(max_inputs=3))) as url:
        yield Client(f"{url}/")


def test_every_endpoint_by_its_method(client: Client) -> None:
    assert client.models().serving == {"labeller": "1", "writer": "1"}
    assert len(client.classify([TEXT, "通告。"], headline="市图书馆开放").predictions) == 2
    assert client.headline([TEXT], "quick", max_chars=10).headlines[0].headline
    wished = client.headline([TEXT], min_chars=6, lines=2, kicker=True, deck=True).headlines[0]
    assert {"kicker", "deck"} <= wished.model_fields_set
    assert client.support(TEXT, "首日接待3200人次").supported
    assert not client.support(TEXT, "首日接待5000人次").supported
    (span,) = client.support(TEXT, "首日接待5000人次", language="en").unsupported
    assert span.reason.startswith("the article does not have this number")
    issue = client.analyze(TEXT, date="2020-02-13")
    assert issue.date == "2020-02-13"
    assert all(block.prediction for _, block in issue.body())
    assert client.correct(shipped_issue(REAL_ISSUE)).paragraphs == 68


def test_a_file_is_read_by_its_ending(client: Client) -> None:
    page = client.analyze_file(issues_folder() / REAL_ISSUE / "page.txt", "quick", paper="株洲日报")
    assert (page.paper, page.source) == ("株洲日报", "page.txt")
    labelled = client.analyze_file(issues_folder() / REAL_ISSUE / "issue.json")
    assert len([b for _, b in labelled.body() if b.label and b.prediction]) == 68


def test_refusals_are_told_in_the_servers_words(client: Client, tmp_path: Path) -> None:
    with pytest.raises(ServerError) as caught:
        client.classify(["好"] * 4)
    assert (caught.value.status, caught.value.where) == (413, "paragraphs")
    assert caught.value.request_id
    assert str(caught.value) == (
        "paragraphs: expected at most 3 paragraphs, found 4. Send them in several requests."
    )
    with pytest.raises(BanmianError, match="No such file"):
        client.analyze_file(tmp_path / "none.txt")


def test_no_server_and_no_address_are_said() -> None:
    with pytest.raises(BanmianError) as caught:
        Client("http://127.0.0.1:9").models()
    assert caught.value.remedy == "Start one with: banmian serve"
    with pytest.raises(BanmianError, match="an http or https address"):
        Client("file:///etc/passwd")
