"""What a map consists of: plain values that are drawn, serialised, and compared.

Wherever something could be unknown, `None` means that it is; what is known to be absent is empty.
The unknown part of a route's path is a placeholder with a question mark: `{prefix?}/items`.
Paths of files are relative to the project's root, with `/`; rows and columns count from 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Location:
    """A place in a file of the project."""

    path: str
    row: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.row}"


@dataclass(frozen=True)
class Mark:
    """A finding about what it is attached to."""

    code: str
    name: str
    severity: str
    message: str
    location: Location


@dataclass(frozen=True)
class Dependency:
    """One node of a route's dependency tree.

    `kind` is "function", "generator" (what follows its `yield` runs later), "class", "object" (one
    that is called), "scheme" (a security scheme), "external" (from a package that is not read), or
    "unknown". `lifetime` is "function" or "request": until when a generator stays open. `runs` is
    false where the request has already called the same and its result is used again.
    """

    name: str
    kind: str
    location: Location | None
    is_async: bool | None
    lifetime: str
    runs: bool
    inner: tuple[Dependency, ...]
    marks: tuple[Mark, ...]

    def walk(self) -> Iterator[Dependency]:
        """This node and all below, in the order in which they are called."""
        for node in self.inner:
            yield from node.walk()
        yield self

    def shown_inside(self) -> tuple[Dependency, ...]:
        """What it depends on; nothing where all of that, and itself, has been called before."""
        return self.inner if any(part.runs for part in self.walk()) else ()


@dataclass(frozen=True)
class Task:
    """Work that a route starts: `kind` is "background" (after the response) or "asyncio" (now)."""

    kind: str
    name: str | None
    location: Location


@dataclass(frozen=True)
class Route:
    """A route as an application serves it.

    `kind` is "http", "websocket", "starlette" (no dependency runs for it), or "built-in" (the
    documentation). `methods` are empty for WebSockets. `auth` are the ways from a dependency of the
    route to a security scheme. `conditions` are the tests in the code around its registration, or
    around an `include_router` that leads to it. `tasks` are those that the handler and the
    dependencies start themselves.
    """

    kind: str
    methods: tuple[str, ...] | None
    path: str
    handler: str | None
    location: Location | None
    is_async: bool | None
    dependencies: tuple[Dependency, ...] = ()
    auth: tuple[tuple[str, ...], ...] = ()
    response_model: str | None = ""
    tags: tuple[str | None, ...] = ()
    conditions: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def label(self) -> str:
        """`GET,HEAD:/docs`, `WS:/feed`; unknown methods are a question mark."""
        if self.kind == "websocket":
            verbs = "WS"
        else:
            verbs = "?" if self.methods is None else ",".join(self.methods)
        return f"{verbs}:{self.path}"

    def calls(self) -> Iterator[Dependency]:
        """The dependencies that are called for a request, in order."""
        for tree in self.dependencies:
            yield from (node for node in tree.walk() if node.runs)


@dataclass(frozen=True)
class Middleware:
    """A middleware; `kind` is "base-http", "cors", "asgi" or "unknown"."""

    name: str
    kind: str
    location: Location
    conditions: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Handler:
    """An exception handler; `exception` is a class or a status."""

    exception: str | None
    name: str | None
    location: Location
    marks: tuple[Mark, ...]

    @property
    def is_last_resort(self) -> bool:
        """Whether it runs outside of all middleware."""
        return self.exception in ("Exception", "500")


@dataclass(frozen=True)
class Start:
    """What runs at start-up or shutdown: `event` is "lifespan", "startup" or "shutdown"."""

    event: str | None
    owner: str
    name: str | None
    location: Location
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Mount:
    """Something mounted: an application of the project, or, if `app` is `None`, something else."""

    path: str
    name: str | None
    location: Location
    app: App | None


@dataclass(frozen=True)
class Unresolved:
    """An `include_router` whose router is not one of the project, or cannot be told.

    The application has more routes than the map shows, below `prefix`.
    """

    name: str
    prefix: str
    location: Location


@dataclass(frozen=True)
class App:
    """An application, or a router that no application includes (`kind` "router").

    `kind` is "fastapi", "starlette" or "router"; `path` is where it is mounted. `middleware` is
    outermost first. Routes have full paths; those of mounted applications are in `mounts`.
    """

    name: str
    kind: str
    path: str
    location: Location
    middleware: tuple[Middleware, ...]
    handlers: tuple[Handler, ...]
    starts: tuple[Start, ...]
    routes: tuple[Route, ...]
    mounts: tuple[Mount, ...]
    unresolved: tuple[Unresolved, ...]
    redirect_slashes: bool | None
    marks: tuple[Mark, ...]

    def served(self) -> Iterator[tuple[tuple[App, ...], Route]]:
        """Its routes, each with the applications that a request passes, the outermost first."""
        for route in self.routes:
            yield (self,), route
        for mount in self.mounts:
            for apps, route in mount.app.served() if mount.app is not None else ():
                yield (self, *apps), route


@dataclass(frozen=True)
class Version:
    """The FastAPI version that the map is true for, how it is known, and what depends on it.

    `outermost` are the built-in middlewares between the one for server errors and the
    application's own.
    """

    label: str
    exits_before_response: bool
    has_lifetimes: bool
    outermost: tuple[str, ...]


@dataclass(frozen=True)
class Map:
    """The applications of a project, and the routers that none of them includes."""

    version: Version
    apps: tuple[App, ...]
    routers: tuple[App, ...]
