"""Overrides that outlive their test: whether anything takes them out of an application again."""

from __future__ import annotations

from functools import cached_property

from ... import ir
from ..calls import keyword
from ..index import Index
from ..program import Program
from ..scopes import Binding, Function, Scope
from ..values import Instance, ModuleValue
from .testing import TEST_CLIENT, Fixtures, Override, Overrides, fixture_option, is_fixture

_SET_UP = frozenset(
    {
        "setUp", "asyncSetUp", "setUpClass", "setUpModule",
        "setup_method", "setup_function", "setup_class", "setup_module",
    }
)  # fmt: skip
_MAX_DEPTH = 6


class Leaks:
    """Answers whether an override that a test or fixture makes stays when it is over."""

    def __init__(
        self, program: Program, index: Index, fixtures: Fixtures, overrides: Overrides
    ) -> None:
        self._eval = program.evaluator()
        self._index = index
        self._fixtures = fixtures
        self._overrides = overrides

    @cached_property
    def all(self) -> tuple[tuple[Function, tuple[Override, ...]], ...]:
        """The tests and fixtures that leave overrides behind, with these."""
        found: dict[Function, list[Override]] = {}
        for override in self._overrides.all:
            function = override.holder.owner
            if isinstance(function, Function) and not override.restored:
                found.setdefault(function, []).append(override)
        return tuple(
            (function, tuple(overrides))
            for function, overrides in found.items()
            if self._leaves(function, overrides)
        )

    def _leaves(self, function: Function, overrides: list[Override]) -> bool:
        if not function.module.is_test or isinstance(function.parent.owner, Function):
            return False
        if is_fixture(function):
            if not _is_short_lived(function) or fixture_option(function, "autouse") is True:
                return False
        elif not (self._fixtures.is_test(function) or function.name in _SET_UP):
            return False
        shared = [self.is_shared(o.app, o.holder, o.place.at, 0) for o in overrides]
        if not all(shared) or self._overrides.removes(function):
            return False
        if any(map(self._overrides.removes, self._fixtures.around(function))):
            return False
        return not is_fixture(function) or not any(
            self._overrides.removes(other)
            for user in self._fixtures.users(function)
            for other in (user, *self._fixtures.around(user))
        )

    def is_shared(self, node: ir.Expr, scope: Scope, at: int, depth: int) -> bool:
        """Whether an expression certainly is an application that is made once, for all tests."""
        if depth > _MAX_DEPTH:
            return False
        match node:
            case ir.Name(name):
                current: Scope | None = scope
                while current is not None and name not in current.bindings:
                    current = current.parent
                if current is None:
                    return False
                bindings = current.reaching(name, at if current is scope else 1 << 60)
                return bool(bindings) and all(
                    self._is_shared_binding(binding, current, depth) for binding in bindings
                )
            case ir.Attribute(ir.Name("self" | "cls"), attribute):
                return self._is_shared_member(attribute, scope, depth)
            case ir.Attribute(value, "app"):
                values = tuple(self._fixtures.values(value, scope, at))
                return bool(values) and all(
                    isinstance(found, ModuleValue)
                    or (isinstance(found, Instance) and self._is_client_of_shared(found, depth))
                    for found in values
                )
            case ir.Attribute(value):
                values = tuple(self._eval.evaluate(value, scope, at))
                return bool(values) and all(isinstance(found, ModuleValue) for found in values)
        return False

    def _is_shared_binding(self, binding: Binding, scope: Scope, depth: int) -> bool:
        source = binding.source
        if binding.kind == "import":
            return True
        if scope.kind == "module":
            return binding.kind == "value"
        if binding.kind == "parameter" and isinstance(scope.owner, Function):
            assert isinstance(source, ir.Parameter)
            fixture = self._fixtures.named(source.name, scope.module)
            if fixture is None or fixture is scope.owner:
                return False
            found = tuple(self._fixtures.results(fixture))
            return bool(found) and (
                not _is_short_lived(fixture)
                or all(self.is_shared(node, fixture.scope, at, depth + 1) for node, at in found)
            )
        if binding.kind == "value" and isinstance(source, (ir.Name, ir.Attribute)):
            return self.is_shared(source, scope, binding.at, depth + 1)
        return False

    def _is_shared_member(self, attribute: str, scope: Scope, depth: int) -> bool:
        function = scope.owner
        if not isinstance(function, Function) or function.owner is None:
            return False
        found = [
            self.is_shared(value, method.scope, at, depth + 1)
            for cls in self._eval.mro(function.owner)
            for method in cls.methods()
            for value, at in method.self_assignments.get(attribute, ())
        ]
        return bool(found) and all(found)

    def _is_client_of_shared(self, client: Instance, depth: int) -> bool:
        if not self._eval.instance_of(client, TEST_CLIENT) or client.call is None:
            return False
        given = client.call.args[0] if client.call.args else keyword(client.call, "app")
        if given is None or client.scope is None:
            return False
        return self.is_shared(given, client.scope, client.at, depth + 1)


def _is_short_lived(fixture: Function) -> bool:
    """Whether a fixture is made anew for each test."""
    for decorator in fixture.node.decorators:
        if isinstance(decorator.value, ir.Call) and any(
            k.name == "scope" or k.name is None for k in decorator.value.keywords
        ):
            return fixture_option(fixture, "scope") == "function"
    return True
