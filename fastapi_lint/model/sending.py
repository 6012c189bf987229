"""Does a value that a function has get into what is answered to a client, in production?"""

from __future__ import annotations

from collections.abc import Iterator

from .. import ir
from ..walk import children, own_parts, statements
from .calls import argument_for, gives_back, results
from .evaluate import Evaluator
from .link import Application
from .production import in_production
from .responses import RESPONSES
from .scopes import Function
from .values import ClassValue, External, FunctionValue, Method, Value

_KEEPING = frozenset(
    {
        "strip", "lstrip", "rstrip", "split", "splitlines", "replace", "encode", "decode", "copy",
        "format", "join", "lower", "upper", "expandtabs", "getvalue", "title",
    }
)  # fmt: skip
"""Methods whose result holds the text that they are called on, or given."""

_COPYING = frozenset(
    {
        "builtins.str", "builtins.repr", "builtins.list", "builtins.tuple", "builtins.dict",
        "builtins.reversed", "builtins.sorted", "json.dumps", "html.escape", "markupsafe.escape",
        "fastapi.encoders.jsonable_encoder", "textwrap.dedent", "textwrap.indent", "typing.cast",
    }
)  # fmt: skip
_ADDING = frozenset({"append", "extend", "insert", "add", "update", "setdefault"})
_MAX_ROUNDS = 3


class Sending:
    """Follows values, each given by a call or held by a parameter, through functions."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._view: Evaluator = application.program.evaluator(production=True)
        self._held: dict[tuple[int, int], tuple[ir.Expr, ...]] = {}

    def bodies(self, function: Function) -> Iterator[tuple[ir.Call, int]]:
        """The calls in a function that make a response, or an HTTPException."""
        for node in statements(function.body):
            for part in own_parts(node):
                if isinstance(part, ir.Call) and any(
                    map(self._is_body, self._view.evaluate(part.func, function.scope, node.at))
                ):
                    yield part, node.at

    def is_sent(self, source: ir.Expr, function: Function, depth: int = 2) -> bool:
        """Whether a value gets into a response or HTTPException that the function makes, or that
        one makes to which it gives it; or is in what an endpoint returns."""
        for node in statements(function.body):
            for part in own_parts(node):
                if isinstance(part, ir.Call) and self._is_sent_by(
                    part, node.at, source, function, depth
                ):
                    return True
        return function in self._application.graph.endpoints and self.is_returned(source, function)

    def is_returned(self, source: ir.Expr, function: Function) -> bool:
        """Whether a function returns a value, or something that holds it."""
        return any(
            self._holds(node, at, source, function) and self._runs(function, at)
            for node, at in results(function)
        )

    def puts(self, call: ir.Call, given: ir.Expr, function: Function, at: int) -> bool:
        """Whether a call in a function gives an argument to one that puts it into a response."""
        return any(
            self.is_sent(ir.Name(param), callee, 1)
            for callee, param in self._receivers(call, (given,), function, at)
        )

    def _is_body(self, value: Value) -> bool:
        return self._view.is_a(value, *RESPONSES) or self._application.exceptions.is_http(value)

    def _is_sent_by(
        self, call: ir.Call, at: int, source: ir.Expr, function: Function, depth: int
    ) -> bool:
        held = [a for a in _arguments(call) if self._holds(a, at, source, function)]
        if not held or not self._runs(function, at):
            return False
        if any(map(self._is_body, self._view.evaluate(call.func, function.scope, at))):
            return True
        return depth > 0 and any(
            self.is_sent(ir.Name(param), callee, depth - 1)
            for callee, param in self._receivers(call, held, function, at)
        )

    def _receivers(
        self, call: ir.Call, given: list[ir.Expr] | tuple[ir.Expr, ...], function: Function, at: int
    ) -> Iterator[tuple[Function, str]]:
        for callee in self._view.callees(call.func, function.scope, at):
            if isinstance(callee, (FunctionValue, Method)) and callee.function is not function:
                for param in callee.function.node.params:
                    if argument_for(callee.function, param, call) in given:
                        yield callee.function, param.name

    def _runs(self, function: Function, at: int) -> bool:
        scope = function.scope
        return self._view.runs(scope, at) and not self._view.is_off_by_default(scope, at)

    def _names(self, source: ir.Expr, function: Function) -> tuple[ir.Expr, ...]:
        """The variables that hold a value, themselves or in a list or dict."""
        key = id(source), id(function)
        if key not in self._held:
            self._held[key] = (source,) if isinstance(source, ir.Name) else ()
            for _ in range(_MAX_ROUNDS):
                before = self._held[key]
                found = (name for node in statements(function.body)
                         for name in self._storing(node, source, function))  # fmt: skip
                self._held[key] = tuple(dict.fromkeys((*before, *found)))
                if self._held[key] == before:
                    break
        return self._held[key]

    def _storing(self, node: ir.Stmt, source: ir.Expr, function: Function) -> Iterator[ir.Expr]:
        places: tuple[ir.Expr, ...]
        stored: tuple[ir.Expr, ...]
        match node:
            case ir.Assign(targets, value) if value is not None:
                places, stored = targets, (value,)
            case ir.Expression(ir.Call(ir.Attribute(owner, method)) as call) if method in _ADDING:
                places, stored = (owner,), _arguments(call)
            case _:
                return
        names = [p.value if isinstance(p, ir.Subscript) else p for p in places]
        if not any(isinstance(name, ir.Name) for name in names):
            return
        if any(self._holds(part, node.at, source, function) for part in stored) and self._runs(
            function, node.at
        ):
            yield from (name for name in names if isinstance(name, ir.Name))

    def _holds(self, node: ir.Expr | None, at: int, source: ir.Expr, function: Function) -> bool:
        """Whether an expression is a value, or a text or data that holds it."""

        def holds(part: ir.Expr | None) -> bool:
            return self._holds(part, at, source, function)

        match node:
            case None:
                return False
            case ir.Name():
                return node in self._names(source, function)
            case ir.Conditional(test, body, orelse) if (state := in_production(test)) is not None:
                return holds(body if state else orelse)
            case ir.Conditional(_, body, orelse):
                return holds(body) or holds(orelse)
            case ir.Call() if node is source:
                return True
            case ir.Call(ir.Attribute(owner, method), args) if method in _KEEPING and any(
                map(holds, (owner, *args))
            ):
                return True
            case ir.Call():
                return self._gives(node, at, source, function)
            case (
                ir.Dict() | ir.Display() | ir.Format() | ir.Starred() | ir.Await() | ir.Assigned()
                | ir.Subscript() | ir.Comprehension() | ir.Operation("+" | "%" | "or" | "and")
            ):  # fmt: skip
                return any(map(holds, children(node)))
        return False

    def _gives(self, call: ir.Call, at: int, source: ir.Expr, function: Function) -> bool:
        """Whether what a call gives back holds a value that it is given."""
        held = [a for a in _arguments(call) if self._holds(a, at, source, function)]
        if not held:
            return False
        for callee in self._view.callees(call.func, function.scope, at):
            match callee:
                case ClassValue():
                    return True
                case External(name) if name in _COPYING or self._is_body(callee):
                    return True
        return any(
            gives_back(callee, param) for callee, param in self._receivers(call, held, function, at)
        )


def _arguments(call: ir.Call) -> tuple[ir.Expr, ...]:
    return (*call.args, *[keyword.value for keyword in call.keywords])
