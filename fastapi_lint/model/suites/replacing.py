"""Overrides: whether a key is what routes depend on, and whether its value can stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from ... import ir
from ...walk import expressions, statements, walk, walk_all
from ..application import Place
from ..calls import is_receiver, results
from ..dependencies import Injection
from ..graph import Graph, Use
from ..index import Index
from ..names import ANNOTATED, DEPENDS, SECURITY
from ..program import Program
from ..scopes import Class, Function, Scope, decorator_name
from ..summaries import SECURITY_SCHEMES
from ..values import (
    Argument,
    ClassValue,
    External,
    FunctionValue,
    Generic,
    Instance,
    LambdaValue,
    Literal,
    Mapping,
    Method,
    Sequence,
    Value,
)
from .testing import Fixtures, Override, Overrides

if TYPE_CHECKING:
    from ..link import Application

_MAX_DEPTH = 4
_Spot: TypeAlias = tuple[ir.Expr, Scope, int]

_PLAIN_BASES = frozenset({"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"})
_DATA_BASES = _PLAIN_BASES | {
    "pydantic.BaseModel", "pydantic_settings.BaseSettings", "sqlmodel.SQLModel",
    "sqlalchemy.orm.DeclarativeBase", "typing.NamedTuple", "typing.TypedDict", "enum.Enum",
}  # fmt: skip
_DATA = frozenset(
    {"builtins.object", "builtins.dict", "builtins.list", "builtins.set", "builtins.str",
     "builtins.int", "sqlalchemy.orm.Session", "sqlalchemy.ext.asyncio.AsyncSession",
     "types.SimpleNamespace", "httpx.AsyncClient", "httpx.Client"}
)  # fmt: skip
"""Classes outside the project whose objects cannot be called."""

_MOCKS = frozenset(
    f"{module}.{name}"
    for module in ("unittest.mock", "mock")
    for name in ("Mock", "MagicMock", "AsyncMock", "PropertyMock")
)
_PATCHES = {"unittest.mock.patch": 1, "unittest.mock.patch.object": 2}
_SPECS = frozenset({"spec", "spec_set", "autospec", "new", "new_callable"})
_QUERY_TYPES = ("builtins.", "datetime.", "uuid.", "decimal.", "pydantic.types.")
_SESSIONS = frozenset({"sqlalchemy.orm.Session", "sqlalchemy.ext.asyncio.AsyncSession"})
_PLACEHOLDER = re.compile(r"{(\w+)")


class Mismatch(msgspec.Struct, frozen=True):
    """Why a key is never looked up: `what` completes "the key ...", `where` is what routes use."""

    what: str
    where: Place | None
    help: str


class Signature(msgspec.Struct, frozen=True):
    """Parameters of a replacement that FastAPI takes from the request, and what the replacement
    is: `is_mock` for one that takes whatever it is called with."""

    names: tuple[str, ...]
    what: str
    is_mock: bool = False


class Replacing:
    """Answers questions about overrides."""

    def __init__(
        self,
        program: Program,
        index: Index,
        graph: Graph,
        injection: Injection,
        fixtures: Fixtures,
        overrides: Overrides,
    ) -> None:
        self._eval = program.evaluator()
        self._index = index
        self._graph = graph
        self._injection = injection
        self._fixtures = fixtures
        self._overrides = overrides
        self._mentioned: dict[tuple[Function, bool], bool] = {}

    # Keys

    @cached_property
    def _used(self) -> dict[Value, Use]:
        found: dict[Value, Use] = {}
        for use in self._graph.uses:
            for value in use.dependency.callables:
                try:
                    found.setdefault(value, use)
                except TypeError:  # a value that holds something unhashable
                    continue
        return found

    def keys(self, override: Override) -> tuple[Value, ...]:
        """What the key of an override can be."""
        return tuple(self._fixtures.values(override.key, override.scope, override.at))

    def replaced(self, override: Override) -> tuple[Function, ...]:
        """The functions of the project that an override replaces."""
        functions = map(self._injection.function_of, self.keys(override))
        return tuple(function for function in functions if function is not None)

    def is_depended_on(self, override: Override) -> bool:
        """Whether the key is known to be what something in the project depends on."""
        keys = self.keys(override)
        return bool(keys) and all(map(self._is_used, keys))

    def _is_used(self, key: Value) -> bool:
        try:
            return key in self._used
        except TypeError:  # a value that holds something unhashable
            return False

    def mismatch(self, override: Override) -> Mismatch | None:
        """Why the key can never be what a route depends on; `None` if it may be."""
        made = self._made_for_the_key(override)
        if made is not None:
            return self._fresh(*made)
        values = self.keys(override)
        if all(isinstance(v, Literal) and isinstance(v.value, str) for v in values):
            return Mismatch("is a text, not a dependency", None, "use the function itself as key")
        if len(values) != 1:
            return None
        value = values[0]
        match value:
            case FunctionValue(function):
                return self._maker(value) or self._unused(function, value, override)
            case ClassValue():
                return self._maker(value)
            case Method(function, _):
                return self._unbound(value) or self._unused(function, value, override)
        return None

    def _made_for_the_key(self, override: Override) -> _Spot | None:
        """The call or lambda that makes the key, when nothing else can have what it makes."""
        node, scope, at = override.key, override.scope, override.at
        while isinstance(node, ir.Name):
            while node.id not in scope.bindings and scope.parent is not None:
                scope = scope.parent
            bindings = scope.bindings.get(node.id, ())
            if len(bindings) != 1 or bindings[0].kind != "value" or bindings[0].index:
                return None
            if not (scope.module.is_test or scope.kind == "function"):
                return None
            if self._is_read_elsewhere(node.id, scope.module):
                return None
            source = bindings[0].source
            if not isinstance(source, (ir.Name, ir.Call, ir.Lambda)):
                return None
            node, at = source, bindings[0].at
        return (node, scope, at) if isinstance(node, (ir.Call, ir.Lambda)) else None

    def _is_read_elsewhere(self, name: str, module: object) -> bool:
        """Whether a name is used for anything but as a key."""
        keys = self._overrides.keys()
        for scope in self._index.scopes_naming(name):
            if scope.module is module:
                for node in statements(scope.body):
                    targets = node.targets if isinstance(node, ir.Assign) else ()
                    for expression in expressions(node):
                        is_target = any(expression is target for target in targets)
                        if is_target and not isinstance(expression, ir.Subscript):
                            continue
                        for part in walk(expression):
                            if part == ir.Name(name) and id(part) not in keys:
                                return True
        return False

    def _fresh(self, node: ir.Expr, scope: Scope, at: int) -> Mismatch | None:
        """Why what a call or lambda makes is equal to nothing else."""
        if isinstance(node, ir.Lambda):
            return Mismatch("is a new lambda", None, "use the dependency itself as key")
        assert isinstance(node, ir.Call)
        callees = self._eval.evaluate(node.func, scope, at)
        if len(callees) != 1:
            return None
        callee = callees[0]
        match callee:
            case External(name) if name in (DEPENDS, SECURITY):
                what = "is a `Depends` object, not the dependency"
                return Mismatch(what, None, "use the function in it as key")
            case External(name) if name in SECURITY_SCHEMES:
                what = f"is a new `{name.rpartition('.')[2]}` object"
                return Mismatch(what, None, "use the object that the routes depend on")
            case ClassValue(cls) if self._compares_by_identity(cls):
                use = self._use_of_made(callee)
                what = f"is a new `{cls.name}` object, equal to no other"
                return Mismatch(what, use, "keep one object under a name and use it in both places")
            case FunctionValue(function) | Method(function, _) if _is_undecorated(function):
                return self._called(function, callee)
        return None

    def _called(self, function: Function, callee: Value) -> Mismatch | None:
        name = function.name
        if function.node.is_generator or function.node.is_async:
            kind = "generator" if function.node.is_generator else "coroutine"
            return Mismatch(f"is a new {kind}: `{name}` is called", None, f"use `{name}` as key")
        if not self.makes_new(function):
            return None
        where = self._use_of_made(callee)
        return Mismatch(
            f"is a new function: each call of `{name}` makes another",
            where,
            "keep one result under a name and use it in both places",
        )

    def makes_new(self, function: Function, depth: int = 0) -> bool:
        """Whether each call of a function gives another function or object."""
        returned = tuple(results(function))
        for node, at in returned:
            if isinstance(node, ir.Call) and depth < _MAX_DEPTH:
                makers = self._eval.evaluate(node.func, function.scope, at)
                if makers and all(self._is_maker(maker, depth) for maker in makers):
                    continue
            for value in self._eval.evaluate(node, function.scope, at):
                match value:
                    case FunctionValue(inner) if inner.parent is function.scope:
                        pass
                    case LambdaValue(_, inner_scope, _) if inner_scope is function.scope:
                        pass
                    case Instance(ClassValue(cls), call, inner_scope, _) if (
                        call is not None
                        and inner_scope is function.scope
                        and self._compares_by_identity(cls)
                    ):
                        pass
                    case _:
                        return False
        return bool(returned)

    def _is_maker(self, value: Value, depth: int) -> bool:
        match value:
            case FunctionValue(function) | Method(function, _):
                return _is_undecorated(function) and self.makes_new(function, depth + 1)
            case External("functools.partial"):
                return True
        return False

    def _compares_by_identity(self, cls: Class) -> bool:
        if any(c.node.decorators or c.node.keywords for c in self._eval.mro(cls)):
            return False
        if self._eval.has_unknown_base(cls) or self._eval.find_method(cls, "__eq__") is not None:
            return False
        if self._eval.find_method(cls, "__new__") is not None:
            return False
        return self._eval.external_bases(cls) <= _PLAIN_BASES | SECURITY_SCHEMES

    def _use_of_made(self, maker: Value) -> Place | None:
        """Where a dependency is used that this function or class makes."""
        for value, use in self._used.items():
            match value, maker:
                case FunctionValue(inner), FunctionValue(function) | Method(function, _):
                    if inner.parent is function.scope:
                        return use.place
                case Instance(cls), ClassValue() if cls == maker and value.call is not None:
                    return use.place
                case Instance(ClassValue(), call, scope), (
                    FunctionValue(function) | Method(function, _)
                ) if call is not None and scope is function.scope:
                    return use.place
        return None

    def _maker(self, value: FunctionValue | ClassValue) -> Mismatch | None:
        """A key that makes dependencies where routes use what it makes."""
        if value in self._used:
            return None
        where = self._use_of_made(value)
        if where is None:
            return None
        if isinstance(value, FunctionValue):
            if self._is_passed_on(value.function, in_tests=False):
                return None
            what = f"is `{value.function.name}`, but routes depend on what it returns"
        else:
            what = f"is the class `{value.cls.name}`, but routes depend on an object of it"
        return Mismatch(what, where, "keep that in a name and use it as key")

    def _unused(self, function: Function, value: Value, override: Override) -> Mismatch | None:
        """A function that no dependency is, and that nothing hands on to make it one."""
        if not self._used or any(self._injection.function_of(v) is function for v in self._used):
            return None
        if function.module is override.module or function.parent.kind == "function":
            return None
        if function.node.decorators or self._is_passed_on(function, in_tests=True):
            return None
        namesake = next(
            (v.function for v in self._used
             if isinstance(v, FunctionValue) and v.function.name == function.name),
            None,
        )  # fmt: skip
        what = f"is `{function.qualname}`, on which nothing depends"
        if namesake is None:
            return Mismatch(what, None, "use a function that the routes depend on")
        where = Place(namesake.module, namesake.node.at)
        return Mismatch(what, where, f"use the `{function.name}` that the routes depend on")

    def _unbound(self, value: Method) -> Mismatch | None:
        """A method of a class where routes depend on the method of an object."""
        if value in self._used or not isinstance(value.owner, ClassValue):
            return None
        for used, use in self._used.items():
            if isinstance(used, Method) and used.function is value.function:
                if isinstance(used.owner, Instance):
                    name = value.function.qualname
                    what = f"is the function `{name}`, but routes depend on the method of an object"
                    return Mismatch(what, use.place, "use the method of that object as key")
                return None
        return None

    def _is_passed_on(self, function: Function, *, in_tests: bool) -> bool:
        """Whether anything but a call, a key or an import names a function."""
        key = (function, in_tests)
        if key not in self._mentioned:
            names = {function.name}
            for module in self._index.modules:
                for bindings in module.scope.bindings.values():
                    for binding in bindings:
                        source = binding.source
                        if isinstance(source, ir.Import) and source.name == function.name:
                            names.add(source.bound)
            self._mentioned[key] = any(
                self._may_be(part, scope, at, function)
                for name in names
                for part, scope, at in self._mentions(name, in_tests)
            )
        return self._mentioned[key]

    def _may_be(self, node: ir.Expr, scope: Scope, at: int, function: Function) -> bool:
        values = self._eval.evaluate(node, scope, at)
        return not all(
            isinstance(value, (FunctionValue, Method)) and value.function is not function
            for value in values
        )

    def _mentions(self, name: str, in_tests: bool) -> Iterator[_Spot]:
        keys = self._overrides.keys()
        for scope in self._index.scopes_naming(name):
            if scope.module.is_test and not in_tests:
                continue
            for node in statements(scope.body):
                for expression in expressions(node):
                    if expression is None:
                        continue
                    parts = tuple(walk(expression))
                    called = {id(part.func) for part in parts if isinstance(part, ir.Call)}
                    for part in parts:
                        is_name = isinstance(part, (ir.Name, ir.Attribute))
                        if not is_name or ir.last_name(part) != name:
                            continue
                        if id(part) not in called and id(part) not in keys:
                            yield part, scope, node.at

    def is_stub(self, function: Function) -> bool:
        """Whether a function does nothing but raise NotImplementedError, or nothing at all."""
        if function.has_decorator("abstractmethod"):
            return True
        owner = function.owner
        if owner is not None and any(
            base in ("abc.ABC", "typing.Protocol") for base in self._eval.external_bases(owner)
        ):
            return True
        return all(map(_does_nothing, function.body))

    def is_closure(self, override: Override) -> bool:
        """Whether a replacement uses what the function that stores it was given or has made, and
        runs in any case: not below an `if`."""
        if any(branch.test is not None for branch in override.holder.path_at(override.place.at)):
            return False
        names = set(override.holder.bindings)
        values = self._eval.evaluate(override.value, override.scope, override.at)
        for value in values:
            match value:
                case LambdaValue(node, scope, _) if scope is override.holder:
                    used = {part.id for part in walk(node.body) if isinstance(part, ir.Name)}
                    if not names & used:
                        return False
                case FunctionValue(function) if function.parent is override.holder:
                    parts = walk_all(function.body)
                    used = {part.id for part in parts if isinstance(part, ir.Name)}
                    if not names & used:
                        return False
                case Method(_, owner) if isinstance(owner, Instance):
                    pass
                case Argument():
                    pass
                case _:
                    return False
        return True

    # Values

    def not_callable(self, override: Override) -> str | None:
        """What the value of an override is, if it certainly cannot be called."""
        return self._not_callable(override.value, override.scope, override.at, 0)

    def _not_callable(self, node: ir.Expr, scope: Scope, at: int, depth: int) -> str | None:
        if depth > 5:
            return None
        if isinstance(node, ir.Name) and (source := _only_value(node.id, scope, at)) is not None:
            return self._not_callable(source[0], scope, source[1], depth + 1)
        if isinstance(node, ir.Call):
            return self._result(node, scope, at, depth)
        if isinstance(node, ir.Name):
            given = self._from_fixture(node, scope, at, depth)
            if given is not None:
                return given
        found = [self._data(value) for value in self._fixtures.values(node, scope, at)]
        return found[0] if found and all(found) else None

    def _from_fixture(self, node: ir.Name, scope: Scope, at: int, depth: int) -> str | None:
        for value in self._eval.evaluate(node, scope, at):
            if isinstance(value, Argument) and value.param.name == node.id:
                fixture = self._fixtures.named(node.id, scope.module)
                if fixture is None or value.function is fixture:
                    return None
                found = [
                    self._not_callable(result, fixture.scope, place, depth + 1)
                    for result, place in self._fixtures.results(fixture)
                ]
                return found[0] if found and all(found) else None
        return None

    def _result(self, call: ir.Call, scope: Scope, at: int, depth: int) -> str | None:
        callees = tuple(self._fixtures.values(call.func, scope, at))
        if len(callees) == 1:
            match callees[0]:
                case FunctionValue(function) | Method(function, _):
                    if function.node.decorators:
                        return None
                    if function.node.is_generator:
                        return "a generator"
                    if function.node.is_async:
                        return "a coroutine"
                    if not self._is_complete(function):
                        return None
                    found = [
                        self._not_callable(node, function.scope, place, depth + 1)
                        for node, place in results(function)
                    ]
                    return found[0] if found and all(found) else None
        found = [self._data(value) for value in self._eval.evaluate(call, scope, at)]
        return found[0] if found and all(found) else None

    def _is_complete(self, function: Function) -> bool:
        return any(True for _ in results(function))

    def _data(self, value: Value) -> str | None:
        match value:
            case Literal(None):
                return "`None`"
            case Literal(bool()):
                return "a boolean"
            case Literal(str()):
                return "a text"
            case Literal():
                return "a number"
            case Sequence(kind):
                return f"a {kind}"
            case Mapping():
                return "a dict"
            case Instance(External(name)) if name in (DEPENDS, SECURITY):
                return "a `Depends` object"
            case Instance(External(name)) if name in _DATA:
                return f"a `{name.rpartition('.')[2]}` object"
            case Instance(Instance(External("sqlalchemy.orm.sessionmaker"))):
                return "a session"
            case Instance(ClassValue(cls), call) if call is not None:
                return f"a `{cls.name}` object" if self._is_data(cls) else None
        return None

    def _is_data(self, cls: Class) -> bool:
        return (
            not self._eval.has_unknown_base(cls)
            and self._eval.find_method(cls, "__call__") is None
            and self._eval.find_method(cls, "__new__") is None
            and not any(c.node.keywords for c in self._eval.mro(cls))
            and self._eval.external_bases(cls) <= _DATA_BASES
        )

    # Signatures

    def signature(self, override: Override) -> Signature | None:
        """What a replacement asks of the request that what it replaces does not."""
        found = [
            self._asked(value, override)
            for value in self._fixtures.values(override.value, override.scope, override.at)
        ]
        return found[0] if found and all(found) else self._mocked(override)

    def _asked(self, value: Value, override: Override) -> Signature | None:
        match value:
            case LambdaValue(node, scope, at):
                names = self._names(node.params, None, scope, at, override)
                return Signature(names, "this lambda") if names else None
            case FunctionValue(function) | Method(function, _):
                if function.node.decorators:
                    return None
                params = function.node.params
                bound = isinstance(value, Method) and isinstance(value.owner, Instance)
                if params and is_receiver(function, params[0]) and bound:
                    params = params[1:]
                scope, at = function.parent, function.node.at
                names = self._names(params, function, scope, at, override)
                return Signature(names, f"`{function.name}`") if names else None
            case Instance(ClassValue(cls), call) if call is not None:
                method = self._eval.find_method(cls, "__call__")
                return self._asked(Method(method, value), override) if method else None
            case ClassValue(cls) if self._is_plain(cls):
                init = self._eval.find_method(cls, "__init__")
                made = Instance(value, None, None, 0)
                found = self._asked(Method(init, made), override) if init else None
                return Signature(found.names, f"the class `{cls.name}`") if found else None
            case External(name) if name in _MOCKS:
                short = name.rpartition(".")[2]
                return Signature(("kwargs" if short == "Mock" else "args",), f"`{short}`")
            case External(name) if name.partition("().")[0] in _MOCKS and "()." in name:
                return Signature(("args", "kwargs"), "an attribute of a mock")
            case Instance(External(name), call) if name in _MOCKS and call is not None:
                if any(k.name in _SPECS or k.name is None for k in call.keywords) or call.args:
                    return None
                kind = name.rpartition(".")[2]
                return Signature(("args", "kwargs"), f"a `{kind}`", is_mock=True)
        return None

    def _is_plain(self, cls: Class) -> bool:
        return not self._eval.has_unknown_base(cls) and (
            self._eval.external_bases(cls) <= _PLAIN_BASES
        )

    def _mocked(self, override: Override) -> Signature | None:
        """Mocks of pytest-mock and of `patch`."""
        node, scope, at = override.value, override.scope, override.at
        if isinstance(node, ir.Name):
            for binding in scope.bindings.get(node.id, ()):
                source = binding.source
                if binding.kind == "enter" and isinstance(source, ir.Call):
                    for value in self._eval.evaluate(source.func, scope, binding.at):
                        count = _PATCHES.get(value.name) if isinstance(value, External) else None
                        plain = not any(k.name in _SPECS or not k.name for k in source.keywords)
                        if count is not None and len(source.args) == count and plain:
                            return Signature(("args", "kwargs"), "a mock", is_mock=True)
            if (only := _only_value(node.id, scope, at)) is not None:
                node, at = only
        if isinstance(node, ir.Call) and isinstance(node.func, ir.Attribute):
            owner, name = node.func.value, node.func.attr
            if owner == ir.Name("mocker") and name in ("Mock", "MagicMock", "AsyncMock"):
                values = self._eval.evaluate(owner, scope, at)
                plain = not node.args and not any(k.name in _SPECS for k in node.keywords)
                if any(isinstance(value, Argument) for value in values) and plain:
                    return Signature(("args", "kwargs"), f"a `{name}`", is_mock=True)
        return None

    def _names(
        self,
        params: tuple[ir.Parameter, ...],
        function: Function | None,
        scope: Scope,
        at: int,
        override: Override,
    ) -> tuple[str, ...]:
        replaced = self.replaced(override)
        allowed = {
            param.name
            for original in replaced
            for param in original.node.params
            if self._injection.injected(original, param) is None
        }
        for original in replaced:
            for route in self._graph.routes_of(original):
                for path in self._graph.paths_of(route):
                    if path is None:
                        return ()
                    allowed |= set(_PLACEHOLDER.findall(path))
        names = []
        for param in params:
            if param.kind in ("*", "**"):
                names.append(param.name)
            elif param.default is None and param.name not in allowed:
                if function is not None and self._injection.injected(function, param) is not None:
                    continue
                if not self._is_from_request(param, scope, at):
                    continue
                if not replaced:
                    return ()
                names.append(param.name)
        return tuple(names)

    def _is_from_request(self, param: ir.Parameter, scope: Scope, at: int) -> bool:
        """Whether FastAPI certainly takes a parameter from the query, the body, or fails on it."""
        if param.annotation is None:
            return True
        for value in self._eval.evaluate(param.annotation, scope, at):
            if isinstance(value, Generic) and value.origin == External(ANNOTATED):
                return False
        types = self._injection.types(param.annotation, scope, at)
        return bool(types) and all(self._is_data_type(found) for found in types)

    def _is_data_type(self, found: Value) -> bool:
        match found:
            case External(name):
                return name.startswith(_QUERY_TYPES) or name in _SESSIONS
            case ClassValue(cls):
                return (
                    not self._eval.has_unknown_base(cls)
                    and self._eval.external_bases(cls) <= _DATA_BASES
                )
        return False


def _is_undecorated(function: Function) -> bool:
    """Whether nothing can cache what a function returns."""
    names = {decorator_name(decorator) for decorator in function.node.decorators}
    return names <= {"classmethod", "staticmethod"}


def _does_nothing(node: ir.Stmt) -> bool:
    match node:
        case ir.Jump("pass"):
            return True
        case ir.Expression(ir.Constant()):
            return True
        case ir.Raise(ir.Name("NotImplementedError") | ir.Call(ir.Name("NotImplementedError"))):
            return True
    return False


def _only_value(name: str, scope: Scope, at: int) -> tuple[ir.Expr, int] | None:
    """The expression that a name of this scope stands for, if it is assigned just once."""
    bindings = scope.bindings.get(name, ())
    if len(bindings) != 1 or bindings[0].kind != "value" or bindings[0].index:
        return None
    source = bindings[0].source
    if isinstance(source, (ir.Import, ir.Function, ir.Class, ir.Parameter, tuple)) or not source:
        return None
    return source, bindings[0].at


# Where overrides are made


def is_test_code(scope: Scope, application: Application) -> bool:
    """Whether code is a test or serves tests: by its folder, its name, or what it imports."""
    module = scope.module
    words = set(re.split(r"[^a-z]+", module.display.lower()))
    if module.is_test or words & _TEST_WORDS:
        return True
    owner = scope.owner
    while owner is not None:
        if set(owner.name.lower().split("_")) & _TEST_WORDS:
            return True
        owner = owner.parent.owner
    return any(
        isinstance(binding.source, ir.Import) and _is_of_tests(binding.source)
        for current in (module.scope, scope)
        for bindings in current.bindings.values()
        for binding in bindings
    )


_TEST_WORDS = frozenset({"test", "tests", "testing", "mock", "mocks", "fake", "fakes", "fixtures"})


def _is_of_tests(source: ir.Import) -> bool:
    top = source.module.partition(".")[0]
    return (
        top in ("pytest", "pytest_asyncio", "unittest", "mock", "asgi_lifespan")
        or "testclient" in source.module
        or source.name in ("ASGITransport", "TestClient")
    )


def is_composition(override: Override, application: Application) -> bool:
    """Whether a function that makes (or gets) the application binds dependencies to what it was
    given or has made: every value that it stores is a closure of that function."""
    function = override.holder.owner
    if not isinstance(function, Function) or function in application.graph.injected:
        return False
    replacing = application.replacing
    mine = [o for o in application.overrides.all if o.holder is override.holder]
    if any(replacing.is_stub(f) for other in mine for f in replacing.replaced(other)):
        return True
    return replacing.is_closure(override)
