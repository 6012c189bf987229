"""Responses and HTTP errors: which classes they are, and what a call gives them."""

from __future__ import annotations

import http
import re
from collections.abc import Iterable

from .. import ir
from ..walk import walk, walk_all
from .calls import keyword
from .evaluate import Evaluator
from .exceptions import FASTAPI_HTTP_EXCEPTION, HTTP_EXCEPTION
from .scopes import END, Function
from .values import ClassValue, External, Literal, Mapping, Value

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
_POSITIONS = {"status_code": 1, "headers": 2}
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
    """What a call that makes a response or an HTTP error gives for `status_code` or `headers`."""
    if (value := keyword(call, name)) is not None:
        return value
    if isinstance(cls, ClassValue) and view.find_method(cls.cls, "__init__") is not None:
        return None
    positions = _ERROR_POSITIONS if view.is_a(cls, *HTTP_ERRORS) else _POSITIONS
    position = positions[name]
    if any(isinstance(arg, ir.Starred) for arg in call.args) or len(call.args) <= position:
        return None
    return call.args[position]


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
