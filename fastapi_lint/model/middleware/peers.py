"""The peer of a connection: where its address is used as if there always were one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from ... import ir
from ...walk import own_parts, statements, walk, walk_all
from ..application import Place
from ..flow import Frame, Paths, placed
from ..link import Application
from ..names import REQUEST, WEBSOCKET
from ..scopes import Function
from ..values import Argument, ClassValue, External, Instance

_CONNECTIONS = (REQUEST, WEBSOCKET, "starlette.requests.HTTPConnection")
_NONE = ir.Constant(None, "None")


class Use(msgspec.Struct, frozen=True):
    """Where something of a peer is used, in the statement at `at`; `None` for an unpacking."""

    at: int
    node: ir.Attribute | ir.Subscript | None


class Peer(msgspec.Struct, frozen=True):
    """A first use of the peer's address; `what` is the expression that may be `None`.

    `uses` are all of this function that are reached without a test of it.
    """

    place: Place
    what: str
    function: Function
    uses: tuple[Use, ...] = ()


class _Known(msgspec.Struct, frozen=True):
    """The peers that were tested, and those that were used without a test."""

    tested: frozenset[ir.Expr] = frozenset()
    used: frozenset[ir.Expr] = frozenset()


class _Peers(Paths[_Known]):
    def __init__(
        self, function: Function, names: tuple[str | None, str | None], application: Application
    ) -> None:
        super().__init__()
        self._function = function
        self._application = application
        self._view = application.program.evaluator()
        self._request, self._scope = names
        self._frames: dict[int, tuple[Frame, ...]] = {}
        self._aliases: dict[str, ir.Expr] = {}
        self._own = {param.name for param in function.node.params}
        self._found: dict[int, tuple[Peer, ir.Expr]] = {}
        self._uses: dict[ir.Expr, dict[Use, None]] = {}
        for node, frames in placed(function.body):
            self._frames[node.at] = frames
        self._name_them()

    def _name_them(self) -> None:
        """Find the variables that hold a peer, and nothing else."""
        found: dict[str, set[ir.Expr | None]] = {}
        for node in statements(self._function.body):
            if isinstance(node, ir.Assign) and node.value is not None:
                for target in node.targets:
                    if isinstance(target, ir.Name):
                        key = self.key(node.value, node.at)
                        found.setdefault(target.id, set()).add(key)
            for part in own_parts(node):
                match part:
                    case ir.Assigned(ir.Name(name), value):
                        found.setdefault(name, set()).add(self.key(value, node.at))
        for name, keys in found.items():
            if len(keys) == 1 and (single := next(iter(keys))) is not None:
                self._aliases[name] = single

    def peers(self) -> Iterator[Peer]:
        """The uses without a test, after the analysis."""
        self.run(self._function.body, _Known())
        for peer, key in self._found.values():
            yield replace(peer, uses=tuple(self._uses[key]))

    def key(self, node: ir.Expr, at: int) -> ir.Expr | None:
        """The peer that an expression stands for, in one spelling."""
        match node:
            case ir.Name(name):
                return self._aliases.get(name)
            case ir.Assigned(_, value):
                return self.key(value, at)
            case ir.Attribute(owner, "client") if self._is_connection(owner, at):
                return node
            case ir.Call(ir.Name("getattr"), (owner, ir.Constant("client"), *_)) if (
                self._is_connection(owner, at)
            ):
                return ir.Attribute(owner, "client")
            case ir.Subscript(ir.Name(name), (ir.Constant("client"),)) | ir.Call(
                ir.Attribute(ir.Name(name), "get"), (ir.Constant("client"),)
            ) if name == self._scope:
                return ir.Attribute(ir.Name(name), "client")
        return None

    def _is_connection(self, node: ir.Expr, at: int) -> bool:
        match node:
            case ir.Name(name) if name == self._request and name in self._own:
                return len(self._function.scope.bindings.get(name, ())) == 1
            case ir.Name(name) if name not in self._function.scope.bindings:
                return False
        types = self._application.injection.types
        values = self._view.evaluate(node, self._function.scope, at)
        is_one = False
        for value in values:
            match value:
                case Argument(function, param):
                    named = types(param.annotation, function.parent, function.node.at)
                    classes = tuple(named)
                case Instance(cls):
                    classes = (cls,)
                case External(name) if name.endswith("()"):
                    classes = (External(name.removesuffix("()")),)
                case _:
                    classes = ()
            for cls in classes:
                if isinstance(cls, ClassValue) and "client" in {
                    name for base in self._view.mro(cls.cls) for name in base.scope.bindings
                }:
                    return False
                is_one = is_one or self._view.is_a(cls, *_CONNECTIONS)
        return is_one

    def expression(self, state: _Known, node: ir.Expr, at: int) -> Iterable[_Known]:
        match node:
            case ir.Attribute(owner, "host" | "port") | ir.Subscript(owner, _):
                return (self._use(state, owner, Use(at, node)),)
            case ir.Starred(owner):
                return (self._use(state, owner, Use(at, None)),)
        return (state,)

    def statement(self, state: _Known, node: ir.Stmt) -> Iterable[_Known]:
        match node:
            case ir.Assign((ir.Display(),), value) if value is not None:
                return (self._use(state, value, Use(node.at, None)),)
        return (state,)

    def _use(self, state: _Known, owner: ir.Expr, use: Use) -> _Known:
        at = use.at
        key = self.key(owner, at)
        if key is None or key in state.tested:
            return state
        scope = self._function.scope
        errors = (External("builtins.AttributeError"), External("builtins.TypeError"))
        exceptions, frames = self._application.exceptions, self._frames.get(at, ())
        if not any(exceptions.is_caught(frames, scope, error) for error in errors):
            self._uses.setdefault(key, {})[use] = None
            if key not in state.used:
                place = Place(self._function.module, at)
                self._found.setdefault(at, (Peer(place, self._label(key), self._function), key))
        return replace(state, used=state.used | {key})

    def _label(self, key: ir.Expr) -> str:
        match key:
            case ir.Attribute(ir.Name(name), _):
                return f'{name}["client"]' if name == self._scope else f"{name}.client"
        return "request.client"

    def test(self, state: _Known, node: ir.Expr, truth: bool, at: int) -> Iterable[_Known]:
        tested = replace(state, tested=state.tested | self._tested(node, truth, at))
        return (tested,)

    def _tested(self, node: ir.Expr, truth: bool, at: int) -> frozenset[ir.Expr]:
        """The peers that are there if a test came out so."""
        if (key := self.key(node, at)) is not None:
            return frozenset({key}) if truth else frozenset()
        match node:
            case ir.Operation("is" | "is not" | "==" | "!=" as op, (left, right)) if _NONE in (
                left,
                right,
            ):
                key = self.key(left if right == _NONE else right, at)
                if key is not None:
                    return frozenset({key} if truth is (op in ("is not", "!=")) else ())
        asked = {self.key(part, at) for part in walk(node)}
        return frozenset(key for key in asked if key is not None)


def unchecked_peers(application: Application) -> Iterator[Peer]:
    """Where the peer's address is used without a test for `None`."""
    requests = {
        layer.function: (layer.request_name, layer.scope_name) for layer in application.layers
    }
    functions = {
        read.scope.owner: (None, None)
        for name in ("host", "port")
        for read in application.index.reads(name)
        if isinstance(read.scope.owner, Function)
    }
    for function, names in {**functions, **requests}.items():
        if not function.module.is_test and _mentions(function):
            yield from _Peers(function, names, application).peers()


def _mentions(function: Function) -> bool:
    return any(
        (isinstance(part, ir.Attribute) and part.attr == "client")
        or (isinstance(part, ir.Constant) and part.value == "client")
        for part in walk_all(function.body)
    )
