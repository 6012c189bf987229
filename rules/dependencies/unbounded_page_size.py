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

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.auth.guards import MARKERS
from fastapi_lint.model.calls import keyword
from fastapi_lint.model.dependency.paging import Paging
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import walk

_BOUND = 100
_INT = ir.Name("int")


class UnboundedPageSize(Rule):
    code = "FAL319"
    name = "unbounded-page-size"
    security = True
    severity = Severity.INFO
    fix = Fixability.UNSAFE

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
                    fix=_bound(param, function, application, context),
                )


def _bound(
    param: ir.Parameter, function: Function, application: Application, context: Context
) -> Fix | None:
    """Add `le=100`, or the default if that is more, where the parameter is declared."""
    declared = _declaration(param)
    default = param.default
    if declared is not None and declared is default:
        default = declared.args[0] if declared.args else keyword(declared, "default")
    match default:
        case None | ir.Constant(kind="Ellipsis"):
            bound = _BOUND
        case ir.Constant(int() as usual) if not isinstance(usual, bool) and usual > 0:
            bound = max(_BOUND, usual)
        case _:
            return None
    if declared is None and (
        param.annotation != _INT or default is None or _is_in_path(param, function, application)
    ):
        return None
    is_default = not context.targets(function.module).fastapi.at_least("0.95") or any(
        isinstance(other.default, ir.Call) and _declaration(other) is other.default
        for other in function.node.params
    )

    def recipe(edit: Editor) -> None:
        if declared is not None:
            edit.set_keyword(declared.at, "le", str(bound))
            return
        query = edit.import_name("fastapi", "Query")
        if is_default and default is not None:
            edit.wrap(edit.part(param.at, default), f"{query}(", f", le={bound})")
        else:
            annotated = edit.import_name("typing", "Annotated")
            edit.wrap(edit.part(param.at, _INT), f"{annotated}[", f", {query}(le={bound})]")

    return Fix.unsafe(f"Allow at most {bound}", recipe)


def _declaration(param: ir.Parameter) -> ir.Call | None:
    """The `Query(...)`, or the like, in a parameter's default or `Annotated`."""
    found = [
        part
        for part in (*walk(param.annotation), *walk(param.default))
        if isinstance(part, ir.Call) and ir.last_name(part.func) in MARKERS
    ]
    return found[0] if len(found) == 1 else None


def _is_in_path(param: ir.Parameter, function: Function, application: Application) -> bool:
    graph = application.graph
    return any(
        path is None or f"{{{param.name}" in path
        for route in graph.routes_of(function)
        for path in graph.paths_of(route)
    )
