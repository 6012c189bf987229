"""Registrations that come too late: in code that runs when the application has started."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .. import ir
from ..walk import statements
from .application import Place, Router
from .calls import is_receiver
from .link import Application
from .names import REQUEST
from .program import Site
from .scopes import Function
from .values import Argument, Instance, Value

_MAX_DEPTH = 4


@dataclass(frozen=True)
class Late:
    """A call on an application that has started; `moment` is "start", "stop" or "request"."""

    moment: str
    function: Function

    @property
    def place(self) -> Place:
        return Place(self.function.module, self.function.node.at)


def late(site: Site, application: Application) -> Late | None:
    """When a call of a method of an application runs after that application has started."""
    if not isinstance(site.call.func, ir.Attribute):
        return None
    function = site.scope.owner
    while isinstance(function, Function):
        if _resets(function):
            return None
        found = next(_runs(function, site, site.call.func.value, application), None)
        if found is not None:
            return found
        function = function.parent.owner
    return None


def _resets(function: Function) -> bool:
    """Whether a function builds the stack of middleware again."""
    return any(
        isinstance(node, ir.Assign)
        and any(isinstance(t, ir.Attribute) and t.attr == "middleware_stack" for t in node.targets)
        for node in statements(function.body)
    )


def _runs(
    function: Function, site: Site, target: ir.Expr, application: Application
) -> Iterator[Late]:
    view = application.program.evaluator()
    values = view.evaluate(target, site.scope, site.at)
    for owner in application.owners():
        starting = application.lifespans.functions(owner)
        if not starting or not _is(owner, values, starting):
            continue
        for root in starting:
            reached = application.lifespans.reach((root,))
            if function is root or (
                function in reached and _only_called_in(function, reached, application)
            ):
                stops = {e.handler for e in owner.events if e.event == "shutdown"}
                yield Late("stop" if root in stops else "start", root)
    for root in _serving(function, application, 0):
        routes = application.graph.routes_of(root)
        apps = [app for route in routes for app in application.graph.apps_of(route)]
        if _is_requests_app(target, site, application) or any(_is(app, values, ()) for app in apps):
            yield Late("request", root)


def _only_called_in(
    function: Function, reached: tuple[Function, ...], application: Application
) -> bool:
    callers = application.program.evaluator().callers(function)
    return bool(callers) and all(caller.scope.owner in reached for caller in callers)


def _is(owner: Router, values: tuple[Value, ...], starting: tuple[Function, ...]) -> bool:
    """Whether an object may be this application: the one that is made there, or the parameter
    that its lifespan receives it with."""
    for value in values:
        match value:
            case Instance(_, call) if call is not None and owner.created is not None:
                if call is owner.created[0]:
                    return True
            case Argument(function, param) if function in starting:
                plain = [p for p in function.node.params if not is_receiver(function, p)]
                if plain[:1] == [param]:
                    return True
    return False


def _is_requests_app(target: ir.Expr, site: Site, application: Application) -> bool:
    """Whether an expression is the `app` of a request."""
    if not isinstance(target, ir.Attribute) or target.attr != "app":
        return False
    view = application.program.evaluator()
    for value in view.evaluate(target.value, site.scope, site.at):
        if isinstance(value, Argument) and value.param.annotation is not None:
            function = value.function
            types = application.injection.types(
                value.param.annotation, function.parent, function.node.at
            )
            if any(view.is_a(cls, REQUEST) for cls in types):
                return True
    return False


def _serving(function: Function, application: Application, depth: int) -> Iterator[Function]:
    """The endpoint or dependency that a function is, or that alone calls it."""
    if function in application.graph.injected:
        yield function
        return
    if depth < _MAX_DEPTH:
        found = []
        for caller in application.program.evaluator().callers(function):
            owner = caller.scope.owner
            roots = (
                list(_serving(owner, application, depth + 1)) if isinstance(owner, Function) else []
            )
            if not roots:
                return
            found.extend(roots)
        yield from found[:1]
