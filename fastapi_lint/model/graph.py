"""The dependency graph: what runs for each route, and from which routes each dependency is reached.

Everything is computed once, when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from .. import ir
from .application import Dependency, Include, Place, Route, Router
from .dependencies import Injection
from .names import DEPENDS, SECURITY
from .scopes import Function
from .values import External, Value

if TYPE_CHECKING:
    from .program import Program

Holder: TypeAlias = "Function | Route | Router | Include"


class Use(msgspec.Struct, frozen=True, eq=False):
    """One use of a dependency.

    `holder` is the function whose `param` it fills, or the route, router (or app) or include whose
    `dependencies=` lists it.
    """

    dependency: Dependency
    holder: Holder
    param: ir.Parameter | None = None

    @property
    def place(self) -> Place:
        """Where the `Depends(...)` stands."""
        return self.dependency.place

    @property
    def function(self) -> Function | None:
        """The function whose parameter it fills."""
        return self.holder if isinstance(self.holder, Function) else None


class Step(msgspec.Struct, frozen=True, eq=False):
    """A dependency that runs for a route, and the use that brings it in; `parent` is the step whose
    function asks for it (`None` for what the endpoint or a `dependencies=` list names)."""

    use: Use
    value: Value
    function: Function | None
    parent: Step | None

    @property
    def chain(self) -> tuple[Step, ...]:
        """From the route to this step."""
        return (*(self.parent.chain if self.parent is not None else ()), self)


class Graph:
    """Which dependencies run for which routes."""

    def __init__(
        self,
        program: Program,
        injection: Injection,
        apps: tuple[Router, ...],
        routers: tuple[Router, ...],
    ) -> None:
        self._program = program
        self._injection = injection
        self._apps = apps
        self._owners = (*apps, *routers)
        self._steps: dict[int, tuple[Step, ...]] = {}

    # Structure

    @cached_property
    def _served(self) -> dict[Route, list[tuple[Router, str | None]]]:
        found: dict[Route, list[tuple[Router, str | None]]] = {}
        for app in self._apps:
            for route, path in app.reachable(mounts=True):
                found.setdefault(route, []).append((app, path))
        return found

    @cached_property
    def _including(self) -> dict[Route, list[tuple[Router, Include]]]:
        found: dict[Route, list[tuple[Router, Include]]] = {}
        for owner in self._owners:
            for include in owner.includes:
                for route, _ in include.child.reachable(mounts=False):
                    found.setdefault(route, []).append((owner, include))
        return found

    def apps_of(self, route: Route) -> Iterator[Router]:
        """The applications that serve a route, by themselves or through a mount."""
        yield from dict.fromkeys(app for app, _ in self._served.get(route, ()))

    def paths_of(self, route: Route) -> tuple[str | None, ...]:
        """The full paths of a route in the applications that serve it; `None` for unknown ones."""
        return tuple(dict.fromkeys(path for _, path in self._served.get(route, ())))

    def includes_of(self, route: Route) -> tuple[tuple[Router, Include], ...]:
        """The `include_router` calls that a route goes through, each with the router or app."""
        return tuple(self._including.get(route, ()))

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """All routes, linked to an app or not."""
        return tuple(route for owner in self._owners for route in owner.routes)

    @cached_property
    def endpoints(self) -> dict[Function, tuple[Route, ...]]:
        """The endpoint functions with their routes."""
        found: dict[Function, list[Route]] = {}
        for route in self.routes:
            if route.endpoint is not None:
                found.setdefault(route.endpoint, []).append(route)
        return {function: tuple(routes) for function, routes in found.items()}

    # Uses

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """Every use of a dependency: by endpoints, by other dependencies, by lists.

        Functions that no route reaches count too when their own parameters hold a `Depends`.
        """
        found: list[Use] = []
        queue: list[Function] = [*self.endpoints, *self._spelled()]
        for holder, listed in self._lists():
            for dependency in listed:
                found.append(Use(dependency, holder))
                queue.extend(self._functions(dependency))
        seen: set[Function] = set()
        while queue:
            function = queue.pop(0)
            if function in seen:
                continue
            seen.add(function)
            for param, dependency in self._injection.parameters(function):
                found.append(Use(dependency, function, param))
                queue.extend(self._functions(dependency))
        return tuple(found)

    def _lists(self) -> Iterator[tuple[Holder, tuple[Dependency, ...]]]:
        for owner in self._owners:
            yield owner, owner.dependencies
            for include in owner.includes:
                yield include, include.dependencies
            for route in owner.routes:
                yield route, route.dependencies

    def _functions(self, dependency: Dependency) -> Iterator[Function]:
        for value in dependency.callables:
            function = self._injection.function_of(value)
            if function is not None:
                yield function

    def _spelled(self) -> Iterator[Function]:
        """The functions whose own defaults or annotations hold a `Depends`."""
        view = self._program.evaluator()
        for site in self._program.sites("Depends", "Security"):
            function = site.scope.functions.get(site.at)
            if function is None or site.decorates is not None:
                continue
            callees = view.evaluate(site.call.func, site.scope, site.at)
            if External(DEPENDS) in callees or External(SECURITY) in callees:
                yield function

    @cached_property
    def _uses_by_function(self) -> dict[Function, list[Use]]:
        found: dict[Function, list[Use]] = {}
        for use in self.uses:
            for function in dict.fromkeys(self._functions(use.dependency)):
                found.setdefault(function, []).append(use)
        return found

    def uses_of(self, function: Function) -> tuple[Use, ...]:
        """The uses of a function as a dependency (for `__init__` and `__call__`: of its class)."""
        return tuple(self._uses_by_function.get(function, ()))

    def late_uses_of(self, function: Function) -> tuple[Use, ...]:
        """The uses outside tests where the code after the `yield` runs after an HTTP response, on
        versions that do not run it before."""
        routes = self.routes_of(function)
        if routes and all(route.is_websocket for route in routes):
            return ()
        return tuple(
            use
            for use in self.uses_of(function)
            if use.dependency.lifetime != "function" and not use.place.module.is_test
        )

    @cached_property
    def providers(self) -> tuple[Function, ...]:
        """The functions that are used as dependencies, in the order of the files."""
        found = self._uses_by_function
        return tuple(sorted(found, key=lambda function: (function.module.path, function.node.at)))

    @cached_property
    def injected(self) -> tuple[Function, ...]:
        """All functions whose parameters FastAPI fills: endpoints, then dependencies."""
        return tuple(dict.fromkeys((*self.endpoints, *self.providers)))

    # Per route

    def steps(self, route: Route) -> tuple[Step, ...]:
        """Every dependency that runs for a route: apps', routers', its own, and theirs in turn.

        Those of an application that mounts the route's own do not run.
        """
        known = self._steps.get(id(route))
        if known is None:
            known = self._steps[id(route)] = tuple(self._find_steps(route))
        return known

    def _find_steps(self, route: Route) -> Iterator[Step]:
        roots: list[Use] = []
        holders: list[Router | Include | Route] = []
        for owner, include in self.includes_of(route):
            holders.extend((owner, include))
        holders.extend((route.owner, route))
        for holder in dict.fromkeys(holders):
            roots.extend(Use(dependency, holder) for dependency in holder.dependencies)
        queue: list[tuple[Use, Step | None]] = [(use, None) for use in roots]
        if route.endpoint is not None:
            queue.extend((use, None) for use in self._asked_by(route.endpoint))
        seen: set[int] = set()
        while queue:
            use, parent = queue.pop(0)
            if id(use.dependency) in seen:
                continue
            seen.add(id(use.dependency))
            for value in use.dependency.callables:
                function = self._injection.function_of(value)
                step = Step(use, value, function, parent)
                yield step
                if function is not None:
                    queue.extend((inner, step) for inner in self._asked_by(function))

    def _asked_by(self, function: Function) -> tuple[Use, ...]:
        return tuple(
            Use(dependency, function, param)
            for param, dependency in self._injection.parameters(function)
        )

    @cached_property
    def _routes_by_function(self) -> dict[Function, list[Route]]:
        found: dict[Function, list[Route]] = {}
        for route in self.routes:
            for step in self.steps(route):
                if step.function is not None:
                    found.setdefault(step.function, []).append(route)
        return found

    def routes_of(self, function: Function) -> tuple[Route, ...]:
        """The routes that a function serves as endpoint, or for which it runs as a dependency."""
        found = [*self.endpoints.get(function, ()), *self._routes_by_function.get(function, ())]
        return tuple(dict.fromkeys(found))
