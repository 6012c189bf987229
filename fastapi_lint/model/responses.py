"""Responses and HTTP errors: which classes they are, and what a call gives them."""

from __future__ import annotations

import http
import re
from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from .. import ir
from ..walk import own_parts, replaced, statements, walk, walk_all
from .calls import argument_for, keyword, results
from .evaluate import Evaluator
from .exceptions import FASTAPI_HTTP_EXCEPTION, HTTP_EXCEPTION
from .scopes import END, Function, Scope
from .values import ClassValue, External, FunctionValue, Literal, Mapping, Method, Value

RESPONSES = (
    *(
        f"starlette.responses.{name}"
        for name in (
            "Response", "JSONResponse", "PlainTextResponse", "HTMLResponse", "RedirectResponse",
            "StreamingResponse", "FileResponse", "ORJSONResponse", "UJSONResponse",
        )
    ),
    "fastapi.sse.EventSourceResponse",
    "sse_starlette.EventSourceResponse",
    "sse_starlette.sse.EventSourceResponse",
)  # fmt: skip
"""The response classes of FastAPI and Starlette, and of a companion for events."""

HTTP_ERRORS = (HTTP_EXCEPTION, FASTAPI_HTTP_EXCEPTION)
_FIRST_ERROR = 400
_POSITIONS = {"content": 0, "status_code": 1, "headers": 2}
_ERROR_POSITIONS = {"status_code": 0, "detail": 1, "headers": 2}
_STATUS = re.compile(r"(?:fastapi|starlette)\.status\.HTTP_(\d{3})_\w+")
_ENUM = re.compile(r"http\.HTTPStatus\.([A-Z_]+)(?:\.value)?")


def is_response(value: Value, view: Evaluator) -> bool:
    """Whether a value is a response of the framework, or of a class derived from one."""
    return view.instance_of(value, *RESPONSES)


def statuses(values: Iterable[Value]) -> frozenset[int]:
    """The status codes among some values: numbers, `status.HTTP_...`, `HTTPStatus...`."""
    found = set()
    for value in values:
        match value:
            case Literal(int() as number):
                found.add(int(number))
            case External(name) if match := _STATUS.fullmatch(name):
                found.add(int(match[1]))
            case External(name) if (match := _ENUM.fullmatch(name)) and (
                match[1] in http.HTTPStatus.__members__
            ):
                found.add(http.HTTPStatus[match[1]].value)
    return frozenset(found)


def given(call: ir.Call, name: str, cls: Value, view: Evaluator) -> ir.Expr | None:
    """What a call that makes a response or an HTTP error gives for a parameter of those."""
    if (value := keyword(call, name)) is not None:
        return value
    if isinstance(cls, ClassValue) and view.find_method(cls.cls, "__init__") is not None:
        return None
    positions = _ERROR_POSITIONS if view.is_a(cls, *HTTP_ERRORS) else _POSITIONS
    position = positions[name]
    if any(isinstance(arg, ir.Starred) for arg in call.args) or len(call.args) <= position:
        return None
    return call.args[position]


class HttpError(msgspec.Struct, frozen=True):
    """An HTTP error that is made, or a response with the status of one: its detail or content, as
    the one who asks wrote it, and its statuses."""

    detail: ir.Expr | None
    statuses: frozenset[int]

    def given_by(self, function: Function, call: ir.Call) -> HttpError:
        """The same, with what a call of the function around gives for its parameters."""
        if self.detail is None:
            return self
        given = {p.name: argument_for(function, p, call) for p in function.node.params}
        known = {name: argument for name, argument in given.items() if argument is not None}
        return replace(self, detail=replaced(self.detail, known))


def made_errors(call: ir.Call, scope: Scope, at: int, view: Evaluator) -> Iterator[HttpError]:
    """The HTTP errors that a call may make: by itself, in the constructor of a class that derives
    from HTTPException, or in a function that gives one back whatever it is given. Nothing for other
    calls."""
    for callee in view.evaluate(call.func, scope, at):
        match callee:
            case ClassValue(cls) if view.is_a(callee, *HTTP_ERRORS) and (
                init := view.find_method(cls, "__init__")
            ):
                for node in statements(init.body):
                    for part in own_parts(node):
                        if isinstance(part, ir.Call) and ir.last_name(part.func) == "__init__":
                            made = _made(
                                part, "detail", External(HTTP_EXCEPTION), init.scope, node.at, view
                            )
                            yield made.given_by(init, call)
            case ClassValue() | External() if view.is_a(callee, *HTTP_ERRORS):
                yield _made(call, "detail", callee, scope, at, view)
            case ClassValue() | External() if view.is_a(callee, *RESPONSES):
                answer = _made(call, "content", callee, scope, at, view)
                if answer.statuses and min(answer.statuses) >= _FIRST_ERROR:
                    yield answer
            case FunctionValue(function) | Method(function, _):
                for result, place in results(function):
                    if _is_chosen(function, place):
                        continue
                    if isinstance(result, ir.Call) and any(
                        view.is_a(value, *HTTP_ERRORS, *RESPONSES)
                        for value in view.evaluate(result.func, function.scope, place)
                    ):
                        for made in made_errors(result, function.scope, place, view):
                            yield made.given_by(function, call)


def _is_chosen(function: Function, place: int) -> bool:
    """Whether a function gives a result only where one of its tests came out true."""
    return any(branch.test is not None for branch in function.scope.path_at(place))


def _made(
    call: ir.Call, name: str, cls: Value, scope: Scope, at: int, view: Evaluator
) -> HttpError:
    status = given(call, "status_code", cls, view)
    return HttpError(given(call, name, cls, view), statuses(view.evaluate(status, scope, at)))


def names_headers(function: Function, prefix: str, view: Evaluator) -> bool:
    """Whether a function spells out headers that begin so, itself or in a dict that it uses."""
    for part in walk_all(function.body):
        values = view.evaluate(part, function.scope, END) if isinstance(part, ir.Name) else ()
        nodes = [part, *[value.node for value in values if isinstance(value, Mapping)]]
        for node in nodes:
            inside = walk(node) if isinstance(node, ir.Dict) else (node,)
            if any(
                isinstance(word, ir.Constant) and str(word.value).lower().startswith(prefix)
                for word in inside
            ):
                return True
    return False
