"""
Two operations of an application have the same operation id.

## Why

An operation id must be unique in an OpenAPI document. FastAPI only warns ("Duplicate Operation
ID"), and only when the document is built. Generators of clients make one method of two operations,
or refuse the document. Besides ids written twice, a route for several methods has one id for all of
them.

## Bad

```python
from fastapi import FastAPI

app = FastAPI(title="Shop", version="1")


@app.get("/orders", operation_id="list")
def orders() -> list[str]:
    return []


@app.get("/customers", operation_id="list")
def customers() -> list[str]:
    return []
```

## Good

```python
from fastapi import FastAPI

app = FastAPI(title="Shop", version="1")


@app.get("/orders", operation_id="list_orders")
def orders() -> list[str]:
    return []


@app.get("/customers", operation_id="list_customers")
def customers() -> list[str]:
    return []
```

## References

- https://fastapi.tiangolo.com/advanced/path-operation-advanced-configuration/#openapi-operationid
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Route, Router
from fastapi_lint.model.calls import keyword
from fastapi_lint.model.documented import documented_routes
from fastapi_lint.model.values import Literal
from fastapi_lint.rule import Context, Finding, Rule, Severity


class DuplicateOperationId(Rule):
    code = "FAL802"
    name = "duplicate-operation-id"
    severity = Severity.WARNING
    positions = frozenset({"operation_id"})

    def check_app(self, app: Router, context: Context) -> Iterator[Finding]:
        if app.place.module.is_test or not app.is_fastapi:
            return
        first: dict[str, Route] = {}
        for route in documented_routes(app):
            name = _operation_id(route, context)
            if name is None:
                continue
            is_first = name not in first
            other = first.setdefault(name, route)
            if not is_first:
                yield self.at(
                    route.place,
                    f"the operation id `{name}` is used twice",
                    why="generated clients lose one of the two operations",
                    help="give each operation an id of its own",
                    related=[(other.place, "first used here")],
                )
            elif route.methods is not None and len(set(route.methods)) > 1:
                yield self.at(
                    route.place,
                    f"the operation id `{name}` stands for {len(set(route.methods))} methods "
                    f"of {route.path or 'one route'}",
                    why="generated clients lose all but one of them",
                    help="make a route for each method",
                )


def _operation_id(route: Route, context: Context) -> str | None:
    given = keyword(route.site.call, "operation_id")
    if given is None:
        return None
    values = context.evaluator().evaluate(given, route.site.scope, route.site.at)
    if len(values) == 1 and isinstance(values[0], Literal) and isinstance(values[0].value, str):
        return values[0].value
    return None
