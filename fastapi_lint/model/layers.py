"""Middleware as code: the functions that stand between the server and the routes."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from .. import ir
from .application import Middleware
from .calls import is_receiver, results
from .evaluate import Evaluator
from .index import Index
from .names import BASE_HTTP_MIDDLEWARE, FASTAPI, ROUTER, STARLETTE
from .program import Program
from .scopes import Class, Function
from .values import ClassValue, External, FunctionValue, Instance, Method, Partial, Value

_APPLICATIONS = (FASTAPI, STARLETTE, ROUTER, "starlette.routing.Router", "starlette.routing.Mount")


class Layer(msgspec.Struct, frozen=True, eq=False):
    """The function of a middleware that handles a request.

    `kind` is "asgi" (`__call__(self, scope, receive, send)` or a function of the same shape) or
    "dispatch" (`dispatch(self, request, call_next)` or an `@app.middleware("http")` function).
    `names` are the parameters after `self`: scope, receive, send; or request, call_next.
    `registrations` are the places that add it to an application; there may be none in sight.
    """

    kind: str
    function: Function
    names: tuple[str, ...]
    registrations: tuple[Middleware, ...]

    @property
    def cls(self) -> Class | None:
        """The class that the function is a method of."""
        return self.function.owner

    @property
    def label(self) -> str:
        """The class or function as users call it."""
        return self.cls.name if self.cls is not None else self.function.name

    @property
    def scope_name(self) -> str | None:
        return self.names[0] if self.kind == "asgi" else None

    @property
    def receive_name(self) -> str | None:
        return self.names[1] if self.kind == "asgi" else None

    @property
    def send_name(self) -> str | None:
        return self.names[2] if self.kind == "asgi" else None

    @property
    def request_name(self) -> str | None:
        return self.names[0] if self.kind == "dispatch" else None

    @property
    def call_next_name(self) -> str | None:
        return self.names[1] if self.kind == "dispatch" else None


class Layers:
    """Finds the middleware of a program, registered or not."""

    def __init__(self, program: Program, index: Index, registered: tuple[Middleware, ...]) -> None:
        self._index = index
        self._eval: Evaluator = program.evaluator()
        self._registered = registered

    def all(self) -> tuple[Layer, ...]:
        """Every middleware that is defined in the program, in the order of the files."""
        found: dict[Function, Layer] = {}
        for layer in (*self._classes(), *self._functions()):
            found.setdefault(layer.function, layer)
        return tuple(
            sorted(found.values(), key=lambda layer: (
                layer.function.module.path, layer.function.node.at))
        )  # fmt: skip

    def of(self, middleware: Middleware) -> Layer | None:
        """The layer that a registration adds, when it is defined in the program."""
        match middleware.target:
            case ClassValue(cls):
                return self._class(cls) or self._given(middleware)
            case External(name) if name == BASE_HTTP_MIDDLEWARE:
                return self._given(middleware)
            case target if middleware.how == "decorated":
                return self._called(target)
            case FunctionValue(function):
                return self._function(function)
        return None

    def _given(self, middleware: Middleware) -> Layer | None:
        """The function that a BaseHTTPMiddleware gets as `dispatch=`."""
        for value in self._dispatched(middleware):
            if (layer := self._called(value)) is not None:
                return layer
        return None

    def _dispatched(self, middleware: Middleware) -> tuple[Value, ...]:
        if not self._eval.is_a(middleware.target, BASE_HTTP_MIDDLEWARE):
            return ()
        if (option := middleware.options.get("dispatch")) is not None:
            return self._eval.evaluate(option.value, option.scope, option.at)
        if isinstance(middleware.target, External) and len(middleware.call.args) > 1:
            return self._eval.evaluate(middleware.call.args[1], middleware.scope, middleware.at)
        return ()

    def _called(self, value: Value) -> Layer | None:
        """The layer that calling a value with a request and `call_next` runs."""
        if isinstance(value, Partial):
            layer = self._called(value.callee)
            if layer is None:
                return None
            bound = {item.name for item in value.call.keywords}
            names = [name for name in _parameters(layer.function) if name not in bound]
            names = names[len(value.call.args) :]
            if len(names) < 2:
                return None
            return Layer("dispatch", layer.function, tuple(names[:2]), layer.registrations)
        function = self._function_of(value)
        return self._dispatch(function) if function is not None else None

    def _function_of(self, value: Value) -> Function | None:
        match value:
            case FunctionValue(function) | Method(function, _):
                return function
            case Instance(ClassValue(cls)):
                return self._eval.find_method(cls, "__call__")
        return None

    def _function(self, function: Function) -> Layer | None:
        """The ASGI application that a function `(app, ...)` defines and returns."""
        for node, at in results(function):
            for value in self._eval.evaluate(node, function.scope, at):
                if isinstance(value, FunctionValue) and value.function.node.is_async:
                    inner = value.function
                    names = _parameters(inner)
                    if inner.parent is function.scope and len(names) == 3:
                        return Layer("asgi", inner, names, self._registrations(inner))
        return None

    def _classes(self) -> Iterator[Layer]:
        for cls in self._index.classes:
            if cls.method("__call__") is not None or cls.method("dispatch") is not None:
                layer = self._class(cls)
                if layer is not None:
                    yield layer

    def _functions(self) -> Iterator[Layer]:
        for middleware in self._registered:
            layer = self.of(middleware)
            if layer is not None:
                yield layer

    def _class(self, cls: Class) -> Layer | None:
        value = ClassValue(cls)
        if self._eval.is_a(value, *_APPLICATIONS):
            return None
        called = self._eval.find_method(cls, "__call__")
        if called is not None and called.node.is_async:
            names = _parameters(called)
            if len(names) == 3:
                return Layer("asgi", called, names, self._registrations(called))
        dispatch = self._eval.find_method(cls, "dispatch")
        if dispatch is not None and self._eval.is_a(value, BASE_HTTP_MIDDLEWARE):
            return self._dispatch(dispatch)
        return None

    def _dispatch(self, function: Function) -> Layer | None:
        names = _parameters(function)
        if len(names) < 2:
            return None
        return Layer("dispatch", function, names[:2], self._registrations(function))

    def _registrations(self, function: Function) -> tuple[Middleware, ...]:
        return tuple(m for m in self._registered if self._handles(m, function))

    def _handles(self, middleware: Middleware, function: Function) -> bool:
        match middleware.target:
            case ClassValue(cls) if function.owner is not None and (
                self._eval.find_method(cls, function.name) is function
            ):
                return True
            case Partial(callee) if middleware.how == "decorated":
                return self._function_of(callee) is function
            case FunctionValue(maker) if function.parent is maker.scope:
                return True
            case target if self._function_of(target) is function:
                return True
        return any(
            self._function_of(value.callee if isinstance(value, Partial) else value) is function
            for value in self._dispatched(middleware)
        )


def _parameters(function: Function) -> tuple[str, ...]:
    """The names of the plain parameters after `self`; nothing if there are `*args`."""
    params = function.node.params
    if any(param.kind in ("*", "**") for param in params):
        return ()
    return tuple(p.name for p in params if not is_receiver(function, p))


def is_asgi_call(node: ir.Call, layer: Layer) -> bool:
    """Whether a call of an ASGI layer passes its own scope, receive and a send on: calls the app.

    `send` may have been wrapped; scope and receive are the layer's own names or copies of them.
    """
    return len(node.args) == 3 and not node.keywords and node.args[0] == ir.Name(layer.names[0])
