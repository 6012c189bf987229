"""Which constants that stand in for a secret the program refuses to run with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ... import ir
from ...walk import statements, walk, walk_all
from ..evaluate import Evaluator
from ..index import Index
from ..scopes import Scope
from ..sources import Source
from ..values import Literal, Sequence, Value

_EXITS = frozenset({"exit", "_exit", "abort"})


def is_refused(source: Source, view: Evaluator, index: Index) -> bool:
    """Whether some code compares a value with a constant text and raises, or exits: settings that
    do not accept their own default in production."""
    if not isinstance(source.node, ir.Constant) or not isinstance(source.node.value, str):
        return False
    text = source.node.value
    return any(
        _compares(test, text, view, scope, node.at) and _refuses(body, scope)
        for word in (text, *_holders(source))
        for scope in index.scopes_naming(word, source.scope.module)
        if not scope.module.is_test
        for node in statements(scope.body)
        if isinstance(node, ir.If)
        for test, body in node.branches
    )


def _holders(source: Source) -> Iterator[str]:
    """The variables that a constant is assigned to."""
    for node in statements(source.scope.body):
        if isinstance(node, ir.Assign) and node.value is source.node:
            yield from (name.id for name in node.targets if isinstance(name, ir.Name))


def _compares(test: ir.Expr | None, text: str, view: Evaluator, scope: Scope, at: int) -> bool:
    """Whether a test compares something with a text, or looks it up in a collection of texts."""
    return any(
        value == text
        for part in walk(test)
        if isinstance(part, ir.Operation) and part.op in ("==", "in")
        for operand in part.operands
        if isinstance(operand, (ir.Constant, ir.Name, ir.Display))
        for value in _texts(view.evaluate(operand, scope, at), view)
    )


def _texts(values: Iterable[Value], view: Evaluator) -> Iterator[object]:
    for value in values:
        match value:
            case Literal(text):
                yield text
            case Sequence():
                yield from (v.value for v in view.items((value,)) if isinstance(v, Literal))


def _refuses(body: tuple[ir.Stmt, ...], scope: Scope) -> bool:
    """Whether a body raises or exits, or notes a complaint in a list for which its scope does."""
    if any(isinstance(node, ir.Raise) for node in statements(body)):
        return True
    calls = [part for part in walk_all(body) if isinstance(part, ir.Call)]
    if any(ir.last_name(call.func) in _EXITS for call in calls):
        return True
    lists = [
        call.func.value
        for call in calls
        if isinstance(call.func, ir.Attribute) and call.func.attr == "append"
    ]
    return any(
        test in lists and _refuses(inner, scope)
        for node in statements(scope.body)
        if isinstance(node, ir.If)
        for test, inner in node.branches
    )
