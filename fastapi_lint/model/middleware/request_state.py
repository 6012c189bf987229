"""`request.state`: which attributes a middleware sets, and which it needs before it passes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ... import ir
from ...walk import own_parts, statements, walk, walk_all
from ..application import Middleware, Place
from ..calls import yields
from ..flow import Frame, Paths, placed
from ..layers import Layer
from ..link import Application
from ..scopes import Function
from ..values import External
from .exchange import helper_of
from .wrapping import layer_of, passes_on

_PASSED = ""
"""The mark of a path on which the request was passed on; not a name that could be set."""

_ERRORS = (External("builtins.AttributeError"), External("builtins.KeyError"))
_STATE = ir.Constant("state", "str")
_HARMLESS = ("starlette.middleware.", "uvicorn.middleware.")
"""Packages whose middleware leaves the state alone."""


class Use(msgspec.Struct, frozen=True):
    """An attribute of the state that is set or read; `inner` is the place in a helper."""

    name: str
    place: Place
    inner: Place | None = None


class _Names:
    """How a function spells the state of a request."""

    def __init__(self, function: Function, request: str | None, scope: str | None) -> None:
        self._requests = {ir.Name(request)} if request else set()
        self._scope = ir.Name(scope) if scope else None
        self._aliases: set[ir.Name] = set()
        for node in statements(function.body):
            if not isinstance(node, ir.Assign) or node.value is None:
                continue
            for target in node.targets:
                if not isinstance(target, ir.Name):
                    continue
                if self.is_state(node.value):
                    self._aliases.add(target)
                elif self._scope is not None and _makes_request(node.value, self._scope):
                    self._requests.add(target)

    def is_state(self, node: ir.Expr) -> bool:
        match node:
            case ir.Name():
                return node in self._aliases
            case ir.Attribute(ir.Name() as owner, "state"):
                return owner in self._requests
            case ir.Attribute(ir.Call() as made, "state"):
                return self._scope is not None and _makes_request(made, self._scope)
            case ir.Subscript(owner, (index,)) if index == _STATE:
                return self._is_scope(owner)
            case ir.Call(ir.Attribute(owner, "setdefault"), (index, *_)) if index == _STATE:
                return self._is_scope(owner)
        return False

    def _is_scope(self, node: ir.Expr) -> bool:
        match node:
            case ir.Attribute(ir.Name() as owner, "scope"):
                return owner in self._requests
        return node == self._scope

    def member(self, node: ir.Expr) -> str | None:
        """The attribute that an expression is of the state."""
        match node:
            case ir.Attribute(owner, name) if self.is_state(owner):
                return None if name in ("_state", "get", "update", "setdefault") else name
            case ir.Subscript(owner, (ir.Constant(str() as name),)) if self.is_state(owner):
                return name
            case ir.Call(ir.Name("getattr"), (owner, ir.Constant(str() as name)), ()):
                return name if self.is_state(owner) else None
        return None

    def stored(self, node: ir.Stmt) -> Iterator[str]:
        """The attributes that a statement sets."""
        if isinstance(node, ir.Assign):
            for target in node.targets:
                if (name := self.member(target)) is not None:
                    yield name
        for part in own_parts(node):
            match part:
                case ir.Call(ir.Name("setattr"), (owner, ir.Constant(str() as name), _)):
                    if self.is_state(owner):
                        yield name
                case ir.Call(ir.Attribute(owner, "update"), args, keywords):
                    if self.is_state(owner):
                        yield from (k.name for k in keywords if k.name is not None)
                        for arg in args:
                            if isinstance(arg, ir.Dict):
                                for key, _ in arg.items:
                                    if isinstance(key, ir.Constant):
                                        yield str(key.value)


def _makes_request(node: ir.Expr, scope: ir.Name) -> bool:
    return isinstance(node, ir.Call) and node.args[:1] == (scope,) and (
        ir.last_name(node.func) in ("Request", "HTTPConnection", "WebSocket")
    )  # fmt: skip


def written(layer: Layer, application: Application) -> dict[str, Use]:
    """The attributes that a layer sets, itself or through a function that gets the request."""
    names = _of_layer(layer)
    found: dict[str, Use] = {}
    for node in statements(layer.function.body):
        place = Place(layer.function.module, node.at)
        for name in names.stored(node):
            found.setdefault(name, Use(name, place))
        for helper, param, _ in _helpers(node, layer, application):
            inner = _Names(helper, param, None)
            for statement in statements(helper.body):
                for name in inner.stored(statement):
                    where = Place(helper.module, statement.at)
                    found.setdefault(name, Use(name, place, where))
    return found


def needed(layer: Layer, application: Application) -> tuple[Use, ...]:
    """The attributes that a layer reads before it passes on, where it has to be there."""
    analysis = _Needs(layer, application)
    analysis.run(layer.function.body, frozenset())
    return tuple(analysis.found.values())


def sets(middleware: Middleware, application: Application) -> dict[str, Use]:
    """The attributes that a registered middleware sets, as far as its code can be seen."""
    layer = layer_of(middleware, application)
    return written(layer, application) if layer is not None else {}


def may_be_set(name: str, outside: Iterable[Middleware], application: Application) -> bool:
    """Whether a lifespan or a middleware further out sets an attribute, or may do so."""
    for owner in application.owners():
        for function in application.lifespans.functions(owner):
            for node, _ in yields(function):
                items = node.value.items if isinstance(node.value, ir.Dict) else ()
                keys = [key for key, _ in items]
                if not keys or None in keys or ir.Constant(name, "str") in keys:
                    return True
    for middleware in outside:
        if layer_of(middleware, application) is None:
            target = middleware.target
            if not isinstance(target, External) or not target.name.startswith(_HARMLESS):
                return True
        if name in sets(middleware, application):
            return True
    return False


class _Needs(Paths[frozenset[str]]):
    """The state of a path: the attributes that are there, and whether the request was passed."""

    def __init__(self, layer: Layer, application: Application) -> None:
        super().__init__()
        self._layer = layer
        self._application = application
        self._names = _of_layer(layer)
        body = layer.function.body
        self._stores = {
            id(target)
            for node in statements(body)
            if isinstance(node, (ir.Assign, ir.Delete))
            for target in node.targets
            if not (isinstance(node, ir.Assign) and node.op)
        }
        self._caught = {node.at for node, frames in placed(body) if self._is_caught(frames)}
        self.found: dict[str, Use] = {}

    def expression(self, state: frozenset[str], node: ir.Expr, at: int) -> Iterable[frozenset[str]]:
        if passes_on(node, self._layer):
            return (state | {_PASSED},)
        if id(node) not in self._stores and (name := self._names.member(node)) is not None:
            self._read(state, name, at, None)
        if isinstance(node, ir.Call):
            return (self._given(state, node, at),)
        return (state,)

    def statement(self, state: frozenset[str], node: ir.Stmt) -> Iterable[frozenset[str]]:
        return (state.union(self._names.stored(node)),)

    def test(
        self, state: frozenset[str], node: ir.Expr, truth: bool, at: int
    ) -> Iterable[frozenset[str]]:
        asked = {part.value for part in walk(node) if isinstance(part, ir.Constant)}
        return (state.union(word for word in asked if isinstance(word, str) and word),)

    def _read(self, state: frozenset[str], name: str, at: int, inner: Place | None) -> None:
        if name not in state and _PASSED not in state and at not in self._caught:
            place = Place(self._layer.function.module, at)
            self.found.setdefault(name, Use(name, place, inner))

    def _given(self, state: frozenset[str], call: ir.Call, at: int) -> frozenset[str]:
        request = self._layer.names[0]
        found = helper_of(call, request, self._layer.function, at, self._application)
        if found is None or self._layer.kind != "dispatch":
            return state
        helper, param = found
        names = _Names(helper, param, None)
        words = {str(p.value) for p in walk_all(helper.body) if isinstance(p, ir.Constant)}
        stored = {name for node in statements(helper.body) for name in names.stored(node)}
        for node, frames in placed(helper.body):
            for part in own_parts(node):
                name = names.member(part)
                if name is None or name in stored | words or self._is_caught(frames):
                    continue
                self._read(state, name, at, Place(helper.module, node.at))
        return state | stored

    def _is_caught(self, frames: tuple[Frame, ...]) -> bool:
        exceptions, scope = self._application.exceptions, self._layer.function.scope
        return any(exceptions.is_caught(frames, scope, error) for error in _ERRORS)


def _of_layer(layer: Layer) -> _Names:
    return _Names(layer.function, layer.request_name, layer.scope_name)


def _helpers(
    node: ir.Stmt, layer: Layer, application: Application
) -> Iterator[tuple[Function, str, ir.Call]]:
    for part in own_parts(node):
        if isinstance(part, ir.Call) and layer.kind == "dispatch":
            found = helper_of(part, layer.names[0], layer.function, node.at, application)
            if found is not None:
                yield (*found, part)
