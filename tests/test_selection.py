"""What a rule finds does not depend on which other rules run beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastapi_lint.engine import Report
from fastapi_lint.registry import all_rules
from fastapi_lint.rule import Rule
from tests.fixtures.support import FIXTURES
from tests.support import lint, project, write

every_rule = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
APPS = sorted(path for path in FIXTURES.glob("*/*app*") if not (path / "proof.py").exists())

FAR_CALLERS = """
# --- deps.py
from collections.abc import Iterator

from fastapi import Depends
from sqlalchemy.orm import Session


def get_db() -> Iterator[Session]:
    with Session() as db:
        yield db


def get_limit(limit: int = Depends(lambda: 3)) -> int:
    return limit + 1
# --- reports.py
import deps

ORIGINS = ["https://shop.example"]


def report() -> int:
    for session in deps.get_db():
        return deps.get_limit() + session.limit
    return 0
# --- main.py
from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware

from deps import get_db, get_limit
from reports import ORIGINS

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS)


@app.get("/")
def read(db: object = Depends(get_db), limit: int = Depends(get_limit)) -> str:
    return f"{db} {limit}"
"""
"""The calls in `reports.py`, which does not name FastAPI, are seen only if something reads it."""


def found(root: Path, *select: str) -> Report:
    report = lint(root, select=select)
    assert not report.crashes
    return report


def assert_same(root: Path, rule: Rule, together: Report) -> None:
    """Compare what a rule finds alone with what it finds among all."""
    alone = {finding for finding in found(root, rule.code).findings if finding.code == rule.code}
    assert alone == {finding for finding in together.findings if finding.code == rule.code}


@pytest.fixture(scope="module")
def in_apps() -> dict[Path, Report]:
    return {app: found(app, "ALL") for app in APPS}


@every_rule
def test_in_the_golden_applications(rule: Rule, in_apps: dict[Path, Report]) -> None:
    topic = rule.__module__.split(".")[-2]
    for app, together in in_apps.items():
        if app.parent.name == topic:
            assert_same(app, rule, together)


@every_rule
def test_in_its_wrong_twin(rule: Rule) -> None:
    for twin in FIXTURES.glob(f"*/{rule.name}/wrong"):
        assert_same(twin, rule, found(twin, "ALL"))


@every_rule
@pytest.mark.parametrize("title", ["Bad", "Good"])
def test_in_its_examples(rule: Rule, title: str, tmp_path: Path) -> None:
    example = rule.documentation().example(title)
    assert example is not None
    write(project(example), tmp_path)
    assert_same(tmp_path, rule, found(tmp_path, "ALL"))


@pytest.mark.parametrize("code", ["FAL310", "FAL313"])
def test_where_the_callers_name_no_framework(code: str, tmp_path: Path) -> None:
    write(project(FAR_CALLERS), tmp_path)
    rule = next(rule for rule in all_rules() if rule.code == code)
    assert_same(tmp_path, rule, found(tmp_path, "ALL"))
