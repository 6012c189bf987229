"""
A context manager function is used as a dependency.

## Why

FastAPI makes a context manager of a generator function by itself. One that is already decorated
with `@contextmanager` or `@asynccontextmanager` returns a manager object instead of yielding. Up to
FastAPI 0.123.4 that object is injected, and nothing is entered; from 0.123.5 every request ends in
a 500. Without the decorator the same function is a dependency.

## Bad

```python
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import Depends, FastAPI

app = FastAPI()


@contextmanager
def get_basket() -> Iterator[list[str]]:
    yield []


@app.get("/basket")
def read_basket(basket: list[str] = Depends(get_basket)) -> int:
    return len(basket)
```

## Good

```python
from collections.abc import Iterator

from fastapi import Depends, FastAPI

app = FastAPI()


def get_basket() -> Iterator[list[str]]:
    yield []


@app.get("/basket")
def read_basket(basket: list[str] = Depends(get_basket)) -> int:
    return len(basket)
```

The fix removes the decorator where no call of the function is seen. It is unsafe: code outside the
application may enter what it gives, and fails then.

## References

- https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.graph import Use
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import External, FunctionValue, Method
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

_MANAGERS = (External("contextlib.contextmanager"), External("contextlib.asynccontextmanager"))


class ContextManagerAsDependency(Rule):
    code = "FAL311"
    name = "context-manager-as-dependency"
    severity = Severity.ERROR
    fix = Fixability.UNSAFE
    positions = frozenset({"Depends", "Security"})

    def check_use(self, use: Use, context: Context) -> Iterator[Finding]:
        if use.place.module.is_test:
            return
        for value in use.dependency.callables:
            if not isinstance(value, (FunctionValue, Method)):
                continue
            function = value.function
            for decorator in function.node.decorators:
                found = context.near.evaluate(decorator.value, function.parent, decorator.at)
                if any(manager in _MANAGERS for manager in found):
                    fastapi = context.targets(use.place.module).fastapi
                    yield self.at(
                        use.place,
                        f"`{function.name}` is a context manager function, no dependency",
                        why=f"with {fastapi.label} every request fails with a 500"
                        if fastapi.at_least("0.123.5")
                        else f"with {fastapi.label} the manager object is injected, and nothing "
                        "is entered",
                        help="remove the decorator, or enter the manager in a generator function",
                        related=[(Place(function.module, decorator.at), "decorated here")],
                        fix=_undecorate(function, decorator, context),
                    )


def _undecorate(function: Function, decorator: ir.Decorator, context: Context) -> Fix | None:
    """Remove the decorator, if nothing in sight calls the function to enter what it gives."""
    if any(context.application.index.calls(function.name)) or not function.node.is_generator:
        return None

    def recipe(edit: Editor) -> None:
        edit.of(function.module).delete(decorator.at)

    return Fix.unsafe("Remove the decorator", recipe)
