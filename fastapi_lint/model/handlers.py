"""Exception handlers: the functions that serve which exceptions."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from .. import ir
from .application import ExceptionHandler
from .calls import has_unpacking, is_receiver
from .evaluate import Evaluator
from .exceptions import Exceptions
from .scopes import Function
from .values import ClassValue, External, FunctionValue, Instance, Literal, Method, Partial


def functions_of(handler: ExceptionHandler, view: Evaluator) -> Iterator[Function]:
    """The functions of the project that serve an exception."""
    for value in handler.handler:
        match value:
            case FunctionValue(function) | Method(function, _):
                yield function
            case Instance(ClassValue(cls)):
                method = view.find_method(cls, "__call__")
                if method is not None:
                    yield method


def parameters(function: Function) -> tuple[ir.Parameter, ...]:
    """The parameters of a handler after `self`."""
    return tuple(p for p in function.node.params if not is_receiver(function, p))


def signatures(
    handler: ExceptionHandler, view: Evaluator
) -> Iterator[tuple[Function, tuple[ir.Parameter, ...]]]:
    """The functions of the project that serve an exception, with the parameters that a call fills:
    without those that `partial` has given, and with `self` where a method is not bound."""
    for value in handler.handler:
        match value:
            case Partial(FunctionValue(function) | Method(function, _), call):
                if not has_unpacking(call):
                    yield function, _left(parameters(function), call)
            case Method(function, ClassValue()) if not function.has_decorator("classmethod"):
                yield function, function.node.params
            case _:
                for function in functions_of(replace(handler, handler=(value,)), view):
                    yield function, parameters(function)


def _left(params: tuple[ir.Parameter, ...], call: ir.Call) -> tuple[ir.Parameter, ...]:
    """The parameters that can still be given by position after a call of `partial`."""
    named = {keyword.name for keyword in call.keywords}
    left = []
    for param in params[len(call.args) :]:
        if param.name in named and param.kind == "plain":
            break
        left.append(param)
    return tuple(left)


def serves(handler: ExceptionHandler, *names: str) -> bool:
    """Whether a handler is registered for exactly one of these exceptions outside the project."""
    return any(isinstance(v, External) and v.name in names for v in handler.exception)


def serves_exceptions(handler: ExceptionHandler, exceptions: Exceptions) -> bool:
    """Whether a handler is registered for an exception class, not for a status."""
    return any(
        isinstance(value, (External, ClassValue)) and exceptions.is_exception(value)
        for value in handler.exception
    )


def statuses(handler: ExceptionHandler) -> frozenset[int]:
    """The statuses that a handler is registered for."""
    return frozenset(
        value.value
        for value in handler.exception
        if isinstance(value, Literal) and isinstance(value.value, int)
    )
