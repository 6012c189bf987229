"""Exceptions: what an `except` clause catches, and which exceptions leave a function."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import msgspec

from .. import ir
from ..walk import own_parts, statements
from .application import Place
from .calls import argument_for
from .evaluate import Evaluator, Reach
from .flow import Frame, Paths, S, placed, suppressed
from .program import Program
from .scopes import Function, Scope
from .values import (
    UNKNOWN,
    ClassValue,
    External,
    FunctionValue,
    Instance,
    Method,
    Sequence,
    Unknown,
    Value,
)

HTTP_EXCEPTION = "starlette.exceptions.HTTPException"
FASTAPI_HTTP_EXCEPTION = "fastapi.exceptions.HTTPException"
WEBSOCKET_EXCEPTION = "fastapi.exceptions.WebSocketException"
VALIDATION_ERROR = "fastapi.exceptions.RequestValidationError"

_BASES = {
    FASTAPI_HTTP_EXCEPTION: HTTP_EXCEPTION,
    HTTP_EXCEPTION: "builtins.Exception",
    WEBSOCKET_EXCEPTION: "starlette.exceptions.WebSocketException",
    "starlette.exceptions.WebSocketException": "builtins.Exception",
    "starlette.websockets.WebSocketDisconnect": "builtins.Exception",
    VALIDATION_ERROR: "fastapi.exceptions.ValidationException",
    "fastapi.exceptions.WebSocketRequestValidationError": "fastapi.exceptions.ValidationException",
    "fastapi.exceptions.ResponseValidationError": "fastapi.exceptions.ValidationException",
    "fastapi.exceptions.ValidationException": "builtins.Exception",
    "jwt.exceptions.PyJWTError": "builtins.Exception",
    "jwt.exceptions.InvalidTokenError": "jwt.exceptions.PyJWTError",
    "jwt.exceptions.DecodeError": "jwt.exceptions.InvalidTokenError",
    "jwt.exceptions.InvalidSignatureError": "jwt.exceptions.DecodeError",
    "jwt.exceptions.ExpiredSignatureError": "jwt.exceptions.InvalidTokenError",
    "jwt.exceptions.InvalidAudienceError": "jwt.exceptions.InvalidTokenError",
    "jwt.exceptions.InvalidIssuerError": "jwt.exceptions.InvalidTokenError",
    "jwt.exceptions.InvalidIssuedAtError": "jwt.exceptions.InvalidTokenError",
    "jwt.exceptions.ImmatureSignatureError": "jwt.exceptions.InvalidTokenError",
    "jwt.exceptions.InvalidKeyError": "jwt.exceptions.PyJWTError",
    "jwt.exceptions.InvalidAlgorithmError": "jwt.exceptions.InvalidTokenError",
    "jwt.exceptions.MissingRequiredClaimError": "jwt.exceptions.InvalidTokenError",
    "jose.exceptions.JOSEError": "builtins.Exception",
    "jose.exceptions.JWTError": "jose.exceptions.JOSEError",
    "jose.exceptions.ExpiredSignatureError": "jose.exceptions.JWTError",
    "jose.exceptions.JWTClaimsError": "jose.exceptions.JWTError",
    "pydantic.ValidationError": "builtins.ValueError",
    "sqlalchemy.exc.SQLAlchemyError": "builtins.Exception",
}
"""The nearest base of exceptions outside the project whose place in the hierarchy is known."""

_QUESTIONS = frozenset({"isinstance", "getattr", "hasattr"})
_MAX_GIVEN = 2
_TOP = frozenset({"builtins.Exception", "builtins.BaseException"})
_TOP_CLASSES = frozenset(External(name) for name in _TOP)
Wanted: TypeAlias = Callable[[Value], bool]


class Raised(msgspec.Struct, frozen=True):
    """An exception that leaves a function.

    `value` is the exception's class, `node` the `raise`. `via` are the calls that lead to it, from
    the function's own call on; empty if the function raises by itself.
    """

    value: Value
    node: ir.Raise
    function: Function
    via: tuple[Place, ...] = ()

    @property
    def place(self) -> Place:
        """Where it is raised."""
        return Place(self.function.module, self.node.at)

    @property
    def near_place(self) -> Place:
        """Where it leaves the function that was asked about: its own `raise`, or its call."""
        return self.via[0] if self.via else self.place


class ExceptionPaths(Paths[S]):
    """Paths through a function on which each `except` clause takes what it certainly names."""

    def __init__(self, exceptions: Exceptions, function: Function) -> None:
        super().__init__()
        self._exceptions = exceptions
        self._function = function

    def catches(self, node: ir.Handler, raised: ir.Raise | None) -> bool:
        if raised is None or raised.value is None:
            return super().catches(node, raised)
        scope = self._function.scope
        classes = self._exceptions.classes(raised.value, scope, raised.at)
        return all(self._exceptions.catches(node, scope, cls) for cls in classes)


class Exceptions:
    """Answers what is raised and what is caught."""

    def __init__(self, program: Program) -> None:
        self._eval: Evaluator = program.evaluator(reach=Reach.NEAR)
        self._all: Evaluator = program.evaluator()
        self._active: set[int] = set()

    def classes(self, node: ir.Expr | None, scope: Scope, at: int) -> tuple[Value, ...]:
        """The exception classes that an expression names: a class, an instance, or a tuple."""
        return tuple(self._classes(self._eval.evaluate(node, scope, at)))

    def _classes(self, values: Iterable[Value]) -> Iterator[Value]:
        for value in values:
            match value:
                case Sequence():
                    yield from self._classes(self._eval.items((value,)))
                case Instance(cls):
                    yield cls
                case _:
                    yield value

    def ancestors(self, value: Value) -> frozenset[Value]:
        """A class and all its bases that are known."""
        found: set[Value] = set()
        queue = [value]
        while queue:
            current = queue.pop()
            if current in found:
                continue
            found.add(current)
            match current:
                case ClassValue(cls):
                    queue.extend(self._eval.bases(cls))
                case External(name) if name in _BASES:
                    queue.append(External(_BASES[name]))
                case External(name) if name.startswith("builtins."):
                    known = getattr(builtins, name.removeprefix("builtins."), None)
                    if isinstance(known, type):
                        queue.extend(
                            External(f"builtins.{base.__name__}") for base in known.__mro__[1:]
                        )
        return frozenset(found)

    def is_a(self, value: Value, *names: str) -> bool:
        """Whether an exception class is, or derives from, one of these outside the project."""
        above = self.ancestors(value)
        return any(External(name) in above for name in names)

    def is_http(self, value: Value) -> bool:
        """Whether an exception class is an HTTPException of FastAPI or Starlette."""
        return self.is_a(value, HTTP_EXCEPTION)

    def is_for_websockets(self, value: Value) -> bool:
        """Whether an exception class is a WebSocketException of FastAPI or Starlette."""
        return self.is_a(value, "starlette.exceptions.WebSocketException")

    def is_exception(self, value: Value) -> bool:
        """Whether a value is known to be an exception class."""
        return self.is_a(value, *_TOP)

    def catches(
        self, handler: ir.Handler, scope: Scope, raised: Value, *, read: bool = False
    ) -> bool | None:
        """Whether an `except` clause takes exceptions of a class; `None` if that is unknown.

        With `read`, modules that do not name the framework are read for the caught classes.
        """
        if handler.catches is None:
            return True
        above = self.ancestors(raised)
        caught = self.classes(handler.catches, scope, handler.at)
        if read and not all(map(_is_class, caught)) and UNKNOWN not in above:
            caught = tuple(self._classes(self._all.evaluate(handler.catches, scope, handler.at)))
        if any(cls in above or cls in _TOP_CLASSES for cls in caught):
            return True
        return False if all(map(_is_class, caught)) else None

    def is_caught(self, frames: Iterable[Frame], scope: Scope, raised: Value) -> bool:
        """Whether some `try` or `suppress` around a place takes (or may take) an exception.

        A clause that raises it again does not count.
        """
        for frame in frames:
            match frame:
                case Frame(ir.Try(_, handlers), "body"):
                    taking = (h for h in handlers if self.catches(h, scope, raised) is not False)
                    first = next(taking, None)
                    if first is not None and not _raises_again(first):
                        return True
                case Frame(ir.With() as node, "with"):
                    if any(self.catches(h, scope, raised) is not False for h in suppressed(node)):
                        return True
        return False

    def is_examined(self, body: Iterable[ir.Stmt], name: str, scope: Scope) -> bool:
        """Whether a block asks what an exception in a variable is, or raises it: by itself, or in a
        function of the project to which it gives it, which may also give it back. What cannot be
        told of a function whose result is raised or returned, counts as well."""
        return self._examines(body, name, scope, _MAX_GIVEN)

    def _examines(self, body: Iterable[ir.Stmt], name: str, scope: Scope, depth: int) -> bool:
        caught = ir.Name(name)
        for node in statements(body):
            match node:
                case ir.Raise(value) if value == caught:
                    return True
                case ir.Return(value) if value == caught and depth < _MAX_GIVEN:
                    return True
                case ir.Match(subject) if subject == caught:
                    return True
            ends = isinstance(node, (ir.Raise, ir.Return))
            for part in own_parts(node):
                match part:
                    case ir.Attribute(owner, "status_code") if owner == caught:
                        return True
                    case ir.Call(func, args) if caught in (*args, *map(_value, part.keywords)):
                        if ir.last_name(func) in _QUESTIONS:
                            return True
                        if depth and self._examine(part, caught, scope, node.at, depth, ends):
                            return True
        return False

    def _examine(
        self, call: ir.Call, given: ir.Expr, scope: Scope, at: int, depth: int, is_result: bool
    ) -> bool:
        for callee in self._all.callees(call.func, scope, at):
            match callee:
                case FunctionValue(function) | Method(function, _):
                    for param in function.node.params:
                        if argument_for(function, param, call) == given and self._examines(
                            function.body, param.name, function.scope, depth - 1
                        ):
                            return True
                case Unknown() if is_result:
                    return True
        return False

    def leaving(self, function: Function, wanted: Wanted, depth: int = 2) -> tuple[Raised, ...]:
        """The wanted exceptions that a function lets out: its own, and those of what it calls.

        Calls of project functions are followed `depth` levels; what a `try` around the place takes
        does not count. Bare `raise` and re-raised variables do not count either.
        """
        if id(function) in self._active:
            return ()
        self._active.add(id(function))
        try:
            return tuple(self._leaving(function, wanted, depth))
        finally:
            self._active.discard(id(function))

    def leaving_block(
        self, body: Iterable[ir.Stmt], function: Function, wanted: Wanted, depth: int = 2
    ) -> tuple[Raised, ...]:
        """The same for a block of a function, as if nothing stood around it."""
        return tuple(self._in_block(body, function, wanted, depth))

    def _leaving(self, function: Function, wanted: Wanted, depth: int) -> Iterator[Raised]:
        yield from self._in_block(function.body, function, wanted, depth)

    def _in_block(
        self, body: Iterable[ir.Stmt], function: Function, wanted: Wanted, depth: int
    ) -> Iterator[Raised]:
        scope = function.scope
        for node, frames in placed(body):
            if isinstance(node, ir.Raise) and node.value is not None:
                for value in self.classes(node.value, scope, node.at):
                    if wanted(value) and not self.is_caught(frames, scope, value):
                        yield Raised(value, node, function)
            if depth > 0:
                yield from self._in_calls(node, frames, function, wanted, depth)

    def _in_calls(
        self,
        node: ir.Stmt,
        frames: tuple[Frame, ...],
        function: Function,
        wanted: Wanted,
        depth: int,
    ) -> Iterator[Raised]:
        if isinstance(node, (ir.Function, ir.Class)):
            return
        parts = tuple(own_parts(node))
        awaited = {id(part.value) for part in parts if isinstance(part, ir.Await)}
        for part in parts:
            if isinstance(part, ir.Call):
                is_awaited = id(part) in awaited
                yield from self._called(part, node.at, is_awaited, frames, function, wanted, depth)

    def _called(
        self,
        call: ir.Call,
        at: int,
        is_awaited: bool,
        frames: tuple[Frame, ...],
        function: Function,
        wanted: Wanted,
        depth: int,
    ) -> Iterator[Raised]:
        for callee in self._eval.callees(call.func, function.scope, at):
            if not isinstance(callee, (FunctionValue, Method)):
                continue
            node = callee.function.node
            if node.is_generator or node.is_async is not is_awaited:
                continue
            for found in self.leaving(callee.function, wanted, depth - 1):
                if not self.is_caught(frames, function.scope, found.value):
                    place = Place(function.module, call.at)
                    yield Raised(found.value, found.node, found.function, (place, *found.via))


def _value(keyword: ir.Keyword) -> ir.Expr:
    return keyword.value


def _is_class(value: Value) -> bool:
    return isinstance(value, (External, ClassValue))


def _raises_again(handler: ir.Handler) -> bool:
    """Whether an `except` clause always ends by raising what it took."""
    if not handler.body or any(isinstance(n, ir.Return) for n in statements(handler.body)):
        return False
    match handler.body[-1]:
        case ir.Raise(None) | ir.Raise(ir.Name(handler.name), None):
            return True
    return False
