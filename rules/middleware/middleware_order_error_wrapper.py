"""
A middleware that answers every error runs inside of others that may fail.

## Why

What is added later runs further out. A middleware that catches every exception around `call_next`
and answers with an error response only takes care of what runs inside of it: the routes, and
middleware that was added before. What a middleware further out raises passes it by, and the client
gets the plain "Internal Server Error" of the server instead of the project's own error response.

Added last (only CORSMiddleware after it, so that error responses have CORS headers), it takes care
of all. The rule is optional: many projects add the wrapper first, to have other middleware see its
responses.

## Bad

```python
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def answer_errors(request: Request, call_next):
    try:
        return await call_next(request)
    except Exception:
        return JSONResponse({"detail": "internal error"}, status_code=500)


@app.middleware("http")
async def add_tenant(request: Request, call_next):
    request.state.tenant = request.headers["x-tenant"]
    response = await call_next(request)
    response.headers["x-tenant"] = request.state.tenant
    return response
```

## Good

```python
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def add_tenant(request: Request, call_next):
    request.state.tenant = request.headers["x-tenant"]
    response = await call_next(request)
    response.headers["x-tenant"] = request.state.tenant
    return response


@app.middleware("http")
async def answer_errors(request: Request, call_next):
    try:
        return await call_next(request)
    except Exception:
        return JSONResponse({"detail": "internal error"}, status_code=500)
```

## References

- https://fastapi.tiangolo.com/tutorial/middleware/#multiple-middleware-execution-order
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Middleware, Place, Router
from fastapi_lint.model.middleware.risks import may_fail
from fastapi_lint.model.middleware.wrapping import answers_for, is_surely_outside, layer_of
from fastapi_lint.model.values import External
from fastapi_lint.rule import Context, Finding, Rule, Severity

_EXCEPTION = External("builtins.Exception")
_SHOWN = 3


class MiddlewareOrderErrorWrapper(Rule):
    code = "FAL110"
    name = "middleware-order-error-wrapper"
    severity = Severity.INFO
    default = False
    positions = frozenset({"add_middleware", "Middleware", "middleware"})

    def check_app(self, app: Router, context: Context) -> Iterator[Finding]:
        stack = [m for m in app.stack() if not m.place.module.is_test]
        for index, wrapper in enumerate(stack):
            if index and _answers_all(wrapper, context):
                outside = [m for m in stack[:index] if is_surely_outside(m, wrapper)]
                if any(_answers_all(middleware, context) for middleware in outside):
                    continue
                found = [(m, place) for m in outside if (place := _risk(m, context)) is not None]
                if found:
                    yield self._finding(wrapper, found)

    def _finding(self, wrapper: Middleware, found: list[tuple[Middleware, Place]]) -> Finding:
        names = ", ".join(f"`{middleware.name}`" for middleware, _ in found[:_SHOWN])
        related = []
        for middleware, place in found[:_SHOWN]:
            related.append((middleware.place, f"`{middleware.name}` runs further out"))
            related.append((place, "this may fail"))
        return self.at(
            wrapper.place,
            f"`{wrapper.name}` answers every error, but runs inside of {names}",
            why="an exception that is raised further out passes it by: the client gets the plain "
            "500 of the server",
            help="let it run outermost, with only CORSMiddleware around it",
            related=related,
        )


def _answers_all(middleware: Middleware, context: Context) -> bool:
    layer = layer_of(middleware, context.application)
    return layer is not None and answers_for(layer, _EXCEPTION, context.application.exceptions)


def _risk(middleware: Middleware, context: Context) -> Place | None:
    if middleware.kind == "cors":
        return None
    layer = layer_of(middleware, context.application)
    return may_fail(layer, context.application) if layer is not None else None
