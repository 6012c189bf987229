"""
A function with Depends defaults is called by something that injects nothing.

## Why

FastAPI fills `= Depends(...)`, `= Query(...)` and the like when it calls path operations and their
dependencies. Exception handlers, middleware, lifespans, start-up handlers, queues, schedulers and
your own code call plain functions: there the parameter holds the marker object itself. `limit` is a
`Query`, `session` is a `Depends`; the first use fails, or worse, a truth test succeeds.

## Bad

```python
from fastapi import Depends, FastAPI

app = FastAPI()


def get_settings() -> dict[str, str]:
    return {"name": "shop"}


@app.get("/name")
def read_name(settings: dict[str, str] = Depends(get_settings)) -> str:
    return settings["name"]


@app.get("/title")
def read_title() -> str:
    return read_name().title()
```

## Good

```python
from fastapi import Depends, FastAPI

app = FastAPI()


def get_settings() -> dict[str, str]:
    return {"name": "shop"}


@app.get("/name")
def read_name(settings: dict[str, str] = Depends(get_settings)) -> str:
    return settings["name"]


@app.get("/title")
def read_title(settings: dict[str, str] = Depends(get_settings)) -> str:
    return read_name(settings).title()
```

## References

- https://fastapi.tiangolo.com/tutorial/dependencies/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model import handlers
from fastapi_lint.model.application import Place
from fastapi_lint.model.calls import argument_for
from fastapi_lint.model.dependency import uninjected
from fastapi_lint.model.dependency.reached import is_reached
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function, decorator_name
from fastapi_lint.model.values import External, FunctionValue, Instance
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import walk_all

_MARKERS = ("Query", "Path", "Header", "Cookie", "Body", "Form", "File")
_INJECTING = frozenset({"inject", "injectable", "inject_dependencies", "cbv", "auto_inject"})


class DependsOutsideInjection(Rule):
    code = "FAL310"
    name = "depends-outside-injection"
    severity = Severity.ERROR

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for function, where, place in _registered(application, context):
            if place.module.is_test or _is_injecting(function):
                continue
            for param, kind in _marked(function, context):
                yield self.at(
                    Place(function.module, param.at),
                    f"nobody injects `{param.name}` of `{function.name}`, {where}",
                    why=f"it holds the `{kind}` object itself",
                    help="make what it needs in the function",
                    related=[(place, "registered here")] if place.module is function.module else (),
                )
        injected = dict.fromkeys(application.graph.injected)
        for function in injected:
            if not _is_injecting(function):
                yield from self._called(function, context)
        for function in uninjected.declared(application):
            if function not in injected and uninjected.is_plain(function, application):
                yield from self._called(function, context)

    def _called(self, function: Function, context: Context) -> Iterator[Finding]:
        marked = list(_marked(function, context))
        if not marked:
            return
        for site in context.application.index.callers(function):
            call = site.call
            if site.decorates is not None or not _fits(call, function):
                continue
            for param, kind in marked:
                if (
                    argument_for(function, param, call) is None
                    and is_reached(function, param, call)
                    and not _is_told_apart(param, function, context)
                ):
                    yield self.at(
                        Place(site.module, call.at),
                        f"this call of `{function.name}` leaves `{param.name}` to be injected, "
                        "and nobody does",
                        why=f"it holds the `{kind}` object itself",
                        help=f"pass `{param.name}`",
                        related=[(Place(function.module, param.at), "its default is a marker")],
                    )
                    break


def _marked(function: Function, context: Context) -> Iterator[tuple[ir.Parameter, str]]:
    """The parameters whose default is a marker, and its name."""
    injection = context.application.injection
    for param in function.node.params:
        if param.default is None:
            continue
        if injection.injected(function, param) is not None:
            yield param, "Depends"
            continue
        for value in context.near.evaluate(param.default, function.parent, function.node.at):
            match value:
                case Instance(External(name)) if name.startswith("fastapi.") and (
                    (kind := name.rpartition(".")[2]) in _MARKERS
                ):
                    yield param, kind


def _fits(call: ir.Call, function: Function) -> bool:
    """Whether all arguments of a call are seen, and the function has parameters for them."""
    params = function.node.params
    names = {param.name for param in params}
    is_open = any(param.kind == "**" for param in params)
    return not any(isinstance(argument, ir.Starred) for argument in call.args) and all(
        keyword.name is not None and (is_open or keyword.name in names) for keyword in call.keywords
    )


def _is_injecting(function: Function) -> bool:
    """Whether a decorator may inject what is missing."""
    names = {decorator_name(decorator) for decorator in function.node.decorators}
    owner = function.owner
    if owner is not None:
        names |= {decorator_name(decorator) for decorator in owner.node.decorators}
    return not _INJECTING.isdisjoint(names)


def _registered(
    application: Application, context: Context
) -> Iterator[tuple[Function, str, Place]]:
    """The functions that something else than routing calls."""
    for owner in application.owners():
        for handler in owner.exception_handlers:
            for function in handlers.functions_of(handler, context.near):
                yield function, "an exception handler", handler.place
        for function in application.lifespans.functions(owner):
            place = owner.lifespan_place or Place(function.module, function.node.at)
            yield function, "which runs when the application starts", place
    for layer in application.layers:
        for registration in layer.registrations:
            yield layer.function, "a middleware", registration.place
    yield from uninjected.jobs(application)


def _is_told_apart(param: ir.Parameter, function: Function, context: Context) -> bool:
    """Whether whatever reads a parameter asks first of what type it is."""
    name = ir.Name(param.name)
    parts = list(walk_all(function.body))
    told = 0
    for part in parts:
        if isinstance(part, ir.Call) and part.args and part.args[0] == name:
            for value in context.near.evaluate(part.func, function.scope, function.node.at):
                if isinstance(value, FunctionValue) and value.function.node.params:
                    first = ir.Name(value.function.node.params[0].name)
                    told += any(_asks(inner, first) for inner in walk_all(value.function.body))
    return 0 < sum(part == name for part in parts) == told


def _asks(part: ir.Expr, name: ir.Name) -> bool:
    return (
        isinstance(part, ir.Call)
        and part.func == ir.Name("isinstance")
        and part.args[:1] == (name,)
    )
