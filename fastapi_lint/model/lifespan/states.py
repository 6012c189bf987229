"""`app.state`: which attributes are read, and which may be set."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import msgspec

from ... import ir
from ...walk import expressions, statements, walk
from ..dependencies import Injection
from ..evaluate import Reach
from ..flow import Frame, placed
from ..index import Index
from ..names import FASTAPI, REQUEST, STARLETTE, WEBSOCKET
from ..program import Program, Site
from ..scopes import Module, Scope
from ..values import Argument, External, FunctionValue, Method

_CONNECTIONS = (REQUEST, WEBSOCKET, "starlette.requests.HTTPConnection")
_CONNECTION_NAMES = frozenset({"request", "req", "websocket", "ws", "connection", "conn"})
_APP_NAMES = frozenset({"app", "application", "api"})
_HARMLESS = frozenset(
    {"getattr", "hasattr", "delattr", "isinstance", "print", "id", "repr", "setattr"}
)
_GUARDS = ("AttributeError", "Exception", "BaseException")


class StateRead(msgspec.Struct, frozen=True, eq=False):
    """One `app.state.name` that is read."""

    name: str
    scope: Scope
    at: int

    @property
    def module(self) -> Module:
        return self.scope.module


def _held(name: str, scope: Scope) -> tuple[object, int] | None:
    """What a local variable is assigned, and where, if that happens once."""
    bindings = scope.bindings.get(name, ())
    if len(bindings) != 1 or scope.kind != "function" or bindings[0].kind != "value":
        return None
    return bindings[0].source, bindings[0].at


class States:
    """Compares what is read from `app.state` with what anything may set."""

    def __init__(self, program: Program, index: Index, injection: Injection) -> None:
        self._program = program
        self._index = index
        self._injection = injection
        self._eval = program.evaluator(reach=Reach.NEAR)
        self._all = program.evaluator()

    def unset(self) -> Iterator[StateRead]:
        """The reads of attributes that nothing in the project sets."""
        found = [
            read
            for read in self._reads
            if read.name not in self._set and not self._is_guarded(read)
        ]
        if found and not self._is_set_dynamically:
            yield from found

    @cached_property
    def _reads(self) -> tuple[StateRead, ...]:
        found = []
        for scope in self._scopes:
            for node in statements(scope.body):
                stored = set(map(id, node.targets)) if isinstance(node, ir.Assign) else set()
                for expression in expressions(node):
                    for part in walk(expression):
                        match part:
                            case ir.Attribute(ir.Attribute(owner, "state"), name) if (
                                id(part) not in stored
                                and not name.startswith("_")
                                and self._is_app(owner, scope, node.at)
                            ):
                                found.append(StateRead(name, scope, node.at))
                            case ir.Attribute(ir.Name(alias), name) if id(
                                part
                            ) not in stored and self._is_alias(alias, scope):
                                found.append(StateRead(name, scope, node.at))
        return tuple(found)

    def _is_alias(self, name: str, scope: Scope) -> bool:
        """Whether a local variable holds the whole state of an application."""
        match _held(name, scope):
            case ir.Attribute(owner, "state"), at:
                return self._is_app(owner, scope, at)
        return False

    @cached_property
    def _scopes(self) -> tuple[Scope, ...]:
        return tuple(s for s in self._index.scopes_naming("state") if not s.module.is_test)

    def _is_app(self, node: ir.Expr, scope: Scope, at: int) -> bool:
        """Whether an expression is an application of FastAPI or Starlette."""
        if isinstance(node, ir.Attribute) and node.attr == "app":
            return self.is_connection(node.value, scope, at)
        if not isinstance(node, ir.Name) or node.id in ("self", "cls"):
            return False
        match _held(node.id, scope):
            case ir.Attribute(owner, "app"), held_at:
                return self.is_connection(owner, scope, held_at)
        values = self._eval.evaluate(node, scope, at)
        return bool(values) and all(
            self._eval.instance_of(value, FASTAPI, STARLETTE)
            or (isinstance(value, Argument) and self._says(value, (FASTAPI, STARLETTE), _APP_NAMES))
            for value in values
        )

    def is_connection(self, node: ir.Expr, scope: Scope, at: int) -> bool:
        """Whether an expression is a parameter that holds a request or a WebSocket."""
        if not isinstance(node, ir.Name):
            return False
        return any(
            isinstance(value, Argument) and self._says(value, _CONNECTIONS, _CONNECTION_NAMES)
            for value in self._eval.evaluate(node, scope, at)
        )

    def _says(self, value: Argument, classes: tuple[str, ...], names: frozenset[str]) -> bool:
        """Whether a parameter is annotated as one of these classes, or named so without one."""
        function, param = value.function, value.param
        if param.annotation is None:
            return param.name in names
        types = self._injection.types(
            param.annotation, function.parent, function.node.at, self._eval
        )
        return any(self._eval.is_a(cls, *classes) for cls in types)

    def is_of_a_library(self, name: str) -> bool:
        """Whether a library that gets the application may set it: `wireup` the `wireup_container`.

        slowapi has its users set `limiter`.
        """
        words = set(name.lower().split("_"))
        for module in self._index.modules:
            for scope in (module.scope, *[function.scope for function in module.functions()]):
                for word in words:
                    for site in self._of_root(word, scope):
                        if any(
                            isinstance(argument, ir.Name)
                            and self._is_app(argument, site.scope, site.at)
                            for argument in (
                                *site.call.args,
                                *[k.value for k in site.call.keywords],
                            )
                        ):
                            return True
            if name == "limiter" and _imports(module, "slowapi"):
                return True
        return False

    def _of_root(self, word: str, scope: Scope) -> Iterator[Site]:
        """The calls of what a library whose name holds a word offers."""
        for sites in self._program.scope_sites(scope).values():
            for site in sites:
                if any(isinstance(argument, ir.Name) for argument in site.call.args):
                    for value in self._eval.evaluate(site.call.func, scope, site.at):
                        if isinstance(value, External) and word in value.name.split(".")[0]:
                            yield site

    # What may set it

    @cached_property
    def _set(self) -> frozenset[str]:
        """Every attribute that is assigned to something, and every text that may name one."""
        found: set[str] = set()
        for read in self._reads:
            if read.name not in found and self._may_be_set(read.name):
                found.add(read.name)
        return frozenset(found)

    def _may_be_set(self, name: str) -> bool:
        for scope in self._index.scopes_naming(name):
            for node in statements(scope.body):
                if any(_sets(target, name) for target in _targets(node)):
                    return True
                for expression in expressions(node):
                    for part in walk(expression):
                        if (
                            isinstance(part, ir.Constant)
                            and part.value == name
                            and (_names_an_attribute(expression, part))
                        ):
                            return True
        return False

    @cached_property
    def _is_set_dynamically(self) -> bool:
        """Whether some code sets attributes whose names cannot be told, or replaces the state."""
        for scope in self._index.scopes_naming("state"):
            for node in statements(scope.body):
                if any(
                    isinstance(target, ir.Attribute)
                    and target.attr in ("state", "_state")
                    and self._is_app(target.value, scope, node.at)
                    for target in _targets(node)
                ):
                    return True
                for expression in expressions(node):
                    for part in walk(expression):
                        if isinstance(part, ir.Call) and self._sets_any(part, scope, node.at):
                            return True
        return False

    def _sets_any(self, call: ir.Call, scope: Scope, at: int) -> bool:
        name = ir.last_name(call.func)
        if name == "setattr" and call.args and _is_state(call.args[0]):
            return len(call.args) > 1 and not isinstance(call.args[1], ir.Constant)
        if isinstance(call.func, ir.Attribute) and name == "update":
            return ir.last_name(call.func.value) in ("_state", "state", "__dict__") and any(
                isinstance(part, ir.Attribute) and part.attr == "state"
                for part in walk(call.func.value)
            )
        arguments = (*call.args, *[keyword.value for keyword in call.keywords])
        if name in _HARMLESS:
            return False
        if not any(map(_is_state, arguments)):
            return False
        callees = self._all.evaluate(call.func, scope, at)
        known = (FunctionValue, Method)
        return not callees or not all(
            isinstance(callee, known) and callee.function.module in self._index.modules
            for callee in callees
        )

    def _is_guarded(self, read: StateRead) -> bool:
        """Whether a missing attribute is expected where it is read."""
        frames = next(
            (around for node, around in placed(read.scope.body) if node.at == read.at), ()
        )
        return any(map(_catches, frames))


def _imports(module: Module, root: str) -> bool:
    return any(
        isinstance(binding.source, ir.Import) and binding.source.module.split(".")[0] == root
        for bindings in module.scope.bindings.values()
        for binding in bindings
    )


def _catches(frame: Frame) -> bool:
    if not isinstance(frame.node, ir.Try) or frame.part != "body":
        return False
    for handler in frame.node.handlers:
        if handler.catches is None:
            return True
        caught = handler.catches
        listed = caught.items if isinstance(caught, ir.Display) else (caught,)
        if any(ir.last_name(item) in _GUARDS for item in listed):
            return True
    return False


def _targets(node: ir.Stmt) -> Iterator[ir.Expr]:
    match node:
        case ir.Assign(targets):
            yield from targets
        case ir.With(items):
            yield from (entered for _, entered in items if entered is not None)
        case ir.For(target):
            yield target


def _sets(target: ir.Expr, name: str) -> bool:
    match target:
        case ir.Attribute(_, attr):
            return attr == name
        case ir.Display(_, items):
            return any(_sets(item, name) for item in items)
        case ir.Starred(inner):
            return _sets(inner, name)
    return False


def _is_state(node: ir.Expr) -> bool:
    """Whether an expression is the whole state of an application."""
    match node:
        case ir.Attribute(ir.Name(name) | ir.Attribute(_, name), "state"):
            return name in _APP_NAMES
    return False


def _names_an_attribute(expression: ir.Expr | None, constant: ir.Constant) -> bool:
    """Whether a text stands where it may name an attribute: in `setattr`, `hasattr`, a table."""
    for part in walk(expression):
        match part:
            case ir.Call(func, args) if any(arg is constant for arg in args):
                return ir.last_name(func) in ("setattr", "hasattr", "getattr", "State", "set")
            case ir.Dict(items) if any(key is constant for key, _ in items):
                return not isinstance(expression, ir.Yield)
    return False
