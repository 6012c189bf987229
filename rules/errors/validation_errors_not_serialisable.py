"""
A validation handler puts the raw errors into a response that cannot hold all of them.

## Why

With pydantic 2 the errors of a validator that raised ValueError contain that exception object
(`ctx`), and those of a body that was no JSON contain bytes (`input`). `JSONResponse` cannot
serialise either: the 422 that the handler was to give becomes a 500. It works in every test with a
missing field, and fails for the first validator that refuses. `jsonable_encoder` turns all of it
into JSON, as FastAPI's own handler does.

## Bad

```python
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, exc: RequestValidationError) -> JSONResponse:
    return JSONResponse({"errors": exc.errors()}, status_code=422)
```

## Good

```python
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, exc: RequestValidationError) -> JSONResponse:
    return JSONResponse({"errors": jsonable_encoder(exc.errors())}, status_code=422)
```

## References

- https://fastapi.tiangolo.com/tutorial/handling-errors/#override-request-validation-exceptions
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import ExceptionHandler, Place, Router
from fastapi_lint.model.exceptions import VALIDATION_ERROR
from fastapi_lint.model.handlers import functions_of, parameters
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import children, own_parts, statements

_ENCODED = frozenset({"jsonable_encoder", "str", "repr", "len", "loads", "json"})
_ERRORS = (VALIDATION_ERROR, "pydantic.ValidationError")


class ValidationErrorsNotSerialisable(Rule):
    code = "FAL704"
    name = "validation-errors-not-serialisable"
    severity = Severity.ERROR
    positions = frozenset({"errors"})

    def check_handler(
        self, handler: ExceptionHandler, owner: Router, context: Context
    ) -> Iterator[Finding]:
        exceptions = context.application.exceptions
        if not any(exceptions.is_a(value, *_ERRORS) for value in handler.exception):
            return
        for function in functions_of(handler, context.evaluator()):
            targets = context.targets(function.module)
            if function.module.is_test or targets.pydantic.below("2"):
                continue
            for call in _sent(function):
                yield self.at(
                    Place(function.module, call.at),
                    "not everything in these validation errors can be turned into JSON",
                    why="a validator that raises ValueError puts the exception object into them: "
                    "the 422 becomes a 500",
                    help="wrap it: `jsonable_encoder(exc.errors())`",
                    related=[(handler.place, "registered here")]
                    if handler.place.module is not function.module
                    else (),
                )


def _sent(function: Function) -> Iterator[ir.Call]:
    """The `exc.errors()` that reach a `JSONResponse` (or `json.dumps`) as they are."""
    params = parameters(function)
    if len(params) < 2:
        return
    exc = ir.Name(params[1].name)
    held: dict[ir.Expr, ir.Call] = {}
    for node in statements(function.body):
        if isinstance(node, ir.Assign) and len(node.targets) == 1 and node.value is not None:
            found = next(_raw(node.value, exc, held), None)
            if found is not None:
                held[node.targets[0]] = found
            else:
                held.pop(node.targets[0], None)
            continue
        for part in own_parts(node):
            if isinstance(part, ir.Call) and ir.last_name(part.func) in (
                "JSONResponse", "dumps"
            ):  # fmt: skip
                arguments = [*part.args[:1], *[k.value for k in part.keywords]]
                has_default = any(k.name in ("default", "cls") for k in part.keywords)
                for argument in arguments if not has_default else ():
                    yield from _raw(argument, exc, held)


def _raw(node: ir.Expr, exc: ir.Expr, held: dict[ir.Expr, ir.Call]) -> Iterator[ir.Call]:
    """The raw errors in an expression: not encoded, and not picked apart."""
    match node:
        case ir.Call(ir.Attribute(owner, "errors"), (), ()) if owner == exc:
            yield node
            return
        case ir.Name() if node in held:
            yield held[node]
            return
        case ir.Call(func) if ir.last_name(func) in _ENCODED:
            return
        case ir.Comprehension() | ir.Subscript() | ir.Lambda() | ir.Format():
            return
        case ir.Call(func) if ir.last_name(func) not in ("dict", "list", "JSONResponse"):
            return
    for child in children(node):
        if child is not None:
            yield from _raw(child, exc, held)
