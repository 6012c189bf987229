"""The shape of lifespans: whether what is given can be called, started and stopped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ... import ir
from ...walk import statements, walk
from ..calls import is_receiver, results, yields
from ..flow import Paths, placed
from ..names import FASTAPI, STARLETTE
from ..program import Program
from ..scopes import Function
from ..summaries import Summaries
from ..values import (
    Argument,
    ClassValue,
    External,
    FunctionValue,
    Instance,
    LambdaValue,
    Literal,
    Method,
    Sequence,
    Value,
)
from .lifespans import Flaw, Given, Lifespans
from .resources import KINDS

_EXCEPTIONAL = -1
_CAUGHT_BEFORE = -2
_LOOPS = (ir.For, ir.While)
_NO_MANAGER = "object does not support the asynchronous context manager protocol"


class Shapes:
    """Finds what is wrong with the shape of a lifespan."""

    def __init__(self, program: Program, lifespans: Lifespans, summaries: Summaries) -> None:
        self._eval = program.evaluator()
        self._lifespans = lifespans
        self._summaries = summaries

    def flaws(self, given: Given) -> Iterator[Flaw]:
        """What is wrong with a lifespan; nothing for what is not understood."""
        if given.kind == "function" and given.function is not None:
            yield from self._function(given.function, given.takes_app_only)
        elif given.kind == "object" and given.cls is not None:
            if (method := self._eval.find_method(given.cls, "__call__")) is not None:
                yield from self._function(method, True)
        elif given.kind == "class" and given.cls is not None:
            yield from self._class(given)

    def _class(self, given: Given) -> Iterator[Flaw]:
        assert given.cls is not None
        cls = given.cls
        if self._eval.has_unknown_base(cls) or self._eval.external_bases(cls) - {
            "builtins.object"
        }:  # fmt: skip
            return
        init = self._eval.find_method(cls, "__init__")
        entered = self._eval.find_method(cls, "__enter__")
        if self._eval.find_method(cls, "__aenter__") is None and entered is not None:
            text = "is a class without `__aenter__` and `__aexit__`"
            why = f"starting the application raises TypeError: {cls.name!r} {_NO_MANAGER}"
            yield Flaw("class", entered, cls.node.at, text, why)
        elif init is not None and (wrong := _arity(init)) is not None:
            yield Flaw("parameters", init, cls.node.at, wrong, _raises("a TypeError"))

    def _function(self, function: Function, takes_app_only: bool) -> Iterator[Flaw]:
        node, wrapper = function.node, self._lifespans.wrapper(function)
        if wrapper == "unknown":
            return
        if takes_app_only and (text := _arity(function)) is not None:
            yield Flaw("parameters", function, node.at, text, _raises("a TypeError"))
        elif wrapper == "sync":
            text = "is decorated with `contextmanager`, not `asynccontextmanager`"
            yield Flaw("sync", function, node.at, text, _raises("a TypeError"))
        elif node.is_generator:
            if wrapper == "async" and not node.is_async:
                text = "is no `async def`, though decorated with `asynccontextmanager`"
                yield Flaw("sync", function, node.at, text, _raises("a TypeError"))
                return
            found = list(self._paths(function))
            yield from found
            if wrapper == "none" and not found:
                yield Flaw("undecorated", function, node.at, "", "")
        elif node.is_async or not (any(results(function)) or self._is_stub(function)):
            text = "never yields"
            yield Flaw("no-yield", function, node.at, text, _raises("a TypeError"))

    def _is_stub(self, function: Function) -> bool:
        return self._summaries.never_returns(function) or function.node.name == "<lambda>"

    def _paths(self, function: Function) -> Iterator[Flaw]:
        at = function.node.at
        if not _yields_in_loops(function):
            ends = _Yields(function, self._summaries).run(function.body, 0)
            counts = ends.leaves()
            returned = set[int]().union(*ends.returns.values())
            if 0 in counts or _CAUGHT_BEFORE in returned:
                text = "can end without having yielded"
                why = _raises('RuntimeError("generator didn\'t yield") on that path')
                yield Flaw("skips", function, at, text, why)
            elif 2 in counts:
                text = "yields twice on one path"
                why = 'stopping the application raises RuntimeError("generator didn\'t stop")'
                yield Flaw("twice", function, at, text, why)
        for given, place in yields(function):
            if given.value is not None and not given.is_from:
                values = self._eval.evaluate(given.value, function.scope, place)
                if all(map(self._is_no_mapping, values)):
                    text = "yields something that is no mapping"
                    yield Flaw("state", function, place, text, _raises("an error"))

    def _is_no_mapping(self, value: Value) -> bool:
        match value:
            case Literal(constant):
                return constant is not None and constant != ""
            case Argument(function, param):
                return _positional(function)[:1] == [param] and _says_app(param)
            case Instance(External(name)):
                kind = KINDS.get(name)
                return name in (FASTAPI, STARLETTE, "builtins.object") or (
                    kind is not None and (kind.is_async or kind.group != "redis")
                )
            case Sequence(_, items, scope, at) if items:
                return any(
                    all(map(self._is_no_pair, self._eval.evaluate(item, scope, at)))
                    for item in items
                )
            case FunctionValue() | Method() | LambdaValue():
                return True
            case Instance(ClassValue(cls)):
                names = ("keys", "__iter__", "__getattr__")
                return (
                    not self._eval.has_unknown_base(cls)
                    and self._eval.external_bases(cls) <= {"builtins.object", FASTAPI, STARLETTE}
                    and not any(self._eval.find_method(cls, name) for name in names)
                    and not cls.node.keywords
                )
        return False

    def _is_no_pair(self, value: Value) -> bool:
        """Whether something is certainly not two things that could be a key with its value."""
        if isinstance(value, Literal) and isinstance(value.value, str):
            return len(value.value) != 2
        return value == Literal(None) or (
            not isinstance(value, Sequence) and self._is_no_mapping(value)
        )


def _raises(what: str) -> str:
    return f"starting the application raises {what}, and the server exits"


def _says_app(param: ir.Parameter) -> bool:
    """Whether a parameter says that it is the application, and not some state that is wrapped."""
    if param.annotation is None:
        return True
    return ir.last_name(param.annotation) in ("FastAPI", "Starlette", "Any")


def _positional(function: Function) -> list[ir.Parameter]:
    return [
        param
        for param in function.node.params
        if param.kind in ("positional-only", "plain") and not is_receiver(function, param)
    ]


def _arity(function: Function) -> str | None:
    """What is wrong with the parameters of a function that is called with the application."""
    positional = _positional(function)
    required = [param for param in positional if param.default is None]
    kinds = {param.kind for param in function.node.params}
    named = [
        param.name
        for param in function.node.params
        if param.kind == "keyword-only" and param.default is None
    ]
    if not positional and "*" not in kinds:
        return "takes no application"
    missing = [param.name for param in required[1:]] + named
    if missing:
        listed = ", ".join(f"`{name}`" for name in missing)
        return f"needs more than the application: {listed}"
    return None


def _yields_in_loops(function: Function) -> bool:
    return any(
        isinstance(part, ir.Yield)
        for node, frames in placed(function.body)
        if isinstance(node, _LOOPS) or any(isinstance(frame.node, _LOOPS) for frame in frames)
        for inner in (statements((node,)) if isinstance(node, _LOOPS) else (node,))
        for expression in _direct(inner)
        for part in walk(expression)
    )


def _direct(node: ir.Stmt) -> Iterator[ir.Expr | None]:
    if isinstance(node, (ir.Expression, ir.Assign)):
        yield node.value


class _Yields(Paths[int]):
    """Counts the yields on each path; what follows a caught exception is not counted."""

    def __init__(self, function: Function, summaries: Summaries) -> None:
        super().__init__()
        self._scope = function.scope
        self._summaries = summaries

    def expression(self, state: int, node: ir.Expr, at: int) -> Iterable[int]:
        if isinstance(node, ir.Yield) and state != _EXCEPTIONAL:
            return (_EXCEPTIONAL,) if state == _CAUGHT_BEFORE else (min(state + 1, 2),)
        if isinstance(node, ir.Call) and self._summaries.ends_here(node, self._scope, at):
            return ()
        return (state,)

    def handler(self, state: int, node: ir.Handler) -> Iterable[int]:
        return (_CAUGHT_BEFORE,) if state in (0, _CAUGHT_BEFORE) else (_EXCEPTIONAL,)
