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

from collections.abc import Iterator, Sequence

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import ExceptionHandler, Place, Router
from fastapi_lint.model.calls import outcomes, results
from fastapi_lint.model.evaluate import Evaluator
from fastapi_lint.model.handlers import functions_of
from fastapi_lint.model.scopes import Function, Scope, decorator_name
from fastapi_lint.model.values import (
    UNKNOWN,
    ClassValue,
    External,
    FunctionValue,
    Generic,
    Instance,
    LambdaValue,
    Literal,
    Mapping,
    Method,
    Value,
)
from fastapi_lint.model.values import Sequence as Collection
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import statements

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
        for value in handler.handler:
            if isinstance(value, LambdaValue) and not value.scope.module.is_test:
                what = _no_response(value.node.body, value.scope, value.at, context)
                if what is not None:
                    place = Place(value.scope.module, value.node.at)
                    yield self._returns(place, "this exception handler", what)
        for function in functions_of(handler, context.evaluator()):
            if function.module.is_test or function.node.is_generator:
                continue
            if any(decorator_name(d) != "exception_handler" for d in function.node.decorators):
                continue
            place = Place(function.module, function.node.at)
            related = [(handler.place, "registered here")] if handler.place != place else []
            for node, at in results(function):
                what = _no_response(node, function.scope, at, context)
                if what is not None:
                    yield self._returns(
                        Place(function.module, at),
                        f"the exception handler `{function.name}`",
                        what,
                        related=related,
                        fix=_respond(node, at, handler, function, context),
                    )
            ends = context.application.summaries.ends(function)
            empty = any(
                isinstance(node, ir.Return) and node.value is None and node.at in ends.returns
                for node in statements(function.body)
            )
            if (ends.falls or empty) and not _serves_sockets(handler, context):
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

    def _returns(
        self,
        place: Place,
        who: str,
        what: str,
        related: Sequence[tuple[Place, str]] = (),
        fix: Fix | None = None,
    ) -> Finding:
        return self.at(
            place,
            f"{who} returns {what}, not a response",
            why="it fails with a TypeError, and the client gets a plain 500",
            help="await it" if what == _COROUTINE else "return a JSONResponse with a status",
            related=related,
            fix=fix,
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
    is_whole = all(_no_response(other, function.scope, where, context) is not None
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


def _no_response(node: ir.Expr, scope: Scope, at: int, context: Context) -> str | None:
    """What a returned expression certainly is, at least sometimes, if that is no response."""
    if isinstance(node, ir.Conditional):
        ways = [_no_response(part, scope, at, context) for part in outcomes(node)]
        return next(filter(None, ways), None)
    match node:
        case ir.Dict() | ir.Display() | ir.Format() | ir.Comprehension():
            return _NAMES.get(type(node), "a collection")
        case ir.Call(ir.Attribute(_, method)) if method in _BODIES:
            return "data"
        case ir.Call(func) if _is_coroutine(func, scope, at, context):
            return _COROUTINE
    values = context.evaluator().evaluate(node, scope, at)
    found = [_kind(value, context) for value in values]
    if found and all(found):
        return found[0]
    is_open = all(
        value == UNKNOWN or (isinstance(value, Instance) and not isinstance(value.cls, ClassValue))
        for value in values
    )
    return _declared(node, scope, at, context) if is_open else None


_COROUTINE = "a coroutine"
_NAMES: dict[type, str] = {ir.Dict: "a dict", ir.Format: "a string"}
_MADE = {
    "builtins.str": "a string",
    "json.dumps": "a string",
    "dataclasses.asdict": "a dict",
    "fastapi.encoders.jsonable_encoder": "data",
}
_TYPES = {
    "builtins.str": "a string",
    "builtins.bytes": "bytes",
    "builtins.dict": "a dict",
    "builtins.list": "a list",
    "typing.Dict": "a dict",
    "typing.List": "a list",
    "collections.abc.Mapping": "a dict",
}


def _is_coroutine(func: ir.Expr, scope: Scope, at: int, context: Context) -> bool:
    """Whether a call, that nothing awaits, gives a coroutine."""
    values = context.evaluator().evaluate(func, scope, at)
    return all(
        value.function.node.is_async and not value.function.node.is_generator
        if isinstance(value, (FunctionValue, Method))
        else isinstance(value, External) and value.name in _USUAL
        for value in values
    )


_USUAL = frozenset(
    f"fastapi.exception_handlers.{name}"
    for name in ("http_exception_handler", "request_validation_exception_handler")
)


def _declared(node: ir.Expr, scope: Scope, at: int, context: Context) -> str | None:
    """What a called function of the project says that it returns."""
    call = node.value if isinstance(node, ir.Await) else node
    if not isinstance(call, ir.Call):
        return None
    view, found = context.evaluator(), []
    for value in view.evaluate(call.func, scope, at):
        if not isinstance(value, (FunctionValue, Method)) or value.function.node.returns is None:
            return None
        function = value.function
        for given in view.evaluate(function.node.returns, function.parent, function.node.at):
            kind = given.origin if isinstance(given, Generic) else given
            if view.is_a(kind, "pydantic.BaseModel"):
                found.append("a model")
            else:
                found.append(_TYPES.get(kind.name, "") if isinstance(kind, External) else "")
    return found[0] if found and all(found) else None


def _kind(value: Value, context: Context) -> str | None:
    view = context.evaluator()
    match value:
        case Mapping():
            return "a dict"
        case Collection(kind):
            return f"a {kind}"
        case Literal(None):
            return "`None`"
        case Literal():
            return "a plain value"
        case Instance(External(name)) if name in _MADE:
            return _MADE[name]
        case Instance(cls):
            if context.application.exceptions.is_exception(cls):
                return "an exception"
            if view.is_a(cls, "pydantic.BaseModel"):
                return "a model"
            if isinstance(cls, ClassValue) and _is_plain(cls, view):
                return "an object"
    return None


def _is_plain(cls: ClassValue, view: Evaluator) -> bool:
    """Whether the objects of a class cannot be called, as a response can."""
    return (
        not view.has_unknown_base(cls.cls)
        and view.external_bases(cls.cls) <= {"builtins.object"}
        and view.find_method(cls.cls, "__call__") is None
    )
