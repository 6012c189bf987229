"""Where plain functions start tasks of asyncio, themselves or through what they call."""

from __future__ import annotations

from collections.abc import Iterator

from ... import ir
from ...walk import parts_run
from ..application import Place
from ..calls import keyword
from ..flow import placed
from ..link import Application
from ..scopes import Function
from ..values import External, FunctionValue, Instance, Method, Value

_STARTERS = ("create_task", "ensure_future")
_FUNCTIONS = frozenset({"asyncio.create_task", "asyncio.ensure_future"})
_LOOPS = frozenset({"asyncio.get_event_loop", "asyncio.get_running_loop"})
_MAX_DEPTH = 3


class Spawning:
    """Answers where a function that runs in a thread needs an event loop for a task."""

    def __init__(self, application: Application) -> None:
        self._program = application.program
        self._exceptions = application.exceptions

    def in_thread(
        self, function: Function, above: tuple[Function, ...] = ()
    ) -> Iterator[tuple[int, Place]]:
        """The calls in a plain function that start a task on the running loop, and where they do.

        Code that prepares for a missing loop (a `try` around it, a loop of its own) is left out.
        `above` are the functions that lead here.
        """
        if len(above) > _MAX_DEPTH or function in above or not self._may_spawn(function):
            return
        error = External("builtins.RuntimeError")
        for node, frames in placed(function.body):
            if isinstance(node, (ir.Function, ir.Class)):
                continue
            for call in [part for part in parts_run(node) if isinstance(part, ir.Call)]:
                place = self._started(call, node.at, (*above, function))
                caught = self._exceptions.is_caught(frames, function.scope, error)
                if place is not None and caught is False:
                    yield call.at, place

    def _may_spawn(self, function: Function) -> bool:
        if {"set_event_loop", "is_running", "run"} & set(function.node.mentions):
            return False
        known = self._program.spawning_names
        return any(name in _STARTERS or name in known for name in function.node.mentions)

    def _started(self, call: ir.Call, at: int, above: tuple[Function, ...]) -> Place | None:
        name, function = ir.last_name(call.func), above[-1]
        if name in _STARTERS and keyword(call, "loop") is None:
            if self._needs_loop(call, at, function):
                return Place(function.module, call.at)
        elif name in self._program.spawning_names:
            for callee in self._evaluate(call.func, at, function):
                if isinstance(callee, (FunctionValue, Method)):
                    inner = callee.function
                    if inner.node.is_async or inner.node.is_generator:
                        continue
                    if (found := next(self.in_thread(inner, above), None)) is not None:
                        return found[1]
        return None

    def _needs_loop(self, call: ir.Call, at: int, function: Function) -> bool:
        callees = self._evaluate(call.func, at, function)
        if any(isinstance(c, External) and c.name in _FUNCTIONS for c in callees):
            return True
        if not isinstance(call.func, ir.Attribute):
            return False
        return any(
            isinstance(owner, Instance)
            and isinstance(owner.cls, External)
            and owner.cls.name in _LOOPS
            and owner.scope is function.scope
            for owner in self._evaluate(call.func.value, at, function)
        )

    def _evaluate(self, node: ir.Expr, at: int, function: Function) -> tuple[Value, ...]:
        view = self._program.evaluator()
        return tuple(view.evaluate(node, function.scope, at))
