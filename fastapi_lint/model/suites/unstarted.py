"""Test clients that never start their application, and requests that need what starting it sets."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from ... import ir
from ...walk import expressions, own_parts, statements, walk
from ..application import Place, Route, Router
from ..calls import keyword
from ..program import Site
from ..scopes import Function, Module, Scope
from ..values import External, Instance, Mapping
from .testing import TEST_CLIENT, is_fixture

if TYPE_CHECKING:
    from ..link import Application

ASGI_TRANSPORT = "httpx.ASGITransport"
_VERBS = frozenset({"get", "post", "put", "delete", "patch", "head", "options", "request"})
_SOCKET = "websocket_connect"
_STARTS = (b"lifespan", b"LifespanManager", b"startup")
_MAX_CALLS = 4
_MAX_TESTS = 40
"""How many files are searched for requests with a client that a fixture gives."""
_ENTERING = frozenset(
    {"enter_context", "enter_async_context", "enterContext", "enterAsyncContext",
     "enterClassContext"}
)  # fmt: skip
"""The methods of exit stacks and of `unittest` that enter a context manager."""

_CHANGES = frozenset({"update", "append", "add", "setdefault", "extend"})


class Need(msgspec.Struct, frozen=True):
    """What a start-up sets: an attribute of `app.state`, or the variable of a module.

    `yielded` means a key that a lifespan yields, which is found in `request.state`.
    """

    name: str
    module: Module | None
    place: Place
    yielded: bool = False


class Unstarted(msgspec.Struct, frozen=True, eq=False):
    """A client whose application is not started, and a request that fails for it."""

    place: Place
    kind: str
    need: Need
    read: Place
    request: Place
    path: str


class Clients:
    """Finds the clients of tests that do not run the lifespan."""

    def __init__(self, application: Application) -> None:
        self._app = application
        self._eval = application.program.evaluator()
        self._fixtures = application.fixtures
        self._needing: dict[int, dict[Function, tuple[Need, Place]]] = {}

    def unstarted(self) -> Iterator[Unstarted]:
        """The clients, each with the first request that needs what was not set."""
        names = self._app.index.spellings("TestClient", "ASGITransport")
        for site in self._app.index.calls(*names):
            if not site.module.is_test:
                continue
            kind = self._kind(site)
            given = site.call.args[0] if site.call.args else keyword(site.call, "app")
            if kind is None or given is None or self._is_started(site):
                continue
            for app in self._apps(given, site):
                found = self._failing(site, kind, app)
                if found is not None:
                    yield found
                    break

    def _kind(self, site: Site) -> str | None:
        for value in self._eval.evaluate(site.call.func, site.scope, site.at):
            if value == External(TEST_CLIENT):
                return "TestClient"
            if value == External(ASGI_TRANSPORT):
                return "ASGITransport"
        return None

    def _apps(self, node: ir.Expr, site: Site) -> Iterator[Router]:
        for value in self._fixtures.values(node, site.scope, site.at):
            if isinstance(value, Instance) and value.call is not None:
                for app in self._app.apps:
                    if app.created is not None and app.created[0] is value.call:
                        yield app

    # Whether it is started

    def _is_started(self, site: Site) -> bool:
        """Whether the client is entered where it is made, or its module starts something."""
        starts = any(map(self._starts, self._fixtures.modules(site.module)))
        return starts or self._names(site) is None

    def _starts(self, module: Module) -> bool:
        """Whether code of a test module mentions a lifespan in any way."""
        functions = [*module.functions()]
        if any(word in bytes(f.node.packed) for f in functions for word in _STARTS):
            return True
        names = [*module.scope.bindings]
        return any(word.decode() in name for word in _STARTS for name in names)

    def _names(self, site: Site) -> frozenset[str] | None:
        """The names that a client goes by; `None` if it is entered where it is made."""
        names: set[str] = set()
        owner = site.scope.owner
        for node in statements(site.scope.body):
            if node.at != site.at:
                continue
            if self._kind(site) == "TestClient" and (
                isinstance(node, ir.With) or _is_entered(site.call, node)
            ):
                return None
            if isinstance(node, ir.Assign):
                names |= {name for t in node.targets if (name := ir.last_name(t)) is not None}
        if isinstance(owner, Function):
            names.add(owner.name)
        return frozenset(names)

    # What fails

    def _failing(self, site: Site, kind: str, app: Router) -> Unstarted | None:
        needy = self._needs(app)
        if not needy:
            return None
        names = self._names(site) or frozenset()
        found: Unstarted | None = None
        for scope, known in self._scopes_with(site, names):
            if not known.isdisjoint(_entered(scope)):
                return None
            if found is None:
                found = self._first(scope, known, site, kind, app, needy)
        return found

    def _first(
        self,
        scope: Scope,
        names: frozenset[str],
        site: Site,
        kind: str,
        app: Router,
        needy: dict[Function, tuple[Need, Place]],
    ) -> Unstarted | None:
        for path, is_socket, place in self._requests_in(scope, names, site):
            for route, full in app.reachable(mounts=False):
                if full is None or route.is_websocket != is_socket or not _matches(full, path):
                    continue
                needed = self._needed(route, needy)
                if needed is not None:
                    at = Place(site.module, site.call.at)
                    return Unstarted(at, kind, *needed, place, full)
        return None

    def _needed(
        self, route: Route, needy: dict[Function, tuple[Need, Place]]
    ) -> tuple[Need, Place] | None:
        """What a route needs: its endpoint, or a dependency that no test overrides."""
        if route.endpoint in needy:
            return needy[route.endpoint]
        for step in self._app.graph.steps(route):
            chain = [part.function for part in step.chain]
            if step.function in needy and not any(f in self._overridden for f in chain):
                return needy[step.function]
        return None

    def _needs(self, app: Router) -> dict[Function, tuple[Need, Place]]:
        if id(app) not in self._needing:
            self._needing[id(app)] = self._find_needs(app)
        return self._needing[id(app)]

    def _find_needs(self, app: Router) -> dict[Function, tuple[Need, Place]]:
        """The functions that read what starting the application sets, and those that call them."""
        lifespans = self._app.lifespans
        starting = lifespans.functions(app)
        reached = frozenset(lifespans.reach(starting)) if starting else frozenset()
        every = [n for f in reached for n in self._set_by(f, f in starting)]
        distinct = {(need.name, need.module, need.yielded): need for need in reversed(every)}
        needs = [need for need in distinct.values() if not self._is_set_by_tests(need)]
        found: dict[Function, tuple[Need, Place]] = {}
        for word in dict.fromkeys(need.name for need in needs):
            named = [need for need in needs if need.name == word]
            own = [scope for n in named if n.module for scope in _scopes(n.module.scope)]
            for scope in (*self._app.index.scopes_naming(word), *own):
                function = scope.owner
                if isinstance(function, Function) and not function.module.is_test:
                    read = next(self._read(function, named), None)
                    if read is not None and function not in reached:
                        found.setdefault(function, read)
        queue = [(function, 0) for function in found]
        while queue:
            function, depth = queue.pop(0)
            for site in self._eval.callers(function) if depth < _MAX_CALLS else ():
                caller = site.scope.owner
                if isinstance(caller, Function) and caller not in found and caller not in reached:
                    found[caller] = found[function]
                    queue.append((caller, depth + 1))
        return found

    @cached_property
    def _overridden(self) -> frozenset[Function]:
        return frozenset(
            function
            for override in self._app.overrides.all
            if override.module.is_test
            for function in self._app.replacing.replaced(override)
        )

    def _set_by(self, function: Function, is_lifespan: bool) -> Iterator[Need]:
        scope = function.scope
        for node in statements(scope.body):
            place = Place(function.module, node.at)
            if isinstance(node, ir.Assign) and node.op is None:
                for target in node.targets:
                    match target:
                        case ir.Attribute(ir.Attribute(_, "state"), name):
                            yield Need(name, None, place)
                        case ir.Name(name) if scope.outside.get(name) == "global":
                            if _is_empty(function.module, name):
                                yield Need(name, function.module, place)
                        case ir.Subscript(ir.Name() as table):
                            yield from self._table(table, scope, node.at, place)
            for part in own_parts(node):
                match part:
                    case ir.Call(ir.Attribute(ir.Name() as table, method)) if method in _CHANGES:
                        yield from self._table(table, scope, node.at, place)
                    case ir.Call(ir.Name("setattr"), (ir.Attribute(_, "state"), key, _)):
                        if isinstance(key, ir.Constant) and isinstance(key.value, str):
                            yield Need(key.value, None, place)
                    case ir.Yield(ir.Dict(items)) if is_lifespan:
                        for entry, _ in items:
                            if isinstance(entry, ir.Constant) and isinstance(entry.value, str):
                                yield Need(entry.value, None, place, yielded=True)

    def _table(self, node: ir.Name, scope: Scope, at: int, place: Place) -> Iterator[Need]:
        """A dict of a module that is empty until the application starts."""
        if node.id in scope.bindings:
            return
        for value in self._eval.evaluate(node, scope, at):
            if not isinstance(value, Mapping) or value.node.items:
                continue
            name = _bound_to(value, value.scope) if value.scope.kind == "module" else None
            if name is not None:
                yield Need(name, value.scope.module, place)

    def _read(self, function: Function, needs: list[Need]) -> Iterator[tuple[Need, Place]]:
        scope = function.scope
        for node in statements(scope.body):
            stored = node.targets if isinstance(node, ir.Assign) else ()
            for expression in expressions(node):
                if any(expression is target for target in stored):
                    continue
                parts = tuple(walk(expression))
                if any(isinstance(p, ir.Call) and p.func == ir.Name("hasattr") for p in parts):
                    return
                for part in parts:
                    for need in needs:
                        if self._reads(part, need, scope, node.at):
                            yield need, Place(function.module, node.at)

    def _reads(self, part: ir.Expr, need: Need, scope: Scope, at: int) -> bool:
        match part:
            case ir.Attribute(ir.Attribute(owner, "state"), name):
                return (
                    need.module is None
                    and name == need.name
                    and (need.yielded or not self._app.states.is_connection(owner, scope, at))
                )
            case ir.Attribute(ir.Name(owner_name), name) if need.module is None:
                return name == need.name and any(
                    isinstance(binding.source, ir.Attribute)
                    and self._reads(ir.Attribute(binding.source, name), need, scope, at)
                    for binding in scope.bindings.get(owner_name, ())
                )
            case ir.Subscript(ir.Name() as owner, _) | ir.Attribute(ir.Name() as owner, _):
                return need.module is not None and self._names_variable(owner, need, scope, at)
        return False

    def _names_variable(self, node: ir.Name, need: Need, scope: Scope, at: int) -> bool:
        current: Scope | None = scope
        while current is not None and node.id not in current.bindings:
            current = current.parent
        if current is None or current.kind != "module":
            return False
        if current.module is need.module:
            return node.id == need.name and not _is_tested(node, scope)
        for value in self._eval.evaluate(node, scope, at):
            if isinstance(value, Mapping) and value.scope.module is need.module:
                return _bound_to(value, value.scope) == need.name
        return False

    def _is_set_by_tests(self, need: Need) -> bool:
        for scope in self._app.index.scopes_naming(need.name):
            if not scope.module.is_test:
                continue
            for node in statements(scope.body):
                targets = node.targets if isinstance(node, ir.Assign) else ()
                for target in targets:
                    if any(
                        isinstance(p, ir.Attribute) and p.attr == need.name for p in walk(target)
                    ):
                        return True
                for expression in expressions(node):
                    if any(_may_set(part, need) for part in walk(expression)):
                        return True
        return False

    # Requests

    def _scopes_with(
        self, site: Site, names: frozenset[str]
    ) -> Iterator[tuple[Scope, frozenset[str]]]:
        """The scopes of tests that can use a client, with the names that it has there."""
        owner = site.scope.owner
        fixture = owner if isinstance(owner, Function) and is_fixture(owner) else None
        is_test = isinstance(owner, Function) and self._fixtures.is_test(owner)
        is_local = isinstance(owner, Function) and is_test and not self._is_kept(site)
        helper = owner.name if isinstance(owner, Function) and not is_test else None
        for module in self._seeing(site, fixture):
            for scope in _scopes(module.scope):
                if not is_local or scope is site.scope:
                    yield scope, names | _made_by(scope, helper)

    def _is_kept(self, site: Site) -> bool:
        """Whether a client is kept in an attribute: `self.client = TestClient(app)`."""
        return any(
            node.at == site.at
            and isinstance(node, ir.Assign)
            and any(isinstance(target, ir.Attribute) for target in node.targets)
            for node in statements(site.scope.body)
        )

    def _seeing(self, site: Site, fixture: Function | None) -> Iterator[Module]:
        """The module of a client, and for a fixture of a `conftest.py` some tests that see it."""
        yield site.module
        if fixture is None or os.path.basename(site.module.path) != "conftest.py":
            return
        folder = os.path.dirname(site.module.path)
        tests = [
            path
            for path in self._app.program.paths_below(folder)
            if os.path.basename(path).startswith("test_")
        ]
        for path in tests[:_MAX_TESTS]:
            module = self._app.program.module(path)
            if module is not None and module.is_test:
                yield module

    def _requests_in(
        self, scope: Scope, names: frozenset[str], site: Site
    ) -> Iterator[tuple[str, bool, Place]]:
        for node in statements(scope.body):
            for part in own_parts(node):
                if not isinstance(part, ir.Call) or not isinstance(part.func, ir.Attribute):
                    continue
                verb, client = part.func.attr, part.func.value
                if verb not in (*_VERBS, _SOCKET) or not self._is_client(
                    client, names, site, scope
                ):
                    continue
                position = 1 if verb == "request" else 0
                given = part.args[position] if len(part.args) > position else None
                path = _pattern(given or keyword(part, "url"))
                if path is not None:
                    yield path, verb == _SOCKET, Place(scope.module, node.at)

    def _is_client(self, node: ir.Expr, names: frozenset[str], site: Site, scope: Scope) -> bool:
        if isinstance(node, ir.Call):
            owner = site.scope.owner
            is_made = (
                isinstance(owner, Function)
                and not is_fixture(owner)
                and node.func == ir.Name(owner.name)
            )
            return node is site.call or is_made
        name = ir.last_name(node)
        if name is None:
            return False
        if name in names:
            return True
        if self._kind(site) == "ASGITransport" and isinstance(node, ir.Name):
            return scope is site.scope
        return False


def _may_set(part: ir.Expr, need: Need) -> bool:
    """Whether an expression of a test sets a value: `setattr(app.state, "x", ...)`, `patch("m.x")`,
    or anything that names the variable."""
    match part:
        case ir.Constant(str() as text):
            return "." in text and text.rpartition(".")[2] == need.name
        case ir.Call(func, args) if ir.last_name(func) in ("setattr", "object", "setitem"):
            return any(isinstance(arg, ir.Constant) and arg.value == need.name for arg in args)
        case ir.Name(name):
            return need.module is not None and name == need.name
    return False


def _scopes(scope: Scope) -> Iterator[Scope]:
    yield scope
    for function in scope.functions.values():
        yield from _scopes(function.scope)
    for cls in scope.classes.values():
        yield from _scopes(cls.scope)


def _entered(scope: Scope) -> Iterator[str]:
    for node in statements(scope.body):
        entered = [item for item, _ in node.items] if isinstance(node, ir.With) else []
        for part in own_parts(node):
            match part:
                case ir.Call(ir.Attribute(_, method), args) if method in _ENTERING:
                    entered.extend(args)
                case ir.Attribute(value, "__enter__"):
                    entered.append(value)
        for item in entered:
            found = item.func if isinstance(item, ir.Call) else item
            if (name := ir.last_name(found)) is not None:
                yield name


def _is_entered(call: ir.Call, node: ir.Stmt) -> bool:
    """Whether a statement gives a call to an exit stack."""
    return any(
        isinstance(part, ir.Call)
        and ir.last_name(part.func) in _ENTERING
        and any(arg is call for arg in part.args)
        for part in own_parts(node)
    )


def _made_by(scope: Scope, helper: str | None) -> frozenset[str]:
    """The names that a scope gives to what a helper returns."""
    return frozenset(
        name
        for name, bindings in scope.bindings.items()
        for binding in bindings
        if helper is not None
        and isinstance(binding.source, ir.Call)
        and binding.source.func == ir.Name(helper)
    )


def _bound_to(value: Mapping, scope: Scope) -> str | None:
    for name, bindings in scope.bindings.items():
        if len(bindings) == 1 and bindings[0].source is value.node:
            return name
    return None


def _is_empty(module: Module, name: str) -> bool:
    """Whether a variable of a module is `None`, or only declared, when the module is loaded."""
    bindings = module.scope.bindings.get(name, ())
    return all(
        binding.kind == "declared"
        or (isinstance(binding.source, ir.Constant) and binding.source.value is None)
        for binding in bindings
    )


def _is_tested(node: ir.Name, scope: Scope) -> bool:
    """Whether a function asks what a variable holds before it uses it."""
    for statement in statements(scope.body):
        if isinstance(statement, ir.If):
            for test, _ in statement.branches:
                if any(part == node for part in walk(test)):
                    return True
    return False


def _pattern(node: ir.Expr | None) -> str | None:
    """A regular expression for the path of a requested URL; `None` if nothing is known of it."""
    match node:
        case ir.Constant(str() as text):
            return re.escape(_path(text))
        case ir.Format(parts):
            joined = "".join(map(_piece, parts))
            return joined.partition(re.escape("?"))[0] if joined.startswith("/") else None
    return None


def _piece(part: ir.Expr) -> str:
    is_text = isinstance(part, ir.Constant) and isinstance(part.value, str)
    return re.escape(str(part.value)) if is_text and isinstance(part, ir.Constant) else "[^/]+"


def _path(url: str) -> str:
    return re.sub(r"^https?://[^/]+", "", url).partition("?")[0]


def _matches(route: str, pattern: str) -> bool:
    """Whether a requested path (a pattern) can be served by a route's path."""
    wanted = re.sub(r"{[^}]*}", "\0", route)
    if "\0" not in wanted:
        return re.fullmatch(pattern, wanted) is not None
    own = "".join("[^/]+" if c == "\0" else re.escape(c) for c in wanted)
    sample = re.sub(r"\[\^/\]\+", "x", pattern)
    return re.fullmatch(own, re.sub(r"\\(.)", r"\1", sample)) is not None
