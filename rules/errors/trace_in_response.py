"""
A response carries a traceback or the inside of an unexpected exception.

## Why

Tracebacks and the texts of unexpected exceptions tell strangers about file paths, SQL, library
versions, host names, sometimes about credentials in a connection string. The place for them is the
log; the client needs a fixed text, and perhaps an id under which the log entry can be found.

## Bad

```python
import traceback

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(Exception)
async def failed(request: Request, exc: Exception) -> JSONResponse:
    return JSONResponse({"trace": traceback.format_exc()}, status_code=500)
```

## Good

```python
import logging
import uuid

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()
logger = logging.getLogger(__name__)


@app.exception_handler(Exception)
async def failed(request: Request, exc: Exception) -> JSONResponse:
    error_id = str(uuid.uuid4())
    logger.error("error %s", error_id, exc_info=exc)
    return JSONResponse({"detail": "internal error", "id": error_id}, status_code=500)
```

## References

- https://cheatsheetseries.owasp.org/cheatsheets/Error_Handling_Cheat_Sheet.html
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import ExceptionHandler, Place, Router
from fastapi_lint.model.calls import assigned, results
from fastapi_lint.model.evaluate import Evaluator
from fastapi_lint.model.flow import is_narrowed
from fastapi_lint.model.handlers import functions_of, parameters, statuses
from fastapi_lint.model.link import Application
from fastapi_lint.model.production import in_production
from fastapi_lint.model.program import Site
from fastapi_lint.model.responses import RESPONSES
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import External
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import children, own_parts, statements, walk

_TRACES = frozenset({"format_exc", "format_exception", "format_tb", "format_stack"})


class TraceInResponse(Rule):
    code = "FAL705"
    name = "trace-in-response"
    security = True
    severity = Severity.WARNING

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        production = context.evaluator(production=True)
        for site in application.index.calls(*_TRACES):
            function = site.scope.owner
            if site.module.is_test or not isinstance(function, Function):
                continue
            callees = production.evaluate(site.call.func, site.scope, site.at)
            if not all(
                isinstance(c, External) and c.name.startswith("traceback.") for c in callees
            ):
                continue
            for sent in (site, *_returned_to(site, function, production)):
                inside = sent.scope.owner
                if production.is_off_by_default(sent.scope, sent.at):
                    continue
                if (
                    isinstance(inside, Function)
                    and not sent.module.is_test
                    and production.runs(sent.scope, sent.at)
                    and _is_answered(sent.call, inside, context)
                ):
                    yield self.at(
                        Place(sent.module, sent.call.at),
                        "the response carries a traceback",
                        why=_WHY,
                        help=_HELP,
                    )

    def check_handler(
        self, handler: ExceptionHandler, owner: Router, context: Context
    ) -> Iterator[Finding]:
        unexpected = External("builtins.Exception") in handler.exception or 500 in statuses(handler)
        production = context.evaluator(production=True)
        for function in functions_of(handler, production):
            params = parameters(function)
            if function.module.is_test or len(params) < 2:
                continue
            exc = ir.Name(params[1].name)
            for call, at in _bodies(function, context):
                inside = _Inside(function, exc, unexpected)
                what = next(filter(None, map(inside.of, _given(call))), None)
                if what is None or not production.runs(function.scope, at):
                    continue
                if is_narrowed(function.body, exc, call):
                    continue
                yield self.at(
                    Place(function.module, call.at),
                    f"the response of `{function.name}` carries {what}",
                    why=_WHY,
                    help=_HELP,
                    related=[(handler.place, "registered here")]
                    if handler.place.module is not function.module
                    else (),
                )


_WHY = "it tells strangers about paths, queries and versions"
_HELP = "log it, and answer with a fixed text and an id"


def _bodies(function: Function, context: Context) -> Iterator[tuple[ir.Call, int]]:
    """The calls in a function that make a response, or an HTTPException."""
    view, exceptions = context.evaluator(), context.application.exceptions
    for node in statements(function.body):
        for part in own_parts(node):
            if isinstance(part, ir.Call) and any(
                view.is_a(value, *RESPONSES) or exceptions.is_http(value)
                for value in view.evaluate(part.func, function.scope, node.at)
            ):
                yield part, node.at


def _given(call: ir.Call) -> tuple[ir.Expr, ...]:
    return (*call.args, *[keyword.value for keyword in call.keywords])


def _returned_to(site: Site, function: Function, view: Evaluator) -> tuple[Site, ...]:
    """The calls of a function that gives back what a call in it gives."""
    names = _names(site.call, function)
    is_returned = any(_holds(node, site.call, names) for node, _ in results(function))
    return view.callers(function) if is_returned and not function.node.is_async else ()


def _names(call: ir.Call, function: Function) -> list[ir.Name]:
    """The variables that hold a call's result."""
    return [
        target
        for node in statements(function.body)
        if isinstance(node, ir.Assign) and any(part is call for part in walk(node.value))
        for target in node.targets
        if isinstance(target, ir.Name)
    ]


def _holds(node: ir.Expr | None, call: ir.Call, names: list[ir.Name]) -> bool:
    return any(part is call or part in names for part in walk(node))


def _is_answered(call: ir.Call, function: Function, context: Context) -> bool:
    """Whether a call's result goes into a response of the function."""
    names = _names(call, function)

    def holds(node: ir.Expr | None) -> bool:
        return _holds(node, call, names)

    if any(holds(argument) for body, _ in _bodies(function, context) for argument in _given(body)):
        return True
    return function in context.application.graph.endpoints and any(
        holds(node) for node, _ in results(function) if not isinstance(node, ir.Call)
    )


class _Inside:
    """Tells what of the exception an expression of a handler holds in production."""

    def __init__(self, function: Function, exc: ir.Expr, unexpected: bool) -> None:
        self._body = function.body
        self._exc = exc
        self._unexpected = unexpected

    def of(self, node: ir.Expr, depth: int = 0) -> str | None:
        match node:
            case ir.Conditional(test, body, orelse) if (state := in_production(test)) is not None:
                return self.of(body if state else orelse, depth)
            case ir.Call(ir.Name("repr"), (shown,)) if shown == self._exc:
                return "the exception's representation"
            case ir.Attribute(owner, "__dict__") if owner == self._exc:
                return "the exception's attributes"
            case ir.Call(ir.Name("str"), (shown,)) if shown == self._exc and self._unexpected:
                return "the text of any unexpected exception"
            case ir.Format(parts) if self._exc in parts and self._unexpected:
                return "the text of any unexpected exception"
            case ir.Name() if depth < 2 and node != self._exc:
                values = list(assigned(self._body, node))
                return self.of(values[0], depth + 1) if len(values) == 1 else None
        return next(
            filter(None, (self.of(c, depth) for c in children(node) if c is not None)), None
        )
