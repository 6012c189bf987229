"""
Whoever calls a route chooses how many rows it reads, without any bound.

## Why

`limit: int = 100` is a default, not a bound: `?limit=10000000` reads ten million rows into memory
and turns all of them into JSON, in one request, for anybody. `Query(le=100)` refuses such a request
with 422 before anything is read, and says so in the documentation.

The rule follows integer parameters of routes and dependencies into `.limit(...)` and slices, also
through the functions that they are handed to. It is silent where the number is compared, clamped
with `min()`, or changed on the way.

## Bad

```python
from fastapi import FastAPI

app = FastAPI(title="Recipes", version="1.0")
RECIPES = [f"recipe {number}" for number in range(100_000)]


@app.get("/recipes")
def recipes(skip: int = 0, limit: int = 20) -> list[str]:
    return RECIPES[skip : skip + limit]
```

## Good

```python
from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI(title="Recipes", version="1.0")
RECIPES = [f"recipe {number}" for number in range(100_000)]


@app.get("/recipes")
def recipes(skip: int = 0, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> list[str]:
    return RECIPES[skip : skip + limit]
```

## References

- https://fastapi.tiangolo.com/tutorial/path-params-numeric-validations/
- https://owasp.org/API-Security/editions/2023/en/0xa4-unrestricted-resource-consumption/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Place
from fastapi_lint.model.dependency.paging import Paging
from fastapi_lint.model.link import Application
from fastapi_lint.rule import Context, Finding, Rule, Severity


class UnboundedPageSize(Rule):
    code = "FAL319"
    name = "unbounded-page-size"
    security = True
    severity = Severity.INFO

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        paging = Paging(
            application.program, application.index, application.graph, application.injection
        )
        for function in application.graph.injected:
            if function.module.is_test:
                continue
            for param, sink in paging.unbounded(function):
                yield self.at(
                    Place(function.module, param.at),
                    f"the caller chooses `{param.name}` of `{function.qualname}`, "
                    "and nothing bounds it",
                    why="one request may get every row there is",
                    help=f"`{param.name}: Annotated[int, Query(ge=1, le=100)]`",
                    related=[(sink, "this many rows at once")],
                )
