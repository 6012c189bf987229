"""The users whom tokens name: how they are looked up, and whether anybody looks at the result."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from ... import ir
from ...walk import statements, walk, walk_all
from ..application import Place
from ..calls import results
from ..scopes import Class, Function, Scope
from ..values import UNKNOWN, ClassValue, FunctionValue, Literal, Mapping, Method
from .tested import derived, tested_names

if TYPE_CHECKING:
    from ..link import Application

_MAYBE = frozenset(
    {"first", "scalar", "scalar_one_or_none", "one_or_none", "get_or_none", "find_one"}
    | {"first_or_none", "find_one_or_none"}
)
_SESSIONS = ("sqlalchemy.orm.Session", "sqlalchemy.ext.asyncio.AsyncSession")
_FLAGS = ("is_active", "disabled", "is_disabled", "is_blocked", "is_banned")
_MAX_DEPTH = 3


class Lookup(msgspec.Struct, frozen=True):
    """Where a dependency gives back what it looked up: the `return` at `at`."""

    provider: Function
    at: int


class TokenUsers:
    """Answers what dependencies that read tokens do with the users."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._eval = application.program.evaluator()

    @cached_property
    def readers(self) -> frozenset[Function]:
        """The functions that read tokens, or the claims of one."""
        return frozenset(self._application.tokens.readers)

    def unchecked(self, provider: Function) -> Lookup | None:
        """A lookup by the claims of a token whose result is given back and tested nowhere."""
        known = self._claimed(provider)
        tested = tested_names(provider)
        if not known or self._is_tested_by_users(provider):
            return None
        for value, at in results(provider):
            for made, place in self._made(value, provider, tested, at):
                names = {part.id for part in walk(made) if isinstance(part, ir.Name)}
                if names & known and self._may_be_none(made, provider.scope, place, 0):
                    return Lookup(provider, at)
        return None

    def _claimed(self, function: Function) -> frozenset[str]:
        """The names that hold claims of a token, or something made of them."""
        injection = self._application.injection
        reads = frozenset(
            id(part)
            for part in walk_all(function.body)
            if isinstance(part, ir.Call) and self._reads_token(part, function)
        )
        first = frozenset(
            param.name
            for param, dependency in injection.parameters(function)
            for value in dependency.callables
            if injection.function_of(value) in self.readers
        )
        return derived(function, first, reads)

    def _reads_token(self, call: ir.Call, function: Function) -> bool:
        found = self._application.tokens.of(call)
        if found is not None:
            return found.operation in ("decode", "claims")
        values = self._eval.evaluate(call.func, function.scope, call.at)
        return any(
            isinstance(value, (FunctionValue, Method)) and value.function in self.readers
            for value in values
        )

    def _made(
        self, value: ir.Expr, function: Function, tested: frozenset[str], at: int
    ) -> Iterator[tuple[ir.Expr, int]]:
        """The calls whose result a returned expression is, if nothing tests it."""
        match value:
            case ir.Await(inner):
                yield from self._made(inner, function, tested, at)
            case ir.Call():
                yield value, at
            case ir.Name(name) if name not in tested:
                for node in statements(function.body):
                    if isinstance(node, ir.Assign) and value in node.targets:
                        made = node.value.value if isinstance(node.value, ir.Await) else node.value
                        if isinstance(made, ir.Call):
                            yield made, node.at

    def _may_be_none(self, call: ir.Expr, scope: Scope, at: int, depth: int) -> bool:
        """Whether a lookup is known to give `None` where nothing is found."""
        if not isinstance(call, ir.Call) or depth > _MAX_DEPTH:
            return False
        for callee in self._eval.evaluate(call.func, scope, at):
            if isinstance(callee, (FunctionValue, Method)):
                return self._gives_none(callee.function, depth + 1)
        name = ir.last_name(call.func)
        if not isinstance(call.func, ir.Attribute):
            return False
        if name == "get":
            owners = self._eval.evaluate(call.func.value, scope, at)
            count = len(call.args) + len(call.keywords)
            if any(isinstance(owner, Mapping) for owner in owners):
                return count == 1
            return count >= 2 and self._is_session(call.func.value, scope, at)
        return name in _MAYBE

    def _is_session(self, node: ir.Expr, scope: Scope, at: int) -> bool:
        """Whether an expression is a session of SQLAlchemy, by value or by annotation."""
        if any(self._eval.instance_of(v, *_SESSIONS) for v in self._eval.evaluate(node, scope, at)):
            return True
        function = scope.owner
        if not isinstance(node, ir.Name) or not isinstance(function, Function):
            return False
        param = function.parameter(node.id)
        types = self._application.injection.types(
            param.annotation if param is not None else None, function.parent, function.node.at
        )
        return any(self._eval.is_a(cls, *_SESSIONS) for cls in types)

    def _gives_none(self, function: Function, depth: int) -> bool:
        returns = function.node.returns
        if returns is not None and any(_is_none(part) for part in walk(returns)):
            return True
        found = tuple(results(function))
        if found and self._application.summaries.ends(function).falls:
            return True
        tested = tested_names(function)
        return any(
            _is_none(value)
            or any(
                self._may_be_none(made, function.scope, place, depth)
                for made, place in self._made(value, function, tested, at)
            )
            for value, at in found
        )

    def _is_tested_by_users(self, provider: Function) -> bool:
        return any(
            use.function is not None
            and use.param is not None
            and use.param.name in tested_names(use.function)
            for use in self._application.graph.uses_of(provider)
        )

    # Inactive accounts

    def ignored_flag(self, provider: Function) -> tuple[str, Place] | None:
        """The field of the user's model that says who is locked out, if nothing on the way reads
        it."""
        if not self._claimed(provider) or _passes_on(provider):
            return None
        values = self._application.injection.types(
            provider.node.returns, provider.parent, provider.node.at
        )
        classes = [value.cls for value in values if isinstance(value, ClassValue)]
        if len(classes) != 1:
            return None
        flag = self._flag(classes[0])
        chain = self._chain(provider) if flag is not None else None
        if flag is None or chain is None:
            return None
        name, place = flag
        if any(_mentions(function, name) for function in chain):
            return None
        return name, place

    def _flag(self, cls: Class) -> tuple[str, Place] | None:
        for current in self._eval.mro(cls):
            for node in current.node.body:
                if isinstance(node, ir.Assign):
                    for target in node.targets:
                        if isinstance(target, ir.Name) and target.id in _FLAGS:
                            return target.id, Place(current.module, node.at)
        return None

    def _chain(self, provider: Function) -> frozenset[Function] | None:
        """What runs before an endpoint that has the user, the endpoints included; `None` if some
        of it is not known."""
        graph = self._application.graph
        routes = graph.routes_of(provider)
        if not routes:
            return None
        found = {provider}
        for route in routes:
            if route.endpoint is None:
                return None
            found.add(route.endpoint)
            found.update(step.function for step in graph.steps(route) if step.function)
        queue = [(function, 0) for function in tuple(found)]
        while queue:
            function, depth = queue.pop()
            for part in walk_all(function.body):
                if not isinstance(part, ir.Call):
                    continue
                for callee in self._eval.evaluate(part.func, function.scope, part.at):
                    if isinstance(callee, (FunctionValue, Method)):
                        if callee.function not in found and depth < _MAX_DEPTH:
                            found.add(callee.function)
                            queue.append((callee.function, depth + 1))
                    elif (
                        callee == UNKNOWN
                        and function is provider
                        and self._is_unknown(part, function)
                    ):
                        return None
        return frozenset(found)

    def _is_unknown(self, call: ir.Call, function: Function) -> bool:
        """Whether a call may run code of the project that was not found."""
        if not isinstance(call.func, ir.Attribute):
            return True
        owners = self._eval.evaluate(call.func.value, function.scope, call.at)
        if self._is_session(call.func.value, function.scope, call.at):
            return False
        return not all(isinstance(owner, (Mapping, Literal)) for owner in owners)


def _passes_on(provider: Function) -> bool:
    """Whether a function gives back one of its parameters."""
    names = {param.name for param in provider.node.params}
    return any(isinstance(value, ir.Name) and value.id in names for value, _ in results(provider))


def _is_none(node: ir.Expr) -> bool:
    return ir.is_none(node) or ir.last_name(node) == "Optional"


def _mentions(function: Function, name: str) -> bool:
    return any(
        (isinstance(part, ir.Attribute) and part.attr == name)
        or (isinstance(part, ir.Constant) and part.value == name)
        or (isinstance(part, ir.Call) and any(k.name == name for k in part.keywords))
        for part in walk_all(function.body)
    )
