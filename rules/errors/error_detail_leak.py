"""
The text of any exception is sent to the client as the detail of an error.

## Why

Under `except Exception` the exception can be anything: a failed query with its SQL and parameters,
a connection error with host and user, a KeyError that names an internal key. `detail=str(e)` sends
its text to whoever made the request. A fixed detail, and the exception in the log, serve both sides
better. A response with the status of an error tells as much as an HTTPException. What is caught by
a class of your own, or was tested for what it is, may well be meant for the client, and is not
reported; nor is what only code outside of requests raises.

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

from collections.abc import Iterable, Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.calls import assigned, results
from fastapi_lint.model.flow import frames_at, is_broad, is_narrowed
from fastapi_lint.model.link import Application
from fastapi_lint.model.program import Site
from fastapi_lint.model.reaching import Reaching
from fastapi_lint.model.responses import made_errors
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import ClassValue
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import statements, walk

_RESPONSES = ("JSONResponse", "ORJSONResponse", "PlainTextResponse", "HTMLResponse", "Response")


class ErrorDetailLeak(Rule):
    code = "FAL706"
    name = "error-detail-leak"
    security = True
    severity = Severity.INFO

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        index, reaching = application.index, Reaching(application)
        derived = [c.name for c in index.classes if application.exceptions.is_http(ClassValue(c))]
        errors = index.spellings("HTTPException", *_RESPONSES, *derived)
        makers = [
            function.name
            for name in errors
            for function in application.program.mentioning(name)
            if any(
                isinstance(node, ir.Call) and ir.last_name(node.func) in errors
                for node, _ in results(function)
            )
        ]
        starting = {
            function
            for owner in application.owners()
            if owner.lifespans or owner.events
            for function in application.lifespans.at_start(owner)
        }
        for site in index.calls(*errors, *index.spellings(*dict.fromkeys(makers))):
            owner = site.scope.owner
            callers = index.callers(owner) if isinstance(owner, Function) else ()
            only_at_start = owner in starting and all(c.scope.owner in starting for c in callers)
            if not site.module.is_test and not only_at_start:
                yield from self._call(site, reaching, context)

    def _call(self, site: Site, reaching: Reaching, context: Context) -> Iterator[Finding]:
        caught = _broadly_caught(site)
        view, production = context.evaluator(), context.evaluator(production=True)
        made = tuple(made_errors(site.call, site.scope, site.at, view)) if caught else ()
        told = [n for n in caught if any(_is_text_of(one.detail, n, site) for one in made)]
        if not told or any(401 in one.statuses for one in made):
            return
        if not production.runs(site.scope, site.at):
            return
        if all(is_narrowed(site.scope.body, ir.Name(name), site.call) for name in told):
            return
        function = site.scope.owner
        if not isinstance(function, Function) or not reaching.may_serve(function):
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


def _is_text_of(detail: ir.Expr | None, caught: str, site: Site) -> bool:
    """Whether an expression, or a variable in it, holds the text of an exception."""
    parts = tuple(walk(detail))
    held = [
        value
        for part in parts
        if isinstance(part, ir.Name)
        and part.id != caught
        and len(values := list(assigned(site.scope.body, part))) == 1
        for value in (*values, *_added(site.scope.body, part))
    ]
    for part in (*parts, *[inner for value in held for inner in walk(value)]):
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


def _added(body: Iterable[ir.Stmt], data: ir.Expr) -> Iterator[ir.Expr]:
    """What is put into the dict in a variable: `data["error"] = ...`."""
    for node in statements(body):
        if isinstance(node, ir.Assign) and node.value is not None and any(
            isinstance(target, ir.Subscript) and target.value == data for target in node.targets
        ):  # fmt: skip
            yield node.value
