"""How does a dispatch function return the answer that its HTTPException describes?"""

from __future__ import annotations

import http
from collections.abc import Iterable

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Router
from fastapi_lint.model.calls import has_unpacking
from fastapi_lint.model.exceptions import Exceptions, Raised
from fastapi_lint.model.flow import Frame, frames_at
from fastapi_lint.model.layers import Layer
from fastapi_lint.model.responses import HTTP_ERRORS, statuses
from fastapi_lint.model.values import External, Literal
from fastapi_lint.rule import Context

_PARAMETERS = ("status_code", "detail", "headers")
_OF_ERRORS = tuple(External(name) for name in HTTP_ERRORS)
_WITHOUT_BODY = frozenset({*range(100, 200), 204, 205, 304})


def returned(found: Raised, layer: Layer, apps: Iterable[Router], context: Context) -> Fix | None:
    """Return a JSONResponse with what an exception of the framework says, in its place.

    There is no fix where the applications answer such exceptions in a way of their own, or where
    something is done or kept on the way out: by an `except` clause, a `finally`, or as the cause.
    """
    call = found.node.value
    if (
        not isinstance(call, ir.Call)
        or layer.kind != "dispatch"
        or not layer.function.node.is_async
        or found.via
        or found.node.cause is not None
        or found.value not in _OF_ERRORS
        or any(_answers_itself(app) for app in apps)
    ):
        return None
    given = _arguments(call)
    scope, at = found.function.scope, found.node.at
    status = statuses(context.evaluator().evaluate(given.get("status_code"), scope, at))
    detail = given.get("detail")
    is_refusal = bool(status) and max(status) < 500
    exceptions = context.application.exceptions
    if (
        "status_code" not in given
        or not status.isdisjoint(_WITHOUT_BODY)
        or (detail is None and len(status) != 1)
        or (detail is not None and ir.is_none(detail))
        or not all(
            _is_left_quietly(frame, found, is_refusal, exceptions)
            for frame in frames_at(layer.function.body, at)
        )
    ):
        return None
    content = (
        None if detail is not None else f'{{"detail": "{http.HTTPStatus(min(status)).phrase}"}}'
    )

    def recipe(edit: Editor) -> None:
        edit.replace_word(at, "raise", "return")
        edit.replace(edit.callee(call.at), edit.import_name("fastapi.responses", "JSONResponse"))
        for index, name in enumerate(_PARAMETERS[: len(call.args)]):
            before, after = ('content={"detail": ', "}") if name == "detail" else (f"{name}=", "")
            edit.wrap(edit.argument(call.at, index), before, after)
        for keyword in call.keywords:
            if keyword.name == "detail":
                edit.replace_word(keyword.at, "detail", "content")
                edit.wrap(edit.value(keyword.at, "detail"), '{"detail": ', "}")
        if content is not None:
            edit.set_keyword(call.at, "content", content)

    return Fix.unsafe("Return it as a response", recipe)


def _arguments(call: ir.Call) -> dict[str, ir.Expr]:
    """The arguments of an HTTPException by their names; none if they are not given one by one."""
    named = {keyword.name or "": keyword.value for keyword in call.keywords}
    given = dict(zip(_PARAMETERS, call.args, strict=False)) | named
    is_plain = not has_unpacking(call) and given.keys() <= {*_PARAMETERS}
    return given if is_plain and len(given) == len(call.args) + len(named) else {}


def _answers_itself(app: Router) -> bool:
    return any(
        value in _OF_ERRORS or isinstance(value, Literal)
        for handler in app.exception_handlers
        for value in handler.exception
    )


def _is_left_quietly(frame: Frame, found: Raised, is_refusal: bool, exceptions: Exceptions) -> bool:
    """Whether it does not matter if a statement is left by a `raise` or a `return`.

    An error that leads to the answer is not worth a trace if the client made it.
    """
    match frame:
        case Frame(ir.Try(_, handlers, is_star=False), "body"):
            scope = found.function.scope
            taking = [h for h in handlers if exceptions.catches(h, scope, found.value) is not False]
            return all(len(handler.body) == 1 for handler in taking[:1])
        case Frame(ir.Try(is_star=False), "handler"):
            return is_refusal
        case Frame(ir.Try(), part):
            return part == "else"
    return True
