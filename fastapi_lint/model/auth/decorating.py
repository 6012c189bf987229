"""Decorators around endpoints: on which side of the route's own, and what they make of a function.

A route's decorator registers the function that it is given and gives it back, so what stands above
it wraps only the name in the module.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ... import ir
from ...walk import walk_all
from ..application import Place, Route
from ..calls import results
from ..link import Application
from ..scopes import Function, Scope
from ..values import ClassValue, External, FunctionValue, Instance, Method, Value
from .guards import bodies

_KEEPING = frozenset({"wraps", "update_wrapper", "__signature__", "__wrapped__", "decorate"})


class Wrapping(msgspec.Struct, frozen=True):
    """A decorator on an endpoint that is not a route's.

    `past` are the routes that were registered before it was applied, `around` those after.
    `wrapper` is the function that it puts in the endpoint's place and `decorator` the one that does
    so; `None` where that is not known. `external` is the name of one from outside the project.
    """

    endpoint: Function
    label: str
    place: Place
    past: tuple[Route, ...]
    around: tuple[Route, ...]
    decorator: Function | None
    wrapper: Function | None
    external: str | None


def wrappings(application: Application) -> Iterator[Wrapping]:
    """The decorators of all endpoints, from the top."""
    for endpoint, routes in application.graph.endpoints.items():
        own = [route for route in routes if route.site.decorates is endpoint]
        registering = {route.site.at for route in own}
        if not own or endpoint.module.is_test:
            continue
        for decorator in endpoint.node.decorators:
            if decorator.at not in registering:
                yield _wrapping(endpoint, decorator, own, application)


def _wrapping(
    endpoint: Function, node: ir.Decorator, routes: list[Route], application: Application
) -> Wrapping:
    past = tuple(route for route in routes if route.site.at > node.at)
    around = tuple(route for route in routes if route.site.at < node.at)
    place = Place(endpoint.module, node.at)
    decorator, external = _resolved(node, endpoint.parent, application)
    wrapper = wrapper_of(decorator, application) if decorator is not None else None
    label = spelled(node.value)
    return Wrapping(endpoint, label, place, past, around, decorator, wrapper, external)


def _resolved(
    node: ir.Decorator, scope: Scope, application: Application
) -> tuple[Function | None, str | None]:
    """The project's function that gets the endpoint, or the name of one outside the project."""
    view = application.program.evaluator()
    callee = node.value.func if isinstance(node.value, ir.Call) else node.value
    named = view.evaluate(callee, scope, node.at)
    if len(named) == 1 and isinstance(named[0], External):
        return None, named[0].name
    values = _outermost(view.evaluate(node.value, scope, node.at))
    if len(values) != 1:
        return None, None
    return _called(values[0], application), None


def _outermost(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Some functions without those that others of them define: what a decorator with optional
    arguments gives, which is a decorator when it was called, and what that gives otherwise."""
    functions = [value.function for value in values if isinstance(value, FunctionValue)]
    return tuple(
        value
        for value in values
        if not isinstance(value, FunctionValue) or value.function.parent.owner not in functions
    )


def _called(value: Value, application: Application) -> Function | None:
    match value:
        case FunctionValue(function) | Method(function, _):
            return function
        case Instance(ClassValue(cls)):
            return application.program.evaluator().find_method(cls, "__call__")
    return None


def wrapper_of(decorator: Function, application: Application) -> Function | None:
    """The function defined in a decorator that it gives back, if that is all that it does with it:
    one that is also registered somewhere may be reached in another way."""
    view = application.program.evaluator()
    given = [v for node, at in results(decorator) for v in view.evaluate(node, decorator.scope, at)]
    outer = _outermost(tuple(given))
    if len(outer) == 1 and any(value != outer[0] for value in given):
        inner = _called(outer[0], application)
        return wrapper_of(inner, application) if inner is not None else None
    found: list[Function] = []
    for value in given:
        if not isinstance(value, FunctionValue) or value.function.parent is not decorator.scope:
            return None
        found.append(value.function)
    if len(set(map(id, found))) != 1 or application.summaries.ends(decorator).falls:
        return None
    wrapper = found[0]
    mentions = sum(
        part == ir.Name(wrapper.name) for body in bodies(decorator) for part in walk_all(body)
    )
    harmless = sum(
        _is_harmless(part, ir.Name(wrapper.name))
        for body in bodies(decorator)
        for part in walk_all(body)
    )
    if mentions - harmless > len(found) or not _calls_wrapped(wrapper, decorator):
        return None
    return wrapper


def _is_harmless(node: ir.Expr, wrapper: ir.Name) -> bool:
    """Whether an expression only sets or reads an attribute of a wrapper."""
    match node:
        case ir.Attribute(value):
            return value == wrapper
        case ir.Call(func, (first, *_)):
            return first == wrapper and ir.last_name(func) in ("update_wrapper", "setattr")
    return False


def _calls_wrapped(wrapper: Function, decorator: Function) -> bool:
    """Whether a wrapper uses the function that the decorator got."""
    names = [ir.Name(param.name) for param in decorator.node.params]
    return any(part in names for body in bodies(wrapper) for part in walk_all(body))


def keeps_signature(decorator: Function, wrapper: Function) -> bool | None:
    """Whether a wrapper shows the parameters of what it wraps; `None` if that is not known."""
    if not _KEEPING.isdisjoint(decorator.node.mentions) or wrapper.has_decorator("wraps"):
        return True
    return None if wrapper.node.decorators else False


def collects(wrapper: Function) -> tuple[str, ...]:
    """The names of a function's `*args` and `**kwargs`."""
    return tuple(param.name for param in wrapper.node.params if param.kind in ("*", "**"))


def gives_back_call(wrapper: Function, decorator: Function) -> bool:
    """Whether a plain function only returns what calling the wrapped one gives."""
    names = {param.name for param in decorator.node.params}
    given = list(results(wrapper))
    return bool(given) and all(
        isinstance(node, ir.Call) and isinstance(node.func, ir.Name) and node.func.id in names
        for node, _ in given
    )


def spelled(node: ir.Expr) -> str:
    """How a callable is written, without arguments."""
    match node:
        case ir.Call(func):
            return spelled(func)
        case ir.Attribute(value, name):
            return f"{spelled(value)}.{name}"
        case ir.Name(name):
            return name
    return "..."
