"""Registrations that come too late: in code that runs when the application has started."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import msgspec

from ... import ir
from ...walk import statements
from ..application import Place, Router
from ..calls import is_receiver
from ..evaluate import Reach
from ..link import Application
from ..names import REQUEST
from ..program import Site
from ..scopes import Function, Scope
from ..values import Argument, Instance, Value

_MAX_DEPTH = 4


class Late(msgspec.Struct, frozen=True):
    """A call on an application that has started; `moment` is "start", "stop" or "request"."""

    moment: str
    function: Function

    @property
    def place(self) -> Place:
        return Place(self.function.module, self.function.node.at)


class Lateness:
    """Answers which calls of an application's methods run after it has started."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._eval = application.program.evaluator()
        self._near = application.program.evaluator(reach=Reach.NEAR)

    @cached_property
    def _starting(self) -> dict[Function, list[Router]]:
        """The functions that start or stop an application, or a router in it."""
        found: dict[Function, list[Router]] = {}
        for owner in self._application.owners():
            for function in self._application.lifespans.functions(owner):
                found.setdefault(function, []).append(owner)
        return found

    def of(self, site: Site) -> Late | None:
        """When a call of a method of an application runs, if that has started by then."""
        if not isinstance(site.call.func, ir.Attribute):
            return None
        return self.touched(site.call.func.value, site.scope, site.at)

    def touched(self, target: ir.Expr, scope: Scope, at: int) -> Late | None:
        """When a statement at `at` changes an application, if that has started by then."""
        function = scope.owner
        while isinstance(function, Function):
            if _resets(function):
                return None
            for root in self._roots(function, 0):
                if (found := self._late(root, target, scope, at)) is not None:
                    return found
            function = function.parent.owner
        return None

    def _roots(self, function: Function, depth: int) -> Iterator[Function]:
        """What runs a function late: itself, or the functions that it is only called by."""
        if (
            function in self._starting
            or function in self._application.graph.endpoints
            or self._application.graph.uses_of(function)
        ):
            yield function
        elif depth < _MAX_DEPTH:
            found: list[Function] = []
            for caller in self._near.callers(function):
                owner = caller.scope.owner
                roots = list(self._roots(owner, depth + 1)) if isinstance(owner, Function) else []
                if not roots:
                    return
                found.extend(roots)
            yield from dict.fromkeys(found)

    def _late(self, root: Function, target: ir.Expr, scope: Scope, at: int) -> Late | None:
        values = self._eval.evaluate(target, scope, at)
        for owner in self._starting.get(root, ()):
            if _is(owner, values, root):
                stops = {event.handler for event in owner.events if event.event == "shutdown"}
                return Late("stop" if root in stops else "start", root)
        if root in self._starting:
            return None
        graph = self._application.graph
        apps = [app for route in graph.routes_of(root) for app in graph.apps_of(route)]
        if self._is_requests_app(target, scope, at) or any(_is(app, values, None) for app in apps):
            return Late("request", root)
        return None

    def _is_requests_app(self, target: ir.Expr, scope: Scope, at: int) -> bool:
        """Whether an expression is the `app` of a request."""
        if not isinstance(target, ir.Attribute) or target.attr != "app":
            return False
        injection = self._application.injection
        for value in self._near.evaluate(target.value, scope, at):
            if isinstance(value, Argument) and value.param.annotation is not None:
                function = value.function
                types = injection.framework_types(
                    value.param.annotation, function.parent, function.node.at
                )
                if any(self._near.is_a(cls, REQUEST) for cls in types):
                    return True
        return False


def _resets(function: Function) -> bool:
    """Whether a function builds the stack of middleware again."""
    return any(
        isinstance(node, ir.Assign)
        and any(isinstance(t, ir.Attribute) and t.attr == "middleware_stack" for t in node.targets)
        for node in statements(function.body)
    )


def _is(owner: Router, values: tuple[Value, ...], root: Function | None) -> bool:
    """Whether an object may be this application: the one that is made there, or the parameter
    that its lifespan receives it with."""
    for value in values:
        match value:
            case Instance(_, call) if call is not None and owner.created is not None:
                if call is owner.created[0]:
                    return True
            case Argument(function, param) if function is root:
                plain = [p for p in function.node.params if not is_receiver(function, p)]
                if plain[:1] == [param]:
                    return True
    return False
