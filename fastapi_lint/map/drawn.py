"""The map drawn for people, in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from ..report import visible
from .request import Request, Step, closes_early, steps
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


def draw(map_: Map, console: Console) -> None:
    """Print a map."""
    if not map_.apps and not map_.routers:
        _print(console, Text("No application is made in these files."))
    for app in map_.apps:
        _app(app, map_.version, console)
    for router in map_.routers:
        _print(console, _title(router, "in no application of the project"))
        _print(console, *_routes(router))


def draw_requests(requests: Iterable[Request], map_: Map, console: Console) -> None:
    """Print what runs for requests."""
    for request in requests:
        title = Text.assemble((request.route.label, "bold"), f"   {map_.version.label}")
        _print(console, title)
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
        for step in steps(request, map_.version):
            table.add_row(*_step(step))
        _print(console, table, Text(""))


def _print(console: Console, *parts: object) -> None:
    for part in parts:
        console.print(part, soft_wrap=isinstance(part, Text), highlight=False)


def _app(app: App, version: Version, console: Console) -> None:
    _print(console, _title(app, version.label))
    _print(console, *_stack(app, version), *_starts(app), *_handlers(app))
    _print(console, *_routes(app), *_trees(app, version))
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


def _marked(text: Text, marks: tuple[Mark, ...]) -> Text:
    for code, severity in dict.fromkeys((mark.code, mark.severity) for mark in marks):
        text.append(f"  {code}", _SEVERITIES[severity])
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


def _routes(app: App) -> Iterator[object]:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for title in ("", "path", "handler", "auth", "returns", "tags", ""):
        table.add_column(title, overflow="fold")
    for route in app.routes:
        table.add_row(*_row(route))
    for mount in app.mounts:
        what = "an application, below" if mount.app is not None else visible(mount.name or "?")
        path = Text(visible(mount.path))
        table.add_row(Text("mount", "magenta"), path, _line(what, str(mount.location)))
    for unresolved in app.unresolved:
        path = Text(f"{visible(unresolved.prefix)}…")
        line = _line(unresolved.name, f"{unresolved.location}, its routes are not known")
        table.add_row(Text("?", "bold red"), path, line)
    count = len(app.routes)
    heading = Text.assemble(("routes", "bold"), (f"   {count}", "dim"))
    yield Group(heading, table)
    yield Text("")


def _row(route: Route) -> Iterator[Text]:
    verbs = route.label.partition(":")[0]
    yield Text(verbs, _VERBS.get(verbs.partition(",")[0], ""))
    path = Text(visible(route.path))
    if route.conditions:
        path.append(f"\nonly if {visible(' and '.join(route.conditions))}", "italic dim")
    yield path
    kind = "" if route.is_async is not False else "sync "
    if route.kind == "built-in":
        yield Text(f"built in ({route.handler})", "dim")
    else:
        yield Text.assemble(
            (kind, "dim"), visible(route.handler or "?"), "  ", (str(route.location), "dim")
        )
    yield Text("\n".join(dict.fromkeys(visible(way[0]) for way in route.auth)))
    yield Text("?" if route.response_model is None else visible(route.response_model))
    yield Text(", ".join("?" if tag is None else visible(tag) for tag in route.tags))
    yield _marked(Text(), route.marks)


def _trees(app: App, version: Version) -> Iterator[object]:
    """The dependencies of the routes; routes with the same ones share a tree."""
    groups: dict[tuple[tuple[Dependency, ...], tuple[str | None, ...]], list[Route]] = {}
    for route in app.routes:
        tasks = tuple(task.name for task in route.tasks)
        if route.dependencies or tasks:
            groups.setdefault((route.dependencies, tasks), []).append(route)
    if groups:
        yield Text.assemble(
            ("dependencies", "bold"), ("   each is called after what it depends on", "dim")
        )
    for (trees, _), routes in groups.items():
        label = Text("\n".join(visible(route.label) for route in routes))
        tree = Tree(label, guide_style="dim", highlight=False)
        for node in trees:
            _grow(tree, node, version)
        for task in routes[0].tasks:
            tree.add(_line(f"{task.kind} task: {task.name or '?'}", str(task.location)))
        yield tree
    if groups:
        yield Text("")


def _grow(tree: Tree, node: Dependency, version: Version) -> None:
    notes = [str(node.location)] if node.location is not None else []
    notes.append(node.kind if node.kind in ("scheme", "external", "unknown", "class") else "")
    if node.kind == "generator" and node.runs:
        when = "before" if closes_early(node, version) else "after"
        notes.append(f"yields, ends {when} the response")
    if not node.runs:
        notes.append("already called")
    text = ", ".join(note for note in notes if note)
    branch = tree.add(_marked(_line(node.name, text), node.marks))
    for inner in node.inner if any(part.runs for part in node.walk()) else ():
        _grow(branch, inner, version)


def _step(step: Step) -> tuple[Text, Text, Text, Text]:
    return (
        Text(step.phase, _PHASES[step.phase]),
        _marked(Text(visible(step.name)), step.marks),
        Text(visible(step.note), "dim"),
        Text(str(step.location) if step.location is not None else "", "dim"),
    )
