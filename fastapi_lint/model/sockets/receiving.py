"""Which receive loops of WebSocket routes a disconnect can break out of unhandled."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from ... import ir
from ...walk import children, expressions, has_yield, parts_run, statements, walk, walk_all
from ..application import Place
from ..dependencies import Injection
from ..exceptions import Exceptions
from ..flow import Frame, Paths, placed
from ..names import WEBSOCKET, WEBSOCKET_DISCONNECT
from ..program import Program
from ..scopes import Function, Scope, decorator_name
from ..values import (
    Argument,
    ClassValue,
    External,
    FunctionValue,
    Instance,
    Method,
    Sequence,
    Value,
)

RECEIVES = frozenset({"receive_text", "receive_json", "receive_bytes", "receive"})
_BROAD = frozenset({"builtins.Exception", "builtins.BaseException"})
_GROUPS = frozenset({"builtins.ExceptionGroup", "builtins.BaseExceptionGroup"})
_SPAWN = frozenset({"asyncio.create_task", "asyncio.ensure_future"})
_TASK_GROUPS = frozenset({"asyncio.TaskGroup", "anyio.create_task_group"})
_STARTS = frozenset({"start_soon", "start"})
_HARMLESS = frozenset(
    {"websocket", "websocket_route", "staticmethod", "classmethod", "override", "wraps"}
)
_TRANSPARENT = frozenset(
    {
        "aiofiles", "aiohttp", "aioredis", "anyio", "asyncpg", "databases", "httpx", "motor",
        "opentelemetry", "psycopg", "pymongo", "redis", "sqlalchemy", "sqlmodel", "structlog",
    }
)  # fmt: skip
"""Packages whose context managers let exceptions through."""
_MAX_DEPTH = 5


class Receive(msgspec.Struct, frozen=True):
    """A receive call that nothing in its own function guards; `looped` if it stands in a loop.

    `raw`: it is `receive()`, which gives a message when the client leaves, and then fails with a
    RuntimeError.
    """

    place: Place
    looped: bool
    raw: bool = False


class Guard(msgspec.Struct, frozen=True):
    """What an enclosing statement does with WebSocketDisconnect.

    `plain`: it is caught or cleaned up after; `grouped`: also when an ExceptionGroup carries it.
    `groups`: everything inside is raised as an ExceptionGroup. `runtime`: a RuntimeError is caught.
    """

    plain: bool
    grouped: bool
    groups: bool = False
    runtime: bool = False


EVERYTHING = Guard(True, True, runtime=True)
"""What catches or cleans up after anything, or may do so."""


class _Place(msgspec.Struct, frozen=True):
    scope: Scope
    guards: tuple[Guard, ...]
    looped: bool

    def inside(self, guard: Guard | None) -> _Place:
        return self if guard is None else replace(self, guards=(guard, *self.guards))

    def guards_against(self, raw: bool) -> bool:
        """Whether what a receive raises (a `raw` one: a RuntimeError) is taken."""
        if raw:
            return any(guard.runtime for guard in self.guards)
        grouped = False
        for guard in self.guards:
            if guard.groups:
                grouped = True
            elif guard.grouped if grouped else guard.plain:
                return True
        return False


class FrozenLoop(msgspec.Struct, frozen=True):
    """A loop that a disconnect keeps spinning: its receive, and the clause that swallows it."""

    place: Place
    handler: ir.Handler
    raw: bool


class Sockets:
    """Answers where receive loops of WebSocket routes are left to a disconnect."""

    def __init__(self, program: Program, injection: Injection, exceptions: Exceptions) -> None:
        self._eval = program.evaluator()
        self._injection = injection
        self._errors = exceptions
        self._known: dict[int, tuple[Receive, ...]] = {}

    def unhandled(self, endpoint: Function) -> tuple[Receive, ...]:
        """The receive calls in loops that a disconnect leaves through the endpoint."""
        return tuple(receive for receive in self._receives(endpoint, 0) if receive.looped)

    def frozen_loops(self, endpoint: Function) -> Iterator[FrozenLoop]:
        """The receives in endless loops whose failure is swallowed there, again and again."""
        yield from dict.fromkeys(self._frozen(endpoint, 0, {id(endpoint)}))

    def _frozen(self, function: Function, depth: int, seen: set[int]) -> Iterator[FrozenLoop]:
        scope = function.scope
        for node, frames in placed(function.body):
            if not isinstance(node, ir.Try) or not _is_in_endless_loop(frames, scope):
                continue
            for receive in _Walker(self, function, depth).run_block(node.body):
                handler = self._swallowing(node, scope, receive.raw)
                if handler is not None:
                    yield FrozenLoop(receive.place, handler, receive.raw)
        for callee in self._run_by(function) if depth < _MAX_DEPTH else ():
            if id(callee) not in seen:
                seen.add(id(callee))
                yield from self._frozen(callee, depth + 1, seen)

    def _swallowing(self, node: ir.Try, scope: Scope, raw: bool) -> ir.Handler | None:
        """The clause that takes a disconnect and the errors after it, and goes on."""
        found: ir.Handler | None = None
        for exception in (*(() if raw else (WEBSOCKET_DISCONNECT,)), "builtins.RuntimeError"):
            found = None
            for handler in node.handlers:
                caught = self._errors.catches(handler, scope, External(exception))
                if caught is None:
                    return None
                if caught:
                    found = handler
                    break
            if found is None or not self._goes_on(found, scope):
                return None
        return found if not _may_leave(node.final) else None

    def _goes_on(self, handler: ir.Handler, scope: Scope) -> bool:
        """Whether the loop around a clause goes on after it, whatever happens in it."""
        return not (
            _may_leave(handler.body)
            or _sleeps(handler.body)
            or any(self._helper_raises(node, scope) for node in statements(handler.body))
        )

    def _helper_raises(self, node: ir.Stmt, scope: Scope) -> bool:
        """Whether a statement calls a function of the project that has a `raise` of its own."""
        return any(
            isinstance(part, ir.Raise)
            for call in walk_all((node,))
            if isinstance(call, ir.Call)
            for value in self._eval.evaluate(call.func, scope, node.at)
            if isinstance(value, (FunctionValue, Method))
            for part in statements(value.function.body)
        )

    def _run_by(self, function: Function) -> Iterator[Function]:
        """The asynchronous functions that a function calls, or starts as tasks."""
        for node in statements(function.body):
            for part in parts_run(node):
                if isinstance(part, ir.Call):
                    yield from self.callees(part.func, function.scope, node.at)
                    yield from self.started(part, function.scope, node.at)

    def started(self, call: ir.Call, scope: Scope, at: int) -> Iterator[Function]:
        """The functions that are given to a task group to start."""
        if isinstance(call.func, ir.Attribute) and call.func.attr in _STARTS and call.args:
            yield from self.callees(call.args[0], scope, at)

    def is_caught_outside(self, providers: Iterable[Value], middleware: Iterable[Value]) -> bool:
        """Whether a `yield` dependency or an ASGI middleware around a route takes a disconnect."""
        for value in providers:
            function = self._injection.function_of(value)
            if function is not None and function.node.is_generator:
                guard = self._generated(function)
                if guard is not None and guard.plain:
                    return True
        for value in middleware:
            if isinstance(value, ClassValue):
                call = self._eval.find_method(value.cls, "__call__")
                if call is not None and self._ends_disconnect(call):
                    return True
        return False

    def _ends_disconnect(self, call: Function) -> bool:
        return any(
            isinstance(node, ir.Try)
            and any(
                self.catches(handler.catches, call.scope, handler.at).plain
                and not any(isinstance(part, ir.Raise) for part in statements(handler.body))
                for handler in node.handlers
            )
            for node in statements(call.body)
        )

    def _receives(self, function: Function, depth: int) -> tuple[Receive, ...]:
        if id(function) not in self._known:
            self._known[id(function)] = ()
            if depth <= _MAX_DEPTH and not self._guarded_by_decorator(function):
                walker = _Walker(self, function, depth)
                self._known[id(function)] = tuple(dict.fromkeys(walker.run()))
        return self._known[id(function)]

    # Sockets

    def is_socket(self, node: ir.Expr, scope: Scope, at: int) -> bool:
        """Whether an expression is a WebSocket of the framework."""
        return any(self._is_socket(value) for value in self._eval.evaluate(node, scope, at))

    def _is_socket(self, value: Value) -> bool:
        if self._eval.instance_of(value, WEBSOCKET):
            return True
        if not isinstance(value, Argument):
            return False
        function = value.function
        types = self._injection.framework_types(
            value.param.annotation, function.parent, function.node.at
        )
        return any(self._eval.is_a(cls, WEBSOCKET) for cls in types)

    def callees(self, node: ir.Expr, scope: Scope, at: int) -> Iterator[Function]:
        """The asynchronous functions of the project that calling an expression runs."""
        for value in self._eval.evaluate(node, scope, at):
            match value:
                case FunctionValue(function) | Method(function, _) if function.node.is_async:
                    yield function
                case Instance(ClassValue(cls)):
                    method = self._eval.find_method(cls, "__call__")
                    if method is not None and method.node.is_async:
                        yield method

    def is_external(self, node: ir.Expr, scope: Scope, at: int, names: frozenset[str]) -> bool:
        """Whether an expression is one of these objects outside the project."""
        return any(
            isinstance(value, External) and value.name in names
            for value in self._eval.evaluate(node, scope, at)
        )

    # Guards

    def handlers(self, node: ir.Try, scope: Scope) -> Guard:
        """What the `except` and `finally` clauses of a statement do with a disconnect."""
        if node.final:
            return EVERYTHING
        plain = grouped = runtime = False
        for handler in node.handlers:
            caught = self.catches(handler.catches, scope, handler.at)
            plain, runtime = plain or caught.plain, runtime or caught.runtime
            grouped = grouped or (caught.plain if node.is_star else caught.grouped)
        return Guard(plain, grouped, runtime=runtime)

    def catches(self, node: ir.Expr | None, scope: Scope, at: int) -> Guard:
        """What an `except` clause of these exceptions does with a disconnect."""
        if node is None:
            return EVERYTHING
        plain = grouped = runtime = False
        for value in self._exceptions(self._eval.evaluate(node, scope, at)):
            match value:
                case External(name) if name in _BROAD:
                    return EVERYTHING
                case External(name) if name in _GROUPS:
                    grouped = True
                case External("builtins.RuntimeError"):
                    runtime = True
                case External(name):
                    plain = plain or name == WEBSOCKET_DISCONNECT or "WebSocketDisconnect" in name
                case ClassValue():
                    pass
                case _:
                    return EVERYTHING
        return Guard(plain, grouped, runtime=runtime)

    def _exceptions(self, values: Iterable[Value]) -> Iterator[Value]:
        for value in values:
            if isinstance(value, Sequence):
                yield from self._exceptions(self._eval.items((value,)))
            else:
                yield value

    def manager(self, node: ir.Expr, scope: Scope, at: int) -> Guard | None:
        """What a context manager does with a disconnect; `None` if it lets it through."""
        if not isinstance(node, ir.Call):
            values = self._eval.evaluate(node, scope, at)
            guards = [self._made_manager(value) for value in values]
            return next((guard for guard in guards if guard is not None), None)
        for callee in self._eval.evaluate(node.func, scope, at):
            guard = self._manager(callee, node, scope, at)
            if guard is not None:
                return guard
        return None

    def _manager(self, callee: Value, node: ir.Call, scope: Scope, at: int) -> Guard | None:
        match callee:
            case External("contextlib.suppress"):
                caught = [self.catches(argument, scope, at) for argument in node.args]
                return Guard(
                    any(guard.plain for guard in caught),
                    any(guard.grouped for guard in caught),
                    runtime=any(guard.runtime for guard in caught),
                )
            case External(name) if name in _TASK_GROUPS:
                return Guard(False, False, True)
            case External(name) | Instance(External(name)):
                return None if _is_transparent(name) else EVERYTHING
            case FunctionValue(function) | Method(function, _):
                return self._generated(function)
            case ClassValue():
                return self._made_manager(Instance(callee, node, scope, at))
        return EVERYTHING

    def _made_manager(self, value: Value) -> Guard | None:
        match value:
            case Instance(ClassValue(cls)):
                method = self._eval.find_method(cls, "__aexit__") or self._eval.find_method(
                    cls, "__exit__"
                )
                if method is None:
                    unknown = self._eval.has_unknown_base(cls)
                    return EVERYTHING if unknown else None
                return EVERYTHING if _may_suppress(method) else None
            case Instance(External(name)) | External(name):
                return None if _is_transparent(name) else EVERYTHING
            case Instance(Instance()):
                return None
        return EVERYTHING

    def _generated(self, function: Function) -> Guard | None:
        """The guard around the `yield` of a context manager function."""
        if not function.node.is_generator:
            return EVERYTHING
        for node in statements(function.body):
            if isinstance(node, ir.Try) and has_yield(node.body):
                guard = self.handlers(node, function.scope)
                if guard.plain:
                    return guard
        return None

    def _guarded_by_decorator(self, function: Function) -> bool:
        for decorator in function.node.decorators:
            if decorator_name(decorator) in _HARMLESS:
                continue
            value = decorator.value
            target = value.func if isinstance(value, ir.Call) else value
            for found in self._eval.evaluate(target, function.parent, function.node.at):
                if not isinstance(found, FunctionValue) or self._may_catch(found.function):
                    return True
        return False

    def _may_catch(self, function: Function) -> bool:
        """Whether a decorator, or a function defined in it, does something about a disconnect."""
        for node in statements(function.body):
            if isinstance(node, ir.Try) and self.handlers(node, function.scope).plain:
                return True
            if isinstance(node, ir.With):
                guards = [self.manager(item, function.scope, node.at) for item, _ in node.items]
                if any(guard is not None and guard.plain for guard in guards):
                    return True
        return any(self._may_catch(inner) for inner in function.scope.functions.values())


class _Walker:
    """Walks one function once, carrying what guards each place."""

    def __init__(self, sockets: Sockets, function: Function, depth: int) -> None:
        self._sockets = sockets
        self._function = function
        self._depth = depth
        self._spawned: dict[str, list[ir.Call]] = {}
        self._found: list[Receive] = []
        self._may_leave = any(
            (isinstance(part, ir.Constant) and part.value in ("websocket.disconnect", "type"))
            or (isinstance(part, ir.Attribute) and part.attr == "client_state")
            for part in walk_all(function.body)
        ) or any(
            isinstance(node, ir.Return) or (isinstance(node, ir.Jump) and node.word == "break")
            for node in statements(function.body)
        )

    def run(self) -> list[Receive]:
        """The unguarded receive calls of the function, and of what it calls."""
        return self.run_block(self._function.body)

    def run_block(self, body: Iterable[ir.Stmt]) -> list[Receive]:
        """The same for a block of it, as if nothing stood around it."""
        for node, frames in placed(body):
            if isinstance(node, (ir.Function, ir.Class)):
                continue
            place = self._around(frames)
            if isinstance(node, ir.While):
                place = replace(place, looped=True)
            self._note_spawned(node, place)
            for expression in expressions(node):
                self._expression(expression, node.at, place)
        return self._found

    def _around(self, frames: tuple[Frame, ...]) -> _Place:
        scope = self._function.scope
        place = _Place(scope, (), False)
        for frame in frames:
            match frame:
                case Frame(ir.Try() as node, "body"):
                    place = place.inside(self._sockets.handlers(node, scope))
                case Frame(ir.Try(_, _, _, final), "handler" | "else") if final:
                    place = place.inside(EVERYTHING)
                case Frame(ir.With(items, _, _, at), "with"):
                    for item, _ in items:
                        place = place.inside(self._sockets.manager(item, scope, at))
                case Frame(ir.While(), "loop"):
                    place = replace(place, looped=True)
                case Frame(ir.For(_, iterated, _, _, _, at), "loop"):
                    if self._endless(iterated, scope, at):
                        place = replace(place, looped=True)
        return place

    def _endless(self, iterated: ir.Expr, scope: Scope, at: int) -> bool:
        return isinstance(iterated, ir.Call) and self._sockets.is_external(
            iterated.func, scope, at, frozenset({"itertools.count", "itertools.repeat"})
        )

    def _expression(self, node: ir.Expr | None, at: int, place: _Place) -> None:
        if node is None:
            return
        if isinstance(node, ir.Lambda):
            return
        if isinstance(node, ir.Call):
            if self._is_spawn(node, at, place):
                self._spawned_receive(node, at, place)
                return
            self._call(node, at, place)
            if _returns_exceptions(node):
                return
        if isinstance(node, ir.Await):
            self._awaited(node.value, at, place)
        for child in children(node):
            self._expression(child, at, place)

    def _call(self, node: ir.Call, at: int, place: _Place) -> None:
        func = node.func
        if isinstance(func, ir.Attribute) and func.attr in RECEIVES:
            raw = func.attr == "receive"
            if not (
                place.guards_against(raw) or (raw and self._may_leave)
            ) and self._sockets.is_socket(func.value, place.scope, at):
                where = Place(place.scope.module, node.at)
                self._found.append(Receive(where, place.looped, raw))
                return
        for callee in self._sockets.callees(func, place.scope, at):
            self._called(callee, place)
        for callee in self._sockets.started(node, place.scope, at):
            self._called(callee, place)

    def _called(self, callee: Function, place: _Place) -> None:
        for receive in self._sockets._receives(callee, self._depth + 1):
            if place.guards_against(receive.raw):
                continue
            self._found.append(replace(receive, looped=receive.looped or place.looped))

    # Tasks of asyncio: what they raise appears where they are awaited

    def _is_spawn(self, node: ir.Expr, at: int, place: _Place) -> bool:
        return isinstance(node, ir.Call) and self._sockets.is_external(
            node.func, place.scope, at, _SPAWN
        )

    def _spawned_receive(self, node: ir.Call, at: int, place: _Place) -> None:
        """A receive that runs as a task: what it raises comes out of `result()`."""
        call = node.args[0] if node.args else None
        if isinstance(call, ir.Call) and ir.last_name(call.func) in RECEIVES:
            names = {ir.last_name(p.func) for p in walk_all(self._function.body)
                     if isinstance(p, ir.Call)}  # fmt: skip
            if "exception" not in names:
                self._call(call, at, place)

    def _note_spawned(self, node: ir.Stmt, place: _Place) -> None:
        if not isinstance(node, ir.Assign) or node.value is None:
            return
        calls = [
            part.args[0]
            for part in walk(node.value)
            if isinstance(part, ir.Call) and part.args and self._is_spawn(part, node.at, place)
        ]
        coroutines = [call for call in calls if isinstance(call, ir.Call)]
        if not coroutines:
            return
        for target in node.targets:
            for name in walk(target):
                if isinstance(name, ir.Name):
                    self._spawned.setdefault(name.id, []).extend(coroutines)

    def _awaited(self, node: ir.Expr, at: int, place: _Place) -> None:
        if isinstance(node, ir.Call):
            if self._is_spawn(node, at, place) and isinstance(node.args[0], ir.Call):
                self._call(node.args[0], at, place)
                return
            if self._sockets.is_external(
                node.func, place.scope, at, frozenset({"asyncio.wait"})
            ) or _returns_exceptions(node):
                return
        for part in walk(node):
            if isinstance(part, ir.Name):
                for call in self._spawned.get(part.id, ()):
                    self._call(call, at, place)


def _is_transparent(name: str) -> bool:
    top = name.partition(".")[0]
    return top in _TRANSPARENT or top in sys.stdlib_module_names


def _returns_exceptions(node: ir.Call) -> bool:
    return any(
        keyword.name == "return_exceptions"
        and not (isinstance(keyword.value, ir.Constant) and keyword.value.value is False)
        for keyword in node.keywords
    )


def _may_suppress(method: Function) -> bool:
    return any(
        isinstance(node, ir.Return)
        and node.value is not None
        and not (isinstance(node.value, ir.Constant) and not node.value.value)
        for node in statements(method.body)
    )


def _is_in_endless_loop(frames: tuple[Frame, ...], scope: Scope) -> bool:
    """Whether the innermost loop around a place is a `while` whose test never becomes false."""
    loops = [frame.node for frame in frames if frame.part == "loop"]
    if not loops or not isinstance(loops[-1], ir.While):
        return False
    match loops[-1].test:
        case ir.Constant(value):
            return bool(value)
        case ir.Name(name) | ir.Operation("not", (ir.Name(name),)):
            return _is_left_alone(name, loops[-1], scope)
    return False


def _is_left_alone(name: str, loop: ir.While, scope: Scope) -> bool:
    """Whether a local variable keeps its value as long as a loop runs."""
    inside = {node.at for node in statements((loop,))}
    return (
        name in scope.bindings
        and name not in scope.outside
        and not any(binding.at in inside for binding in scope.bindings[name])
        and not any(name in inner.scope.outside for inner in scope.functions.values())
    )


def _may_leave(body: Iterable[ir.Stmt]) -> bool:
    ends = Paths[None]().run(body, None)
    return bool(ends.breaks or ends.returns or ends.raises)


def _sleeps(body: Iterable[ir.Stmt]) -> bool:
    """Whether a block awaits something that may give other tasks a turn, or fail."""
    return any(isinstance(part, ir.Await) for part in walk_all(body))
