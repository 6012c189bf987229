"""From a function to the routes that it works for."""

from __future__ import annotations

from collections.abc import Iterable

from ..application import Route
from ..link import Application
from ..scopes import Function

_MAX_DEPTH = 4


def served(function: Function, application: Application) -> tuple[Route, ...]:
    """The routes whose endpoint or dependencies are this function, hold it, or may call it."""
    return tuple(dict.fromkeys(_served(function, application, 0, set())))


def _served(
    function: Function, application: Application, depth: int, seen: set[Function]
) -> Iterable[Route]:
    if function in seen or depth > _MAX_DEPTH:
        return
    seen.add(function)
    found = application.graph.routes_of(function)
    if found:
        yield from found
        return
    if isinstance(function.parent.owner, Function):
        yield from _served(function.parent.owner, application, depth, seen)
    for caller in application.program.evaluator().callers(function):
        if isinstance(caller.scope.owner, Function) and not caller.module.is_test:
            yield from _served(caller.scope.owner, application, depth + 1, seen)
