"""What tests do to an application: the dependencies that they override, and their fixtures."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property

import msgspec

from ... import ir
from ...walk import own_parts, statements, walk
from ..application import Place
from ..calls import keyword, results, yields
from ..evaluate import Evaluator
from ..index import Index
from ..names import FASTAPI
from ..program import Program
from ..scopes import Class, Function, Module, Scope, decorator_name
from ..values import Argument, FunctionValue, Instance, Mapping, Value

TEST_CLIENT = "starlette.testclient.TestClient"
_NAME = "dependency_overrides"
_REMOVES = ("clear", "pop", "popitem")
_SETUPS = frozenset(
    {
        "setUp", "tearDown", "asyncSetUp", "asyncTearDown", "setUpClass", "tearDownClass",
        "setup_method", "teardown_method", "setup_class", "teardown_class", "setup_function",
        "teardown_function", "setup_module", "teardown_module", "setUpModule", "tearDownModule",
        "setup", "teardown",
    }
)  # fmt: skip


class Override(msgspec.Struct, frozen=True, eq=False):
    """One entry that is put into `dependency_overrides`: `app` is the expression before it, and
    `restored` tells that something takes it out again (`monkeypatch.setitem`, `patch.dict`)."""

    app: ir.Expr
    key: ir.Expr
    value: ir.Expr
    scope: Scope
    at: int
    holder: Scope
    place: Place
    restored: bool

    @property
    def module(self) -> Module:
        return self.place.module


class Overrides:
    """Finds what is put into the `dependency_overrides` of applications, and what is taken out."""

    def __init__(self, program: Program, index: Index, fixtures: Fixtures) -> None:
        self._eval = program.evaluator()
        self._index = index
        self._fixtures = fixtures
        self._removing: dict[int, bool] = {}

    @cached_property
    def all(self) -> tuple[Override, ...]:
        """Every override, in the order of the files."""
        return tuple(
            override
            for scope in self._index.scopes_naming(_NAME)
            for node in statements(scope.body)
            for override in self._of(node, scope)
        )

    def _of(self, node: ir.Stmt, scope: Scope) -> Iterator[Override]:
        if isinstance(node, ir.Assign) and node.value is not None:
            for target in node.targets:
                yield from self._stored(target, node.value, scope, node.at)
        for part in own_parts(node):
            if isinstance(part, ir.Call):
                yield from self._called(part, scope, node.at)

    def _stored(self, target: ir.Expr, value: ir.Expr, scope: Scope, at: int) -> Iterator[Override]:
        if isinstance(target, ir.Subscript) and len(target.index) == 1:
            app = self._app(target.value, scope)
            if app is not None:
                place = Place(scope.module, at)
                yield Override(app, target.index[0], value, scope, at, scope, place, False)
        elif isinstance(target, ir.Attribute) and target.attr == _NAME:
            yield from self._table(target.value, value, scope, at, False)

    def _called(self, call: ir.Call, scope: Scope, at: int) -> Iterator[Override]:
        func, args = call.func, call.args
        if not isinstance(func, ir.Attribute):
            return
        own = self._app(func.value, scope)
        if own is not None:
            if func.attr == "update" and args:
                yield from self._table(own, args[0], scope, at, False)
            elif func.attr in ("setdefault", "__setitem__") and len(args) == 2:
                place = Place(scope.module, at)
                yield Override(own, args[0], args[1], scope, at, scope, place, False)
            return
        app = self._app(args[0], scope) if args else None
        if app is not None and func.attr == "setitem" and len(args) == 3:
            place = Place(scope.module, at)
            yield Override(app, args[1], args[2], scope, at, scope, place, True)
        elif app is not None and func.attr == "dict" and len(args) > 1:
            yield from self._table(app, args[1], scope, at, True)

    def _table(
        self, app: ir.Expr, table: ir.Expr, scope: Scope, at: int, restored: bool
    ) -> Iterator[Override]:
        for found in self._eval.evaluate(table, scope, at):
            if isinstance(found, Mapping):
                for key, value in found.node.items:
                    if key is not None:
                        place = Place(scope.module, at)
                        yield Override(
                            app, key, value, found.scope, found.at, scope, place, restored
                        )

    def _app(self, node: ir.Expr, scope: Scope) -> ir.Expr | None:
        """The application in `app.dependency_overrides`, or behind a name for that."""
        if isinstance(node, ir.Attribute) and node.attr == _NAME:
            return node.value
        if isinstance(node, ir.Name):
            for binding in scope.bindings.get(node.id, ()):
                source = binding.source
                if isinstance(source, ir.Attribute) and source.attr == _NAME:
                    return source.value
        return None

    def keys(self) -> frozenset[int]:
        """The identities of the expressions that are keys."""
        return frozenset(id(override.key) for override in self.all)

    def apps(self, override: Override) -> tuple[Instance, ...]:
        """The applications that an override changes, as far as they can be told."""
        values = self._fixtures.values(override.app, override.holder, override.place.at)
        return tuple(
            value
            for value in values
            if isinstance(value, Instance) and self._eval.is_a(value.cls, FASTAPI)
        )

    def removes(self, function: Function) -> bool:
        """Whether a function takes overrides out, by itself or through what it calls."""
        return self._removes(function, 0)

    def _removes(self, function: Function, depth: int) -> bool:
        known = self._removing.get(id(function))
        if known is None:
            self._removing[id(function)] = False
            known = self._removing[id(function)] = self._find_removal(function, depth)
        return known

    def _find_removal(self, function: Function, depth: int) -> bool:
        scope = function.scope
        for node in statements(scope.body):
            if self.takes_out(node, scope):
                return True
            if isinstance(node, ir.Function) and self._removes(scope.functions[node.at], depth):
                return True
            if depth > 3:
                continue
            for part in own_parts(node):
                if isinstance(part, ir.Call) and any(
                    self._removes(callee, depth + 1)
                    for callee in self._run_by(part, scope, node.at)
                ):
                    return True
        return False

    def _run_by(self, call: ir.Call, scope: Scope, at: int) -> Iterator[Function]:
        for value in self._fixtures.values(call.func, scope, at):
            if (function := getattr(value, "function", None)) is not None:
                if isinstance(function, Function) and not isinstance(value, Argument):
                    yield function
            elif isinstance(cls := getattr(value, "cls", None), Class):
                for name in ("__enter__", "__exit__", "__aenter__", "__aexit__"):
                    if (method := self._eval.find_method(cls, name)) is not None:
                        yield method

    def takes_out(self, node: ir.Stmt, scope: Scope) -> bool:
        """Whether a statement itself takes overrides out, or replaces all of them."""
        if isinstance(node, ir.Delete):
            return any(
                isinstance(target, ir.Subscript) and self._app(target.value, scope) is not None
                for target in node.targets
            )
        if isinstance(node, ir.Assign):
            for target in node.targets:
                if isinstance(target, ir.Attribute) and target.attr == _NAME:
                    values = self._eval.evaluate(node.value, scope, node.at)
                    if not all(isinstance(v, Mapping) and v.node.items for v in values):
                        return True
        return any(self._is_removal(part, scope) for part in own_parts(node))

    def _is_removal(self, node: ir.Expr, scope: Scope) -> bool:
        """`x.dependency_overrides.clear`, called or handed to a finalizer; or what restores all:
        `patch.dict(x.dependency_overrides)`, `setattr(x, ...)`."""
        if isinstance(node, ir.Call) and node.args:
            name = ir.last_name(node.func)
            if name == "dict" and isinstance(node.func, ir.Attribute):
                return self._app(node.args[0], scope) is not None
            return name == "setattr" and ir.Constant(_NAME, "str") in node.args
        return (
            isinstance(node, ir.Attribute)
            and node.attr in _REMOVES
            and self._app(node.value, scope) is not None
        )


class Fixtures:
    """The fixtures of pytest: what a parameter of a test or of another fixture stands for."""

    def __init__(self, program: Program, index: Index) -> None:
        self._program = program
        self._eval: Evaluator = program.evaluator()
        self._index = index

    def modules(self, module: Module) -> Iterator[Module]:
        """The module, and the `conftest.py` files that it sees, nearest first."""
        yield module
        folder = os.path.dirname(module.path)
        while True:
            found = self._program.module(os.path.join(folder, "conftest.py"))
            if found is not None and found is not module:
                yield found
            parent = os.path.dirname(folder)
            if parent == folder:
                return
            folder = parent

    def named(self, name: str, module: Module) -> Function | None:
        """The fixture of that name that a module sees, also one that it imports."""
        for place in self.modules(module):
            for function in place.functions():
                if is_fixture(function) and _fixture_name(function) == name:
                    return function
            if name in place.scope.bindings:
                for value in self._eval.lookup(name, place.scope, 1 << 60):
                    if isinstance(value, FunctionValue) and is_fixture(value.function):
                        return value.function
        return None

    def is_test(self, function: Function) -> bool:
        """Whether pytest or unittest runs a function as a test."""
        return function.module.is_test and function.name.startswith("test")

    def around(self, function: Function) -> tuple[Function, ...]:
        """What runs around a test or fixture: the fixtures that it asks for, directly or not, those
        that are used for all, and the set-up and tear-down functions of its class and module."""
        found: dict[Function, None] = {}
        queue = [*self._asked(function), *self._automatic(function)]
        while queue:
            current = queue.pop()
            if current not in found:
                found[current] = None
                queue.extend(self._asked(current))
        return tuple(found)

    def _asked(self, function: Function) -> Iterator[Function]:
        names = [param.name for param in function.node.params]
        owner: Function | Class | None = function
        while owner is not None:
            for decorator in owner.node.decorators:
                names.extend(_used(decorator.value))
            parent = owner.parent.owner
            owner = parent if isinstance(parent, Class) else None
        for node in function.module.scope.body:
            if isinstance(node, ir.Assign) and node.targets == (ir.Name("pytestmark"),):
                for part in walk(node.value):
                    names.extend(_used(part))
        for name in dict.fromkeys(names):
            found = self.named(name, function.module)
            if found is not None and found is not function:
                yield found

    def _automatic(self, function: Function) -> Iterator[Function]:
        for module in self.modules(function.module):
            for other in module.functions():
                visible = other.owner is None or (
                    function.owner is not None and other.owner in self._eval.mro(function.owner)
                )
                if other is not function and visible and _is_automatic(other):
                    yield other
        for cls in self._eval.mro(function.owner) if function.owner is not None else ():
            yield from (m for m in cls.methods() if m.name in _SETUPS and m is not function)

    def users(self, fixture: Function) -> Iterator[Function]:
        """The tests and fixtures that ask for a fixture, directly or not."""
        for function in self._index.functions:
            if not (self.is_test(function) or is_fixture(function)) or function is fixture:
                continue
            if fixture in self.around(function):
                yield function

    def values(self, node: ir.Expr, scope: Scope, at: int) -> Iterator[Value]:
        """The values of an expression in a test, through fixtures and `client.app`."""
        if isinstance(node, ir.Attribute) and node.attr == "app":
            for client in self.values(node.value, scope, at):
                if self._eval.instance_of(client, TEST_CLIENT) and isinstance(client, Instance):
                    yield from self.client_app(client)
                    return
        for value in self._eval.evaluate(node, scope, at):
            fixture = self._fixture_of(value)
            if fixture is None:
                yield value
            else:
                yield from self.given(fixture, 0)

    def _fixture_of(self, value: Value) -> Function | None:
        if not isinstance(value, Argument):
            return None
        function = value.function
        if self.is_test(function) or is_fixture(function):
            found = self.named(value.param.name, function.module)
            return found if found is not function else None
        return None

    def given(self, fixture: Function, depth: int = 0) -> Iterator[Value]:
        """What a fixture gives."""
        for node, at in self.results(fixture):
            for value in self._eval.evaluate(node, fixture.scope, at):
                inner = self._fixture_of(value)
                if inner is not None and inner is not fixture and depth < 6:
                    yield from self.given(inner, depth + 1)
                else:
                    yield value

    def results(self, fixture: Function) -> Iterator[tuple[ir.Expr, int]]:
        """The expressions that a fixture returns or yields."""
        yield from results(fixture)
        for node, at in yields(fixture):
            if node.value is not None:
                yield node.value, at

    def client_app(self, client: Instance) -> Iterator[Value]:
        """The application of a test client."""
        call, scope = client.call, client.scope
        if call is None or scope is None:
            return
        given = call.args[0] if call.args else keyword(call, "app")
        if given is not None:
            yield from self.values(given, scope, client.at)


def is_fixture(function: Function) -> bool:
    """Whether a function is a fixture of pytest."""
    return function.has_decorator("fixture")


def fixture_option(function: Function, name: str) -> str | bool | None:
    """A constant argument of a fixture's decorator."""
    for decorator in function.node.decorators:
        if decorator_name(decorator) == "fixture" and isinstance(decorator.value, ir.Call):
            given = keyword(decorator.value, name)
            if isinstance(given, ir.Constant) and isinstance(given.value, (str, bool)):
                return given.value
    return None


def _fixture_name(function: Function) -> str:
    name = fixture_option(function, "name")
    return name if isinstance(name, str) else function.name


def _is_automatic(function: Function) -> bool:
    if function.owner is None and function.name.startswith("pytest_"):
        return True
    if is_fixture(function):
        return fixture_option(function, "autouse") is True
    return function.owner is None and function.name in _SETUPS


def _used(node: ir.Expr) -> Iterator[str]:
    """The names in `pytest.mark.usefixtures(...)`."""
    if isinstance(node, ir.Call) and ir.last_name(node.func) == "usefixtures":
        for arg in node.args:
            if isinstance(arg, ir.Constant) and isinstance(arg.value, str):
                yield arg.value
