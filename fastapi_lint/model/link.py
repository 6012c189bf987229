"""Linking: from the program to its applications."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TypeAlias

import msgspec

from .. import ir
from ..walk import own_parts, statements
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
from .auth.clients import Clients
from .auth.tokens import Tokens
from .calls import keyword
from .crowds import disperse
from .dependencies import Injection
from .dependency.generators import Generators
from .dependency.per_request import PerRequest
from .dependency.sessions import Sessions
from .exceptions import Exceptions
from .graph import Graph
from .index import Index
from .layers import Layer, Layers
from .lifespan.lifespans import Lifespans
from .lifespan.resources import Resources
from .lifespan.shapes import Shapes
from .lifespan.states import States
from .middleware.limits import Limits
from .owners import Owners
from .program import Program, Site
from .scopes import Function, Module, Scope
from .sockets.connections import Connections, Operation
from .sockets.receiving import Sockets
from .stack import Stack
from .suites.async_clients import AsyncClients
from .suites.leaking import Leaks
from .suites.replacing import Replacing
from .suites.testing import Fixtures, Overrides
from .summaries import Summaries
from .tasks.lost import LostTasks
from .tasks.started import AddedTasks, Task, Tasks, collectors, holders
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
_ROUTE_CLASSES = frozenset({"Route", "APIRoute", "WebSocketRoute", "APIWebSocketRoute"})
_HANDLER_LISTS = re.compile(rb"on_s(?:tartup|hutdown)")
_GROWING = ("append", "insert", "extend")
_MAX_CALLERS = 3
_Register: TypeAlias = Callable[[Router, Site], None]


class Application(msgspec.Struct, frozen=True, eq=False, dict=True):
    """Everything that FastAPI builds from one project."""

    program: Program
    index: Index
    injection: Injection
    apps: tuple[Router, ...]
    routers: tuple[Router, ...]
    middleware: tuple[Middleware, ...]
    tasks: tuple[Task, ...]
    sessions: Sessions
    sockets: Sockets
    graph: Graph
    exceptions: Exceptions
    summaries: Summaries
    connections: Connections

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The middleware that the project defines, registered or not."""
        return Layers(self.program, self.index, self.middleware).all()

    @cached_property
    def generators(self) -> Generators:
        """What happens around the `yield` of dependencies."""
        return Generators(self.program, self.exceptions, self.summaries)

    @cached_property
    def lifespans(self) -> Lifespans:
        """Who starts and stops what."""
        return Lifespans(self.program)

    @cached_property
    def resources(self) -> Resources:
        """What the project opens, and what releases it."""
        return Resources(self.program, self.index, self.summaries)

    @cached_property
    def per_request(self) -> PerRequest:
        """What is opened again for each request."""
        return PerRequest(self.program, self.resources, self.graph, self.injection)

    @cached_property
    def states(self) -> States:
        """What is read from `app.state`, and what may be set there."""
        return States(self.program, self.index, self.injection)

    @cached_property
    def shapes(self) -> Shapes:
        """What is wrong with the shape of lifespans."""
        return Shapes(self.program, self.lifespans, self.summaries)

    @cached_property
    def fixtures(self) -> Fixtures:
        """The fixtures of the tests."""
        return Fixtures(self.program, self.index)

    @cached_property
    def overrides(self) -> Overrides:
        """The dependencies that are overridden."""
        return Overrides(self.program, self.index, self.fixtures)

    @cached_property
    def leaks(self) -> Leaks:
        """The overrides that outlive their tests."""
        return Leaks(self.program, self.index, self.fixtures, self.overrides)

    @cached_property
    def async_clients(self) -> AsyncClients:
        """The clients of HTTPX that are given an application."""
        return AsyncClients(self.program, self.index)

    @cached_property
    def replacing(self) -> Replacing:
        """What the overrides of dependencies replace, and by what."""
        return Replacing(
            self.program, self.index, self.graph, self.injection, self.fixtures, self.overrides
        )

    @cached_property
    def limits(self) -> Limits:
        """The limits of slowapi on functions."""
        return Limits(self.program, self.index)

    @cached_property
    def lost_tasks(self) -> LostTasks:
        """The background tasks that an exception takes away."""
        return LostTasks(self)

    @cached_property
    def tokens(self) -> Tokens:
        """JSON web tokens: where they are made and read."""
        return Tokens(self)

    @cached_property
    def clients(self) -> Clients:
        """Which values came from the client."""
        return Clients(self)

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
        yield from self.graph.apps_of(route)

    def dependencies_of(self, route: Route) -> Iterator[Dependency]:
        """Every dependency that runs for a route: its own, its routers', its apps', and theirs."""
        steps = self.graph.steps(route)
        yield from {id(step.use.dependency): step.use.dependency for step in steps}.values()

    def collectors(self, function: Function) -> frozenset[ir.Expr]:
        """What holds the response's `BackgroundTasks` in a function."""
        return collectors(function, self.injection, self.program.evaluator()) | holders(
            function, self.program, self.injection
        )

    def added_tasks(self, function: Function) -> AddedTasks:
        """The paths of a function with the background tasks that it adds on each."""
        names = self.collectors(function)
        return AddedTasks(self.exceptions, self.summaries, function, names)

    def operations(self, route: Route) -> tuple[Operation, ...]:
        """What a WebSocket route does with its socket."""
        return self.connections.operations(route, self.graph.steps(route))

    def leading_to(self, function: Function) -> frozenset[Function]:
        """A function, and the functions that call it, themselves or through a few others."""
        view = self.program.evaluator()
        found, latest = {function}, [function]
        for _ in range(_MAX_CALLERS):
            sites = [site for called in latest for site in view.callers(called)]
            latest = [
                owner
                for owner in dict.fromkeys(site.scope.owner for site in sites)
                if isinstance(owner, Function) and owner not in found
            ]
            found.update(latest)
        return frozenset(found)

    def serves_only_websockets(self, function: Function) -> bool:
        """Whether a function is an endpoint, and of WebSocket routes alone."""
        routes = self.graph.endpoints.get(function, ())
        return bool(routes) and all(route.is_websocket for route in routes)


def link(program: Program) -> Application:
    """Link a program."""
    linker = _Linker(program)
    linker.run()
    owners = sorted(linker.owners.all.values(), key=lambda owner: owner.place.sort_key)
    apps = tuple(owner for owner in owners if owner.is_app)
    routers = tuple(owner for owner in owners if not owner.is_app)
    exceptions = Exceptions(program)
    middleware = tuple(linker.stack.registrations())
    tasks = tuple(Tasks(program, linker.injection).all())
    return Application(
        program,
        Index(program),
        linker.injection,
        apps,
        routers,
        middleware,
        tasks,
        Sessions(program, linker.injection),
        Sockets(program, linker.injection, exceptions),
        Graph(program, linker.injection, apps, routers),
        exceptions,
        Summaries(program, linker.injection, exceptions),
        Connections(program, linker.injection, exceptions),
    )


class _Linker:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.eval = program.evaluator()
        self.injection = Injection(program)
        self.owners = Owners(program, self.injection)
        self.stack = Stack(program, self.owners)

    def run(self) -> None:
        self.owners.create_all()
        self.owners.follow()
        sites, applied = self.program.sites, self.program.applied_sites
        verbs: tuple[tuple[Callable[..., Iterator[Site]], tuple[str, ...], _Register], ...] = (
            (applied, (*sorted(_METHODS), *_OTHER_ROUTES), self._route_decorator),
            (sites, ("add_api_route", "add_api_websocket_route"), self._add_route),
            (sites, ("add_route", "add_websocket_route"), self._add_route),
            (sites, ("include_router",), self._include),
            (sites, ("mount",), self._mount),
            (sites, ("add_middleware",), self.stack.add),
            (applied, ("middleware",), self.stack.decorate),
            (sites, ("exception_handler", "add_exception_handler"), self._exception_handler),
            (applied, ("on_event",), self._event),
            (sites, ("add_event_handler",), self._event),
        )
        for find, names, register in verbs:
            for site in find(*names):
                func = site.call.func
                if not isinstance(func, ir.Attribute):
                    continue
                for owner in self.owners.receivers(func.value, site.scope, site.at):
                    register(owner, site)
        for owner in tuple(self.owners.all.values()):
            self._apply_options(owner)
        self._listed_events()
        disperse(self.owners.all.values())
        self._assigned_lifespans()

    def _apply_options(self, owner: Router) -> None:
        options = owner.options
        if (option := options.get("lifespan")) is not None:
            owner.lifespans = self.eval.evaluate(option.value, option.scope, option.at)
            owner.lifespan_place = option.place
        if (option := options.get("prefix")) is not None:
            owner.prefix = self.owners.text(option.value, option.scope, option.at)
        if (option := options.get("dependencies")) is not None:
            owner.dependencies = self.injection.listed(option.value, option.scope, option.at)
        if (option := options.get("middleware")) is not None:
            self.stack.add_listed(owner, option)
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
        text = self.owners.text(path, site.scope, site.at)
        owner.routes.append(Route(owner, is_websocket, text, methods, endpoint, site, dependencies))

    def _listed_routes(self, owner: Router, option: Option) -> None:
        """Routes given as `routes=[WebSocketRoute("/ws", endpoint)]`."""
        for value in self.eval.items(self.eval.evaluate(option.value, option.scope, option.at)):
            if not isinstance(value, Instance) or not isinstance(value.cls, External):
                continue
            kind = value.cls.name.rpartition(".")[2]
            if value.call is None or value.scope is None:
                continue
            site = Site(value.call, value.scope, value.at)
            if kind == "Mount":
                self._mount(owner, site)
            if kind not in _ROUTE_CLASSES:
                continue
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
        prefix = "" if given is None else self.owners.text(given, site.scope, site.at)
        listed = keyword(site.call, "dependencies")
        dependencies: tuple[Dependency, ...] = (
            self.injection.listed(listed, site.scope, site.at) if listed is not None else ()
        )
        found = tuple(self.owners.receivers(child, site.scope, site.at))
        # FastAPI includes no application, only what an application has as its `router`.
        is_inner = isinstance(child, ir.Attribute) and child.attr == "router"
        for router in found:
            if router is not owner and (is_inner or not router.is_app):
                owner.includes.append(Include(router, prefix, dependencies, site))
        if not found:
            owner.unresolved.append(site)

    def _mount(self, owner: Router, site: Site) -> None:
        args = site.call.args
        path = args[0] if args else keyword(site.call, "path")
        target = args[1] if len(args) > 1 else keyword(site.call, "app")
        if target is None:
            return
        text = self.owners.text(path, site.scope, site.at)
        apps = list(self.owners.receivers(target, site.scope, site.at))
        for app in apps or (None,):
            owner.mounts.append(Mount(app, text, site))

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
        owner.exception_handlers.append(ExceptionHandler(exception, values, handler, place))

    def _handler_table(self, owner: Router, option: Option) -> None:
        for table in self.eval.evaluate(option.value, option.scope, option.at):
            if not isinstance(table, Mapping):
                continue
            for key, value in table.node.items:
                if key is not None:
                    owner.exception_handlers.append(
                        ExceptionHandler(
                            key,
                            self.eval.evaluate(key, table.scope, table.at),
                            self.eval.evaluate(value, table.scope, table.at),
                            Place(table.scope.module, table.at),
                        )
                    )

    def _event(self, owner: Router, site: Site) -> None:
        func = site.call.func
        assert isinstance(func, ir.Attribute)
        args = site.call.args
        event = self.owners.text(
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
        owner.events.append(Event(owner, event, how, handler, place, via_router, site))

    def _listed_events(self) -> None:
        """`app.router.on_startup.append(connect)`."""
        for site in self.program.sites_near(_HANDLER_LISTS, *_GROWING):
            match site.call.func:
                case ir.Attribute(ir.Attribute(holder, "on_startup" | "on_shutdown" as name), verb):
                    self._listed_event(holder, name, verb, site)

    def _listed_event(self, holder: ir.Expr, name: str, verb: str, site: Site) -> None:
        via_router = isinstance(holder, ir.Attribute) and holder.attr == "router"
        handler: Function | None = None
        if site.call.args and verb != "extend":
            handler = self._function(site.call.args[-1], site.scope, site.at)
        for owner in self.owners.receivers(holder, site.scope, site.at):
            if via_router or not owner.is_app:
                event, place = name.removeprefix("on_"), Place(site.module, site.at)
                how = f"{name}.{verb}"
                owner.events.append(Event(owner, event, how, handler, place, via_router, site))

    def _assigned_lifespans(self) -> None:
        """`app.router.lifespan_context = lifespan`, unless it wraps the one that was there."""
        for scope, node in self._stores("lifespan_context"):
            target = node.targets[0]
            if not isinstance(target, ir.Attribute) or _reads(scope.module, target.attr):
                continue
            for owner in self.owners.receivers(target.value, scope, node.at):
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
            for part in own_parts(node):
                if isinstance(part, ir.Attribute) and part.attr == name and id(part) not in stored:
                    return True
    return False
