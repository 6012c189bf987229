"""How is one registration of middleware put behind others, so that it runs further out?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Recipe
from fastapi_lint.model.application import Middleware
from fastapi_lint.model.scopes import END
from fastapi_lint.walk import blocks, own_parts, start, statement_around, statements


def moved_behind(moved: Middleware, others: Iterable[Middleware]) -> Recipe | None:
    """Move the statement of a registration behind those of others, which are in its block.

    `None` if they are not, or if what stands in between changes what the statement means.
    """
    ordinals = [_ordinal(other, moved) for other in others]
    if moved.how not in ("added", "decorated") or None in ordinals:
        return None
    for block, statement in _around(moved.scope.body, moved.at):
        after = block[block.index(statement) + 1 :]
        found = [_within(after, ordinal) for ordinal in ordinals if ordinal is not None]
        last = max((node for node in found if node is not None), key=start, default=None)
        if None not in found and last is not None:
            between = after[: after.index(last) + 1]
            if not _is_free(statement, between, moved):
                return None
            at, behind = statement.at, last.at
            return lambda edit: edit.move_after(at, behind)
        if len(block) > 1:
            return None
    return None


def _ordinal(other: Middleware, moved: Middleware) -> int | None:
    """Where another registration is made, seen from the scope of the moved one."""
    if other.how not in ("added", "decorated"):
        return None
    if other.scope is moved.scope:
        return other.at
    is_known = END not in (*other.order, *moved.order)
    return other.order[0] if is_known and len(moved.order) < len(other.order) else None


def _around(body: tuple[ir.Stmt, ...], at: int) -> Iterator[tuple[tuple[ir.Stmt, ...], ir.Stmt]]:
    """The statements with and around an ordinal, each with the block it stands in, from the inside.

    A statement that has other parts (an `else`, an `except`) ends the series.
    """
    chain: list[tuple[tuple[ir.Stmt, ...], ir.Stmt]] = []
    while (node := statement_around(body, at)) is not None:
        chain.append((body, node))
        body = next((b for b in reversed(list(blocks(node))) if b and start(b[0]) <= at), ())
    for block, node in reversed(chain):
        if not isinstance(node, (ir.If, ir.Expression, ir.Function)) or len([*blocks(node)]) > 1:
            return
        yield block, node


def _within(block: tuple[ir.Stmt, ...], ordinal: int) -> ir.Stmt | None:
    """The statement of a block in which something stands."""
    node = statement_around(block, ordinal)
    return node if node is not None and ordinal <= _end(node) else None


def _end(node: ir.Stmt) -> int:
    """The last ordinal in a statement that is known without entering functions."""
    return max(
        part.at
        for inner in statements((node,))
        for part in (inner, *(p for p in own_parts(inner) if isinstance(p, ir.Call)))
    )


def _is_free(statement: ir.Stmt, between: tuple[ir.Stmt, ...], moved: Middleware) -> bool:
    """Whether a statement means the same and is always reached behind others."""
    scope, last = moved.scope, _end(between[-1])
    names = {
        part.id
        for node in statements((statement,))
        for part in own_parts(node)
        if isinstance(part, ir.Name)
    }
    is_bound_anew = any(
        statement.at < binding.at <= last
        for name in names
        for binding in scope.bindings.get(name, ())
    )
    is_used = isinstance(statement, ir.Function) and any(
        part == ir.Name(statement.name) for node in statements(between) for part in own_parts(node)
    )
    is_left = any(
        isinstance(node, ir.Return)
        or (isinstance(node, ir.Jump) and node.word in ("break", "continue"))
        for node in statements(between)
    )
    return not (is_bound_anew or is_used or is_left)
