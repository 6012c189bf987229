"""The map drawn for people, in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from ..report import visible
from .columns import Columns, new_table
from .request import Request, Step, remarks, steps
from .structure import App, Dependency, Handler, Map, Mark, Route, Version

_VERBS = {
    "GET": "green", "POST": "yellow", "PUT": "blue", "PATCH": "blue", "DELETE": "red",
    "WS": "magenta",
}  # fmt: skip
_SEVERITIES = {"error": "bold red", "warning": "bold yellow", "info": "bold cyan"}
_PHASES = {
    "middleware": "cyan", "router": "bold", "dependency": "blue", "handler": "bold green",
    "response": "magenta", "task": "yellow", "teardown": "blue",
}  # fmt: skip
_TITLES = ("", "path", "handler", "auth", "returns", "tags", "")
_IMPORTANCE = (0, 6, 1, 2, 3, 4, 5)
"""Which columns get room first."""
_TOGETHER = "\u00a0"


def draw(map_: Map, console: Console) -> None:
    """Print a map."""
    if not map_.apps and not map_.routers:
        _print(console, Text("No application is made in these files."))
    for app in map_.apps:
        _app(app, map_.version, console)
    for router in map_.routers:
        _print(console, _title(router, "in no application of the project"))
        _print(console, *_routes(router, console.width))


def draw_requests(requests: Iterable[Request], map_: Map, console: Console) -> None:
    """Print what runs for requests."""
    for request in requests:
        title = Text.assemble((request.route.label, "bold"), f"   {map_.version.label}")
        _print(console, title)
        table = new_table(show_header=False)
        for step in steps(request, map_.version):
            table.add_row(*_step(step))
        _print(console, table, Text(""))


def _print(console: Console, *parts: object) -> None:
    for part in parts:
        console.print(part, soft_wrap=isinstance(part, Text), highlight=False)


def _app(app: App, version: Version, console: Console) -> None:
    _print(console, _title(app, version.label))
    _print(console, *_stack(app, version), *_starts(app), *_handlers(app))
    _print(console, *_routes(app, console.width), *_trees(app, version))
    for mount in app.mounts:
        if mount.app is not None:
            _app(mount.app, version, console)


def _title(app: App, note: str) -> Text:
    name = visible(app.name)
    where = f" at {visible(app.path)}" if app.path else ""
    return Text.assemble((f"{name}{where}", "bold"), f"  {app.location}  ", (note, "dim"))


def _section(title: str, note: str = "") -> Tree:
    label = Text.assemble((title, "bold"), (f"   {note}" if note else "", "dim"))
    return Tree(label, guide_style="dim", highlight=False)


def _stack(app: App, version: Version) -> Iterator[object]:
    if app.kind == "router":
        return
    tree = _section("middleware", "a request passes downwards, its response upwards")
    last = [h for h in app.handlers if h.is_last_resort]
    tree.add(_line("ServerErrorMiddleware", "built in" + _handling(last)))
    for name in version.outermost if app.kind == "fastapi" else ():
        tree.add(_line(name, "built in"))
    for middleware in app.middleware:
        line = _line(middleware.name, str(middleware.location), middleware.conditions)
        tree.add(_marked(line, middleware.marks))
    inner = [h for h in app.handlers if not h.is_last_resort]
    tree.add(_line("ExceptionMiddleware", "built in" + _handling(inner)))
    tree.add(Text("router"))
    yield tree
    yield Text("")


def _handling(handlers: list[Handler]) -> str:
    names = ", ".join(handler.exception or "?" for handler in handlers)
    return f", handles {visible(names)}" if names else ""


def _line(name: str, note: str, conditions: tuple[str, ...] = ()) -> Text:
    text = Text.assemble(visible(name), "  ", (visible(note), "dim"))
    if conditions:
        text.append(f"  only if {visible(' and '.join(conditions))}", "italic")
    return text


def _marked(text: Text, marks: tuple[Mark, ...], before: str = "  ") -> Text:
    for code, severity in dict.fromkeys((mark.code, mark.severity) for mark in marks):
        text.append(f"{before}{code}", _SEVERITIES[severity])
        before = "  "
    return text


def _starts(app: App) -> Iterator[object]:
    if app.starts:
        tree = _section("start-up and shutdown")
        for start in app.starts:
            name = f"{start.event or '?'}: {start.name or '?'}"
            tree.add(_marked(_line(name, f"{start.location}"), start.marks))
        yield tree
        yield Text("")


def _handlers(app: App) -> Iterator[object]:
    if app.handlers:
        tree = _section("exception handlers")
        for handler in app.handlers:
            line = _line(
                f"{handler.exception or '?'} → {handler.name or '?'}", f"{handler.location}"
            )
            tree.add(_marked(line, handler.marks))
        yield tree
        yield Text("")


def _routes(app: App, width: int) -> Iterator[object]:
    heading = Text.assemble(("routes", "bold"), (f"   {len(app.routes)}", "dim"))
    wide, narrow = (Columns(_TITLES, [*_rows(app, gap)]) for gap in ("  ", "\n"))
    shown = wide if wide.width <= width else narrow
    if shown.least <= width:
        yield Group(heading, shown.table(width, _IMPORTANCE))
    else:
        yield Group(heading, _listed(wide.rows))
    yield Text("")


def _listed(rows: Sequence[Sequence[Text]]) -> Table:
    """Rows with what is in their cells on lines of their own, for narrow terminals."""
    table = new_table(show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for verbs, path, handler, *others, marks in rows:
        named = [
            Text.assemble((f"{title} ", "dim"), Text(", ").join(cell.split("\n")))
            for title, cell in zip(_TITLES[3:], others, strict=False)
            if cell
        ]
        first = Text("  ").join([part for part in (path, marks) if part])
        lines = [first, handler, Text("  ").join(named)] if named else [first, handler]
        table.add_row(verbs, Text("\n").join(lines))
    return table


def _rows(app: App, gap: str) -> Iterator[tuple[Text, ...]]:
    """A row of cells for each route, mount and unknown router; `gap` is between name and place."""
    for route in app.routes:
        yield _row(route, gap)
    empty = (Text(), Text(), Text(), Text())
    for mount in app.mounts:
        what = "an application, below" if mount.app is not None else visible(mount.name or "?")
        handler = Text.assemble(what, gap, (f"{mount.location}", "dim"))
        yield Text("mount", "magenta"), Text(visible(mount.path)), handler, *empty
    for unresolved in app.unresolved:
        path = Text(f"{visible(unresolved.prefix)}…")
        handler = Text.assemble(
            visible(unresolved.name), gap, (f"{unresolved.location}", "dim"), gap,
            ("its routes are not known", "dim"),
        )  # fmt: skip
        yield Text("?", "bold red"), path, handler, *empty


def _row(route: Route, gap: str) -> tuple[Text, ...]:
    verbs = route.label.partition(":")[0]
    path = Text(visible(route.path))
    if route.conditions:
        path.append(f"\nonly if {visible(' and '.join(route.conditions))}", "italic dim")
    handler = Text("built in", "dim")
    if route.kind != "built-in":
        kind = f"sync{_TOGETHER}" if route.is_async is False else ""
        name = visible(route.handler or "?")
        handler = Text.assemble((kind, "dim"), name, gap, (f"{route.location}", "dim"))
    return (
        Text(verbs, _VERBS.get(verbs.partition(",")[0], "")),
        path,
        handler,
        Text("\n".join(dict.fromkeys(visible(way[0]) for way in route.auth))),
        Text("?" if route.response_model is None else visible(route.response_model)),
        Text(", ".join("?" if tag is None else visible(tag) for tag in route.tags)),
        _marked(Text(), route.marks, ""),
    )


def _trees(app: App, version: Version) -> Iterator[object]:
    """The dependencies of the routes; routes with the same ones share a tree."""
    groups: dict[tuple[object, ...], list[Route]] = {}
    for route in app.routes:
        tasks = tuple(task.name for task in route.tasks)
        if route.dependencies or tasks:
            key = route.dependencies, tasks, route.kind == "websocket"
            groups.setdefault(key, []).append(route)
    if groups:
        yield Text.assemble(
            ("dependencies", "bold"), ("   each is called after what it depends on", "dim")
        )
    for routes in groups.values():
        label = Text("\n".join(visible(route.label) for route in routes))
        tree = Tree(label, guide_style="dim", highlight=False)
        for node in routes[0].dependencies:
            _grow(tree, node, routes[0], version)
        for task in routes[0].tasks:
            tree.add(_line(f"{task.kind} task: {task.name or '?'}", str(task.location)))
        yield tree
    if groups:
        yield Text("")


def _grow(tree: Tree, node: Dependency, route: Route, version: Version) -> None:
    where = [str(node.location)] if node.location is not None else []
    text = ", ".join((*where, *remarks(node, route, version)))
    branch = tree.add(_marked(_line(node.name, text), node.marks))
    for inner in node.shown_inside():
        _grow(branch, inner, route, version)


def _step(step: Step) -> tuple[Text, Text, Text, Text]:
    return (
        Text(step.phase, _PHASES[step.phase]),
        _marked(Text(visible(step.name)), step.marks),
        Text(visible(step.note), "dim"),
        Text(str(step.location) if step.location is not None else "", "dim"),
    )
