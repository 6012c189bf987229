"""Which response headers the code of an application sets, and where."""

from __future__ import annotations

from collections.abc import Iterator

from ... import ir
from ...walk import own_parts, statements
from ..application import Place
from ..calls import is_receiver, keyword
from ..evaluate import Evaluator, Reach
from ..program import Program
from ..responses import HTTP_ERRORS, RESPONSES, given
from ..scopes import Function, Scope
from ..values import Literal, Mapping, Value

_STORES = ("append", "setdefault", "add")
_HEADERS = ("starlette.datastructures.MutableHeaders",)
_RESPONSE = "starlette.responses.Response"


def headers_set(
    function: Function, program: Program, *, errors: bool = True
) -> Iterator[tuple[str, Place]]:
    """The names of the headers that a function, and what it defines inside, sets on responses.

    Those of HTTP errors count only if asked: no handler sees an error of middleware.
    """
    view, near = program.evaluator(), program.evaluator(reach=Reach.NEAR)
    scope = function.scope
    for node in statements(function.body):
        place = Place(function.module, node.at)
        if isinstance(node, ir.Assign):
            for target in node.targets:
                if (
                    isinstance(target, ir.Subscript)
                    and len(target.index) == 1
                    and _is_headers(target.value, function, node.at, near)
                ):
                    for name in _texts(target.index[0], scope, node.at, view):
                        yield name, place
        for part in own_parts(node):
            if isinstance(part, ir.Call):
                for name in _given(part, function, node.at, view, near, errors):
                    yield name, place
    for inner in scope.functions.values():
        yield from headers_set(inner, program, errors=errors)


def _given(
    call: ir.Call, function: Function, at: int, view: Evaluator, near: Evaluator, errors: bool
) -> Iterator[str]:
    """The headers that a call adds: to headers, or to the response or error that it makes."""
    func, scope = call.func, function.scope
    if isinstance(func, ir.Attribute) and func.attr in (*_STORES, "update"):
        if call.args and _is_headers(func.value, function, at, near):
            if func.attr == "update":
                yield from _keys(call.args[0], scope, at, view)
            elif isinstance(call.args[0], ir.Display):
                yield from _texts(call.args[0].items[0], scope, at, view)
            else:
                yield from _texts(call.args[0], scope, at, view)
        return
    if keyword(call, "headers") is None and len(call.args) < 3:
        return
    if not (ir.last_name(func) or "")[:1].isupper():
        return
    for cls in near.evaluate(func, scope, at):
        makes = near.is_a(cls, *RESPONSES, *(HTTP_ERRORS if errors else ()))
        if makes and (headers := given(call, "headers", cls, near)) is not None:
            yield from _keys(headers, scope, at, view)


def _is_headers(node: ir.Expr, function: Function, at: int, view: Evaluator) -> bool:
    """Whether an expression is the headers of a response: of one that was made, injected or
    received from `call_next`, or of the message that starts one."""
    match node:
        case ir.Attribute(owner, "headers"):
            return _is_response(owner, function, at, view)
        case ir.Subscript(ir.Name(), (ir.Constant("headers"),)):
            return True
        case ir.Name():
            return any(
                view.instance_of(value, *_HEADERS)
                for value in view.evaluate(node, function.scope, at)
            )
    return False


def _is_response(node: ir.Expr, function: Function, at: int, view: Evaluator) -> bool:
    values = view.evaluate(node, function.scope, at)
    if any(view.instance_of(value, *RESPONSES) for value in values):
        return True
    if not isinstance(node, ir.Name):
        return False
    param = function.parameter(node.id)
    if param is not None and param.annotation is not None and not is_receiver(function, param):
        types = view.evaluate(param.annotation, function.parent, function.node.at)
        return any(view.is_a(cls, _RESPONSE) for cls in types)
    return any(
        binding.kind == "value" and _is_passed_on(binding.source, function)
        for binding in function.scope.reaching(node.id, at)
    )


def _is_passed_on(source: object, function: Function) -> bool:
    """Whether a value is what `await call_next(request)` gives."""
    match source:
        case ir.Await(ir.Call(ir.Name(name), (_,), ())):
            params = [p.name for p in function.node.params]
            return name in params[1:]
    return False


def _keys(node: ir.Expr, scope: Scope, at: int, view: Evaluator) -> Iterator[str]:
    for value in view.evaluate(node, scope, at):
        if isinstance(value, Mapping):
            for key, _ in value.node.items:
                if key is not None:
                    yield from _texts(key, value.scope, value.at, view)


def _texts(node: ir.Expr, scope: Scope, at: int, view: Evaluator) -> Iterator[str]:
    """The texts that an expression can be; `encode()` of one counts as the text."""
    match node:
        case ir.Call(ir.Attribute(text, "encode" | "lower" | "upper"), _, _):
            yield from _texts(text, scope, at, view)
        case _:
            values: tuple[Value, ...] = view.evaluate(node, scope, at)
            yield from (
                value.value
                for value in values
                if isinstance(value, Literal) and isinstance(value.value, str)
            )
