"""
A lifespan has the wrong shape, so that starting or stopping the application fails.

## Why

A lifespan is called with the application and must give an asynchronous context manager: one
`yield` on every path, between start-up and shutdown. Without a `yield`, with a parameter too few or
too many, with `@contextmanager`, or on a path that returns early, the server stops at start-up.
With two `yield`s on a path, shutdown fails with "generator didn't stop". What is yielded must be a
mapping (it becomes the state of each request) or nothing. None of it shows when tests use the
application without running its lifespan.

Where a lifespan returns early, the fix lets the application start without the rest of the start-up;
that must be reviewed, because starting may have failed on purpose.

A generator without `@asynccontextmanager` works; the rule mentions it as a note, because Starlette
has deprecated it.

## Bad

```python
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI) -> None:
    app.state.ready = True


app = FastAPI(lifespan=lifespan)
```

## Good

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.ready = True
    yield


app = FastAPI(lifespan=lifespan)
```

## References

- https://fastapi.tiangolo.com/advanced/events/#lifespan
- https://www.starlette.io/lifespan/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place, Router
from fastapi_lint.model.dependency.generators import RELEASES
from fastapi_lint.model.flow import placed
from fastapi_lint.model.lifespan.lifespans import Flaw, Given
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import FunctionValue
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import own_parts, statements, walk_all

from ._writing import around, iterator_of_nothing

_REPAIRABLE = frozenset({"undecorated", "sync", "no-yield", "parameters"})


class LifespanShape(Rule):
    code = "FAL603"
    name = "lifespan-shape"
    severity = Severity.ERROR
    fix = Fixability.MIXED
    positions = frozenset({"lifespan"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        seen: set[tuple[str, int]] = set()
        for owner in application.owners():
            if owner.lifespan_place is None or owner.lifespan_place.module.is_test:
                continue
            if not owner.is_app and context.targets(owner.place.module).fastapi.below("0.112.2"):
                continue
            for given in application.lifespans.given(owner):
                for flaw in application.shapes.flaws(given):
                    place = Place(flaw.function.module, flaw.at)
                    if place.sort_key not in seen and not place.module.is_test:
                        seen.add(place.sort_key)
                        yield self._finding(flaw, place, owner, given, context)

    def _finding(
        self, flaw: Flaw, place: Place, owner: Router, given: Given, context: Context
    ) -> Finding:
        assert owner.lifespan_place is not None
        name = given.cls.name if given.cls is not None else flaw.function.name
        related = [(owner.lifespan_place, f"`{owner.name}` gets it here")]
        fix = None
        if flaw.kind in _REPAIRABLE and given.kind == "function" and given.takes_app_only:
            fix = _reshape(flaw.function, owner, context)
        elif flaw.kind == "skips":
            fix = _yield_before_returning(flaw.function)
        if flaw.kind != "undecorated":
            return self.at(
                place,
                f"lifespan `{name}` {flaw.text}",
                why=flaw.why,
                help="let it take the application and `yield` once, on every path",
                related=related,
                fix=fix,
            )
        fastapi = context.targets(place.module).fastapi
        return self.at(
            place,
            f"lifespan `{name}` is a generator without `@asynccontextmanager`",
            why=f"{fastapi.label} wraps it itself; Starlette and type checkers want the decorator"
            if fastapi.at_least("0.128.3")
            else "it runs, but Starlette has deprecated lifespans that are plain generators",
            help="decorate it with `contextlib.asynccontextmanager`",
            severity=Severity.INFO,
            related=related,
            fix=fix,
        )


def _reshape(function: Function, owner: Router, context: Context) -> Fix | None:
    """Make an asynchronous context manager of a function that serves as a lifespan alone."""
    node, wrapper = function.node, context.application.lifespans.wrapper(function)
    needs_app = not node.params
    is_plain = needs_app or (len(node.params) == 1 and node.params[0].kind != "keyword-only")
    if function.owner is not None or not is_plain or _is_used_otherwise(function, context):
        return None
    if not (_may_become_async(function) if node.is_generator else _only_starts(function)):
        return None

    def recipe(edit: Editor) -> None:
        manager = edit.import_name("contextlib", "asynccontextmanager")
        if wrapper == "none":
            edit.decorate(node.at, f"@{manager}")
        elif wrapper == "sync":
            decorator = node.decorators[0]
            edit.replace(edit.part(decorator.at, decorator.value), manager)
        if not node.is_async:
            edit.insert_word(node.at, "async")
        if needs_app:
            name = "_app" if "app" in function.scope.bindings | function.scope.outside else "app"
            framework = edit.import_name("fastapi", "FastAPI") if owner.is_fastapi else ""
            edit.add_parameter(node.at, f"{name}: {framework}" if framework else name)
        if not node.is_generator:
            edit.insert_after(function.body[-1].at, "yield")
        if node.returns is not None and not (node.is_async and node.is_generator):
            edit.replace(edit.returns(node.at), iterator_of_nothing(edit, function.module))

    return Fix.safe("Make it an asynchronous context manager", recipe)


def _yield_before_returning(function: Function) -> Fix | None:
    """Start the application where a lifespan only skips the rest of its start-up."""
    place = around(function)
    leaving = [(n, f) for n, f in placed(function.body) if isinstance(n, ir.Return)]
    if place is None or place.gives is not None or not leaving:
        return None
    if any(
        node.at > place.at or node.value is not None or any(f.part != "branch" for f in frames)
        for node, frames in leaving
    ):
        return None

    def recipe(edit: Editor) -> None:
        for node, _ in leaving:
            edit.insert_before(node.at, "yield")

    return Fix.unsafe("Yield before returning", recipe)


def _may_become_async(function: Function) -> bool:
    """Whether a generator is asynchronous, or holds nothing that an asynchronous one must not."""
    return function.node.is_async or not (
        any(isinstance(n, ir.Return) and n.value is not None for n in statements(function.body))
        or any(isinstance(part, ir.Yield) and part.is_from for part in walk_all(function.body))
    )


def _only_starts(function: Function) -> bool:
    """Whether a function without a `yield` releases nothing, so that all of it is start-up."""
    last = function.body[-1]
    is_open = not isinstance(last, (ir.Raise, ir.While, ir.With, ir.Try))
    return is_open and not any(
        isinstance(node, ir.Return)
        or any(
            isinstance(part, ir.Call) and ir.last_name(part.func) in RELEASES
            for part in own_parts(node)
        )
        for node in statements(function.body)
    )


def _is_used_otherwise(function: Function, context: Context) -> bool:
    """Whether a function is called or passed on elsewhere than as a lifespan."""
    application = context.application
    given = {
        id(owner.options["lifespan"].value)
        for owner in application.owners()
        if "lifespan" in owner.options
    }
    return any(
        isinstance(part, (ir.Name, ir.Attribute))
        and ir.last_name(part) == function.name
        and id(part) not in given
        and FunctionValue(function) in context.evaluator().evaluate(part, scope, node.at)
        for scope in application.index.scopes_naming(function.name)
        for node in statements(scope.body)
        for part in own_parts(node)
    )
