"""Middleware: which is registered on which application, of which kind, and in which order."""

from __future__ import annotations

from collections.abc import Iterator

from .. import ir
from .application import Middleware, Option, Place, Router
from .calls import keyword
from .evaluate import Evaluator
from .names import BASE_HTTP_MIDDLEWARE, CORS_MIDDLEWARE, MIDDLEWARE
from .owners import Owners
from .program import Program, Site
from .scopes import END, Class, Function, Scope
from .values import ClassValue, External, FunctionValue, Instance, Value

_BASED_ON_BASE_HTTP = frozenset(
    {
        BASE_HTTP_MIDDLEWARE,
        "slowapi.middleware.SlowAPIMiddleware",
        "fastapi_sqlalchemy.DBSessionMiddleware",
        "fastapi_sqlalchemy.middleware.DBSessionMiddleware",
        "fastapi_async_sqlalchemy.SQLAlchemyMiddleware",
        "fastapi_async_sqlalchemy.middleware.SQLAlchemyMiddleware",
        "starlette_context.middleware.ContextMiddleware",
        "starlette_context.middleware.context_middleware.ContextMiddleware",
    }
)
"""Classes outside the project that are known to derive from BaseHTTPMiddleware."""

_CORS_PARAMETERS = (
    "app",
    "allow_origins",
    "allow_methods",
    "allow_headers",
    "allow_credentials",
    "allow_origin_regex",
)


class Stack:
    """Links registrations of middleware to the applications."""

    def __init__(self, program: Program, owners: Owners) -> None:
        self._program = program
        self._eval = program.evaluator()
        self._owners = owners

    def registrations(self) -> Iterator[Middleware]:
        """Every registering call once, also where the application could not be told."""
        linked = {id(m.call): m for owner in self._owners.all.values() for m in owner.middleware}
        yield from linked.values()
        for name in ("add_middleware", *self._cors_names()):
            for site in self._program.sites(name):
                if id(site.call) not in linked:
                    yield from self._unlinked(site)

    def _cors_names(self) -> tuple[str, ...]:
        subclasses = self._program.subclasses("CORSMiddleware")
        return ("CORSMiddleware", *dict.fromkeys(cls.name for cls in subclasses))

    def _unlinked(self, site: Site) -> Iterator[Middleware]:
        function = site.scope.owner
        if isinstance(function, Function) and not self._program.is_referenced(function):
            return
        callees = self._eval.evaluate(site.call.func, site.scope, site.at)
        if any(self._eval.is_a(callee, CORS_MIDDLEWARE) for callee in callees):
            targets, how = callees, "wrapped"
        elif ir.last_name(site.call.func) == "add_middleware" and site.call.args:
            targets, how = self._eval.evaluate(site.call.args[0], site.scope, site.at), "unlinked"
        else:
            return
        for target in targets:
            place = Place(site.module, site.call.at)
            yield self._made(None, target, site.call, site.scope, site.at, place, how, (END,))

    def add(self, owner: Router, site: Site) -> None:
        """Link one `add_middleware`."""
        target = site.call.args[0] if site.call.args else keyword(site.call, "middleware_class")
        if target is None:
            return
        place = Place(site.module, site.call.at)
        for value in self._eval.evaluate(target, site.scope, site.at):
            self._register(owner, value, site.call, site.scope, site.at, place, "added")

    def decorate(self, owner: Router, site: Site) -> None:
        """Link one `@app.middleware(...)` or `app.middleware(...)(function)`."""
        if isinstance(site.decorates, Function):
            value: Value = FunctionValue(site.decorates)
        elif site.applied_to is not None:
            value = self._eval.evaluate(site.applied_to, site.scope, site.at)[0]
        else:
            return
        place = Place(site.module, site.at)
        self._register(owner, value, site.call, site.scope, site.at, place, "decorated")

    def add_listed(self, owner: Router, option: Option) -> None:
        """Link what `middleware=[...]` lists."""
        values = self._eval.evaluate(option.value, option.scope, option.at)
        for value in self._eval.items(values):
            if not self._eval.instance_of(value, MIDDLEWARE) or not isinstance(value, Instance):
                continue
            call, scope = value.call, value.scope
            if call is None or scope is None:
                continue
            target = call.args[0] if call.args else keyword(call, "cls")
            for cls in self._eval.evaluate(target, scope, value.at):
                place = Place(scope.module, call.at)
                self._register(owner, cls, call, scope, value.at, place, "list")

    def _register(
        self,
        owner: Router,
        target: Value,
        call: ir.Call,
        scope: Scope,
        at: int,
        place: Place,
        how: str,
    ) -> None:
        if any(m.call is call and m.target == target for m in owner.middleware):
            return
        order = self._order(owner, scope, at, 0)
        owner.middleware.append(self._made(owner, target, call, scope, at, place, how, order))

    def _made(
        self,
        owner: Router | None,
        target: Value,
        call: ir.Call,
        scope: Scope,
        at: int,
        place: Place,
        how: str,
        order: tuple[int, ...],
    ) -> Middleware:
        kind = "base-http" if how == "decorated" else self._kind(target)
        options = self._owners.options(Instance(target, call, scope, at))
        if kind == "cors" and (how == "wrapped" or isinstance(target, External)):
            names = _CORS_PARAMETERS if how == "wrapped" else _CORS_PARAMETERS[1:]
            given = call.args if how == "wrapped" else call.args[1:]
            for name, value in zip(names, given, strict=False):
                if isinstance(value, ir.Starred):
                    break
                options.setdefault(name, Option(value, scope, at, place))
        production = self._program.evaluator(production=True)
        live = production.runs(scope, at) and (
            how != "list" or owner is None or self._is_listed(owner, call, production)
        )
        return Middleware(kind, target, call, options, scope, at, place, how, order, live)

    def _is_listed(self, owner: Router, call: ir.Call, view: Evaluator) -> bool:
        option = owner.options["middleware"]
        values = view.items(view.evaluate(option.value, option.scope, option.at))
        return any(isinstance(value, Instance) and value.call is call for value in values)

    def _kind(self, target: Value) -> str:
        if self._eval.is_a(target, CORS_MIDDLEWARE):
            return "cors"
        match target:
            case External(name):
                return "base-http" if name in _BASED_ON_BASE_HTTP else "unknown"
            case ClassValue(cls):
                if self._overrides_call(cls):
                    return "asgi"
                if self._eval.is_a(target, *_BASED_ON_BASE_HTTP):
                    return "base-http"
                return "unknown" if self._eval.has_unknown_base(cls) else "asgi"
        return "unknown"

    def _overrides_call(self, cls: Class) -> bool:
        method = self._eval.find_method(cls, "__call__")
        return method is not None and len(method.node.params) >= 4

    def _order(self, owner: Router, scope: Scope, at: int, depth: int) -> tuple[int, ...]:
        """Where a registration stands in the run of the code that makes the app."""
        home = owner.created[1] if owner.created is not None else None
        function = scope.owner
        if scope is home or not isinstance(function, Function) or depth > 6:
            return (at,) if scope is home or home is None else (END, at)
        callers = self._eval.callers(function)
        if not callers:
            return (END, at)
        caller = callers[0]
        return (*self._order(owner, caller.scope, caller.at, depth + 1), at)
