"""Where a value comes from: the expressions that names, attributes and helpers stand for.

The evaluator tells what an expression can be; this tells by which expression it was written, also
where nobody can know its value, as with an environment variable.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from .. import ir
from ..walk import walk
from .application import Place
from .calls import argument_for, keyword, results
from .evaluate import Evaluator
from .program import Program
from .scopes import END, Binding, Class, Function, Module, Scope
from .values import ClassValue, External, FunctionValue, Instance, Method, ModuleValue

_MAX_DEPTH = 12
_PROPERTIES = ("property", "cached_property", "computed_field")


class Source(msgspec.Struct, frozen=True, eq=False):
    """An expression that is no longer a name for something else, and where it stands."""

    node: ir.Expr
    scope: Scope
    at: int

    @property
    def place(self) -> Place:
        return Place(self.scope.module, self.at)


class Sources:
    """Follows names, attributes, conditions and calls of the project's helpers."""

    def __init__(self, program: Program, view: Evaluator) -> None:
        self._program = program
        self._view = view

    def of(self, node: ir.Expr, scope: Scope, at: int) -> tuple[Source, ...]:
        """The expressions that an expression may stand for; itself if it is no name for others."""
        found = {id(source.node): source for source in self._of(node, scope, at, 0)}
        return tuple(found.values())

    def _of(self, node: ir.Expr, scope: Scope, at: int, depth: int) -> Iterator[Source]:
        parts = tuple(self._parts(node, scope, at, depth + 1)) if depth < _MAX_DEPTH else ()
        yield from parts or (Source(node, scope, at),)

    def _parts(self, node: ir.Expr, scope: Scope, at: int, depth: int) -> Iterator[Source]:
        match node:
            case ir.Name(name):
                yield from self._named(name, scope, at, depth)
            case ir.Attribute(value, name):
                for owner in self._view.evaluate(value, scope, at):
                    match owner:
                        case ModuleValue(module):
                            yield from self._global(name, module, depth)
                        case ClassValue(cls) | Instance(ClassValue(cls)):
                            yield from self._member(cls, name, depth)
            case ir.Await(value) | ir.Assigned(_, value):
                yield from self._of(value, scope, at, depth)
            case ir.Conditional(_, body, orelse):
                yield from self._of(body, scope, at, depth)
                yield from self._of(orelse, scope, at, depth)
            case ir.Operation("or" | "and", operands):
                for operand in operands:
                    yield from self._of(operand, scope, at, depth)
            case ir.Call(func, args):
                for callee in self._view.evaluate(func, scope, at):
                    match callee:
                        case FunctionValue(function) | Method(function, _):
                            yield from self._returned(function, depth)
                        case External("builtins.list" | "builtins.tuple") if len(args) == 1:
                            yield from self._of(args[0], scope, at, depth)

    def _named(self, name: str, scope: Scope, at: int, depth: int) -> Iterator[Source]:
        current: Scope | None = scope
        while current is not None:
            visible = current is scope or current.kind != "class"
            if visible and name in current.bindings and current.outside.get(name) != "global":
                for binding in current.reaching(name, at if current is scope else END):
                    if self._view.is_live(binding.path):
                        yield from self._bound(binding, current, depth)
                    if _converts(binding, name):
                        break
                return
            current = current.parent
        yield from self._starred(name, scope.module, depth)

    def _starred(self, name: str, module: Module, depth: int) -> Iterator[Source]:
        """What a name stands for that comes from `from ... import *`."""
        for star in module.scope.stars:
            path = self._view.import_path(star, module)
            other = self._program.module(path) if path is not None else None
            found = tuple(self._global(name, other, depth)) if other is not None else ()
            if found:
                yield from found
                return

    def _bound(self, binding: Binding, scope: Scope, depth: int) -> Iterator[Source]:
        source = binding.source
        if binding.kind == "value" and not binding.index and isinstance(source, ir._Node):
            yield from self._of(source, scope, binding.at, depth)  # type: ignore[arg-type]
        elif isinstance(source, ir.Import) and source.name is not None:
            path = self._view.import_path(source, scope.module)
            module = self._program.module(path) if path is not None else None
            if module is not None:
                yield from self._global(source.name, module, depth)
        elif isinstance(source, ir.Parameter) and isinstance(scope.owner, Function):
            yield from self._given(scope.owner, source, depth)

    def _given(self, function: Function, param: ir.Parameter, depth: int) -> Iterator[Source]:
        for site in self._view.callers(function):
            argument = argument_for(function, param, site.call)
            if argument is not None:
                yield from self._of(argument, site.scope, site.at, depth)
        if param.default is not None:
            yield from self._of(param.default, function.parent, function.node.at, depth)

    def _global(self, name: str, module: Module, depth: int) -> Iterator[Source]:
        if depth < _MAX_DEPTH:
            yield from self._named(name, module.scope, END, depth + 1)

    def _member(self, cls: Class, name: str, depth: int) -> Iterator[Source]:
        for current in self._view.mro(cls):
            for binding in current.scope.bindings.get(name, ())[-1:]:
                if binding.kind == "function":
                    function = current.scope.functions[binding.at]
                    if function.has_decorator(*_PROPERTIES):
                        yield from self._returned(function, depth)
                elif binding.kind == "declared":
                    yield from self._constructed(cls, name, depth)
                else:
                    yield from self._bound(binding, current.scope, depth)
                return
            for method in current.methods():
                for value, at in method.self_assignments.get(name, ()):
                    yield from self._of(value, method.scope, at, depth)

    def _constructed(self, cls: Class, field: str, depth: int) -> Iterator[Source]:
        """What a field without a default is given where instances are made."""
        if depth >= _MAX_DEPTH or self._view.find_method(cls, "__init__") is not None:
            return
        for site in self._program.sites(cls.name):
            argument = keyword(site.call, field)
            if argument is None or (site.module.is_test and not cls.module.is_test):
                continue
            if ClassValue(cls) in self._view.evaluate(site.call.func, site.scope, site.at):
                yield from self._of(argument, site.scope, site.at, depth)

    def _returned(self, function: Function, depth: int) -> Iterator[Source]:
        if not function.node.is_generator and "isinstance" not in function.node.mentions:
            for node, at in results(function):
                yield from self._of(node, function.scope, at, depth)


def _converts(binding: Binding, name: str) -> bool:
    """Whether a name is bound anew where it is of some type: `if isinstance(x, str): x = ...`."""
    return any(
        isinstance(part, ir.Call)
        and ir.last_name(part.func) == "isinstance"
        and part.args[:1] == (ir.Name(name),)
        for branch in binding.path
        for part in walk(branch.test)
    )
