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
from fastapi_lint.model.handlers import functions_of, parameters, statuses
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import External
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import expressions, statements, walk

_TRACES = frozenset({"format_exc", "format_exception", "format_tb", "format_stack"})
_BODIES = frozenset(
    {"JSONResponse", "ORJSONResponse", "PlainTextResponse", "HTMLResponse", "Response",
     "HTTPException"}
)  # fmt: skip


class TraceInResponse(Rule):
    code = "FAL705"
    name = "trace-in-response"
    severity = Severity.WARNING
    positions = frozenset({"format_exc", *_BODIES})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        view = context.evaluator(production=True)
        for site in application.index.calls(*_TRACES):
            function = site.scope.owner
            if site.module.is_test or not isinstance(function, Function):
                continue
            if view.runs(site.scope, site.at) and _is_answered(site.call, function, application):
                yield self.at(
                    Place(site.module, site.call.at),
                    "the response carries a traceback",
                    why="it tells strangers about paths, queries and versions",
                    help="log it, and answer with a fixed text and an id",
                )

    def check_handler(
        self, handler: ExceptionHandler, owner: Router, context: Context
    ) -> Iterator[Finding]:
        unexpected = External("builtins.Exception") in handler.exception
        view = context.evaluator(production=True)
        for function in functions_of(handler, context.evaluator()):
            params = parameters(function)
            if function.module.is_test or len(params) < 2:
                continue
            exc = ir.Name(params[1].name)
            for call, at, what in _shown(function, exc, unexpected or 500 in statuses(handler)):
                if view.runs(function.scope, at):
                    yield self.at(
                        Place(function.module, call.at),
                        f"the response of `{function.name}` carries {what}",
                        why="it tells strangers about paths, queries and versions",
                        help="log it, and answer with a fixed text and an id",
                        related=[(handler.place, "registered here")]
                        if handler.place.module is not function.module
                        else (),
                    )


def _is_answered(call: ir.Call, function: Function, application: Application) -> bool:
    """Whether a call's result goes into a response of the function."""
    names: set[ir.Expr] = set()
    serves = function in application.graph.endpoints
    for node in statements(function.body):
        if isinstance(node, ir.Assign) and any(p is call for p in walk(node.value)):
            names |= {target for target in node.targets if isinstance(target, ir.Name)}
        is_data = isinstance(node, ir.Return) and not isinstance(node.value, ir.Call)
        if is_data and serves:
            assert isinstance(node, ir.Return)
            if any(part is call or part in names for part in walk(node.value)):
                return True
        for expression in expressions(node):
            for part in walk(expression):
                if isinstance(part, ir.Call) and ir.last_name(part.func) in _BODIES:
                    arguments = [*part.args, *[keyword.value for keyword in part.keywords]]
                    if any(p is call or p in names for a in arguments for p in walk(a)):
                        return True
    return False


def _shown(
    function: Function, exc: ir.Expr, unexpected: bool
) -> Iterator[tuple[ir.Call, int, str]]:
    """The responses that carry the inside of the exception."""
    for node in statements(function.body):
        for expression in expressions(node):
            for part in walk(expression):
                if not isinstance(part, ir.Call) or ir.last_name(part.func) not in _BODIES:
                    continue
                arguments = [*part.args, *[keyword.value for keyword in part.keywords]]
                for argument in arguments:
                    what = _inside(argument, exc, unexpected)
                    if what is not None:
                        yield part, node.at, what
                        break


def _inside(node: ir.Expr, exc: ir.Expr, unexpected: bool) -> str | None:
    for part in walk(node):
        match part:
            case ir.Call(ir.Name("repr"), (shown,)) if shown == exc:
                return "the exception's representation"
            case ir.Attribute(owner, "__dict__") if owner == exc:
                return "the exception's attributes"
            case ir.Call(ir.Name("str"), (shown,)) if shown == exc and unexpected:
                return "the text of any unexpected exception"
            case ir.Format(parts) if exc in parts and unexpected:
                return "the text of any unexpected exception"
    return None
