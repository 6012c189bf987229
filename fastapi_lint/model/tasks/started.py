"""Work that is started to run later: background tasks and asyncio tasks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ... import ir
from ...walk import own_parts, statements, walk
from ..application import Place
from ..calls import argument_for, keyword
from ..dependencies import Injection
from ..evaluate import Evaluator
from ..exceptions import ExceptionPaths, Exceptions
from ..names import BACKGROUND_TASK, BACKGROUND_TASKS
from ..program import Program, Site
from ..scopes import Function, Scope
from ..summaries import Summaries
from ..values import (
    Argument,
    ClassValue,
    External,
    FunctionValue,
    Instance,
    Method,
    Partial,
    Value,
)

_SPAWNERS = frozenset({"asyncio.create_task", "asyncio.ensure_future"})
_LOOPS = frozenset({"asyncio.get_event_loop", "asyncio.get_running_loop", "asyncio.new_event_loop"})


class Task(msgspec.Struct, frozen=True, eq=False):
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

    @property
    def is_awaited(self) -> bool:
        """Whether the starting function waits for an asyncio task, cancels it, or hands it on."""
        if self.kind != "asyncio" or self.function is None:
            return False
        names: set[str] = set()
        for node in statements(self.function.body):
            if any(part is self.site.call for part in own_parts(node)):
                if isinstance(node, ir.Return) or any(
                    isinstance(part, ir.Await) and self.site.call in tuple(walk(part))
                    for part in own_parts(node)
                ):
                    return True
                names |= _receiving_names(node, self.site.call)
        return bool(names) and any(
            isinstance(part, ir.Name) and part.id in names
            for node in statements(self.function.body)
            for awaited in (*_awaited(node), *_cancelled(node))
            for part in walk(awaited)
        )


def collectors(function: Function, injection: Injection, view: Evaluator) -> frozenset[ir.Expr]:
    """The parameters into which FastAPI injects the response's `BackgroundTasks`."""
    return frozenset(
        ir.Name(param.name)
        for param in function.node.params
        for cls in injection.framework_types(param.annotation, function.parent, function.node.at)
        if view.is_a(cls, *BACKGROUND_TASKS)
    )


def holders(function: Function, program: Program, injection: Injection) -> frozenset[ir.Expr]:
    """What else holds them where a function calls `add_task`: `self.tasks`, another variable."""
    if "add_task" not in function.node.mentions:
        return frozenset()
    view = program.evaluator()
    return frozenset(
        site.call.func.value
        for site in program.scope_sites(function.scope).get("add_task", ())
        if isinstance(site.call.func, ir.Attribute)
        for value in view.evaluate(site.call.func.value, site.scope, site.at)
        if _is_given(value, injection, view)
    )


def _is_given(value: Value, injection: Injection, view: Evaluator) -> bool:
    """Whether a value is what is given for a parameter or field that is annotated as
    `BackgroundTasks`."""
    if isinstance(value, Instance) and value.call is None:
        return view.instance_of(value, *BACKGROUND_TASKS)
    return isinstance(value, Argument) and any(
        view.is_a(cls, *BACKGROUND_TASKS)
        for cls in injection.framework_types(
            value.param.annotation, value.function.parent, value.function.node.at
        )
    )


class AddedTasks(ExceptionPaths[frozenset[int]]):
    """Carries the ordinals of the tasks that a function has added to injected `BackgroundTasks`."""

    def __init__(
        self,
        exceptions: Exceptions,
        summaries: Summaries,
        function: Function,
        names: frozenset[ir.Expr],
        depth: int = 0,
    ) -> None:
        super().__init__(exceptions, function)
        self._summaries = summaries
        self._scope = function.scope
        self._names = names
        self._depth = depth

    def expression(self, state: frozenset[int], node: ir.Expr, at: int) -> Iterable[frozenset[int]]:
        match node:
            case ir.Call(ir.Attribute(owner, "add_task")) if owner in self._names:
                return (state | {node.at},)
        if isinstance(node, ir.Call) and self._adds(node, at):
            return (state | {node.at},)
        return () if state and self._leaves(node, at) else (state,)

    def _adds(self, call: ir.Call, at: int) -> bool:
        """Whether a call hands the tasks to a function that certainly adds one."""
        given = [*call.args, *[k.value for k in call.keywords if k.name is not None]]
        if self._depth > 2 or not any(argument in self._names for argument in given):
            return False
        functions = self._summaries.callees(call, self._scope, at)
        return bool(functions) and all(self._is_adding(f, call) for f in functions)

    def _is_adding(self, function: Function, call: ir.Call) -> bool:
        if "add_task" not in function.node.mentions:
            return False
        names = frozenset[ir.Expr](
            ir.Name(param.name)
            for param in function.node.params
            if argument_for(function, param, call) in self._names
        )
        inner = AddedTasks(self._exceptions, self._summaries, function, names, self._depth + 1)
        leaves = inner.run(function.body, frozenset()).leaves()
        return bool(leaves) and all(leaves)

    def may_raise(self, state: frozenset[int], node: ir.Expr) -> bool:
        return bool(state) and isinstance(node, ir.Call) and self._leaves(node, node.at)

    def _leaves(self, node: ir.Expr, at: int) -> bool:
        return isinstance(node, ir.Call) and self._summaries.ends_here(node, self._scope, at)

    def handler(self, state: frozenset[int], node: ir.Handler) -> Iterable[frozenset[int]]:
        """What led to an exception is not what the path was meant for: it starts anew."""
        return (frozenset(),)


def functions_of(task: Task, view: Evaluator) -> tuple[Function, ...]:
    """The functions of the project that a task runs."""
    node: ir.Expr = task.target
    if task.kind == "asyncio":
        if not isinstance(node, ir.Call):
            return ()
        node = node.func
    found = (_called(value, view) for value in view.callees(node, task.scope, task.site.at))
    return tuple(dict.fromkeys(function for function in found if function is not None))


def _called(value: Value, view: Evaluator) -> Function | None:
    match value:
        case FunctionValue(function) | Method(function, _):
            return function
        case Partial(callee):
            return _called(callee, view)
        case Instance(ClassValue(cls)):
            return view.find_method(cls, "__call__")
    return None


def _awaited(node: ir.Stmt) -> Iterator[ir.Expr]:
    if isinstance(node, ir.Return) and node.value is not None:
        yield node.value
    for part in own_parts(node):
        if isinstance(part, ir.Await):
            yield part.value


def _cancelled(node: ir.Stmt) -> Iterator[ir.Expr]:
    for part in own_parts(node):
        if isinstance(part, ir.Call) and ir.last_name(part.func) == "cancel":
            yield part.func


def _receiving_names(node: ir.Stmt, call: ir.Call) -> set[str]:
    """The names that get the task: targets of an assignment, or the list it is appended to."""
    if isinstance(node, ir.Assign):
        return {part.id for target in node.targets for part in walk(target)
                if isinstance(part, ir.Name)}  # fmt: skip
    if isinstance(node, ir.Expression) and isinstance(node.value, ir.Call):
        func = node.value.func
        if isinstance(func, ir.Attribute) and isinstance(func.value, ir.Name):
            return {func.value.id}
    return set()


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
        return self._eval.instance_of(value, *BACKGROUND_TASKS) or _is_given(
            value, self._injection, self._eval
        )

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
            and (owner.cls.name in _LOOPS or _outlives(owner, owner.cls.name, site))
            for owner in self._eval.evaluate(func.value, site.scope, site.at)
        )


def _outlives(owner: Instance, name: str, site: Site) -> bool:
    """Whether a task group is one that the starting function does not itself wait for."""
    return name == "asyncio.TaskGroup" and owner.scope is not site.scope
