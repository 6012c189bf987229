"""Dispatch functions that only look on: they neither change nor replace what passes through."""

from __future__ import annotations

from ... import ir
from ...walk import expressions, statements, walk, walk_all
from ..layers import Layer
from ..link import Application
from ..scopes import decorator_name
from ..values import External, FunctionValue, Instance, Method
from .wrapping import passes_on

_BODY = frozenset({"body", "json", "form", "stream", "receive", "_receive", "is_disconnected"})


def only_observes(layer: Layer, application: Application) -> bool:
    """Whether a dispatch always returns the untouched response of `call_next`."""
    function = layer.function
    plain = {decorator_name(decorator) for decorator in function.node.decorators}
    if layer.kind != "dispatch" or not function.node.is_async or not plain <= {"middleware"}:
        return False
    return _returns_untouched(layer) and _leaves_body(layer, application)


def _returns_untouched(layer: Layer) -> bool:
    untouched = {
        target.id
        for node in statements(layer.function.body)
        if isinstance(node, ir.Assign) and _is_passed(node.value, layer)
        for target in node.targets
        if isinstance(target, ir.Name)
    }
    used: list[ir.Expr] = []
    returned = 0
    for node in statements(layer.function.body):
        match node:
            case ir.Return(ir.Name(name)) if name in untouched:
                returned += 1
            case ir.Return(value) if _is_passed(value, layer):
                returned += 1
            case ir.Return():
                return False
            case ir.Raise(value) if value is not None:
                return False
            case ir.Assign(targets, value) if _is_passed(value, layer):
                if not all(isinstance(target, ir.Name) for target in targets):
                    return False
            case ir.Function() | ir.Class():
                return False
            case _:
                for expression in expressions(node):
                    used.extend(walk(expression))
    return returned > 0 and not any(
        isinstance(part, ir.Name) and part.id in {*untouched, layer.call_next_name} for part in used
    )


def _is_passed(node: ir.Expr | None, layer: Layer) -> bool:
    """Whether an expression is `await call_next(request)` and nothing else."""
    match node:
        case ir.Await(ir.Call(_, args) as call) if passes_on(call, layer):
            return args == (ir.Name(layer.names[0]),)
    return False


def _leaves_body(layer: Layer, application: Application) -> bool:
    """Whether a dispatch reads no body, and gives the request to nobody who may."""
    view = application.program.evaluator()
    request = ir.Name(layer.names[0])
    for part in walk_all(layer.function.body):
        match part:
            case ir.Attribute(owner, attr) if owner == request and attr in _BODY:
                return False
            case ir.Call(func, args, keywords) if not passes_on(part, layer):
                if request not in (*args, *(k.value for k in keywords)):
                    continue
                for value in view.evaluate(func, layer.function.scope, part.at):
                    match value:
                        case FunctionValue(helper) | Method(helper, _):
                            if _BODY & set(helper.node.mentions):
                                return False
                        case External() | Instance(External()):
                            pass
                        case _:
                            return False
    return True
