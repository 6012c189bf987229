"""How is the answer that an HTTPException describes written as a response?"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

import msgspec

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Recipe
from fastapi_lint.model.application import Router
from fastapi_lint.model.calls import has_unpacking
from fastapi_lint.model.responses import HTTP_ERRORS, statuses
from fastapi_lint.model.scopes import Scope
from fastapi_lint.model.values import External, Literal
from fastapi_lint.rule import Context

OF_ERRORS = tuple(External(name) for name in HTTP_ERRORS)
"""The exceptions of the framework themselves."""
_PARAMETERS = ("status_code", "detail", "headers")
_WITHOUT_BODY = frozenset({*range(100, 200), 204, 205, 304})
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


class Answer(msgspec.Struct, frozen=True):
    """The statuses that an answer can have, as far as they are known, and how to write it in the
    place of the exception."""

    status: frozenset[int]
    write: Recipe


def answer(call: ir.Call, scope: Scope, at: int, context: Context) -> Answer | None:
    """The answer that FastAPI gives for an exception of the framework that a call makes."""
    given = _arguments(call)
    status = statuses(context.evaluator().evaluate(given.get("status_code"), scope, at))
    phrases = {_PHRASES.get(code) for code in status}
    detail = given.get("detail")
    is_told = len(phrases - {None}) == 1 if detail is None else not ir.is_none(detail)
    if "status_code" not in given or not status.isdisjoint(_WITHOUT_BODY) or not is_told:
        return None

    def write(edit: Editor) -> None:
        edit.replace(edit.callee(call.at), edit.import_name("fastapi.responses", "JSONResponse"))
        for index, name in enumerate(_PARAMETERS[: len(call.args)]):
            before, after = ('content={"detail": ', "}") if name == "detail" else (f"{name}=", "")
            edit.wrap(edit.argument(call.at, index), before, after)
        for keyword in call.keywords:
            if keyword.name == "detail":
                edit.replace_word(keyword.at, "detail", "content")
                edit.wrap(edit.value(keyword.at, "detail"), '{"detail": ', "}")
        if detail is None:
            edit.set_keyword(call.at, "content", f'{{"detail": "{phrases.copy().pop()}"}}')

    return Answer(status, write)


def _arguments(call: ir.Call) -> dict[str, ir.Expr]:
    """The arguments of an HTTPException by their names; none if they are not given one by one."""
    named = {keyword.name or "": keyword.value for keyword in call.keywords}
    given = dict(zip(_PARAMETERS, call.args, strict=False)) | named
    is_plain = not has_unpacking(call) and given.keys() <= {*_PARAMETERS}
    return given if is_plain and len(given) == len(call.args) + len(named) else {}


def answer_themselves(apps: Iterable[Router]) -> bool:
    """Whether any of some applications has a handler of its own for such exceptions."""
    return any(
        value in OF_ERRORS or isinstance(value, Literal)
        for app in apps
        for handler in app.exception_handlers
        for value in handler.exception
    )
