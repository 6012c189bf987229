"""
The lifespan is called where it is passed, so the application does not start.

## Why

`lifespan=` takes a function (or class) that the framework calls with the application when the
server starts. What calling it gives, a context manager or a generator, is no such function: the
server stops with a `TypeError` at start-up ("'function' object does not support the asynchronous
context manager protocol", "object is not callable"). Tests without a running lifespan pass.

A factory whose result is a lifespan function is fine.

## Bad

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    print("never printed")
    yield


app = FastAPI(lifespan=lifespan(None))
```

## Good

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    print("printed at start-up")
    yield


app = FastAPI(lifespan=lifespan)
```

## References

- https://fastapi.tiangolo.com/advanced/events/#lifespan
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place, Router
from fastapi_lint.model.lifespan.lifespans import Given
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Class
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import walk


class LifespanCalled(Rule):
    code = "FAL604"
    name = "lifespan-called"
    severity = Severity.ERROR
    fix = Fixability.SAFE
    positions = frozenset({"lifespan"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for owner in application.owners():
            if owner.lifespan_place is None or owner.lifespan_place.module.is_test:
                continue
            if not owner.is_app and context.targets(owner.place.module).fastapi.below("0.112.2"):
                continue
            given = application.lifespans.given(owner)
            wrong = [one for one in given if _is_called(one, context)]
            passed = [one for one in wrong if _is_passed(one, owner)]
            for one in passed:
                if one.place is not None and not one.place.module.is_test:
                    yield self._finding(owner, one.place, one, None)
            if passed or not wrong or any(one.kind == "unknown" for one in given):
                continue
            fix = _call_at_start(owner, wrong[0], context) if len(given) == 1 else None
            yield self._finding(owner, owner.lifespan_place, wrong[0], fix)

    def _finding(self, owner: Router, place: Place, given: Given, fix: Fix | None) -> Finding:
        assert given.place is not None
        if given.cls is not None:
            name, made = given.cls.name, "an object, which has no `__call__`"
        else:
            assert given.function is not None
            name, made = given.function.name, f"a {given.made}, not a function"
        return self.at(
            place,
            f"`{owner.name}` is given what calling `{name}` returns: {made}",
            why="the framework calls lifespans itself: starting the application raises a TypeError",
            help=f"pass `{name}` without calling it",
            related=[(given.place, f"`{name}` is called here")]
            if given.place.span[0] != place.span[0] or given.place.module is not place.module
            else [],
            fix=fix,
        )


def _is_called(given: Given, context: Context) -> bool:
    if given.kind == "object" and given.cls is not None and given.place is not None:
        return not _may_be_callable(given.cls, context)
    return given.kind == "called"


def _is_passed(given: Given, owner: Router) -> bool:
    """Whether the call stands where something else is called, which makes the application."""
    option = owner.options.get("lifespan")
    return given.is_argument or (
        option is not None and owner.created is not None and option.scope is not owner.created[1]
    )


def _may_be_callable(cls: Class, context: Context) -> bool:
    view = context.evaluator()
    return (
        view.find_method(cls, "__call__") is not None
        or view.has_unknown_base(cls)
        or bool(view.external_bases(cls) - {"builtins.object"})
        or any("__call__" in current.scope.bindings for current in view.mro(cls))
        or bool(cls.node.keywords)
    )


def _call_at_start(owner: Router, given: Given, context: Context) -> Fix | None:
    """Leave the call to the framework, if the lifespan is called in the place where it is given."""
    option = owner.options.get("lifespan")
    if option is None or given.place is None or not isinstance(option.value, ir.Call):
        return None
    call = option.value
    if given.place != Place(option.scope.module, call.at):
        return None
    if _takes_app_alone(call, owner, given, context):
        return Fix.safe("Pass it without calling it", lambda edit: _uncall(edit, call))
    is_manager = given.function is not None and (
        context.application.lifespans.wrapper(given.function) == "async"
    )
    if not is_manager or any(part == ir.Name("_") for part in walk(call)):
        return None
    return Fix.safe("Call it when the application starts", lambda edit: _delay(edit, call))


def _uncall(edit: Editor, call: ir.Call) -> None:
    edit.replace(call.at, edit.text(edit.callee(call.at)))


def _delay(edit: Editor, call: ir.Call) -> None:
    edit.wrap(call.at, "lambda _: ", "")


def _takes_app_alone(call: ir.Call, owner: Router, given: Given, context: Context) -> bool:
    """Whether a lifespan is called with the application, or what stands for it, and can be."""
    application = context.application
    kind = "function" if given.cls is None else "class"
    if any(application.shapes.flaws(Given(kind, given.function, given.cls))):
        return False
    if given.cls is not None and not all(
        context.evaluator().find_method(given.cls, name) for name in ("__init__", "__aenter__")
    ):
        return False
    plain = len(call.args) <= 1 and not call.keywords
    return plain and all(_is_app(argument, owner) for argument in call.args)


def _is_app(node: ir.Expr, owner: Router) -> bool:
    """Whether an argument is the application, or stands for it."""
    return ir.is_none(node) or ir.last_name(node) in ("app", "application", "FastAPI", owner.name)
