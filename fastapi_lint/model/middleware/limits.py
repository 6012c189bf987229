"""slowapi: the limiters of a project, and the functions that they limit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

import msgspec

from ... import ir
from ...walk import walk_all
from ..application import Middleware, Place, Route
from ..calls import has_unpacking, keyword
from ..index import Index
from ..program import Program, Site
from ..scopes import Function, Scope
from ..values import External, FunctionValue, Instance, Method, Sequence, Value

LIMITER = "slowapi.Limiter"
MIDDLEWARE = (
    "slowapi.middleware.SlowAPIMiddleware",
    "slowapi.middleware.SlowAPIASGIMiddleware",
)
_ROUTES = frozenset(
    {"get", "post", "put", "delete", "patch", "head", "options", "trace", "api_route", "websocket"}
)
_VERBS = ("limit", "shared_limit")
_HEADERS_ENABLED = 3
"""The place of `headers_enabled` among the arguments of a limiter."""
_LIMITS = tuple(External(f"{LIMITER}().{verb}") for verb in _VERBS)


class Limit(msgspec.Struct, frozen=True, eq=False):
    """One limit on a function.

    `label` is how the code spells it; `below` are the decorators between it and the function, in
    the order of the code. For a limit that is called with the function instead, `below` is `None`.
    """

    function: Function
    label: str
    place: Place
    below: tuple[ir.Decorator, ...] | None

    def missed(self, routes: Iterable[Route]) -> tuple[Route, ...]:
        """Which of the function's routes were registered before it was limited."""
        below = {decorator.at for decorator in self.below or ()}
        return tuple(
            route
            for route in routes
            if route.site.decorates is self.function and route.site.at in below
        )


class Limits:
    """Finds limiters and limits; free of cost where slowapi is not imported."""

    def __init__(self, program: Program, index: Index) -> None:
        self._eval = program.evaluator()
        self._program = program
        self._index = index

    @cached_property
    def is_used(self) -> bool:
        """Whether any module imports slowapi."""
        return any(True for _ in self.imports())

    def imports(self) -> Iterator[ir.Import]:
        """The imports from slowapi, at the top of modules and in their functions."""
        for module in self._index.modules:
            for bindings in module.scope.bindings.values():
                for binding in bindings:
                    source = binding.source
                    if isinstance(source, ir.Import) and _is_slowapi(source.module):
                        yield source

    @cached_property
    def limiters(self) -> tuple[Site, ...]:
        """The calls that make a limiter."""
        if not self.is_used:
            return ()
        names = {"Limiter": None}
        names |= dict.fromkeys(source.bound for source in self.imports())
        names |= dict.fromkeys(cls.name for cls in self._program.subclasses("Limiter"))
        return tuple(
            site
            for site in self._index.calls(*names)
            for value in self._eval.evaluate(site.call.func, site.scope, site.at)
            if self._eval.is_a(value, LIMITER)
        )

    @cached_property
    def all(self) -> tuple[Limit, ...]:
        """Every limit."""
        return (*self._decorated(), *self._called()) if self.is_used else ()

    def _decorated(self) -> Iterator[Limit]:
        for function in self._index.functions:
            decorators = function.node.decorators
            for number, decorator in enumerate(decorators):
                if self._limits(decorator.value, function.parent, decorator.at):
                    place = Place(function.module, decorator.at)
                    label = f"@{_spelled(decorator.value)}"
                    yield Limit(function, label, place, decorators[number + 1 :])

    def _called(self) -> Iterator[Limit]:
        for site in self._index.calls(*_VERBS):
            if site.applied_to is None or not self._limits(site.call, site.scope, site.at):
                continue
            for value in self._eval.evaluate(site.applied_to, site.scope, site.at):
                if isinstance(value, (FunctionValue, Method)):
                    place = Place(site.module, site.call.at)
                    yield Limit(value.function, _spelled(site.call), place, None)

    def _limits(self, node: ir.Expr, scope: Scope, at: int) -> bool:
        """Whether calling what an expression gives puts a limit on a function."""
        if isinstance(node, ir.Call) and isinstance(node.func, ir.Attribute):
            owners = self._eval.evaluate(node.func.value, scope, at)
            if node.func.attr in _VERBS and any(map(self.is_limiter, owners)):
                return True
        values = self._eval.evaluate(node, scope, at)
        return any(isinstance(value, Instance) and value.cls in _LIMITS for value in values)

    def is_limiter(self, value: Value) -> bool:
        """Whether a value is a limiter."""
        return self._eval.instance_of(value, LIMITER)

    # Defaults

    def defaults(self, limiter: Site) -> str | None:
        """The argument that gives a limiter limits for all routes, if it certainly is not empty."""
        for name, position in (("default_limits", 1), ("application_limits", 2)):
            given = keyword(limiter.call, name)
            if given is None and len(limiter.call.args) > position:
                given = limiter.call.args[position]
            if given is None:
                continue
            values = self._eval.evaluate(given, limiter.scope, limiter.at)
            if values and all(isinstance(v, Sequence) and v.items for v in values):
                return name
        return None

    def enforces(self, middleware: Middleware) -> bool:
        """Whether a middleware applies default limits: one of slowapi, or derived from it."""
        return self._eval.is_a(middleware.target, *MIDDLEWARE)

    @cached_property
    def is_enforced_elsewhere(self) -> bool:
        """Whether something may apply default limits in a way that cannot be followed: the
        middleware is passed on under its name, or a limiter's own check is called."""
        if any(True for _ in self._index.calls("_check_request_limit")):
            return True
        names = {i.bound for i in self.imports() if (i.name or "").startswith("SlowAPI")}
        modules = {i.bound for i in self.imports() if i.name in (None, "middleware")}
        for module in self._index.modules:
            if not (names | modules).isdisjoint(module.scope.bindings):
                bodies = [module.scope.body, *[f.body for f in module.functions()]]
                for part in (part for body in bodies for part in walk_all(body)):
                    match part:
                        case ir.Name(name) if name in names:
                            return True
                        case ir.Attribute(_, "SlowAPIMiddleware" | "SlowAPIASGIMiddleware"):
                            return True
        return False

    def is_exempt(self, function: Function) -> bool:
        """Whether a function is exempt from the default limits."""
        return function.has_decorator("exempt")

    # Limits

    def keeps_signature(self, limit: Limit) -> bool:
        """Whether the limit sees the parameters that the function is written with: below it stand
        only routes, other limits, and decorators of the project that use `functools.wraps`."""
        function = limit.function
        below = function.node.decorators if limit.below is None else limit.below
        return all(self._keeps(decorator, function) for decorator in below)

    def wraps_nothing(self, decorator: ir.Decorator, function: Function) -> bool:
        """Whether a decorator is that of a route or a limit: functions keep their order with it."""
        callee = _callee(decorator)
        is_route = isinstance(callee, ir.Attribute) and callee.attr in _ROUTES
        return is_route or self._limits(decorator.value, function.parent, decorator.at)

    @cached_property
    def may_set_headers(self) -> bool:
        """Whether a limiter may put headers on responses, for which a limited function must have a
        parameter `response`, or return a response."""
        return not self.limiters or any(map(_may_set_headers, self.limiters))

    def _keeps(self, decorator: ir.Decorator, function: Function) -> bool:
        if self.wraps_nothing(decorator, function):
            return True
        for found in self._eval.evaluate(_callee(decorator), function.parent, decorator.at):
            match found:
                case External(name) if name.startswith(f"{LIMITER}()."):
                    pass
                case FunctionValue(wrapper) | Method(wrapper) if "wraps" in wrapper.node.mentions:
                    pass
                case _:
                    return False
        return True

    def on(self, route: Route) -> tuple[Limit, ...]:
        """The limits on the function of a route."""
        return tuple(limit for limit in self.all if limit.function is route.endpoint)


def _may_set_headers(limiter: Site) -> bool:
    call = limiter.call
    given = keyword(call, "headers_enabled")
    is_left_out = given is None and len(call.args) <= _HEADERS_ENABLED and not has_unpacking(call)
    return not is_left_out and given != ir.Constant(False, "bool")


def _callee(decorator: ir.Decorator) -> ir.Expr:
    value = decorator.value
    return value.func if isinstance(value, ir.Call) else value


def _is_slowapi(module: str) -> bool:
    return module.partition(".")[0] == "slowapi"


def _spelled(node: ir.Expr) -> str:
    """How a decorator is spelt, without its arguments."""
    match node:
        case ir.Call(func):
            return _spelled(func)
        case ir.Attribute(value, name):
            return f"{_spelled(value)}.{name}"
        case ir.Name(name):
            return name
    return "limit"
