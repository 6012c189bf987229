"""Helpers of the tests of the map: maps of folders and texts, and what FastAPI reports."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from fastapi_lint.map.build import build
from fastapi_lint.map.structure import App, Map, Route

from ..support import lint, project, write

_REAL = Path(__file__).with_name("real_routes.py")


def map_of(root: Path, **settings: object) -> Map:
    """The map of a folder."""
    return build(lint(root, **settings))


def map_of_text(text: str, fastapi: str = "0.165.0") -> Map:
    """The map of a project written as one text."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        write(project(text), root)
        return map_of(root, fastapi_version=fastapi)


def key(route: Route) -> tuple[str, str]:
    """A route's methods and path as `real` has them."""
    methods = "?" if route.methods is None else ",".join(sorted(route.methods))
    return ("WS" if route.kind == "websocket" else methods), route.path


def differences(app: App, found: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The routes that the map lacks, and those that it shows but FastAPI does not report.

    A conditional route need not be there; an unknown part of a path may be anything.
    """
    expected = {(verbs, path) for verbs, path, _ in found["routes"]}
    shown = {key(route) for _, route in app.served()}
    certain = {key(route) for _, route in app.served() if not route.conditions}
    unknown = [(verbs, _pattern(path)) for verbs, path in shown if "?}" in path]
    missing = {
        (verbs, path)
        for verbs, path in expected - shown
        if not any(verbs == other and pattern.fullmatch(path) for other, pattern in unknown)
    }
    surplus = {(verbs, path) for verbs, path in certain - expected if "?}" not in path}
    return sorted(map(str, missing)), sorted(map(str, surplus))


def _pattern(path: str) -> re.Pattern[str]:
    """What a path with unknown parts can be."""
    return re.compile(".*".join(re.escape(part) for part in re.split(r"\{\w+\?\}", path)))


def real(folder: Path, app: str, python: str = sys.executable) -> dict[str, Any]:
    """What FastAPI reports of an application that is imported in `folder`."""
    done = subprocess.run(
        [python, str(_REAL), app], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("REAL ")]
    found: dict[str, Any] = json.loads(lines[-1].removeprefix("REAL "))
    return found


def real_of_text(text: str, app: str = "main:app") -> dict[str, Any]:
    """What FastAPI reports of a project written as one text."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        write(project(text), root)
        return real(root, app)
