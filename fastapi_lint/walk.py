"""Walking the intermediate representation: children of nodes, in source order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from . import ir


def _defaults(params: tuple[ir.Parameter, ...]) -> Iterator[ir.Expr | None]:
    for param in params:
        yield param.annotation
        yield param.default


def _comprehension(node: ir.Comprehension) -> Iterator[ir.Expr]:
    for target, iterated, tests in node.sources:
        yield target
        yield iterated
        yield from tests
    yield node.element


def children(node: ir.Expr) -> Iterable[ir.Expr | None]:
    """The direct parts of an expression, in source order; `None` where an optional one is absent."""
    match node:
        case ir.Name() | ir.Constant():
            return ()
        case ir.Attribute(value) | ir.Starred(value) | ir.Await(value) | ir.Yield(value):
            return (value,)
        case ir.Call(func, args, keywords):
            return (func, *args, *[keyword.value for keyword in keywords])
        case ir.Display(_, items):
            return items
        case ir.Dict(items):
            return [part for item in items for part in item]
        case ir.Subscript(value, index):
            return (value, *index)
        case ir.Operation(_, operands):
            return operands
        case ir.Conditional(test, body, orelse):
            return (test, body, orelse)
        case ir.Lambda(params, body):
            return (*_defaults(params), body)
        case ir.Comprehension():
            return _comprehension(node)
        case ir.Format(parts):
            return parts
        case ir.Assigned(target, value):
            return (target, value)
        case ir.Opaque(parts):
            return parts
    raise AssertionError(node)


def expressions(node: ir.Stmt) -> Iterator[ir.Expr | None]:
    """The expressions that a statement itself holds; not those of statements inside it."""
    match node:
        case ir.Expression(value) | ir.Return(value):
            yield value
        case ir.Assign(targets, value, annotation):
            yield value
            yield annotation
            yield from targets
        case ir.Raise(value, cause):
            yield value
            yield cause
        case ir.Delete(targets):
            yield from targets
        case ir.Jump(_, _, value):
            yield value
        case ir.If(branches):
            for test, _ in branches:
                yield test
        case ir.For(target, iterated):
            yield iterated
            yield target
        case ir.While(test):
            yield test
        case ir.With(items):
            for item, target in items:
                yield item
                yield target
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
    stack: list[ir.Expr] = [node]
    while stack:
        current = stack.pop()
        yield current
        inner = [child for child in children(current) if child is not None]
        stack.extend(reversed(inner))


def statements(body: Iterable[ir.Stmt]) -> Iterator[ir.Stmt]:
    """All statements of a body and of the blocks in it; functions and classes are not entered."""
    for node in body:
        yield node
        for block in blocks(node):
            yield from statements(block)


def walk_all(body: Iterable[ir.Stmt]) -> Iterator[ir.Expr]:
    """Every expression in a body, nested blocks included; functions and classes are not entered."""
    for node in statements(body):
        for expression in expressions(node):
            yield from walk(expression)
