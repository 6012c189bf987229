"""Everything that runs for one request, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import UserError, suggestion
from .structure import App, Dependency, Location, Map, Mark, Route, Version

_PLACEHOLDER = re.compile(r"\{(\w+)(?::(\w+))?\}")
_CONVERTORS = {"str": "[^/]+", "path": ".*", "int": "[0-9]+", "float": r"[0-9]+(\.[0-9]+)?"}


@dataclass(frozen=True)
class Step:
    """One thing that a request meets.

    `phase` is "middleware", "router", "dependency", "handler", "response", "task" or "teardown";
    `note` says in a few words what happens, and may be empty.
    """

    phase: str
    name: str
    note: str
    location: Location | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Request:
    """A request to a route, and the applications that it passes, the outermost first."""

    apps: tuple[App, ...]
    route: Route


def find(map_: Map, wanted: str) -> tuple[Request, ...]:
    """The requests that `GET:/users/{id}` or `/users/42` means: in each application, for each
    method, the first route that takes it. Raises `UserError` if there is none."""
    before, separator, path = wanted.partition(":/")
    method, path = (before.upper(), f"/{path}") if separator else (None, wanted)
    found: dict[int, Request] = {}
    for app in map_.apps:
        taken: set[str] = set()
        for apps, route in app.served():
            methods = ("WS",) if route.kind == "websocket" else route.methods or ()
            accepted = {m for m in methods if method in (None, m)} - taken
            if accepted and _takes(route.path, path):
                taken |= accepted
                found.setdefault(id(route), Request(apps, route))
    if not found:
        labels = [route.label for app in map_.apps for _, route in app.served()]
        raise UserError(f"no route is known for {wanted}", suggestion(wanted, labels))
    return tuple(found.values())


def _takes(route: str, path: str) -> bool:
    if route == path:
        return True
    pattern, end = "", 0
    for match in _PLACEHOLDER.finditer(route):
        pattern += re.escape(route[end : match.start()])
        pattern += _CONVERTORS.get(match[2] or "str", "[^/]+")
        end = match.end()
    return re.fullmatch(pattern + re.escape(route[end:]), path) is not None


def steps(request: Request, version: Version) -> tuple[Step, ...]:
    """What runs, from the server inwards and back."""
    route = request.route
    found = [step for app in request.apps for step in _around(app, route, version)]
    calls = tuple(route.calls())
    found.extend(_call(node) for node in calls)
    found.append(_handler(route))
    found.extend(
        Step("task", task.name or "?", "starts now, and runs on its own", task.location)
        for task in route.tasks
        if task.kind != "background"
    )
    exits = [node for node in reversed(calls) if node.kind == "generator"]
    is_websocket = route.kind == "websocket"
    early = [node for node in exits if is_websocket or closes_early(node, version)]
    late = [node for node in exits if not (is_websocket or closes_early(node, version))]
    if route.kind == "http":
        found.extend(_serialised(route))
    found.extend(_exit(node) for node in early)
    if not is_websocket:
        note = "leaves through the middleware, the innermost first"
        found.append(Step("response", "the response is sent", note))
        found.extend(
            Step("task", task.name or "?", "background task", task.location)
            for task in route.tasks
            if task.kind == "background"
        )
    found.extend(_exit(node) for node in late)
    return tuple(found)


def remarks(node: Dependency, route: Route, version: Version) -> Iterator[str]:
    """What is to be said of a dependency in the tree of a route."""
    if node.kind in ("scheme", "external", "unknown", "class"):
        yield node.kind
    if node.kind == "generator" and node.runs:
        if route.kind == "websocket":
            yield "yields, ends after the handler"
        else:
            when = "before" if closes_early(node, version) else "after"
            yield f"yields, ends {when} the response"
    if not node.runs:
        yield "already called"


def closes_early(node: Dependency, version: Version) -> bool:
    """Whether what follows a dependency's `yield` runs before the response is sent."""
    return version.exits_before_response or (version.has_lifetimes and node.lifetime == "function")


def _around(app: App, route: Route, version: Version) -> Iterator[Step]:
    if app.kind == "router":
        return
    last = [handler for handler in app.handlers if handler.is_last_resort]
    handled = ", ".join(handler.name or "?" for handler in last)
    note = (
        f"answers what is not handled: {handled}" if last else "answers 500 to what is not handled"
    )
    yield Step("middleware", "ServerErrorMiddleware", f"built in, {note}")
    for name in version.outermost if app.kind == "fastapi" else ():
        yield Step("middleware", name, "built in")
    for middleware in app.middleware:
        note = f"only if {' and '.join(middleware.conditions)}" if middleware.conditions else ""
        yield Step("middleware", middleware.name, note, middleware.location, middleware.marks)
    served = [h.exception or "?" for h in app.handlers if not h.is_last_resort]
    note = f"built in, handlers for {', '.join(served)}" if served else "built in"
    yield Step("middleware", "ExceptionMiddleware", note)
    mount = next((m for m in app.mounts if m.app is not None and route in _routes(m.app)), None)
    note = f"passes on below {mount.path}" if mount is not None else f"finds {route.label}"
    yield Step("router", app.name, note, app.location)


def _routes(app: App) -> list[Route]:
    return [route for _, route in app.served()]


def _call(node: Dependency) -> Step:
    note = {
        "scheme": "security scheme",
        "generator": "up to its yield",
        "class": "an instance is made",
        "unknown": "cannot be told",
    }.get(node.kind, "")
    where = _where(node.is_async)
    return Step("dependency", node.name, _both(note, where), node.location, node.marks)


def _handler(route: Route) -> Step:
    note = _where(route.is_async)
    return Step("handler", route.handler or "?", note, route.location, route.marks)


def _serialised(route: Route) -> Iterator[Step]:
    if route.response_model is None:
        yield Step("response", "response model", "unknown")
    elif route.response_model:
        yield Step("response", route.response_model, "validates and serialises what was returned")


def _exit(node: Dependency) -> Step:
    return Step("teardown", node.name, "after its yield", node.location)


def _where(is_async: bool | None) -> str:
    return "" if is_async is not False else "in a thread"


def _both(*notes: str) -> str:
    return ", ".join(note for note in notes if note)
