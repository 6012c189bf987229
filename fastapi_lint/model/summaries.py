"""What a function does as a whole: whether it returns, what it makes, what it checks."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from .. import ir
from .calls import results
from .dependencies import Injection
from .evaluate import Reach
from .exceptions import FASTAPI_HTTP_EXCEPTION, HTTP_EXCEPTION, WEBSOCKET_EXCEPTION, Exceptions
from .flow import Ends, Paths
from .program import Program
from .scopes import Function, Scope
from .values import (
    UNKNOWN,
    Argument,
    ClassValue,
    External,
    FunctionValue,
    Generic,
    Instance,
    LambdaValue,
    Method,
    Partial,
    Unread,
    Value,
)

SECURITY_SCHEMES = frozenset(
    f"fastapi.security.{name}"
    for name in (
        "SecurityBase", "HTTPBase", "HTTPBasic", "HTTPBearer", "HTTPDigest", "APIKeyHeader",
        "APIKeyQuery", "APIKeyCookie", "APIKeyBase", "OAuth2", "OAuth2PasswordBearer",
        "OAuth2AuthorizationCodeBearer", "OpenIdConnect",
    )
)  # fmt: skip
"""The classes of `fastapi.security` whose instances take credentials from a request."""

_NEVER = frozenset({"sys.exit", "os._exit", "builtins.exit", "builtins.quit", "pytest.fail"})
_PLAIN = (ir.Constant, ir.Dict, ir.Display, ir.Format, ir.Comprehension)
"""Expressions that give no callable."""
_NOTHING = frozenset({"builtins.print", "time.sleep"})
_DENIALS = (HTTP_EXCEPTION, FASTAPI_HTTP_EXCEPTION, WEBSOCKET_EXCEPTION)


class Denial(msgspec.Struct, frozen=True):
    """How a callable can refuse a request: "raises" an HTTPException, or "scheme" for a security
    scheme among its dependencies; `function` is the one that does, `None` for a scheme itself."""

    how: str
    function: Function | None


class Summaries:
    """Answers what functions do; every answer is kept."""

    def __init__(self, program: Program, injection: Injection, exceptions: Exceptions) -> None:
        self._eval = program.evaluator()
        self._near = program.evaluator(reach=Reach.NEAR)
        self._injection = injection
        self._exceptions = exceptions
        self._ends: dict[int, Ends[None]] = {}
        self._denials: dict[int, Denial | None] = {}

    # Ends

    def ends(self, function: Function) -> Ends[None]:
        """How a function's body can end; calls of functions that never return end a path."""
        if id(function) not in self._ends:
            self._ends[id(function)] = Ends({None}, {0: {None}})
            self._ends[id(function)] = Ending(self, function.scope).run(function.body, None)
        return self._ends[id(function)]

    def never_returns(self, function: Function) -> bool:
        """Whether a function always raises (or exits)."""
        ends = self.ends(function)
        return not ends.falls and not ends.returns and not function.node.is_generator

    def callees(self, call: ir.Call, scope: Scope, at: int) -> tuple[Function, ...]:
        """The functions of the project that a call runs; empty if it may run anything else."""
        values = self._near.evaluate(call.func, scope, at)
        found = [v.function for v in values if isinstance(v, (FunctionValue, Method))]
        return tuple(found) if len(found) == len(values) else ()

    def ends_here(self, call: ir.Call, scope: Scope, at: int) -> bool:
        """Whether a call never returns."""
        values = self._near.evaluate(call.func, scope, at)
        return all(
            (isinstance(value, External) and value.name in _NEVER)
            or (isinstance(value, (FunctionValue, Method)) and self.never_returns(value.function))
            for value in values
        )

    # Factories

    def products(self, function: Function) -> tuple[Value, ...]:
        """The callables that a factory returns: functions defined in it, lambdas, partials, objects
        with `__call__`. Empty unless everything that it returns is one."""
        if function.node.is_generator or self.ends(function).falls:
            return ()
        found: list[Value] = []
        for node, at in results(function):
            for value in self._near.evaluate(node, function.scope, at):
                if not self.is_callable(value):
                    return ()
                found.append(value)
        return tuple(dict.fromkeys(found))

    def is_callable(self, value: Value) -> bool:
        """Whether a value is a function, lambda, partial, or an object whose class can be called
        through a `__call__` of the project."""
        match value:
            case FunctionValue() | LambdaValue() | Partial() | Method():
                return True
            case Instance(ClassValue(cls)):
                return self._eval.find_method(cls, "__call__") is not None
        return False

    def gives_no_callable(self, callee: Value) -> bool:
        """Whether calling a value certainly gives nothing that can be called itself."""
        match callee:
            case FunctionValue(function) | Method(function, _):
                return function.node.is_async or self._returns_plain_values(function)
            case External(name):
                return name in _NOTHING
        return False

    def _returns_plain_values(self, function: Function) -> bool:
        if function.node.is_generator:
            return True
        if self._defines_dependency(function):
            return False
        for node, at in results(function):
            if isinstance(node, _PLAIN) or _is_comparison(node):
                continue
            values = self._eval.evaluate(node, function.scope, at)
            if not values or any(map(self._may_be_callable, values)):
                return False
        return True

    def _defines_dependency(self, function: Function) -> bool:
        """Whether a function that gives nothing back may be meant to give back one that it defines:
        what FastAPI fills, or what can refuse."""
        return not any(True for _ in results(function)) and any(
            self.denial_of(inner) is not None or any(self._injection.parameters(inner))
            for inner in function.scope.functions.values()
        )

    def _may_be_callable(self, value: Value) -> bool:
        if value == UNKNOWN or isinstance(value, (Argument, ClassValue, External, Generic, Unread)):
            return True
        if isinstance(value, Instance) and not self.is_callable(value):
            return isinstance(value.cls, (External, Unread, Instance))
        return self.is_callable(value)

    # Guards

    def denial(self, value: Value) -> Denial | None:
        """How a dependency's callable can refuse a request, by itself or through its dependencies;
        `None` if nothing shows that it checks anything."""
        if self.is_scheme(value):
            return Denial("scheme", None)
        function = self._injection.function_of(value)
        return self.denial_of(function) if function is not None else None

    def denial_of(self, function: Function) -> Denial | None:
        """The same for a function."""
        if id(function) not in self._denials:
            self._denials[id(function)] = None
            self._denials[id(function)] = self._find_denial(function)
        return self._denials[id(function)]

    def _find_denial(self, function: Function) -> Denial | None:
        if self._exceptions.leaving(function, self._is_denial):
            return Denial("raises", function)
        for _, dependency in self._injection.parameters(function):
            for value in dependency.callables:
                if (denial := self.denial(value)) is not None:
                    return denial
        return None

    def _is_denial(self, value: Value) -> bool:
        return self._exceptions.is_a(value, *_DENIALS)

    def is_scheme(self, value: Value) -> bool:
        """Whether a value is an instance of a security scheme."""
        return self._eval.instance_of(value, *SECURITY_SCHEMES)

    def is_scheme_class(self, value: Value) -> bool:
        """Whether a value is a security scheme's class, of FastAPI or derived from one."""
        return self._eval.is_a(value, *SECURITY_SCHEMES)


def _is_comparison(node: ir.Expr) -> bool:
    return isinstance(node, ir.Operation) and node.op in (
        "==", "!=", "<", ">", "<=", ">=", "in", "not in", "is", "is not", "not"
    )  # fmt: skip


class Ending(Paths[None]):
    """Paths that end at calls of what never returns."""

    def __init__(self, summaries: Summaries, scope: Scope) -> None:
        super().__init__()
        self._summaries = summaries
        self._scope = scope

    def expression(self, state: None, node: ir.Expr, at: int) -> Iterable[None]:
        if isinstance(node, ir.Call) and self._summaries.ends_here(node, self._scope, at):
            return ()
        return (state,)
