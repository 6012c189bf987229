"""
A broad except clause takes the HTTPException that was raised on purpose.

## Why

HTTPException is an Exception. A `try` around the body of an endpoint whose `except Exception`
answers with a 500 turns every 404 and 403 that is raised inside into that 500, with a detail like
"404: not found". Clients then retry what can never work, and monitors count errors that are none.

Calls are followed: what a function of the project raises counts as if it stood in the `try`.

## Bad

```python
from fastapi import FastAPI, HTTPException

app = FastAPI()
books = {1: "Momo"}


@app.get("/books/{number}")
def read_book(number: int) -> str:
    try:
        if number not in books:
            raise HTTPException(status_code=404, detail="no such book")
        return books[number]
    except Exception:
        raise HTTPException(status_code=500, detail="cannot read the book") from None
```

## Good

```python
from fastapi import FastAPI, HTTPException

app = FastAPI()
books = {1: "Momo"}


@app.get("/books/{number}")
def read_book(number: int) -> str:
    try:
        if number not in books:
            raise HTTPException(status_code=404, detail="no such book")
        return books[number]
    except HTTPException:
        raise
    except Exception:
        raise HTTPException(status_code=500, detail="cannot read the book") from None
```

## References

- https://fastapi.tiangolo.com/tutorial/handling-errors/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.calls import keyword
from fastapi_lint.model.exceptions import FASTAPI_HTTP_EXCEPTION, Raised
from fastapi_lint.model.flow import Paths, is_broad
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import statements, walk_all

_STARLETTES = ("starlette.exceptions", "StarletteHTTPException")


class BroadExceptHidesHttpException(Rule):
    code = "FAL710"
    name = "broad-except-hides-http-exception"
    severity = Severity.WARNING
    fix = Fixability.SAFE

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        injected = frozenset(application.graph.injected)
        for function in dict.fromkeys(
            (*application.index.functions_naming("HTTPException"), *application.graph.injected)
        ):
            if function.module.is_test:
                continue
            depth = 2 if function in injected else 0
            yield from self._function(function, depth, application)

    def _function(
        self, function: Function, depth: int, application: Application
    ) -> Iterator[Finding]:
        for node in statements(function.body):
            if not isinstance(node, ir.Try):
                continue
            found = _hidden(node, function, depth, application)
            if found is None:
                continue
            raised, handler = found
            related = [(raised.near_place, "the HTTPException leaves this call")]
            if raised.via:
                related.append((raised.place, "raised here"))
            else:
                related = [(raised.place, "raised here")]
            yield self.at(
                Place(function.module, handler.at),
                f"this `except` takes the HTTPException that `{function.name}` raises on purpose",
                why="its status and detail are lost: the client sees another error",
                help="put `except HTTPException: raise` before it",
                related=related,
                fix=_let_pass(raised, handler, application),
            )


def _let_pass(raised: Raised, handler: ir.Handler, application: Application) -> Fix:
    """Insert a clause for the class of HTTPException that is raised."""
    view = application.program.evaluator()
    is_fastapis = view.is_a(raised.value, FASTAPI_HTTP_EXCEPTION)
    module, alias = ("fastapi", "FastAPIHTTPException") if is_fastapis else _STARLETTES

    def recipe(edit: Editor) -> None:
        name = edit.import_name(module, "HTTPException", otherwise=alias)
        edit.insert_before(handler.at, f"except {name}:\n    raise")

    return Fix.safe("Let the HTTPException through", recipe)


def _hidden(
    node: ir.Try, function: Function, depth: int, application: Application
) -> tuple[Raised, ir.Handler] | None:
    """An HTTPException of a `try`, and the broad clause that replaces it."""
    exceptions = application.exceptions
    broad = next(filter(is_broad, node.handlers), None)
    if broad is None or _raises_again(broad) or node.is_star:
        return None
    ends = Paths[None]().run(broad.body, None)
    is_fallback = bool(ends.falls) or not (ends.raises or function in application.graph.endpoints)
    for raised in exceptions.leaving_block(node.body, function, exceptions.is_http, depth):
        if raised.via and is_fallback:
            continue
        for handler in node.handlers:
            caught = exceptions.catches(handler, function.scope, raised.value)
            if caught is None:
                break
            if caught:
                if handler is broad and not _is_same_answer(raised, broad):
                    return raised, handler
                break
    return None


def _is_same_answer(raised: Raised, handler: ir.Handler) -> bool:
    """Whether the clause answers with the status that was raised."""
    given = _status(raised.node)
    again = [_status(node) for node in statements(handler.body) if isinstance(node, ir.Raise)]
    return given is not None and bool(again) and all(status == given for status in again)


def _status(node: ir.Raise) -> ir.Expr | None:
    if not isinstance(node.value, ir.Call):
        return None
    args = node.value.args
    return keyword(node.value, "status_code") or (args[0] if args else None)


def _raises_again(handler: ir.Handler) -> bool:
    """Whether a clause may let the exception itself go on, or looks at what it is."""
    for node in statements(handler.body):
        if isinstance(node, ir.Raise) and (
            node.value is None or (handler.name and node.value == ir.Name(handler.name))
        ):
            return True
    return any(
        (isinstance(part, ir.Call) and ir.last_name(part.func) in ("isinstance", "getattr"))
        or (isinstance(part, ir.Attribute) and part.attr == "status_code" and part.value == (
            ir.Name(handler.name or "")))
        for part in walk_all(handler.body)
    )  # fmt: skip
