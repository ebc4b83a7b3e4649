"""The interface is what its description says: schemathesis over all of it, and every example answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import jsonschema
import pytest
import requests
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from banmian.serving.app import create_app
from banmian.serving.config import ServeConfig
from banmian.serving.keys import Keys

# A paragraph of blanks or a date that is no day fits the schema and is refused with its place.
NOT_CHECKED = [positive_data_acceptance]

schema = schemathesis.openapi.from_dict(create_app(page=False).openapi())


@pytest.fixture(scope="module")
def address(
    application: Callable[..., FastAPI], loopback: Callable[[FastAPI], AbstractContextManager[str]]
) -> Iterator[str]:
    with loopback(application(ServeConfig(max_inputs=4))) as url:
        yield url


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.mark.slow
@schema.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_endpoint_does_as_described(
    case: schemathesis.Case, address: str, session: requests.Session
) -> None:
    # The first picture waits for the recognition's models, which takes more than schemathesis' 10 s at times.
    case.call_and_validate(address, session, excluded_checks=NOT_CHECKED, timeout=90)


def operations(openapi: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def resolved(openapi: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    name = part.get("$ref", "").rsplit("/", 1)[-1]
    found: dict[str, Any] = openapi["components"]["schemas"][name] if name else part
    return found


def examples(openapi: dict[str, Any], content: dict[str, Any]) -> list[Any]:
    of_schema = resolved(openapi, content.get("schema", {})).get("examples", [])
    return [content["example"]] if "example" in content else list(of_schema)


def test_every_body_has_an_example_that_is_taken(client: TestClient) -> None:
    openapi = client.get("/openapi.json").json()
    tried = []
    for path, method, operation in operations(openapi):
        if method != "post":
            continue
        content = operation["requestBody"]["content"]["application/json"]
        for example in examples(openapi, content):
            answer = client.post(path, json=example)
            assert answer.status_code in (200, 201), (path, answer.text)
            tried.append(path)
    assert set(tried) == {path for path, methods in openapi["paths"].items() if "post" in methods}


def test_every_json_answer_has_an_example_that_fits_its_schema(client: TestClient) -> None:
    openapi = client.get("/openapi.json").json()
    seen = 0
    for path, _, operation in operations(openapi):
        for status, answer in operation["responses"].items():
            content = answer.get("content", {}).get("application/json")
            if content is None:
                assert path == "/metrics", (path, status)
                continue
            told = examples(openapi, content)
            assert told, (path, status)
            for example in told:
                jsonschema.validate(example, content["schema"] | {"components": openapi["components"]})
                seen += 1
    assert seen > 50


def test_refusals_name_the_endpoints_own_statuses(client: TestClient) -> None:
    openapi = client.get("/openapi.json").json()
    for path, method, operation in operations(openapi):
        refusals = {status for status in operation["responses"] if status >= "400"}
        if method == "post" and path != "/v1/models/reload":
            assert refusals == {"400", "401", "408", "413", "415", "422", "429", "503", "504"}, path


def test_a_server_with_keys_does_as_described_too(
    application: Callable[..., FastAPI], tmp_path_factory: pytest.TempPathFactory
) -> None:
    keys = Keys(tmp_path_factory.mktemp("keys") / "keys.json")
    headers = {"Authorization": f"Bearer {keys.add('desk')}"}
    with TestClient(application(ServeConfig(require_keys=True), keys=keys)) as client:
        openapi = client.get("/openapi.json", headers=headers).json()
        for path, method, operation in operations(openapi):
            status = client.request(method, path, json={}).status_code
            assert (status == 401) == (operation.get("security") != []), path
