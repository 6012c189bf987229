"""Whether code takes a `Depends(...)` object for what the dependency gives."""

from __future__ import annotations

import enum
from collections.abc import Iterator

from ... import ir
from ...walk import children, expressions, statement_at, statements, walk
from ..calls import argument_for, has_unpacking
from ..evaluate import Evaluator
from ..link import Application
from ..program import Site
from ..scopes import Function
from ..values import ClassValue, FunctionValue, Method

_READERS = frozenset({"bool", "str", "int", "float", "len", "repr", "print", "dict"})
"""Functions that are given values, not markers."""

_FIELDS = frozenset({"dependency", "use_cache", "scope", "scopes"})
_TRUTH = frozenset({"is", "is not", "not", "or", "and"})
_MAX_DEPTH = 3


class _Use(enum.Enum):
    """How code uses what it holds: as what a dependency gives, as a marker, or nobody can tell."""

    VALUE = enum.auto()
    MARKER = enum.auto()
    OPEN = enum.auto()


def is_taken_for_value(site: Site, function: Function, application: Application) -> bool:
    """Whether a marker that is made in a function's body is meant to be what its dependency
    gives: it is never handed to something that may know markers."""
    return _Reading(application).is_value(site.call, function, site.at)


class _Reading:
    def __init__(self, application: Application) -> None:
        self._view: Evaluator = application.program.evaluator()
        self._injected = frozenset(application.graph.injected)

    def is_value(self, marker: ir.Call, function: Function, at: int) -> bool:
        node = statement_at(function.body, at)
        match node:
            case ir.Expression(value) if value is marker:
                return True
            case ir.Assign((target,), value, _, None) if value is not None and _may_be(
                value, marker
            ):
                return self._is_held(target, function, at, is_certain=value is marker)
            case ir.Assign(_, ir.Await(value)) if value is marker:
                return True
            case ir.With(items):
                return any(item is marker for item, _ in items)
            case ir.For(_, iterated) if iterated is marker:
                return True
        if node is None or isinstance(node, (ir.Function, ir.Class)):
            return False
        found = [
            use
            for top in expressions(node)
            for part in walk(top)
            if any(child is marker for child in children(part))
            and isinstance(part, (ir.Attribute, ir.Subscript, ir.Await, ir.Call))
            for use in self._in_part(part, marker, function, at, 0)
        ]
        return _Use.VALUE in found and _Use.MARKER not in found

    def _is_held(self, target: ir.Expr, function: Function, at: int, *, is_certain: bool) -> bool:
        """Whether what holds a marker is used as if it held what the dependency gives."""
        found = list(self._uses(target, function, 0, after=at))
        if not found and is_certain and isinstance(target, ir.Name):
            return function in self._injected  # a guard, where others may hold a leftover
        return _Use.VALUE in found and _Use.MARKER not in found

    def _uses(
        self, held: ir.Expr, function: Function, depth: int, *, after: int = -1
    ) -> Iterator[_Use]:
        """How a variable, or an attribute of the object, is used after a statement."""
        if depth > _MAX_DEPTH:
            return
        if isinstance(held, ir.Attribute):
            yield from self._uses_of_attribute(held, function, depth)
        elif isinstance(held, ir.Name):
            yield from self._uses_in(held, function, depth, after)

    def _uses_of_attribute(
        self, held: ir.Attribute, function: Function, depth: int
    ) -> Iterator[_Use]:
        owner = function.owner
        if owner is None or held.value != _receiver(function):
            yield _Use.OPEN
            return
        for method in owner.methods():
            receiver = _receiver(method)
            if receiver is not None:
                own = ir.Attribute(receiver, held.attr)
                yield from self._uses_in(own, method, depth, after=-1)

    def _uses_in(self, held: ir.Expr, function: Function, depth: int, after: int) -> Iterator[_Use]:
        for node in statements(function.body):
            if node.at <= after:
                continue
            for top in expressions(node):
                if top == held:
                    yield from self._in_statement(node, held, function, depth)
                for part in walk(top):
                    if held in children(part):
                        if isinstance(node, (ir.Function, ir.Class)):
                            yield _Use.MARKER
                        else:
                            yield from self._in_part(part, held, function, node.at, depth)
        for inner in function.scope.functions.values():
            if not isinstance(held, ir.Name) or held.id not in inner.scope.bindings:
                yield from self._uses_in(held, inner, depth, after=-1)

    def _in_statement(
        self, node: ir.Stmt, held: ir.Expr, function: Function, depth: int
    ) -> Iterator[_Use]:
        match node:
            case ir.Function() | ir.Class():
                yield _Use.MARKER
            case ir.Return():
                yield _Use.VALUE if function in self._injected else _Use.MARKER
            case ir.Assign((target,), value) if value == held and target != held:
                yield _Use.OPEN
                yield from self._uses(target, function, depth + 1, after=node.at)
            case ir.Assign():
                pass
            case ir.For() | ir.With() | ir.If() | ir.While() | ir.Raise():
                yield _Use.VALUE if depth == 0 else _Use.OPEN
            case _:
                yield _Use.OPEN

    def _in_part(
        self, part: ir.Expr, held: ir.Expr, function: Function, at: int, depth: int
    ) -> Iterator[_Use]:
        match part:
            case ir.Attribute(_, name):
                yield _Use.MARKER if name in _FIELDS else _Use.VALUE
            case ir.Operation(op) if depth and op in _TRUTH:
                yield _Use.OPEN
            case ir.Subscript(value) if value != held:
                yield _Use.OPEN
            case ir.Subscript() | ir.Await() | ir.Operation() | ir.Format() | ir.Dict():
                yield _Use.VALUE
            case ir.Call(func) if func == held or ir.last_name(func) in _READERS:
                yield _Use.VALUE
            case ir.Call():
                yield from self._given(part, held, function, at, depth)
            case _:
                yield _Use.OPEN

    def _given(
        self, call: ir.Call, held: ir.Expr, function: Function, at: int, depth: int
    ) -> Iterator[_Use]:
        """What a function of the project does with what a call gives it."""
        callees = [self._function(v) for v in self._view.evaluate(call.func, function.scope, at)]
        for callee in callees:
            if callee is None or has_unpacking(call) or callee.node.decorators:
                yield _Use.OPEN
                continue
            yield _Use.OPEN
            for param in callee.node.params:
                if argument_for(callee, param, call) == held:
                    yield from self._uses(ir.Name(param.name), callee, depth + 1)

    def _function(self, value: object) -> Function | None:
        match value:
            case FunctionValue(function) | Method(function, _):
                return function
            case ClassValue(cls) if not cls.node.decorators:
                return self._view.find_method(cls, "__init__")
        return None


def _may_be(value: ir.Expr, marker: ir.Call) -> bool:
    """Whether an expression is a marker, perhaps only where something else is missing."""
    match value:
        case ir.Operation("or", operands):
            return any(operand is marker for operand in operands)
        case ir.Conditional(_, body, orelse):
            return body is marker or orelse is marker
    return value is marker


def _receiver(function: Function) -> ir.Name | None:
    """The `self` of a method."""
    params = function.node.params
    if function.owner is None or not params or function.has_decorator("staticmethod"):
        return None
    return ir.Name(params[0].name)
