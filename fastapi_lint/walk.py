"""Walking the intermediate representation: children of nodes, in source order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from . import ir

_Parts: TypeAlias = "tuple[ir.Expr | None, ...]"
_Table: TypeAlias = dict[type, Callable[[Any], _Parts]]
_Bodies: TypeAlias = "tuple[tuple[ir.Stmt, ...], ...]"


def _value(node: Any) -> _Parts:
    return (node.value,)


def _call(node: ir.Call) -> _Parts:
    if node.keywords:
        return (node.func, *node.args, *[keyword.value for keyword in node.keywords])
    return (node.func, *node.args)


def _defaults(params: tuple[ir.Parameter, ...]) -> Iterator[ir.Expr | None]:
    for param in params:
        yield param.annotation
        yield param.default


def _decorators(node: ir.Function | ir.Class) -> Iterator[ir.Expr]:
    return (decorator.value for decorator in node.decorators)


def _comprehension(node: ir.Comprehension) -> _Parts:
    parts: list[ir.Expr] = []
    for target, iterated, tests in node.sources:
        parts.extend((target, iterated, *tests))
    return (*parts, node.element)


_CHILDREN: _Table = {
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

_RUN: _Table = {**_CHILDREN, ir.Lambda: lambda node: tuple(_defaults(node.params))}
"""Without the bodies of lambdas, which run later."""

_EXPRESSIONS: _Table = {
    ir.Expression: _value,
    ir.Return: _value,
    ir.Assign: lambda node: (node.value, node.annotation, *node.targets),
    ir.Raise: lambda node: (node.value, node.cause),
    ir.Delete: lambda node: node.targets,
    ir.Jump: _value,
    ir.If: lambda node: tuple([test for test, _ in node.branches]),
    ir.For: lambda node: (node.iter, node.target),
    ir.While: lambda node: (node.test,),
    ir.With: lambda node: tuple([part for item in node.items for part in item]),
    ir.Try: lambda node: tuple([handler.catches for handler in node.handlers]),
    ir.Match: lambda node: (node.subject, *[pattern for pattern, _, _ in node.cases]),
    ir.Function: lambda node: (*_decorators(node), *_defaults(node.params), node.returns),
    ir.Class: lambda node: (*_decorators(node), *node.bases, *[k.value for k in node.keywords]),
}

_BLOCKS: dict[type, Callable[[Any], _Bodies]] = {
    ir.If: lambda node: tuple([body for _, body in node.branches]),
    ir.For: lambda node: (node.body, node.orelse),
    ir.While: lambda node: (node.body, node.orelse),
    ir.With: lambda node: (node.body,),
    ir.Try: lambda node: (node.body, *[h.body for h in node.handlers], node.orelse, node.final),
    ir.Match: lambda node: tuple([body for _, _, body in node.cases]),
}


def children(node: ir.Expr) -> _Parts:
    """The direct parts of an expression, in source order; `None` where one is absent."""
    found = _CHILDREN.get(type(node))
    return () if found is None else found(node)


def expressions(node: ir.Stmt) -> _Parts:
    """The expressions that a statement itself holds; not those of statements inside it."""
    found = _EXPRESSIONS.get(type(node))
    return () if found is None else found(node)


def blocks(node: ir.Stmt) -> _Bodies:
    """The blocks inside a statement, in source order; a function's or class's body is not one."""
    found = _BLOCKS.get(type(node))
    return () if found is None else found(node)


def walk(node: ir.Expr | None) -> Iterator[ir.Expr]:
    """An expression and everything in it, in source order; bodies of lambdas included."""
    return _walk([node])


def own_parts(node: ir.Stmt) -> Iterator[ir.Expr]:
    """Every expression of a statement itself, not of the statements in it, in source order."""
    return _walk([*expressions(node)[::-1]])


def parts_run(node: ir.Stmt) -> Iterator[ir.Expr]:
    """Those of a statement's own expressions that run with it: not the bodies of lambdas."""
    return _walk([*expressions(node)[::-1]], _RUN)


def _walk(stack: list[ir.Expr | None], parts: _Table = _CHILDREN) -> Iterator[ir.Expr]:
    """The expressions on a stack and everything in them, by a table of what has which parts."""
    while stack:
        current = stack.pop()
        if current is not None:
            yield current
            inner = parts.get(type(current))
            if inner is not None:
                stack.extend(inner(current)[::-1])


def statements(body: Iterable[ir.Stmt]) -> Iterator[ir.Stmt]:
    """All statements of a body and of the blocks in it; functions and classes are not entered."""
    stack = [*body][::-1]
    while stack:
        node = stack.pop()
        yield node
        inner = _BLOCKS.get(type(node))
        if inner is not None:
            for block in inner(node)[::-1]:
                stack.extend(block[::-1])


def start(node: ir.Stmt) -> int:
    """The first ordinal of a statement: that of its first decorator, if it has any."""
    if isinstance(node, (ir.Function, ir.Class)) and node.decorators:
        return min(node.at, node.decorators[0].at)
    return node.at


def statement_around(body: tuple[ir.Stmt, ...], at: int) -> ir.Stmt | None:
    """The statement of a body itself that has an ordinal, or in which the node with it stands."""
    return next((node for node in reversed(body) if start(node) <= at), None)


def block_with(body: tuple[ir.Stmt, ...], at: int) -> tuple[ir.Stmt, ...]:
    """The block in which the statement with an ordinal stands: a body, or one in it; else none."""
    if any(node.at == at for node in body):
        return body
    inner = (block_with(block, at) for node in body for block in blocks(node))
    return next(filter(None, inner), ())


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


def replaced(node: ir.Expr, given: Mapping[str, ir.Expr]) -> ir.Expr:
    """An expression with others in the place of names; what is neither given nor built of given
    parts becomes opaque, since its names mean something only where it stands."""

    def inside(part: ir.Expr) -> ir.Expr:
        return replaced(part, given)

    match node:
        case ir.Name(name):
            return given.get(name, ir.Opaque(()))
        case ir.Constant():
            return node
        case ir.Format(parts):
            return ir.Format(tuple(map(inside, parts)))
        case ir.Operation(op, operands):
            return ir.Operation(op, tuple(map(inside, operands)))
        case ir.Display(kind, items):
            return ir.Display(kind, tuple(map(inside, items)))
        case ir.Dict(items):
            return ir.Dict(tuple((key and inside(key), inside(value)) for key, value in items))
        case ir.Attribute(value, attr):
            return ir.Attribute(inside(value), attr)
        case ir.Call(ir.Name("str" | "repr") as func, args, (), at):
            return ir.Call(func, tuple(map(inside, args)), (), at)
        case ir.Call(ir.Attribute(value, "format"), args, (), at):
            return ir.Call(ir.Attribute(inside(value), "format"), tuple(map(inside, args)), (), at)
    return ir.Opaque(())
