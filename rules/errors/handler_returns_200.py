"""
An exception handler answers with status 200.

## Why

A response without `status_code` has status 200. From an exception handler that tells the client,
every proxy and every monitor that all went well: `fetch` does not reject, `raise_for_status()` does
not raise, and error rates stay at zero.

## Bad

```python
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class OutOfStock(Exception):
    status_code = 409


@app.exception_handler(OutOfStock)
async def out_of_stock(request: Request, exc: OutOfStock) -> JSONResponse:
    return JSONResponse({"detail": "out of stock"})
```

## Good

```python
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class OutOfStock(Exception):
    status_code = 409


@app.exception_handler(OutOfStock)
async def out_of_stock(request: Request, exc: OutOfStock) -> JSONResponse:
    return JSONResponse({"detail": "out of stock"}, status_code=exc.status_code)
```

## When to ignore it

The API has agreed with its clients to carry errors in the body of a 200.

## References

- https://fastapi.tiangolo.com/tutorial/handling-errors/#install-custom-exception-handlers
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Fix
from fastapi_lint.model.application import ExceptionHandler, Place, Router
from fastapi_lint.model.calls import keyword, results
from fastapi_lint.model.handlers import functions_of, serves_exceptions, statuses
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import ClassValue, Instance
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import statements

from ._status import status_for

_FIRST_ERROR = 400
_RESPONSES = frozenset(
    f"starlette.responses.{name}"
    for name in ("JSONResponse", "PlainTextResponse", "ORJSONResponse", "UJSONResponse", "Response")
)


class HandlerReturns200(Rule):
    code = "FAL703"
    name = "handler-returns-200"
    severity = Severity.WARNING
    fix = Fixability.UNSAFE

    def check_handler(
        self, handler: ExceptionHandler, owner: Router, context: Context
    ) -> Iterator[Finding]:
        if not _serves_errors(handler, context):
            return
        for function in functions_of(handler, context.evaluator()):
            if function.module.is_test or _sets_status(function):
                continue
            for node, at in results(function):
                for value in context.evaluator().evaluate(node, function.scope, at):
                    if isinstance(value, Instance) and _is_200(value, context):
                        assert value.call is not None
                        assert value.scope is not None
                        place = Place(value.scope.module, value.call.at)
                        yield self.at(
                            place,
                            f"the exception handler `{function.name}` answers with status 200",
                            why="clients, proxies and monitors take the error for a success",
                            help="give the response a `status_code`",
                            related=[(handler.place, "registered here")],
                            fix=_set_status(value, handler, function, context),
                        )


def _set_status(
    value: Instance, handler: ExceptionHandler, function: Function, context: Context
) -> Fix | None:
    """Give the status that the exception has, if the handler itself makes the response."""
    status = status_for(handler, function, context.application.exceptions)
    call = value.call
    if status is None or call is None or value.scope is not function.scope:
        return None
    return Fix.unsafe(
        f"Answer with `status_code={status}`",
        lambda edit: edit.set_keyword(call.at, "status_code", status),
    )


def _serves_errors(handler: ExceptionHandler, context: Context) -> bool:
    """Whether a handler is for exceptions, or for the statuses of errors."""
    found = statuses(handler)
    return serves_exceptions(handler, context.application.exceptions) or (
        bool(found) and min(found) >= _FIRST_ERROR
    )


def _is_200(value: Instance, context: Context) -> bool:
    """Whether a response is made without a status."""
    call, view = value.call, context.evaluator()
    if call is None or value.scope is None or len(call.args) > 1:
        return False
    if isinstance(value.cls, ClassValue) and view.find_method(value.cls.cls, "__init__"):
        return False
    if not view.is_a(value.cls, *_RESPONSES):
        return False
    unclear = any(k.name is None for k in call.keywords) or any(
        isinstance(arg, ir.Starred) for arg in call.args
    )
    return not unclear and keyword(call, "status_code") is None


def _sets_status(function: Function) -> bool:
    return any(
        isinstance(node, ir.Assign)
        and any(isinstance(t, ir.Attribute) and t.attr == "status_code" for t in node.targets)
        for node in statements(function.body)
    )
