"""Which names of a function are tested somewhere in it, and which values come out of claims."""

from __future__ import annotations

from collections.abc import Iterator

from ... import ir
from ...walk import own_parts, statements, walk
from ..scopes import Function

_COMPARISONS = frozenset({"==", "!=", "is", "is not", "in", "not in", "not", "<", ">", "<=", ">="})


def tested_names(function: Function) -> frozenset[str]:
    """The names that some condition, comparison, `or`, `assert` or `match` of a function reads."""
    return frozenset(
        part.id for test in _tests(function) for part in walk(test) if isinstance(part, ir.Name)
    )


def _tests(function: Function) -> Iterator[ir.Expr]:
    for node in statements(function.body):
        match node:
            case ir.If(branches):
                yield from (test for test, _ in branches if test is not None)
            case ir.While(test):
                yield test
            case ir.Jump("assert", _, value) if value is not None:
                yield value
            case ir.Match(subject):
                yield subject
        for part in own_parts(node):
            if isinstance(part, ir.Conditional):
                yield part.test
            elif isinstance(part, ir.Operation) and (
                part.op in _COMPARISONS or part.op in ("and", "or")
            ):
                yield part


def derived(function: Function, first: frozenset[str], reads: frozenset[int]) -> frozenset[str]:
    """The names that hold something made of `first`, or of the expressions with ids in `reads`."""
    known = set(first)

    def holds(value: ir.Expr | None) -> bool:
        return any(
            id(part) in reads or (isinstance(part, ir.Name) and part.id in known)
            for part in walk(value)
        )

    for _ in range(4):
        before = len(known)
        for node in statements(function.body):
            if isinstance(node, ir.Assign) and holds(node.value):
                known.update(t.id for t in node.targets if isinstance(t, ir.Name))
            for part in own_parts(node):
                match part:
                    case ir.Assigned(ir.Name(name), value) if holds(value):
                        known.add(name)
        if len(known) == before:
            break
    return frozenset(known)
