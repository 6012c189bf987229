"""Where a middleware answers a request itself on some path, without calling the application.

The paths are followed: an answer after the application was called is none, nor is one for an error
that came out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

import msgspec

from ... import ir
from ...walk import expressions, statements, walk, walk_all
from ..application import Place
from ..evaluate import Evaluator
from ..flow import Paths
from ..layers import Layer, is_asgi_call
from ..responses import RESPONSES, given, is_response, statuses
from ..scopes import Function
from ..values import FunctionValue, Method

_SAFE = frozenset(
    {
        "time",
        "perf_counter",
        "monotonic",
        "now",
        "utcnow",
        "uuid4",
        "str",
        "len",
        "get",
        "isoformat",
    }
    | {"debug", "info", "warning", "error", "exception", "bind", "set"}
)
_BROAD = ("Exception", "BaseException")
_WHOLE = (ir.Constant("path", "str"), ir.Constant("method", "str"))

_State: TypeAlias = tuple[bool, bool]
"""Whether the application was called, and whether a whole path or method is known."""


class Answer(msgspec.Struct, frozen=True):
    """A place where a middleware answers by itself.

    `status` is the status of the answer if it can be told. `exact` tells that this only happens for
    some whole path or method: a health check, a preflight.
    """

    place: Place
    status: int | None
    exact: bool

    @property
    def is_refusal(self) -> bool:
        """Whether it may turn away a request that was meant for the application."""
        return not self.exact or (self.status is not None and self.status >= 400)


def own_answers(layer: Layer, view: Evaluator) -> tuple[Answer, ...]:
    """The answers of a layer, in the order of the code; none if it cannot be followed."""
    name = layer.call_next_name
    if name is not None and _is_handed_on(layer.function, name):
        return ()
    paths = _Dispatch(view, layer) if layer.kind == "dispatch" else _Asgi(view, layer)
    paths.end(paths.run(layer.function.body, (False, False)).returns)
    found = sorted(paths.found, key=lambda answer: (answer.place.at, answer.exact))
    return tuple({answer.place: answer for answer in reversed(found)}.values())[::-1]


class _Following(Paths[_State]):
    def __init__(self, view: Evaluator, layer: Layer) -> None:
        super().__init__()
        self.found: list[Answer] = []
        self._eval = view
        self._layer = layer
        self._function = layer.function
        self._last = _catch_alls(layer.function, self._calls_app)

    def end(self, returns: dict[int, set[_State]]) -> None:
        """Look at how the paths end."""

    def _calls_app(self, node: ir.Expr) -> bool:
        raise NotImplementedError

    def expression(self, state: _State, node: ir.Expr, at: int) -> Iterable[_State]:
        return ((True, state[1]),) if self._calls_app(node) else (state,)

    def handler(self, state: _State, node: ir.Handler) -> Iterable[_State]:
        return ((True, state[1]),) if node.at in self._last else (state,)

    def test(self, state: _State, node: ir.Expr, truth: bool, at: int) -> Iterable[_State]:
        if _of_http(node) is (not truth):
            return ()
        return ((state[0], state[1] or (truth and _is_exact(node))),)

    def _answer(self, state: _State, node: ir.Expr, at: int) -> None:
        if not state[0]:
            status = self._status(node, at)
            self.found.append(Answer(Place(self._function.module, at), status, state[1]))

    def _status(self, node: ir.Expr, at: int) -> int | None:
        if not isinstance(node, ir.Call):
            return None
        scope = self._function.scope
        for cls in self._eval.evaluate(node.func, scope, at):
            if not self._eval.is_a(cls, *RESPONSES):
                continue
            code = given(node, "status_code", cls, self._eval)
            if code is None:
                return 307 if self._eval.is_a(cls, "starlette.responses.RedirectResponse") else 200
            return max(statuses(self._eval.evaluate(code, scope, at)), default=None)
        return None


class _Dispatch(_Following):
    """Through `dispatch(self, request, call_next)`."""

    def _calls_app(self, node: ir.Expr) -> bool:
        name = ir.Name(self._layer.names[1])
        return isinstance(node, ir.Call) and (
            node.func == name
            or name in node.args
            or any(item.value == name for item in node.keywords)
        )

    def end(self, returns: dict[int, set[_State]]) -> None:
        for node in statements(self._function.body):
            if isinstance(node, ir.Return) and node.value is not None:
                value = node.value
                for state in returns.get(node.at, ()):
                    if not ir.is_none(value):
                        self._answer(state, value, node.at)


class _Asgi(_Following):
    """Through `__call__(self, scope, receive, send)`."""

    def _calls_app(self, node: ir.Expr) -> bool:
        return isinstance(node, ir.Call) and is_asgi_call(node, self._layer)

    def expression(self, state: _State, node: ir.Expr, at: int) -> Iterable[_State]:
        if isinstance(node, ir.Call) and self._is_answer(node, at):
            self._answer(state, node.func, at)
            return ((True, state[1]),)
        return super().expression(state, node, at)

    def _is_answer(self, node: ir.Call, at: int) -> bool:
        send = ir.Name(self._layer.names[2])
        if node.func == send:
            return any(part == ir.Constant("http.response.start", "str") for part in walk(node))
        if send not in node.args:
            return False
        for value in self._eval.evaluate(node.func, self._function.scope, at):
            if is_response(value, self._eval):
                return True
            if isinstance(value, (FunctionValue, Method)):
                return not _names(value.function, "app")
        return False


def _is_exact(node: ir.Expr) -> bool:
    """Whether a test is true for whole paths or methods only."""
    return (
        isinstance(node, ir.Operation)
        and node.op in ("==", "in")
        and any(
            ir.last_name(part) in ("path", "method")
            or (isinstance(part, ir.Subscript) and part.index[:1] in [(word,) for word in _WHOLE])
            for part in (node.operands[0], node.operands[-1])
        )
    )


def _of_http(node: ir.Expr) -> bool | None:
    """What a test of the type of a scope gives for an HTTP request; `None` for other tests."""
    match node:
        case ir.Operation("==" | "!=" | "in" | "not in" as op, (left, right)) if _is_type(left):
            kinds = right.items if isinstance(right, ir.Display) else (right,)
            if all(isinstance(kind, ir.Constant) for kind in kinds):
                found = any(kind == ir.Constant("http", "str") for kind in kinds)
                return found is (op in ("==", "in"))
    return None


def _is_type(node: ir.Expr) -> bool:
    match node:
        case ir.Subscript(ir.Name(), (ir.Constant("type"),)):
            return True
        case ir.Call(ir.Attribute(ir.Name(), "get"), (ir.Constant("type"), *_)):
            return True
    return False


def _catch_alls(function: Function, calls_app: Callable[[ir.Expr], bool]) -> frozenset[int]:
    """The handlers that take errors of the application: of every kind, or of a `try` in which
    nothing else can fail before the application is called."""
    return frozenset(
        handler.at
        for node in statements(function.body)
        if isinstance(node, ir.Try) and any(calls_app(part) for part in walk_all(node.body))
        for handler in node.handlers
        if handler.catches is None
        or any(ir.last_name(part) in _BROAD for part in walk(handler.catches))
        or not _may_fail_before(node.body, calls_app)
    )


def _may_fail_before(body: tuple[ir.Stmt, ...], calls_app: Callable[[ir.Expr], bool]) -> bool:
    """Whether something that may fail, as far as names tell, comes before the application."""
    for node in statements(body):
        for expression in expressions(node):
            parts = tuple(walk(expression))
            if any(calls_app(part) for part in parts):
                return False
            if any(isinstance(p, ir.Call) and ir.last_name(p.func) not in _SAFE for p in parts):
                return True
        if isinstance(node, ir.Raise):
            return True
    return False


def _is_handed_on(function: Function, name: str) -> bool:
    """Whether something defined inside uses a name, so that it may be called from anywhere."""
    return any(_names(inner, name) for inner in function.scope.functions.values()) or any(
        isinstance(part, ir.Lambda) and ir.Name(name) in tuple(walk(part.body))
        for part in walk_all(function.body)
    )


def _names(function: Function, name: str) -> bool:
    return any(ir.last_name(part) == name for part in walk_all(function.body))
