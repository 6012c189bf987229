"""The validators of models that may reject a value."""

from __future__ import annotations

from collections.abc import Iterator

from ... import ir
from ...walk import statements
from ..link import Application
from ..scopes import Class, Function
from ..values import ClassValue, External, Value

_VALIDATORS = ("field_validator", "model_validator", "validator", "root_validator")
_REJECTING = ("builtins.ValueError", "builtins.AssertionError", "pydantic_core.PydanticCustomError")
_HANDLED = frozenset(
    {"pydantic.ValidationError", "pydantic.error_wrappers.ValidationError", "builtins.ValueError"}
)


def raising_validator(cls: Class, application: Application) -> Function | None:
    """A validator of a model, its own or inherited, that may raise what pydantic takes for a
    rejected value."""
    view = application.program.evaluator()
    value = ClassValue(cls)
    if not view.is_a(value, "pydantic.BaseModel") or view.is_a(
        value, "pydantic_settings.BaseSettings"
    ):
        return None
    if view.find_method(cls, "__init__") is not None:
        return None
    return next((m for m in _methods(cls, application) if _rejects(m, application)), None)


def _methods(cls: Class, application: Application) -> Iterator[Function]:
    seen: set[str] = set()
    for current in application.program.evaluator().mro(cls):
        for method in current.methods():
            if method.name not in seen and (
                method.has_decorator(*_VALIDATORS) or method.name == "model_post_init"
            ):
                yield method
            seen.add(method.name)


def _rejects(method: Function, application: Application) -> bool:
    if any(isinstance(node, ir.Jump) and node.word == "assert" for node in statements(method.body)):
        return True

    def wanted(value: Value) -> bool:
        return application.exceptions.is_a(value, *_REJECTING)

    return bool(application.exceptions.leaving(method, wanted))


def handles_validation(application: Application) -> bool:
    """Whether some application has a handler for what a model raises."""
    return any(
        isinstance(value, External) and value.name in _HANDLED
        for owner in application.apps
        for handler in owner.exception_handlers
        for value in handler.exception
    )
