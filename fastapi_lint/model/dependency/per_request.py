"""What is opened anew for each request, though it could be shared."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ... import ir
from ...walk import statement_at, statements, walk, walk_all
from ..calls import argument_for, is_receiver, keyword
from ..dependencies import Injection
from ..graph import Graph
from ..lifespan.resources import CACHES, Kind, Resources, is_inert
from ..program import Program, Site
from ..scopes import END, Branch, Function, Scope
from ..values import External, Instance, Value

_GROUPS = frozenset({"engine", "redis", "database", "search", "cloud"})
_KEEPING = frozenset(
    {"setdefault", "append", "add", "put", "set", "register", "setattr", "update", "set_default"}
)
_CHECKING = frozenset({"ping", "close", "aclose", "disconnect", "dispose", "wait_closed"})
_SETTINGS = "pydantic_settings.BaseSettings"
_MAX_DEPTH = 4
_NEARBY = 2
"""From how many calls away a request is taken to reach what is opened: what lies behind more of
them is maintenance (a restored backup, a migration) that few requests ask for."""


class Reopened(msgspec.Struct, frozen=True):
    """A call that opens something for each request, and the injected function that runs it."""

    site: Site
    kind: Kind
    function: Function


class PerRequest:
    """Finds clients, pools and engines that are made again for each request."""

    def __init__(
        self, program: Program, resources: Resources, graph: Graph, injection: Injection
    ) -> None:
        self._eval = program.evaluator()
        self._program = program
        self._resources = resources
        self._graph = graph
        self._injection = injection
        self._injected = frozenset(graph.injected)

    def all(self) -> Iterator[Reopened]:
        """Every such call whose arguments do not depend on the request."""
        for site, kind in self._resources.opened():
            if kind.group not in _GROUPS or not isinstance(site.scope.owner, Function):
                continue
            if keyword(site.call, "connection_pool") is not None or is_inert(site.call):
                continue
            if self._is_a_check(site):
                continue
            function = self._requesting(site, site.call, 0)
            if function is not None and self._is_fixed(site.call, site.scope, site.at, 0):
                yield Reopened(site, kind, function)

    def _requesting(self, site: Site, call: ir.Call, depth: int) -> Function | None:
        """The injected function for which a call runs, unless its result is kept."""
        function = site.scope.owner
        if not isinstance(function, Function) or depth > _NEARBY:
            return None
        if function.has_decorator(*CACHES) or self._is_kept(call, site.scope, site.at):
            return None
        if any(map(_is_fallback, site.path)):
            return None
        if function in self._injected:
            return function
        if function.node.is_generator and not function.has_decorator(
            "asynccontextmanager", "contextmanager"
        ):  # fmt: skip
            return None
        for caller in self._eval.callers(function):
            if not caller.module.is_test:
                found = self._requesting(caller, caller.call, depth + 1)
                if found is not None:
                    return found
        return None

    def _is_a_check(self, site: Site) -> bool:
        """Whether a connection is opened only to see that it can be: pinged and closed."""
        node = statement_at(site.scope.body, site.at)
        if not isinstance(node, ir.Assign) or not isinstance(node.targets[0], ir.Name):
            return False
        used = {
            part.attr
            for part in walk_all(site.scope.body)
            if isinstance(part, ir.Attribute) and part.value == node.targets[0]
        }
        return "ping" in used and used <= _CHECKING

    # Kept

    def _is_kept(self, call: ir.Call, scope: Scope, at: int) -> bool:
        """Whether what a call gives is stored where the next request finds it."""
        node = statement_at(scope.body, at)
        if node is None:
            return True
        names: set[str] = set()
        if _keeps_argument(node, call):
            return True
        if isinstance(node, ir.Assign) and node.value is not None:
            for target in node.targets:
                if self._stores(target, scope):
                    return True
                if isinstance(target, ir.Name):
                    names.add(target.id)
        for part in _walrus(node):
            if self._stores(part.target, scope):
                return True
        return any(self._name_is_kept(name, scope) for name in names)

    def _name_is_kept(self, name: str, scope: Scope) -> bool:
        wanted = ir.Name(name)
        for node in statements(scope.body):
            if isinstance(node, ir.Assign) and node.value is not None:
                held = node.value.items if isinstance(node.value, ir.Display) else (node.value,)
                if wanted in held and any(self._stores(target, scope) for target in node.targets):
                    return True
            if _keeps_argument(node, wanted):
                return True
        return False

    def _stores(self, target: ir.Expr, scope: Scope) -> bool:
        """Whether assigning to a target outlives the function; `self` in a constructor does not."""
        match target:
            case ir.Name(name):
                return name in scope.outside
            case ir.Attribute(ir.Attribute(ir.Name(name), "state"), _):
                return name not in ("request", "req", "websocket", "ws")
            case ir.Attribute(ir.Name(name), _):
                function = scope.owner
                return not (
                    isinstance(function, Function)
                    and function.name == "__init__"
                    and function.node.params[:1]
                    and function.node.params[0].name == name
                )
            case ir.Attribute() | ir.Subscript():
                return True
            case ir.Display(_, items):
                return any(self._stores(item, scope) for item in items)
        return False

    # Arguments

    def _is_fixed(self, call: ir.Call, scope: Scope, at: int, depth: int) -> bool:
        """Whether the arguments of a call are the same for every request."""
        values = (*call.args, *[item.value for item in call.keywords])
        return all(self._is_constant(value, scope, at, depth) for value in values)

    def _is_constant(self, node: ir.Expr, scope: Scope, at: int, depth: int) -> bool:
        if depth > _MAX_DEPTH:
            return False
        for part in walk(node):
            if isinstance(part, (ir.Lambda, ir.Comprehension, ir.Yield)):
                return False
            if isinstance(part, ir.Name) and not self._is_shared(part.id, scope, at, depth):
                return False
            if isinstance(part, ir.Call) and self._is_of_context(part, scope, at):
                return False
        return True

    def _is_of_context(self, call: ir.Call, scope: Scope, at: int) -> bool:
        return ir.last_name(call.func) == "get" and any(
            isinstance(value, External) and value.name.startswith("contextvars.")
            for value in self._eval.evaluate(call.func, scope, at)
        )

    def _is_shared(self, name: str, scope: Scope, at: int, depth: int) -> bool:
        """Whether a name means the same in every request."""
        current: Scope | None = scope
        while current is not None and name not in current.bindings:
            current = current.parent
        if current is None or current.kind != "function":
            return True
        bindings = current.reaching(name, at if current is scope else END)
        return bool(bindings) and all(
            binding.kind in ("import", "function", "class")
            or (
                binding.kind == "value"
                and isinstance(binding.source, ir._Node)
                and not binding.index
                and self._is_constant(binding.source, current, binding.at, depth + 1)  # type: ignore[arg-type]
            )
            or (
                binding.kind == "parameter"
                and isinstance(binding.source, ir.Parameter)
                and isinstance(current.owner, Function)
                and self._is_setting(current.owner, binding.source, depth)
            )
            for binding in bindings
        )

    def _is_setting(self, function: Function, param: ir.Parameter, depth: int) -> bool:
        """Whether a parameter holds settings, or is the same at all calls."""
        if is_receiver(function, param):
            return False
        types = self._injection.types(param.annotation, function.parent, function.node.at)
        if types and all(self._eval.is_a(cls, _SETTINGS) for cls in types):
            return True
        dependency = self._injection.injected(function, param)
        if dependency is not None:
            return all(self._provides_settings(value) for value in dependency.callables)
        if function in self._injected:
            return False
        callers = [c for c in self._eval.callers(function) if not c.module.is_test]
        for caller in callers:
            given = argument_for(function, param, caller.call)
            if given is None and param.default is None:
                return False
            if given is not None and not self._is_constant(
                given, caller.scope, caller.at, depth + 1
            ):
                return False
        return bool(callers)

    def _provides_settings(self, value: Value) -> bool:
        function = self._injection.function_of(value)
        return function is not None and any(
            isinstance(found, Instance) and self._eval.is_a(found.cls, _SETTINGS)
            for found in self._eval.returns(function)
        )


def _is_fallback(branch: Branch) -> bool:
    """Whether a branch is taken where something that is shared is missing."""
    taken = () if branch.test is None else (branch.test,)
    return any(_is_missing(part, True) for test in taken for part in walk(test)) or any(
        _is_missing(part, False) for test in branch.before for part in walk(test)
    )


def _is_missing(test: ir.Expr, truth: bool) -> bool:
    """Whether a test with this outcome says that something is not there."""
    match test:
        case ir.Operation("not"):
            return truth
        case ir.Operation("is" | "is not" as op, operands):
            asks = any(map(ir.is_none, operands))
            return asks and (op == "is") is truth
        case ir.Call(ir.Name("hasattr")):
            return not truth
    return False


def _keeps_argument(node: ir.Stmt, wanted: ir.Expr) -> bool:
    """Whether a statement passes something to a call like `cache.setdefault(key, it)`."""
    match node:
        case (
            ir.Expression(value)
            | ir.Return(value)
            | ir.Assign(_, value)
        ) if value is not None:  # fmt: skip
            return any(
                isinstance(part, ir.Call)
                and ir.last_name(part.func) in _KEEPING
                and any(
                    argument is wanted or (isinstance(wanted, ir.Name) and argument == wanted)
                    for argument in part.args
                )
                for part in walk(value)
            )
    return False


def _walrus(node: ir.Stmt) -> Iterator[ir.Assigned]:
    if isinstance(node, (ir.Return, ir.Expression)):
        for part in walk(node.value):
            if isinstance(part, ir.Assigned):
                yield part
