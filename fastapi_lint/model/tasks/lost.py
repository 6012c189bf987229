"""Which background tasks are added on the way to an exception, whose response carries none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from ... import ir
from ...walk import statement_at
from ..application import Place
from ..exceptions import FASTAPI_HTTP_EXCEPTION
from ..flow import Frame, Paths, frames_at
from ..scopes import Function, Scope
from ..values import External, Value

if TYPE_CHECKING:
    from ..link import Application

_MAX_DEPTH = 3


class Lost(msgspec.Struct, frozen=True):
    """A task that is added at one place and taken away by an exception at another."""

    added: Place
    raised: Place


class LostTasks:
    """Finds the tasks that never run, since an exception always follows."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._exceptions = application.exceptions

    def all(self) -> Iterator[Lost]:
        """Those of endpoints and dependencies, and of the functions that these call."""
        for function in self._functions():
            if not function.module.is_test:
                yield from self._lost(function)

    def _functions(self) -> Iterator[Function]:
        graph = self._application.graph
        for function, routes in graph.endpoints.items():
            if not all(route.is_websocket for route in routes):
                yield function
        injected = frozenset(graph.injected)
        yield from (provider for provider in graph.providers if provider not in graph.endpoints)
        adding = (task.function for task in self._application.tasks if task.name == "add_task")
        yield from (f for f in dict.fromkeys(adding) if f is not None and f not in injected)

    def _lost(self, function: Function) -> Iterator[Lost]:
        application = self._application
        if not application.collectors(function):
            return
        ends = application.added_tasks(function).run(function.body, frozenset())
        kept = frozenset[int]().union(*ends.leaves())
        lost: dict[int, int] = {}
        for at, states in ends.raises.items():
            for added in frozenset[int]().union(*states) - kept:
                if self._reaches_client(function, at):
                    lost.setdefault(added, at)
        for added, raised in sorted(lost.items()):
            yield Lost(Place(function.module, added), Place(function.module, raised))

    def _reaches_client(self, function: Function, at: int) -> bool:
        """Whether what a function raises is known to leave the endpoint or dependency it serves."""
        node = statement_at(function.body, at)
        raised = node.value if isinstance(node, ir.Raise) else None
        classes = self._exceptions.classes(raised, function.scope, at) if raised else ()
        return all(
            self._leaves(function, value, ())
            for value in classes or (External(FASTAPI_HTTP_EXCEPTION),)
        )

    def _leaves(self, function: Function, raised: Value, above: tuple[Function, ...]) -> bool:
        """The same for one exception: some callers are found, and none of them takes it."""
        if function in self._application.graph.injected:
            return True
        if len(above) > _MAX_DEPTH or function in above:
            return False
        callers = tuple(self._application.index.callers(function))
        return bool(callers) and all(
            isinstance(owner := site.scope.owner, Function)
            and not self._is_taken(frames_at(owner.body, site.at), site.scope, raised)
            and self._leaves(owner, raised, (*above, function))
            for site in callers
        )

    def _is_taken(self, frames: tuple[Frame, ...], scope: Scope, raised: Value) -> bool:
        return any(
            self._exceptions.is_caught((frame,), scope, raised)
            and not (isinstance(frame.node, ir.Try) and all(map(_raises, frame.node.handlers)))
            for frame in frames
        )


def _raises(handler: ir.Handler) -> bool:
    """Whether an `except` clause always ends with an exception."""
    ends = Paths[None]().run(handler.body, None)
    return not (ends.leaves() or ends.breaks or ends.continues)
