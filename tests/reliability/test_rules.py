"""Rules that misbehave: each is named, and takes no other finding along."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fastapi_lint.config import FORMATS
from fastapi_lint.model.application import Router
from fastapi_lint.registry import all_rules
from fastapi_lint.rule import Context, Finding, Rule, Severity

from .support import FOUND, found, run


class _Odd(Exception):
    def __str__(self) -> str:
        raise ValueError

    __repr__ = __str__


class _Misbehaving(Rule):
    code = "FAL998"
    name = "misbehaving"
    severity = Severity.ERROR


class _Raises(_Misbehaving):
    def check_app(self, app: Router, context: Context) -> Iterator[Finding]:
        raise _Odd


class _RaisesLate(_Misbehaving):
    def check_app(self, app: Router, context: Context) -> Iterator[Finding]:
        yield self.at(app.place, "before it raised")
        raise RecursionError


class _Mutates(_Misbehaving):
    def check_app(self, app: Router, context: Context) -> Iterator[Finding]:
        app.place.module.node.body[0].at = 7  # type: ignore[misc]
        yield self.at(app.place, "never said")


class _YieldsNothingUseful(_Misbehaving):
    def check_app(self, app: Router, context: Context) -> Iterator[Finding]:
        yield None  # type: ignore[misc]


@pytest.mark.parametrize("kind", [_Raises, _RaisesLate, _Mutates, _YieldsNothingUseful])
def test_a_rule_that_fails_is_named(
    root: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Rule]
) -> None:
    rules = (kind(), *all_rules())
    monkeypatch.setattr("fastapi_lint.engine.all_rules", lambda: rules)
    done = run(root, "--no-cache", "--output-format", "json", traceback=True)
    assert done.returncode == 2
    assert found(done) == FOUND
    assert b"internal error in FAL998 misbehaving; please report it" in done.stderr
    fixing = run(root, "--no-cache", "--fix", "--unsafe-fixes", traceback=True)
    assert fixing.returncode == 2
    assert b"FAL998 misbehaving" in fixing.stderr


SPANS = (
    (0, 0, 0, 0), (-1, -5, -1, -2), (5, 9, 2, 1), (1, 1, 1, 10**9), (10**9, 1, 10**9 + 5, 7),
    (7, 10**9, 7, 10**9 + 1), (1, 1, 10**9, 1),
)  # fmt: skip


class _Nonsense(_Misbehaving):
    def check_app(self, app: Router, context: Context) -> Iterator[Finding]:
        for number, span in enumerate(SPANS):
            path = app.place.module.path
            yield Finding(self.code, self.name, self.severity, f"place {number}", path, span)


@pytest.mark.parametrize("output_format", FORMATS)
def test_places_that_are_none_can_be_printed(
    root: Path, monkeypatch: pytest.MonkeyPatch, output_format: str
) -> None:
    rules = (_Nonsense(), *all_rules())
    monkeypatch.setattr("fastapi_lint.engine.all_rules", lambda: rules)
    done = run(root, "--no-cache", "--output-format", output_format)
    assert done.returncode == 1
    for number in range(len(SPANS)):
        assert done.stdout.count(f"place {number}".encode()) >= 1
    assert b"FAL131" in done.stdout
