"""Pure ASGI middleware: what it does with scopes, with `receive`, and with what it sends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from ... import ir
from ...walk import own_parts, statements, walk, walk_all
from ..application import Place
from ..calls import is_receiver
from ..flow import Frame, Paths, placed
from ..layers import Layer, is_asgi_call
from ..link import Application
from ..names import REQUEST, WEBSOCKET
from ..scopes import Function
from ..values import ClassValue, External, FunctionValue, Instance, Method, Partial, Value
from .kinds import BODY, HTTP, LIFESPAN, MESSAGES, SCOPES, Access, KindPaths, State, passed_by
from .wrapping import is_middleware

_KEYS = frozenset(
    {"path", "raw_path", "method", "headers", "client", "query_string", "scheme", "http_version"}
)
"""What a lifespan scope has not; Starlette and FastAPI add `app` and `root_path` to every scope."""

_CONNECTION = "starlette.requests.HTTPConnection"
_HEADERS = ("starlette.datastructures.Headers", "starlette.datastructures.MutableHeaders")
_URL = "starlette.datastructures.URL"
_BODIES = frozenset({"body", "json", "form", "stream"})


def reached_by(layer: Layer, application: Application) -> frozenset[str]:
    """The kinds of scopes that a layer gets; none if it stands around no application."""
    if layer.kind != "asgi" or not (layer.registrations or passes_scopes(layer)):
        return frozenset()
    if not (is_middleware(layer, application) or _wraps_by_hand(layer, application)):
        return frozenset()
    mounted = {mount.app for owner in application.owners() for mount in owner.mounts}
    apps = [a for a in application.apps if any(m in layer.registrations for m in a.middleware)]
    if apps and all(app in mounted for app in apps):
        return SCOPES - {LIFESPAN}
    return SCOPES


def _wraps_by_hand(layer: Layer, application: Application) -> bool:
    """Whether the project itself wraps an application in a layer, for the server to call it."""
    if layer.cls is None or layer.registrations:
        return False
    view = application.program.evaluator()
    made = {app.created[0] for app in application.apps if app.created is not None}
    mounted = {arg for site in application.index.calls("mount", "Mount")
               for arg in (*site.call.args, *(k.value for k in site.call.keywords))}  # fmt: skip
    for site in application.index.calls(layer.cls.name):
        if site.module.is_test or site.call in mounted:
            continue
        for node in statements(site.scope.body):
            match node:
                case ir.Assign((ir.Name() as target,), value) if value == site.call:
                    if target in mounted:
                        continue
                case ir.Return(value) if value == site.call:
                    pass
                case _:
                    continue
            arguments = (*site.call.args[:1], *(k.value for k in site.call.keywords))
            wrapped = (v for a in arguments for v in view.evaluate(a, site.scope, site.at))
            if any(isinstance(v, Instance) and v.call in made for v in wrapped) and ClassValue(
                layer.cls
            ) in view.evaluate(site.call.func, site.scope, site.at):
                return True
    return False


# Scopes


class Twice(msgspec.Struct, frozen=True):
    """An application that is called twice for one scope, or used as if for another kind."""

    first: Place
    second: Place
    kinds: frozenset[str]


class Dropped(msgspec.Struct, frozen=True):
    """Where scopes of some kinds end without having been passed on or answered."""

    place: Place
    kinds: frozenset[str]


class ScopePaths(KindPaths):
    """What a layer does for each kind of scope."""

    keys = _KEYS

    def __init__(
        self, function: Function, name: str, application: Application, depth: int = 0
    ) -> None:
        super().__init__(function, name, application, depth)
        self.twice: dict[int, Twice] = {}
        self.dropped: dict[int, Dropped] = {}
        self._reaching: dict[int, frozenset[str] | None] = {}
        self._kept: set[int] = set()
        self._own = {
            param.name for param in function.node.params if not is_receiver(function, param)
        }
        self._calls: dict[int, ir.Call] = {}
        self._asserts = {
            node.at
            for node in statements(function.body)
            if isinstance(node, ir.Jump) and node.word == "assert"
        }

    def kinds_at(self, at: int) -> frozenset[str] | None:
        """The kinds of scopes that reach a statement, if they are known."""
        return self._reaching.get(at)

    def only_drops(self, at: int) -> bool:
        """Whether all scopes that reach a `return`, or no branch of an `if`, are dropped there."""
        return at in self.dropped and at not in self._kept

    def failing(self, node: ir.Expr, at: int) -> tuple[str, frozenset[str], str] | None:
        match node:
            case ir.Subscript(ir.Name(self.name), (ir.Constant("method"),)):
                return f'{self.name}["method"]', SCOPES - {HTTP}, "KeyError"
            case ir.Subscript(ir.Name(self.name), (ir.Constant(str() as key),)) if key in _KEYS:
                return f'{self.name}["{key}"]', frozenset({LIFESPAN}), "KeyError"
            case ir.Call(func, args, keywords):
                given = [*args[:1], *(k.value for k in keywords if k.name == "scope")]
                if ir.Name(self.name) not in given:
                    return None
                for cls in self._view.evaluate(func, self.function.scope, at):
                    label = f"{ir.last_name(func)}({self.name})"
                    if self._view.is_a(cls, REQUEST):
                        return label, SCOPES - {HTTP}, "AssertionError"
                    if self._view.is_a(cls, WEBSOCKET):
                        return label, SCOPES - {"websocket"}, "AssertionError"
                    if self._view.is_a(cls, _CONNECTION):
                        return label, frozenset({LIFESPAN}), "AssertionError"
                    if self._view.is_a(cls, *_HEADERS, _URL):
                        return label, frozenset({LIFESPAN}), "KeyError"
        return None

    def expression(self, state: State, node: ir.Expr, at: int) -> Iterable[State]:
        (state,) = super().expression(state, node, at)
        if state.passed is not None and state.kinds and HTTP not in state.kinds:
            found = self.failing(node, at)
            if found is not None and HTTP not in found[1] and state.kinds <= found[1]:
                self._double(state, at)
        match node:
            case ir.Call(_, args, keywords):
                if self._is_app_call(node):
                    return (self._pass(state, node, at),)
                given = (*args, *(k.value for k in keywords))
                if any(isinstance(arg, ir.Name) and arg.id in self._own for arg in given):
                    return (replace(state, used=True),)
            case ir.Await():
                return (replace(state, used=True),)
        return (state,)

    def test(self, state: State, node: ir.Expr, truth: bool, at: int) -> Iterable[State]:
        for after in super().test(state, node, truth, at):
            if (
                at in self._asserts
                and truth
                and state.kinds is not None
                and after.kinds is not None
                and LIFESPAN in (failing := state.kinds - after.kinds)
            ):
                self._record(at, "the assertion", failing, "AssertionError")
            yield after

    def statement(self, state: State, node: ir.Stmt) -> Iterable[State]:
        before, now = self._reaching.get(node.at, frozenset()), state.kinds
        self._reaching[node.at] = None if before is None or now is None else before | now
        if isinstance(node, ir.Return):
            self._end(state, node.at)
        return super().statement(state, node)

    def unmatched(self, state: State, node: ir.If) -> None:
        if not _is_dropped(state):
            self._kept.add(node.at)

    def follow(self, kinds: frozenset[str]) -> None:
        """Run the analysis for what a layer gets."""
        for state in self.run(self.function.body, State(kinds)).falls:
            if state.asked is not None and _is_dropped(state):
                self._drop(state, state.asked)

    def _end(self, state: State, at: int) -> None:
        if _is_dropped(state):
            self._drop(state, at)
        else:
            self._kept.add(at)

    def _drop(self, state: State, at: int) -> None:
        place = Place(self.function.module, at)
        before = self.dropped.get(at)
        kinds = (state.kinds or frozenset()) | (before.kinds if before is not None else frozenset())
        self.dropped[at] = Dropped(place, kinds)

    def _is_app_call(self, node: ir.Call) -> bool:
        return len(node.args) == 3 and not node.keywords and node.args[0] == ir.Name(self.name)

    def _pass(self, state: State, node: ir.Call, at: int) -> State:
        state = replace(state, used=True)
        if state.passed is not None:
            first = self._calls[state.passed]
            if self._calls_again(node, first, at) and not self._is_conditional(at, state.passed):
                self._double(state, at)
        elif state.kinds is not None and state.asked is not None:
            self._calls[at] = node
            return replace(state, passed=at)
        return state

    def _double(self, state: State, at: int) -> None:
        if state.passed is not None and state.kinds:
            module = self.function.module
            twice = Twice(Place(module, state.passed), Place(module, at), state.kinds)
            self.twice.setdefault(state.passed, twice)

    def _calls_again(self, node: ir.Call, first: ir.Call, at: int) -> bool:
        if node.func == first.func:
            return True
        return any(
            inner.func == first.func
            for value in self._view.evaluate(node.func, self.function.scope, at)
            if isinstance(value, (FunctionValue, Method))
            for inner, _ in passed_by(value.function)
        )

    def _is_conditional(self, at: int, first: int) -> bool:
        """Whether a call stands in a branch about something else than the type of the scope."""
        around = self._frames.get(first, ())
        for frame in self._frames.get(at, ()):
            if frame in around:
                continue
            if frame.part in ("handler", "loop"):
                return True
            if isinstance(frame.node, ir.If):
                tests = [test for test, _ in frame.node.branches[: frame.index + 1] if test]
                if any(not self._asks(test) for test in tests):
                    return True
        return False


def _is_dropped(state: State) -> bool:
    """Whether a scope that ends here was no request, and was neither passed on nor answered."""
    is_other = bool(state.kinds) and HTTP not in (state.kinds or ())
    return is_other and not state.used and state.passed is None


def scope_paths(layer: Layer, application: Application) -> ScopePaths | None:
    """The analysis of a pure ASGI middleware; `None` for what is none."""
    kinds = reached_by(layer, application)
    if not kinds:
        return None
    paths = ScopePaths(layer.function, layer.names[0], application)
    paths.follow(kinds)
    return paths


def passes_scopes(layer: Layer) -> bool:
    """Whether a layer calls on with its scope anywhere."""
    calls = (call for call, _ in passed_by(layer.function))
    return any(is_asgi_call(call, layer) for call in calls)


# What is sent


class MessagePaths(KindPaths):
    """What a wrapper of `send` reads from messages that do not have it."""

    keys = frozenset({"headers", "status"})

    def failing(self, node: ir.Expr, at: int) -> tuple[str, frozenset[str], str] | None:
        match node:
            case ir.Subscript(ir.Name(self.name), (ir.Constant(str() as key),)) if key in self.keys:
                return f'{self.name}["{key}"]', frozenset({BODY}), "KeyError"
            case ir.Call(func, args, keywords):
                given = [*args[:1], *(k.value for k in keywords if k.name == "scope")]
                if ir.Name(self.name) in given:
                    for cls in self._view.evaluate(func, self.function.scope, at):
                        if self._view.is_a(cls, *_HEADERS):
                            label = f"{ir.last_name(func)}(scope={self.name})"
                            return label, frozenset({BODY}), "KeyError"
        return None


class Unchecked(msgspec.Struct, frozen=True):
    """A wrapper of `send` that reads what only the start of a response has; `message` is the name
    of its parameter."""

    layer: Layer
    function: Function
    message: str
    access: Access


def unchecked_messages(application: Application) -> Iterator[Unchecked]:
    """Wrappers of `send` that do not ask for the type of the message, each reported once."""
    seen: set[Function] = set()
    for layer in application.layers:
        for function, name in senders(layer, application):
            if function not in seen:
                seen.add(function)
                paths = MessagePaths(function, name, application)
                paths.run(function.body, State(MESSAGES))
                for access in paths.first():
                    yield Unchecked(layer, function, name, access)


def senders(layer: Layer, application: Application) -> Iterator[tuple[Function, str]]:
    """The functions that a layer gives to the application as `send`, and the message's name."""
    if layer.kind != "asgi":
        return
    view = application.program.evaluator()
    for call, at in passed_by(layer.function):
        if is_asgi_call(call, layer):
            for value in view.evaluate(call.args[2], layer.function.scope, at):
                yield from _sender(value)


def _sender(value: Value) -> Iterator[tuple[Function, str]]:
    match value:
        case FunctionValue(function) | Method(function, _) if function.node.is_async:
            params = [p.name for p in function.node.params if not is_receiver(function, p)]
            if params:
                yield function, params[0]
        case Partial(FunctionValue(function) | Method(function, _), call):
            bound = {keyword.name for keyword in call.keywords}
            params = [p.name for p in function.node.params if not is_receiver(function, p)]
            free = [name for name in params[len(call.args) :] if name not in bound]
            if free and function.node.is_async:
                yield function, free[0]


# What is received


class Consumed(msgspec.Struct, frozen=True):
    """A place that takes the body, and the place where the same `receive` is passed on."""

    place: Place
    what: str
    passed: Place


class _Taken(msgspec.Struct, frozen=True):
    at: int
    what: str


class ReceivePaths(Paths["_Taken | None"]):
    """Where the messages that an application needs are taken away from it."""

    def __init__(
        self, function: Function, scope: str | None, receive: str, application: Application
    ) -> None:
        super().__init__()
        self._function = function
        self._scope_name = scope
        self._receive = ir.Name(receive)
        self._application = application
        self._view = application.program.evaluator()
        self._requests = {
            target.id
            for node in statements(function.body)
            if isinstance(node, ir.Assign) and node.value is not None
            for target in node.targets
            if isinstance(target, ir.Name) and self._is_request(node.value, node.at)
        }
        self._made = {
            target.id
            for node in statements(function.body)
            if isinstance(node, ir.Assign) and any(isinstance(p, ir.Call) for p in walk(node.value))
            for target in node.targets
            if isinstance(target, ir.Name)
        }
        self._gives_back = any(
            isinstance(target, ir.Attribute) and target.attr in ("_receive", "receive")
            for node in statements(function.body)
            if isinstance(node, ir.Assign)
            for target in node.targets
        )
        self.found: dict[int, Consumed] = {}

    def expression(self, state: _Taken | None, node: ir.Expr, at: int) -> Iterable[_Taken | None]:
        if not isinstance(node, ir.Call):
            return (state,)
        if len(node.args) == 3 and not node.keywords:
            if (
                state is not None
                and self._is_scope(node.args[0])
                and self._is_same(node.args[1])
                and not self._is_answer(node.func)
            ):
                module = self._function.module
                consumed = Consumed(Place(module, state.at), state.what, Place(module, at))
                self.found.setdefault(state.at, consumed)
            if self._is_scope(node.args[0]):
                return (None,)
        if state is None and (what := self._takes(node, at)) is not None:
            return (_Taken(at, what),)
        return (state,)

    def statement(self, state: _Taken | None, node: ir.Stmt) -> Iterable[_Taken | None]:
        match node:
            case ir.Assign(targets) if any(
                part == self._receive for target in targets for part in walk(target)
            ):
                return (None,)
            case ir.Function(name) if name == self._receive.id:
                return (None,)
        return (state,)

    def _is_answer(self, node: ir.Expr) -> bool:
        """Whether what is called was made here, as a response is; the application was not."""
        return isinstance(node, ir.Call) or (isinstance(node, ir.Name) and node.id in self._made)

    def _is_scope(self, node: ir.Expr) -> bool:
        match node:
            case ir.Name(name):
                return name == self._scope_name
            case ir.Attribute(ir.Name(name), "scope"):
                return name in self._requests
        return False

    def _is_same(self, node: ir.Expr) -> bool:
        match node:
            case ir.Attribute(ir.Name(name), "receive" | "_receive"):
                return name in self._requests and not self._gives_back
        return node == self._receive

    def _is_request(self, node: ir.Expr, at: int) -> bool:
        match node:
            case ir.Call(func, args, keywords):
                given = (*args[1:2], *(k.value for k in keywords if k.name == "receive"))
                return self._receive in given and any(
                    self._view.is_a(cls, REQUEST)
                    for cls in self._view.evaluate(func, self._function.scope, at)
                )
        return False

    def _takes(self, node: ir.Call, at: int) -> str | None:
        """The code that takes the body, if a call does."""
        if node.func == self._receive:
            return f"{self._receive.id}()"
        match node.func:
            case ir.Attribute(ir.Name(name), attr) if name in self._requests and attr in _BODIES:
                return f"{name}.{attr}()"
            case ir.Attribute(owner, attr) if attr in _BODIES and self._is_request(owner, at):
                return f"Request(...).{attr}()"
        for index, arg in enumerate(node.args):
            is_request = isinstance(arg, ir.Name) and arg.id in self._requests
            if arg == self._receive or is_request or self._is_request(arg, at):
                for value in self._view.evaluate(node.func, self._function.scope, at):
                    if isinstance(value, (FunctionValue, Method)) and _drains(
                        value.function, index, arg == self._receive, self._application
                    ):
                        return f"{ir.last_name(node.func)}(...)"
        return None


def _drains(function: Function, index: int, is_receive: bool, application: Application) -> bool:
    """Whether a helper takes the body from the `receive` or the request that it gets."""
    params = [p.name for p in function.node.params if not is_receiver(function, p)]
    if index >= len(params):
        return False
    name = params[index]
    paths = ReceivePaths(function, None, name, application) if is_receive else None
    for node in statements(function.body):
        for part in own_parts(node):
            match part:
                case ir.Call() if paths is not None:
                    if paths._takes(part, node.at) is not None:
                        return True
                case ir.Call(ir.Attribute(ir.Name(owner), attr)):
                    if owner == name and attr in _BODIES:
                        return True
    return False


def consumed_bodies(layer: Layer, application: Application) -> tuple[Consumed, ...]:
    """Where a pure ASGI middleware takes the body and passes the same `receive` on."""
    if layer.kind != "asgi":
        return ()
    paths = ReceivePaths(layer.function, layer.names[0], layer.names[1], application)
    paths.run(layer.function.body, None)
    return tuple(paths.found.values())


# When it is recorded


class Late(msgspec.Struct, frozen=True):
    """A use of a status that was recorded while sending, which an exception skips.

    `passed` is the call of the application, `recorded` the place in the `send` that it gets.
    """

    place: Place
    passed: Place
    recorded: Place
    name: str


_GROWS = ("append", "add", "update", "put", "setdefault", "insert", "put_nowait")


def late_statuses(layer: Layer, application: Application) -> Iterator[Late]:
    """Where a layer uses the status that its `send` recorded, but not if the application raises."""
    function = layer.function
    around = {node.at: frames for node, frames in placed(function.body)}
    for call, at in passed_by(function):
        if layer.kind != "asgi" or not is_asgi_call(call, layer):
            continue
        if any(frame.part == "handler" for frame in around[at]):
            continue
        error = External("builtins.RuntimeError")
        if application.exceptions.is_caught(around[at], function.scope, error):
            continue
        tries = [f.node for f in around[at] if isinstance(f.node, ir.Try) and f.part == "body"]
        handled = [node for t in tries for h in t.handlers for node in h.body]
        if any(isinstance(part, ir.Call) for part in walk_all(handled)):
            continue
        for name, recorded in _recorded(call, at, layer, application):
            finals = [node for t in tries for node in t.final]
            if any(part == ir.Name(name) for part in walk_all(finals)):
                continue
            for node, frames in placed(function.body):
                if node.at > at and _follows(frames, around[at]) and _uses(node, name):
                    module = function.module
                    yield Late(Place(module, node.at), Place(module, at), recorded, name)
                    return


def _recorded(
    call: ir.Call, at: int, layer: Layer, application: Application
) -> Iterator[tuple[str, Place]]:
    """The variables in which the `send` of a call keeps the status."""
    view = application.program.evaluator()
    for value in view.evaluate(call.args[2], layer.function.scope, at):
        for sender, message in _sender(value):
            if sender.parent is not layer.function.scope:
                continue
            for node in statements(sender.body):
                place = Place(sender.module, node.at)
                match node:
                    case ir.Assign(targets, given) if _has_status(given, message):
                        for target in targets:
                            while isinstance(target, (ir.Subscript, ir.Attribute)):
                                target = target.value
                            if isinstance(target, ir.Name):
                                yield target.id, place
                    case ir.Expression(ir.Call(ir.Attribute(ir.Name(owner), method), args)) if (
                        method in _GROWS and any(_has_status(arg, message) for arg in args)
                    ):
                        yield owner, place


def _has_status(node: ir.Expr | None, message: str) -> bool:
    for part in walk(node):
        match part:
            case ir.Subscript(ir.Name(name), (ir.Constant("status"),)) if name == message:
                return True
            case ir.Call(ir.Attribute(ir.Name(name), "get"), (ir.Constant("status"), *_)) if (
                name == message
            ):
                return True
    return False


def _follows(frames: tuple[Frame, ...], call: tuple[Frame, ...]) -> bool:
    """Whether a place is reached from a call, and only if the call raises nothing."""
    for one, other in zip(frames, call, strict=False):
        if one.node is not other.node:
            return True
        if (one.part, one.index) != (other.part, other.index):
            return one.part == "else" and other.part == "body"
    return True


def _uses(node: ir.Stmt, name: str) -> bool:
    if isinstance(node, (ir.Function, ir.Class)):
        return False
    stored = set(map(id, node.targets)) if isinstance(node, ir.Assign) else set()
    return any(part == ir.Name(name) and id(part) not in stored for part in own_parts(node))
