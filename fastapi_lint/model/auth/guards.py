"""Where dependencies are given, which routes that concerns, and what becomes of what they give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ... import ir
from ...walk import walk_all
from ..application import Place, Route, Router
from ..calls import is_receiver, keyword
from ..evaluate import Reach
from ..graph import Graph, Use
from ..link import Application
from ..names import DEPENDS, REQUEST, SECURITY, WEBSOCKET
from ..scopes import Function, Scope
from ..values import Argument, ClassValue, External, Instance, Value

MARKERS = frozenset({"Query", "Header", "Cookie", "Path", "Body", "Form", "File"})
_FILLED = frozenset(
    {
        REQUEST, WEBSOCKET, "starlette.requests.HTTPConnection", "fastapi.security.SecurityScopes",
        "starlette.responses.Response", "starlette.background.BackgroundTasks",
        "fastapi.background.BackgroundTasks",
    }
)  # fmt: skip


class Spot(msgspec.Struct, frozen=True):
    """One `Depends(...)` in the code: what it names, and every use that it serves."""

    place: Place
    callables: tuple[Value, ...]
    uses: tuple[Use, ...]
    routes: tuple[Route, ...]

    @property
    def values(self) -> tuple[Value, ...]:
        """What it names, besides what an unknown caller may pass."""
        return tuple(value for value in self.callables if not isinstance(value, Argument))


class Handling(msgspec.Struct, frozen=True):
    """What a function does with a name: calls it, reads attributes of it, or uses it whole."""

    called: bool
    attributes: frozenset[str]
    whole: bool

    @property
    def mentioned(self) -> bool:
        return self.called or self.whole or bool(self.attributes)


def spots(application: Application) -> Iterator[Spot]:
    """Every `Depends(...)`, once; those in tests are left out."""
    found: dict[tuple[str, int, tuple[Value, ...]], list[Use]] = {}
    for use in application.graph.uses:
        if not use.place.module.is_test:
            key = (use.place.module.path, use.place.at, use.dependency.callables)
            found.setdefault(key, []).append(use)
    for (_, _, callables), uses in sorted(found.items(), key=lambda item: item[0][:2]):
        yield Spot(uses[0].place, callables, tuple(uses), routes(uses, application.graph))


def named_class(spot: Spot) -> ir.Expr | None:
    """How a `Depends(...)` itself names the one class that it gets; `None` if it does not."""
    call = spot.uses[0].dependency.call
    given = call.args[0] if call.args else keyword(call, "dependency")
    is_name = isinstance(given, (ir.Name, ir.Attribute))
    return given if is_name and len(spot.callables) == 1 else None


def routes(uses: Iterable[Use], graph: Graph) -> tuple[Route, ...]:
    """The routes for which some uses of dependencies run."""
    return tuple(dict.fromkeys(route for use in uses for route in _routes(use, graph)))


def _routes(use: Use, graph: Graph) -> Iterator[Route]:
    holder = use.holder
    match holder:
        case Function():
            yield from graph.routes_of(holder)
        case Route():
            yield holder
        case Router():
            yield from (route for route, _ in holder.reachable(mounts=False))
        case _:
            yield from (route for route, _ in holder.child.reachable(mounts=False))


def named(found: tuple[Route, ...]) -> str:
    """The routes as a message says them: the first by name, the others by number."""
    route = found[0]
    first = f"`{route.endpoint.name}`" if route.endpoint else f"the route `{route.path}`"
    if len(found) == 1:
        return first
    return f"{first} and {len(found) - 1} more route{'s' if len(found) > 2 else ''}"


def bodies(function: Function) -> Iterator[tuple[ir.Stmt, ...]]:
    """The bodies of a function and of the functions and classes in it."""
    yield function.body
    yield from _inner(function.scope)


def _inner(scope: Scope) -> Iterator[tuple[ir.Stmt, ...]]:
    for function in scope.functions.values():
        yield from bodies(function)
    for cls in scope.classes.values():
        yield cls.node.body
        yield from _inner(cls.scope)


def handling(function: Function, name: str) -> Handling:
    """What a function, with all that is nested in it, does with a name."""
    wanted = ir.Name(name)
    called, whole, attributes = 0, 0, set()
    for body in bodies(function):
        for part in walk_all(body):
            match part:
                case ir.Call(func) if func == wanted:
                    called += 1
                case ir.Attribute(value, attr) if value == wanted:
                    attributes.add(attr)
                    whole -= 1
                case ir.Name(found) if found == name:
                    whole += 1
                case ir.Call(ir.Name("locals")):
                    whole += 1
    return Handling(called > 0, frozenset(attributes), whole > called)


def handled(use: Use) -> Handling | None:
    """What the function does with the parameter that a use fills; `None` for a list's entry."""
    if use.function is None or use.param is None:
        return None
    return handling(use.function, use.param.name)


def asks(function: Function, application: Application) -> bool:
    """Whether a function has parameters that only FastAPI can fill."""
    return any(_asks(function, param, application) for param in function.node.params)


def _asks(function: Function, param: ir.Parameter, application: Application) -> bool:
    if application.injection.injected(function, param) is not None:
        return True
    if is_marked(function, param, application):
        return True
    types = application.injection.framework_types(
        param.annotation, function.parent, function.node.at
    )
    return any(isinstance(value, External) and value.name in _FILLED for value in types)


def is_marked(function: Function, param: ir.Parameter, application: Application) -> bool:
    """Whether `Query()`, `Header()` and the like say where a parameter comes from."""
    view = application.program.evaluator(reach=Reach.NEAR)
    if param.default is not None:
        values = view.evaluate(param.default, function.parent, function.node.at)
        if any(map(is_marker, values)):
            return True
    return any(
        is_marker(value)
        for scope, at, item in application.injection.metadata(function, param)
        for value in view.evaluate(item, scope, at)
    )


def is_marker(value: Value) -> bool:
    """Whether a value is a `Query()`, `Header()` and the like of FastAPI."""
    return (
        isinstance(value, Instance)
        and isinstance(value.cls, External)
        and value.cls.name.startswith("fastapi.")
        and value.cls.name.rpartition(".")[2] in MARKERS
    )


def denies(value: Value, application: Application) -> bool:
    """Whether a callable can refuse a request, as far as the code shows."""
    return application.summaries.denial(value) is not None


def checks(value: Value, application: Application) -> bool:
    """Whether a callable is made to be a dependency: it refuses, or asks FastAPI for something."""
    function = application.injection.function_of(value)
    return denies(value, application) or (function is not None and asks(function, application))


def label(value: Value, application: Application) -> str:
    """What a message calls a callable."""
    match value:
        case ClassValue(cls) | Instance(ClassValue(cls)):
            return cls.name
        case External(name) | Instance(External(name)):
            return name.rpartition(".")[2]
    function = application.injection.function_of(value)
    return function.name if function is not None else "the dependency"


def defined(value: Value, application: Application) -> Place | None:
    """Where the code of a callable stands."""
    function = application.injection.function_of(value)
    return Place(function.module, function.node.at) if function is not None else None


def has_own(value: Value, uses: Iterable[Use], application: Application) -> bool:
    """Whether every use reads something of an object that its class in the project defines."""
    found = [handled(use) for use in uses]
    return all(how is not None and _has((value,), how.attributes, application) for how in found)


def is_lost(use: Use, made: Iterable[Value], application: Application) -> bool:
    """Whether callables that a dependency gives are certainly not called by who gets them.

    They are in a list's entry, and where the parameter is not used at all, or is declared to be
    something else.
    """
    how = handled(use)
    if how is None or not how.mentioned:
        return True
    assert use.function is not None
    assert use.param is not None
    if how.called:
        return False
    types = application.injection.types(
        use.param.annotation, use.function.parent, use.function.node.at
    )
    if not types:
        return not how.whole and not _has(made, how.attributes, application)
    return all(_is_other(value, made, application) for value in types) and not _has(
        made, how.attributes, application
    )


def _is_other(declared: Value, made: Iterable[Value], application: Application) -> bool:
    """Whether a declared type is certainly none of a callable."""
    view = application.program.evaluator()
    match declared:
        case ClassValue(cls):
            if view.has_unknown_base(cls) or view.find_method(cls, "__call__") is not None:
                return False
            return not any(_is_instance(value, declared, application) for value in made)
        case External(name):
            return name.startswith("builtins.") and name not in ("builtins.object", "builtins.type")
    return False


def _is_instance(value: Value, declared: ClassValue, application: Application) -> bool:
    match value:
        case Instance(ClassValue(cls)):
            return declared.cls in application.program.evaluator().mro(cls)
    return False


def _has(made: Iterable[Value], attributes: frozenset[str], application: Application) -> bool:
    """Whether objects that can be called have one of these attributes of their own."""
    view = application.program.evaluator()
    return any(
        name in current.scope.bindings
        or any(name in method.self_assignments for method in current.methods())
        for value in made
        if isinstance(value, Instance) and isinstance(value.cls, ClassValue)
        for current in view.mro(value.cls.cls)
        for name in attributes
    )


def from_query(function: Function, application: Application) -> tuple[str, ...]:
    """The parameters of a function that FastAPI takes from the query string, as far as types tell:
    single values for which nothing else is said."""
    return tuple(
        param.name
        for param in function.node.params
        if param.kind not in ("*", "**")
        and not is_receiver(function, param)
        and not _asks(function, param, application)
        and is_scalar(function, param, application)
    )


_SCALARS = frozenset(
    {f"builtins.{name}" for name in ("str", "int", "float", "bool", "bytes")}
    | {"pydantic.SecretStr", "pydantic.SecretBytes", "pydantic.types.SecretStr", "uuid.UUID"}
)


def is_scalar(function: Function, param: ir.Parameter, application: Application) -> bool:
    """Whether a parameter is text, a number or a truth value, or declared to be nothing."""
    if param.annotation is None:
        return True
    return is_plain(param.annotation, function.parent, function.node.at, application)


def is_plain(annotation: ir.Expr | None, scope: Scope, at: int, application: Application) -> bool:
    """Whether an annotation names a type of which the query string can hold one value."""
    types = [
        value
        for value in application.injection.types(annotation, scope, at)
        if value != External("builtins.None")
    ]
    return bool(types) and all(isinstance(v, External) and v.name in _SCALARS for v in types)


def is_depends(value: Value, application: Application) -> bool:
    """Whether a value is a `Depends(...)` or `Security(...)`."""
    return application.program.evaluator().instance_of(value, DEPENDS, SECURITY)
