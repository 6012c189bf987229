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
from fastapi_lint.model.calls import assigned
from fastapi_lint.model.evaluate import Evaluator
from fastapi_lint.model.flow import is_narrowed
from fastapi_lint.model.handlers import functions_of, parameters, statuses
from fastapi_lint.model.link import Application
from fastapi_lint.model.production import in_production
from fastapi_lint.model.program import Site
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.sending import Sending
from fastapi_lint.model.values import External, FunctionValue, Method
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import children, own_parts, statements

_TRACES = frozenset({"format_exc", "format_exception", "format_tb", "format_stack"})


class TraceInResponse(Rule):
    code = "FAL705"
    name = "trace-in-response"
    security = True
    severity = Severity.WARNING

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        production, sending = context.evaluator(production=True), Sending(application)
        found: set[Place] = set()
        for sent in _traces(application, sending, production):
            inside, place = sent.scope.owner, Place(sent.module, sent.call.at)
            if (
                place not in found
                and isinstance(inside, Function)
                and not sent.module.is_test
                and not production.is_off_by_default(sent.scope, sent.at)
                and production.runs(sent.scope, sent.at)
                and sending.is_sent(sent.call, inside)
            ):
                found.add(place)
                yield self.at(place, "the response carries a traceback", why=_WHY, help=_HELP)

    def check_handler(
        self, handler: ExceptionHandler, owner: Router, context: Context
    ) -> Iterator[Finding]:
        production, sending = context.evaluator(production=True), Sending(context.application)
        functions = tuple(functions_of(handler, production))
        unexpected = _is_for_all(handler, len(functions))
        for function in functions:
            params = parameters(function)
            if function.module.is_test or len(params) < 2:
                continue
            exc = ir.Name(params[1].name)
            inside = _Inside(function, exc, unexpected)
            for call, at, given in _sent(function, sending):
                what = next(filter(None, map(inside.of, given)), None)
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


def _is_for_all(handler: ExceptionHandler, functions: int) -> bool:
    """Whether a function is for every exception. Which of several in a table is, is not known."""
    if functions > 1 and len(handler.exception) > 1:
        return False
    return External("builtins.Exception") in handler.exception or 500 in statuses(handler)


def _traces(application: Application, sending: Sending, view: Evaluator) -> Iterator[Site]:
    """The calls that give the text of a traceback: of the library, and of functions that give back
    what it gave them."""
    index = application.index
    for site in index.calls(*_TRACES):
        function = site.scope.owner
        if _is_trace(site, view):
            yield site
            if isinstance(function, Function) and sending.is_returned(site.call, function):
                yield from view.callers(function)
    for site in index.calls(*sorted(application.program.tracing_names)):
        for callee in view.callees(site.call.func, site.scope, site.at):
            if isinstance(callee, (FunctionValue, Method)):
                function, calls = callee.function, application.program.scope_sites
                traces = (t for name in _TRACES for t in calls(function.scope).get(name, ()))
                if any(
                    _is_trace(trace, view) and sending.is_returned(trace.call, function)
                    for trace in traces
                ):
                    yield site


def _is_trace(site: Site, view: Evaluator) -> bool:
    """Whether a call is one of the library's, made in production."""
    callees = view.evaluate(site.call.func, site.scope, site.at)
    return (
        isinstance(site.scope.owner, Function)
        and not site.module.is_test
        and all(isinstance(c, External) and c.name.startswith("traceback.") for c in callees)
    )


def _sent(
    function: Function, sending: Sending
) -> Iterator[tuple[ir.Call, int, tuple[ir.Expr, ...]]]:
    """The calls in a function that make a response, and what is put into it; also those of
    functions that make it of what they are given."""
    made = {id(call) for call, _ in sending.bodies(function)}
    for node in statements(function.body):
        for part in own_parts(node):
            if isinstance(part, ir.Call):
                given = (*part.args, *[keyword.value for keyword in part.keywords])
                if id(part) not in made:
                    given = tuple(a for a in given if sending.puts(part, a, function, node.at))
                yield part, node.at, given


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
