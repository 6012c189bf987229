"""JSON web tokens: where a project makes and reads them, and whose errors leave where.

The calls of PyJWT, python-jose, joserfc and Authlib are told apart by what they evaluate to, never
by their names alone: `text.decode("utf-8")` is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from ... import ir
from ...walk import walk, walk_all
from ..application import ExceptionHandler, Place
from ..calls import results
from ..evaluate import Reach
from ..flow import Frame, frames_at, placed
from ..layers import Layer
from ..program import Site
from ..scopes import Function, Module, Scope
from ..sources import Source, Sources
from ..values import (
    Argument,
    External,
    FunctionValue,
    Literal,
    Mapping,
    Method,
    Partial,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from ..link import Application

_MODULES = {
    "jwt": "pyjwt",
    "jwt.api_jwt": "pyjwt",
    "jwt.PyJWT()": "pyjwt",
    "jwt.api_jwt.PyJWT()": "pyjwt",
    "jose.jwt": "jose",
    "joserfc.jwt": "joserfc",
    "authlib.jose.jwt": "authlib",
    "authlib.jose.JsonWebToken()": "authlib",
}
_OPERATIONS = {
    "decode": "decode",
    "decode_complete": "decode",
    "encode": "encode",
    "get_unverified_claims": "claims",
    "get_unverified_header": "header",
    "get_unverified_headers": "header",
}
_NAMES = frozenset(_OPERATIONS)
_PARAMETERS = {
    ("pyjwt", "decode"): (("jwt",), ("key",), ("algorithms",), ("options",)),
    ("pyjwt", "encode"): (("payload",), ("key",), ("algorithm",)),
    ("jose", "decode"): (("token",), ("key",), ("algorithms",), ("options",)),
    ("jose", "encode"): (("claims",), ("key",), ("algorithm",)),
    ("joserfc", "decode"): (("value",), ("key",), ("algorithms",)),
    ("joserfc", "encode"): ((), ("claims",), ("key",), ("algorithms",)),
    ("authlib", "decode"): (("s",), ("key",)),
    ("authlib", "encode"): ((), ("payload",), ("key",)),
}
_ROLES = {"jwt": "token", "value": "token", "s": "token", "payload": "claims"}
_ERRORS = {
    "pyjwt": ("jwt.exceptions.DecodeError", "jwt.exceptions.ExpiredSignatureError"),
    "jose": ("jose.exceptions.JWTError",),
}
_LABELS = {
    "pyjwt": "PyJWT",
    "jose": "python-jose",
    "joserfc": "joserfc",
    "authlib": "Authlib",
}
_TOP = (External("builtins.Exception"), External("builtins.BaseException"))
_MAX_DEPTH = 4


class TokenCall(msgspec.Struct, frozen=True, eq=False):
    """A call that makes a token ("encode"), reads one ("decode"), or reads one without checking it
    ("claims", "header").

    `arguments` are by role: "token", "claims", "key", "algorithms", "algorithm", "options", and
    other keywords by their names. `is_open` tells that there may be more of them.
    """

    site: Site
    library: str
    operation: str
    arguments: dict[str, Source]
    is_open: bool

    @property
    def place(self) -> Place:
        return Place(self.site.module, self.site.call.at)

    @property
    def label(self) -> str:
        """The library as users call it."""
        return _LABELS[self.library]

    @property
    def function(self) -> Function | None:
        """The function in which the call stands."""
        owner = self.site.scope.owner
        return owner if isinstance(owner, Function) else None


class Tokens:
    """Answers questions about the tokens of an application."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._eval = application.program.evaluator()
        self._near = application.program.evaluator(reach=Reach.NEAR)
        self.sources = Sources(application.program, self._eval)

    # Calls

    @cached_property
    def calls(self) -> tuple[TokenCall, ...]:
        """All calls that make or read tokens, those of tests too."""
        names = {*_OPERATIONS}
        for module in self._application.index.modules:
            names.update(_aliases(module))
        found: dict[int, TokenCall] = {}
        for site in self._application.index.calls(*sorted(names)):
            for callee in self._near.evaluate(site.call.func, site.scope, site.at):
                if (call := self._token_call(callee, site)) is not None:
                    found[id(site.call)] = call
                    break
        return tuple(found.values())

    @cached_property
    def _by_call(self) -> dict[int, TokenCall]:
        return {id(call.site.call): call for call in self.calls}

    def of(self, node: ir.Expr) -> TokenCall | None:
        """The token call that an expression is."""
        return self._by_call.get(id(node))

    def decodes(self) -> Iterator[TokenCall]:
        """The calls outside tests that read tokens and may check them."""
        for call in self.calls:
            if call.operation == "decode" and not call.site.module.is_test:
                yield call

    def encodes(self) -> Iterator[TokenCall]:
        """The calls outside tests that make tokens."""
        for call in self.calls:
            if call.operation == "encode" and not call.site.module.is_test:
                yield call

    def _token_call(self, callee: Value, site: Site) -> TokenCall | None:
        calls = [(site.call, site.scope, site.at)]
        if isinstance(callee, Partial):
            calls.insert(0, (callee.call, callee.scope, callee.at))
            callee = callee.callee
        if not isinstance(callee, External):
            return None
        owner, _, name = callee.name.rpartition(".")
        library, operation = _MODULES.get(owner), _OPERATIONS.get(name)
        if library is None or operation is None:
            return None
        arguments: dict[str, Source] = {}
        is_open = False
        positions = _PARAMETERS.get((library, operation), (("token",), ("key",)))
        names = [name for position in positions for name in (*position, *[""] * (not position))]
        for call, scope, at in calls:
            for index, argument in enumerate(call.args):
                is_open = is_open or isinstance(argument, ir.Starred)
                if index < len(names) and not is_open:
                    arguments[_role(names[index])] = Source(argument, scope, at)
            for keyword in call.keywords:
                if keyword.name is not None:
                    arguments[_role(keyword.name)] = Source(keyword.value, scope, at)
                else:
                    is_open = not self._spread(keyword.value, scope, at, arguments) or is_open
        return TokenCall(site, library, operation, arguments, is_open)

    def _spread(self, node: ir.Expr, scope: Scope, at: int, arguments: dict[str, Source]) -> bool:
        """Take over what `**node` gives; whether that is all known."""
        values = self._eval.evaluate(node, scope, at)
        for value in values:
            if not isinstance(value, Mapping):
                return False
            for key, item in value.node.items:
                if not isinstance(key, ir.Constant) or not isinstance(key.value, str):
                    return False
                arguments[_role(key.value)] = Source(item, value.scope, value.at)
        return len(values) == 1

    # Options of a call

    def option(self, call: TokenCall, name: str) -> bool | None:
        """Whether an entry of `options=` is on; `None` if that cannot be told."""
        options = call.arguments.get("options")
        if options is None:
            return None if call.is_open else True
        found: set[bool] = set()
        for value in self._eval.evaluate(options.node, options.scope, options.at):
            if isinstance(value, Literal) and value.value is None:
                found.add(True)
                continue
            if not isinstance(value, Mapping):
                return None
            entry = [
                item
                for key, item in value.node.items
                if isinstance(key, ir.Constant) and key.value == name
            ]
            if not entry:
                if any(key is None for key, _ in value.node.items):
                    return None
                found.add(True)
                continue
            for inner in self._eval.evaluate(entry[-1], value.scope, value.at):
                if not isinstance(inner, Literal):
                    return None
                found.add(bool(inner.value))
        return found.pop() if len(found) == 1 else None

    def requires(self, call: TokenCall, claim: str) -> bool:
        """Whether a call may insist on a claim by `options={"require": [...]}` or the like."""
        options = call.arguments.get("options")
        if options is None:
            return call.is_open
        for source in self.sources.of(options.node, options.scope, options.at):
            if not isinstance(source.node, (ir.Dict, ir.Call, ir.Constant)):
                return True
            for part in walk(source.node):
                if isinstance(part, ir.Constant) and part.value in (claim, f"require_{claim}"):
                    return True
                if isinstance(part, ir.Constant) and part.value == "require":
                    values = self._eval.evaluate(source.node, source.scope, source.at)
                    if not all(isinstance(v, Mapping) and _lists(v) for v in values):
                        return True
        return False

    def checks_signature(self, call: TokenCall) -> bool:
        """Whether a call checks signatures, as far as can be told."""
        return call.operation == "decode" and self.option(call, "verify_signature") is not False

    def is_unsigned(self, call: TokenCall) -> bool:
        """Whether a call makes a token that anybody could make: one without a signature."""
        algorithm = call.arguments.get("algorithm")
        return algorithm is not None and self._eval.evaluate(
            algorithm.node, algorithm.scope, algorithm.at
        ) == (Literal("none"),)

    # Errors

    @cached_property
    def entries(self) -> frozenset[Function]:
        """The functions that serve requests: endpoints, dependencies and middleware."""
        application = self._application
        return frozenset(
            (*application.graph.injected, *[layer.function for layer in application.layers])
        )

    def errors(self, call: TokenCall) -> tuple[Value, ...]:
        """What a call raises for a token that is forged or expired; empty if that is unknown."""
        return tuple(External(name) for name in _ERRORS.get(call.library, ()))

    def escape(self, scope: Scope, at: int, error: Value, depth: int = 0) -> Function | None:
        """The function serving requests that lets an error of a statement out, if one does."""
        function = scope.owner
        if not isinstance(function, Function) or self._may_catch(function, at, error):
            return None
        if function in self.entries:
            return function
        if depth < _MAX_DEPTH:
            for site in self._eval.callers(function):
                if not site.module.is_test:
                    found = self.escape(site.scope, site.at, error, depth + 1)
                    if found is not None:
                        return found
        return None

    def _may_catch(self, function: Function, at: int, error: Value) -> bool:
        frames = self.frames(function, at)
        scope = function.scope
        if self._application.exceptions.is_caught(frames, scope, error):
            return True
        for frame in frames:
            if isinstance(frame.node, ir.With) and frame.part == "with":
                for item, _ in frame.node.items:
                    func = item.func if isinstance(item, ir.Call) else item
                    if self._is_of_project(func, scope, frame.node.at):
                        return True
        return any(
            self._is_of_project(
                decorator.value.func if isinstance(decorator.value, ir.Call) else decorator.value,
                function.parent,
                function.node.at,
            )
            for decorator in function.node.decorators
        )

    def _is_of_project(self, node: ir.Expr, scope: Scope, at: int) -> bool:
        values = self._eval.evaluate(node, scope, at)
        return any(isinstance(value, (FunctionValue, Method)) for value in values)

    def frames(self, function: Function, at: int) -> tuple[Frame, ...]:
        """What stands around a statement of a function."""
        return frames_at(function.body, at)

    def is_handled(self, error: Value) -> bool:
        """Whether an exception handler or a middleware may answer for an error."""
        above = self._application.exceptions.ancestors(error)
        for owner in self._application.owners():
            for handler in owner.exception_handlers:
                for value in handler.exception:
                    if value in _TOP:
                        if any("isinstance" in f.node.mentions for f in _functions(handler)):
                            return True
                    elif value in above or isinstance(value, (Unknown, Argument)):
                        return True
        return any(self._answers(layer, error) for layer in self._application.layers)

    def _answers(self, layer: Layer, error: Value) -> bool:
        """Whether a middleware takes an error that comes out of the application."""
        inner = {"app", layer.names[1] if layer.kind == "dispatch" else "app"}
        return any(
            self._application.exceptions.catches(handler, layer.function.scope, error) is not False
            and not isinstance(handler.body[-1], ir.Raise)
            for node, _ in placed(layer.function.body)
            if isinstance(node, ir.Try)
            and any(
                isinstance(part, ir.Call) and ir.last_name(part.func) in inner
                for part in walk_all(node.body)
            )
            for handler in node.handlers
        )

    # What the claims are used for

    def claims_of(self, node: ir.Expr, scope: Scope, at: int, depth: int = 0) -> TokenCall | None:
        """The call that read the claims which an expression holds, as they came."""
        for source in self.sources.of(node, scope, at):
            call = self.of(source.node)
            if call is not None and call.operation in ("decode", "claims"):
                return call
            if isinstance(source.node, (ir.Name, ir.Call)) and depth < _MAX_DEPTH:
                for function in self._injecting(source):
                    for result, place in results(function):
                        found = self.claims_of(result, function.scope, place, depth + 1)
                        if found is not None:
                            return found
        return None

    def _injecting(self, source: Source) -> Iterator[Function]:
        """The dependencies that give a parameter its value: for its name, or its `Depends`."""
        injection = self._application.injection
        function = source.scope.owner
        dependency = None
        if isinstance(source.node, ir.Name) and isinstance(function, Function):
            param = function.parameter(source.node.id)
            dependency = injection.injected(function, param) if param is not None else None
        elif isinstance(source.node, ir.Call):
            if ir.last_name(source.node.func) not in ("Depends", "Security"):
                return
            for value in self._eval.evaluate(source.node, source.scope, source.at):
                dependency = dependency or injection.dependency_of(value)  # type: ignore[arg-type]
        for value in dependency.callables if dependency is not None else ():
            provider = injection.function_of(value)
            if provider is not None and not provider.node.is_generator:
                yield provider

    @cached_property
    def readers(self) -> tuple[Function, ...]:
        """The functions outside tests in which claims may be read: those that decode, those that
        call them, and those that depend on either."""
        found = dict.fromkeys(
            call.function
            for call in self.calls
            if call.operation in ("decode", "claims") and call.function is not None
        )
        for _ in range(2):
            for function in tuple(found):
                for site in self._eval.callers(function):
                    if isinstance(site.scope.owner, Function):
                        found.setdefault(site.scope.owner)
                for use in self._application.graph.uses_of(function):
                    if use.function is not None:
                        found.setdefault(use.function)
        return tuple(function for function in found if not function.module.is_test)


def _role(name: str) -> str:
    return _ROLES.get(name, name)


def _functions(handler: ExceptionHandler) -> Iterator[Function]:
    for value in handler.handler:
        if isinstance(value, (FunctionValue, Method)):
            yield value.function


def _lists(mapping: Mapping) -> bool:
    """Whether the required claims of some options are listed in them."""
    return any(
        isinstance(key, ir.Constant) and key.value == "require" and isinstance(item, ir.Display)
        for key, item in mapping.node.items
    )


def _aliases(module: Module) -> Iterator[str]:
    """The names that a module gives to functions of a token library."""
    for name, bindings in module.scope.bindings.items():
        for binding in bindings:
            source = binding.source
            if isinstance(source, ir.Import):
                if source.name in _OPERATIONS and name not in _OPERATIONS:
                    yield name
            elif binding.kind == "value" and isinstance(source, ir._Node):
                made = source.args[:1] if isinstance(source, ir.Call) else (source,)
                if any((ir.last_name(part) or "") in _NAMES for part in made):  # type: ignore[arg-type]
                    yield name
