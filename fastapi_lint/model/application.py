"""The application as FastAPI would build it: apps, routers, routes, middleware, handlers, events.

Objects are filled in while the program is linked and only read afterwards. What could not be told
is `None` or missing, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from .. import ir
from .program import Site
from .scopes import Function, Module, Scope
from .values import ClassValue, External, FunctionValue, Instance, Method, Value


class Place(msgspec.Struct, frozen=True):
    """A place in the code: a node of a module by its ordinal."""

    module: Module
    at: int

    @property
    def span(self) -> ir.Span:
        return self.module.span(self.at)

    @property
    def sort_key(self) -> tuple[str, int]:
        return self.module.path, self.at


class Option(msgspec.Struct, frozen=True, eq=False):
    """A keyword argument that an object was made with, also through `**kwargs` or `super()`."""

    value: ir.Expr
    scope: Scope
    at: int
    place: Place


_UNPREFIXED = frozenset({"route", "add_route", "websocket_route", "add_websocket_route"})
_LISTED = frozenset({"Route", "APIRoute", "WebSocketRoute", "APIWebSocketRoute"})
"""Classes of routes that can be given in `routes=[...]`."""


class Dependency(msgspec.Struct, frozen=True, eq=False):
    """One `Depends(...)` or `Security(...)`.

    `callables` are the values of its argument (or of the annotation when it has none);
    `lifetime` is its `scope=` argument: "function", "request" or `None`.
    """

    callables: tuple[Value, ...]
    call: ir.Call
    place: Place
    lifetime: str | None
    use_cache: bool
    is_security: bool


class Route(msgspec.Struct, frozen=True, eq=False):
    """A path operation or WebSocket route; `path` and `methods` are `None` if they are unknown."""

    owner: Router
    is_websocket: bool
    path: str | None
    methods: tuple[str, ...] | None
    endpoint: Function | None
    site: Site
    dependencies: tuple[Dependency, ...]

    @property
    def place(self) -> Place:
        return Place(self.site.module, self.site.at)

    @property
    def is_plain(self) -> bool:
        """Whether it is a route of Starlette, for which no dependency runs."""
        kind = ir.last_name(self.site.call.func)
        return kind in _UNPREFIXED or kind in ("Route", "WebSocketRoute")

    @property
    def is_prefixed(self) -> bool:
        """Whether the prefix of the router that it is registered on belongs to its path."""
        return not self.is_plain and ir.last_name(self.site.call.func) not in _LISTED


class Include(msgspec.Struct, frozen=True, eq=False):
    """One `include_router`; `prefix` is `None` where it cannot be told."""

    child: Router
    prefix: str | None
    dependencies: tuple[Dependency, ...]
    site: Site


class Mount(msgspec.Struct, frozen=True, eq=False):
    """One `mount`; `app` is `None` for what is no application of the project."""

    app: Router | None
    path: str | None
    site: Site


class Served(msgspec.Struct, frozen=True, eq=False):
    """A route as an application serves it: its full path (`None` if unknown), and the includes and
    mounts that lead to it from the application, the outermost first."""

    route: Route
    path: str | None
    through: tuple[Include | Mount, ...]


class Middleware(msgspec.Struct, frozen=True, eq=False):
    """One registered middleware.

    `kind` is "base-http" (a BaseHTTPMiddleware or a function), "cors", "asgi" (a class of the
    project that is neither), or "unknown". `how` is "added", "decorated", "list" (in
    `middleware=[...]`), "wrapped" (`CORSMiddleware(app, ...)`) or "unlinked" (the application
    cannot be told). `options` are the keywords of the registering `call`. `order` sorts
    registrations as they run at start-up; `in_production` is false where a test shows that this
    one only runs in development.
    """

    kind: str
    target: Value
    call: ir.Call
    options: Mapping[str, Option]
    scope: Scope
    at: int
    place: Place
    how: str
    order: tuple[int, ...]
    in_production: bool

    @property
    def name(self) -> str:
        """The class or function as users call it."""
        match self.target:
            case ClassValue(cls) | Instance(ClassValue(cls)):
                return cls.name
            case FunctionValue(function) | Method(function, _):
                return function.name
            case External(name):
                return name.rpartition(".")[2]
        return "middleware"


class ExceptionHandler(msgspec.Struct, frozen=True, eq=False):
    """A registered exception handler: the values of its exception (or status) and function.

    `key` is the expression that names the exception, at `place`.
    """

    key: ir.Expr | None
    exception: tuple[Value, ...]
    handler: tuple[Value, ...]
    place: Place


class Event(msgspec.Struct, frozen=True, eq=False):
    """A start-up or shutdown handler registered in the old way.

    `how` is "on_event", "add_event_handler", "argument" (`on_startup=`), or how a list of handlers
    grows ("on_startup.append"). `event` is "startup", "shutdown" or `None`; `via_router` tells
    `app.router.add_event_handler` from the app's own.
    `site` is the registering call; an argument has none.
    """

    owner: Router
    event: str | None
    how: str
    handler: Function | None
    place: Place
    via_router: bool
    site: Site | None = None


class Router(msgspec.Struct, eq=False):
    """An application (`is_app`) or an APIRouter: where it is made and what is registered on it.

    `is_fastapi` is false for an application of plain Starlette. `unresolved` are the calls of
    `include_router` whose router is not one of the project, or cannot be told.
    """

    is_app: bool
    is_fastapi: bool
    place: Place
    name: str
    created: tuple[ir.Call, Scope, int] | None
    options: dict[str, Option] = msgspec.field(default_factory=dict)
    routes: list[Route] = msgspec.field(default_factory=list)
    includes: list[Include] = msgspec.field(default_factory=list)
    unresolved: list[Site] = msgspec.field(default_factory=list)
    mounts: list[Mount] = msgspec.field(default_factory=list)
    middleware: list[Middleware] = msgspec.field(default_factory=list)
    exception_handlers: list[ExceptionHandler] = msgspec.field(default_factory=list)
    events: list[Event] = msgspec.field(default_factory=list)
    lifespans: tuple[Value, ...] = ()
    lifespan_place: Place | None = None
    dependencies: tuple[Dependency, ...] = ()
    prefix: str | None = ""

    def stack(self) -> list[Middleware]:
        """The middleware in execution order, outermost first.

        What is added later runs further out; `middleware=[...]` runs first to last, inside of that.
        """
        added = [m for m in self.middleware if m.how != "list"]
        listed = [m for m in self.middleware if m.how == "list"]
        return sorted(added, key=lambda m: m.order)[::-1] + listed

    def reachable(self, *, mounts: bool) -> Iterator[tuple[Route, str | None]]:
        """Its routes with full paths, through included routers and, if asked, mounted apps."""
        for served in self.served(mounts=mounts):
            yield served.route, served.path

    def served(self, *, mounts: bool) -> Iterator[Served]:
        """The same, with the way to each."""
        yield from _served(self, "", mounts, (), (self,))


def join_paths(*parts: str | None) -> str | None:
    """The path that parts make; `None` if one is unknown."""
    return None if None in parts else "".join(part for part in parts if part is not None)


def in_order(entries: list[Route | Include]) -> list[Route | Include]:
    """Routes and includes as they follow each other, if they all stand in one scope."""
    if len({id(entry.site.scope) for entry in entries}) > 1:
        return entries
    return sorted(entries, key=lambda entry: entry.site.at)


def _served(
    router: Router,
    prefix: str | None,
    mounts: bool,
    through: tuple[Include | Mount, ...],
    above: tuple[Router, ...],
) -> Iterator[Served]:
    inner = prefix if router.is_app else join_paths(prefix, router.prefix)
    for entry in in_order([*router.routes, *router.includes]):
        if isinstance(entry, Route):
            yield Served(
                entry, join_paths(inner if entry.is_prefixed else prefix, entry.path), through
            )
        elif entry.child not in above:
            way, path = (*through, entry), join_paths(inner, entry.prefix)
            yield from _served(entry.child, path, mounts, way, (*above, entry.child))
    for mount in router.mounts if mounts else ():
        if mount.app is not None and mount.app not in above:
            way, path = (*through, mount), join_paths(prefix, mount.path)
            yield from _served(mount.app, path, mounts, way, (*above, mount.app))
