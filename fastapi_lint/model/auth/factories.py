"""Factories of dependencies that forget to give back what they make."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ... import ir
from ...walk import statements
from ..graph import Use
from ..link import Application
from ..names import DEPENDS, SECURITY
from ..program import Site
from ..scopes import END, Binding, Function, Scope
from ..values import ClassValue, External, FunctionValue, Instance, Method, Value
from .guards import checks, handling


class Factory(msgspec.Struct, frozen=True):
    """A factory with a path that returns nothing; `always` if all of them do.

    `inner` is the dependency that it makes, `uses` are those of the `Depends(...)` that call it.
    """

    function: Function
    inner: Function
    always: bool
    uses: tuple[Use, ...]


def empty_factories(application: Application) -> Iterator[Factory]:
    """The factories that a `Depends(factory(...))` calls and that may return nothing."""
    by_place: dict[tuple[str, int], list[Use]] = {}
    for use in application.graph.uses:
        by_place.setdefault((use.place.module.path, use.place.at), []).append(use)
    found: dict[Function, list[Use]] = {}
    for site in application.index.calls(*application.index.spellings("Depends", "Security")):
        if site.module.is_test or not site.call.args:
            continue
        uses = by_place.get((site.module.path, site.call.at))
        if uses and _is_depends(site, application):
            for function in _called(site.call.args[0], site.scope, site.at, application):
                found.setdefault(function, []).extend(uses)
    for function, uses in found.items():
        inner = _lost(function, application)
        if inner is not None:
            yield Factory(function, inner, not _returns_any(function), tuple(uses))


def _is_depends(site: Site, application: Application) -> bool:
    callees = application.program.evaluator().evaluate(site.call.func, site.scope, site.at)
    return External(DEPENDS) in callees or External(SECURITY) in callees


def _called(node: ir.Expr, scope: Scope, at: int, application: Application) -> Iterator[Function]:
    """The functions that are called to make a dependency: in place, or for a variable."""
    view = application.program.evaluator()
    if isinstance(node, ir.Call):
        for value in view.evaluate(node.func, scope, at):
            if (function := _function(value, application)) is not None:
                yield function
    elif isinstance(node, ir.Name):
        for current, binding in _bindings(node.id, scope, at, application):
            if isinstance(binding.source, ir.Call) and binding.kind == "value":
                yield from _called(binding.source, current, binding.at, application)


def _bindings(
    name: str, scope: Scope, at: int, application: Application
) -> Iterator[tuple[Scope, Binding]]:
    current: Scope | None = scope
    while current is not None:
        if name in current.bindings:
            for binding in current.reaching(name, at if current is scope else END):
                source = binding.source
                if isinstance(source, ir.Import) and source.name is not None:
                    view = application.program.evaluator()
                    path = view.import_path(source, current.module)
                    module = application.program.modules.get(path) if path else None
                    if module is not None:
                        for found in module.scope.reaching(source.name, END):
                            yield module.scope, found
                else:
                    yield current, binding
            return
        current = current.parent


def _function(value: Value, application: Application) -> Function | None:
    match value:
        case FunctionValue(function) | Method(function, _):
            return function
        case Instance(ClassValue(cls)):
            return application.program.evaluator().find_method(cls, "__call__")
    return None


def _lost(function: Function, application: Application) -> Function | None:
    """The dependency that a function makes and does not give back on some path."""
    node = function.node
    if node.is_generator or node.is_async or node.decorators:
        return None
    if not application.summaries.ends(function).falls and not _returns_none(function):
        return None
    made = [
        inner
        for inner in function.scope.functions.values()
        if checks(FunctionValue(inner), application)
        and not inner.node.decorators
        and not handling(function, inner.name).called
    ]
    if not made:
        return None
    if _returns_any(function) and not _gives_back(function, made):
        return None
    return made[-1]


def _returns_any(function: Function) -> bool:
    return any(
        isinstance(node, ir.Return) and node.value not in (None, ir.Constant(None, "none"))
        for node in statements(function.body)
    )


def _returns_none(function: Function) -> bool:
    return any(
        isinstance(node, ir.Return) and node.value in (None, ir.Constant(None, "none"))
        for node in statements(function.body)
    )


def _gives_back(function: Function, made: list[Function]) -> bool:
    """Whether some path gives back one of the inner functions."""
    names = [ir.Name(inner.name) for inner in made]
    return any(
        isinstance(node, ir.Return) and node.value in names for node in statements(function.body)
    )
