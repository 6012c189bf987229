"""Calls of async functions that nobody awaits: what they give is a coroutine, which is always true.

Only functions of the project count, and only if everything that a call may reach is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from .. import ir
from ..walk import children, expressions, statements, walk, walk_all
from .calls import results
from .link import Application
from .names import DEPENDS, SECURITY
from .scopes import Function, Scope
from .values import Argument, FunctionValue, Method, Value

_PLAIN = frozenset({"staticmethod", "classmethod", "lru_cache", "cache", "override", "wraps"})
_MAX_DEPTH = 3


@dataclass(frozen=True)
class Lost:
    """A call whose coroutine is tested or thrown away.

    `how` is "test", "comparison", "membership" (`x in coroutine`), "statement" or "returned";
    `name` is the variable that holds it, if one does.
    """

    function: Function
    callee: Function
    at: int
    how: str
    name: str | None = None


def gives_coroutine(
    call: ir.Expr, scope: Scope, at: int, application: Application, depth: int = 0
) -> Function | None:
    """The async function whose coroutine a call certainly gives."""
    if not isinstance(call, ir.Call) or not (
        depth
        or scope.owner in _injected(application)
        or ir.last_name(call.func) in _names(application)
    ):
        return None
    found: list[Function] = []
    for value in _callees(call.func, scope, at, application):
        if not isinstance(value, (FunctionValue, Method)):
            return None
        function = _async(value.function, application, depth)
        if function is None:
            return None
        found.append(function)
    return found[0] if found else None


def _callees(node: ir.Expr, scope: Scope, at: int, application: Application) -> tuple[Value, ...]:
    """What may be called: of an object that a parameter receives, what is known of it counts."""
    view = application.program.evaluator()
    if not isinstance(node, ir.Attribute):
        return view.evaluate(node, scope, at)
    owners = [
        value
        for value in view.evaluate(node.value, scope, at)
        if not isinstance(value, Argument) and not view.instance_of(value, DEPENDS, SECURITY)
    ]
    return tuple(value for owner in owners for value in view.attribute(owner, node.attr))


def _async(function: Function, application: Application, depth: int) -> Function | None:
    """The async function whose coroutine calling a function gives: itself, or what it returns."""
    if function.node.is_generator or depth > _MAX_DEPTH:
        return None
    if any(not function.has_decorator(*_PLAIN) for _ in function.node.decorators):
        return None
    if function.node.is_async:
        return function
    ends = application.summaries.ends(function)
    given = list(results(function))
    if ends.falls or not given or len(ends.returns) != len(given):
        return None
    inner = [
        gives_coroutine(node, function.scope, at, application, depth + 1) for node, at in given
    ]
    return inner[0] if all(inner) else None


def all_lost(application: Application) -> Iterator[Lost]:
    """The coroutines that functions test, compare or throw away: those that FastAPI calls, and
    those that call an async function by its name. Tests are left out."""
    done: set[int] = set()
    for function in application.graph.injected:
        if not function.module.is_test:
            yield from _lost_in(function, None, application, done)
    names = _names(application)
    for module in application.index.modules:
        if not module.is_test:
            for function in module.functions():
                yield from _lost_in(function, names, application, done)


def _lost_in(
    function: Function, names: frozenset[str] | None, application: Application, done: set[int]
) -> Iterator[Lost]:
    if id(function) in done or (names is not None and names.isdisjoint(function.node.mentions)):
        return
    done.add(id(function))
    yield from lost(function, application)
    for inner in function.scope.functions.values():
        yield from _lost_in(inner, names, application, done)
    for cls in function.scope.classes.values():
        for method in cls.methods():
            yield from _lost_in(method, names, application, done)


@lru_cache(maxsize=1)
def _injected(application: Application) -> frozenset[Function]:
    return frozenset(application.graph.injected)


@lru_cache(maxsize=1)
def _names(application: Application) -> frozenset[str]:
    """The names of async functions, and of those that do nothing but call one at their end."""
    functions = [
        function
        for module in application.index.modules
        for function in module.functions()
        if not function.node.is_generator
    ]
    names = {function.name for function in functions if function.node.is_async}
    for function in functions:
        if not function.node.is_async and not names.isdisjoint(function.node.mentions):
            match function.body[-1]:
                case ir.Return(ir.Call(func)) if ir.last_name(func) in names:
                    names.add(function.name)
    return frozenset(names)


def lost(function: Function, application: Application) -> Iterator[Lost]:
    """The coroutines that a function tests or throws away."""
    held = _held(function, application)
    for node in statements(function.body):
        if isinstance(node, ir.Expression):
            callee = gives_coroutine(node.value, function.scope, node.at, application)
            if callee is not None:
                yield Lost(function, callee, node.at, "statement")
                continue
        for test in _tests(node):
            yield from _in_test(test, node.at, function, held, application)


def _tests(node: ir.Stmt) -> Iterator[ir.Expr]:
    """The expressions in a statement of which only the truth matters."""
    match node:
        case ir.If(branches):
            yield from (test for test, _ in branches if test is not None)
        case ir.While(test):
            yield test
        case ir.Jump("assert", _, value) if value is not None:
            yield value
    for expression in expressions(node):
        for part in walk(expression):
            match part:
                case ir.Conditional(test):
                    yield test
                case ir.Comprehension(_, _, sources):
                    for _, _, conditions in sources:
                        yield from conditions
                case ir.Operation("not", operands):
                    yield operands[0]
                case ir.Call(ir.Name("any" | "all"), (ir.Comprehension() as inner,)):
                    yield inner.element


def _in_test(
    test: ir.Expr, at: int, function: Function, held: dict[str, Function], application: Application
) -> Iterator[Lost]:
    match test:
        case ir.Operation("and" | "or" | "not", operands):
            for operand in operands:
                yield from _in_test(operand, at, function, held, application)
        case ir.Operation("==" | "!=" | "in" | "not in" as op, (left, right)):
            for operand, how in ((left, "comparison"), (right, "membership")):
                how = how if op in ("in", "not in") else "comparison"
                for found in _in_test(operand, at, function, held, application):
                    yield Lost(function, found.callee, at, how, found.name)
        case ir.Name(name) if name in held:
            yield Lost(function, held[name], at, "test", name)
        case ir.Call():
            callee = gives_coroutine(test, function.scope, at, application)
            if callee is not None:
                yield Lost(function, callee, at, "test")


def _held(function: Function, application: Application) -> dict[str, Function]:
    """The variables that hold nothing but a coroutine, which is never awaited or passed on."""
    found: dict[str, Function] = {}
    tested = {
        part.id
        for node in statements(function.body)
        for test in _tests(node)
        for part in walk(test)
        if isinstance(part, ir.Name)
    }
    for node in statements(function.body):
        if isinstance(node, ir.Assign) and node.op is None and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ir.Name) and target.id in tested and node.value is not None:
                callee = gives_coroutine(node.value, function.scope, node.at, application)
                if callee is not None and len(function.scope.bindings[target.id]) == 1:
                    found[target.id] = callee
    return {name: callee for name, callee in found.items() if not _is_passed(name, function)}


def _is_passed(name: str, function: Function) -> bool:
    """Whether a variable is awaited, or given to something that may await it."""
    for part in walk_all(function.body):
        match part:
            case ir.Await() | ir.Call() | ir.Display() | ir.Dict() | ir.Starred():
                if any(child == ir.Name(name) for child in children(part)):
                    return True
    return any(
        isinstance(part, ir.Name) and part.id == name
        for inner in function.scope.functions.values()
        for part in walk_all(inner.body)
    )
