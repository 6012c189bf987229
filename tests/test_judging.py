"""Several processes judge as one does."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from fastapi_lint import judging, storage
from fastapi_lint.config import Loaded, Settings
from fastapi_lint.engine import Report, Request, run
from fastapi_lint.fixes import fix
from fastapi_lint.judging import Crash, Verdict
from fastapi_lint.report import renderer
from fastapi_lint.rule import Context, Finding, Rule

from .fixtures.support import FIXTURES
from .support import PROJECT, project, write

BROKEN = {"app/helpers.py": "def ((:\n", "app/lists.py": 'from .helpers import X\nY = ["*"]\n'}
"""Modules that are read only when something is evaluated, by the process that evaluates it."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of more modules than one process judges."""
    files = project(PROJECT)
    files |= {f"app/part{n}.py": "import fastapi\n" for n in range(2 * judging.MODULES_PER_PROCESS)}
    for wrong in FIXTURES.glob("*/*/wrong"):
        for path in wrong.rglob("*.py"):
            name = f"{wrong.parent.name}/{path.relative_to(wrong)}"
            files[name] = path.read_text(encoding="utf-8")
    write(files | BROKEN, tmp_path / "project")
    return tmp_path / "project"


def judged(root: Path, processes: int, cache: Path | None = None) -> Report:
    settings = Loaded(Settings(select=("ALL",)), None)
    folder = str(cache) if cache is not None else None
    return run(Request((str(root),), settings, str(root), processes=processes, cache_folder=folder))


@pytest.mark.parametrize("name", ["concise", "json"])
def test_what_is_printed_does_not_depend_on_the_number_of_processes(root: Path, name: str) -> None:
    """JSON holds the edits of the fixes, which are made by a rule that is asked again."""
    alone, together = judged(root, 1), judged(root, 3)
    render = renderer(name)
    assert len({finding.code for finding in alone.findings}) > 100
    assert render(together) == render(alone)
    assert together.summary == alone.summary
    assert together.inputs == alone.inputs


def test_what_other_processes_have_read_is_cached(root: Path, tmp_path: Path) -> None:
    caches = [tmp_path / "alone", tmp_path / "together"]
    for processes, cache in zip((1, 3), caches, strict=True):
        judged(root, processes, cache)
    stored = [msgspec.msgpack.decode(storage.read(str(c), storage.FACTS) or b"") for c in caches]
    assert stored[0][-1] == stored[1][-1]


def test_fixes_are_made_of_what_other_processes_have_found(root: Path) -> None:
    settings = Loaded(Settings(select=("ALL",), unsafe_fixes=True), None)
    changes = [
        fix(Request((str(root),), settings, str(root), processes=processes)).changes
        for processes in (1, 3)
    ]
    assert changes[0] == changes[1]
    assert len(changes[0]) > 50


def test_a_process_that_dies_loses_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, verdict = os.getpid(), judging.verdict

    def dying(rule: Rule, context: Context) -> Verdict:
        if os.getpid() != here and rule.code.startswith("FAL1"):
            os._exit(1)
        return verdict(rule, context)

    alone = judged(root, 1)
    monkeypatch.setattr(judging, "verdict", dying)
    assert judged(root, 3).findings == alone.findings


def test_a_crash_is_told_by_every_process(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(rule: Rule, context: Context) -> list[Finding]:
        raise ValueError(rule.code)

    monkeypatch.setattr(judging, "judge", failing)
    crashes = judged(root, 3).crashes
    assert len(crashes) > 100
    assert all(isinstance(crash, Crash) and crash.code in crash.details for crash in crashes)
