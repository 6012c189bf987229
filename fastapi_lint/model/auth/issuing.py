"""The claims of tokens: what is put into them, and how they are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from ... import ir
from ...walk import own_parts, statements, walk
from ..scopes import Class, Function, Scope
from ..sources import Source
from ..values import ClassValue, Instance, Value
from .tokens import TokenCall

if TYPE_CHECKING:
    from ..link import Application

_COPIES = frozenset({"copy", "deepcopy", "dict"})
_NUMBERS = frozenset({"int", "Integer", "BigInteger", "SmallInteger", "IntegerField"})
_QUERIES = frozenset({"query", "select", "get", "get_one"})
_MAX_DEPTH = 6


class Claims(msgspec.Struct, frozen=True, eq=False):
    """What is known of the claims of a token: those set by name, and whether there may be more."""

    entries: tuple[tuple[str, Source], ...]
    is_open: bool

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.entries)

    def get(self, name: str) -> Iterator[Source]:
        """What a claim is set to."""
        for key, source in self.entries:
            if key == name:
                yield source


class Issuing:
    """Follows the claims of `jwt.encode` back to where they are put together."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._eval = application.program.evaluator()
        self._sources = application.tokens.sources

    def claims(self, call: TokenCall) -> tuple[Claims, ...]:
        """The claims that a token is made of: one for each way they are put together."""
        given = call.arguments.get("claims")
        return tuple(self._claims(given, 0)) if given is not None else ()

    def always_set(self, claim: str) -> bool:
        """Whether the project makes its tokens itself, and every one of them holds a claim."""
        calls = tuple(self._application.tokens.encodes())
        return bool(calls) and all(
            (ways := self.claims(call)) and all(claim in made.names for made in ways)
            for call in calls
        )

    def _claims(self, given: Source, depth: int) -> Iterator[Claims]:
        added = tuple(self._added(given))
        for source in self._sources.of(given.node, given.scope, given.at):
            for found in self._made(source, given, depth):
                is_open = found.is_open or any(name is None for name, _ in added)
                named = [(name, item) for name, item in added if name is not None]
                yield Claims((*found.entries, *named), is_open)

    def _made(self, source: Source, given: Source, depth: int) -> Iterator[Claims]:
        node = source.node
        if depth > _MAX_DEPTH:
            yield Claims((), True)
            return
        match node:
            case ir.Dict(items):
                yield self._display(items, source, depth)
            case ir.Call(ir.Name("dict"), ()):
                named = [
                    (k.name, Source(k.value, source.scope, source.at))
                    for k in node.keywords
                    if k.name is not None
                ]
                yield Claims(tuple(named), len(named) < len(node.keywords))
            case ir.Call(ir.Attribute(value, name), ()) if name in _COPIES:
                yield from self._claims(Source(value, source.scope, source.at), depth + 1)
            case ir.Call(func, (value,), ()) if ir.last_name(func) in _COPIES:
                yield from self._claims(Source(value, source.scope, source.at), depth + 1)
            case _:
                yield Claims((), True)

    def _display(
        self, items: tuple[tuple[ir.Expr | None, ir.Expr], ...], source: Source, depth: int
    ) -> Claims:
        entries: list[tuple[str, Source]] = []
        is_open = False
        for key, item in items:
            held = Source(item, source.scope, source.at)
            if isinstance(key, ir.Constant) and isinstance(key.value, str):
                entries.append((key.value, held))
            elif key is None:
                parts = tuple(self._claims(held, depth + 1))
                is_open = is_open or len(parts) != 1 or parts[0].is_open
                entries.extend(entry for part in parts for entry in part.entries)
            else:
                is_open = True
        # What is stored into a dict where it was made counts as well.
        return Claims((*entries, *self._stored(source)), is_open)

    def _stored(self, source: Source) -> Iterator[tuple[str, Source]]:
        """What is stored into the variable that a dict display was assigned to."""
        for node in statements(source.scope.body):
            if isinstance(node, ir.Assign) and node.value is source.node:
                for target in node.targets:
                    for name, item in self._added(Source(target, source.scope, node.at)):
                        yield (name if name is not None else "exp"), item

    def _added(self, given: Source) -> Iterator[tuple[str | None, Source]]:
        """What is put into a dict afterwards: `claims["exp"] = ...`, `claims.update(...)`.

        `None` stands for what cannot be told.
        """
        if not isinstance(given.node, ir.Name):
            return
        scope = given.scope
        for node in statements(scope.body):
            if isinstance(node, ir.Assign) and node.value is not None:
                for target in node.targets:
                    match target:
                        case ir.Subscript(given.node, (ir.Constant(str() as name),)):
                            yield name, Source(node.value, scope, node.at)
                        case ir.Subscript(given.node, _):
                            yield None, Source(node.value, scope, node.at)
                if node.op == "|" and given.node in node.targets:
                    yield None, Source(node.value, scope, node.at)
            for part in own_parts(node):
                if isinstance(part, ir.Call):
                    yield from self._changed(part, given.node, scope, node.at)

    def _changed(
        self, call: ir.Call, name: ir.Expr, scope: Scope, at: int
    ) -> Iterator[tuple[str | None, Source]]:
        func = call.func
        if isinstance(func, ir.Attribute) and func.value == name:
            if func.attr == "setdefault" and len(call.args) == 2:
                key = call.args[0]
                known = key.value if isinstance(key, ir.Constant) else None
                yield (known if isinstance(known, str) else None), Source(call.args[1], scope, at)
            elif func.attr == "update":
                for given in call.keywords:
                    yield given.name, Source(given.value, scope, at)
                for argument in call.args:
                    for claims in self._claims(Source(argument, scope, at), 1):
                        yield from claims.entries
                        if claims.is_open:
                            yield None, Source(argument, scope, at)

    # Kinds of values

    def is_number(self, given: Source) -> Source | None:
        """The place at which a value is certainly an integer: where it is used, or where another
        function of the project passes it on."""
        if self._says_number(given):
            return given
        for source in self._sources.of(given.node, given.scope, given.at):
            if self._says_number(source):
                near = source.scope is given.scope or source.scope.kind == "class"
                return given if near else source
        return None

    def _says_number(self, source: Source) -> bool:
        node, scope = source.node, source.scope
        match node:
            case ir.Constant(int() as value):
                return not isinstance(value, bool)
            case ir.Call(ir.Name("int")):
                return True
            case ir.Name(name) if isinstance(scope.owner, Function):
                param = scope.owner.parameter(name)
                return param is not None and _says_number(param.annotation)
            case ir.Attribute(value, name):
                classes = tuple(self._classes(Source(value, scope, source.at), 0))
                return bool(classes) and all(self._is_number_field(cls, name) for cls in classes)
            case _ if isinstance(scope.owner, Class):
                return any(
                    isinstance(field, ir.Assign) and field.value is node and _is_number_field(field)
                    for field in scope.owner.node.body
                )
        return False

    def _is_number_field(self, cls: Class, name: str) -> bool:
        for current in self._eval.mro(cls):
            for node in current.node.body:
                if isinstance(node, ir.Assign) and ir.Name(name) in node.targets:
                    return _is_number_field(node)
        return False

    def _classes(self, given: Source, depth: int) -> Iterator[Class]:
        """The classes of the project whose instance an expression certainly is."""
        if depth > _MAX_DEPTH:
            return
        if isinstance(given.node, ir.Name) and isinstance(given.scope.owner, Function):
            param = given.scope.owner.parameter(given.node.id)
            declared = param.annotation if param is not None else None
            if found := tuple(self._annotated(declared, given.scope.owner)):
                yield from found
                return
        for source in self._sources.of(given.node, given.scope, given.at):
            node, scope = source.node, source.scope
            if isinstance(node, ir.Name) and isinstance(scope.owner, Function):
                param = scope.owner.parameter(node.id)
                if param is not None:
                    yield from self._annotated(param.annotation, scope.owner)
            elif isinstance(node, (ir.Call, ir.Await)):
                yield from self._made_by(node, source)

    def _annotated(self, annotation: ir.Expr | None, function: Function) -> Iterator[Class]:
        values = self._application.injection.types(annotation, function.parent, function.node.at)
        yield from _project_classes(values)

    def _made_by(self, node: ir.Expr, source: Source) -> Iterator[Class]:
        for part in walk(node):
            if not isinstance(part, ir.Call):
                continue
            if part is node or (isinstance(node, ir.Await) and part is node.value):
                for callee in self._eval.evaluate(part.func, source.scope, source.at):
                    function = self._application.injection.function_of(callee)
                    if isinstance(callee, ClassValue):
                        yield callee.cls
                    elif function is not None:
                        yield from self._annotated(function.node.returns, function)
            if ir.last_name(part.func) in _QUERIES and part.args:
                values = self._eval.evaluate(part.args[0], source.scope, source.at)
                yield from _project_classes(values)


def _project_classes(values: tuple[Value, ...]) -> Iterator[Class]:
    for value in values:
        if isinstance(value, ClassValue):
            yield value.cls
        elif isinstance(value, Instance) and isinstance(value.cls, ClassValue):
            yield value.cls.cls


def _is_number_field(field: ir.Assign) -> bool:
    """Whether a class declares a field as an integer, by annotation or by the type of a column."""
    if field.annotation is not None:
        return _says_number(field.annotation)
    return isinstance(field.value, ir.Call) and any(
        ir.last_name(part.func if isinstance(part, ir.Call) else part) in _NUMBERS
        for part in field.value.args
    )


def _says_number(annotation: ir.Expr | None) -> bool:
    """Whether an annotation says integer, and nothing else that is not `None`."""
    match annotation:
        case ir.Name("int"):
            return True
        case ir.Subscript(value, (inner, *_)) if ir.last_name(value) in (
            "Mapped", "Annotated", "Optional", "Column"
        ):  # fmt: skip
            return _says_number(inner)
        case ir.Operation("|", operands):
            rest = [o for o in operands if not ir.is_none(o)]
            return len(rest) == 1 and _says_number(rest[0])
    return False
