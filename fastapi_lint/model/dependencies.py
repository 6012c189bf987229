"""Dependency injection: which parameters FastAPI fills, and by what."""

from __future__ import annotations

from collections.abc import Iterator

from .. import ir
from .application import Dependency, Place
from .calls import keyword
from .evaluate import Evaluator, Reach
from .names import ANNOTATED, DEPENDS, SECURITY
from .program import Program
from .scopes import Function, Scope
from .values import (
    Argument,
    ClassValue,
    External,
    FunctionValue,
    Generic,
    Instance,
    Literal,
    Method,
    Partial,
    Value,
)

_WRAPPERS = frozenset({"typing.Optional", "typing.Union", "typing.Final", "typing.ClassVar"})


class Injection:
    """Answers what `Depends` injects, through defaults and `Annotated` aliases of all modules."""

    def __init__(self, program: Program) -> None:
        self._eval = program.evaluator()
        self._near = program.evaluator(reach=Reach.NEAR)
        self._aliases = program.evaluator(reach=Reach.ALIASES)
        self._known: dict[tuple[int, int, Evaluator], Dependency | None] = {}
        program.provide = self._provided

    def injected(
        self, function: Function, param: ir.Parameter, view: Evaluator | None = None
    ) -> Dependency | None:
        """The dependency that fills a parameter, if one does."""
        view = view or self._eval
        key = (id(function), param.at, view)
        if key not in self._known:
            self._known[key] = None
            self._known[key] = self._find(function, param, view)
        return self._known[key]

    def _provided(
        self, function: Function, param: ir.Parameter, view: Evaluator
    ) -> Iterator[Value]:
        """What a dependency gives: the class's instance, or what the function returns or yields."""
        dependency = self.injected(function, param, view)
        for value in dependency.callables if dependency is not None else ():
            provider = self.function_of(value)
            if isinstance(value, ClassValue):
                yield Instance(value, None, None, 0)
            elif provider is not None and provider.node.is_generator:
                yield from view.yielded(provider)
            elif provider is not None:
                yield from view.returns(provider)

    def parameters(self, function: Function) -> Iterator[tuple[ir.Parameter, Dependency]]:
        """The parameters of a function that dependencies fill."""
        for param in function.node.params:
            if (dependency := self.injected(function, param)) is not None:
                yield param, dependency

    def dependency_of(self, value: Instance) -> Dependency | None:
        """The dependency that a `Depends(...)` object stands for."""
        if value.scope is None:
            return None
        return self._dependency(value, None, value.scope, value.at, self._eval)

    def types(
        self, annotation: ir.Expr | None, scope: Scope, at: int, view: Evaluator | None = None
    ) -> tuple[Value, ...]:
        """The classes that an annotation names, through `Annotated`, `Optional` and unions."""
        if annotation is None:
            return ()
        return tuple(self._types(annotation, scope, at, view or self._eval, 0))

    def framework_types(
        self, annotation: ir.Expr | None, scope: Scope, at: int
    ) -> tuple[Value, ...]:
        """The same for whoever asks about classes of the framework, and those derived from them:
        other classes may be unknown."""
        return self.types(annotation, scope, at, self._near)

    def listed(self, node: ir.Expr, scope: Scope, at: int) -> tuple[Dependency, ...]:
        """The dependencies in the value of a `dependencies=` argument."""
        found = []
        for value in self._eval.items(self._eval.evaluate(node, scope, at)):
            if (dependency := self._dependency(value, None, scope, at, self._eval)) is not None:
                found.append(dependency)
        return tuple(found)

    def metadata(
        self, function: Function, param: ir.Parameter
    ) -> Iterator[tuple[Scope, int, ir.Expr]]:
        """The items after the type in a parameter's `Annotated`, with where they stand."""
        if param.annotation is None:
            return
        for value in self._aliases.evaluate(param.annotation, function.parent, function.node.at):
            if isinstance(value, Generic) and value.origin == External(ANNOTATED):
                for item in value.args[1:]:
                    yield value.scope, value.at, item

    def _find(self, function: Function, param: ir.Parameter, view: Evaluator) -> Dependency | None:
        scope, at = function.parent, function.node.at
        if param.default is not None:
            for value in self._near.evaluate(param.default, scope, at):
                found = self._dependency(value, param.annotation, scope, at, view)
                if found is not None:
                    return found
        if param.annotation is None:
            return None
        for value in self._aliases.evaluate(param.annotation, scope, at):
            if isinstance(value, Generic) and value.origin == External(ANNOTATED):
                return self._annotated(value, view)
        return None

    def _annotated(self, generic: Generic, view: Evaluator) -> Dependency | None:
        scope, at = generic.scope, generic.at
        for metadata in reversed(generic.args[1:]):
            for value in self._near.evaluate(metadata, scope, at):
                found = self._dependency(value, generic.args[0], scope, at, view)
                if found is not None:
                    return found
        return None

    def _dependency(
        self, value: Value, annotation: ir.Expr | None, scope: Scope, at: int, view: Evaluator
    ) -> Dependency | None:
        if not isinstance(value, Instance) or value.cls not in (
            External(DEPENDS), External(SECURITY)
        ):  # fmt: skip
            return None
        call, inner = value.call, value.scope
        if call is None or inner is None:
            return None
        target = call.args[0] if call.args else keyword(call, "dependency")
        if target is not None:
            callables = view.evaluate(target, inner, value.at)
        else:
            callables = self.types(annotation, scope, at, view)
        lifetime = keyword(call, "scope")
        cached = keyword(call, "use_cache")
        return Dependency(
            callables,
            call,
            Place(inner.module, call.at),
            lifetime.value if isinstance(lifetime, ir.Constant) and isinstance(lifetime.value, str)
            else None,
            not (isinstance(cached, ir.Constant) and cached.value is False),
            value.cls == External(SECURITY),
        )  # fmt: skip

    def _types(
        self, node: ir.Expr, scope: Scope, at: int, view: Evaluator, depth: int
    ) -> Iterator[Value]:
        if depth > 8:
            return
        if isinstance(node, ir.Operation) and node.op == "|":
            for operand in node.operands:
                yield from self._types(operand, scope, at, view, depth + 1)
            return
        for value in view.evaluate(node, scope, at):
            match value:
                case Generic(External(name), args, inner, place) if name == ANNOTATED:
                    yield from self._types(args[0], inner, place, view, depth + 1)
                case Generic(External(name), args, inner, place) if name in _WRAPPERS:
                    for arg in args:
                        yield from self._types(arg, inner, place, view, depth + 1)
                case Generic(origin):
                    yield origin
                case Literal() | Argument():
                    pass
                case _:
                    yield value

    def function_of(self, value: Value) -> Function | None:
        """The function of the project that runs when a dependency's callable is called."""
        match value:
            case FunctionValue(function) | Method(function, _):
                return function
            case Partial(callee):
                return self.function_of(callee)
            case Instance(ClassValue(cls)):
                return self._eval.find_method(cls, "__call__")
            case ClassValue(cls):
                return self._eval.find_method(cls, "__init__")
        return None
