"""
A test overrides a dependency of a shared application and leaves the override behind.

## Why

`dependency_overrides` belongs to the application object. What one test puts there is still there
for all tests after it: they get its fake user or its closed session, pass for the wrong reason, or
fail only when they run in a certain order.

The rule looks at tests, at fixtures that are made for each test, and at set-up methods, and is
silent where the test itself, a fixture around it, a helper that it calls, or a tear-down method
takes overrides out, and where the application is made for the test.

## Bad

```python
# --- main.py
from fastapi import Depends, FastAPI

app = FastAPI(title="Library", version="1.0")


def current_reader() -> str:
    return "nobody"


@app.get("/loans")
def loans(reader: str = Depends(current_reader)) -> str:
    return reader
# --- test_loans.py
from fastapi.testclient import TestClient

from main import app, current_reader


def test_loans() -> None:
    app.dependency_overrides[current_reader] = lambda: "ada"
    assert TestClient(app).get("/loans").json() == "ada"
```

## Good

```python
# --- main.py
from fastapi import Depends, FastAPI

app = FastAPI(title="Library", version="1.0")


def current_reader() -> str:
    return "nobody"


@app.get("/loans")
def loans(reader: str = Depends(current_reader)) -> str:
    return reader
# --- test_loans.py
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from main import app, current_reader


@pytest.fixture
def client() -> Iterator[TestClient]:
    app.dependency_overrides[current_reader] = lambda: "ada"
    yield TestClient(app)
    app.dependency_overrides.clear()


def test_loans(client: TestClient) -> None:
    assert client.get("/loans").json() == "ada"
```

The fix is unsafe, because tests that run later may have come to need the replacement.

## References

- https://fastapi.tiangolo.com/advanced/testing-dependencies/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.suites.testing import Override, is_fixture
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import has_yield


class OverrideNotCleared(Rule):
    code = "FAL321"
    name = "override-not-cleared"
    severity = Severity.WARNING
    fix = Fixability.UNSAFE

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for function, overrides in application.leaks.all:
            kept = [o for o in overrides if application.replacing.mismatch(o) is None]
            if not kept:
                continue
            what = "this override" if len(kept) == 1 else f"{len(kept)} overrides"
            kind = "fixture" if is_fixture(function) else "test"
            kind = "set-up method" if function.name.lower().startswith(("setup", "async")) else kind
            yield self.at(
                kept[0].place,
                f"the {kind} `{function.name}` leaves {what} behind",
                why="the application is shared, so all tests that run later get the replacement",
                help="take it out in a `finally`, or after the `yield` of a fixture: "
                "`app.dependency_overrides.clear()`",
                fix=_take_out(function, overrides, is_test=kind == "test"),
            )


def _take_out(function: Function, overrides: tuple[Override, ...], *, is_test: bool) -> Fix | None:
    """Take the entries out after the `yield` of a fixture, or after what follows them in a test.

    Each is stored by a statement `app.dependency_overrides[key] = ...` of the function itself, and
    nothing but such statements stands between them.
    """
    body = function.body
    stored = [node for node in body for o in overrides if o.at == node.at and _is_stored(node)]
    if len(stored) != len(overrides):
        return None
    first, last = body.index(stored[0]), body.index(stored[-1])
    rest = body[last + 1 :]
    if not rest or last - first != len(stored) - 1:
        return None
    ends = [node for node in rest if has_yield((node,))]
    if not is_test and (not is_fixture(function) or ends != [rest[-1]]):
        return None
    if is_test and function.node.is_generator:
        return None

    def recipe(edit: Editor) -> None:
        lines = []
        for override in overrides:
            app = edit.text(edit.part(override.at, override.app))
            key = edit.text(edit.part(override.at, override.key))
            lines.append(f"{app}.dependency_overrides.pop({key}, None)")
        if is_test:
            edit.enclose(rest[0].at, rest[-1].at, "try:")
            indented = "".join(f"\n    {line}" for line in lines)
            edit.insert_after(rest[-1].at, f"finally:{indented}")
        else:
            edit.insert_after(rest[-1].at, "\n".join(lines))

    return Fix.unsafe("Take it out afterwards", recipe)


def _is_stored(node: ir.Stmt) -> bool:
    return isinstance(node, ir.Assign) and isinstance(node.targets[0], ir.Subscript)
