"""Counters of requests that are kept in the memory of a process."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ... import ir
from ...walk import own_parts, statements, walk
from ..application import Place
from ..link import Application
from ..responses import statuses
from ..scopes import Class, Function, Scope
from ..values import ClassValue, External, Instance, Mapping, Method, Value

_TABLES = frozenset(
    {
        "builtins.dict",
        "collections.defaultdict",
        "collections.OrderedDict",
        "collections.Counter",
        "cachetools.TTLCache",
        "cachetools.LRUCache",
    }
)
_CHANGES = ("setdefault", "get", "pop", "update")


class Counter(msgspec.Struct, frozen=True):
    """A table that a limiter writes to, where it is made, and where requests are refused."""

    name: str
    place: Place
    refusal: Place


class Counters:
    """Finds the tables of limiters."""

    def __init__(self, application: Application) -> None:
        self._eval = application.program.evaluator()

    def of(self, function: Function) -> Iterator[Counter]:
        """The tables in memory by which a function decides to answer 429."""
        classes = [function.owner] if function.owner is not None else []
        functions = [function]
        for call, at, decides in self._deciding(function):
            for callee in self._eval.evaluate(call.func, function.scope, at):
                if not isinstance(callee, Method) or callee.function.owner is None:
                    continue
                if decides or self._refusal(callee.function) is not None:
                    classes.append(callee.function.owner)
                    functions.append(callee.function)
        refusal = next((p for f in functions if (p := self._refusal(f)) is not None), None)
        if refusal is None:
            return
        for cls in dict.fromkeys(classes):
            yield from self._of_class(cls, refusal)
        for name in _written(function):
            yield from self._global(name, function, refusal)

    def _deciding(self, function: Function) -> Iterator[tuple[ir.Call, int, bool]]:
        """The calls of a function, and whether it depends on them whether it refuses."""
        tested = {
            name
            for node in statements(function.body)
            if isinstance(node, ir.If) and self._refusal_in(node, function) is not None
            for part in own_parts(node)
            for name in [part.id if isinstance(part, ir.Name) else None]
        }
        for node in statements(function.body):
            match node:
                case ir.If() if self._refusal_in(node, function) is not None:
                    decides = True
                case ir.Assign(targets):
                    names = {
                        part.id for t in targets for part in walk(t) if isinstance(part, ir.Name)
                    }
                    decides = bool(names & tested)
                case _:
                    decides = False
            for part in own_parts(node):
                if isinstance(part, ir.Call):
                    yield part, node.at, decides

    def _refusal_in(self, node: ir.If, function: Function) -> Place | None:
        bodies = [body for _, body in node.branches]
        return next((p for body in bodies if (p := self._says_429(body, function))), None)

    def _refusal(self, function: Function) -> Place | None:
        """Where a function says 429."""
        return self._says_429(function.body, function)

    def _says_429(self, body: tuple[ir.Stmt, ...], function: Function) -> Place | None:
        for node in statements(body):
            for part in own_parts(node):
                if (
                    (isinstance(part, ir.Constant) and part.value == 429)
                    or (ir.last_name(part) or "").endswith("429_TOO_MANY_REQUESTS")
                    or (
                        ir.last_name(part) == "TOO_MANY_REQUESTS"
                        and 429 in statuses(self._eval.evaluate(part, function.scope, node.at))
                    )
                ):
                    return Place(function.module, node.at)
        return None

    def _of_class(self, cls: Class, refusal: Place) -> Iterator[Counter]:
        written = {name for method in cls.methods() for name in _written_to_self(method)}
        for current in self._eval.mro(cls):
            for method in current.methods():
                for name, assigned in method.self_assignments.items():
                    for value, at in assigned:
                        if name in written and self._is_table(value, method.scope, at):
                            yield Counter(f"self.{name}", Place(current.module, at), refusal)
            for node in current.node.body:
                if isinstance(node, ir.Assign) and node.value is not None:
                    name = ir.last_name(node.targets[0]) or ""
                    if name in written and self._is_table(node.value, current.scope, node.at):
                        yield Counter(name, Place(current.module, node.at), refusal)

    def _global(self, name: str, function: Function, refusal: Place) -> Iterator[Counter]:
        if name in function.scope.bindings:
            return
        scope = function.module.scope
        for binding in scope.bindings.get(name, ()):
            source = binding.source
            if isinstance(source, (ir.Call, ir.Dict)) and self._is_table(source, scope, binding.at):
                yield Counter(name, Place(function.module, binding.at), refusal)

    def _is_table(self, node: ir.Expr, scope: Scope, at: int) -> bool:
        return any(self._is_table_value(value) for value in self._eval.evaluate(node, scope, at))

    def _is_table_value(self, value: Value) -> bool:
        match value:
            case Mapping(node):
                return not node.items
            case Instance(External(name)):
                return name in _TABLES
            case Instance(ClassValue(cls)):
                return self._eval.is_a(ClassValue(cls), *_TABLES)
        return False


def _written(function: Function) -> Iterator[str]:
    """The names whose items a function writes, with a key that is no constant."""
    for owner in _tables(function):
        if isinstance(owner, ir.Name):
            yield owner.id


def _written_to_self(method: Function) -> Iterator[str]:
    for owner in _tables(method):
        if isinstance(owner, ir.Attribute) and isinstance(owner.value, ir.Name):
            yield owner.attr


def _tables(function: Function) -> Iterator[ir.Expr]:
    for node in statements(function.body):
        for part in own_parts(node):
            match part:
                case ir.Subscript(owner, (key,)) if not isinstance(key, ir.Constant):
                    yield owner
                case ir.Call(ir.Attribute(owner, name), (key, *_)) if (
                    name in _CHANGES and not isinstance(key, ir.Constant)
                ):
                    yield owner
