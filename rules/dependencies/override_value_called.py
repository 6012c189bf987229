"""
A dependency is overridden by a value instead of something that can be called.

## Why

FastAPI calls what it finds in `dependency_overrides`. `[get_db] = fake_session()` stores the
result of a call, usually an object, a generator or a coroutine. Every request that needs the
dependency then fails with a TypeError, which is a 500 for a client.

## Bad

```python
from collections.abc import Iterator

from fastapi import Depends, FastAPI

app = FastAPI(title="Shop", version="1.0")


def get_store() -> Iterator[dict[str, int]]:
    yield {"nails": 1200}


@app.get("/stock")
def stock(store: dict[str, int] = Depends(get_store)) -> dict[str, int]:
    return store


def empty_store() -> Iterator[dict[str, int]]:
    yield {}


def test_stock() -> None:
    app.dependency_overrides[get_store] = empty_store()
    app.dependency_overrides.clear()
```

## Good

```python
from collections.abc import Iterator

from fastapi import Depends, FastAPI

app = FastAPI(title="Shop", version="1.0")


def get_store() -> Iterator[dict[str, int]]:
    yield {"nails": 1200}


@app.get("/stock")
def stock(store: dict[str, int] = Depends(get_store)) -> dict[str, int]:
    return store


def empty_store() -> Iterator[dict[str, int]]:
    yield {}


def test_stock() -> None:
    app.dependency_overrides[get_store] = empty_store
    app.dependency_overrides.clear()
```

## References

- https://fastapi.tiangolo.com/advanced/testing-dependencies/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.link import Application
from fastapi_lint.rule import Context, Finding, Rule, Severity


class OverrideValueCalled(Rule):
    code = "FAL324"
    name = "override-value-called"
    severity = Severity.ERROR

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for override in application.overrides.all:
            what = application.replacing.not_callable(override)
            if what is None or not application.replacing.is_depended_on(override):
                continue
            called = isinstance(override.value, ir.Call) and what in ("a generator", "a coroutine")
            yield self.at(
                override.place,
                f"this override is {what}, which FastAPI cannot call",
                why="every request that needs the dependency fails with a TypeError",
                help="store the function itself, without calling it"
                if called
                else "store a function that returns it: `lambda: ...`",
            )
