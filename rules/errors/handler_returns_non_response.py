"""
An exception handler returns something that is no response.

## Why

What a path operation returns is turned into a response; what an exception handler returns is sent
as it is. A dict, a string, a model or an HTTPException there raises `TypeError: 'dict' object is
not callable`, and the client gets a plain 500. A handler that can end without returning anything
sends no response at all: with Starlette 0.46 and later the server reports "ASGI callable returned
without starting response".

## Bad

```python
from fastapi import FastAPI, Request

app = FastAPI()


class OutOfStock(Exception):
    status_code = 409


@app.exception_handler(OutOfStock)
async def out_of_stock(request: Request, exc: OutOfStock) -> dict[str, str]:
    return {"detail": "out of stock"}
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

## References

- https://fastapi.tiangolo.com/tutorial/handling-errors/#install-custom-exception-handlers
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import ExceptionHandler, Place, Router
from fastapi_lint.model.calls import results
from fastapi_lint.model.handlers import functions_of
from fastapi_lint.model.scopes import Function, decorator_name
from fastapi_lint.model.values import Instance, Literal, Mapping, Sequence, Value
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

from ._status import status_for

_BODIES = frozenset({"model_dump", "model_dump_json", "dict", "json", "errors"})


_SOCKETS = (
    "starlette.websockets.WebSocketDisconnect",
    "starlette.exceptions.WebSocketException",
    "fastapi.exceptions.WebSocketRequestValidationError",
)


class HandlerReturnsNonResponse(Rule):
    code = "FAL702"
    name = "handler-returns-non-response"
    severity = Severity.ERROR
    fix = Fixability.UNSAFE

    def check_handler(
        self, handler: ExceptionHandler, owner: Router, context: Context
    ) -> Iterator[Finding]:
        for function in functions_of(handler, context.evaluator()):
            if function.module.is_test or function.node.is_generator:
                continue
            if any(decorator_name(d) != "exception_handler" for d in function.node.decorators):
                continue
            place = Place(function.module, function.node.at)
            related = [(handler.place, "registered here")] if handler.place != place else []
            for node, at in results(function):
                what = _no_response(node, function, at, context)
                if what is not None:
                    yield self.at(
                        Place(function.module, at),
                        f"the exception handler `{function.name}` returns {what}, not a response",
                        why="it fails with a TypeError, and the client gets a plain 500",
                        help="return a JSONResponse with a status",
                        related=related,
                        fix=_respond(node, at, handler, function, context),
                    )
            ends = context.application.summaries.ends(function)
            if ends.falls and not _serves_sockets(handler, context):
                starlette = context.targets(function.module).starlette
                yield self.at(
                    place,
                    f"the exception handler `{function.name}` can end without returning a response",
                    why="no response is sent at all"
                    if starlette.at_least("0.46")
                    else "it fails with a TypeError, and the client gets a plain 500",
                    help="return a response, or raise the exception again",
                    related=related,
                )


def _respond(
    node: ir.Expr, at: int, handler: ExceptionHandler, function: Function, context: Context
) -> Fix | None:
    """Put data that is spelt out into a response, with a status given beside it or known."""
    body, status = node, None
    match node:
        case ir.Display("tuple", (content, ir.Constant(int(), "int") as given)):
            body, status = content, str(given.value)
        case _:
            status = status_for(handler, function, context.application.exceptions)
    is_data = isinstance(body, (ir.Dict, ir.Format)) or (
        isinstance(body, ir.Display) and body.kind == "list"
    )
    if status is None or not is_data:
        return None
    returns = function.node.returns
    is_whole = all(_no_response(other, function, where, context) is not None
                   for other, where in results(function))  # fmt: skip

    def recipe(edit: Editor) -> None:
        response = edit.import_name("fastapi.responses", "JSONResponse")
        content = edit.text(edit.part(at, body))
        edit.replace(edit.part(at, node), f"{response}({content}, status_code={status})")
        if returns is not None and is_whole:
            edit.replace(edit.returns(function.node.at), response)

    return Fix.unsafe("Return a JSONResponse", recipe)


def _serves_sockets(handler: ExceptionHandler, context: Context) -> bool:
    """Whether a handler is for exceptions of WebSockets, which are not answered by a response."""
    return any(context.application.exceptions.is_a(value, *_SOCKETS) for value in handler.exception)


def _no_response(node: ir.Expr, function: Function, at: int, context: Context) -> str | None:
    """What a returned expression certainly is, if that is no response."""
    match node:
        case ir.Dict() | ir.Display() | ir.Format() | ir.Comprehension():
            return _NAMES.get(type(node), "a collection")
        case ir.Call(ir.Attribute(_, method)) if method in _BODIES:
            return "data"
    values = context.evaluator().evaluate(node, function.scope, at)
    found = [_kind(value, context) for value in values]
    return found[0] if found and all(found) else None


_NAMES: dict[type, str] = {ir.Dict: "a dict", ir.Format: "a string"}


def _kind(value: Value, context: Context) -> str | None:
    match value:
        case Mapping():
            return "a dict"
        case Sequence(kind):
            return f"a {kind}"
        case Literal(None):
            return "`None`"
        case Literal():
            return "a plain value"
        case Instance(cls):
            if context.application.exceptions.is_exception(cls):
                return "an exception"
            if context.evaluator().is_a(cls, "pydantic.BaseModel"):
                return "a model"
    return None
