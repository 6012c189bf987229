"""Whether a value came from the client: a header, a cookie, a parameter, a security scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ... import ir
from ..application import Dependency
from ..calls import argument_for, is_receiver, results
from ..scopes import Function, Scope
from ..summaries import SECURITY_SCHEMES
from ..values import ClassValue, External, FunctionValue, Instance, Method

if TYPE_CHECKING:
    from ..link import Application

_KEEPS = frozenset(
    {"split", "rsplit", "partition", "rpartition", "strip", "lstrip", "rstrip", "removeprefix"}
    | {"removesuffix", "replace", "get", "encode", "decode", "lower", "json", "form", "dict"}
    | {"receive_text", "receive_json", "model_dump", "group", "pop", "get_secret_value"}
)
_SAME = frozenset({"builtins.str", "builtins.bytes", "typing.cast", "urllib.parse.unquote"})
_SCHEME_PARAM = "fastapi.security.utils.get_authorization_scheme_param"
_MARKERS = frozenset({"Header", "Cookie", "Query", "Body", "Form", "Path"})
_AUTHENTICATING = frozenset({"Header", "Cookie"})
_SERVER_SIDE = frozenset({"app", "state", "scope"})
_MAX_DEPTH = 10


class Clients:
    """Follows values back to the request they came with."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._eval = application.program.evaluator()

    def sends(self, node: ir.Expr, scope: Scope, at: int) -> bool:
        """Whether an expression holds something that came with a request."""
        return bool(self._kinds(node, scope, at, 0))

    def authenticates(self, node: ir.Expr, scope: Scope, at: int) -> bool:
        """Whether it came the way credentials come: by a security scheme, a header, a cookie."""
        return "credentials" in self._kinds(node, scope, at, 0)

    def _kinds(self, node: ir.Expr | None, scope: Scope, at: int, depth: int) -> frozenset[str]:
        """ "credentials" or "other" for what comes from the client; nothing for the rest."""
        if node is None or depth > _MAX_DEPTH:
            return frozenset()
        inner = depth + 1
        match node:
            case ir.Attribute(value, name) if name not in _SERVER_SIDE:
                found = self._kinds(value, scope, at, inner)
                if found and name in ("headers", "cookies"):
                    return frozenset({"credentials"})
                return found
            case ir.Subscript(value, _) | ir.Await(value) | ir.Assigned(_, value):
                return self._kinds(value, scope, at, inner)
            case ir.Conditional(_, body, orelse):
                return self._kinds(body, scope, at, inner) | self._kinds(orelse, scope, at, inner)
            case ir.Operation("or" | "and", operands):
                return frozenset().union(*[self._kinds(o, scope, at, inner) for o in operands])
            case ir.Call(ir.Attribute(value, method)) if method in _KEEPS and (
                found := self._kinds(value, scope, at, inner)
            ):
                return found
            case ir.Call():
                return self._called(node, scope, at, inner)
            case ir.Name(name):
                return self._named(name, scope, at, inner)
        return frozenset()

    def _called(self, node: ir.Call, scope: Scope, at: int, depth: int) -> frozenset[str]:
        if _is_super_call(node) and self._is_in_scheme(scope):
            return frozenset({"credentials"})
        found: frozenset[str] = frozenset()
        for callee in self._eval.evaluate(node.func, scope, at):
            match callee:
                case FunctionValue(function) | Method(function, _):
                    for result, place in results(function):
                        found |= self._kinds(result, function.scope, place, depth)
                case External(name) if name in _SAME and node.args:
                    found |= self._kinds(node.args[-1], scope, at, depth)
                case External(name) if name == _SCHEME_PARAM and node.args:
                    found |= self._kinds(node.args[0], scope, at, depth)
                case Instance() if self._application.summaries.is_scheme(callee):
                    found |= {"credentials"}
        return found

    def _is_in_scheme(self, scope: Scope) -> bool:
        owner = scope.owner.owner if isinstance(scope.owner, Function) else None
        return owner is not None and self._application.summaries.is_scheme_class(ClassValue(owner))

    def _named(self, name: str, scope: Scope, at: int, depth: int) -> frozenset[str]:
        current: Scope | None = scope
        while current is not None:
            if name in current.bindings and (current is scope or current.kind != "class"):
                found: frozenset[str] = frozenset()
                place = at if current is scope else 1 << 60
                for binding in current.reaching(name, place):
                    source = binding.source
                    if isinstance(source, ir.Parameter) and isinstance(current.owner, Function):
                        found |= self._parameter(current.owner, source, depth)
                    elif binding.kind == "value" and isinstance(source, ir._Node):
                        found |= self._kinds(source, current, binding.at, depth)  # type: ignore[arg-type]
                return found
            current = current.parent
        return frozenset()

    def _parameter(self, function: Function, param: ir.Parameter, depth: int) -> frozenset[str]:
        application = self._application
        if is_receiver(function, param):
            return frozenset()
        layers = {layer.function: layer.names for layer in application.layers}
        if function in layers:
            return frozenset({"other"}) if param.name in layers[function][:1] else frozenset()
        if function in application.graph.endpoints or application.graph.uses_of(function):
            dependency = application.injection.injected(function, param)
            if dependency is not None:
                return self._injected(dependency, depth)
            marks = {
                ir.last_name(part.func)
                for part in _marks(param)
                if isinstance(part, ir.Call)
            }  # fmt: skip
            return frozenset({"credentials" if marks & _AUTHENTICATING else "other"})
        found: frozenset[str] = frozenset()
        for site in self._eval.callers(function):
            argument = argument_for(function, param, site.call)
            if argument is not None:
                found |= self._kinds(argument, site.scope, site.at, depth)
        return found

    def _injected(self, dependency: Dependency, depth: int) -> frozenset[str]:
        found: frozenset[str] = frozenset()
        for value in dependency.callables:
            if self._application.summaries.is_scheme(value):
                return frozenset({"credentials"})
            if isinstance(value, External) and value.name.startswith("fastapi.security."):
                found |= {"credentials" if value.name in SECURITY_SCHEMES else "other"}
            function = self._application.injection.function_of(value)
            if function is not None and not isinstance(value, ClassValue):
                for result, place in results(function):
                    found |= self._kinds(result, function.scope, place, depth)
        return found


def _marks(param: ir.Parameter) -> tuple[ir.Expr, ...]:
    """The default of a parameter and what its `Annotated` holds."""
    found = [param.default] if param.default is not None else []
    if isinstance(param.annotation, ir.Subscript):
        found.extend(param.annotation.index)
    return tuple(found)


def _is_super_call(node: ir.Call) -> bool:
    match node.func:
        case ir.Attribute(ir.Call(ir.Name("super")), "__call__"):
            return True
    return False
