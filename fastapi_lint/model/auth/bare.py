"""Parameters that name a dependency without `Depends(...)` around it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ... import ir
from ..application import Place, Route
from ..evaluate import Reach
from ..link import Application
from ..names import ANNOTATED, DEPENDS, SECURITY
from ..scopes import Function
from ..values import (
    UNKNOWN,
    ClassValue,
    External,
    FunctionValue,
    Generic,
    Instance,
    Method,
    Partial,
    Value,
)
from . import guards

_HOOKS = ("__get_pydantic_core_schema__", "__get_pydantic_json_schema__", "__get_validators__")


class Bare(msgspec.Struct, frozen=True):
    """A parameter (or an alias used by parameters) that names a dependency as a mere value.

    `is_default`: the value is the default, not an item of `Annotated`. `source` is where FastAPI
    takes the parameter from instead: "body", "query" or `None` where that is not known. `node` is
    the expression that names the dependency, in the module of `place`.
    """

    place: Place
    param: ir.Parameter
    value: Value
    routes: tuple[Route, ...]
    is_default: bool
    source: str | None
    node: ir.Expr


def bare_dependencies(application: Application) -> tuple[Bare, ...]:
    """All of them; an alias counts once."""
    found: dict[Place, list[tuple[Function, Bare]]] = {}
    for function in application.graph.injected:
        if function.module.is_test:
            continue
        for param in function.node.params:
            if application.injection.injected(function, param) is None:
                for bare in _bare(function, param, application):
                    found.setdefault(bare.place, []).append((function, bare))
    return tuple(
        Bare(
            place,
            items[0][1].param,
            items[0][1].value,
            tuple(dict.fromkeys(r for f, _ in items for r in application.graph.routes_of(f))),
            items[0][1].is_default,
            items[0][1].source,
            items[0][1].node,
        )
        for place, items in sorted(found.items(), key=lambda item: item[0].sort_key)
    )


def _bare(function: Function, param: ir.Parameter, application: Application) -> Iterator[Bare]:
    view = application.program.evaluator(reach=Reach.FUNCTIONS)
    aliases = application.program.evaluator(reach=Reach.ALIASES)
    own = Place(function.module, param.at)
    if param.default is not None:
        values = view.evaluate(param.default, function.parent, function.node.at)
        if values and all(_is_meant(value, application, strict=True) for value in values):
            source = _source(function, param, application)
            yield Bare(own, param, values[0], (), True, source, param.default)
            return
    for value in aliases.evaluate(param.annotation, function.parent, function.node.at):
        if not isinstance(value, Generic) or value.origin != External(ANNOTATED):
            continue
        items = [view.evaluate(item, value.scope, value.at) for item in value.args[1:]]
        if any(UNKNOWN in found or any(map(guards.is_marker, found)) for found in items):
            continue
        for node, found in zip(value.args[1:], items, strict=True):
            if found and all(_is_meant(item, application, strict=False) for item in found):
                is_inline = value.at == function.node.at and value.scope is function.parent
                place = own if is_inline else Place(value.scope.module, value.at)
                source = _source(function, param, application)
                yield Bare(place, param, found[0], (), False, source, node)
                return


def _is_meant(value: Value, application: Application, *, strict: bool) -> bool:
    """Whether a value is a dependency; `strict` asks for more than being a function."""
    summaries = application.summaries
    match value:
        case External(name):
            return name in (DEPENDS, SECURITY) or summaries.is_scheme_class(value)
        case FunctionValue(function) | Method(function, _):
            return (
                not strict
                or guards.checks(value, application)
                or bool(application.graph.uses_of(function))
            )
        case Partial():
            return guards.checks(value, application)
        case ClassValue():
            return summaries.is_scheme_class(value)
        case Instance(ClassValue(cls)):
            view = application.program.evaluator()
            if any(view.find_method(cls, hook) is not None for hook in _HOOKS):
                return False
            return summaries.is_scheme(value) or (
                view.find_method(cls, "__call__") is not None and guards.checks(value, application)
            )
        case Instance():
            return summaries.is_scheme(value)
    return False


def _source(function: Function, param: ir.Parameter, application: Application) -> str | None:
    """Where FastAPI takes a parameter from that no dependency fills."""
    if param.annotation is None:
        return "query"
    if guards.is_scalar(function, param, application):
        return "query"
    view = application.program.evaluator()
    types = application.injection.types(param.annotation, function.parent, function.node.at)
    for value in types:
        if isinstance(value, ClassValue) and (
            view.is_a(value, "pydantic.BaseModel") or is_dataclass(value)
        ):
            return "body"
    return None


def is_dataclass(value: ClassValue) -> bool:
    """Whether a class is decorated with some `dataclass`."""
    return any(
        ir.last_name(d.value.func if isinstance(d.value, ir.Call) else d.value) == "dataclass"
        for d in value.cls.node.decorators
    )
