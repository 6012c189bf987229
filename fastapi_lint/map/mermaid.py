"""The map as a Mermaid flowchart: how requests flow through middleware to handlers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..report import visible
from .structure import App, Dependency, Map, Route

_SPECIAL = re.compile(r"[^\w /.,:()\[\]|*=+-]")


def render(map_: Map) -> str:
    """The applications, their middleware, their routes, and what these depend on."""
    return "".join(f"{line}\n" for line in ("flowchart LR", *_Chart().lines(map_)))


def quoted(text: str) -> str:
    """A label: what could mean something to Mermaid, or be HTML to it, is written as its code."""
    return '"' + _SPECIAL.sub(lambda match: f"#{ord(match[0])};", visible(text)) + '"'


class _Chart:
    def __init__(self) -> None:
        self._count = 0
        self._dependencies: dict[tuple[str, str], str] = {}

    def lines(self, map_: Map) -> Iterator[str]:
        for app in (*map_.apps, *map_.routers):
            yield from self._app(app, None)

    def _node(self) -> str:
        self._count += 1
        return f"n{self._count}"

    def _app(self, app: App, outer: str | None) -> Iterator[str]:
        last = outer
        names = [middleware.name for middleware in app.middleware]
        for name, shape in (*((name, "{{}}") for name in names), (app.name, "([])")):
            node = self._node()
            yield f"    {node}{shape[: len(shape) // 2]}{quoted(name)}{shape[len(shape) // 2 :]}"
            if last is not None:
                yield f"    {last} --> {node}"
            last = node
        assert last is not None
        for route in app.routes:
            if route.kind != "built-in":
                yield from self._route(route, last)
        for mount in app.mounts:
            node = self._node()
            yield f"    {node}[{quoted(f'mount {mount.path}')}]"
            yield f"    {last} --> {node}"
            if mount.app is not None:
                yield from self._app(mount.app, node)
        for place in app.unresolved:
            node = self._node()
            yield f"    {node}[{quoted(f'unknown: {place.name}')}]"
            yield f"    {last} -.-> {node}"

    def _route(self, route: Route, app: str) -> Iterator[str]:
        node = self._node()
        marks = " ".join(dict.fromkeys(mark.code for mark in route.marks))
        yield f"    {node}[{quoted(f'{route.label} {marks}'.strip())}]"
        yield f"    {app} --> {node}"
        for dependency in route.dependencies:
            yield from self._dependency(dependency, node)

    def _dependency(self, dependency: Dependency, asking: str) -> Iterator[str]:
        key = dependency.name, str(dependency.location)
        known = self._dependencies.get(key)
        node = known or self._dependencies.setdefault(key, self._node())
        if known is None:
            yield f"    {node}({quoted(dependency.name)})"
        yield f"    {asking} -.-> {node}"
        for inner in dependency.inner if known is None else ():
            yield from self._dependency(inner, node)
