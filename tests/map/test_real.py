"""The map shows what FastAPI builds: compared with running applications."""

from __future__ import annotations

from typing import Any

import pytest

from fastapi_lint.map.structure import App

from ..fixtures.support import FIXTURES
from .support import differences, key, map_of, map_of_text, real, real_of_text

TOPICS = sorted(path.parent.name for path in FIXTURES.glob("*/app"))


def assert_same(app: App, found: dict[str, Any]) -> None:
    """Compare routes, dependencies in order, and middleware with what FastAPI reports."""
    assert differences(app, found) == ([], [])
    expected = {(verbs, path): calls for verbs, path, calls in found["routes"]}
    for _, route in app.served():
        calls = [node.name for node in route.calls() if node.kind in ("function", "generator")]
        assert calls == expected.get(key(route), calls), key(route)  # type: ignore[call-overload]
    assert [middleware.name for middleware in app.middleware] == found["middleware"]


@pytest.mark.parametrize("topic", TOPICS)
def test_golden(topic: str) -> None:
    found = real(FIXTURES / topic, "app.main:app")
    (app,) = map_of(FIXTURES / topic / "app").apps
    assert len(found["routes"]) > 4
    assert_same(app, found)
