"""
A handler for FastAPI's HTTPException does not see the errors of routing.

## Why

404 for an unknown path and 405 for a wrong method are raised by Starlette, as Starlette's own
HTTPException. A handler for `fastapi.HTTPException`, which is derived from it, does not get these:
they keep the default body, so clients see two forms of error. A handler for
`starlette.exceptions.HTTPException` gets both.

## Bad

```python
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(HTTPException)
async def problem(request: Request, exc: HTTPException) -> JSONResponse:
    return JSONResponse({"title": exc.detail}, status_code=exc.status_code)
```

## Good

```python
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

app = FastAPI()


@app.exception_handler(HTTPException)
async def problem(request: Request, exc: HTTPException) -> JSONResponse:
    return JSONResponse({"title": exc.detail}, status_code=exc.status_code)
```

## References

- https://fastapi.tiangolo.com/tutorial/handling-errors/#fastapis-httpexception-vs-starlettes-httpexception
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import ExceptionHandler, Router
from fastapi_lint.model.calls import results
from fastapi_lint.model.exceptions import FASTAPI_HTTP_EXCEPTION, HTTP_EXCEPTION
from fastapi_lint.model.handlers import functions_of, serves, statuses
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import UNKNOWN, External, FunctionValue
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

_USUAL = External("fastapi.exception_handlers.http_exception_handler")


class PartialHttpExceptionHandler(Rule):
    code = "FAL707"
    name = "partial-http-exception-handler"
    severity = Severity.WARNING
    fix = Fixability.SAFE
    positions = frozenset({"exception_handler", "add_exception_handler"})

    def check_handler(
        self, handler: ExceptionHandler, owner: Router, context: Context
    ) -> Iterator[Finding]:
        if not owner.is_app or handler.place.module.is_test:
            return
        if not serves(handler, FASTAPI_HTTP_EXCEPTION):
            return
        if any(
            serves(other, HTTP_EXCEPTION)
            or statuses(other) & {404, 405}
            or UNKNOWN in other.exception
            for other in owner.exception_handlers
        ):
            return
        functions = tuple(functions_of(handler, context.evaluator()))
        if functions and all(_answers_as_usual(function, context) for function in functions):
            return
        yield self.at(
            handler.place,
            "this handler does not see the 404 and 405 of unknown paths and methods",
            why="they are Starlette's HTTPException, of which FastAPI's is only a subclass",
            help="register it for `starlette.exceptions.HTTPException`",
            fix=_widen(handler, handler.key) if handler.key is not None else None,
        )


def _widen(handler: ExceptionHandler, key: ir.Expr) -> Fix:
    def recipe(edit: Editor) -> None:
        name = edit.import_name(
            "starlette.exceptions", "HTTPException", otherwise="StarletteHTTPException"
        )
        edit.replace(edit.part(handler.place.at, key), name)
        for value in handler.handler:
            match value:
                case FunctionValue(function) if function.module is handler.place.module:
                    for param in function.node.params:
                        if param.annotation == key:
                            edit.replace(edit.part(param.at, key), name)

    return Fix.safe("Register the handler for Starlette's HTTPException", recipe)


def _answers_as_usual(function: Function, context: Context) -> bool:
    """Whether a handler leaves the response to FastAPI's own, and only looks on."""
    view = context.evaluator()
    answers = [
        value
        for node, at in results(function)
        for call in [node.value if isinstance(node, ir.Await) else node]
        for value in view.evaluate(
            call.func if isinstance(call, ir.Call) else call, function.scope, at
        )
    ]
    return bool(answers) and all(value == _USUAL for value in answers)
