"""Refusals that a function returns: exceptions, responses of an error, and plain `False`."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ... import ir
from ...walk import statements
from ..calls import is_logging, results
from ..evaluate import Evaluator, Reach
from ..link import Application
from ..responses import given, is_response, statuses
from ..scopes import Function
from ..values import FunctionValue, Instance, Value
from .guards import checks

_REDIRECT = "starlette.responses.RedirectResponse"
_COMPARISONS = frozenset({"==", "!=", "<", ">", "<=", ">=", "in", "not in", "is", "is not", "not"})
_BOOLEAN = frozenset(
    {"compare_digest", "isinstance", "bool", "startswith", "endswith", "any", "all"}
)
_FIRST_ERROR = 400
_PAST_ERRORS = 600


class Verdict(msgspec.Struct, frozen=True):
    """A `return` that refuses; `kind` is "exception", "response", "pair", "false", or "answer" for
    the result of a comparison."""

    at: int
    kind: str


def verdicts(function: Function, application: Application) -> tuple[Verdict, ...]:
    """The refusals that a dependency returns."""
    if function.node.is_generator:
        return ()
    found: list[Verdict] = []
    view = application.program.evaluator(reach=Reach.NEAR)
    returned = list(results(function))
    for outcome, at in ((part, at) for node, at in returned for part in _outcomes(node)):
        values = view.evaluate(outcome, function.scope, at)
        if all(_is_exception(value, application) for value in values):
            found.append(Verdict(at, "exception"))
        elif all(_is_refusal(value, application) for value in values):
            found.append(Verdict(at, "response"))
        elif _is_pair(outcome, function, at, view):
            found.append(Verdict(at, "pair"))
    if found or not _is_question(function, application):
        return tuple(dict.fromkeys(found))
    false = [Verdict(at, "false") for node, at in returned if node == ir.Constant(False, "bool")]
    return tuple(false) or tuple(
        Verdict(at, "answer") for node, at in returned if not isinstance(node, ir.Constant)
    )


def _outcomes(node: ir.Expr) -> Iterator[ir.Expr]:
    """What an expression gives: each side of `a if test else b`."""
    if isinstance(node, ir.Conditional):
        yield from _outcomes(node.body)
        yield from _outcomes(node.orelse)
    else:
        yield node


def _is_exception(value: Value, application: Application) -> bool:
    return isinstance(value, Instance) and application.exceptions.is_http(value.cls)


def _is_refusal(value: Value, application: Application) -> bool:
    """Whether a value is a response with the status of an error, or one that sends elsewhere."""
    view = application.program.evaluator()
    if not isinstance(value, Instance) or not is_response(value, view):
        return False
    if view.is_a(value.cls, _REDIRECT):
        return True
    if value.call is None or value.scope is None:
        return False
    code = given(value.call, "status_code", value.cls, view)
    found = statuses(view.evaluate(code, value.scope, value.at)) if code is not None else ()
    return bool(found) and min(found) >= _FIRST_ERROR


def _is_pair(node: ir.Expr, function: Function, at: int, view: Evaluator) -> bool:
    """Whether an expression is a body and the status of an error, as other frameworks take it."""
    match node:
        case ir.Display("tuple", (_, status)):
            found = statuses(view.evaluate(status, function.scope, at))
            return bool(found) and min(found) >= _FIRST_ERROR and max(found) < _PAST_ERRORS
    return False


def _is_question(function: Function, application: Application) -> bool:
    """Whether a function only answers yes or no about a request, and does nothing else."""
    returned = [node for node, _ in results(function)]
    if not returned or not all(map(_is_boolean, returned)):
        return False
    if all(node == ir.Constant(True, "bool") for node in returned):
        return False
    if not checks(FunctionValue(function), application):
        return False
    for node in statements(function.body):
        match node:
            case ir.Expression(ir.Call() as call) if not is_logging(call):
                return False
            case ir.Expression(ir.Await()) | ir.Raise() | ir.Delete():
                return False
            case ir.Assign(targets) if any(not isinstance(t, ir.Name) for t in targets):
                return False
    return True


def _is_boolean(node: ir.Expr) -> bool:
    match node:
        case ir.Constant(value):
            return isinstance(value, bool)
        case ir.Operation("and" | "or", operands):
            return all(map(_is_boolean, operands))
        case ir.Operation(op):
            return op in _COMPARISONS
        case ir.Call(func):
            return ir.last_name(func) in _BOOLEAN
    return False
