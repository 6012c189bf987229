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
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.link import Application
from fastapi_lint.model.suites.testing import Override
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import walk


class OverrideValueCalled(Rule):
    code = "FAL324"
    name = "override-value-called"
    severity = Severity.ERROR
    fix = Fixability.SAFE

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
                fix=_name_function(override) if called else _make_function(override),
            )


def _name_function(override: Override) -> Fix | None:
    call = override.value
    if not isinstance(call, ir.Call) or call.args or call.keywords:
        return None

    def recipe(edit: Editor) -> None:
        there = edit.of(override.scope.module)
        there.replace(call.at, there.text(there.callee(call.at)))

    return Fix.safe("Store the function itself", recipe)


def _make_function(override: Override) -> Fix | None:
    value = override.value
    is_bare = isinstance(value, ir.Display) and value.kind == "tuple"
    if is_bare or any(isinstance(part, (ir.Await, ir.Yield, ir.Assigned)) for part in walk(value)):
        return None

    def recipe(edit: Editor) -> None:
        there = edit.of(override.scope.module)
        there.wrap(there.part(override.at, value), "lambda: ", "")

    return Fix.safe("Store a function that returns it", recipe)
