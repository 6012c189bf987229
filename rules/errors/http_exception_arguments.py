"""
An HTTPException is raised with arguments that fail when it is sent.

## Why

The first positional argument of HTTPException is the status, the second the detail. Swapped, or
with a text alone, the exception turns into a ValueError or TypeError and the client gets a plain
500. So does a `raise HTTPException` without a call, and a `detail` that JSON cannot hold: a model
or an exception object.

## Bad

```python
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/rooms/{name}")
def read_room(name: str) -> str:
    if name != "lobby":
        raise HTTPException("no such room", 404)
    return name
```

## Good

```python
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/rooms/{name}")
def read_room(name: str) -> str:
    if name != "lobby":
        raise HTTPException(404, "no such room")
    return name
```

## References

- https://fastapi.tiangolo.com/tutorial/handling-errors/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.calls import keyword
from fastapi_lint.model.exceptions import FASTAPI_HTTP_EXCEPTION, HTTP_EXCEPTION
from fastapi_lint.model.handlers import serves
from fastapi_lint.model.link import Application
from fastapi_lint.model.program import Site
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import ClassValue, External, Instance, Literal
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import statements

_OWN = (External(HTTP_EXCEPTION), External(FASTAPI_HTTP_EXCEPTION))


class HttpExceptionArguments(Rule):
    code = "FAL718"
    name = "http-exception-arguments"
    severity = Severity.ERROR

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        spellings = application.index.spellings("HTTPException")
        for site in application.index.calls(*spellings):
            values = context.evaluator().evaluate(site.call.func, site.scope, site.at)
            if not site.module.is_test and all(value in _OWN for value in values):
                yield from self._call(site, context)
        for function in dict.fromkeys(
            function for word in spellings for function in application.index.functions_naming(word)
        ):
            if not function.module.is_test:
                yield from self._uncalled(function, spellings, context)

    def _call(self, site: Site, context: Context) -> Iterator[Finding]:
        args = site.call.args
        status = args[0] if args else keyword(site.call, "status_code")
        view = context.evaluator() if len(args) > 1 else context.near
        values = view.evaluate(status, site.scope, site.at) if status is not None else ()
        place = Place(site.module, site.call.at)
        if isinstance(status, ir.Format) or (
            values and all(isinstance(v, Literal) and isinstance(v.value, str) for v in values)
        ):
            yield self.at(
                place,
                "the status of this HTTPException is a text",
                why="it fails when it is sent: the client gets a plain 500",
                help='give the status first: `HTTPException(404, "...")`',
            )
            return
        if _has_handler(context):
            return
        detail = args[1] if len(args) > 1 else keyword(site.call, "detail")
        what = _unserialisable(detail, site, context) if detail is not None else None
        if what is not None:
            yield self.at(
                place,
                f"the detail of this HTTPException is {what}, which JSON cannot hold",
                why="it fails with a TypeError when it is sent: the client gets a plain 500",
                help="give a text, or data made of dicts, lists and plain values",
            )

    def _uncalled(
        self, function: Function, spellings: tuple[str, ...], context: Context
    ) -> Iterator[Finding]:
        for node in statements(function.body):
            if isinstance(node, ir.Raise) and isinstance(node.value, (ir.Name, ir.Attribute)):
                if ir.last_name(node.value) not in spellings:
                    continue
                values = context.evaluator().evaluate(node.value, function.scope, node.at)
                if values and all(value in _OWN for value in values):
                    yield self.at(
                        Place(function.module, node.at),
                        "HTTPException is raised without a status",
                        why="Python cannot make it: a TypeError, and a plain 500 for the client",
                        help="call it: `HTTPException(status_code=...)`",
                    )


def _unserialisable(detail: ir.Expr, site: Site, context: Context) -> str | None:
    if isinstance(detail, ir.Name) and _is_caught_exception(detail.id, site):
        return "an exception"
    if isinstance(detail, (ir.Dict, ir.Display)):
        parts = (
            [value for _, value in detail.items] if isinstance(detail, ir.Dict) else detail.items
        )
        return next(filter(None, (_unserialisable(part, site, context) for part in parts)), None)
    exceptions = context.application.exceptions
    made = (detail, *_assigned(detail, site))
    makes = any(isinstance(e, ir.Call) and (ir.last_name(e.func) or "")[:1].isupper() for e in made)
    view = context.evaluator() if makes else context.near
    for value in view.evaluate(detail, site.scope, site.at):
        if isinstance(value, Instance) and value.call is not None:
            if exceptions.is_exception(value.cls):
                return "an exception"
            if isinstance(value.cls, ClassValue) and view.is_a(value.cls, "pydantic.BaseModel"):
                return "a model"
        return None
    return None


def _has_handler(context: Context) -> bool:
    """Whether the project answers HTTPExceptions itself, and may convert their details."""
    application = context.application
    return any(
        serves(handler, HTTP_EXCEPTION, FASTAPI_HTTP_EXCEPTION)
        for owner in application.owners()
        for handler in owner.exception_handlers
    )


def _assigned(name: ir.Expr, site: Site) -> Iterator[ir.Expr]:
    """What a name is bound to in the function of a call."""
    for node in statements(site.scope.body):
        if isinstance(node, ir.Assign) and name in node.targets and node.value is not None:
            yield node.value


def _is_caught_exception(name: str, site: Site) -> bool:
    """Whether a name is the variable of an `except` clause around a call."""
    return any(
        handler.name == name and any(node.at == site.at for node in statements(handler.body))
        for node in statements(site.scope.body)
        if isinstance(node, ir.Try)
        for handler in node.handlers
    )
