"""
A dependency override has no effect: no route depends on its key.

## Why

FastAPI looks a dependency up in `dependency_overrides` by the very object that `Depends` was
given. The result of another call of a factory, a new instance, a lambda, the name as a text, or
the factory itself are other objects. Nothing fails: the original dependency simply runs, against
the real database or with the real check, and the test passes or fails for the wrong reason.

## Bad

```python
from fastapi import Depends, FastAPI

app = FastAPI(title="Shop", version="1.0")


def require_role(role: str):
    def check() -> str:
        return role

    return check


@app.get("/reports")
def reports(role: str = Depends(require_role("auditor"))) -> str:
    return role


def test_reports() -> None:
    app.dependency_overrides[require_role("auditor")] = lambda: "test"
    app.dependency_overrides.clear()
```

## Good

```python
from fastapi import Depends, FastAPI

app = FastAPI(title="Shop", version="1.0")


def require_role(role: str):
    def check() -> str:
        return role

    return check


auditor = require_role("auditor")


@app.get("/reports")
def reports(role: str = Depends(auditor)) -> str:
    return role


def test_reports() -> None:
    app.dependency_overrides[auditor] = lambda: "test"
    app.dependency_overrides.clear()
```

## References

- https://fastapi.tiangolo.com/advanced/testing-dependencies/
- https://github.com/fastapi/fastapi/issues/641
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.link import Application
from fastapi_lint.rule import Context, Finding, Rule, Severity


class OverrideKeyNeverMatches(Rule):
    code = "FAL322"
    name = "override-key-never-matches"
    severity = Severity.ERROR

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for override in application.overrides.all:
            mismatch = application.replacing.mismatch(override)
            if mismatch is not None:
                yield self.at(
                    override.place,
                    f"this override has no effect: its key {mismatch.what}",
                    why="FastAPI looks up the object that `Depends` was given, "
                    "so the original dependency runs",
                    help=mismatch.help,
                    related=[(mismatch.where, "routes depend on this")] if mismatch.where else [],
                )
