"""
A broad except clause takes the HTTPException that was raised on purpose.

## Why

HTTPException is an Exception. A `try` around the body of an endpoint whose `except Exception`
answers with a 500 turns every 404 and 403 that is raised inside into that 500, with a detail like
"404: not found". Clients then retry what can never work, and monitors count errors that are none.

Calls are followed: what a function of the project raises counts as if it stood in the `try`, and
what an endpoint raises counts for the `try` of a decorator of the project around it, and for the
one around the `yield` of a dependency. A clause that falls back on something else when a called
function fails, that asks what it took, or that answers with the very status that was raised, is not
reported.

The fix puts `except HTTPException: raise` before the clause. It is safe where the clause does
nothing but log and raise another exception; what else it does (a rollback, a page with the error)
would not happen any more for an HTTPException.

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

from collections.abc import Iterable, Iterator
from itertools import chain

from msgspec.structs import replace

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.auth.decorating import wrappings
from fastapi_lint.model.calls import is_logging
from fastapi_lint.model.exceptions import FASTAPI_HTTP_EXCEPTION, Raised
from fastapi_lint.model.flow import Paths, is_broad
from fastapi_lint.model.link import Application
from fastapi_lint.model.responses import given, is_response, statuses
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.surrounding import around_blocks, around_endpoints
from fastapi_lint.model.values import Instance
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import statements, walk_all

_STARLETTES = ("starlette.exceptions", "StarletteHTTPException")


class BroadExceptHidesHttpException(Rule):
    code = "FAL710"
    name = "broad-except-hides-http-exception"
    severity = Severity.WARNING
    fix = Fixability.MIXED

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        injected = frozenset(application.graph.injected)
        for function in dict.fromkeys(
            (*application.index.functions_naming("HTTPException"), *application.graph.injected)
        ):
            if function.module.is_test or application.serves_only_websockets(function):
                continue
            depth = 2 if function in injected else 0
            for node in statements(function.body):
                if isinstance(node, ir.Try):
                    leaving = application.exceptions.leaving_block(
                        node.body, function, application.exceptions.is_http, depth
                    )
                    yield from self._report(node, function, function, leaving, context)
        yield from self._in_wrappers(application, context)
        yield from self._around_yields(application, context)

    def _in_wrappers(self, application: Application, context: Context) -> Iterator[Finding]:
        """What the wrappers of decorators take from the endpoints that they call."""
        seen: set[Place] = set()
        for wrapping in wrappings(application):
            decorator, wrapper = wrapping.decorator, wrapping.wrapper
            if decorator is None or wrapper is None or not wrapping.around:
                continue
            for node in statements(wrapper.body):
                call = _wrapped_call(node, decorator) if isinstance(node, ir.Try) else None
                place = Place(wrapper.module, node.at)
                if not isinstance(node, ir.Try) or call is None or place in seen:
                    continue
                via = Place(wrapper.module, call.at)
                leaving = [
                    replace(raised, via=(via, *raised.via))
                    for raised in application.exceptions.leaving(
                        wrapping.endpoint, application.exceptions.is_http
                    )
                ]
                for finding in self._report(node, wrapper, wrapping.endpoint, leaving, context):
                    seen.add(place)
                    yield finding

    def _around_yields(self, application: Application, context: Context) -> Iterator[Finding]:
        """What generators take from the code to which they yield."""
        seen: set[Place] = set()
        is_http = application.exceptions.is_http
        for around in chain(
            around_endpoints(application, is_http), around_blocks(application, is_http)
        ):
            generator, place = around.generator, Place(around.generator.module, around.node.at)
            if place not in seen:
                found = self._report(around.node, generator, around.inside, around.raised, context)
                for finding in found:
                    seen.add(place)
                    yield finding

    def _report(
        self,
        node: ir.Try,
        function: Function,
        raising: Function,
        leaving: Iterable[Raised],
        context: Context,
    ) -> Iterator[Finding]:
        found = _hidden(node, function, leaving, context)
        if found is None:
            return
        raised, handler = found
        related = [(raised.near_place, "the HTTPException leaves this call")]
        if raised.via:
            related.append((raised.place, "raised here"))
        else:
            related = [(raised.place, "raised here")]
        yield self.at(
            Place(function.module, handler.at),
            f"this `except` takes the HTTPException that `{raising.name}` raises on purpose",
            why="its status and detail are lost: the client sees another error",
            help="put `except HTTPException: raise` before it",
            related=related,
            fix=_let_pass(raised, handler, context.application),
        )


def _wrapped_call(node: ir.Try, decorator: Function) -> ir.Call | None:
    """The call, in a `try`, of the function that a decorator got."""
    names = [ir.Name(param.name) for param in decorator.node.params]
    calls = (part for part in walk_all(node.body) if isinstance(part, ir.Call))
    return next((call for call in calls if call.func in names), None)


def _let_pass(raised: Raised, handler: ir.Handler, application: Application) -> Fix:
    """Insert a clause for the class of HTTPException that is raised."""
    view = application.program.evaluator()
    is_fastapis = view.is_a(raised.value, FASTAPI_HTTP_EXCEPTION)
    module, alias = ("fastapi", "FastAPIHTTPException") if is_fastapis else _STARLETTES

    def recipe(edit: Editor) -> None:
        name = edit.import_name(module, "HTTPException", otherwise=alias)
        edit.insert_before(handler.at, f"except {name}:\n    raise")

    make = Fix.safe if _only_translates(handler) else Fix.unsafe
    return make("Let the HTTPException through", recipe)


def _only_translates(handler: ir.Handler) -> bool:
    """Whether a clause logs and raises another exception, and does nothing that would be missed."""
    for node in statements(handler.body):
        match node:
            case ir.Raise() | ir.If() | ir.Import():
                pass
            case ir.Expression(ir.Call() as call) if is_logging(call):
                pass
            case ir.Assign(targets) if all(isinstance(target, ir.Name) for target in targets):
                pass
            case _:
                return False
    return not Paths[None]().run(handler.body, None).leaves()


def _hidden(
    node: ir.Try, function: Function, leaving: Iterable[Raised], context: Context
) -> tuple[Raised, ir.Handler] | None:
    """An HTTPException of a `try`, and the broad clause that replaces it."""
    exceptions = context.application.exceptions
    broad = next(filter(is_broad, node.handlers), None)
    if broad is None or _raises_again(broad) or node.is_star:
        return None
    goes_on = _goes_on(broad, function, context)
    answers = _answers(broad, function, context)
    for raised in leaving:
        if raised.via and goes_on:
            continue
        for handler in node.handlers:
            caught = exceptions.catches(handler, function.scope, raised.value, read=True)
            if caught is None:
                break
            if caught:
                if (
                    handler is not broad
                    or _status(raised.node, raised.function, context) & answers
                    or exceptions.is_examined(handler.body, handler.name or "", function.scope)
                ):
                    break
                return raised, handler
    return None


def _goes_on(handler: ir.Handler, function: Function, context: Context) -> bool:
    """Whether a clause can end in something else than an error: a fallback of its own."""
    ends = Paths[None]().run(handler.body, None)
    returned = [node for node in statements(handler.body) if isinstance(node, ir.Return)]
    return bool(ends.falls or ends.breaks or ends.continues) or not all(
        node.value == ir.Name(handler.name or "") or _is_error(node, function, context)
        for node in returned
        if node.at in ends.returns
    )


def _is_error(node: ir.Return, function: Function, context: Context) -> bool:
    """Whether a response with the status of an error is returned."""
    view = context.evaluator()
    for value in view.evaluate(node.value, function.scope, node.at):
        if not is_response(value, view) or not isinstance(value, Instance) or value.call is None:
            return False
        status = given(value.call, "status_code", value.cls, view)
        found = statuses(view.evaluate(status, value.scope or function.scope, value.at))
        if not found or min(found) < 400:
            return False
    return True


def _answers(handler: ir.Handler, function: Function, context: Context) -> frozenset[int]:
    """The one status that a clause answers with, or, where it goes on, that comes next."""
    raising = [part for part in statements(handler.body) if isinstance(part, ir.Raise)]
    if not raising and Paths[None]().run(handler.body, None).falls:
        later = (part for part in statements(function.body) if part.at > handler.at)
        raising = [part for part in later if isinstance(part, ir.Raise)][:1]
    found = [_status(part, function, context) for part in raising]
    return frozenset[int]().union(*found) if len(set(found)) == 1 else frozenset()


def _status(node: ir.Raise, function: Function, context: Context) -> frozenset[int]:
    """The status of the HTTPException that a statement raises; empty if it cannot be told."""
    view = context.evaluator()
    found: set[int] = set()
    for value in view.evaluate(node.value, function.scope, node.at):
        if not isinstance(value, Instance) or value.call is None or value.scope is None:
            return frozenset()
        status = given(value.call, "status_code", value.cls, view)
        found |= statuses(view.evaluate(status, value.scope, value.at))
    return frozenset(found) if len(found) == 1 else frozenset()


def _raises_again(handler: ir.Handler) -> bool:
    """Whether a clause may let the exception itself go on, or looks at some object's kind."""
    for node in statements(handler.body):
        if isinstance(node, ir.Raise) and (
            node.value is None or (handler.name and node.value == ir.Name(handler.name))
        ):
            return True
    return any(
        isinstance(part, ir.Call) and ir.last_name(part.func) in ("isinstance", "getattr")
        for part in walk_all(handler.body)
    )
