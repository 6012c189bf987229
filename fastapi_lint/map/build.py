"""The map of a linked project: which applications it has, and what each consists of."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .. import ir
from ..engine import Report
from ..model import application as model
from ..model.calls import keyword
from ..model.documented import is_shown
from ..model.lifespan.lifespans import Given
from ..model.program import Site
from ..model.requests import Requests, Solved, is_scheme
from ..model.responses import RESPONSES
from ..model.scopes import Class, Function, Scope
from ..model.tasks.started import Task as StartedTask
from ..model.values import (
    ClassValue,
    External,
    FunctionValue,
    Instance,
    Literal,
    Mapping,
    without_parameters,
)
from ..versions import Targets
from . import naming
from .marking import Extent, Marks, extent
from .structure import (
    App,
    Dependency,
    Handler,
    Location,
    Map,
    Mark,
    Middleware,
    Mount,
    Route,
    Start,
    Task,
    Unresolved,
    Version,
)

_DOCUMENTATION = (
    ("openapi_url", "/openapi.json"),
    ("docs_url", "/docs"),
    ("swagger_ui_oauth2_redirect_url", "/docs/oauth2-redirect"),
    ("redoc_url", "/redoc"),
)


@dataclass(frozen=True)
class _Url:
    """Where a part of the documentation is, if the conditions hold; a path may be unknown."""

    path: str | None
    conditions: tuple[str, ...]


def build(report: Report) -> Map:
    """The map of the project that a report is about, with its findings on it.

    It shows the applications that are made in the checked paths, without those of tests unless
    there are no others.
    """
    return _Builder(report).map()


class _Builder:
    def __init__(self, report: Report) -> None:
        self._root = report.root
        self._context = report.context
        self._application = report.context.application
        self._eval = report.context.evaluator()
        self._marks = Marks(report.findings, self._span)
        self._reported = report.reported

    def map(self) -> Map:
        """Everything."""
        application = self._application
        shown = [owner for owner in application.apps if self._is_shown(owner)]
        mounted = {mount.app for owner in application.owners() for mount in owner.mounts}
        apps = [app for app in shown if app not in mounted] or shown
        included = {i.child for owner in application.owners() for i in owner.includes} | mounted
        included |= {router for app in application.apps for router in self._webhooks(app)}
        routers = [
            router
            for router in application.routers
            if router not in included and self._is_shown(router) and router.routes
        ]
        modules = [app.place.module for app in (*apps, *routers)]
        modules = modules or [*application.program.modules.values()]
        targets = self._context.targets(modules[0]) if modules else None
        return Map(
            _version(targets) if targets is not None else Version("", False, True, ()),
            tuple([self._app(app, "", ()) for app in apps]),
            tuple([self._app(router, "", ()) for router in routers]),
        )

    def _is_shown(self, owner: model.Router) -> bool:
        """Whether an application or router is made in the checked paths, by more than an import."""
        module = owner.place.module
        others = any(not app.place.module.is_test for app in self._application.apps)
        has_content = owner.created is not None or owner.routes or owner.includes
        return (
            module.path in self._reported and not (module.is_test and others) and bool(has_content)
        )

    def _webhooks(self, app: model.Router) -> Iterator[model.Router]:
        option = app.options.get("webhooks")
        if option is not None:
            values = self._eval.evaluate(option.value, option.scope, option.at)
            made = [value.site for value in values if isinstance(value, Instance)]
            for router in self._application.routers:
                place = router.place
                if (place.module.path, place.at) in made:
                    yield router

    # Places

    def _span(self, path: str, row: int, column: int) -> Location:
        name = os.path.relpath(path, self._root).replace(os.sep, "/")
        return Location(name, row, column)

    def _location(self, place: model.Place) -> Location:
        row, column, _, _ = place.span
        return self._span(place.module.path, row, column)

    def _definition(self, node: Function | Class) -> Location:
        return self._location(model.Place(node.module, node.node.at))

    def _marked(
        self, places: Iterable[model.Place], nodes: Iterable[Function | Class]
    ) -> tuple[Mark, ...]:
        extents = [Extent(p.module.path, p.span[0], p.span[2]) for p in places]
        extents.extend(extent(node) for node in nodes)
        return self._marks.within(extents)

    # Applications

    def _app(self, app: model.Router, path: str, above: tuple[model.Router, ...]) -> App:
        targets = self._context.targets(app.place.module)
        requests = Requests(self._application.injection, self._eval, targets.fastapi)
        includes_mount = targets.fastapi.at_least("0.137")
        routes = [*self._documentation(app, path)]
        mounts: list[Mount] = []
        routers: list[tuple[model.Router, str]] = [(app, path)]
        routes.extend(
            self._route(app, served, path, requests)
            for served in app.served(mounts=False)
            if all(_is_own(owner, site) for owner, site in _registrations(app, served))
        )
        routers.extend(_included(app, path))
        for owner, prefix in routers:
            if owner is app or includes_mount:
                mounts.extend(self._mounts(owner, prefix, (*above, app)))
        return App(
            app.name,
            "router" if not app.is_app else "fastapi" if app.is_fastapi else "starlette",
            path,
            self._location(app.place),
            tuple([self._middleware(m) for m in app.stack() if _is_own(app, m.place)]),
            tuple([self._handler(h) for h in app.exception_handlers if _is_own(app, h.place)]),
            tuple([start for owner, _ in routers for start in self._starts(owner)]),
            tuple(routes),
            tuple(mounts),
            tuple([u for owner, prefix in routers for u in self._unresolved(owner, prefix)]),
            self._flag(app, "redirect_slashes"),
            self._marked([app.place], ()),
        )

    def _mounts(
        self, owner: model.Router, prefix: str, above: tuple[model.Router, ...]
    ) -> Iterator[Mount]:
        for mount in owner.mounts:
            if not _is_own(owner, mount.site):
                continue
            path = prefix + _shown(mount.path, "mount")
            place = model.Place(mount.site.module, mount.site.at)
            call = mount.site.call
            target = call.args[1] if len(call.args) > 1 else keyword(call, "app")
            if mount.app is not None and mount.app not in above:
                app = self._app(mount.app, path, above)
                yield Mount(path, mount.app.name, self._location(place), app)
            else:
                values = self._eval.evaluate(target, mount.site.scope, mount.site.at)
                yield Mount(path, naming.kind_of(values), self._location(place), None)

    def _unresolved(self, owner: model.Router, prefix: str) -> Iterator[Unresolved]:
        inner = _inner(owner, prefix)
        for site in owner.unresolved:
            if not _is_own(owner, site):
                continue
            call = site.call
            given = keyword(call, "prefix")
            below: str | None = ""
            if given is not None:
                below = self._text(given, site.scope, site.at)
            child = call.args[0] if call.args else keyword(call, "router")
            place = model.Place(site.module, site.at)
            yield Unresolved(
                naming.written(child) or "?",
                inner + _shown(below, "prefix"),
                self._location(place),
            )

    # Routes

    def _documentation(self, app: model.Router, path: str) -> Iterator[Route]:
        """The routes that FastAPI itself adds: they come first."""
        if not (app.is_app and app.is_fastapi):
            return
        urls = {name: self._url(app, name, default) for name, default in _DOCUMENTATION}
        needed = {name: [urls["openapi_url"], url] for name, url in urls.items()}
        needed["swagger_ui_oauth2_redirect_url"].append(urls["docs_url"])
        for name, url in urls.items():
            if url is None or None in needed[name]:
                continue
            conditions = [c for other in needed[name] if other for c in other.conditions]
            yield Route(
                "built-in",
                ("GET", "HEAD"),
                path + _shown(url.path, name),
                name,
                None,
                True,
                conditions=tuple(dict.fromkeys(conditions)),
            )

    def _url(self, app: model.Router, name: str, default: str) -> _Url | None:
        """Where a part of the documentation is; `None` if nowhere."""
        option = app.options.get(name)
        if option is None:
            known = self._has_all_options(app)
            return _Url(default, ()) if known else _Url(None, (f"{name} is set",))
        values = without_parameters(self._eval.evaluate(option.value, option.scope, option.at))
        found = [value.value if isinstance(value, Literal) else value for value in values]
        paths = [value for value in found if value]
        if not paths:
            return None
        condition = naming.condition(option.value) or f"{name} is set"
        is_certain = len(paths) == len(found) and all(isinstance(p, str) for p in paths)
        path = paths[0] if len(paths) == 1 and isinstance(paths[0], str) else None
        return _Url(path, () if is_certain else (condition,))

    def _has_all_options(self, app: model.Router) -> bool:
        """Whether every keyword argument of an application is known."""
        if app.created is None:
            return True
        call, scope, at = app.created
        return all(
            isinstance(value, Mapping)
            for item in call.keywords
            if item.name is None
            for value in self._eval.evaluate(item.value, scope, at)
        )

    def _route(
        self, app: model.Router, served: model.Served, prefix: str, requests: Requests
    ) -> Route:
        route = served.route
        endpoint = route.endpoint
        solved = requests.solved(app, served)
        trees = tuple([self._dependency(node) for node in solved])
        functions = [*_functions(solved), *([endpoint] if endpoint is not None else [])]
        kind = "starlette" if route.is_plain else "http"
        return Route(
            "websocket" if route.is_websocket else kind,
            self._methods(route),
            _path(app, served, prefix),
            self._handler_name(route),
            self._definition(endpoint) if endpoint is not None else self._location(route.place),
            endpoint.node.is_async if endpoint is not None else None,
            trees,
            tuple(dict.fromkeys(way for tree in trees for way in _ways(tree))),
            "" if kind != "http" or route.is_websocket else self._response_model(route),
            tuple(dict.fromkeys(self._tags(served))),
            tuple(dict.fromkeys(_conditions(served))),
            tuple(self._tasks(functions)),
            self._marked([route.place], [endpoint] if endpoint is not None else []),
        )

    def _methods(self, route: model.Route) -> tuple[str, ...] | None:
        methods = route.methods
        if route.is_plain and methods is not None and "GET" in methods and "HEAD" not in methods:
            return (*methods, "HEAD")
        return methods

    def _handler_name(self, route: model.Route) -> str | None:
        if route.endpoint is not None:
            return route.endpoint.qualname
        call = route.site.call
        target = call.args[1] if len(call.args) > 1 else keyword(call, "endpoint")
        values = self._eval.evaluate(target, route.site.scope, route.site.at)
        return naming.names(values) if target is not None else None

    def _response_model(self, route: model.Route) -> str | None:
        call = route.site.call
        given = keyword(call, "response_model")
        if given is not None:
            return "" if ir.is_none(given) else naming.written(given)
        endpoint = route.endpoint
        if endpoint is None or any(item.name is None for item in call.keywords):
            return None
        returns = endpoint.node.returns
        if returns is None or ir.is_none(returns):
            return ""
        types = self._application.injection.framework_types(
            returns, endpoint.parent, endpoint.node.at
        )
        is_response = any(self._eval.is_a(cls, *RESPONSES) for cls in types)
        return "" if is_response else naming.written(returns)

    def _tags(self, served: model.Served) -> Iterator[str | None]:
        for step in served.through:
            if isinstance(step, model.Include):
                yield from self._listed_tags(step.site.call, step.site.scope, step.site.at)
                option = step.child.options.get("tags")
                if option is not None:
                    yield from self._texts(option.value, option.scope, option.at)
        if not served.through and (option := served.route.owner.options.get("tags")) is not None:
            yield from self._texts(option.value, option.scope, option.at)
        site = served.route.site
        yield from self._listed_tags(site.call, site.scope, site.at)

    def _listed_tags(self, call: ir.Call, scope: Scope, at: int) -> Iterator[str | None]:
        given = keyword(call, "tags")
        if given is not None and is_shown(keyword(call, "include_in_schema")):
            yield from self._texts(given, scope, at)

    def _texts(self, node: ir.Expr, scope: Scope, at: int) -> Iterator[str | None]:
        for value in self._eval.items(without_parameters(self._eval.evaluate(node, scope, at))):
            yield str(value.value) if isinstance(value, Literal) else None

    # Dependencies and tasks

    def _dependency(self, solved: Solved) -> Dependency:
        function = solved.functions[0] if len(solved.functions) == 1 else None
        kind = self._kind(solved, function)
        return Dependency(
            naming.names(solved.values) or "?",
            kind,
            self._dependency_location(solved),
            function.node.is_async if function is not None else None,
            solved.dependency.lifetime or "request",
            solved.runs,
            tuple([self._dependency(node) for node in solved.inner]),
            self._marked((), solved.functions),
        )

    def _kind(self, solved: Solved, function: Function | None) -> str:
        if any(is_scheme(value, self._eval) for value in solved.values):
            return "scheme"
        if len(solved.values) != 1:
            return "unknown" if function is None else "function"
        match solved.values[0]:
            case ClassValue():
                return "class"
            case External() | Instance(External()):
                return "external"
            case _ if function is not None and function.node.is_generator:
                return "generator"
            case Instance(ClassValue()):
                return "object"
        return "function" if function is not None else "unknown"

    def _dependency_location(self, solved: Solved) -> Location | None:
        for value in solved.values:
            match value:
                case ClassValue(cls):
                    return self._definition(cls)
                case Instance(_, call, scope) if call is not None and scope is not None:
                    return self._location(model.Place(scope.module, call.at))
        return self._definition(solved.functions[0]) if solved.functions else None

    def _tasks(self, functions: list[Function]) -> Iterator[Task]:
        for task in self._application.tasks:
            if task.function in functions:
                yield Task(task.kind, self._task_name(task), self._location(task.place))

    def _task_name(self, task: StartedTask) -> str | None:
        target = task.target
        if task.kind == "asyncio" and isinstance(target, ir.Call):
            target = target.func
        values = self._eval.evaluate(target, task.scope, task.site.at)
        return naming.names(values) or naming.written(target)

    # Around the routes

    def _middleware(self, middleware: model.Middleware) -> Middleware:
        nodes: list[Function | Class] = []
        match middleware.target:
            case ClassValue(cls):
                nodes = [cls]
            case FunctionValue(function):
                nodes = [function]
        return Middleware(
            middleware.name,
            middleware.kind,
            self._location(middleware.place),
            naming.conditions(middleware.scope.path_at(middleware.at)),
            self._marked([middleware.place], nodes),
        )

    def _handler(self, handler: model.ExceptionHandler) -> Handler:
        functions = [v.function for v in handler.handler if isinstance(v, FunctionValue)]
        return Handler(
            naming.names(handler.exception),
            naming.names(handler.handler),
            self._location(handler.place),
            self._marked([handler.place], functions),
        )

    def _starts(self, owner: model.Router) -> Iterator[Start]:
        place = owner.lifespan_place
        for given in self._application.lifespans.given(owner) if place is not None else ():
            if given.kind != "none" and place is not None:
                nodes = [node for node in (given.function, given.cls) if node is not None]
                yield Start(
                    "lifespan", owner.name, _given_name(given),
                    self._definition(nodes[0]) if nodes else self._location(place),
                    self._marked([place], nodes),
                )  # fmt: skip
        for event in owner.events:
            handlers = [event.handler] if event.handler is not None else []
            name = event.handler.qualname if event.handler is not None else None
            location = self._location(event.place)
            marks = self._marked([event.place], handlers)
            yield Start(event.event, owner.name, name, location, marks)

    # Values

    def _text(self, node: ir.Expr, scope: Scope, at: int) -> str | None:
        values = without_parameters(self._eval.evaluate(node, scope, at))
        value = values[0].value if len(values) == 1 and isinstance(values[0], Literal) else None
        return value if isinstance(value, str) else None

    def _flag(self, app: model.Router, name: str) -> bool | None:
        option = app.options.get(name)
        if option is None:
            return True
        values = without_parameters(self._eval.evaluate(option.value, option.scope, option.at))
        value = values[0].value if len(values) == 1 and isinstance(values[0], Literal) else None
        return value if isinstance(value, bool) else None


def _version(targets: Targets) -> Version:
    fastapi = targets.fastapi
    outermost = []
    if fastapi.at_least("0.142"):
        outermost.append("ExceptionTelemetryMiddleware")
    if fastapi.at_least("0.164"):
        outermost.append("AppBodyLimitMiddleware")
    return Version(
        fastapi.describe(),
        targets.exits_before_response,
        fastapi.at_least("0.121"),
        tuple(outermost),
    )


def _is_own(owner: model.Router, place: Site | model.Place) -> bool:
    """Whether something is registered by the project itself, and not by one of its tests."""
    return owner.place.module.is_test or not place.module.is_test


def _shown(text: str | None, what: str) -> str:
    """A part of a path, or a placeholder that says which part is unknown."""
    return f"{{{what}?}}" if text is None else text


def _inner(router: model.Router, prefix: str) -> str:
    """The prefix of what is registered on a router that itself stands under a prefix."""
    return prefix if router.is_app else prefix + _shown(router.prefix, "prefix")


def _path(app: model.Router, served: model.Served, prefix: str) -> str:
    """The full path of a route that is included in an application under a prefix."""
    owner = app
    for step in served.through:
        if isinstance(step, model.Include):
            prefix = _inner(owner, prefix) + _shown(step.prefix, "prefix")
            owner = step.child
    if served.route.is_prefixed:
        prefix = _inner(owner, prefix)
    return prefix + _shown(served.route.path, "path")


def _included(
    router: model.Router, prefix: str, above: tuple[model.Router, ...] = ()
) -> Iterator[tuple[model.Router, str]]:
    """Every router that is included below another, with the prefix under which its own stands."""
    for include in router.includes:
        if include.child not in (*above, router) and _is_own(router, include.site):
            below = _inner(router, prefix) + _shown(include.prefix, "prefix")
            yield include.child, below
            yield from _included(include.child, below, (*above, router))


def _registrations(app: model.Router, served: model.Served) -> Iterator[tuple[model.Router, Site]]:
    """What registers a route, and what includes it up to the application, each with on what."""
    owner = app
    for step in served.through:
        if isinstance(step, model.Include):
            yield owner, step.site
            owner = step.child
    yield owner, served.route.site


def _functions(solved: Iterable[Solved]) -> Iterator[Function]:
    for node in solved:
        yield from node.functions
        yield from _functions(node.inner)


def _ways(tree: Dependency) -> Iterator[tuple[str, ...]]:
    """The ways from a dependency down to security schemes."""
    if tree.kind == "scheme":
        yield (tree.name,)
    for node in tree.inner:
        yield from ((tree.name, *way) for way in _ways(node))


def _conditions(served: model.Served) -> Iterator[str]:
    for step in (*served.through, served.route):
        yield from naming.conditions(step.site.path)


def _given_name(given: Given) -> str | None:
    if given.function is not None:
        return given.function.qualname
    return given.cls.qualname if given.cls is not None else None
