"""Whatever JSON is sent, the answer is never a fault of the server."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banmian.data.labels import REGISTERS

# Characters of every kind, lone surrogates and control characters included.
TEXT = st.text(st.characters(exclude_categories=()), max_size=40) | st.sampled_from(
    ["", "　", "通告。", "昨日，3200人", "\ud83d", "\x00", "🎉", "=1+1", "[MASK][SEP]", "\u202e", "a" * 300]
)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "paragraphs": st.lists(TEXT, max_size=5),
    "texts": st.lists(TEXT, max_size=3),
    "text": TEXT,
    "headline": TEXT,
    "lead": TEXT,
    "register": st.sampled_from(REGISTERS),
    "max_chars": st.integers(-1, 200),
    "candidates": st.integers(-1, 12),
    "date": st.sampled_from(["", "2020-02-13", "2020-13-40", "昨日"]),
    "paper": TEXT,
}
NEEDED = {
    "classify": ("paragraphs",),
    "headline": ("texts",),
    "support": ("text", "headline"),
    "analyze": ("text",),
    "corrections": (),
}


@st.composite
def bodies(draw: st.DrawFn, endpoint: str) -> Any:
    """A body with the right fields of which one or two may be anything, now and then anything at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(ANY)
    body = {name: draw(FIELDS[name]) for name in NEEDED[endpoint]}
    for name in draw(st.lists(st.sampled_from(sorted(FIELDS)), max_size=2)):
        body[name] = draw(FIELDS[name] | ANY)
    return body


@pytest.mark.parametrize("endpoint", sorted(NEEDED))
def test_no_body_is_a_fault(client: TestClient, endpoint: str) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(bodies(endpoint))
    def check(body: Any) -> None:
        answer = client.post(
            f"/v1/{endpoint}", content=json.dumps(body), headers={"Content-Type": "application/json"}
        )
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            assert answer.json()["error"]["expected"]

    check()
