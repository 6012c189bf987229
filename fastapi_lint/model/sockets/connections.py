"""The life of a WebSocket in its endpoint: accepted, used, closed, on every path."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from ... import ir
from ...walk import statements, walk, walk_all
from ..application import Place, Route
from ..calls import argument_for, is_receiver
from ..dependencies import Injection
from ..evaluate import Evaluator
from ..exceptions import Exceptions
from ..flow import Paths, placed
from ..graph import Step
from ..names import WEBSOCKET
from ..program import Program
from ..scopes import Class, Function
from ..values import UNKNOWN, ClassValue, FunctionValue, Instance, Method, Sequence, Value

NEW, OPEN, CLOSED, REFUSED, UNKNOWN_STATE = "new", "open", "closed", "refused", "unknown"
"""Not accepted yet; accepted; closed after that; closed before that; not to be told."""

LONGEST_REASON = 123
"""How many bytes the reason of a close may have."""

RECEIVES = frozenset(
    {"receive", "receive_text", "receive_json", "receive_bytes", "iter_text", "iter_json",
     "iter_bytes"}
)  # fmt: skip
SENDS = frozenset({"send", "send_text", "send_json", "send_bytes"})
_MAX_DEPTH = 4
_CONTAINERS = ("builtins.list", "builtins.set")


class Operation(msgspec.Struct, frozen=True):
    """A call of a socket's method on some path: which, where, and the socket's state before it.

    `method` is the method's name, "raise" for an HTTPException that leaves `function` there, or
    "refuse" for a WebSocketException that is raised before the socket is accepted.
    `near` is the place in the endpoint that leads to it; `closed_at` the close that came before.
    """

    method: str
    state: str
    function: Function
    node: ir.Call | ir.Raise
    near: Place
    is_cleanup: bool
    closed_at: Place | None = None
    raised_by: Function | None = None
    """The function that holds an exception's `raise`, where it is not `function` itself."""

    @property
    def place(self) -> Place:
        return Place((self.raised_by or self.function).module, self.node.at)


class _State(msgspec.Struct, frozen=True):
    state: str
    closed_at: Place | None = None
    known: frozenset[tuple[ir.Expr, bool]] = frozenset()
    """Variables that were tested on the way, and whether they were true."""
    tells: frozenset[ir.Expr] = frozenset()
    """Variables that may tell what a dependency has done with the socket."""
    is_shared: bool = False
    """Whether others can find the socket in a collection."""


class Connections:
    """Follows the WebSocket of endpoints."""

    def __init__(self, program: Program, injection: Injection, exceptions: Exceptions) -> None:
        self._eval: Evaluator = program.evaluator()
        self._injection = injection
        self._exceptions = exceptions
        self._known: dict[tuple[Function, ...], tuple[Operation, ...]] = {}

    def operations(self, route: Route, steps: tuple[Step, ...]) -> tuple[Operation, ...]:
        """What a WebSocket route does with its socket. `steps` are its dependencies, which may
        accept or close it before the endpoint starts."""
        endpoint = route.endpoint
        if endpoint is None:
            return ()
        providers = tuple(step.function for step in steps if step.function is not None)
        key = (endpoint, *filter(self._touches, providers))
        if key not in self._known:
            found: dict[Operation, None] = {}
            starts = self._started(steps, found)
            for name in self.socket_names(endpoint):
                for start in starts:
                    self._follow(endpoint, ir.Name(name), start, None, found, 0)
            self._known[key] = tuple(found)
        return self._known[key]

    def _started(self, steps: tuple[Step, ...], found: dict[Operation, None]) -> Iterable[_State]:
        """The states in which dependencies leave the socket to the endpoint."""
        touching = [step for step in steps if step.function and self._touches(step.function)]
        if not touching:
            return (_State(NEW),)
        step, function = touching[0], touching[0].function
        if len(touching) > 1 or function is None or function.node.is_generator:
            return (_State(UNKNOWN_STATE),)
        (name,) = self.socket_names(function)[:1]
        ends = self._follow(function, ir.Name(name), _State(NEW), None, found, 0)
        if self._is_asked_for_again(step, steps):
            return (_State(UNKNOWN_STATE),)
        tells = frozenset({ir.Name(step.use.param.name)} if step.use.param else ())
        return [replace(end, known=frozenset(), tells=tells) for end in ends]

    def _is_asked_for_again(self, step: Step, steps: tuple[Step, ...]) -> bool:
        """Whether not the endpoint, but another dependency gets what one gives, and may refuse."""
        return step.parent is not None or any(
            step.value in dependency.callables
            for other in steps
            if other.function is not None
            for _, dependency in self._injection.parameters(other.function)
        )

    def socket_names(self, function: Function) -> tuple[str, ...]:
        """The parameters of a function that are annotated as a WebSocket of the framework."""
        return tuple(p.name for p in function.node.params if self.is_socket(function, p))

    def is_socket(self, function: Function, param: ir.Parameter) -> bool:
        """Whether a parameter is annotated as a WebSocket."""
        types = self._injection.framework_types(param.annotation, function.parent, function.node.at)
        return any(self._eval.is_a(cls, WEBSOCKET) for cls in types)

    def _touches(self, provider: Function) -> bool:
        """Whether a dependency may accept or close the socket."""
        return bool(self.socket_names(provider)) and any(
            name in provider.node.mentions for name in ("accept", "close", "connect")
        )

    def _follow(
        self,
        function: Function,
        socket: ir.Expr,
        start: _State,
        near: Place | None,
        found: dict[Operation, None],
        depth: int,
        reported: frozenset[tuple[str, int]] | None = None,
    ) -> frozenset[_State]:
        """Follow what `socket` names; the states in which the function can return it."""
        if depth > _MAX_DEPTH:
            return frozenset({_State(UNKNOWN_STATE)})
        walker = _Walker(self, function, socket, near, found, depth)
        if reported is not None:
            walker.reported = reported
        ends = walker.run(function.body, start)
        return frozenset(ends.leaves())


class _Walker(Paths[_State]):
    def __init__(
        self,
        connections: Connections,
        function: Function,
        socket: ir.Expr,
        near: Place | None,
        found: dict[Operation, None],
        depth: int,
    ) -> None:
        super().__init__()
        self._connections = connections
        self._function = function
        self._names: set[ir.Expr] = {socket}
        """What names the socket in this function."""
        self._kept: dict[Class, str] = {}
        """The classes whose objects keep the socket, and in which attribute."""
        if isinstance(socket, ir.Attribute) and function.owner is not None:
            self._kept[function.owner] = socket.attr
        self._near = near
        self._found = found
        self._depth = depth
        is_http = connections._exceptions.is_http
        self._raised = connections._exceptions.leaving(function, is_http, _MAX_DEPTH - depth)
        self.leaving = frozenset((r.function.module.path, r.node.at) for r in self._raised)
        self.reported = self.leaving
        self._cleanup = {
            node.at
            for node, frames in placed(function.body)
            if any(frame.part in ("final", "handler") for frame in frames)
        }

        self._after_use = {
            handler.at
            for node in statements(function.body)
            if isinstance(node, ir.Try) and not self._names.isdisjoint(walk_all(node.body))
            for handler in node.handlers
        }
        """The `except` clauses of what uses the socket: its `accept` may be what has failed."""

        self._awaited = {
            part.value.at
            for part in walk_all(function.body)
            if isinstance(part, ir.Await) and isinstance(part.value, ir.Call)
        }

    def expression(self, state: _State, node: ir.Expr, at: int) -> Iterable[_State]:
        if not isinstance(node, ir.Call):
            return (state,)
        self._raises(state, node.at)
        if isinstance(node.func, ir.Attribute) and node.func.value in self._names:
            return self._method(state, node, node.func.attr, at)
        arguments = [*node.args, *[keyword.value for keyword in node.keywords]]
        if state.tells.intersection(part for argument in arguments for part in walk(argument)):
            state = self._told(state)
        if not self._names.isdisjoint(arguments):
            return self._passed(state, node, at)
        if self._kept:
            if (after := self._on_object(state, node, at)) is not None:
                return after
            if any(self._is_object(argument, at) for argument in arguments):
                return self._escaped(state)
        if any(part in self._names for argument in arguments for part in walk(argument)
               if not isinstance(argument, ir.Call)):  # fmt: skip
            return self._escaped(state)
        if state.is_shared and state.state == NEW and self._may_accept(node, at):
            return self._escaped(state)
        return (state,)

    def _may_accept(self, node: ir.Call, at: int) -> bool:
        """Whether a call may accept a socket that it finds in a collection."""
        callees = self._connections._eval.evaluate(node.func, self._function.scope, at)
        return any(
            "accept" in callee.function.node.mentions
            for callee in callees
            if isinstance(callee, (FunctionValue, Method))
        )

    def statement(self, state: _State, node: ir.Stmt) -> Iterable[_State]:
        if isinstance(node, ir.Raise):
            self._raises(state, node.at)
            if state.state == NEW and self._refuses(node):
                self._record("refuse", state, node, node.at)
        if isinstance(node, ir.Assign):
            if node.value in self._names:
                state = self._stored(state, node)
            elif not self._names.isdisjoint(node.targets):
                return self._escaped(state)
            known = frozenset(fact for fact in state.known if fact[0] not in node.targets)
            return (replace(state, known=known),)
        return (state,)

    def _stored(self, state: _State, node: ir.Assign) -> _State:
        """The state after the socket was given another name, or put where others find it."""
        params, owner = self._function.node.params, self._function.owner
        for target in node.targets:
            match target:
                case ir.Name():
                    self._names.add(target)
                case ir.Attribute(ir.Name(name), attribute) if (
                    owner is not None and params and name == params[0].name
                ):
                    self._names.add(target)
                    self._kept[owner] = attribute
                case ir.Subscript():
                    state = replace(state, is_shared=True)
                case _:
                    return _State(UNKNOWN_STATE)
        return state

    def test(self, state: _State, node: ir.Expr, truth: bool, at: int) -> Iterable[_State]:
        mentions_state = any(
            isinstance(part, ir.Attribute) and part.attr in ("client_state", "application_state")
            for part in walk(node)
        )
        if mentions_state:
            return self._escaped(state)
        if state.tells.intersection(walk(node)):
            state = self._told(state)
        if not isinstance(node, ir.Name):
            return (state,)
        if (node, not truth) in state.known:
            return ()
        return (replace(state, known=state.known | {(node, truth)}),)

    def handler(self, state: _State, node: ir.Handler) -> Iterable[_State]:
        if state.state == OPEN or (state.state == NEW and node.at not in self._after_use):
            return (state,)
        return (_State(UNKNOWN_STATE),)

    def _escaped(self, state: _State) -> Iterable[_State]:
        return (_State(UNKNOWN_STATE),)

    def _told(self, state: _State) -> _State:
        """What is known of a socket that a dependency has closed where its result is looked at."""
        return _State(UNKNOWN_STATE) if state.state in (CLOSED, REFUSED) else state

    def _method(self, state: _State, node: ir.Call, name: str, at: int) -> Iterable[_State]:
        if name not in RECEIVES | SENDS | {"accept", "close", "send_denial_response"}:
            return (state,)
        self._record(name, state, node, at)
        match name, state.state:
            case _, "unknown":
                return (state,) if name != "close" else (_State(UNKNOWN_STATE),)
            case "accept", "new":
                return (replace(state, state=OPEN),)
            case "close", "new":
                return (replace(state, state=REFUSED, closed_at=self._place(node)),)
            case "close", "open":
                return (replace(state, state=CLOSED, closed_at=self._place(node)),)
            case "send_denial_response", "new":
                return (replace(state, state=REFUSED, closed_at=self._place(node)),)
            case _, "open":
                return (state,)
        return ()

    def _passed(self, state: _State, node: ir.Call, at: int) -> Iterable[_State]:
        function = self._function
        callees = self._connections._eval.evaluate(node.func, function.scope, at)
        after: set[_State] = set()
        for callee in callees:
            param = self._parameter(callee, node)
            if self._is_kept(callee, node, at):
                after.add(replace(state, is_shared=True))
                continue
            if isinstance(callee, ClassValue):
                attribute = self._connections._eval.kept_as(callee.cls, node, self._names)
                if attribute is not None:
                    self._kept[callee.cls] = attribute
                    after.add(state)
                    continue
            if param is None or not isinstance(callee, (FunctionValue, Method)):
                return self._escaped(state)
            if self._runs_later(callee.function, node):
                return self._escaped(state)
            after |= self._entered(callee.function, ir.Name(param), state, node)
        return self._joined(state, after)

    def _on_object(self, state: _State, node: ir.Call, at: int) -> Iterable[_State] | None:
        """A call of a method of an object that keeps the socket; `None` if it is none."""
        if not isinstance(node.func, ir.Attribute) or not self._is_object(node.func.value, at):
            return None
        after: set[_State] = set()
        for callee in self._connections._eval.evaluate(node.func, self._function.scope, at):
            attribute = self._attribute(callee.owner) if isinstance(callee, Method) else None
            if attribute is None or not isinstance(callee, Method):
                return self._escaped(state)
            inner, params = callee.function, callee.function.node.params
            if not params or inner.node.is_generator or self._runs_later(inner, node):
                return self._escaped(state)
            socket = ir.Attribute(ir.Name(params[0].name), attribute)
            after |= self._entered(inner, socket, state, node)
        return self._joined(state, after)

    def _is_object(self, node: ir.Expr, at: int) -> bool:
        """Whether an expression is an object that keeps the socket."""
        return isinstance(node, (ir.Name, ir.Attribute, ir.Call)) and any(
            self._attribute(value) is not None
            for value in self._connections._eval.evaluate(node, self._function.scope, at)
        )

    def _attribute(self, value: Value) -> str | None:
        match value:
            case Instance(ClassValue(cls)):
                mro = self._connections._eval.mro(cls)
                return next((self._kept[c] for c in mro if c in self._kept), None)
        return None

    def _runs_later(self, callee: Function, node: ir.Call) -> bool:
        """Whether a call only makes a coroutine, to run as a task or beside others."""
        return callee.node.is_async and node.at not in self._awaited

    def _entered(
        self, callee: Function, socket: ir.Expr, state: _State, node: ir.Call
    ) -> frozenset[_State]:
        """The states in which a function returns that is called with the socket."""
        near = self._near or Place(self._function.module, node.at)
        return self._connections._follow(
            callee, socket, state, near, self._found, self._depth + 1, self.reported
        )

    def _joined(self, state: _State, after: set[_State]) -> Iterable[_State]:
        """The caller may tell from the result which way a function went."""
        return after if len({state.state for state in after}) == 1 else self._escaped(state)

    def _is_kept(self, callee: Value, node: ir.Call, at: int) -> bool:
        """Whether a call only puts the socket into a list or set, or takes it out."""
        if isinstance(callee, (FunctionValue, Method)) or not isinstance(node.func, ir.Attribute):
            return False
        if node.func.attr in ("append", "remove", "discard") and callee == UNKNOWN:
            return len(node.args) == 1
        if node.func.attr not in ("append", "add", "remove", "discard"):
            return False
        owners = self._connections._eval.evaluate(node.func.value, self._function.scope, at)
        return bool(owners) and all(
            isinstance(owner, Sequence) or self._connections._eval.instance_of(owner, *_CONTAINERS)
            for owner in owners
        )

    def _parameter(self, callee: Value, node: ir.Call) -> str | None:
        if not isinstance(callee, (FunctionValue, Method)) or callee.function.node.is_generator:
            return None
        for param in callee.function.node.params:
            if is_receiver(callee.function, param):
                continue
            if argument_for(callee.function, param, node) in self._names:
                return param.name
        return None

    def _refuses(self, node: ir.Raise) -> bool:
        exceptions = self._connections._exceptions
        classes = exceptions.classes(node.value, self._function.scope, node.at)
        return any(map(exceptions.is_for_websockets, classes))

    def _raises(self, state: _State, at: int) -> None:
        """Note the HTTPExceptions that leave the endpoint from a `raise` or call of this function,
        if the socket is open there."""
        for raised in self._raised if state.state == OPEN else ():
            place = (raised.function.module.path, raised.node.at)
            if raised.near_place.at == at and place in self.reported:
                self._record("raise", state, raised.node, at, raised.function)

    def _record(
        self,
        method: str,
        state: _State,
        node: ir.Call | ir.Raise,
        at: int,
        raised_by: Function | None = None,
    ) -> None:
        place = Place(self._function.module, at if raised_by else node.at)
        operation = Operation(
            method,
            state.state,
            self._function,
            node,
            self._near or place,
            at in self._cleanup,
            state.closed_at,
            raised_by,
        )
        self._found[operation] = None

    def _place(self, node: ir.Call) -> Place:
        return Place(self._function.module, node.at)
