"""
An exception handler does not take a request and an exception.

## Why

FastAPI calls every exception handler with two positional arguments, the request and the exception.
A handler with any other number fails with a TypeError when it is needed, and the client gets a
plain 500 instead of the answer that it was written for. With the two in the wrong order nothing
fails: each holds the other.

## Bad

```python
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class OutOfStock(Exception):
    pass


@app.exception_handler(OutOfStock)
async def out_of_stock(request: Request) -> JSONResponse:
    return JSONResponse({"detail": "out of stock"}, status_code=409)
```

## Good

```python
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class OutOfStock(Exception):
    pass


@app.exception_handler(OutOfStock)
async def out_of_stock(request: Request, exc: OutOfStock) -> JSONResponse:
    return JSONResponse({"detail": "out of stock"}, status_code=409)
```

## References

- https://fastapi.tiangolo.com/tutorial/handling-errors/#install-custom-exception-handlers
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fastapi_lint import ir
from fastapi_lint.model.application import ExceptionHandler, Place, Router
from fastapi_lint.model.handlers import signatures
from fastapi_lint.model.names import REQUEST
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import LambdaValue
from fastapi_lint.rule import Context, Finding, Rule, Severity

_CONNECTIONS = (REQUEST, "starlette.requests.HTTPConnection", "starlette.websockets.WebSocket")


class HandlerSignature(Rule):
    code = "FAL701"
    name = "handler-signature"
    severity = Severity.ERROR

    def check_handler(
        self, handler: ExceptionHandler, owner: Router, context: Context
    ) -> Iterator[Finding]:
        for value in handler.handler:
            if isinstance(value, LambdaValue) and not _takes_two(value.node.params):
                place = Place(value.scope.module, value.node.at)
                if not place.module.is_test:
                    yield self._wrong_number(place, "this exception handler", value.node.params)
        for function, params in signatures(handler, context.evaluator()):
            if function.module.is_test or not _is_plain(function):
                continue
            place = Place(function.module, function.node.at)
            related = [(handler.place, "registered here")] if handler.place != place else []
            if not _takes_two(params):
                who = f"the exception handler `{function.name}`"
                yield self._wrong_number(place, who, params, related)
            elif _is_swapped(function, params, context):
                yield self.at(
                    place,
                    f"the exception handler `{function.name}` takes the exception first; "
                    "it is called with the request first",
                    why="nothing fails at once, but each parameter holds the other's value",
                    help="swap the parameters",
                    related=related,
                )

    def _wrong_number(
        self,
        place: Place,
        who: str,
        params: tuple[ir.Parameter, ...],
        related: Sequence[tuple[Place, str]] = (),
    ) -> Finding:
        required = sum(p.default is None for p in params if p.kind in _POSITIONAL)
        return self.at(
            place,
            f"{who} takes {required} argument{'' if required == 1 else 's'}; it is called with two",
            why="it fails with a TypeError when it is needed: the client gets a 500",
            help="take the request and the exception",
            related=related,
        )


_POSITIONAL = ("positional-only", "plain")


def _is_plain(function: Function) -> bool:
    """Whether no decorator may have changed the signature."""
    return all(
        ir.last_name(d.value.func if isinstance(d.value, ir.Call) else d.value)
        in ("exception_handler", "staticmethod", "classmethod")
        for d in function.node.decorators
    )


def _takes_two(params: tuple[ir.Parameter, ...]) -> bool:
    """Whether a function can be called with two positional arguments."""
    positional = [param for param in params if param.kind in _POSITIONAL]
    required = [param for param in positional if param.default is None]
    keyword_only = [p for p in params if p.kind == "keyword-only" and p.default is None]
    has_more = any(param.kind == "*" for param in params)
    return len(required) <= 2 and (len(positional) >= 2 or has_more) and not keyword_only


def _is_swapped(function: Function, params: tuple[ir.Parameter, ...], context: Context) -> bool:
    positional = [param for param in params if param.kind in _POSITIONAL]
    if len(positional) < 2:
        return False
    view, injection = context.evaluator(), context.application.injection
    exceptions = context.application.exceptions
    types = [injection.types(p.annotation, function.parent, function.node.at) for p in positional]
    first_is_exception = any(exceptions.is_exception(cls) for cls in types[0])
    second_is_request = any(view.is_a(cls, *_CONNECTIONS) for cls in types[1])
    return first_is_exception or second_is_request
