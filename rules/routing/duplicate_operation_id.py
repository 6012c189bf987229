"""
Two operations of an application have the same operation id.

## Why

An operation id must be unique in an OpenAPI document. FastAPI only warns ("Duplicate Operation
ID"), and only when the document is built. Generators of clients make one method of two operations,
or refuse the document. Besides ids written twice, a route for several methods has one id for all of
them, and a `generate_unique_id_function` that returns the name of the route gives the same id to
functions of one name.

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

from fastapi_lint.model.application import Place, Router
from fastapi_lint.model.operation_ids import Operation, operations
from fastapi_lint.rule import Context, Finding, Rule, Severity


class DuplicateOperationId(Rule):
    code = "FAL802"
    name = "duplicate-operation-id"
    severity = Severity.WARNING
    positions = frozenset({"operation_id"})

    def check_app(self, app: Router, context: Context) -> Iterator[Finding]:
        if app.place.module.is_test or not app.is_fastapi:
            return
        first: dict[str, Operation] = {}
        seen: set[Place] = set()
        for operation in operations(app, context.evaluator()):
            if operation.is_in_tests:
                continue
            name = operation.id
            other = first.setdefault(name, operation) if name is not None else operation
            place = _place(operation, other)
            if place in seen:
                continue
            if other is not operation and not other.excludes(operation):
                seen.add(place)
                yield self.at(
                    place,
                    f"the operation id `{name}` is used twice",
                    why="generated clients lose one of the two operations",
                    help="give each operation an id of its own",
                    related=[(other.route.place, "first used here")],
                )
            elif operation.methods > 1:
                seen.add(place)
                yield self.at(
                    place,
                    f"{f'the operation id `{name}`' if name else 'one operation id'} stands for "
                    f"{operation.methods} methods of {operation.route.path or 'one route'}",
                    why="generated clients lose all but one of them",
                    help="make a route for each method",
                )


def _place(operation: Operation, other: Operation) -> Place:
    """The route, or the second `include_router` of it: that may bring many routes again."""
    again = None if operation.is_given else operation.repeats(other)
    return operation.route.place if again is None else Place(again.module, again.at)
