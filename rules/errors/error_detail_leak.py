"""
The text of any exception is sent to the client as the detail of an error.

## Why

Under `except Exception` the exception can be anything: a failed query with its SQL and parameters,
a connection error with host and user, a KeyError that names an internal key. `detail=str(e)` sends
its text to whoever made the request. A fixed detail, and the exception in the log, serve both sides
better. What is caught by a class of your own, or was tested for what it is, may well be meant for
the client, and is not reported.

## Bad

```python
from fastapi import FastAPI, HTTPException

app = FastAPI()


def load_report(number: int) -> str:
    return f"report {number}"


@app.get("/reports/{number}")
def read_report(number: int) -> str:
    try:
        return load_report(number)
    except Exception as e:
        raise HTTPException(status_code=500, detail=str(e)) from e
```

## Good

```python
import logging

from fastapi import FastAPI, HTTPException

app = FastAPI()
logger = logging.getLogger(__name__)


def load_report(number: int) -> str:
    return f"report {number}"


@app.get("/reports/{number}")
def read_report(number: int) -> str:
    try:
        return load_report(number)
    except Exception as e:
        logger.exception("cannot load report %s", number)
        raise HTTPException(status_code=500, detail="cannot load the report") from e
```

## References

- https://cheatsheetseries.owasp.org/cheatsheets/Error_Handling_Cheat_Sheet.html
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.calls import keyword
from fastapi_lint.model.flow import frames_at, is_broad, is_narrowed
from fastapi_lint.model.program import Site
from fastapi_lint.model.responses import statuses
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import walk


class ErrorDetailLeak(Rule):
    code = "FAL706"
    name = "error-detail-leak"
    security = True
    severity = Severity.INFO
    calls = ("HTTPException",)

    def check_call(self, site: Site, context: Context) -> Iterator[Finding]:
        if site.module.is_test:
            return
        args = site.call.args
        detail = keyword(site.call, "detail") or (args[1] if len(args) > 1 else None)
        caught = [name for name in _broadly_caught(site) if _is_text_of(detail, name)]
        if not caught:
            return
        exceptions = context.application.exceptions
        view = context.evaluator()
        values = view.evaluate(site.call.func, site.scope, site.at)
        status = keyword(site.call, "status_code") or (args[0] if args else None)
        if not all(exceptions.is_http(value) for value in values):
            return
        if 401 in statuses(view.evaluate(status, site.scope, site.at)):
            return
        if not context.evaluator(production=True).runs(site.scope, site.at):
            return
        if all(is_narrowed(site.scope.body, ir.Name(name), site.call) for name in caught):
            return
        yield self.at(
            Place(site.module, site.call.at),
            "the text of whatever exception goes to the client",
            why="it may hold queries, host names, paths or credentials",
            help="log the exception, and answer with a fixed detail",
        )


def _broadly_caught(site: Site) -> frozenset[str]:
    """The variables of the clauses for any exception that stand around a call."""
    around = [
        frame.node.handlers[frame.index]
        for frame in frames_at(site.scope.body, site.at)
        if isinstance(frame.node, ir.Try) and frame.part == "handler"
    ]
    return frozenset(handler.name for handler in around if handler.name and is_broad(handler))


def _is_text_of(detail: ir.Expr | None, caught: str) -> bool:
    """Whether an expression holds the text of an exception."""
    for part in walk(detail):
        match part:
            case ir.Call(ir.Name("str" | "repr"), (ir.Name(name),)) if name == caught:
                return True
            case ir.Format(parts) if ir.Name(caught) in parts:
                return True
            case ir.Attribute(ir.Name(name), "args") if name == caught:
                return True
            case ir.Operation("%", operands) if any(
                ir.Name(caught) in walk(operand) for operand in operands
            ):
                return True
            case ir.Call(ir.Attribute(_, "format"), args) if ir.Name(caught) in args:
                return True
    return False
