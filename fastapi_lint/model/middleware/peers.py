"""The peer of a connection: where its address is used as if there always were one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

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
_Checked: TypeAlias = "frozenset[ir.Expr]"


@dataclass(frozen=True)
class Peer:
    """A use of the peer's address; `what` is the expression that may be `None`."""

    place: Place
    what: str
    function: Function


class _Peers(Paths[_Checked]):
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
        self.found: dict[int, Peer] = {}
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

    def expression(self, state: _Checked, node: ir.Expr, at: int) -> Iterable[_Checked]:
        match node:
            case ir.Attribute(owner, "host" | "port") | ir.Subscript(owner, _) | ir.Starred(owner):
                return (self._use(state, owner, at),)
        return (state,)

    def statement(self, state: _Checked, node: ir.Stmt) -> Iterable[_Checked]:
        match node:
            case ir.Assign((ir.Display(),), value) if value is not None:
                return (self._use(state, value, node.at),)
        return (state,)

    def _use(self, state: _Checked, owner: ir.Expr, at: int) -> _Checked:
        key = self.key(owner, at)
        if key is None or key in state:
            return state
        scope = self._function.scope
        errors = (External("builtins.AttributeError"), External("builtins.TypeError"))
        exceptions, frames = self._application.exceptions, self._frames.get(at, ())
        if not any(exceptions.is_caught(frames, scope, error) for error in errors):
            place = Place(self._function.module, at)
            self.found.setdefault(at, Peer(place, self._label(key), self._function))
        return state | {key}

    def _label(self, key: ir.Expr) -> str:
        match key:
            case ir.Attribute(ir.Name(name), _):
                return f'{name}["client"]' if name == self._scope else f"{name}.client"
        return "request.client"

    def test(self, state: _Checked, node: ir.Expr, truth: bool, at: int) -> Iterable[_Checked]:
        if (key := self.key(node, at)) is not None:
            return (state | {key},) if truth else (state,)
        match node:
            case ir.Operation("is" | "is not" | "==" | "!=" as op, (left, right)) if _NONE in (
                left,
                right,
            ):
                key = self.key(left if right == _NONE else right, at)
                if key is not None:
                    return (state | {key},) if truth is (op in ("is not", "!=")) else (state,)
        asked = {self.key(part, at) for part in walk(node)}
        return (state | {key for key in asked if key is not None},)


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
            paths = _Peers(function, names, application)
            paths.run(function.body, frozenset())
            yield from paths.found.values()


def _mentions(function: Function) -> bool:
    return any(
        (isinstance(part, ir.Attribute) and part.attr == "client")
        or (isinstance(part, ir.Constant) and part.value == "client")
        for part in walk_all(function.body)
    )
