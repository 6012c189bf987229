"""Can a dispatch function return the answer that it raises?"""

from __future__ import annotations

from collections.abc import Iterable

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Router
from fastapi_lint.model.exceptions import Raised
from fastapi_lint.model.flow import Frame, frames_at
from fastapi_lint.model.layers import Layer
from fastapi_lint.rule import Context

from ._answering import OF_ERRORS, answer, answer_themselves


def returned(found: Raised, layer: Layer, apps: Iterable[Router], context: Context) -> Fix | None:
    """Return a JSONResponse with what an exception of the framework says, in its place.

    There is no fix where the applications answer such exceptions in a way of their own, or where
    something is done or kept on the way out: by an `except` clause, a `finally`, or as the cause.
    """
    call, at = found.node.value, found.node.at
    if (
        not isinstance(call, ir.Call)
        or layer.kind != "dispatch"
        or not layer.function.node.is_async
        or found.via
        or found.node.cause is not None
        or found.value not in OF_ERRORS
        or answer_themselves(apps)
    ):
        return None
    given = answer(call, found.function.scope, at, context)
    if given is None:
        return None
    is_refusal = bool(given.status) and max(given.status) < 500
    frames = frames_at(layer.function.body, at)
    if not all(_is_left_quietly(frame, found, is_refusal, context) for frame in frames):
        return None

    def recipe(edit: Editor) -> None:
        edit.replace_word(at, "raise", "return")
        given.write(edit)

    return Fix.unsafe("Return it as a response", recipe)


def _is_left_quietly(frame: Frame, found: Raised, is_refusal: bool, context: Context) -> bool:
    """Whether it does not matter if a statement is left by a `raise` or a `return`.

    An error that leads to the answer is not worth a trace if the client made it.
    """
    match frame:
        case Frame(ir.Try(_, handlers, is_star=False), "body"):
            scope, exceptions = found.function.scope, context.application.exceptions
            taking = [h for h in handlers if exceptions.catches(h, scope, found.value) is not False]
            return all(len(handler.body) == 1 for handler in taking[:1])
        case Frame(ir.Try(is_star=False), "handler"):
            return is_refusal
        case Frame(ir.Try(), part):
            return part == "else"
    return True
