"""Where the middleware of a project stands: in which applications, and inside of what."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ... import ir
from ...walk import own_parts
from ..application import Middleware, Router
from ..calls import keyword
from ..exceptions import Exceptions
from ..flow import placed
from ..layers import Layer, Layers, is_asgi_call
from ..link import Application
from ..names import MIDDLEWARE
from ..scopes import END
from ..values import ClassValue, Instance, Value

_PARTS = ("Mount", "Route", "WebSocketRoute", "Host", "Router", "APIRoute", "APIRouter")


class Standing(msgspec.Struct, frozen=True):
    """A layer in an application; `outside` are the middleware around it, the nearest last."""

    app: Router
    middleware: Middleware
    outside: tuple[Middleware, ...]
    inside: tuple[Middleware, ...]


def standings(layer: Layer, application: Application) -> Iterator[Standing]:
    """Where a layer stands, in each application that it is added to."""
    for app in application.apps:
        stack = app.stack()
        for index, middleware in enumerate(stack):
            if middleware in layer.registrations:
                yield Standing(app, middleware, tuple(stack[:index]), tuple(stack[index + 1 :]))


def is_surely_outside(outer: Middleware, inner: Middleware) -> bool:
    """Whether the order of two registrations is known, and both can be made together."""
    if outer.scope is not inner.scope:
        return END not in outer.order and END not in inner.order
    return can_coexist(outer, inner)


def can_coexist(one: Middleware, other: Middleware) -> bool:
    """Whether two registrations may both be made: not in different branches of one statement."""
    if one.scope is not other.scope:
        return True
    paths = zip(one.scope.path_at(one.at), other.scope.path_at(other.at), strict=False)
    return all(a.at != b.at or a.index == b.index for a, b in paths)


def layer_of(middleware: Middleware, application: Application) -> Layer | None:
    """The layer that a registration adds, when it is defined in the project."""
    return Layers(application.program, application.index, application.middleware).of(middleware)


def passes_on(node: ir.Expr, layer: Layer) -> bool:
    """Whether an expression is the call that hands the request on: `call_next` or the app."""
    match node:
        case ir.Call(ir.Name(name)) if name == layer.call_next_name:
            return True
        case ir.Call():
            return layer.kind == "asgi" and is_asgi_call(node, layer)
    return False


def answers_for(layer: Layer, raised: Value, exceptions: Exceptions) -> bool:
    """Whether a layer takes an exception that comes out of what it wraps."""
    scope = layer.function.scope
    return any(
        passes_on(part, layer) and exceptions.is_caught(frames, scope, raised)
        for node, frames in placed(layer.function.body)
        for part in own_parts(node)
    )


def is_middleware(layer: Layer, application: Application) -> bool:
    """Whether a layer stands around an application, as far as can be seen.

    A dispatch does; an ASGI class does when it is registered, or when nobody makes one by hand (to
    mount it) and nothing shows that it is an application itself.
    """
    if layer.registrations:
        return True
    cls = layer.cls
    if cls is None:
        return False
    if _belongs_to_a_part(layer, application):
        return False
    if layer.kind == "dispatch":
        return True
    view = application.program.evaluator()
    init = view.find_method(cls, "__init__")
    if init is None or init.parameter("app") is None or view.external_bases(cls):
        return False
    if view.has_unknown_base(cls):
        return False
    made = (site for site in application.index.calls(cls.name) if not site.module.is_test)
    return not any(
        ClassValue(cls) in view.evaluate(site.call.func, site.scope, site.at) for site in made
    )


def _belongs_to_a_part(layer: Layer, application: Application) -> bool:
    """Whether a layer is added to a single route or mount: the handlers are around that."""
    view = application.program.evaluator()
    for site in application.index.calls(*_PARTS):
        listed = keyword(site.call, "middleware")
        for value in view.items(view.evaluate(listed, site.scope, site.at)) if listed else ():
            if isinstance(value, Instance) and view.instance_of(value, MIDDLEWARE):
                target = value.call.args[0] if value.call and value.call.args else None
                if value.scope is not None and layer.cls is not None:
                    found = view.evaluate(target, value.scope, value.at)
                    if ClassValue(layer.cls) in found:
                        return True
    return False
