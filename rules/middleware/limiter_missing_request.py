"""
A function with a slowapi limit has no parameter that holds the request.

## Why

slowapi takes the request from the parameter that is called `request`, by its name alone: a
`req: Request` does not help. Without such a parameter, importing the module fails with
`No "request" or "websocket" argument on function`. With one that is something else, a body
model for instance, the application starts, and every call of the route fails.

## Bad

```python
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, storage_uri="redis://cache:6379")
app = FastAPI(title="Shop", version="1.0")
app.state.limiter = limiter


@app.get("/quotes")
@limiter.limit("10/minute")
async def quotes() -> list[str]:
    return ["Less is more."]
```

## Good

```python
from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, storage_uri="redis://cache:6379")
app = FastAPI(title="Shop", version="1.0")
app.state.limiter = limiter


@app.get("/quotes")
@limiter.limit("10/minute")
async def quotes(request: Request) -> list[str]:
    return ["Less is more."]
```

## References

- https://slowapi.readthedocs.io/en/latest/#limitations-and-known-issues
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.link import Application
from fastapi_lint.model.middleware.limits import Limit
from fastapi_lint.model.names import REQUEST
from fastapi_lint.model.scopes import Function, Scope
from fastapi_lint.model.values import ClassValue, External
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity


class LimiterMissingRequest(Rule):
    code = "FAL122"
    name = "limiter-missing-request"
    severity = Severity.ERROR
    fix = Fixability.SAFE

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for limit in application.limits.all:
            if not application.limits.keeps_signature(limit):
                continue
            function = limit.function
            named = next((p for p in function.node.params if p.name in _NAMES), None)
            if named is None:
                yield self.at(
                    limit.place,
                    f"`{function.name}` has a limit, but no parameter called `request`",
                    why="slowapi raises an exception when the module is imported",
                    help="add the parameter `request: Request`",
                    fix=_add(limit, application),
                )
            elif named.name == "request":
                yield from self._other(limit, named, application)

    def _other(
        self, limit: Limit, param: ir.Parameter, application: Application
    ) -> Iterator[Finding]:
        function = limit.function
        if function not in application.graph.injected or param.kind.startswith("*"):
            return
        routes = application.graph.endpoints.get(function, ())
        if routes and len(limit.missed(routes)) == len(routes):
            return
        what = _other_than_a_request(function, param, application)
        if what is not None:
            yield self.at(
                limit.place,
                f"the parameter `request` of `{function.name}` {what}, "
                "where its limit needs the request",
                why="slowapi looks for the request under this name: every call of the route fails",
                help="call it otherwise and add `request: Request`"
                if param.annotation is not None
                else "annotate it: `request: Request`",
                fix=_annotate(param, function) if param.annotation is None else None,
            )


_NAMES = ("request", "websocket")


def _add(limit: Limit, application: Application) -> Fix | None:
    """Give the function the parameter, if only HTTP requests call it and nothing wraps it.

    A request that it has under another name is renamed.
    """
    function = limit.function
    routes = application.graph.routes_of(function)
    if (
        not routes
        or any(route.is_websocket for route in routes)
        or application.program.evaluator().callers(function)
        or any(param.kind.startswith("*") for param in function.node.params)
        or any("request" in scope.bindings for scope in _scopes(function.scope))
        or not all(
            application.limits.wraps_nothing(decorator, function)
            for decorator in function.node.decorators
        )
    ):
        return None
    requests = [p for p in function.node.params if _is_request(function, p, application)]
    if requests:
        return _rename(requests, function)

    def recipe(edit: Editor) -> None:
        there = edit.of(function.module)
        request = there.import_name("fastapi", "Request")
        there.add_parameter(function.node.at, f"request: {request}", first=True)

    return Fix.safe("Add the parameter `request: Request`", recipe)


def _rename(requests: list[ir.Parameter], function: Function) -> Fix | None:
    name = requests[0].name
    if len(requests) > 1 or len(function.scope.bindings[name]) > 1:
        return None

    def recipe(edit: Editor) -> None:
        edit.of(function.module).rename_parameter(function.node.at, name, "request")

    return Fix.safe(f"Call `{name}` `request`", recipe)


def _annotate(param: ir.Parameter, function: Function) -> Fix:
    def recipe(edit: Editor) -> None:
        there = edit.of(function.module)
        there.wrap(param.at, "", f": {there.import_name('fastapi', 'Request')}")

    return Fix.safe("Annotate it: `request: Request`", recipe)


def _is_request(function: Function, param: ir.Parameter, application: Application) -> bool:
    types = application.injection.types(param.annotation, function.parent, function.node.at)
    view = application.program.evaluator()
    return any(view.is_a(value, REQUEST) for value in types)


def _scopes(scope: Scope | None) -> Iterator[Scope]:
    """A scope and those around it."""
    while scope is not None:
        yield scope
        scope = scope.parent


def _other_than_a_request(
    function: Function, param: ir.Parameter, application: Application
) -> str | None:
    """What FastAPI gives for a parameter that is certainly no request."""
    if application.injection.injected(function, param) is not None:
        return None
    if param.annotation is None:
        return "has no annotation, so it is a query parameter" if param.default is None else None
    view = application.program.evaluator()
    types = application.injection.types(param.annotation, function.parent, function.node.at)
    for cls in types:
        match cls:
            case ClassValue(found) if not view.has_unknown_base(found):
                bases = view.external_bases(found)
                if any(base.startswith("starlette.") or base == REQUEST for base in bases):
                    return None
            case External(name) if name.startswith("builtins."):
                pass
            case _:
                return None
    name = types[0].cls.name if types and isinstance(types[0], ClassValue) else "no request"
    return f"is a `{name}`" if name != "no request" else "is no request"
