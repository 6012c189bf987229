"""
A middleware raises HTTPException, past the handlers that would answer it.

## Why

The handlers of exceptions stand inside of all middleware: FastAPI puts its own handling of
HTTPException next to the routes. What a middleware raises travels outwards instead, past all of
them, to the last resort of the server: the client gets 500 and a plain "Internal Server Error", and
the log gets a traceback, whatever status the exception has. A handler for `Exception` would see it,
but the error is raised again after that.

The rule looks at dispatch functions and at pure ASGI middleware, and at the project functions that
they call. It is silent where the exception is caught in the middleware, or in one that runs further
out.

The fix returns a JSONResponse where a dispatch function raises the exception itself, if the
application has no handler of its own for it. It is unsafe: the body is that of FastAPI's handler.

## Bad

```python
from fastapi import FastAPI, HTTPException, Request
from starlette.middleware.base import BaseHTTPMiddleware


class TenantMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):
        if "x-tenant" not in request.headers:
            raise HTTPException(status_code=400, detail="tenant missing")
        response = await call_next(request)
        response.headers["x-tenant"] = request.headers["x-tenant"]
        return response


app = FastAPI()
app.add_middleware(TenantMiddleware)
```

## Good

```python
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.middleware.base import BaseHTTPMiddleware


class TenantMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):
        if "x-tenant" not in request.headers:
            return JSONResponse({"detail": "tenant missing"}, status_code=400)
        response = await call_next(request)
        response.headers["x-tenant"] = request.headers["x-tenant"]
        return response


app = FastAPI()
app.add_middleware(TenantMiddleware)
```

## References

- https://github.com/fastapi/fastapi/issues/1125
- https://www.starlette.io/exceptions/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Router
from fastapi_lint.model.exceptions import Raised
from fastapi_lint.model.layers import Layer
from fastapi_lint.model.middleware.wrapping import (
    Standing,
    answers_for,
    is_middleware,
    layer_of,
    standings,
)
from fastapi_lint.model.values import ClassValue, External, Literal, Value
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

from ._refusing import returned

_ALL = (External("builtins.Exception"), Literal(500))


class HttpExceptionInMiddleware(Rule):
    code = "FAL104"
    name = "http-exception-in-middleware"
    severity = Severity.ERROR
    fix = Fixability.UNSAFE

    def check_layer(self, layer: Layer, context: Context) -> Iterator[Finding]:
        application = context.application
        if layer.function.module.is_test or not is_middleware(layer, application):
            return
        raised = application.exceptions.leaving(layer.function, application.exceptions.is_http)
        where = list(standings(layer, application)) if raised else []
        reported: set[int] = set()
        for found in raised:
            open_ = [s for s in where if not _is_answered(s, found, context)]
            if found.near_place.at in reported or (where and not open_):
                continue
            reported.add(found.near_place.at)
            name = _name(found.value)
            what = (
                f"lets `{name}` of `{found.function.name}` out" if found.via else f"raises `{name}`"
            )
            caught = open_ and all(_handles_all(standing.app) for standing in open_)
            yield self.at(
                found.near_place,
                f"middleware `{layer.label}` {what}, past the handlers that would answer it",
                why="only the handler for `Exception` sees it, and the error is raised again "
                "after its response"
                if caught
                else "the exception handlers run further in, so the client gets 500 instead",
                help="return a response here, or move the check to a dependency",
                related=[(found.place, f"`{name}` is raised here")] if found.via else [],
                fix=returned(found, layer, [standing.app for standing in where], context),
            )


def _is_answered(standing: Standing, found: Raised, context: Context) -> bool:
    for middleware in standing.outside:
        layer = layer_of(middleware, context.application)
        if layer is not None and answers_for(layer, found.value, context.application.exceptions):
            return True
    return False


def _handles_all(app: Router) -> bool:
    return any(value in _ALL for h in app.exception_handlers for value in h.exception)


def _name(value: Value) -> str:
    return value.cls.name if isinstance(value, ClassValue) else "HTTPException"
