"""Which kinds of scopes or messages reach a point, by what the code asked about their type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

import msgspec
from msgspec.structs import replace

from ... import ir
from ...walk import own_parts, statements, walk
from ..application import Place
from ..calls import is_receiver
from ..exceptions import ExceptionPaths
from ..flow import Ends, Frame, placed
from ..link import Application
from ..scopes import Function
from ..values import External, FunctionValue, Instance, Literal, Method

HTTP, WEBSOCKET, LIFESPAN = "http", "websocket", "lifespan"
SCOPES = frozenset({HTTP, WEBSOCKET, LIFESPAN})
START, BODY, OTHER = "http.response.start", "http.response.body", ""
MESSAGES = frozenset({START, BODY, OTHER})
"""The kinds of messages that an application sends; all but these two are `OTHER`."""

_COLLECTIONS = tuple(f"builtins.{name}" for name in ("frozenset", "set", "tuple", "list"))
_MAX_DEPTH = 2


class State(msgspec.Struct, frozen=True):
    """What is known at a point.

    `kinds` are the kinds that get there, `None` if a test was made that is not understood; `asked`
    is the statement with the last test that is. `passed` is where the application was called, for a
    scope whose kind was known, and `used` tells that something was done that may be an answer.
    """

    kinds: frozenset[str] | None
    asked: int | None = None
    passed: int | None = None
    used: bool = False


class Access(msgspec.Struct, frozen=True):
    """Something that fails for some kinds.

    `what` is the code, `inner` the place in a helper if the helper does it for this place.
    """

    place: Place
    what: str
    kinds: frozenset[str]
    inner: Place | None = None


class KindPaths(ExceptionPaths[State]):
    """Follows the kinds of one parameter, a scope or a message, through a function.

    `failing` tells for which kinds an expression fails, and how to call it; `keys` are what only
    some kinds have.
    """

    keys: ClassVar[frozenset[str]] = frozenset()

    def __init__(
        self, function: Function, name: str, application: Application, depth: int = 0
    ) -> None:
        super().__init__(application.exceptions, function)
        self.function = function
        self.name = name
        self.application = application
        self.accesses: dict[int, Access] = {}
        self._view = application.program.evaluator()
        self._depth = depth
        self._stored: set[int] = set()
        self._assigned: dict[str, list[ir.Expr]] = {}
        self._frames: dict[int, tuple[Frame, ...]] = {}
        for node, frames in placed(function.body):
            self._frames[node.at] = frames
            if isinstance(node, (ir.Assign, ir.Delete)) and getattr(node, "op", None) is None:
                self._stored |= {id(target) for target in node.targets}
            if isinstance(node, ir.Assign) and node.value is not None:
                for target in node.targets:
                    if isinstance(target, ir.Name):
                        self._assigned.setdefault(target.id, []).append(node.value)
        self._named = {
            name: values[0]
            for name, values in self._assigned.items()
            if len(values) == 1 and name != self.name and name not in function.scope.outside
        }

    # What subclasses say

    def failing(self, node: ir.Expr, at: int) -> tuple[str, frozenset[str], str] | None:
        """The code of an expression that fails, the kinds for which it does, the exception."""
        return None

    # Hooks

    def expression(self, state: State, node: ir.Expr, at: int) -> Iterable[State]:
        if state.kinds is not None and id(node) not in self._stored:
            if (found := self.failing(node, at)) is not None:
                what, kinds, error = found
                self._record(at, what, kinds & state.kinds, error)
            elif isinstance(node, ir.Call):
                self._enter(node, state, at)
                match node.func:
                    case ir.Attribute(ir.Name(self.name), "setdefault" | "update"):
                        return (replace(state, kinds=None),)
        return (state,)

    def statement(self, state: State, node: ir.Stmt) -> Iterable[State]:
        if isinstance(node, ir.Assign):
            for target in node.targets:
                if target == ir.Name(self.name):
                    return (replace(state, kinds=None),)
                match target:
                    case ir.Subscript(ir.Name(self.name), (ir.Constant(key),)) if (
                        key in self.keys or key == "type"
                    ):
                        return (replace(state, kinds=None),)
        return (state,)

    def test(self, state: State, node: ir.Expr, truth: bool, at: int) -> Iterable[State]:
        if state.kinds is None:
            return (state,)
        kinds = self._narrow(state.kinds, node, truth, at)
        if kinds is not None and not kinds:
            return ()
        return (replace(state, kinds=kinds, asked=at if kinds != state.kinds else state.asked),)

    def handler(self, state: State, node: ir.Handler) -> Iterable[State]:
        return (replace(state, passed=None, used=True),)

    def _match(self, node: ir.Match, states: set[State], ends: Ends[State]) -> None:
        if not self._is_kind(node.subject, node.at):
            super()._match(node, states, ends)
            return
        states = self._evaluate(node.subject, states, node.at, ends)
        for pattern, names, body in node.cases:
            parts = [part for part in walk(pattern) if not isinstance(part, ir.Opaque)]
            texts = {part.value for part in parts if isinstance(part, ir.Constant)}
            if names or len(texts) < len(parts):
                entered = states
            elif not parts:
                entered, states = states, set()
            else:
                same = {str(text) for text in texts}
                entered = set(self._matching(states, same, True, node.at))
                states = set(self._matching(states, same, False, node.at))
            part = self._block(body, entered)
            ends._add(part)
            ends.falls |= part.falls
        ends.falls |= states

    def _matching(
        self, states: set[State], texts: set[str], truth: bool, at: int
    ) -> Iterator[State]:
        for state in states:
            if state.kinds is None:
                yield state
            elif kinds := self._equal(state.kinds, texts, truth):
                yield replace(state, kinds=kinds, asked=at)

    # Narrowing

    def _narrow(
        self,
        kinds: frozenset[str],
        node: ir.Expr,
        truth: bool,
        at: int,
        seen: frozenset[str] = frozenset(),
    ) -> frozenset[str] | None:
        """The kinds for which a test has this outcome; `None` if it is not understood.

        `seen` are the variables whose values the test is a part of.
        """
        match node:
            case ir.Operation("not", (operand,)):
                return self._narrow(kinds, operand, not truth, at, seen)
            case ir.Operation("and" | "or" as op, operands):
                parts = [self._narrow(kinds, operand, truth, at, seen) for operand in operands]
                known = [part for part in parts if part is not None]
                if len(known) < len(parts):
                    return None
                if truth is (op == "and"):
                    return kinds.intersection(*known)
                return frozenset().union(*known)
            case ir.Operation("==" | "!=" as op, (left, right)):
                for one, other in ((left, right), (right, left)):
                    if self._is_kind(one, at) and (texts := self._texts(other, at)) is not None:
                        return self._equal(kinds, texts, truth is (op == "=="))
            case ir.Operation("in" | "not in" as op, (item, listed)) if self._is_kind(item, at):
                if (texts := self._listed(listed, at)) is not None:
                    return self._equal(kinds, texts, truth is (op == "in"))
            case ir.Call(ir.Attribute(owner, "startswith"), (ir.Constant(str() as start),)) if (
                self._is_kind(owner, at)
            ):
                fits = frozenset(kind for kind in kinds if kind.startswith(start) or kind == OTHER)
                return fits if truth else frozenset(
                    kind for kind in kinds if not kind.startswith(start)
                )  # fmt: skip
            case ir.Name(name) if name in self._named and name not in seen:
                value = self._named[name]
                if isinstance(value, ir.Operation):
                    return self._narrow(kinds, value, truth, at, seen | {name})
        return None if self._asks(node) else kinds

    def _equal(self, kinds: frozenset[str], texts: set[str], truth: bool) -> frozenset[str]:
        universe = MESSAGES if OTHER in kinds or kinds & {START, BODY} else SCOPES
        named = frozenset(text if text in universe else OTHER for text in texts)
        return kinds & named if truth else kinds - (named - {OTHER})

    def _is_kind(self, node: ir.Expr, at: int) -> bool:
        """Whether an expression is the type of the scope or message."""
        match node:
            case ir.Subscript(ir.Name(self.name), (ir.Constant("type"),)):
                return True
            case ir.Call(ir.Attribute(ir.Name(self.name), "get"), (ir.Constant("type"), *_)):
                return True
            case ir.Assigned(_, value):
                return self._is_kind(value, at)
            case ir.Name(name) if name in self._named:
                value = self._named[name]
                return not isinstance(value, (ir.Name, ir.Assigned)) and self._is_kind(value, at)
        return False

    def _texts(self, node: ir.Expr, at: int) -> set[str] | None:
        return self._strings(self._view.evaluate(node, self.function.scope, at))

    def _listed(self, node: ir.Expr, at: int) -> set[str] | None:
        values = self._view.evaluate(node, self.function.scope, at)
        if len(values) != 1:
            return None
        match values[0]:
            case Instance(External(name), ir.Call(_, (arg,)), scope, made) if (
                name in _COLLECTIONS and scope is not None
            ):
                values = self._view.evaluate(arg, scope, made)
        return self._strings(self._view.items(values))

    def _strings(self, values: Iterable[object]) -> set[str] | None:
        found = list(values)
        texts = {value.value for value in found if isinstance(value, Literal)}
        if not all(isinstance(value, Literal) for value in found) or not texts:
            return None
        return {str(text) for text in texts}

    def _asks(self, node: ir.Expr) -> bool:
        """Whether a test has to do with the scope or message, directly or through a variable."""
        names = {part.id for part in walk(node) if isinstance(part, ir.Name)}
        if self.name in names:
            return True
        return any(
            part == ir.Name(self.name)
            for name in names
            for value in self._assigned.get(name, ())
            for part in walk(value)
        )

    # Failing

    def _record(
        self, at: int, what: str, kinds: frozenset[str], error: str, inner: Place | None = None
    ) -> None:
        scope, raised = self.function.scope, External(f"builtins.{error}")
        if not kinds or at in self.accesses:
            return
        if not self.application.exceptions.is_caught(self._frames.get(at, ()), scope, raised):
            place = Place(self.function.module, at)
            self.accesses[at] = Access(place, what, kinds, inner)

    def _enter(self, call: ir.Call, state: State, at: int) -> None:
        """Look into a function of the project that gets the scope or message."""
        given = [i for i, arg in enumerate(call.args) if arg == ir.Name(self.name)]
        named = [k.name for k in call.keywords if k.value == ir.Name(self.name)]
        if self._depth >= _MAX_DEPTH or state.kinds is None or not (given or named):
            return
        for value in self._view.evaluate(call.func, self.function.scope, at):
            if not isinstance(value, (FunctionValue, Method)):
                continue
            function = value.function
            params = [p.name for p in function.node.params if not is_receiver(function, p)]
            name = next((params[i] for i in given if i < len(params)), None) or next(
                (name for name in named if name in params), None
            )
            if name is None or function is self.function or function.node.is_generator:
                continue
            inner = type(self)(function, name, self.application, self._depth + 1)
            inner.run(function.body, State(state.kinds))
            for access in inner.first():
                self._record(at, access.what, access.kinds, "KeyError", access.place)

    def failing_kinds(self) -> frozenset[str]:
        """The kinds for which anything fails."""
        return frozenset().union(*(access.kinds for access in self.accesses.values()))

    def first(self) -> Iterator[Access]:
        """The first thing that fails."""
        if self.accesses:
            yield self.accesses[min(self.accesses)]


def passed_by(function: Function) -> Iterator[tuple[ir.Call, int]]:
    """The calls of a function that hand three things on, as ASGI applications are called."""
    for node in statements(function.body):
        for part in own_parts(node):
            if isinstance(part, ir.Call) and len(part.args) == 3 and not part.keywords:
                yield part, node.at
