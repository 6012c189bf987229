"""
Raw validation errors are put into a response that cannot hold all of them.

## Why

With pydantic 2 the errors of a validator that raised ValueError contain that exception object
(`ctx`), and those of a body that was no JSON contain bytes (`input`). `JSONResponse` cannot
serialise either: the 422 that the handler was to give becomes a 500. It works in every test with a
missing field, and fails for the first validator that refuses. `jsonable_encoder` turns all of it
into JSON, as FastAPI's own handler does.

The same goes for the errors of a pydantic model that an endpoint checks by itself, in a
`JSONResponse` as well as in the `detail` of an HTTPException.

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

from collections.abc import Iterable, Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import ExceptionHandler, Place, Router
from fastapi_lint.model.calls import keyword
from fastapi_lint.model.exceptions import VALIDATION_ERROR
from fastapi_lint.model.handlers import functions_of, parameters
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import children, own_parts, statements

_RESPONSES = frozenset({"JSONResponse", "HTTPException"})
_SERIALISERS = _RESPONSES | {"dumps"}
_HARMLESS = frozenset({"include_url", "include_input"})
"""What can be left out of the errors without leaving out the exception object."""
_ERRORS = (VALIDATION_ERROR, "pydantic.ValidationError")


class ValidationErrorsNotSerialisable(Rule):
    code = "FAL704"
    name = "validation-errors-not-serialisable"
    severity = Severity.ERROR
    fix = Fixability.SAFE
    versions = (">=0.100",)
    positions = frozenset({"errors"})

    def check_handler(
        self, handler: ExceptionHandler, owner: Router, context: Context
    ) -> Iterator[Finding]:
        exceptions = context.application.exceptions
        if not any(exceptions.is_a(value, *_ERRORS) for value in handler.exception):
            return
        for function in functions_of(handler, context.evaluator()):
            params = parameters(function)
            if len(params) < 2:
                continue
            for call in _sent(function.body, ir.Name(params[1].name), _SERIALISERS):
                yield from self._found(
                    call,
                    function,
                    context,
                    [(handler.place, "registered here")]
                    if handler.place.module is not function.module
                    else (),
                )

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        exceptions = application.exceptions
        for function in application.index.functions_naming("errors"):
            for node in statements(function.body):
                for clause in node.handlers if isinstance(node, ir.Try) else ():
                    calls = _sent(clause.body, ir.Name(clause.name or ""), _RESPONSES)
                    classes = exceptions.classes(clause.catches, function.scope, clause.at)
                    if calls and all(exceptions.is_a(value, *_ERRORS) for value in classes):
                        for call in calls:
                            yield from self._found(call, function, context)

    def _found(
        self,
        call: ir.Call,
        function: Function,
        context: Context,
        related: Iterable[tuple[Place, str]] = (),
    ) -> Iterator[Finding]:
        if function.module.is_test or context.targets(function.module).pydantic.below("2"):
            return
        yield self.at(
            Place(function.module, call.at),
            "not everything in these validation errors can be turned into JSON",
            why="they hold the exception of a validator that raised ValueError, and values that "
            "are no JSON: the answer becomes a 500",
            help="wrap it: `jsonable_encoder(exc.errors())`",
            related=related,
            fix=_encode(call),
        )


def _encode(call: ir.Call) -> Fix:
    def recipe(edit: Editor) -> None:
        encoder = edit.import_name("fastapi.encoders", "jsonable_encoder")
        edit.wrap(call.at, f"{encoder}(", ")")

    return Fix.safe("Wrap it in `jsonable_encoder(...)`", recipe)


def _sent(body: Iterable[ir.Stmt], exc: ir.Name, responses: frozenset[str]) -> tuple[ir.Call, ...]:
    """The `exc.errors()` that reach one of these responses as they are."""
    held: dict[ir.Expr, ir.Call] = {}
    sent: dict[int, ir.Call] = {}
    for node in statements(body):
        for part in own_parts(node):
            if isinstance(part, ir.Call) and ir.last_name(part.func) in responses:
                for argument in _serialised(part):
                    sent.update((call.at, call) for call in _raw(argument, exc, held))
        if isinstance(node, ir.Assign) and len(node.targets) == 1 and node.value is not None:
            found = next(_raw(node.value, exc, held), None)
            if found is not None:
                held[node.targets[0]] = found
            else:
                held.pop(node.targets[0], None)
    return tuple(sent.values())


def _serialised(call: ir.Call) -> tuple[ir.Expr, ...]:
    """What of a call is turned into JSON by the standard library."""
    if ir.last_name(call.func) == "HTTPException":
        detail = keyword(call, "detail")
        return (detail,) if detail is not None else call.args[1:2]
    if any(keyword.name in ("default", "cls") for keyword in call.keywords):
        return ()
    return (*call.args[:1], *[keyword.value for keyword in call.keywords])


def _raw(node: ir.Expr, exc: ir.Expr, held: dict[ir.Expr, ir.Call]) -> Iterator[ir.Call]:
    """The raw errors in an expression: not encoded, and not picked apart."""
    match node:
        case ir.Call(ir.Attribute(owner, "errors"), (), keywords) if owner == exc:
            if all(keyword.name in _HARMLESS for keyword in keywords):
                yield node
            return
        case ir.Name() if node in held:
            yield held[node]
            return
        case ir.Call(func, _, keywords) if ir.last_name(func) == "dumps":
            if any(keyword.name in ("default", "cls") for keyword in keywords):
                return
        case ir.Comprehension() | ir.Subscript() | ir.Lambda() | ir.Format():
            return
        case ir.Call(func) if ir.last_name(func) not in ("dict", "list"):
            return
    for child in children(node):
        if child is not None:
            yield from _raw(child, exc, held)
