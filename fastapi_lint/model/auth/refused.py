"""The HTTP errors that a block raises by itself, with their statuses and headers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from ... import ir
from ...walk import statements
from ..responses import HTTP_ERRORS, given, statuses
from ..scopes import Function
from ..values import Instance

if TYPE_CHECKING:
    from ..link import Application


class Refusal(msgspec.Struct, frozen=True):
    """A `raise` of an HTTPException with one known status; `call` makes the exception."""

    at: int
    status: int
    error: Instance
    call: ir.Call


def refusals(
    body: Iterable[ir.Stmt], function: Function, application: Application
) -> Iterator[Refusal]:
    """The `raise` statements of a block that raise an HTTPException of one known status."""
    for at, error in _raised(body, function, application):
        if error.call is None or error.scope is None:
            continue
        view = application.program.evaluator()
        status = given(error.call, "status_code", error.cls, view)
        found = statuses(view.evaluate(status, error.scope, error.at)) if status else frozenset()
        if len(found) == 1:
            yield Refusal(at, next(iter(found)), error, error.call)


def _raised(
    body: Iterable[ir.Stmt], function: Function, application: Application
) -> Iterator[tuple[int, Instance]]:
    """The HTTP errors that a block raises, with the `raise` statements."""
    view = application.program.evaluator()
    for node in statements(body):
        if isinstance(node, ir.Raise) and node.value is not None:
            for value in view.evaluate(node.value, function.scope, node.at):
                if isinstance(value, Instance) and view.is_a(value.cls, *HTTP_ERRORS):
                    yield node.at, value
