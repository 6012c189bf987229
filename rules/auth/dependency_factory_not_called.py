"""
A function that makes a dependency is given to Depends without being called.

## Why

`Depends(require_role)` makes FastAPI call `require_role` itself. What that returns, the inner
function with the check, is only a value: it is injected and never called. The request goes through
without any check, and nothing fails. Required parameters of the outer function become query
parameters: `?role=admin` is then all it takes.

## Bad

```python
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def current_role(authorization: str = Header()) -> str:
    if authorization != "Bearer letmein":
        raise HTTPException(status_code=401)
    return "reader"


def require_role(role: str = "admin"):
    def check_role(current: str = Depends(current_role)) -> str:
        if current != role:
            raise HTTPException(status_code=403)
        return current

    return check_role


@app.delete("/users/{user_id}", dependencies=[Depends(require_role)])
def delete_user(user_id: int) -> dict[str, int]:
    return {"deleted": user_id}
```

## Good

```python
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def current_role(authorization: str = Header()) -> str:
    if authorization != "Bearer letmein":
        raise HTTPException(status_code=401)
    return "reader"


def require_role(role: str = "admin"):
    def check_role(current: str = Depends(current_role)) -> str:
        if current != role:
            raise HTTPException(status_code=403)
        return current

    return check_role


@app.delete("/users/{user_id}", dependencies=[Depends(require_role("admin"))])
def delete_user(user_id: int) -> dict[str, int]:
    return {"deleted": user_id}
```

## When to ignore it

The endpoint calls the injected function itself, in a way that the rule cannot see.

## References

- https://fastapi.tiangolo.com/advanced/advanced-dependencies/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.auth import guards
from fastapi_lint.model.auth.guards import Spot
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import ClassValue, Instance, Value
from fastapi_lint.rule import Context, Finding, Rule, Severity


class DependencyFactoryNotCalled(Rule):
    code = "FAL214"
    name = "dependency-factory-not-called"
    security = True
    severity = Severity.ERROR
    positions = frozenset({"Depends", "Security"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for spot in guards.spots(application):
            products = _products(spot, application)
            if not products:
                continue
            factory = guards.label(spot.values[0], application)
            inner = products[0]
            name = guards.label(inner, application)
            check = "the check in " if guards.denies(inner, application) else ""
            whom = f" for {guards.named(spot.routes)}" if spot.routes else ""
            outer = application.injection.function_of(spot.values[0])
            is_injected = outer is not None and guards.asks(outer, application)
            places = [
                (place, text)
                for place, text in (
                    (guards.defined(inner, application), "what never runs"),
                    (spot.routes[0].place if spot.routes else None, "a route that it is meant for"),
                )
                if place is not None
            ]
            yield self.at(
                spot.place,
                (
                    f"`{factory}` gives a function that nobody calls"
                    if is_injected
                    else f"`{factory}` makes a dependency and is not called here"
                )
                + f", so {check}`{name}` never runs{whom}",
                why=f"FastAPI calls `{factory}` and injects what it returns, without calling that"
                + _chosen(spot, application),
                help=f"call `{name}` where it is injected, or check in `{factory}` itself"
                if is_injected
                else f"call it: `{factory}(...)`, which gives a `Depends` already"
                if outer is not None and _marked(outer, application)
                else f"call it: `Depends({factory}(...))`",
                related=places,
            )


def _products(spot: Spot, application: Application) -> tuple[Value, ...]:
    """The dependencies that a factory makes, if all that is named here are such factories."""
    found: list[Value] = []
    for value in spot.values:
        function = application.injection.function_of(value)
        if function is None or isinstance(value, ClassValue):
            return ()
        made = application.summaries.products(function) or _marked(function, application)
        if not made or not all(guards.checks(product, application) for product in made):
            return ()
        found.extend(made)
    return tuple(found) if all(guards.is_lost(use, found, application) for use in spot.uses) else ()


def _marked(function: Function, application: Application) -> tuple[Value, ...]:
    """The dependencies of a factory that wraps what it makes in `Depends(...)` itself."""
    node = function.node
    if node.is_async or node.is_generator or application.summaries.ends(function).falls:
        return ()
    found: list[Value] = []
    for value in application.program.evaluator().returns(function):
        marker = application.injection.dependency_of(value) if isinstance(value, Instance) else None
        if marker is None:
            return ()
        found.extend(marker.callables)
    return tuple(found)


def _chosen(spot: Spot, application: Application) -> str:
    """What becomes of the factory's required parameters."""
    function = application.injection.function_of(spot.values[0])
    assert function is not None
    paths = [route.path or "" for route in spot.routes]
    names = [
        f"`{name}`"
        for name in guards.from_query(function, application)
        if not any(f"{{{name}" in path for path in paths)
    ]
    if not names:
        return ""
    return f"; {' and '.join(names)} can be given in the query string by the client"
