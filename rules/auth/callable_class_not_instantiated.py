"""
A class whose instances check requests is given to Depends itself, so no check runs.

## Why

`Depends(RoleChecker)` makes FastAPI build a `RoleChecker` for each request, from query parameters
named like those of its constructor, and inject it. `__call__`, where the check stands, never runs:
the request goes through. Only an instance, `Depends(RoleChecker(...))`, is called.

## Bad

```python
from fastapi import Depends, FastAPI, Header, HTTPException


class KeyChecker:
    def __init__(self, level: int = 1) -> None:
        self.level = level

    def __call__(self, x_api_key: str = Header()) -> None:
        if x_api_key != f"secret-{self.level}":
            raise HTTPException(status_code=403)


app = FastAPI()


@app.get("/reports", dependencies=[Depends(KeyChecker)])
def reports() -> list[str]:
    return ["figures"]
```

## Good

```python
from fastapi import Depends, FastAPI, Header, HTTPException


class KeyChecker:
    def __init__(self, level: int = 1) -> None:
        self.level = level

    def __call__(self, x_api_key: str = Header()) -> None:
        if x_api_key != f"secret-{self.level}":
            raise HTTPException(status_code=403)


app = FastAPI()


@app.get("/reports", dependencies=[Depends(KeyChecker(level=2))])
def reports() -> list[str]:
    return ["figures"]
```

## References

- https://fastapi.tiangolo.com/advanced/advanced-dependencies/#a-callable-instance
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.auth import guards
from fastapi_lint.model.auth.guards import Spot
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import ClassValue, Instance
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity


class CallableClassNotInstantiated(Rule):
    code = "FAL215"
    name = "callable-class-not-instantiated"
    security = True
    severity = Severity.ERROR
    fix = Fixability.UNSAFE
    positions = frozenset({"Depends", "Security"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for spot in guards.spots(application):
            method = _skipped(spot, application)
            if method is None:
                continue
            cls = guards.label(spot.values[0], application)
            denies = application.summaries.denial_of(method) is not None
            whom = f" for {guards.named(spot.routes)}" if spot.routes else ""
            related = [(Place(method.module, method.node.at), "what never runs")]
            if spot.routes:
                related.append((spot.routes[0].place, "a route that it is meant for"))
            yield self.at(
                spot.place,
                f"`{cls}` is a class here, not an instance, so "
                + (f"the check in its `__call__` never runs{whom}" if denies else
                   f"its `__call__` never runs{whom}"),
                why=f"FastAPI builds a `{cls}` from the request and injects it uncalled"
                + _chosen(spot, application),
                help=f"give an instance: `Depends({cls}(...))`",
                related=related,
                fix=_instantiate(spot, cls, application),
            )  # fmt: skip


def _instantiate(spot: Spot, name: str, application: Application) -> Fix | None:
    """Make an object in place, of a class that needs no arguments and is named there."""
    named, value, view = guards.named_class(spot), spot.values[0], application.program.evaluator()
    if named is None or not isinstance(value, ClassValue) or view.has_unknown_base(value.cls):
        return None
    init = view.find_method(value.cls, "__init__")
    if init is None and (view.external_bases(value.cls) or value.cls.node.decorators):
        return None
    given = init.node.params[1:] if init is not None else ()
    if any(param.default is None and param.kind not in ("*", "**") for param in given):
        return None
    return calling(spot, named, name)


def calling(spot: Spot, named: ir.Expr, name: str) -> Fix:
    """Call the class where it is named as the dependency."""

    def recipe(edit: Editor) -> None:
        edit.wrap(edit.part(spot.place.at, named), "", "()")

    return Fix.unsafe(f"Make an instance: `{name}()`", recipe)


def _skipped(spot: Spot, application: Application) -> Function | None:
    """The `__call__` that does not run, if what is named is a class made to be called."""
    found: list[Function] = []
    for value in spot.values:
        if not isinstance(value, ClassValue) or application.summaries.is_scheme_class(value):
            return None
        method = application.program.evaluator().find_method(value.cls, "__call__")
        if method is None or not (
            application.summaries.denial_of(method) or guards.asks(method, application)
        ):
            return None
        made = Instance(value, None, None, 0)
        if not all(guards.is_lost(use, (made,), application) for use in spot.uses):
            return None
        found.append(method)
    return found[0] if found else None


def _chosen(spot: Spot, application: Application) -> str:
    """What becomes of the parameters of the constructor."""
    init = application.injection.function_of(spot.values[0])
    names = guards.from_query(init, application) if init is not None else ()
    if not names:
        return ""
    listed = " and ".join(f"`{name}`" for name in names)
    return f"; {listed} can be given in the query string by the client"
