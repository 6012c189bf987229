"""
Responses of the handler for Exception carry no CORS headers.

## Why

The handler for `Exception` (or for status 500) is called by the outermost part of the application,
further out than all middleware. CORSMiddleware never sees what it returns, whatever the order of
registrations is: the browser hides the response from the page, which only learns of a network
error.

A middleware that catches what is left and is added before CORSMiddleware answers further in, so
CORS adds its headers. Wrapping the whole application in CORSMiddleware works as well.

## Bad

```python
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origins=["https://app.example.com"], allow_methods=["GET"]
)


@app.exception_handler(Exception)
async def unexpected(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "internal error"}, status_code=500)
```

## Good

```python
import logging

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def answer_errors(request: Request, call_next):
    try:
        return await call_next(request)
    except Exception:
        logging.exception("request failed")
        return JSONResponse({"detail": "internal error"}, status_code=500)


app.add_middleware(
    CORSMiddleware, allow_origins=["https://app.example.com"], allow_methods=["GET"]
)
```

## References

- https://www.starlette.io/exceptions/#errors-and-handled-exceptions
- https://fastapi.tiangolo.com/tutorial/cors/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import ExceptionHandler, Middleware, Router
from fastapi_lint.model.middleware.wrapping import answers_for, layer_of
from fastapi_lint.model.responses import names_headers, statuses
from fastapi_lint.model.values import External, FunctionValue, Method
from fastapi_lint.rule import Context, Finding, Rule, Severity

_EXCEPTION = External("builtins.Exception")


class CorsLostOnServerError(Rule):
    code = "FAL141"
    name = "cors-lost-on-server-error"
    severity = Severity.INFO
    default = False
    positions = frozenset({"exception_handler", "add_exception_handler", "exception_handlers"})

    def check_handler(
        self, handler: ExceptionHandler, owner: Router, context: Context
    ) -> Iterator[Finding]:
        if handler.place.module.is_test or not _takes_everything(handler):
            return
        stack = owner.stack()
        cors = next((m for m in stack if m.kind == "cors"), None)
        if cors is None or _is_covered(owner, stack[stack.index(cors) + 1 :], context):
            return
        functions = [v.function for v in handler.handler if isinstance(v, (FunctionValue, Method))]
        view = context.evaluator()
        if not functions or any(names_headers(f, "access-control-", view) for f in functions):
            return
        yield self.at(
            handler.place,
            "responses of this exception handler have no CORS headers",
            why="the handler for `Exception` runs outside of all middleware, so browsers hide its "
            "response from the page",
            help="catch exceptions in a middleware that is added before CORSMiddleware",
            related=[(cors.place, "CORS is configured here")],
        )


def _takes_everything(handler: ExceptionHandler) -> bool:
    return _EXCEPTION in handler.exception or 500 in statuses(handler.exception)


def _is_covered(owner: Router, inside: list[Middleware], context: Context) -> bool:
    """Whether something answers errors inside of CORS, or CORS stands around the application."""
    application = context.application
    if any(m.how == "wrapped" and m.kind == "cors" for m in application.middleware):
        return True
    for app in application.apps:
        if any(mount.app is owner for mount in app.mounts) and any(
            m.kind == "cors" for m in app.middleware
        ):
            return True
    for middleware in inside:
        layer = layer_of(middleware, application)
        if layer is None and not isinstance(middleware.target, External):
            return True
        if layer is not None and answers_for(layer, _EXCEPTION, application.exceptions):
            return True
    return False
