"""The page's named functions, called with gradio_client over a real socket: REST's, by its fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from gradio_client import Client
from gradio_client.exceptions import AppError, AuthenticationError

from banmian.serving.config import ServeConfig
from banmian.serving.keys import Keys

TEXT = "本报讯 昨日，市图书馆新馆对外开放，首日接待读者3200人次。"
DIRECT = {"trust_env": False, "timeout": 60}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys") / "keys.json")


@pytest.fixture(scope="module")
def headers(keys: Keys) -> dict[str, str]:
    return {"Authorization": f"Bearer {keys.add('desk')}"}


@pytest.fixture(scope="module")
def url(
    application: Callable[..., FastAPI],
    loopback: Callable[[FastAPI], AbstractContextManager[str]],
    keys: Keys,
    headers: dict[str, str],
) -> Iterator[str]:
    """A server with page that asks for keys."""
    with loopback(application(ServeConfig(require_keys=True, max_inputs=4), page=True, keys=keys)) as url:
        yield url


@pytest.fixture(scope="module")
def client(url: str, headers: dict[str, str]) -> Iterator[Client]:
    client = Client(url, verbose=False, headers=headers, httpx_kwargs=dict(DIRECT), analytics_enabled=False)
    yield client
    client.close()


def test_the_named_functions_are_rests_with_its_fields(client: Client) -> None:
    offered = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert sorted(offered) == ["/analyze", "/classify", "/headline", "/support"]
    parameters = {one["parameter_name"]: one for one in offered["/headline"]["parameters"]}
    assert list(parameters)[:2] == ["texts", "register"]
    assert not parameters["texts"]["parameter_has_default"]
    assert parameters["register"]["parameter_default"] == "party_daily"


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("classify", {"paragraphs": ["特此通告。", TEXT], "headline": "通告"}),
        (
            "headline",
            {"texts": [TEXT], "register": "quick", "candidates": 2, "max_chars": 12},
        ),
        ("support", {"text": TEXT, "headline": "接待读者5000人次"}),
        ("analyze", {"text": TEXT, "date": "2020-02-13"}),
    ],
)
def test_they_answer_as_rest_does(
    client: Client, url: str, headers: dict[str, str], name: str, fields: dict[str, Any]
) -> None:
    made = client.predict(**fields, api_name=f"/{name}")
    rest = httpx.post(f"{url}/v1/{name}", json=fields, headers=headers, **DIRECT)
    assert rest.status_code == 200
    assert made == rest.json()


@pytest.mark.parametrize(
    ("name", "fields", "told"),
    [
        ("headline", {"texts": [TEXT], "register": "gossip"}, "register: expected Input should be 'quick'"),
        ("analyze", {"text": " \n"}, "text: expected text with something printed in it, found nothing but"),
        ("classify", {"paragraphs": ["好"] * 5}, "paragraphs: expected at most 4 paragraphs, found 5. Send"),
        ("classify", {"paragraphs": ["好", 3]}, "paragraphs[1]: expected Input should be a valid string"),
    ],
)
def test_what_is_wrong_is_told_as_rest_tells_it(
    client: Client, name: str, fields: dict[str, Any], told: str
) -> None:
    with pytest.raises(AppError) as caught:
        client.predict(**fields, api_name=f"/{name}")
    assert str(caught.value).startswith(told)


def test_without_a_key_nothing_is_offered(url: str) -> None:
    with pytest.raises(AuthenticationError):
        Client(url, verbose=False, httpx_kwargs=dict(DIRECT), analytics_enabled=False)
