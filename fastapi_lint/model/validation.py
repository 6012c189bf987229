"""Validation errors: where the raw errors of an exception are sent as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .. import ir
from ..walk import children, own_parts, statements
from .application import Place
from .calls import argument_for, keyword, results
from .evaluate import Evaluator
from .handlers import parameters
from .scopes import Function
from .values import FunctionValue, Method

RESPONSES = frozenset({"JSONResponse", "HTTPException"})
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
        self, function: Function, exc: ir.Expr, responses: frozenset[str], view: Evaluator
    ) -> None:
        self._scope = function.scope
        self._exc = exc
        self._responses = responses
        self._view = view
        self._held: dict[ir.Expr, ir.Call] = {}

    def sent(self, body: Iterable[ir.Stmt]) -> tuple[ir.Call, ...]:
        """The `exc.errors()` that reach one of the responses as they are."""
        sent: dict[int, ir.Call] = {}
        for node in statements(body):
            for part in own_parts(node):
                if isinstance(part, ir.Call) and ir.last_name(part.func) in self._responses:
                    for argument in _serialised(part):
                        sent.update((call.at, call) for call in self._raw(argument, node.at))
            if isinstance(node, ir.Assign) and len(node.targets) == 1 and node.value is not None:
                self._hold(node.targets[0], node.value, node.at)
            elif isinstance(node, ir.For) and (collected := _collected(node)) is not None:
                self._hold(collected, node.iter, node.at)
        return tuple(sent.values())

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
            if isinstance(value, (FunctionValue, Method)):
                for param in value.function.node.params:
                    if argument_for(value.function, param, call) == given:
                        yield value.function, param

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
            case ir.Comprehension("list", ir.Name() as element, ((target, iterated, _),)):
                if element == target:
                    yield from self._raw(iterated, at)
                return
            case ir.Comprehension() | ir.Subscript() | ir.Lambda() | ir.Format():
                return
            case ir.Call(func) if ir.last_name(func) not in ("dict", "list"):
                for argument in _arguments(node):
                    if any(
                        _gives_back(function, param)
                        for function, param in self._receiving(node, argument, at)
                    ):
                        yield from self._raw(argument, at)
                return
        for child in children(node):
            if child is not None:
                yield from self._raw(child, at)


def _collected(loop: ir.For) -> ir.Expr | None:
    """The list to which a loop adds each item as it is, and does nothing else with it."""
    body = loop.body
    if len(body) == 1 and isinstance(body[0], ir.Expression):
        match body[0].value:
            case ir.Call(ir.Attribute(owner, "append"), (item,), ()) if item == loop.target:
                return owner
    return None


def _gives_back(function: Function, param: ir.Parameter) -> bool:
    """Whether a function returns what it is given, as it is or in a dict or list."""
    wanted = ir.Name(param.name)

    def holds(node: ir.Expr) -> bool:
        match node:
            case ir.Dict() | ir.Display() | ir.Call(ir.Name("dict")):
                return any(holds(child) for child in children(node) if child is not None)
        return node == wanted

    return not function.node.is_generator and any(
        holds(node) and all(b.kind == "parameter" for b in function.scope.reaching(param.name, at))
        for node, at in results(function)
    )


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
