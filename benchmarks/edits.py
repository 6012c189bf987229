"""Changes to files, as people make them between two runs."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Collection
from pathlib import Path

from inside import Inside
from timing import check, wall

_METHODS = frozenset({"delete", "get", "patch", "post", "put"})


def with_changed_route(source: str, number: int) -> str | None:
    """The source with a further statement in the body of its first route handler, if it has one."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    lines = source.splitlines(keepends=True)
    for node in ast.walk(tree):
        if isinstance(node, (ast.AsyncFunctionDef, ast.FunctionDef)) and _is_route(node):
            last = node.body[-1]
            before = lines[last.lineno - 1][: last.col_offset]
            if not before.strip() and not isinstance(last, (ast.AsyncFunctionDef, ast.FunctionDef)):
                lines.insert(last.lineno - 1, f"{before}remark = {number}\n")
                return "".join(lines)
    return None


def _is_route(node: ast.AsyncFunctionDef | ast.FunctionDef) -> bool:
    calls = (decorator.func for decorator in node.decorator_list if isinstance(decorator, ast.Call))
    return any(isinstance(func, ast.Attribute) and func.attr in _METHODS for func in calls)


def with_comment(source: str, number: int) -> str:
    """The source with a further comment."""
    return f"{source.rstrip()}\n\n# remark {number}\n"


def with_function(source: str, number: int) -> str:
    """The source with a further function."""
    return f"{source.rstrip()}\n\n\ndef added_{number}(first, second):\n    return first, second\n"


def after_edits(tree: str, inside: Inside) -> dict[str, Callable[[], float]]:
    """Runs over a tree, each after another change to a file of which the cache knows."""
    parsed, found = {*inside.parsed}, {*inside.found}
    others = sorted(str(p) for p in Path(tree).rglob("*.py") if str(p) not in parsed)
    quiet = [path for path in inside.parsed if path not in found]
    chosen = {
        "comment added": (_first(quiet, with_comment), with_comment),
        "other file changed": (_first(others, with_function), with_function),
        "route changed": (_first(inside.parsed, with_changed_route), with_changed_route),
    }
    return {
        name: _after([path], change, check(tree))
        for name, (path, change) in chosen.items()
        if path is not None
    }


def before_commit(project: str) -> Callable[[], float]:
    """Runs over three files of a project, whose routes change each time, as a hook makes them."""
    routers = sorted(Path(project).rglob("routes_*.py"))
    chosen = [str(path.relative_to(project)) for path in routers[:3]]
    paths = [str(Path(project, name)) for name in chosen]
    return _after(paths, with_changed_route, check(*chosen), project)


def _first(paths: Collection[str], change: Callable[[str, int], str | None]) -> str | None:
    """The first of the files that is not empty and that the change is possible to."""
    for path in paths:
        try:
            source = Path(path).read_text(encoding="utf-8")
        except (OSError, ValueError):
            continue
        if source.strip() and change(source, 0) is not None:
            return path
    return None


def _after(
    paths: list[str],
    change: Callable[[str, int], str | None],
    command: list[str],
    folder: str | None = None,
) -> Callable[[], float]:
    """The seconds of a command after a change to files, another one each time."""
    sources = {path: Path(path).read_text(encoding="utf-8") for path in paths}
    numbers = itertools.count(1)

    def changed() -> float:
        number = next(numbers)
        for path, source in sources.items():
            Path(path).write_text(change(source, number) or source, encoding="utf-8")
        return wall(command, folder)

    return changed
