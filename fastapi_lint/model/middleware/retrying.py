"""Answers of one status, and which headers they certainly lack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ... import ir
from ...walk import statements, walk, walk_all
from ..application import Place
from ..calls import keyword
from ..evaluate import Reach
from ..link import Application
from ..program import Site
from ..responses import HTTP_ERRORS, RESPONSES, given, statuses
from ..scopes import Function, Scope
from ..values import ClassValue, External, FunctionValue, Mapping, Method, Sequence, Value

_START = ir.Constant("http.response.start", "str")
_CLASSES = frozenset(name.rpartition(".")[2] for name in (*RESPONSES, *HTTP_ERRORS))


class Answer(msgspec.Struct, frozen=True):
    """An answer that is made: an HTTP error, a response, or the ASGI message that starts one."""

    place: Place
    is_error: bool


class Answers:
    """Finds the answers with a status that lack a header (given in lower case)."""

    def __init__(self, application: Application, status: int, header: str) -> None:
        self._application = application
        self._eval = application.program.evaluator(reach=Reach.NEAR)
        self._status = status
        self._header = header

    def all(self) -> Iterator[Answer]:
        """The answers without the header, as far as everything about them is known."""
        added = self._is_added_by_handlers()
        for site in self._application.index.calls(*self._names(), "__init__", "send"):
            if site.module.is_test or not self._may_be(site.call):
                continue
            found = self._message(site) or self._made(site)
            if found is not None and not (found.is_error and added):
                yield found

    def _may_be(self, call: ir.Call) -> bool:
        """Whether a call may be about the status, as far as its arguments are spelt out."""
        if ir.last_name(call.func) == "send":
            return len(call.args) == 1 and isinstance(call.args[0], (ir.Dict, ir.Name))
        code = keyword(call, "status_code")
        return any(self._may_be_status(node) for node in ((code,) if code else call.args[:2]))

    def _may_be_status(self, node: ir.Expr) -> bool:
        match node:
            case ir.Constant(value):
                return value == self._status
            case ir.Attribute(_, name) if name.startswith("HTTP_"):
                return name.startswith(f"HTTP_{self._status}")
        return not isinstance(node, (ir.Dict, ir.Display, ir.Format))

    def _names(self) -> tuple[str, ...]:
        """The names under which modules know the classes of responses and errors."""
        names = dict.fromkeys(sorted(_CLASSES))
        for module in self._application.index.modules:
            for bound, bindings in module.scope.bindings.items():
                source = bindings[0].source
                if isinstance(source, ir.Import) and source.name in _CLASSES:
                    names[bound] = None
        queue = list(names)
        while queue:
            for cls in self._application.program.subclasses(queue.pop()):
                if cls.name not in names:
                    names[cls.name] = None
                    queue.append(cls.name)
        return tuple(names)

    # Objects

    def _made(self, site: Site) -> Answer | None:
        for cls in self._classes(site):
            if self._eval.is_a(cls, *RESPONSES, *HTTP_ERRORS) and self._has_status(site, cls):
                if not self._lacks_header(given(site.call, "headers", cls, self._eval), site):
                    return None
                if any(keyword.name is None for keyword in site.call.keywords):
                    return None
                if self._is_changed(site) or self._has_handler(site):
                    return None
                is_error = self._eval.is_a(cls, *HTTP_ERRORS)
                return Answer(Place(site.module, site.call.at), is_error)
        return None

    def _classes(self, site: Site) -> Iterator[Value]:
        """What is made: the class that is called, or the base whose constructor is."""
        match site.call.func:
            case ir.Attribute(ir.Call(ir.Name("super")), "__init__"):
                function = site.scope.owner
                if isinstance(function, Function) and function.owner is not None:
                    yield from self._eval.bases(function.owner)
            case ir.Attribute(_, "__init__" | "send") | ir.Name("send"):
                return
            case func:
                for value in self._eval.evaluate(func, site.scope, site.at):
                    if not isinstance(value, ClassValue) or not self._eval.find_method(
                        value.cls, "__init__"
                    ):
                        yield value

    def _has_handler(self, site: Site) -> bool:
        """Whether what a class gives to its base goes to an exception handler of its own."""
        function = site.scope.owner
        if not isinstance(function, Function) or function.owner is None:
            return False
        own = {ClassValue(cls) for cls in self._eval.mro(function.owner)}
        return any(
            value in own
            for owner in self._application.owners()
            for handler in owner.exception_handlers
            for value in handler.exception
        )

    def _has_status(self, site: Site, cls: Value) -> bool:
        node = given(site.call, "status_code", cls, self._eval)
        if node is None:
            return False
        values = self._eval.evaluate(node, site.scope, site.at)
        return all(statuses((value,)) == {self._status} for value in values)

    def _lacks_header(self, node: ir.Expr | None, site: Site) -> bool:
        if node is None or ir.is_none(node):
            return True
        if isinstance(node, ir.Name) and self._grows(node, site.scope.body):
            return False
        return all(
            isinstance(value, Mapping) and self._lacks(value.node, value.scope, value.at)
            for value in self._eval.evaluate(node, site.scope, site.at)
        )

    def _grows(self, headers: ir.Name, body: tuple[ir.Stmt, ...]) -> bool:
        """Whether a variable with headers may get the header after it was made."""
        for part in walk_all(body):
            match part:
                case ir.Subscript(owner, (key,)) if owner == headers:
                    if not isinstance(key, ir.Constant) or self._is_header(key):
                        return True
                case ir.Call(ir.Attribute(owner, "update" | "setdefault")) if owner == headers:
                    return True
        return False

    def _lacks(self, node: ir.Dict, scope: Scope, at: int) -> bool:
        """Whether every key of a dict is known and another one."""
        for key, value in node.items:
            if key is None:
                if not all(
                    isinstance(inner, Mapping) and self._lacks(inner.node, inner.scope, inner.at)
                    for inner in self._eval.evaluate(value, scope, at)
                ):
                    return False
            elif not isinstance(key, ir.Constant) or self._is_header(key):
                return False
        return True

    def _is_header(self, node: ir.Expr) -> bool:
        return (
            isinstance(node, ir.Constant)
            and isinstance(node.value, str)
            and node.value.lower() == self._header
        )

    def _is_changed(self, site: Site) -> bool:
        """Whether the answer is put into a variable, and may get the header then."""
        for node in statements(site.scope.body):
            if not (isinstance(node, ir.Assign) and node.value is site.call):
                continue
            for target in node.targets:
                if not isinstance(target, ir.Name) or self._is_touched(target, site.scope.body):
                    return True
        return False

    def _is_touched(self, target: ir.Name, body: tuple[ir.Stmt, ...]) -> bool:
        headers = ir.Attribute(target, "headers")
        for part in walk_all(body):
            match part:
                case ir.Call(ir.Attribute(owner, _), args) if owner == headers:
                    if not args or not isinstance(args[0], ir.Constant) or self._is_header(args[0]):
                        return True
                case ir.Call(_, args, keywords):
                    if target in args or any(keyword.value == target for keyword in keywords):
                        return True
                case ir.Subscript(owner, (key,)) if owner == headers:
                    if not isinstance(key, ir.Constant) or self._is_header(key):
                        return True
        return False

    # Messages

    def _message(self, site: Site) -> Answer | None:
        """`send({"type": "http.response.start", "status": ..., "headers": ...})`."""
        if ir.last_name(site.call.func) != "send":
            return None
        for value in self._eval.evaluate(site.call.args[0], site.scope, site.at):
            if isinstance(value, Mapping) and self._starts(value):
                return Answer(Place(site.module, site.at), False)
        return None

    def _starts(self, message: Mapping) -> bool:
        items = {
            key.value: value for key, value in message.node.items if isinstance(key, ir.Constant)
        }
        if items.get("type") != _START or len(items) < len(message.node.items):
            return False
        status = items.get("status")
        values = self._eval.evaluate(status, message.scope, message.at)
        if not all(statuses((value,)) == {self._status} for value in values):
            return False
        headers = items.get("headers")
        if headers is None:
            return True
        found = self._eval.evaluate(headers, message.scope, message.at)
        return all(isinstance(value, Sequence) and self._is_known(value) for value in found)

    def _is_known(self, headers: Sequence) -> bool:
        for item in headers.items:
            match item:
                case ir.Display(_, (name, _)):
                    if isinstance(name, ir.Call) and isinstance(name.func, ir.Attribute):
                        name = name.func.value
                    if not isinstance(name, ir.Constant) or self._is_header(name):
                        return False
                case _:
                    return False
        return True

    # What adds it everywhere

    def _is_added_by_handlers(self) -> bool:
        """Whether some exception handler, or a middleware afterwards, deals with the header."""
        functions = [
            value.function
            for owner in self._application.owners()
            for handler in owner.exception_handlers
            for value in handler.handler
            if isinstance(value, (FunctionValue, Method))
            and any(
                self._application.exceptions.is_a(cls, *HTTP_ERRORS) or statuses((cls,))
                for cls in handler.exception
                if isinstance(cls, (External, ClassValue)) or statuses((cls,))
            )
        ]
        return any(self._names_header(function.body) for function in functions) or any(
            self._sets_header(layer.function.body) for layer in self._application.layers
        )

    def _names_header(self, body: Iterable[ir.Stmt]) -> bool:
        return any(self._is_header(part) for part in walk_all(body))

    def _sets_header(self, body: Iterable[ir.Stmt]) -> bool:
        return any(
            isinstance(target, ir.Subscript)
            and any(self._is_header(part) for index in target.index for part in walk(index))
            for node in statements(body)
            if isinstance(node, ir.Assign)
            for target in node.targets
        )
