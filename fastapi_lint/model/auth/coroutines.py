"""Calls of async functions that nobody awaits: what they give is a coroutine, which is always true.

Only functions of the project count, and only if everything that a call may reach is one.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from ... import ir
from ...walk import children, own_parts, statements, walk_all
from ..calls import results
from ..evaluate import Evaluator, Reach
from ..link import Application
from ..names import DEPENDS, SECURITY
from ..scopes import Function, Scope
from ..values import Argument, FunctionValue, Method, Value

_PLAIN = frozenset({"staticmethod", "classmethod", "lru_cache", "cache", "override", "wraps"})
_MAX_DEPTH = 3


class Lost(msgspec.Struct, frozen=True):
    """A call whose coroutine is tested or thrown away.

    `how` is "test", "comparison", "membership" (`x in coroutine`), "statement" or "returned";
    `name` is the variable that holds it, if one does. `call` is the ordinal of the call itself.
    """

    function: Function
    callee: Function
    at: int
    how: str
    call: int
    name: str | None = None


def gives_coroutine(
    call: ir.Expr,
    scope: Scope,
    at: int,
    application: Application,
    depth: int = 0,
    *,
    near: bool = False,
) -> Function | None:
    """The async function whose coroutine a call certainly gives; if `near`, without reading
    modules that have nothing to do with the framework."""
    if not isinstance(call, ir.Call) or not _may_be_async(call, application):
        return None
    found: list[Function] = []
    for value in _callees(call.func, scope, at, application, near=near):
        if not isinstance(value, (FunctionValue, Method)):
            return None
        function = _async(value.function, application, depth)
        if function is None:
            return None
        found.append(function)
    return found[0] if found else None


def _may_be_async(call: ir.Call, application: Application) -> bool:
    """Whether a function with the name that is called is asynchronous, or gives what one gives."""
    return ir.last_name(call.func) in application.program.async_names


def _callees(
    node: ir.Expr, scope: Scope, at: int, application: Application, *, near: bool = False
) -> tuple[Value, ...]:
    """What may be called: of an object that a parameter receives, what is known of it counts."""
    view = application.program.evaluator(reach=Reach.NEAR if near else Reach.ALL)
    if not isinstance(node, ir.Attribute):
        return view.evaluate(node, scope, at)
    return tuple(_attributes(node, scope, at, view))


def _attributes(node: ir.Attribute, scope: Scope, at: int, view: Evaluator) -> Iterator[Value]:
    if isinstance(node.value, ir.Attribute):
        owners = tuple(_attributes(node.value, scope, at, view))
    else:
        owners = view.evaluate(node.value, scope, at)
    for owner in owners:
        if not isinstance(owner, Argument) and not view.instance_of(owner, DEPENDS, SECURITY):
            yield from view.attribute(owner, node.attr)


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
    """The coroutines that are tested, compared or thrown away by what FastAPI calls, and by the
    functions that its dependencies call. Tests are left out."""
    queue = [*application.graph.injected]
    queue.extend(
        function
        for provider in application.graph.providers
        for function in _called(provider, application)
    )
    for function in dict.fromkeys(queue):
        if not function.module.is_test:
            yield from lost(function, application)


def _called(provider: Function, application: Application) -> Iterator[Function]:
    """The functions of the project that a dependency calls."""
    for part in walk_all(provider.body):
        if isinstance(part, ir.Call):
            for value in _callees(part.func, provider.scope, part.at, application):
                if isinstance(value, (FunctionValue, Method)):
                    yield value.function


def lost(function: Function, application: Application) -> Iterator[Lost]:
    """The coroutines that a function tests or throws away."""
    if application.program.async_names.isdisjoint(function.node.mentions):
        return
    is_provider = bool(application.graph.uses_of(function))
    held = _held(function, application, is_provider)
    for node in statements(function.body):
        if isinstance(node, ir.Expression):
            callee = gives_coroutine(node.value, function.scope, node.at, application, near=True)
            if callee is not None:
                yield Lost(function, callee, node.at, "statement", _ordinal(node.value))
                continue
        near = not (is_provider or _decides(node, function))
        for test in _tests(node):
            yield from _in_test(test, node.at, function, held, application, near)


def _decides(node: ir.Stmt, function: Function) -> bool:
    """Whether a statement is an `if` that may refuse, in a branch or after it."""
    if not isinstance(node, ir.If):
        return False
    bodies = [body for _, body in node.branches]
    if any(isinstance(body[-1], ir.Return) for body in bodies):
        bodies.append(tuple(after for after in function.body if after.at > node.at))
    return any(isinstance(inner, ir.Raise) for body in bodies for inner in body)


def _tests(node: ir.Stmt) -> Iterator[ir.Expr]:
    """The expressions in a statement of which only the truth matters."""
    match node:
        case ir.If(branches):
            yield from (test for test, _ in branches if test is not None)
        case ir.While(test):
            yield test
        case ir.Jump("assert", _, value) if value is not None:
            yield value
    for part in own_parts(node):
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
            case ir.Call(ir.Name("bool"), (given,)):
                yield given


def _in_test(
    test: ir.Expr,
    at: int,
    function: Function,
    held: dict[str, tuple[Function, int]],
    application: Application,
    near: bool,
) -> Iterator[Lost]:
    match test:
        case ir.Operation("and" | "or" | "not", operands):
            for operand in operands:
                yield from _in_test(operand, at, function, held, application, near)
        case ir.Operation("==" | "!=" | "is" | "is not" | "in" | "not in" as op, (left, right)):
            for operand, how in ((left, "comparison"), (right, "membership")):
                how = how if op in ("in", "not in") else "comparison"
                for found in _in_test(operand, at, function, held, application, near):
                    yield replace(found, how=how)
        case ir.Assigned(_, value):
            yield from _in_test(value, at, function, held, application, near)
        case ir.Name(name) if name in held:
            yield Lost(function, held[name][0], at, "test", held[name][1], name)
        case ir.Call():
            callee = gives_coroutine(test, function.scope, at, application, near=near)
            if callee is not None:
                yield Lost(function, callee, at, "test", test.at)


def _held(
    function: Function, application: Application, is_provider: bool
) -> dict[str, tuple[Function, int]]:
    """The variables that hold nothing but a coroutine, which is never awaited or passed on; with
    the function and the call that gave it."""
    found: dict[str, tuple[Function, int]] = {}
    tested: dict[str, bool] = {}
    for node in statements(function.body):
        for test in _tests(node):
            for part in _leaves(test):
                if isinstance(part, ir.Name):
                    tested[part.id] = tested.get(part.id, is_provider) or _decides(node, function)
    for node in statements(function.body):
        if isinstance(node, ir.Assign) and node.op is None and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ir.Name) and target.id in tested and node.value is not None:
                callee = gives_coroutine(
                    node.value, function.scope, node.at, application, near=not tested[target.id]
                )
                if callee is not None and len(function.scope.bindings[target.id]) == 1:
                    found[target.id] = (callee, _ordinal(node.value))
    return {name: held for name, held in found.items() if not _is_passed(name, function)}


def _ordinal(call: ir.Expr) -> int:
    """The ordinal of what is known to be a call."""
    assert isinstance(call, ir.Call)
    return call.at


def _leaves(test: ir.Expr) -> Iterator[ir.Expr]:
    """What a test looks at, through `and`, `not` and comparisons."""
    if isinstance(test, ir.Operation):
        for operand in test.operands:
            yield from _leaves(operand)
    else:
        yield test


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
