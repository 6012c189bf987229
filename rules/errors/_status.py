"""Which status would a client get for an exception that its handler leaves without one?"""

from __future__ import annotations

from fastapi_lint.model.application import ExceptionHandler
from fastapi_lint.model.exceptions import VALIDATION_ERROR, Exceptions
from fastapi_lint.model.handlers import parameters
from fastapi_lint.model.scopes import Class, Function
from fastapi_lint.model.values import ClassValue, External, Value


def status_for(handler: ExceptionHandler, function: Function, exceptions: Exceptions) -> str | None:
    """The status as the handler can write it; `None` if it is not clear.

    That is the exception's own `status_code`, 422 for a request that is not valid, or 500 for what
    nobody expects.
    """
    found = {_status(value, function, exceptions) for value in handler.exception}
    return found.pop() if len(found) == 1 else None


def _status(value: Value, function: Function, exceptions: Exceptions) -> str | None:
    params = parameters(function)
    if exceptions.is_http(value) or _has_status(value, exceptions):
        return f"{params[1].name}.status_code" if len(params) == 2 else None
    if exceptions.is_a(value, VALIDATION_ERROR):
        return "422"
    match value:
        case External(name) if name.startswith("builtins."):
            return "500"
    return None


def _has_status(value: Value, exceptions: Exceptions) -> bool:
    """Whether the exceptions of a class of the project have a `status_code`."""
    return any(
        isinstance(above, ClassValue) and _sets_status(above.cls)
        for above in exceptions.ancestors(value)
    )


def _sets_status(cls: Class) -> bool:
    makes = cls.method("__init__")
    return "status_code" in cls.scope.bindings or (
        makes is not None and "status_code" in makes.self_assignments
    )
