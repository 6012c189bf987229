"""Walking the intermediate representation: children of nodes, in source order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from . import ir

_Parts: TypeAlias = "tuple[ir.Expr | None, ...]"


def _value(node: Any) -> _Parts:
    return (node.value,)


def _nothing(node: Any) -> _Parts:
    return ()


def _call(node: ir.Call) -> _Parts:
    if node.keywords:
        return (node.func, *node.args, *[keyword.value for keyword in node.keywords])
    return (node.func, *node.args)


def _defaults(params: tuple[ir.Parameter, ...]) -> Iterator[ir.Expr | None]:
    for param in params:
        yield param.annotation
        yield param.default


def _comprehension(node: ir.Comprehension) -> _Parts:
    parts: list[ir.Expr] = []
    for target, iterated, tests in node.sources:
        parts.extend((target, iterated, *tests))
    return (*parts, node.element)


_CHILDREN: dict[type, Callable[[Any], _Parts]] = {
    ir.Name: _nothing,
    ir.Constant: _nothing,
    ir.Attribute: _value,
    ir.Starred: _value,
    ir.Await: _value,
    ir.Yield: _value,
    ir.Call: _call,
    ir.Display: lambda node: node.items,
    ir.Dict: lambda node: tuple([part for item in node.items for part in item]),
    ir.Subscript: lambda node: (node.value, *node.index),
    ir.Operation: lambda node: node.operands,
    ir.Conditional: lambda node: (node.test, node.body, node.orelse),
    ir.Lambda: lambda node: (*_defaults(node.params), node.body),
    ir.Comprehension: _comprehension,
    ir.Format: lambda node: node.parts,
    ir.Assigned: lambda node: (node.target, node.value),
    ir.Opaque: lambda node: node.children,
}


def children(node: ir.Expr) -> _Parts:
    """The direct parts of an expression, in source order; `None` where one is absent."""
    return _CHILDREN[type(node)](node)


def expressions(node: ir.Stmt) -> Iterator[ir.Expr | None]:
    """The expressions that a statement itself holds; not those of statements inside it."""
    match node:
        case ir.Expression(value) | ir.Return(value):
            yield value
        case ir.Assign(targets, assigned, annotation):
            yield assigned
            yield annotation
            yield from targets
        case ir.Raise(raised, cause):
            yield raised
            yield cause
        case ir.Delete(targets):
            yield from targets
        case ir.Jump(_, _, test):
            yield test
        case ir.If(branches):
            for condition, _ in branches:
                yield condition
        case ir.For(target, iterated):
            yield iterated
            yield target
        case ir.While(condition):
            yield condition
        case ir.With(items):
            for item, entered in items:
                yield item
                yield entered
        case ir.Try(_, handlers):
            for handler in handlers:
                yield handler.catches
        case ir.Match(subject, cases):
            yield subject
            for pattern, _, _ in cases:
                yield pattern
        case ir.Function():
            for decorator in node.decorators:
                yield decorator.value
            yield from _defaults(node.params)
            yield node.returns
        case ir.Class():
            for decorator in node.decorators:
                yield decorator.value
            yield from node.bases
            for keyword in node.keywords:
                yield keyword.value


def blocks(node: ir.Stmt) -> Iterator[tuple[ir.Stmt, ...]]:
    """The blocks inside a statement, in source order; a function's or class's body is not one."""
    match node:
        case ir.If(branches):
            for _, body in branches:
                yield body
        case ir.For(_, _, body, orelse) | ir.While(_, body, orelse):
            yield body
            yield orelse
        case ir.With(_, body):
            yield body
        case ir.Try(body, handlers, orelse, final):
            yield body
            for handler in handlers:
                yield handler.body
            yield orelse
            yield final
        case ir.Match(_, cases):
            for _, _, body in cases:
                yield body


def walk(node: ir.Expr | None) -> Iterator[ir.Expr]:
    """An expression and everything in it, in source order; bodies of lambdas included."""
    if node is None:
        return
    stack: list[ir.Expr | None] = [node]
    while stack:
        current = stack.pop()
        if current is not None:
            yield current
            stack.extend(_CHILDREN[type(current)](current)[::-1])


def statements(body: Iterable[ir.Stmt]) -> Iterator[ir.Stmt]:
    """All statements of a body and of the blocks in it; functions and classes are not entered."""
    for node in body:
        yield node
        for block in blocks(node):
            yield from statements(block)


def own_parts(node: ir.Stmt) -> Iterator[ir.Expr]:
    """Every expression of a statement itself, not of the statements in it, in source order."""
    for expression in expressions(node):
        yield from walk(expression)


def start(node: ir.Stmt) -> int:
    """The first ordinal of a statement: that of its first decorator, if it has any."""
    if isinstance(node, (ir.Function, ir.Class)) and node.decorators:
        return min(node.at, node.decorators[0].at)
    return node.at


def statement_around(body: tuple[ir.Stmt, ...], at: int) -> ir.Stmt | None:
    """The statement of a body itself that has an ordinal, or in which the node with it stands."""
    return next((node for node in reversed(body) if start(node) <= at), None)


def statement_at(body: Iterable[ir.Stmt], at: int) -> ir.Stmt | None:
    """The statement of a body, or of a block in it, with an ordinal."""
    return next((node for node in statements(body) if node.at == at), None)


def walk_all(body: Iterable[ir.Stmt]) -> Iterator[ir.Expr]:
    """Every expression in a body, nested blocks included; functions and classes are not entered."""
    for node in statements(body):
        yield from own_parts(node)


def has_yield(body: Iterable[ir.Stmt]) -> bool:
    """Whether a `yield` stands in a body, nested blocks included; functions are not entered."""
    return any(isinstance(part, ir.Yield) for part in walk_all(body))
