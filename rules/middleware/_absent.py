"""What can stand for the address of a peer that there is not, where it is used?

`None` can, where nothing is done with it that needs a text; where a function promises a text,
"unknown" can. There is no answer where neither is certain.
"""

from __future__ import annotations

from itertools import pairwise

import msgspec
from msgspec.structs import replace

from fastapi_lint import ir
from fastapi_lint.model.evaluate import Evaluator
from fastapi_lint.model.middleware.peers import Use
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import FunctionValue, Method
from fastapi_lint.walk import (
    children,
    expressions,
    own_parts,
    statement_at,
    statements,
    walk,
    walk_all,
)

_LOGGING = ("debug", "info", "warning", "warn", "error", "exception", "critical", "log")
_CHANGED = ir.Opaque(())
"""What follows a part of an f-string that is formatted in a way of its own."""


class Substitute(msgspec.Struct, frozen=True):
    """The code for an absent address. `is_safe`: it is only shown or given to clients;
    `in_parentheses`: an expression with it needs them."""

    code: str = "None"
    is_safe: bool = True
    in_parentheses: bool = False


class _Way(msgspec.Struct, frozen=True):
    """What an address becomes on the way out of an expression: a part of a text, or of a dict."""

    found: Substitute = Substitute()
    is_text: bool = False
    is_held: bool = False
    is_done: bool = False


class Substitutes:
    """Finds what can stand for absent addresses in one function."""

    def __init__(self, function: Function, view: Evaluator) -> None:
        self._function = function
        self._view = view

    def of(self, use: Use) -> Substitute | None:
        """What can stand for an address that is used so."""
        node = statement_at(self._function.body, use.at)
        return self._in(node, use.node) if node is not None and use.node is not None else None

    def _in(self, node: ir.Stmt, used: ir.Expr) -> Substitute | None:
        way: _Way | None = _Way()
        for inner, around in pairwise(_way_out(node, used)):
            way = self._through(around, inner, way, node.at) if way is not None else None
            if way is None or way.is_done:
                break
        return self._at_the_end(node, way) if way is not None else None

    def _through(self, around: ir.Expr, inner: ir.Expr, way: _Way, at: int) -> _Way | None:
        is_itself = not (way.is_text or way.is_held)
        closed = replace(way.found, in_parentheses=is_itself or way.found.in_parentheses)
        match around:
            case ir.Format(parts):
                index = next(i for i, part in enumerate(parts) if part is inner)
                is_changed = parts[index + 1 : index + 2] == (_CHANGED,)
                return replace(way, is_text=True) if not is_changed else None
            case ir.Dict(items) if any(value is inner for _, value in items):
                return replace(way, is_held=True)
            case ir.Conditional(_, _, orelse) if orelse is inner:
                return replace(way, found=closed)
            case ir.Operation("or", operands):
                return replace(way, found=closed, is_done=operands[-1] is not inner)
            case ir.Call() if _is_logging(around):
                return replace(way, is_done=True)
            case ir.Call() if not is_itself or self._takes_none(around, inner, at):
                return replace(way, found=replace(way.found, is_safe=False), is_done=True)
        return None

    def _at_the_end(self, node: ir.Stmt, way: _Way) -> Substitute | None:
        found, unsafe = way.found, replace(way.found, is_safe=False)
        if way.is_done:
            return found
        match node:
            case ir.Return() | ir.Assign((ir.Name(),)) if way.is_text:
                return unsafe
            case ir.Return() if way.is_held:
                is_checked = self._function.node.returns is not None or self._has_model()
                return found if not is_checked else None
            case ir.Return():
                return self._returned(found)
            case ir.Assign((ir.Name(name),), _, annotation) if _allows_none(annotation):
                return self._assigned(name, found)
        return None

    def _returned(self, found: Substitute) -> Substitute | None:
        match self._function.node.returns:
            case ir.Name("str"):
                return replace(found, code='"unknown"', is_safe=False)
            case None:
                return replace(found, is_safe=False)
            case annotation:
                return found if _allows_none(annotation) else None

    def _assigned(self, name: str, found: Substitute) -> Substitute | None:
        """The same for what a variable holds, if each of its uses is one that can be told."""
        function = self._function
        if name in function.scope.outside or any(
            ir.Name(name) in walk_all(f.body) for f in function.scope.functions.values()
        ):
            return None
        for node in statements(function.body):
            targets = node.targets if isinstance(node, ir.Assign) else ()
            for part in own_parts(node):
                if part == ir.Name(name) and not any(part is target for target in targets):
                    use = self._in(node, part)
                    if use is None or use.code != "None":
                        return None
                    found = replace(found, is_safe=found.is_safe and use.is_safe)
        return found

    def _has_model(self) -> bool:
        """Whether the route says what it answers with."""
        return any(
            isinstance(decorator.value, ir.Call)
            and any(keyword.name == "response_model" for keyword in decorator.value.keywords)
            for decorator in self._function.node.decorators
        )

    def _takes_none(self, call: ir.Call, given: ir.Expr, at: int) -> bool:
        """Whether a call of a function of the project allows `None` for a keyword argument."""
        name = next((k.name for k in call.keywords if k.value is given), None)
        values = self._view.evaluate(call.func, self._function.scope, at)
        params = [
            value.function.parameter(name)
            for value in values
            if name is not None and isinstance(value, (FunctionValue, Method))
        ]
        return len(params) == len(values) > 0 and all(
            param is not None
            and (_allows_none(param.annotation) or (param.default and ir.is_none(param.default)))
            for param in params
        )


def _way_out(node: ir.Stmt, used: ir.Expr) -> tuple[ir.Expr, ...]:
    """An expression and those around it in a statement, innermost first."""
    return next((way for e in expressions(node) if e and (way := _chain(e, used))), ())


def _chain(outer: ir.Expr, used: ir.Expr) -> tuple[ir.Expr, ...]:
    if outer is used:
        return (used,)
    ways = (_chain(child, used) for child in children(outer) if child is not None)
    way = next(filter(None, ways), ())
    return (*way, outer) if way else ()


def _is_logging(call: ir.Call) -> bool:
    match call.func:
        case ir.Name("print"):
            return True
        case ir.Attribute(owner, name) if name in _LOGGING:
            return (ir.last_name(owner) or "").lower().endswith(("log", "logger", "logging"))
    return False


def _allows_none(annotation: ir.Expr | None) -> bool:
    parts = [*walk(annotation)]
    return annotation is None or any(
        ir.is_none(part) or ir.last_name(part) in ("Optional", "Any") for part in parts
    )
