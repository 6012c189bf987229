"""What a middleware may fail at by itself, besides what it wraps."""

from __future__ import annotations

from ... import ir
from ...walk import own_parts, walk
from ..application import Place
from ..calls import keyword
from ..flow import placed
from ..layers import Layer
from ..link import Application
from ..responses import is_response
from ..values import External
from .wrapping import passes_on

_ANY = External("builtins.Exception")
_STRICT = frozenset(
    {
        "jwt.decode",
        "jose.jwt.decode",
        "json.loads",
        "uuid.UUID",
        "builtins.int",
        "builtins.float",
    }
)
"""Functions that raise for input that they do not like."""

_INPUTS = frozenset({"headers", "cookies", "query_params", "path_params"})


def may_fail(layer: Layer, application: Application) -> Place | None:
    """Where a layer may raise an exception that nothing in it takes: it raises one, awaits
    something else than the application, or reads input that may be missing or malformed."""
    function = layer.function
    for raised in application.exceptions.leaving(function, lambda value: True, 1):
        return raised.near_place
    for node, frames in placed(function.body):
        if application.exceptions.is_caught(frames, function.scope, _ANY):
            continue
        for part in own_parts(node):
            if _is_risky(part, layer, node.at, application):
                return Place(function.module, node.at)
    return None


def _is_risky(node: ir.Expr, layer: Layer, at: int, application: Application) -> bool:
    view, scope = application.program.evaluator(), layer.function.scope
    match node:
        case ir.Await(ir.Call(func, args) as call):
            if passes_on(call, layer) or any(passes_on(p, layer) for a in args for p in walk(a)):
                return False
            if ir.last_name(func) in ("send", "sleep") or keyword(call, "scope") is not None:
                return False
            return not any(is_response(value, view) for value in view.evaluate(func, scope, at))
        case ir.Call(func, args) if args and not isinstance(args[0], ir.Constant):
            return any(
                isinstance(value, External) and value.name in _STRICT
                for value in view.evaluate(func, scope, at)
            )
        case ir.Subscript(ir.Attribute(ir.Name(owner), attr), (ir.Constant(str()),)):
            return owner == layer.request_name and attr in _INPUTS
    return False
