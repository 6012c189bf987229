"""The map as a page, and as sections of the page of a report."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..report.markup import Child, Element
from ..report.markup import element as e
from ..report.page import controls, document
from .request import Request, Step, remarks, steps
from .structure import (
    App,
    Dependency,
    Handler,
    Location,
    Map,
    Mark,
    Mount,
    Route,
    Start,
    Unresolved,
    Version,
)

_BREAKS = re.compile(r"(?<=[/\[,])|(?=\.(?!py\b))")


def render(map_: Map) -> str:
    """The map as a page of its own."""
    title = "Application map"
    return document(title, map_.version.label, controls("Filter routes"), *sections(map_))


def sections(map_: Map) -> Iterator[Element]:
    """One section for each application, and for each router that none includes."""
    for app in map_.apps:
        yield from _app(app, (), map_.version)
    for router in map_.routers:
        heading = e("h2", router.name, e("small", "a router in no application of the project"))
        yield e("section", heading, _routes(router, (), map_.version), class_="app", data_group="")
    if not map_.apps and not map_.routers:
        yield e("p", "No application is made in these files.", class_="note")


def _app(app: App, above: tuple[App, ...], version: Version) -> Iterator[Element]:
    where = f"mounted at {app.path}" if app.path else ""
    heading = e("h2", app.name, e("small", where, " ", _place(app.location)), _marks(app.marks))
    yield e(
        "section", heading, _stack(app, version), _starts(app), _handlers(app),
        _routes(app, above, version), class_="app", id=f"app-{app.name}-{len(above)}",
    )  # fmt: skip
    for mount in app.mounts:
        if mount.app is not None:
            yield from _app(mount.app, (*above, app), version)


def _stack(app: App, version: Version) -> Iterator[Element]:
    note = "a request passes downwards, its response upwards"
    yield e("h3", "Middleware", e("small", note))
    last = tuple(h for h in app.handlers if h.is_last_resort)
    inner = tuple(h for h in app.handlers if not h.is_last_resort)
    rows = [_built_in("ServerErrorMiddleware", last)]
    rows.extend(_built_in(n, ()) for n in version.outermost if app.kind == "fastapi")
    for middleware in app.middleware:
        condition = _only_if(middleware.conditions)
        rows.append(
            e("li", middleware.name, " ", _place(middleware.location), condition,
              _marks(middleware.marks), class_="own")
        )  # fmt: skip
    rows.append(_built_in("ExceptionMiddleware", inner))
    yield e("ol", rows, e("li", "router"), class_="stack")


def _built_in(name: str, handlers: tuple[Handler, ...]) -> Element:
    names = ", ".join(handler.exception or "?" for handler in handlers)
    note = f"built in, handles {names}" if names else "built in"
    return e("li", name, " ", e("span", note, class_="note"))


def _starts(app: App) -> Iterator[Element]:
    if app.starts:
        yield e("h3", "Start-up and shutdown")
        lines = [
            (f"{start.event or '?'}: ", e("code", start.name or "?"), *_about(start))
            for start in app.starts
        ]
        yield e("ul", [e("li", line) for line in lines], class_="plain")


def _handlers(app: App) -> Iterator[Element]:
    if app.handlers:
        yield e("h3", "Exception handlers")
        lines = [
            (e("code", h.exception or "?"), " → ", e("code", h.name or "?"), *_about(h))
            for h in app.handlers
        ]
        yield e("ul", [e("li", line) for line in lines], class_="plain")


def _about(thing: Start | Handler) -> Iterator[Child]:
    """Where something is, and what was found about it."""
    yield " "
    yield _place(thing.location)
    yield from _marks(thing.marks)


def _routes(app: App, above: tuple[App, ...], version: Version) -> Element:
    titles = ("", "path", "handler", "auth", "returns", "tags")
    rows = [_route(Request((*above, app), route), version) for route in app.routes]
    rows.extend(_mount(mount) for mount in app.mounts)
    rows.extend(_unresolved(place) for place in app.unresolved)
    return e(
        "div",
        e("h3", "Routes", e("small", str(len(app.routes)))),
        e(
            "div",
            e(
                "table",
                e("thead", e("tr", [e("th", title) for title in titles])),
                [part if part.tag == "tbody" else e("tbody", part) for part in rows],
                class_="routes",
            ),
            class_="wide",
        ),
        data_group="",
    )  # fmt: skip


def _route(request: Request, version: Version) -> Element:
    route = request.route
    verbs, model = route.label.partition(":")[0], route.response_model
    auth = dict.fromkeys(way[0] for way in route.auth)
    text = " ".join([route.label, route.handler or "", *auth, *[t or "" for t in route.tags]])
    row = e(
        "tr",
        e("td", e("span", verbs, class_=f"verb {verbs.partition(',')[0]}")),
        e("td", _breakable(route.path), _only_if(route.conditions), class_="path"),
        e("td", _handler(route)),
        e("td", [e("div", e("code", _breakable(name))) for name in auth]),
        e("td", e("code", _breakable("?" if model is None else model))),
        e("td", [e("span", "?" if tag is None else tag, class_="tag") for tag in route.tags]),
    )
    return e(
        "tbody",
        row,
        _run(request, version) if route.kind != "built-in" else None,
        data_text=f"{text} {' '.join(mark.code for mark in route.marks)}",
    )


def _handler(route: Route) -> Iterator[Child]:
    if route.kind == "built-in":
        yield e("span", "built in", class_="note")
        return
    if route.is_async is False:
        yield e("span", "sync ", class_="note")
    yield e("code", _breakable(route.handler or "?"))
    yield from _marks(route.marks)
    if route.location is not None:
        yield e("div", _place(route.location))


def _run(request: Request, version: Version) -> Element:
    """What runs for a request, in a row of its own that opens on demand."""
    rows = [_step(step) for step in steps(request, version)]
    table = e("table", e("tbody", rows), class_="steps")
    trees = [_tree(node, request.route, version) for node in request.route.dependencies]
    details = e(
        "details",
        e("summary", "one request"),
        table,
        (e("p", "Dependencies", class_="note"), e("ul", trees, class_="tree")) if trees else None,
        class_="run",
    )
    return e("tr", e("td"), e("td", details, colspan="5"))


def _tree(node: Dependency, route: Route, version: Version) -> Element:
    """A dependency and what it depends on."""
    inner = [_tree(each, route, version) for each in node.shown_inside()]
    return e(
        "li",
        e("code", node.name),
        _marks(node.marks),
        (" ", _place(node.location)) if node.location is not None else None,
        " ",
        e("span", ", ".join(remarks(node, route, version)), class_="note"),
        e("ul", inner) if inner else None,
    )


def _step(step: Step) -> Element:
    place = _place(step.location) if step.location is not None else ""
    return e(
        "tr",
        e("td", step.phase, class_="phase"),
        e("td", e("code", step.name), _marks(step.marks)),
        e("td", step.note, class_="note"),
        e("td", place),
    )


def _mount(mount: Mount) -> Element:
    what = "an application, below" if mount.app is not None else mount.name or "?"
    return e(
        "tr",
        e("td", e("span", "mount", class_="verb mount")),
        e("td", mount.path, class_="path"),
        e("td", what, " ", _place(mount.location), colspan="4"),
        data_text=f"mount {mount.path} {mount.name or ''}",
    )


def _unresolved(place: Unresolved) -> Element:
    note = "its routes are not known"
    return e(
        "tr",
        e("td", e("span", "?", class_="verb error")),
        e("td", f"{place.prefix}…", class_="path"),
        e("td", e("code", place.name), " ", e("span", note, class_="note"), " ",
          _place(place.location), colspan="4"),
        data_text=f"unknown {place.prefix} {place.name}",
    )  # fmt: skip


def _place(location: Location) -> Element:
    return e("span", _breakable(str(location)), class_="place")


def _breakable(text: str) -> Iterator[Child]:
    """Text that a browser may break between the parts of a path or name."""
    first, *rest = _BREAKS.split(text)
    yield first
    for part in rest:
        if part:
            yield e("wbr")
            yield part


def _only_if(conditions: tuple[str, ...]) -> Element | None:
    if not conditions:
        return None
    return e("div", f"only if {' and '.join(conditions)}", class_="note")


def _marks(marks: tuple[Mark, ...]) -> Iterator[Child]:
    for mark in dict.fromkeys(marks):
        yield " "
        yield e("span", mark.code, class_=f"badge {mark.severity}", title=mark.message)
