"""Which values hold a database session that belongs to the request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ... import ir
from ...walk import statements, walk_all
from ..application import Dependency
from ..calls import argument_for
from ..dependencies import Injection
from ..evaluate import Reach
from ..names import DEPENDS, SECURITY
from ..program import Program
from ..scopes import END, Class, Function, Scope
from ..values import (
    UNKNOWN,
    Argument,
    ClassValue,
    External,
    FunctionValue,
    Generic,
    Instance,
    LambdaValue,
    Mapping,
    Method,
    Partial,
    Sequence,
    Unread,
    Value,
)

SESSIONS = (
    "sqlalchemy.orm.Session",
    "sqlalchemy.orm.scoped_session",
    "sqlalchemy.ext.asyncio.AsyncSession",
    "sqlalchemy.ext.asyncio.async_scoped_session",
    "sqlalchemy.ext.asyncio.AsyncConnection",
    "sqlalchemy.engine.Connection",
    "sqlalchemy.Connection",
    "asyncpg.Connection",
    "asyncpg.connection.Connection",
    "psycopg.Connection",
    "psycopg.AsyncConnection",
    "aiosqlite.Connection",
    "sqlite3.Connection",
)
_FACTORIES = ("sqlalchemy.orm.sessionmaker", "sqlalchemy.orm.scoped_session")
_MAX_DEPTH = 8


class Held(msgspec.Struct, frozen=True):
    """A session of the request: the dependency that provides it, and what holds it on the way."""

    dependency: Dependency
    through: str | None = None


class Sessions:
    """Answers whether an expression holds a session that a dependency closes after the request."""

    def __init__(self, program: Program, injection: Injection) -> None:
        self._eval = program.evaluator(reach=Reach.CLASSES)
        self._all = program.evaluator()
        self._near = program.evaluator(reach=Reach.NEAR)
        self._injection = injection

    def held(self, node: ir.Expr, scope: Scope, at: int) -> Held | None:
        """The request's session in the value of an expression, if it holds one."""
        if isinstance(node, ir.Starred):
            return self.held(node.value, scope, at)
        if (
            isinstance(node, ir.Attribute)
            and not self._is_self(node.value, scope, at)
            and self.held(node.value, scope, at) is None
        ):
            # What an object carries can be the request's only if the object holds it.
            return None
        return self._any(self._eval.evaluate(node, scope, at), 0)

    def _is_self(self, node: ir.Expr, scope: Scope, at: int) -> bool:
        return any(
            isinstance(value, Instance) and value.call is None
            for value in self._eval.evaluate(node, scope, at)
        )

    def taken(self, target: ir.Expr, scope: Scope, at: int) -> Held | None:
        """The request's session that calling `target` later uses; a method takes its object."""
        if isinstance(target, ir.Name) and _is_imported(target.id, scope):
            return None
        held = self.held(target, scope, at)
        if held is None and isinstance(target, ir.Attribute):
            owner = self.held(target.value, scope, at)
            if owner is not None:
                values = self._all.evaluate(target, scope, at)
                if not any(isinstance(value, (FunctionValue, Method)) for value in values):
                    return owner
                return self._any([v for v in values if isinstance(v, Method)], 0)
        return held

    def _any(self, values: Iterable[Value], depth: int) -> Held | None:
        if depth > _MAX_DEPTH:
            return None
        for value in values:
            if (held := self._value(value, depth + 1)) is not None:
                return held
        return None

    def _value(self, value: Value, depth: int) -> Held | None:
        match value:
            case Argument(function, param):
                return self._argument(function, param, depth)
            case Instance(External(name)) if name in (DEPENDS, SECURITY):
                dependency = self._injection.dependency_of(value)
                return self._depends(dependency, depth) if dependency is not None else None
            case Instance(Unread() as cls, ir.Call() as call, Scope() as scope, at):
                arguments = [*call.args, *[keyword.value for keyword in call.keywords]]
                if self._arguments(arguments, scope, at, depth) is None:
                    return None
                made = [Instance(found, call, scope, at) for found in self._eval.read(cls)]
                return self._any(made, depth)
            case Instance(ClassValue(cls)):
                return _through(self._instance(value, cls, depth), cls.name)
            case Method(function, owner) if not isinstance(owner, ClassValue):
                return self._value(owner, depth)
            case FunctionValue(function) if function.parent.kind == "function":
                return self._closure(function.body, function.scope, function.parent, depth)
            case LambdaValue(node, scope, at):
                own = {param.name for param in node.params}
                body = (ir.Return(node.body, 0),)
                defaults = [param.default for param in node.params if param.default is not None]
                return self._arguments(defaults, scope, at, depth) or self._free_names(
                    body, own, scope, depth
                )
            case Partial(callee, call, scope, at):
                arguments = [*call.args, *[keyword.value for keyword in call.keywords]]
                return self._value(callee, depth) or self._arguments(arguments, scope, at, depth)
            case Sequence(_, items, scope, at):
                return self._arguments(items, scope, at, depth)
            case Mapping(node, scope, at):
                return self._arguments([item for _, item in node.items], scope, at, depth)
        return None

    def _arguments(
        self, nodes: Iterable[ir.Expr], scope: Scope, at: int, depth: int
    ) -> Held | None:
        for node in nodes:
            inner = node.value if isinstance(node, ir.Starred) else node
            if (held := self._any(self._eval.evaluate(inner, scope, at), depth)) is not None:
                return held
        return None

    # Parameters

    def _argument(self, function: Function, param: ir.Parameter, depth: int) -> Held | None:
        dependency = self._injection.injected(function, param)
        if dependency is None or all(value == UNKNOWN for value in dependency.callables):
            return None
        providers = [self._injection.function_of(value) for value in dependency.callables]
        known = [provider for provider in providers if provider is not None]
        types = self._injection.types(
            param.annotation, function.parent, function.node.at, self._near
        )
        if any(self._is_session_class(cls) for cls in types) and not any(
            not provider.node.is_generator for provider in known
        ):
            return Held(dependency)
        return self._depends(dependency, depth)

    def _depends(self, dependency: Dependency, depth: int) -> Held | None:
        for value in dependency.callables:
            if (held := self._provided(value, dependency, depth)) is not None:
                return held
        return None

    def _provided(self, value: Value, dependency: Dependency, depth: int) -> Held | None:
        if isinstance(value, ClassValue):
            return _through(self._instance(None, value.cls, depth), value.cls.name)
        provider = self._injection.function_of(value)
        if provider is None or provider.name == "__init__":
            return None
        if not provider.node.is_generator:
            return self._any(self._eval.returns(provider), depth)
        if self._yields_session(provider):
            return Held(dependency)
        for found in self._all.yielded(provider):
            if isinstance(found, Instance) and isinstance(found.cls, ClassValue):
                if self._owns_session(found, found.cls.cls):
                    return Held(dependency, found.cls.cls.name)
                if (held := self._value(found, depth)) is not None:
                    return held
        return None

    def _yields_session(self, function: Function) -> bool:
        returns = function.node.returns
        for value in self._eval.evaluate(returns, function.parent, function.node.at):
            if isinstance(value, Generic) and any(
                self._is_session_class(cls)
                for cls in self._injection.types(value.args[0], value.scope, value.at, self._near)
            ):
                return True
        return any(self.is_session(value) for value in self._all.yielded(function))

    # Objects

    def _instance(self, value: Instance | None, cls: Class, depth: int) -> Held | None:
        init = self._eval.find_method(cls, "__init__")
        if init is not None and (held := self._any(self._kept(init), depth)) is not None:
            return held
        for param in self._stored(cls, init):
            given: Iterable[Value] = ()
            if value is not None and value.call is not None and value.scope is not None:
                node = self._given(cls, init, param, value.call)
                if node is not None:
                    given = self._eval.evaluate(node, value.scope, value.at)
            elif init is not None:
                given = self._eval.parameter(init, param)
            if (held := self._any(given, depth)) is not None:
                return held
        return None

    def _given(
        self, cls: Class, init: Function | None, param: ir.Parameter, call: ir.Call
    ) -> ir.Expr | None:
        if init is not None:
            return argument_for(init, param, call)
        fields = self._eval.fields(cls)
        names = [field.name for field in fields]
        for keyword in call.keywords:
            if keyword.name == param.name:
                return keyword.value
        index = names.index(param.name)
        return call.args[index] if index < len(call.args) else None

    def _stored(self, cls: Class, init: Function | None) -> Iterator[ir.Parameter]:
        """The parameters of a constructor that the object keeps as they are."""
        if init is None:
            yield from self._eval.fields(cls)
            return
        kept = {node.id for node, _ in _kept_expressions(init) if isinstance(node, ir.Name)}
        yield from (param for param in init.node.params if param.name in kept)

    def _kept(self, init: Function) -> Iterator[Value]:
        """The objects that a constructor makes and keeps."""
        for node, at in _kept_expressions(init):
            if isinstance(node, ir.Call):
                yield from self._eval.evaluate(node, init.scope, at)

    def _owns_session(self, value: Instance, cls: Class) -> bool:
        """Whether an object opens a session itself, or was made with one that its maker opened."""
        for current in self._all.mro(cls):
            for method in current.methods():
                for assigned in method.self_assignments.values():
                    for node, at in assigned:
                        values = self._all.evaluate(node, method.scope, at)
                        if any(self.is_session(found) for found in values):
                            return True
        if value.call is None or value.scope is None:
            return False
        init = self._eval.find_method(cls, "__init__")
        for param in self._stored(cls, init):
            given = self._given(cls, init, param, value.call)
            if given is not None and any(
                self.is_session(found) for found in self._all.evaluate(given, value.scope, value.at)
            ):
                return True
        return False

    def _is_session_class(self, cls: Value) -> bool:
        return self._eval.is_a(cls, *SESSIONS)

    def is_session(self, value: Value) -> bool:
        if not isinstance(value, Instance):
            return False
        if self._is_session_class(value.cls):
            return True
        match value.cls:
            case Instance(External(name)):
                return name in _FACTORIES
            case External(name):
                return any(name.startswith(f"{factory}()") for factory in _FACTORIES)
        return False

    # Closures

    def _closure(
        self, body: tuple[ir.Stmt, ...], scope: Scope, outer: Scope, depth: int
    ) -> Held | None:
        return self._free_names(body, set(scope.bindings), outer, depth)

    def _free_names(
        self, body: tuple[ir.Stmt, ...], own: set[str], outer: Scope, depth: int
    ) -> Held | None:
        names = {part.id for part in walk_all(body) if isinstance(part, ir.Name)} - own
        for name in sorted(names):
            if name in outer.bindings:
                held = self._any(self._eval.lookup(name, outer, END), depth)
                if held is not None:
                    return held
        return None


def _is_imported(name: str, scope: Scope) -> bool:
    """Whether a name can only be a module-level import: that takes nothing of a request along."""
    current: Scope | None = scope
    while current is not None:
        bindings = current.bindings.get(name)
        if bindings is not None:
            return all(binding.kind == "import" for binding in bindings)
        current = current.parent
    return False


def _kept_expressions(init: Function) -> Iterator[tuple[ir.Expr, int]]:
    """What a constructor assigns to attributes, or passes to the constructor of a base."""
    for node in statements(init.body):
        match node:
            case ir.Assign(targets, ir.Assigned() | ir.Name() | ir.Call() as value, _, _, at):
                if any(isinstance(target, ir.Attribute) for target in targets):
                    yield value, at
            case ir.Assign(targets, ir.Operation("or", operands), _, _, at):
                yield from ((operand, at) for operand in operands)
            case ir.Expression(ir.Call(ir.Attribute(_, "__init__"), args, keywords), at):
                yield from ((argument, at) for argument in args)
                yield from ((keyword.value, at) for keyword in keywords)


def _through(held: Held | None, name: str) -> Held | None:
    return held if held is None or held.through is not None else Held(held.dependency, name)
