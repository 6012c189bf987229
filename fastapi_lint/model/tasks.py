"""Work that is started to run later: background tasks and asyncio tasks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .. import ir
from .application import Place
from .dependencies import Injection
from .names import BACKGROUND_TASK, BACKGROUND_TASKS
from .program import Program, Site, keyword
from .scopes import Function, Scope
from .values import Argument, External, Instance, Value

_SPAWNERS = frozenset({"asyncio.create_task", "asyncio.ensure_future"})
_LOOPS = frozenset(
    {"asyncio.get_event_loop", "asyncio.get_running_loop", "asyncio.new_event_loop"}
)


@dataclass(frozen=True, eq=False)
class Task:
    """A started task: `kind` is "background" (after the response) or "asyncio" (right away).

    `target` is what will run: for asyncio the coroutine expression itself.
    """

    kind: str
    name: str
    target: ir.Expr
    args: tuple[ir.Expr, ...]
    site: Site

    @property
    def place(self) -> Place:
        return Place(self.site.module, self.site.call.at)

    @property
    def scope(self) -> Scope:
        return self.site.scope

    @property
    def function(self) -> Function | None:
        """The function that starts the task."""
        owner = self.site.scope.owner
        return owner if isinstance(owner, Function) else None


class Tasks:
    """Finds the tasks of a program."""

    def __init__(self, program: Program, injection: Injection) -> None:
        self._program = program
        self._eval = program.evaluator()
        self._injection = injection

    def all(self) -> Iterator[Task]:
        """Every task that is started, in the order of the files."""
        for site in self._program.sites("add_task"):
            func = site.call.func
            if isinstance(func, ir.Attribute) and any(
                self.is_background_tasks(value)
                for value in self._eval.evaluate(func.value, site.scope, site.at)
            ):
                yield from self._background(site, "func")
        for site in self._program.sites("BackgroundTask"):
            callees = self._eval.evaluate(site.call.func, site.scope, site.at)
            if any(self._eval.is_a(callee, BACKGROUND_TASK) for callee in callees):
                yield from self._background(site, "func")
        for site in self._program.sites("create_task", "ensure_future"):
            if site.call.args and self._spawns(site):
                yield Task("asyncio", "create_task", site.call.args[0], (), site)

    def is_background_tasks(self, value: Value) -> bool:
        """Whether a value is a `BackgroundTasks`, injected or made by hand."""
        if self._eval.instance_of(value, *BACKGROUND_TASKS):
            return True
        if not isinstance(value, Argument):
            return False
        types = self._injection.types(
            value.param.annotation, value.function.parent, value.function.node.at
        )
        return any(self._eval.is_a(cls, *BACKGROUND_TASKS) for cls in types)

    def _background(self, site: Site, name: str) -> Iterator[Task]:
        call = site.call
        target = call.args[0] if call.args else keyword(call, name)
        if target is None:
            return
        args = [*call.args[1:], *[k.value for k in call.keywords if k.value is not target]]
        yield Task("background", ir.last_name(call.func) or "", target, tuple(args), site)

    def _spawns(self, site: Site) -> bool:
        func = site.call.func
        for callee in self._eval.evaluate(func, site.scope, site.at):
            if isinstance(callee, External) and callee.name in _SPAWNERS:
                return True
        if not isinstance(func, ir.Attribute):
            return False
        return any(
            isinstance(owner, Instance)
            and isinstance(owner.cls, External)
            and owner.cls.name in _LOOPS
            for owner in self._eval.evaluate(func.value, site.scope, site.at)
        )
