"""What FastAPI calls for a request to a route, in its order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from .. import ir
from ..versions import Target
from .application import Dependency, Include, Mount, Place, Route, Router, Served
from .calls import keyword
from .dependencies import Injection
from .evaluate import Evaluator
from .scopes import Class, Function
from .values import (
    UNKNOWN,
    ClassValue,
    External,
    FunctionValue,
    Instance,
    Value,
    without_parameters,
)

_SECURITY_SCOPES = "fastapi.security.SecurityScopes"
_Key: TypeAlias = "tuple[tuple[Value, ...], object, frozenset[ir.Expr], str | None]"


class Solved(msgspec.Struct, frozen=True, eq=False):
    """A dependency as a request meets it: what it depends on comes first.

    `values` are what its callable may be. `runs` is false where the request has already called the
    same, so that its result is used again.
    """

    dependency: Dependency
    values: tuple[Value, ...]
    functions: tuple[Function, ...]
    inner: tuple[Solved, ...]
    runs: bool


def is_scheme(value: Value, view: Evaluator) -> bool:
    """Whether a value is a security scheme, of FastAPI or derived from one."""
    match value:
        case Instance(External(name)):
            bases = frozenset({name})
        case Instance(ClassValue(cls)):
            bases = view.external_bases(cls)
        case _:
            return False
    return any(base.startswith("fastapi.security.") for base in bases)


class Requests:
    """Tells what a request runs, on a version of FastAPI."""

    def __init__(self, injection: Injection, view: Evaluator, fastapi: Target) -> None:
        self._injection = injection
        self._eval = view
        self._any_scopes_count = fastapi.below("0.123")

    def solved(self, app: Router, served: Served) -> tuple[Solved, ...]:
        """The dependencies of a route: those of lists from the application inwards, then those of
        the handler's parameters, in the order of the signature."""
        route = served.route
        if route.is_plain:
            return ()
        request = _Request(self, self._injection)
        listed = [*_listed(app, served.through), *route.dependencies]
        found = [request.solve(dependency, frozenset(), ()) for dependency in listed]
        if route.endpoint is not None:
            found.extend(self._views(route, route.endpoint, request))
            for _, dependency in self._injection.parameters(route.endpoint):
                found.append(request.solve(dependency, frozenset(), ()))
        return tuple(found)

    def _views(self, route: Route, endpoint: Function, request: _Request) -> Iterator[Solved]:
        """The instance of a class-based view, `@cbv(router) class Items:`, that is the `self` of
        its endpoints: the dependencies among its fields are parameters of its constructor."""
        cls = endpoint.owner
        for decorator in cls.node.decorators if cls is not None else ():
            call = decorator.value
            if cls is None or not isinstance(call, ir.Call) or not call.args:
                continue
            routers = self._eval.evaluate(call.args[0], cls.parent, cls.node.at)
            place = route.owner.place.module.path, route.owner.place.at
            if any(isinstance(value, Instance) and value.site == place for value in routers):
                made = Place(cls.module, decorator.at)
                view = Dependency((ClassValue(cls),), call, made, None, True, False)
                inner = [request.solve(d, frozenset(), ()) for d in self._field_dependencies(cls)]
                yield Solved(view, view.callables, (), tuple(inner), True)

    def _field_dependencies(self, cls: Class) -> Iterator[Dependency]:
        """What fills the fields of a class and its bases; bases come first."""
        owners = {
            field.name: (field, method)
            for base in reversed(self._eval.mro(cls))
            if (method := next(base.methods(), None)) is not None
            for field in self._eval.own_fields(base)
        }
        for field, method in owners.values():
            dependency = self._injection.injected(method, field)
            if dependency is not None:
                yield dependency

    def key(
        self, dependency: Dependency, values: tuple[Value, ...], scopes: frozenset[ir.Expr]
    ) -> _Key:
        """What decides whether two dependencies are the same to the cache of a request."""
        counted = scopes if self._any_scopes_count or self._uses_scopes(dependency, ()) else ()
        return values, _closure(dependency, values), frozenset(counted), dependency.lifetime

    def _uses_scopes(self, dependency: Dependency, above: tuple[Dependency, ...]) -> bool:
        if dependency in above:
            return False
        if keyword(dependency.call, "scopes") is not None:
            return True
        for value in dependency.callables:
            if is_scheme(value, self._eval):
                return True
            function = self._injection.function_of(value)
            for param in function.node.params if function is not None else ():
                assert function is not None
                place = function.parent, function.node.at
                if External(_SECURITY_SCOPES) in self._injection.framework_types(
                    param.annotation, *place
                ):
                    return True
                inner = self._injection.injected(function, param)
                if inner is not None and self._uses_scopes(inner, (*above, dependency)):
                    return True
        return False


class _Request:
    """One request: what it has called so far."""

    def __init__(self, requests: Requests, injection: Injection) -> None:
        self._requests = requests
        self._injection = injection
        self._called: list[_Key] = []

    def solve(
        self, dependency: Dependency, scopes: frozenset[ir.Expr], above: tuple[Dependency, ...]
    ) -> Solved:
        values = without_parameters(dependency.callables)
        scopes |= _scopes(dependency)
        functions = tuple(
            dict.fromkeys(
                function
                for value in values
                if (function := self._injection.function_of(value)) is not None
            )
        )
        inner = tuple(
            self.solve(asked, scopes, (*above, dependency))
            for function in functions
            for _, asked in self._injection.parameters(function)
            if asked is not dependency and asked not in above
        )
        key = self._requests.key(dependency, values, scopes)
        runs = not dependency.use_cache or UNKNOWN in values or key not in self._called
        self._called.append(key)
        return Solved(dependency, values, functions, inner, runs)


def _listed(app: Router, through: tuple[Include | Mount, ...]) -> Iterator[Dependency]:
    """What `dependencies=` lists on the way from an application to a route.

    The dependencies of an application that mounts another do not run for the other's routes.
    """
    found = [*app.dependencies]
    for step in through:
        if isinstance(step, Mount):
            found = [*step.app.dependencies] if step.app is not None else []
        else:
            found.extend((*step.dependencies, *step.child.dependencies))
    yield from found


def _scopes(dependency: Dependency) -> frozenset[ir.Expr]:
    """The expressions of the scopes that a `Security(...)` asks for."""
    scopes = keyword(dependency.call, "scopes")
    if isinstance(scopes, ir.Display):
        return frozenset(scopes.items)
    return frozenset() if scopes is None else frozenset((scopes,))


def _closure(dependency: Dependency, values: tuple[Value, ...]) -> object:
    """What tells the functions apart that a factory makes: how, or where, it is called."""
    if not any(
        isinstance(value, FunctionValue) and isinstance(value.function.parent.owner, Function)
        for value in values
    ):
        return None
    target = dependency.call.args[0] if dependency.call.args else None
    if isinstance(target, (ir.Name, ir.Attribute)):
        return dependency.place.module.path, target
    return id(dependency.call)
