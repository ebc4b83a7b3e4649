"""What the tests of the endpoint ask of every refusal."""

from __future__ import annotations

from typing import Any


def problem(answer: Any, status: int) -> dict[str, str]:
    """The error of an answer with this status, in the one form that errors have."""
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"error"}
    error: dict[str, str] = answer.json()["error"]
    assert set(error) == {"message", "expected", "found", "where", "remedy"}
    assert "Traceback" not in answer.text
    return error
