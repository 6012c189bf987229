"""Linking: from the program to its applications."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from .. import ir
from ..walk import expressions, statements, walk
from .application import (
    Dependency,
    Event,
    ExceptionHandler,
    Include,
    Middleware,
    Mount,
    Option,
    Place,
    Route,
    Router,
)
from .dependencies import Injection
from .evaluate import Evaluator, keyword
from .names import (
    BASE_HTTP_MIDDLEWARE,
    CORS_MIDDLEWARE,
    FASTAPI,
    MIDDLEWARE,
    ROUTER,
    STARLETTE,
)
from .program import Program, Site
from .scopes import END, Class, Function, Module, Scope
from .sessions import Sessions
from .sockets import Sockets
from .tasks import Task, Tasks
from .values import (
    Argument,
    ClassValue,
    External,
    FunctionValue,
    Instance,
    Literal,
    Mapping,
    Method,
    Partial,
    Sequence,
    Value,
)

_METHODS = frozenset({"get", "post", "put", "delete", "patch", "head", "options", "trace"})
_OTHER_ROUTES = ("api_route", "websocket", "websocket_route", "route")
_APPS = (FASTAPI, STARLETTE)
_OWNERS = (FASTAPI, STARLETTE, ROUTER)
_CLASSES = ("FastAPI", "APIRouter", "Starlette")
_MAX_PASSES = 6

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


_Register: TypeAlias = Callable[[Router, Site], None]


@dataclass(frozen=True)
class Application:
    """Everything that FastAPI builds from one project."""

    program: Program
    injection: Injection
    apps: tuple[Router, ...]
    routers: tuple[Router, ...]
    middleware: tuple[Middleware, ...]
    tasks: tuple[Task, ...]
    sessions: Sessions
    sockets: Sockets

    def owners(self) -> Iterator[Router]:
        """All apps, then all routers."""
        yield from self.apps
        yield from self.routers

    def routes(self) -> Iterator[Route]:
        """All routes, linked to an app or not."""
        for owner in self.owners():
            yield from owner.routes

    def apps_of(self, route: Route) -> Iterator[Router]:
        """The applications that serve a route, by themselves or through a mount."""
        for app in self.apps:
            if any(found is route for found, _ in app.reachable(mounts=True)):
                yield app

    def dependencies_of(self, route: Route) -> Iterator[Dependency]:
        """Every dependency that runs for a route: its own, its routers', its apps', and theirs."""
        queue = [*route.dependencies, *route.owner.dependencies]
        if route.endpoint is not None:
            queue.extend(d for _, d in self.injection.parameters(route.endpoint))
        for app in self.apps_of(route):
            queue.extend(app.dependencies)
        for owner in self.owners():
            for include in owner.includes:
                if any(found is route for found, _ in include.child.reachable(mounts=False)):
                    queue.extend((*include.dependencies, *owner.dependencies))
        seen: set[int] = set()
        while queue:
            dependency = queue.pop(0)
            if id(dependency) in seen:
                continue
            seen.add(id(dependency))
            yield dependency
            for value in dependency.callables:
                function = self.injection.function_of(value)
                if function is not None:
                    queue.extend(d for _, d in self.injection.parameters(function))

    def serves_only_websockets(self, function: Function) -> bool:
        """Whether a function is an endpoint, and of WebSocket routes alone."""
        kinds = {route.is_websocket for route in self.routes() if route.endpoint is function}
        return kinds == {True}


def link(program: Program) -> Application:
    """Link a program."""
    linker = _Linker(program)
    linker.run()
    owners = sorted(linker.owners.values(), key=lambda owner: owner.place.sort_key)
    return Application(
        program,
        linker.injection,
        tuple(owner for owner in owners if owner.is_app),
        tuple(owner for owner in owners if not owner.is_app),
        tuple(linker.registrations()),
        tuple(Tasks(program, linker.injection).all()),
        Sessions(program, linker.injection),
        Sockets(program, linker.injection),
    )


_ROUTE_CLASSES = frozenset({"Route", "APIRoute", "WebSocketRoute", "APIWebSocketRoute"})
_CORS_PARAMETERS = (
    "app",
    "allow_origins",
    "allow_methods",
    "allow_headers",
    "allow_credentials",
    "allow_origin_regex",
)


class _Linker:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.eval: Evaluator = program.evaluator()
        self.injection = Injection(program)
        self.owners: dict[object, Router] = {}

    def run(self) -> None:
        self._create_all()
        self._follow()
        sites, applied = self.program.sites, self.program.applied_sites
        verbs: tuple[tuple[Callable[..., Iterator[Site]], tuple[str, ...], _Register], ...] = (
            (applied, (*sorted(_METHODS), *_OTHER_ROUTES), self._route_decorator),
            (sites, ("add_api_route", "add_api_websocket_route"), self._add_route),
            (sites, ("add_route", "add_websocket_route"), self._add_route),
            (sites, ("include_router",), self._include),
            (sites, ("mount",), self._mount),
            (sites, ("add_middleware",), self._add_middleware),
            (applied, ("middleware",), self._middleware_decorator),
            (sites, ("exception_handler", "add_exception_handler"), self._exception_handler),
            (sites, ("on_event", "add_event_handler"), self._event),
        )
        for find, names, register in verbs:
            for site in find(*names):
                func = site.call.func
                if not isinstance(func, ir.Attribute):
                    continue
                for owner in self.receivers(func.value, site.scope, site.at):
                    register(owner, site)
        self._assigned_lifespans()

    # Owners

    def _create_all(self) -> None:
        for name in self._class_names():
            for site in self.program.sites(name):
                for cls in self.eval.evaluate(site.call.func, site.scope, site.at):
                    if self.eval.is_a(cls, *_OWNERS):
                        self._owner(Instance(cls, site.call, site.scope, site.at))

        for name in self._class_names():
            for base in (name, *_CLASSES):
                for subclass in self.program.subclasses(base):
                    value = ClassValue(subclass)
                    if self.eval.is_a(value, *_OWNERS) and not any(
                        isinstance(key, Instance) and key.cls == value for key in self.owners
                    ):
                        self._owner(Instance(value, None, None, 0))

    def _follow(self) -> None:
        """Read the modules of functions that an app or router is passed to, and so on."""
        queue = [(owner.created[1], 0) for owner in self.owners.values() if owner.created]
        seen: set[int] = set()
        while queue:
            scope, depth = queue.pop()
            if id(scope) in seen or depth > _MAX_PASSES:
                continue
            seen.add(id(scope))
            for sites in tuple(self.program.scope_sites(scope).values()):
                for site in sites:
                    if any(self._is_owner(arg, site) for arg in site.call.args):
                        for value in self.eval.evaluate(site.call.func, site.scope, site.at):
                            if isinstance(value, (FunctionValue, Method)):
                                queue.append((value.function.scope, depth + 1))

    def _is_owner(self, node: ir.Expr, site: Site) -> bool:
        return isinstance(node, (ir.Name, ir.Attribute)) and any(
            isinstance(value, Instance) and value in self.owners
            for value in self.eval.evaluate(node, site.scope, site.at)
        )

    def _class_names(self) -> tuple[str, ...]:
        names = dict.fromkeys(_CLASSES)
        queue = list(names)
        while queue:
            for cls in self.program.subclasses(queue.pop()):
                if cls.name not in names:
                    names[cls.name] = None
                    queue.append(cls.name)
        for module in tuple(self.program.modules.values()):
            for bound, bindings in module.scope.bindings.items():
                source = bindings[0].source
                if isinstance(source, ir.Import) and source.name in names:
                    names.setdefault(bound)
        return tuple(names)

    def receivers(self, node: ir.Expr, scope: Scope, at: int) -> Iterator[Router]:
        """The apps and routers that an expression may be."""
        values = self.eval.evaluate(node, scope, at)
        found = [owner for value in values for owner in self._owners_of(value)]
        if not found:
            found = [owner for value in values for owner in self._declared(value)]
        yield from dict.fromkeys(found)

    def _owners_of(self, value: Value) -> Iterator[Router]:
        if not isinstance(value, Instance) or not self.eval.is_a(value.cls, *_OWNERS):
            return
        if value.call is not None:
            yield self._owner(value)
            return
        assert isinstance(value.cls, ClassValue)
        made = [
            owner
            for key, owner in tuple(self.owners.items())
            if isinstance(key, Instance)
            and isinstance(key.cls, ClassValue)
            and value.cls.cls in self.eval.mro(key.cls.cls)
        ]
        yield from made or [self._owner(value)]

    def _declared(self, value: Value) -> Iterator[Router]:
        """An app or router known only by the annotation of the parameter that receives it."""
        if not isinstance(value, Argument) or value.param.annotation is None:
            return
        function, param = value.function, value.param
        for cls in self.injection.types(param.annotation, function.parent, function.node.at):
            if self.eval.is_a(cls, *_OWNERS):
                place = Place(function.module, param.at)
                is_app = self.eval.is_a(cls, *_APPS)
                is_fastapi = not self.eval.is_a(cls, STARLETTE)
                yield self.owners.setdefault(
                    value, Router(is_app, is_fastapi, place, param.name, None)
                )

    def _owner(self, value: Instance) -> Router:
        owner = self.owners.get(value)
        if owner is not None:
            return owner
        is_app = self.eval.is_a(value.cls, *_APPS)
        is_fastapi = self.eval.is_a(value.cls, FASTAPI, ROUTER)
        if value.call is None or value.scope is None:
            assert isinstance(value.cls, ClassValue)
            cls = value.cls.cls
            owner = Router(is_app, is_fastapi, Place(cls.module, cls.node.at), cls.name, None)
        else:
            place = Place(value.scope.module, value.call.at)
            name = _assigned_name(value.call, value.scope)
            owner = Router(is_app, is_fastapi, place, name, (value.call, value.scope, value.at))
        self.owners[value] = owner
        owner.options = self._options(value)
        self._apply_options(owner)
        return owner

    def _options(self, value: Instance) -> dict[str, Option]:
        options: dict[str, Option] = {}
        if isinstance(value.cls, ClassValue):
            for cls in reversed(self.eval.mro(value.cls.cls)):
                init = cls.method("__init__")
                if init is not None:
                    for site in self.program.scope_sites(init.scope).get("__init__", ()):
                        self._keywords(site.call, site.scope, site.at, options)
        if value.call is not None and value.scope is not None:
            self._keywords(value.call, value.scope, value.at, options)
        return options

    def _keywords(self, call: ir.Call, scope: Scope, at: int, options: dict[str, Option]) -> None:
        for item in call.keywords:
            if item.name is not None:
                place = Place(scope.module, item.at)
                options[item.name] = Option(item.value, scope, at, place)
                continue
            for value in self.eval.evaluate(item.value, scope, at):
                if isinstance(value, Mapping):
                    place = Place(scope.module, item.at)
                    for key, expression in value.node.items:
                        if isinstance(key, ir.Constant) and isinstance(key.value, str):
                            options[key.value] = Option(expression, value.scope, value.at, place)

    def _apply_options(self, owner: Router) -> None:
        options = owner.options
        if (option := options.get("lifespan")) is not None:
            owner.lifespans = self.eval.evaluate(option.value, option.scope, option.at)
            owner.lifespan_place = option.place
        if (option := options.get("prefix")) is not None:
            owner.prefix = self.text(option.value, option.scope, option.at)
        if (option := options.get("dependencies")) is not None:
            owner.dependencies = self.injection.listed(option.value, option.scope, option.at)
        if (option := options.get("middleware")) is not None:
            self._listed_middleware(owner, option)
        if (option := options.get("routes")) is not None:
            self._listed_routes(owner, option)
        if (option := options.get("exception_handlers")) is not None:
            self._handler_table(owner, option)
        for name in ("on_startup", "on_shutdown"):
            if (option := options.get(name)) is not None and not self._is_empty(option):
                event = name.removeprefix("on_")
                owner.events.append(Event(owner, event, "argument", None, option.place, False))

    def _is_empty(self, option: Option) -> bool:
        values = self.eval.evaluate(option.value, option.scope, option.at)
        return all(
            value == Literal(None)
            or isinstance(value, Argument)
            or (isinstance(value, Sequence) and not value.items)
            for value in values
        )

    def text(self, node: ir.Expr | None, scope: Scope, at: int) -> str | None:
        """The one string that an expression is; `None` if it cannot be told."""
        values = [v for v in self.eval.evaluate(node, scope, at) if not isinstance(v, Argument)]
        if len(values) == 1 and isinstance(values[0], Literal):
            value = values[0].value
            return value if isinstance(value, str) else None
        return None

    # Routes

    def _route_decorator(self, owner: Router, site: Site) -> None:
        assert isinstance(site.call.func, ir.Attribute)
        verb = site.call.func.attr
        if isinstance(site.decorates, Function):
            endpoint: Function | None = site.decorates
        elif site.applied_to is not None:
            endpoint = self._function(site.applied_to, site.scope, site.at)
        else:
            return
        path = site.call.args[0] if site.call.args else keyword(site.call, "path")
        if verb in _METHODS:
            methods: tuple[str, ...] | None = (verb.upper(),)
        elif verb.startswith("websocket"):
            methods = ()
        else:
            methods = self._methods(site)
        self._route(owner, site, path, methods, endpoint, verb.startswith("websocket"))

    def _add_route(self, owner: Router, site: Site) -> None:
        assert isinstance(site.call.func, ir.Attribute)
        args = site.call.args
        path = args[0] if args else keyword(site.call, "path")
        target = args[1] if len(args) > 1 else (
            keyword(site.call, "endpoint") or keyword(site.call, "route")
        )  # fmt: skip
        if target is None:
            return
        is_websocket = "websocket" in site.call.func.attr
        endpoint = self._function(target, site.scope, site.at)
        methods = () if is_websocket else self._methods(site)
        self._route(owner, site, path, methods, endpoint, is_websocket)

    def _route(
        self,
        owner: Router,
        site: Site,
        path: ir.Expr | None,
        methods: tuple[str, ...] | None,
        endpoint: Function | None,
        is_websocket: bool,
    ) -> None:
        listed = keyword(site.call, "dependencies")
        dependencies = (
            self.injection.listed(listed, site.scope, site.at) if listed is not None else ()
        )
        text = self.text(path, site.scope, site.at)
        owner.routes.append(Route(owner, is_websocket, text, methods, endpoint, site, dependencies))

    def _listed_routes(self, owner: Router, option: Option) -> None:
        """Routes given as `routes=[WebSocketRoute("/ws", endpoint)]`."""
        for value in self.eval.items(self.eval.evaluate(option.value, option.scope, option.at)):
            if not isinstance(value, Instance) or not isinstance(value.cls, External):
                continue
            kind = value.cls.name.rpartition(".")[2]
            if value.call is None or value.scope is None or kind not in _ROUTE_CLASSES:
                continue
            site = Site(value.call, value.scope, value.at)
            args = value.call.args
            target = args[1] if len(args) > 1 else keyword(value.call, "endpoint")
            if target is not None:
                endpoint = self._function(target, site.scope, site.at)
                is_websocket = "WebSocket" in kind
                methods = () if is_websocket else self._methods(site)
                self._route(owner, site, args[0] if args else None, methods, endpoint, is_websocket)

    def _methods(self, site: Site) -> tuple[str, ...] | None:
        listed = keyword(site.call, "methods")
        if listed is None:
            return ("GET",)
        values = tuple(self.eval.items(self.eval.evaluate(listed, site.scope, site.at)))
        texts = [str(v.value).upper() for v in values if isinstance(v, Literal)]
        return tuple(texts) if len(texts) == len(values) else None

    def _function(self, node: ir.Expr, scope: Scope, at: int) -> Function | None:
        return next(
            (function for value in self.eval.evaluate(node, scope, at)
             if (function := self.function_of(value)) is not None),
            None,
        )  # fmt: skip

    def function_of(self, value: Value) -> Function | None:
        """The function of the project that calling a value runs."""
        match value:
            case FunctionValue(function) | Method(function, _):
                return function
            case Partial(callee, _, _, _):
                return self.function_of(callee)
            case Instance(ClassValue(cls)):
                return self.eval.find_method(cls, "__call__")
        return None

    # Structure

    def _include(self, owner: Router, site: Site) -> None:
        child = site.call.args[0] if site.call.args else keyword(site.call, "router")
        if child is None:
            return
        given = keyword(site.call, "prefix")
        prefix = "" if given is None else self.text(given, site.scope, site.at)
        listed = keyword(site.call, "dependencies")
        dependencies: tuple[Dependency, ...] = (
            self.injection.listed(listed, site.scope, site.at) if listed is not None else ()
        )
        for router in self.receivers(child, site.scope, site.at):
            if router is not owner:
                owner.includes.append(Include(router, prefix, dependencies, site))

    def _mount(self, owner: Router, site: Site) -> None:
        args = site.call.args
        path = args[0] if args else keyword(site.call, "path")
        target = args[1] if len(args) > 1 else keyword(site.call, "app")
        if target is None:
            return
        text = self.text(path, site.scope, site.at)
        apps = list(self.receivers(target, site.scope, site.at))
        for app in apps or (None,):
            owner.mounts.append(Mount(app, text, site))

    # Middleware

    def registrations(self) -> Iterator[Middleware]:
        """Every registering call once, also where the application could not be told."""
        linked = {id(m.call): m for owner in self.owners.values() for m in owner.middleware}
        yield from linked.values()
        for name in ("add_middleware", *self._cors_names()):
            for site in self.program.sites(name):
                if id(site.call) not in linked:
                    yield from self._unlinked(site)

    def _cors_names(self) -> tuple[str, ...]:
        subclasses = self.program.subclasses("CORSMiddleware")
        return ("CORSMiddleware", *dict.fromkeys(cls.name for cls in subclasses))

    def _unlinked(self, site: Site) -> Iterator[Middleware]:
        callees = self.eval.evaluate(site.call.func, site.scope, site.at)
        if any(self.eval.is_a(callee, CORS_MIDDLEWARE) for callee in callees):
            targets, how = callees, "wrapped"
        elif ir.last_name(site.call.func) == "add_middleware" and site.call.args:
            targets, how = self.eval.evaluate(site.call.args[0], site.scope, site.at), "unlinked"
        else:
            return
        for target in targets:
            place = Place(site.module, site.call.at)
            yield self._made(None, target, site.call, site.scope, site.at, place, how, (END,))

    def _add_middleware(self, owner: Router, site: Site) -> None:
        target = site.call.args[0] if site.call.args else keyword(site.call, "middleware_class")
        if target is None:
            return
        place = Place(site.module, site.call.at)
        for value in self.eval.evaluate(target, site.scope, site.at):
            self._middleware(owner, value, site.call, site.scope, site.at, place, "added")

    def _middleware_decorator(self, owner: Router, site: Site) -> None:
        if isinstance(site.decorates, Function):
            value: Value = FunctionValue(site.decorates)
        elif site.applied_to is not None:
            value = self.eval.evaluate(site.applied_to, site.scope, site.at)[0]
        else:
            return
        place = Place(site.module, site.at)
        self._middleware(owner, value, site.call, site.scope, site.at, place, "decorated")

    def _listed_middleware(self, owner: Router, option: Option) -> None:
        values = self.eval.evaluate(option.value, option.scope, option.at)
        for value in self.eval.items(values):
            if not self.eval.instance_of(value, MIDDLEWARE) or not isinstance(value, Instance):
                continue
            call, scope = value.call, value.scope
            if call is None or scope is None:
                continue
            target = call.args[0] if call.args else keyword(call, "cls")
            for cls in self.eval.evaluate(target, scope, value.at):
                place = Place(scope.module, call.at)
                self._middleware(owner, cls, call, scope, value.at, place, "list")

    def _middleware(
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
        kind = "base-http" if how == "decorated" else self._middleware_kind(target)
        options = self._options(Instance(target, call, scope, at))
        if kind == "cors" and how == "wrapped":
            for name, value in zip(_CORS_PARAMETERS, call.args, strict=False):
                options.setdefault(name, Option(value, scope, at, place))
        production = self.program.evaluator(production=True)
        live = production.runs(scope, at) and (
            how != "list" or owner is None or self._is_listed(owner, call, production)
        )
        return Middleware(kind, target, call, options, scope, at, place, how, order, live)

    def _is_listed(self, owner: Router, call: ir.Call, view: Evaluator) -> bool:
        option = owner.options["middleware"]
        values = view.items(view.evaluate(option.value, option.scope, option.at))
        return any(isinstance(value, Instance) and value.call is call for value in values)

    def _middleware_kind(self, target: Value) -> str:
        if self.eval.is_a(target, CORS_MIDDLEWARE):
            return "cors"
        match target:
            case External(name):
                return "base-http" if name in _BASED_ON_BASE_HTTP else "unknown"
            case ClassValue(cls):
                if self._overrides_call(cls):
                    return "asgi"
                if self.eval.is_a(target, *_BASED_ON_BASE_HTTP):
                    return "base-http"
                return "unknown" if self.eval.has_unknown_base(cls) else "asgi"
        return "unknown"

    def _overrides_call(self, cls: Class) -> bool:
        method = self.eval.find_method(cls, "__call__")
        return method is not None and len(method.node.params) >= 4

    def _order(self, owner: Router, scope: Scope, at: int, depth: int) -> tuple[int, ...]:
        """Where a registration stands in the run of the code that makes the app."""
        home = owner.created[1] if owner.created is not None else None
        function = scope.owner
        if scope is home or not isinstance(function, Function) or depth > 6:
            return (at,) if scope is home or home is None else (END, at)
        callers = self.eval.callers(function)
        if not callers:
            return (END, at)
        caller = callers[0]
        return (*self._order(owner, caller.scope, caller.at, depth + 1), at)

    # Handlers and events

    def _exception_handler(self, owner: Router, site: Site) -> None:
        args = site.call.args
        exception = args[0] if args else keyword(site.call, "exc_class_or_status_code")
        values = self.eval.evaluate(exception, site.scope, site.at)
        if isinstance(site.decorates, Function):
            handler: tuple[Value, ...] = (FunctionValue(site.decorates),)
        else:
            target = site.applied_to or (
                args[1] if len(args) > 1 else keyword(site.call, "handler")
            )
            handler = self.eval.evaluate(target, site.scope, site.at)
        place = Place(site.module, site.at)
        owner.exception_handlers.append(ExceptionHandler(values, handler, place))

    def _handler_table(self, owner: Router, option: Option) -> None:
        for table in self.eval.evaluate(option.value, option.scope, option.at):
            if not isinstance(table, Mapping):
                continue
            for key, value in table.node.items:
                if key is not None:
                    owner.exception_handlers.append(
                        ExceptionHandler(
                            self.eval.evaluate(key, table.scope, table.at),
                            self.eval.evaluate(value, table.scope, table.at),
                            Place(table.scope.module, table.at),
                        )
                    )

    def _event(self, owner: Router, site: Site) -> None:
        func = site.call.func
        assert isinstance(func, ir.Attribute)
        args = site.call.args
        event = self.text(
            args[0] if args else keyword(site.call, "event_type"), site.scope, site.at
        )
        how = func.attr
        handler: Function | None = None
        if isinstance(site.decorates, Function):
            handler = site.decorates
        elif how == "add_event_handler":
            target = args[1] if len(args) > 1 else keyword(site.call, "func")
            handler = self._function(target, site.scope, site.at) if target is not None else None
        elif site.applied_to is not None:
            handler = self._function(site.applied_to, site.scope, site.at)
        via_router = isinstance(func.value, ir.Attribute) and func.value.attr == "router"
        place = Place(site.module, site.at)
        owner.events.append(Event(owner, event, how, handler, place, via_router))

    def _assigned_lifespans(self) -> None:
        """`app.router.lifespan_context = lifespan`, unless it wraps the one that was there."""
        for scope, node in self._stores("lifespan_context"):
            target = node.targets[0]
            if not isinstance(target, ir.Attribute) or _reads(scope.module, target.attr):
                continue
            for owner in self.receivers(target.value, scope, node.at):
                owner.lifespans = self.eval.evaluate(node.value, scope, node.at)
                owner.lifespan_place = Place(scope.module, node.at)

    def _stores(self, name: str) -> Iterator[tuple[Scope, ir.Assign]]:
        for module in tuple(self.program.modules.values()):
            scopes: list[Scope] = [module.scope]
            scopes.extend(f.scope for f in module.functions() if name in f.node.mentions)
            for scope in scopes:
                for node in statements(scope.body):
                    if isinstance(node, ir.Assign) and ir.last_name(node.targets[0]) == name:
                        yield scope, node


def _reads(module: Module, name: str) -> bool:
    """Whether a module reads an attribute of this name anywhere."""
    bodies: list[Iterable[ir.Stmt]] = [module.node.body]
    bodies.extend(function.body for function in module.functions())
    for body in bodies:
        for node in statements(body):
            stored = set(map(id, node.targets)) if isinstance(node, ir.Assign) else set()
            for part in _parts(node):
                if isinstance(part, ir.Attribute) and part.attr == name and id(part) not in stored:
                    return True
    return False


def _parts(node: ir.Stmt) -> Iterator[ir.Expr]:
    for expression in expressions(node):
        yield from walk(expression)


def _assigned_name(call: ir.Call, scope: Scope) -> str:
    for node in statements(scope.body):
        if isinstance(node, ir.Assign) and node.value is call:
            return ir.last_name(node.targets[0]) or "app"
    return ir.last_name(call.func) or "app"
