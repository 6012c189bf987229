"""How is a status recorded for requests that end with an exception as well?"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.flow import frames_at
from fastapi_lint.model.layers import Layer
from fastapi_lint.model.middleware.asgi import Late, scope_paths
from fastapi_lint.model.middleware.kinds import HTTP
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context
from fastapi_lint.walk import block_with, statements, walk_all

_KEYS = ("status", "status_code", "code")


class _Start(msgspec.Struct, frozen=True):
    """The constant that stands for a status before one is sent, in a statement."""

    at: int
    value: ir.Constant


def recorded_always(late: Late, layer: Layer, context: Context) -> Fix | None:
    """Put what follows the call of the application into a `finally`, with 500 as the first status.

    The status that there is stays where WebSockets or the lifespan, which never send one, get to
    the call.
    """
    function = layer.function
    tried = _tried(function, late.passed.at)
    start = _start(function, late)
    if tried is None or start is None:
        return None
    block = block_with(function.body, tried.at)
    region = _without_return(block[block.index(tried) + 1 :])
    if not _may_be_final(region, tried, late):
        return None
    is_failure = start.value.value == 500
    if not is_failure:
        paths = scope_paths(layer, context.application)
        kinds = paths.kinds_at(late.passed.at) if paths is not None else None
        if kinds != frozenset({HTTP}) or _asks_for_none(region):
            return None

    def recipe(edit: Editor) -> None:
        if not is_failure:
            edit.replace(edit.part(edit.assigned(start.at), start.value), "500")
        if not isinstance(tried, ir.Try):
            edit.enclose(tried.at, tried.at, "try:")
        edit.enclose(region[0].at, region[-1].at, "finally:")

    return Fix.unsafe("Record it in a `finally`", recipe)


def _tried(function: Function, at: int) -> ir.Expression | ir.Try | None:
    """What a `finally` can follow: the statement of the call, or the `try` that it stands in."""
    node = next((n for n in block_with(function.body, at) if n.at == at), None)
    if not isinstance(node, ir.Expression):
        return None
    match [frame.node for frame in frames_at(function.body, at) if isinstance(frame.node, ir.Try)]:
        case []:
            return node
        case [ir.Try(orelse=(), final=()) as tried]:
            return tried
    return None


def _without_return(following: tuple[ir.Stmt, ...]) -> tuple[ir.Stmt, ...]:
    match following:
        case (*region, ir.Return(None)):
            return tuple(region)
    return following


def _may_be_final(region: tuple[ir.Stmt, ...], tried: ir.Expression | ir.Try, late: Late) -> bool:
    """Whether statements record the status, leave nothing, and need nothing that may be missing."""
    inside = [*statements(region)]
    bound = {target.id for target in _targets(tried)}
    return (
        any(node.at == late.place.at for node in inside)
        and not any(isinstance(node, (ir.Return, ir.Raise)) for node in inside)
        and not any(
            isinstance(node, ir.Jump) and node.word in ("break", "continue") for node in inside
        )
        and not any(isinstance(part, ir.Name) and part.id in bound for part in walk_all(region))
    )


def _targets(tried: ir.Expression | ir.Try) -> Iterator[ir.Name]:
    for node in statements(tried.body if isinstance(tried, ir.Try) else ()):
        if isinstance(node, ir.Assign):
            yield from (target for target in node.targets if isinstance(target, ir.Name))


def _start(function: Function, late: Late) -> _Start | None:
    """The one status that a variable, or a dict in it, has before the call."""
    before = [
        node
        for node in statements(function.body)
        if isinstance(node, ir.Assign)
        and ir.Name(late.name) in node.targets
        and node.at < late.passed.at
    ]
    match [(node.at, node.value) for node in before]:
        case [(at, ir.Constant(None | int()) as value)]:
            return _Start(at, value)
        case [(at, ir.Dict(((ir.Constant(key), ir.Constant(None | int()) as value),)))]:
            return _Start(at, value) if key in _KEYS else None
    return None


def _asks_for_none(region: tuple[ir.Stmt, ...]) -> bool:
    return any(
        isinstance(part, ir.Operation) and any(ir.is_none(operand) for operand in part.operands)
        for part in walk_all(region)
    )
