"""What a dispatch function does with the bodies that pass through it: request's and response's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import msgspec

from ... import ir
from ...walk import expressions, own_parts, statements, walk
from ..application import Place, Route
from ..calls import is_receiver
from ..flow import Paths, frames_at, known_tests, placed
from ..layers import Layer
from ..link import Application
from ..names import REQUEST
from ..scopes import Function
from ..values import Argument, External, FunctionValue, Generic, Instance, Method, Value
from .wrapping import passes_on

CONTENT = frozenset({"body", "json", "text", "content"})
"""What people look for on a response, and what a response of `call_next` does not have."""

_ITERATOR = "body_iterator"
_READS = frozenset({"body", "json", "form", "stream"})
_FORMS = frozenset({"fastapi.param_functions.Form", "fastapi.param_functions.File"})
_FORM_CLASSES = frozenset(
    {
        "fastapi.security.OAuth2PasswordRequestForm",
        "fastapi.security.OAuth2PasswordRequestFormStrict",
    }
)
_BODIES = frozenset({"fastapi.param_functions.Body", *_FORMS})
_UPLOADS = ("fastapi.datastructures.UploadFile", "starlette.datastructures.UploadFile")
_PLAIN = frozenset({"builtins.dict", "builtins.list", "typing.Any", "typing.Dict", "typing.List"})
_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Read(msgspec.Struct, frozen=True):
    """A place that reads a body; `what` is the attribute or method, `inner` the place in a helper
    that does it for this one."""

    place: Place
    what: str
    name: str
    inner: Place | None = None


# Responses


def missing_content(layer: Layer, application: Application) -> Iterator[Read]:
    """Reads of `.body` and the like on a response of `call_next`, which has none."""
    tracker = _Responses(layer, application)
    tracker.run(layer.function.body, frozenset())
    for read, node in tracker.missing.values():
        if read.inner is not None or not _is_expected(node, layer.function, application):
            yield read


def drained(layer: Layer, application: Application) -> Iterator[Read]:
    """Reads of the `body_iterator` of a response that is returned without it."""
    tracker = _Responses(layer, application)
    tracker.run(layer.function.body, frozenset())
    yield from tracker.drained.values()


_Held: TypeAlias = "frozenset[tuple[str, Read | None]]"
"""The variables with a response of `call_next`, each with what took its body."""


class _Responses(Paths[_Held]):
    def __init__(self, layer: Layer, application: Application) -> None:
        super().__init__()
        self._layer = layer
        self._function = layer.function
        self._application = application
        self._iterators = {
            target: node.value.value
            for node in statements(layer.function.body)
            if isinstance(node, ir.Assign)
            and isinstance(node.value, ir.Attribute)
            and node.value.attr == _ITERATOR
            for target in node.targets
            if isinstance(target, ir.Name)
        }
        self.missing: dict[int, tuple[Read, ir.Attribute]] = {}
        self.drained: dict[int, Read] = {}

    def expression(self, state: _Held, node: ir.Expr, at: int) -> Iterable[_Held]:
        held = {name for name, _ in state}
        match node:
            case ir.Attribute(ir.Name(name), attr) if name in held and attr in CONTENT:
                place = Place(self._function.module, at)
                self.missing.setdefault(at, (Read(place, attr, name), node))
            case ir.Comprehension(_, _, sources):
                for _, iterated, _ in sources:
                    state = self._iterated(state, iterated, at)
            case ir.Assigned(ir.Name(name), value):
                if any(passes_on(part, self._layer) for part in walk(value)):
                    state = frozenset(item for item in state if item[0] != name) | {(name, None)}
            case ir.Call(ir.Attribute(owner, "__anext__")) | ir.Call(ir.Name("anext"), (owner,)):
                state = self._iterated(state, owner, at)
            case ir.Call(_, args) if ir.Constant(_ITERATOR, "str") in args:
                state = frozenset((name, None) for name, _ in state)
            case ir.Call(_, args):
                for arg in args:
                    if isinstance(arg, ir.Name) and arg.id in held:
                        state = self._given(state, node, arg.id, at)
        return (state,)

    def statement(self, state: _Held, node: ir.Stmt) -> Iterable[_Held]:
        match node:
            case ir.For(_, iterated, _, _, True):
                state = self._iterated(state, iterated, node.at)
            case ir.Assign((ir.Name(name),), value) if value is not None:
                rest = frozenset(item for item in state if item[0] != name)
                if any(passes_on(part, self._layer) for part in walk(value)):
                    state = rest | {(name, None)}
                elif isinstance(value, ir.Name):
                    state = rest | {(name, read) for n, read in state if n == value.id}
                else:
                    state = rest
            case ir.Assign(targets):
                for target in targets:
                    if isinstance(target, ir.Attribute) and target.attr == _ITERATOR:
                        state = frozenset(
                            (name, None if target.value == ir.Name(name) else read)
                            for name, read in state
                        )
                        self.missing.pop(node.at, None)
                    elif isinstance(target, ir.Attribute) and target.attr in CONTENT:
                        self.missing.pop(node.at, None)
            case ir.Return(ir.Name(name)):
                for held, read in state:
                    if held == name and read is not None:
                        self.drained.setdefault(read.place.at, read)
        return (state,)

    def _iterated(self, state: _Held, node: ir.Expr, at: int) -> _Held:
        place = Place(self._function.module, at)
        for part in walk(node):
            owner = self._iterators.get(part) if isinstance(part, ir.Name) else None
            if isinstance(part, ir.Attribute) and part.attr == _ITERATOR:
                owner = part.value
            if owner is not None:
                state = frozenset(
                    (name, Read(place, _ITERATOR, name) if owner == ir.Name(name) else read)
                    for name, read in state
                )
        return state

    def _given(self, state: _Held, call: ir.Call, name: str, at: int) -> _Held:
        """The response is given to a function of the project."""
        found = helper_of(call, name, self._function, at, self._application)
        if found is None:
            return state
        helper, param = found
        place = Place(self._function.module, at)
        inner = ir.Name(param)
        attributes = [
            (part.attr, node)
            for node in statements(helper.body)
            for part in own_parts(node)
            if isinstance(part, ir.Attribute) and part.value == inner
        ]
        restores = any(
            isinstance(node, ir.Assign) and ir.Attribute(inner, _ITERATOR) in node.targets
            for node in statements(helper.body)
        )
        for attr, node in attributes:
            where = Place(helper.module, node.at)
            if attr == _ITERATOR and not restores and not helper.node.is_generator:
                read = Read(place, _ITERATOR, name, where)
                return frozenset((n, read if n == name else r) for n, r in state)
            if attr in CONTENT:
                target = ir.Attribute(inner, attr)
                if not _is_expected_in(target, helper, self._application):
                    self.missing.setdefault(at, (Read(place, attr, name, where), target))
        return state


def _is_expected(node: ir.Attribute, function: Function, application: Application) -> bool:
    """Whether the code knows that an attribute may be missing."""
    for tests in known_tests(function.body, node.value, node):
        for test, _ in tests:
            if any(
                isinstance(part, ir.Call) and ir.last_name(part.func) in ("hasattr", "isinstance")
                for part in walk(test)
            ):
                return True
    return _is_expected_in(node, function, application)


def _is_expected_in(node: ir.Attribute, function: Function, application: Application) -> bool:
    missing = External("builtins.AttributeError")
    for statement, frames in placed(function.body):
        for expression in expressions(statement):
            if any(part == node for part in walk(expression)):
                narrow = [
                    handler
                    for frame in frames
                    if frame.part == "body" and isinstance(frame.node, ir.Try)
                    for handler in frame.node.handlers
                    if handler.catches is not None
                ]
                return any(
                    missing in application.exceptions.classes(h.catches, function.scope, h.at)
                    for h in narrow
                ) or any(
                    isinstance(frame.node, ir.If)
                    and any(
                        isinstance(part, ir.Call)
                        and ir.last_name(part.func) in ("hasattr", "isinstance")
                        for test, _ in frame.node.branches
                        for part in walk(test)
                    )
                    for frame in frames
                )
    return False


# Requests


class Taken(msgspec.Struct, frozen=True):
    """A read after which the application behind a dispatch does not get the body.

    `passed` is where the request is handed on; `late` tells that the read comes after that.
    """

    read: Read
    passed: Place
    late: bool


class _Body(msgspec.Struct, frozen=True):
    """What has become of the request's body: `kept` for the route, `taken`, or `passed` on."""

    kept: bool = False
    taken: Read | None = None
    passed: int | None = None


class _Requests(Paths[_Body]):
    def __init__(self, layer: Layer, application: Application, keeps: bool) -> None:
        super().__init__()
        self._layer = layer
        self._function = layer.function
        self._application = application
        self._keeps = keeps
        self._request = ir.Name(layer.names[0])
        self._copies = {
            target.id
            for node in statements(layer.function.body)
            if isinstance(node, ir.Assign) and node.value is not None
            for target in node.targets
            if isinstance(target, ir.Name) and self._is_copy(node.value, node.at)
        }
        self.found: dict[int, Taken] = {}

    def expression(self, state: _Body, node: ir.Expr, at: int) -> Iterable[_Body]:
        if not isinstance(node, ir.Call):
            return (state,)
        if passes_on(node, self._layer):
            passed = Place(self._function.module, at)
            if state.taken is not None:
                self.found.setdefault(state.taken.place.at, Taken(state.taken, passed, False))
            return (_Body(state.kept, None, at),)
        match node.func:
            case ir.Attribute(owner, attr) if owner == self._request:
                return (self._read(state, attr, at, None),)
            case ir.Attribute(owner, "body" | "json" | "form" | "stream" as attr) if (
                self._is_copied(owner, at)
            ):
                return (self._take(state, attr, at, None, "copy"),)
        for arg in node.args:
            if arg == self._request:
                return (self._given(state, node, at),)
        return (state,)

    def statement(self, state: _Body, node: ir.Stmt) -> Iterable[_Body]:
        if isinstance(node, ir.Assign) and state.taken is not None:
            for target in node.targets:
                if isinstance(target, ir.Attribute) and self._restores(target.attr, state.taken):
                    return (_Body(state.kept, None, state.passed),)
        return (state,)

    def _restores(self, attr: str, taken: Read) -> bool:
        if attr == "_receive":
            return not self._keeps or taken.name != "request"
        return attr == "_body" and self._keeps and taken.name == "request"

    def _read(self, state: _Body, attr: str, at: int, inner: Place | None) -> _Body:
        if attr in ("receive", "_receive"):
            return self._take(state, attr, at, inner, "message")
        if attr not in _READS:
            return state
        if state.kept:
            return state
        if state.passed is not None:
            if attr != "form":
                place = Place(self._function.module, at)
                passed = Place(self._function.module, state.passed)
                read = Read(place, attr, "request", inner)
                if not self._is_expected(at):
                    self.found.setdefault(at, Taken(read, passed, True))
            return state
        if attr in ("body", "json") and self._keeps:
            return _Body(True, state.taken, state.passed)
        return self._take(state, attr, at, inner, "request")

    def _take(self, state: _Body, attr: str, at: int, inner: Place | None, name: str) -> _Body:
        if state.taken is not None or state.passed is not None or state.kept:
            return state
        read = Read(Place(self._function.module, at), attr, name, inner)
        return _Body(state.kept, read, state.passed)

    def _given(self, state: _Body, call: ir.Call, at: int) -> _Body:
        found = helper_of(call, self._request.id, self._function, at, self._application)
        if found is None:
            return _Body(state.kept, None, state.passed) if state.taken else state
        helper, param = found
        for node in statements(helper.body):
            if isinstance(node, ir.Assign) and any(
                isinstance(target, ir.Attribute) and target.attr in ("_receive", "_body")
                for target in node.targets
            ):
                return _Body(state.kept, None, state.passed)
            for part in own_parts(node):
                match part:
                    case ir.Call(ir.Attribute(ir.Name(name), attr)) if name == param:
                        state = self._read(state, attr, at, Place(helper.module, node.at))
        return state

    def _is_expected(self, at: int) -> bool:
        error = External("builtins.RuntimeError")
        exceptions, scope = self._application.exceptions, self._function.scope
        return exceptions.is_caught(frames_at(self._function.body, at), scope, error)

    def _is_copied(self, node: ir.Expr, at: int) -> bool:
        return (isinstance(node, ir.Name) and node.id in self._copies) or self._is_copy(node, at)

    def _is_copy(self, node: ir.Expr, at: int) -> bool:
        """Whether an expression makes a second request that takes messages from the first."""
        match node:
            case ir.Call(func, (_, ir.Attribute(owner, "receive" | "_receive"))):
                view = self._application.program.evaluator()
                return owner == self._request and any(
                    view.is_a(cls, REQUEST) for cls in view.evaluate(func, self._function.scope, at)
                )
        return False


def taken_bodies(layer: Layer, application: Application, *, keeps: bool) -> tuple[Taken, ...]:
    """Where a dispatch takes the body away from the application.

    `keeps` tells whether Starlette keeps for the application what `request.body()` has read.
    """
    analysis = _Requests(layer, application, keeps)
    analysis.run(layer.function.body, _Body())
    return tuple(analysis.found.values())


def helper_of(
    call: ir.Call, name: str, function: Function, at: int, application: Application
) -> tuple[Function, str] | None:
    """The function of the project that gets a variable, and the parameter that receives it."""
    view = application.program.evaluator()
    for value in view.evaluate(call.func, function.scope, at):
        if not isinstance(value, (FunctionValue, Method)):
            continue
        params = [p for p in value.function.node.params if not is_receiver(value.function, p)]
        for index, arg in enumerate(call.args):
            if arg == ir.Name(name) and index < len(params):
                return value.function, params[index].name
    return None


# Routes


def needs(route: Route, application: Application) -> frozenset[str]:
    """What a route takes from the body: "form", "other"; both if it cannot be told."""
    both = frozenset({"form", "other"})
    if route.is_websocket or not _WRITING & set(route.methods or _WRITING):
        return frozenset()
    if route.endpoint is None:
        return both
    steps = application.graph.steps(route)
    functions = [route.endpoint, *(step.function for step in steps if step.function is not None)]
    asked = {kind for function in functions for kind in _asks(function, application)}
    if any(isinstance(step.value, External) and step.value.name in _FORM_CLASSES for step in steps):
        asked.add("form")
    return frozenset(asked)


def _asks(function: Function, application: Application) -> Iterator[str]:
    view = application.program.evaluator()
    scope, at = function.parent, function.node.at
    for name in ("form", "json", "body", "stream"):
        if name in function.node.mentions:
            yield "form" if name == "form" else "other"
    for param in function.node.params:
        marks: list[Value] = []
        if param.default is not None:
            marks.extend(view.evaluate(param.default, scope, at))
        for value in view.evaluate(param.annotation, scope, at) if param.annotation else ():
            if isinstance(value, Generic):
                for arg in value.args[1:]:
                    marks.extend(view.evaluate(arg, value.scope, value.at))
        names = {
            mark.cls.name
            for mark in marks
            if isinstance(mark, Instance) and isinstance(mark.cls, External)
        }
        names = {name.replace("fastapi.", "fastapi.param_functions.", 1)
                 if name.count(".") == 1 else name for name in names}  # fmt: skip
        if names & _FORMS:
            yield "form"
        elif names & _BODIES:
            yield "other"
        elif any(name.startswith("fastapi.") for name in names):
            continue
        for cls in application.injection.types(param.annotation, scope, at):
            if view.is_a(cls, *_UPLOADS):
                yield "form"
            elif isinstance(cls, Argument):
                continue
            elif view.is_a(cls, "pydantic.BaseModel") or (
                isinstance(cls, External) and cls.name in _PLAIN
            ):
                yield "other"
