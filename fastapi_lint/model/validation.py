"""Validation errors: where the raw errors of an exception are sent as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .. import ir
from ..walk import children, own_parts, statements
from .application import Place
from .calls import argument_for, gives_back, is_logging, keyword
from .evaluate import Evaluator
from .handlers import parameters
from .scopes import Function
from .values import ClassValue, FunctionValue, Method

RESPONSES = frozenset({"JSONResponse", "HTTPException"})
_RESPONSE_CLASSES = frozenset(
    {
        "starlette.responses.JSONResponse",
        "starlette.exceptions.HTTPException",
        "fastapi.exceptions.HTTPException",
    }
)
SERIALISERS = RESPONSES | {"dumps"}
_HARMLESS = frozenset({"include_url", "include_input"})
"""What can be left out of the errors without leaving out the exception object."""


def sent_by_handler(function: Function, view: Evaluator) -> Iterator[tuple[Place, ir.Call]]:
    """The raw errors that a handler sends, by itself or in a function that it gives the exception.

    They come with their places.
    """
    params = parameters(function)
    if len(params) < 2:
        return
    queue = [(function, params[1])]
    for current, param in queue:
        errors = RawErrors(current, ir.Name(param.name), SERIALISERS, view)
        for call in errors.sent(current.body):
            yield Place(current.module, call.at), call
        queue.extend(given for given in errors.passed_on(current.body) if given not in queue)


class RawErrors:
    """Follows the raw errors of an exception through a function."""

    def __init__(
        self,
        function: Function,
        exc: ir.Expr,
        responses: frozenset[str],
        view: Evaluator,
        depth: int = 1,
    ) -> None:
        self._scope = function.scope
        self._exc = exc
        self._responses = responses
        self._view = view
        self._depth = depth
        self._held: dict[ir.Expr, ir.Call] = {}

    def sent(self, body: Iterable[ir.Stmt]) -> tuple[ir.Call, ...]:
        """The `exc.errors()` that reach one of the responses as they are."""
        sent: dict[int, ir.Call] = {}
        for node in statements(body):
            for part in own_parts(node):
                if isinstance(part, ir.Call):
                    sent.update((call.at, call) for call in self._sent_by(part, node.at))
            if isinstance(node, ir.Assign) and len(node.targets) == 1 and node.value is not None:
                self._hold(node.targets[0], node.value, node.at)
            elif isinstance(node, ir.For) and (collected := _collected(node)) is not None:
                self._hold(collected, node.iter, node.at)
        return tuple(sent.values())

    def _sent_by(self, call: ir.Call, at: int) -> Iterator[ir.Call]:
        """The raw errors that a call turns into JSON, itself or in a function of the project."""
        if ir.last_name(call.func) in self._responses:
            for argument in _serialised(call):
                yield from self._raw(argument, at)
        elif self._depth:
            for argument in _arguments(call):
                found = tuple(self._raw(argument, at))
                if found and any(
                    self._sends(function, param, found[0])
                    for function, param in self._receiving(call, argument, at)
                ):
                    yield from found

    def _sends(self, function: Function, param: ir.Parameter, errors: ir.Call) -> bool:
        """Whether a function turns the errors into JSON that it gets for a parameter."""
        responses = self._responses
        if function.name == "__init__" and function.owner is not None:
            bases = self._view.external_bases(function.owner)
            if not bases & _RESPONSE_CLASSES:
                return False
            responses |= {"__init__"}
        nothing = ir.Opaque(())
        inner = RawErrors(function, nothing, responses, self._view, self._depth - 1)
        inner._held[ir.Name(param.name)] = errors
        return bool(inner.sent(function.body))

    def passed_on(self, body: Iterable[ir.Stmt]) -> Iterator[tuple[Function, ir.Parameter]]:
        """The functions of the project that are given the exception, and as what."""
        for node in statements(body):
            for part in own_parts(node):
                if isinstance(part, ir.Call) and self._exc in _arguments(part):
                    yield from self._receiving(part, self._exc, node.at)

    def _receiving(
        self, call: ir.Call, given: ir.Expr, at: int
    ) -> Iterator[tuple[Function, ir.Parameter]]:
        for value in self._view.evaluate(call.func, self._scope, at):
            match value:
                case FunctionValue(function) | Method(function, _):
                    called: Function | None = function
                case ClassValue(cls):
                    called = self._view.find_method(cls, "__init__")
                case _:
                    called = None
            for param in called.node.params if called is not None else ():
                if called is not None and argument_for(called, param, call) == given:
                    yield called, param

    def _hold(self, target: ir.Expr, value: ir.Expr, at: int) -> None:
        found = next(self._raw(value, at), None)
        if found is not None:
            self._held[target] = found
        else:
            self._held.pop(target, None)

    def _raw(self, node: ir.Expr, at: int) -> Iterator[ir.Call]:
        """The raw errors in an expression: not encoded, and not picked apart."""
        match node:
            case ir.Call(ir.Attribute(owner, "errors"), (), keywords) if owner == self._exc:
                if all(keyword.name in _HARMLESS for keyword in keywords):
                    yield node
                return
            case ir.Name() if node in self._held:
                yield self._held[node]
                return
            case ir.Call(func, _, keywords) if ir.last_name(func) == "dumps":
                if any(keyword.name in ("default", "cls") for keyword in keywords):
                    return
            case ir.Comprehension("list", element, ((target, iterated, _),)):
                if _keeps_cause(element, target):
                    yield from self._raw(iterated, at)
                return
            case ir.Comprehension() | ir.Subscript() | ir.Lambda() | ir.Format():
                return
            case ir.Call(func) if ir.last_name(func) not in ("dict", "list"):
                for argument in _arguments(node):
                    if any(
                        gives_back(function, param.name)
                        for function, param in self._receiving(node, argument, at)
                    ):
                        yield from self._raw(argument, at)
                return
        for child in children(node):
            if child is not None:
                yield from self._raw(child, at)


def _collected(loop: ir.For) -> ir.Expr | None:
    """The list to which a loop adds each item, as it is or with more in it, but for logging."""
    found = None
    for node in loop.body:
        match node:
            case ir.Expression(ir.Call(ir.Attribute(owner, "append"), (item,), ())):
                if not _keeps_cause(item, loop.target):
                    return None
                found = owner
            case ir.Expression(ir.Call() as call) if is_logging(call):
                pass
            case ir.Assign((ir.Subscript(owner, (ir.Constant(str() as key),)),)):
                if owner != loop.target or key == "ctx":
                    return None
            case _:
                return None
    return found


def _keeps_cause(element: ir.Expr, error: ir.Expr) -> bool:
    """Whether an element made of an error holds what may be an exception object: its `ctx`."""
    match element:
        case ir.Dict(items):
            return any(
                (key is None and value == error) or _is_cause(value, error) for key, value in items
            )
    return element == error


def _is_cause(node: ir.Expr, error: ir.Expr) -> bool:
    match node:
        case ir.Subscript(owner, (ir.Constant("ctx"),)):
            return owner == error
        case ir.Call(ir.Attribute(owner, "get"), (ir.Constant("ctx"), *_)):
            return owner == error
    return False


def _arguments(call: ir.Call) -> tuple[ir.Expr, ...]:
    return (*call.args, *[keyword.value for keyword in call.keywords])


def _serialised(call: ir.Call) -> tuple[ir.Expr, ...]:
    """What of a call is turned into JSON by the standard library."""
    if ir.last_name(call.func) == "HTTPException":
        detail = keyword(call, "detail")
        return (detail,) if detail is not None else call.args[1:2]
    if any(keyword.name in ("default", "cls") for keyword in call.keywords):
        return ()
    return (*call.args[:1], *[keyword.value for keyword in call.keywords])
