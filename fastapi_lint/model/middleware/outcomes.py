"""What middleware gives back: whether every path ends with a response, as the framework needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from ... import ir
from ...walk import children, own_parts, statements
from ..application import Middleware, Place
from ..calls import results
from ..evaluate import Evaluator
from ..layers import Layer
from ..link import Application
from ..names import BASE_HTTP_MIDDLEWARE
from ..responses import HTTP_ERRORS, is_response
from ..scopes import Function, decorator_name
from ..values import (
    ClassValue,
    External,
    FunctionValue,
    Instance,
    Literal,
    Mapping,
    Method,
    Sequence,
    Value,
)
from .wrapping import passes_on

_PLAIN_DECORATORS = frozenset({"middleware", "override", "staticmethod"})
_MODELS = ("pydantic.BaseModel",)


class Wrong(msgspec.Struct, frozen=True):
    """Something that is given back instead of a response.

    `what` follows the middleware's name in a message, `error` is what Python says when it runs.
    `kind` tells how it can be mended: "unawaited" and "no request" are calls, `node`; "unsent" and
    "exception" are returned, as `node`; "falls" returns nothing at the end; "instance" and
    "function" are registered; "" is all else.
    """

    place: Place
    what: str
    error: str
    help: str
    kind: str = ""
    node: ir.Expr | None = None


class Outcomes:
    """Judges what middleware gives back."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._eval: Evaluator = application.program.evaluator()

    def wrong(self, layer: Layer) -> Iterator[Wrong]:
        """What a layer does wrong."""
        function = layer.function
        names = {decorator_name(decorator) for decorator in function.node.decorators}
        if not names <= _PLAIN_DECORATORS or _is_stub(function) or function.node.is_generator:
            return
        if layer.kind == "asgi":
            yield from self._asgi(layer)
        elif function.node.is_async:
            yield from self._missing(layer)
            yield from self._calls(layer)
            yield from self._returned(layer)
        else:
            yield from self._plain(layer)

    def registered(self, middleware: Middleware) -> Wrong | None:
        """What a registration does wrong: an object or a function in the place of a class."""
        target, place = middleware.target, middleware.place
        if middleware.how in ("added", "list"):
            if isinstance(target, Instance) and self._is_made(target):
                return Wrong(
                    place,
                    f"an instance of `{middleware.name}` instead of the class",
                    "TypeError: it is called with the app",
                    "pass the class; further arguments go after it",
                    "instance",
                )
            if isinstance(target, (FunctionValue, Method)) and target.function.node.is_async:
                return Wrong(
                    place,
                    f"the function `{middleware.name}` instead of a class",
                    "TypeError: it is called with the app",
                    'register it with `app.middleware("http")`, or as `dispatch=` of a '
                    "BaseHTTPMiddleware",
                    "function",
                )
        elif middleware.how == "decorated" and self._eval.is_a(target, BASE_HTTP_MIDDLEWARE):
            return Wrong(
                place,
                f"the class `{middleware.name}` instead of a function",
                "TypeError: it is called with the request",
                "register it with `add_middleware`",
            )
        return None

    def _is_made(self, target: Instance) -> bool:
        match target.cls:
            case External(name):
                return name.startswith("starlette.middleware.") and name.endswith("Middleware")
            case ClassValue(cls):
                called = self._eval.find_method(cls, "__call__")
                if called is not None:
                    return called.node.is_async and len(called.node.params) == 4
                return self._eval.is_a(target.cls, BASE_HTTP_MIDDLEWARE)
        return False

    # Dispatch functions

    def _missing(self, layer: Layer) -> Iterator[Wrong]:
        function = layer.function
        if self._application.summaries.ends(function).falls and not _retries(layer):
            place = Place(function.module, function.node.at)
            yield replace(_nothing(place, "can end without returning a response"), kind="falls")

    def _calls(self, layer: Layer) -> Iterator[Wrong]:
        function = layer.function
        for node in statements(function.body):
            for part in own_parts(node):
                if isinstance(part, ir.Call) and passes_on(part, layer):
                    place = Place(function.module, node.at)
                    name = layer.call_next_name
                    if not part.args and not part.keywords:
                        error = "TypeError: the argument `request` is missing"
                        help = f"`await {name}({layer.request_name})`"
                        what = f"calls `{name}` without the request"
                        yield Wrong(place, what, error, help, "no request", part)
                    elif _is_left(part, node, function):
                        error = "TypeError: 'coroutine' object is not callable"
                        yield _unawaited(place, str(name), error, part)

    def _returned(self, layer: Layer) -> Iterator[Wrong]:
        function = layer.function
        for node in statements(function.body):
            if not isinstance(node, ir.Return):
                continue
            place = Place(function.module, node.at)
            if node.value is None or ir.is_none(node.value):
                yield _nothing(place, "returns nothing")
            elif isinstance(node.value, ir.Name) and _is_given(node.value.id, layer):
                name = "Request" if node.value.id == layer.request_name else "function"
                yield _returns(place, f"`{node.value.id}` itself", name, node.value)
            elif (kind := self._returned_kind(node.value, function, node.at)) is not None:
                yield _returns(place, *kind, node.value)
            elif (helper := self._delegate(node.value, layer, node.at)) is not None:
                yield _nothing(place, f"returns what `{helper.name}` gives, which can be nothing")

    def _plain(self, layer: Layer) -> Iterator[Wrong]:
        """A function that is not `async` has to return what can be awaited, and can't wait for it
        itself."""
        function = layer.function
        for node in statements(function.body):
            match node:
                case ir.Assign((ir.Name() as name,), ir.Call() as call) if passes_on(call, layer):
                    if any(
                        isinstance(part, ir.Attribute) and part.value == name
                        for part in _all(function.body)
                    ):
                        yield Wrong(
                            Place(function.module, node.at),
                            f"uses what `{layer.call_next_name}` gives without awaiting it",
                            "AttributeError: it is a coroutine",
                            "make it `async def`, and await what it calls",
                        )
        for value, at in results(layer.function):
            found = self._eval.evaluate(value, layer.function.scope, at)
            if all(is_response(item, self._eval) for item in found):
                yield Wrong(
                    Place(layer.function.module, at),
                    "returns a response from a function that is not `async`",
                    "TypeError: the response can't be used in 'await' expression",
                    "make it `async def`, and await what it calls",
                )

    def _returned_kind(self, node: ir.Expr, function: Function, at: int) -> tuple[str, str] | None:
        """What an expression, or one of its alternatives, is instead of a response."""
        match node:
            case ir.Conditional(_, body, orelse):
                kinds = [self._returned_kind(part, function, at) for part in (body, orelse)]
                return next((kind for kind in kinds if kind is not None), None)
            case ir.Operation("or", operands):
                return self._returned_kind(operands[-1], function, at)
        return self._kind(node, function, at)

    def _kind(self, node: ir.Expr, function: Function, at: int) -> tuple[str, str] | None:
        if isinstance(node, ir.Format):
            return "a string", "str"
        if isinstance(node, ir.Display):
            return f"a {node.kind}", node.kind
        kinds = [self._name(value) for value in self._eval.evaluate(node, function.scope, at)]
        known = [kind for kind in kinds if kind is not None]
        if not known or len(known) < len(kinds) or all(kind[1] == "NoneType" for kind in known):
            return None
        return next(kind for kind in known if kind[1] != "NoneType")

    def _name(self, value: Value) -> tuple[str, str] | None:
        match value:
            case Literal(None):
                return "None", "NoneType"
            case Literal(constant):
                name = type(constant).__name__
                return ("a string" if name == "str" else f"`{constant}`"), name
            case Mapping():
                return "a dict", "dict"
            case Sequence(kind):
                return f"a {kind}", kind
            case Instance(cls) if self._application.exceptions.is_a(cls, *HTTP_ERRORS):
                return "an exception", "HTTPException"
            case Instance(ClassValue(cls)) if self._eval.is_a(ClassValue(cls), *_MODELS):
                return f"a model, `{cls.name}`,", cls.name
        return None

    def _delegate(self, node: ir.Expr, layer: Layer, at: int) -> Function | None:
        """The function that a dispatch leaves its work to, if that can end without a response."""
        match node:
            case ir.Await(ir.Call(func, args)) if ir.Name(layer.call_next_name or "") in args:
                for value in self._eval.evaluate(func, layer.function.scope, at):
                    if isinstance(value, (FunctionValue, Method)) and self._may_fall(
                        value.function
                    ):
                        return value.function
        return None

    def _may_fall(self, function: Function) -> bool:
        if function.node.decorators or _is_stub(function) or function.node.is_generator:
            return False
        return bool(self._application.summaries.ends(function).falls)

    # Pure ASGI

    def _asgi(self, layer: Layer) -> Iterator[Wrong]:
        function = layer.function
        if not layer.registrations and layer.names != ("scope", "receive", "send"):
            return
        if not function.node.is_async:
            return
        for node in statements(function.body):
            if not isinstance(node, (ir.Return, ir.Expression)) or node.value is None:
                continue
            place = Place(function.module, node.at)
            if passes_on(node.value, layer):
                assert isinstance(node.value, ir.Call)
                name = ir.last_name(node.value.func) or "response"
                error = "what it would send never reaches the client"
                yield _unawaited(place, name, error, node.value)
            elif isinstance(node, ir.Return) and self._is_unsent(node.value, function, node.at):
                yield Wrong(
                    place,
                    "returns a response, which nobody sends",
                    "the return value of an ASGI application is ignored",
                    "`await response(scope, receive, send)`",
                    "unsent",
                    node.value,
                )

    def _is_unsent(self, node: ir.Expr, function: Function, at: int) -> bool:
        values = self._eval.evaluate(node, function.scope, at)
        return all(is_response(value, self._eval) for value in values)


def _is_given(name: str, layer: Layer) -> bool:
    """Whether a name is the request or `call_next`, and nothing else."""
    return name in layer.names and len(layer.function.scope.bindings[name]) == 1


def _nothing(place: Place, what: str) -> Wrong:
    error = "TypeError: 'NoneType' object is not callable"
    return Wrong(place, what, error, "return the response of `call_next`, or one of its own")


def _returns(place: Place, what: str, name: str, node: ir.Expr) -> Wrong:
    error = f"TypeError: '{name}' object is not callable"
    kind = "exception" if name == "HTTPException" else ""
    what = f"returns {what} instead of a response"
    return Wrong(place, what, error, "return a JSONResponse", kind, node)


def _unawaited(place: Place, name: str, error: str, call: ir.Call) -> Wrong:
    return Wrong(place, f"calls `{name}` without `await`", error, "add `await`", "unawaited", call)


def _retries(layer: Layer) -> bool:
    """Whether the request is passed on in a loop, whose last round may always leave it."""
    loops = (n for n in statements(layer.function.body) if isinstance(n, (ir.For, ir.While)))
    return any(passes_on(part, layer) for loop in loops for part in _all(loop.body))


def _is_stub(function: Function) -> bool:
    """Whether a body says nothing: a docstring, `pass` or `...`."""
    return all(
        (isinstance(node, ir.Expression) and isinstance(node.value, ir.Constant))
        or (isinstance(node, ir.Jump) and node.word == "pass")
        for node in function.body
    )


def _is_left(call: ir.Call, node: ir.Stmt, function: Function) -> bool:
    """Whether nothing awaits a coroutine: it is dropped, returned, or used as what it is not."""
    match node:
        case ir.Return(value) | ir.Expression(value):
            return value is call
        case ir.Assign((ir.Name(name),), value) if value is call:
            return not any(_hands_on(part, name) for part in _all(function.body))
    return False


def _hands_on(node: ir.Expr, name: str) -> bool:
    """Whether an expression awaits a variable, or gives it to something else."""
    match node:
        case ir.Attribute():
            return False
        case ir.Await() | ir.Call() | ir.Display() | ir.Dict() | ir.Yield():
            return ir.Name(name) in [child for child in children(node) if child is not None]
    return False


def _all(body: Iterable[ir.Stmt]) -> Iterator[ir.Expr]:
    for node in statements(body):
        if isinstance(node, (ir.Function, ir.Class)):
            continue
        yield from own_parts(node)
