"""Whether a call of a function leads to where it reads one of its parameters."""

from __future__ import annotations

from collections.abc import Iterator

from ... import ir
from ...walk import children, expressions, statements, walk
from ..calls import argument_for, reads_given
from ..scopes import Function


def is_reached(function: Function, param: ir.Parameter, call: ir.Call) -> bool:
    """Whether a call may make a function read a parameter that it leaves to its default: not if all
    reading depends on what the call gives for other parameters."""
    if not reads_given(function, param):
        return False
    conditions = list(_conditions(function, ir.Name(param.name)))
    return not conditions or any(
        all(_is_met(test, truth, function, param, call) for test, truth in each)
        for each in conditions
    )


def _conditions(function: Function, name: ir.Name) -> Iterator[list[tuple[ir.Expr, bool]]]:
    """For each place that reads a variable, the tests that lead there, with their outcomes."""
    for node in statements(function.body):
        around: list[tuple[ir.Expr, bool]] = []
        for branch in function.scope.path_at(node.at):
            around.extend((test, False) for test in branch.before)
            if branch.test is not None:
                around.append((branch.test, True))
        for top in expressions(node):
            for inner in _inside(top, name):
                yield [*around, *inner]


def _inside(node: ir.Expr | None, name: ir.Name) -> Iterator[list[tuple[ir.Expr, bool]]]:
    if node is None:
        return
    if node == name:
        yield []
    elif isinstance(node, ir.Conditional):
        yield from _inside(node.test, name)
        for part, truth in ((node.body, True), (node.orelse, False)):
            yield from ([(node.test, truth), *inner] for inner in _inside(part, name))
    elif isinstance(node, ir.Operation) and node.op in ("and", "or"):
        before: list[tuple[ir.Expr, bool]] = []
        for operand in node.operands:
            yield from ([*before, *inner] for inner in _inside(operand, name))
            before.append((operand, node.op == "and"))
    else:
        for child in children(node):
            yield from _inside(child, name)


def _is_met(
    test: ir.Expr, truth: bool, function: Function, param: ir.Parameter, call: ir.Call
) -> bool:
    """Whether a test has an outcome, or has it for all that the call tells."""
    mentioned = {part.id for part in walk(test) if isinstance(part, ir.Name)}
    others = [p for p in function.node.params if p.name in mentioned and p is not param]
    if not others:
        return True
    if len(others) > 1 or argument_for(function, others[0], call) is not None:
        return False
    default = others[0].default
    if not isinstance(default, ir.Constant):
        return False
    match test:
        case ir.Name():
            return bool(default.value) is truth
        case ir.Operation("not", (ir.Name(),)):
            return bool(default.value) is not truth
        case ir.Operation("is" | "is not" as op, (ir.Name(), ir.Constant(None))):
            return ((default.value is None) is (op == "is")) is truth
    return False
