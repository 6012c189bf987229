"""The program: all modules of a project that were read, and the calls in them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Container, Iterable, Iterator
from functools import cached_property
from typing import Protocol

import msgspec

from .. import ir
from ..outline import Outline, definitions
from ..walk import expressions, statements, walk, walk_all
from .evaluate import Evaluator, Reach
from .imports import Importer
from .scopes import Class, Function, Module, Path, Scope
from .values import Value


class Site(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A call in the program: where it stands, and what it decorates or is applied to.

    `applied_to` is the argument of the call's result: `handler` in `app.get("/")(handler)`.
    """

    call: ir.Call
    scope: Scope
    at: int
    decorates: Function | Class | None = None
    applied_to: ir.Expr | None = None

    @property
    def module(self) -> Module:
        return self.scope.module

    @property
    def path(self) -> Path:
        return self.scope.path_at(self.at)


class Peek(Protocol):
    """Looks into files without parsing them."""

    def content(self, path: str) -> bytes:
        """The bytes of a file."""

    def outline(self, path: str) -> Outline:
        """What can be told from them at once."""

    def names(self, path: str, words: tuple[str, ...]) -> bool:
        """Whether one of some words stands in a file."""


class Program:
    """All modules of a project."""

    def __init__(
        self,
        files: Iterable[str],
        root: str,
        read: Callable[[str], Module | None],
        peek: Peek,
    ) -> None:
        """`files` are all that may be imported; `read` gives the module of one, if it has any."""
        self.modules: dict[str, Module] = {}
        self.near: frozenset[str] = frozenset()
        self._files = tuple(files)
        self._unread = set(self._files)
        self.importer = Importer(self._unread, root)
        self._read = read
        self._peek = peek
        self._defined: dict[str, dict[str, str]] = {}
        self._naming: dict[str, dict[str, bool]] = {}
        self.sought: set[str] = set()
        """The words that were looked for in the bytes of files."""
        self.asked: dict[str, set[str]] = {}
        """The names of which was asked how a file that had not been read defines them."""
        self.provide: Callable[[Function, ir.Parameter, Evaluator], Iterable[Value]] = _nothing
        """Gives what the framework injects into a parameter; set by whoever knows."""
        self._direct: dict[str, list[Site]] = {}
        self._mentioning: dict[str, list[Function]] = {}
        self._subclasses: dict[str, list[Class]] = {}
        self._sites: dict[str, tuple[Site, ...]] = {}
        self._scope_sites: dict[int, dict[str, list[Site]]] = {}
        self._views: dict[tuple[bool, Reach], Evaluator] = {}

    def evaluator(self, *, production: bool = False, reach: Reach = Reach.ALL) -> Evaluator:
        """An evaluator: of every branch, or only of those that run in production."""
        view = (production, reach)
        if view not in self._views:
            self._views[view] = Evaluator(self, production, reach)
        return self._views[view]

    # Modules

    def module(self, path: str) -> Module | None:
        """The module of a file; read when it is first asked for."""
        module = self.modules.get(path)
        if module is None and path in self._unread:
            self._unread.discard(path)
            module = self._read(path)
            if module is not None:
                self.modules[path] = module
                self._index(module)
        return module

    def paths_below(self, folder: str) -> list[str]:
        """The files in a folder and in those below it, read or not."""
        inside = os.path.join(folder, "")
        return sorted(p for p in (*self._unread, *self.modules) if p.startswith(inside))

    def start(self, paths: Iterable[str]) -> None:
        """Read files that a near evaluator may look into."""
        self.near |= frozenset(paths)
        for path in sorted(self.near):
            self.module(path)

    def defines(self, path: str, name: str) -> str | None:
        """How a file that need not be read defines a name: "def", "class", or otherwise."""
        if path not in self._unread:
            return None
        if path not in self._defined:
            self._defined[path] = definitions(self._peek.content(path))
        self.asked.setdefault(path, set()).add(name)
        return self._defined[path].get(name)

    @cached_property
    def async_names(self) -> frozenset[str]:
        """The names of all asynchronous functions in the project, and of those that do nothing but
        call one, whether their modules were read or not."""
        outlines = [self._peek.outline(path) for path in self._files]
        found = {name for outline in outlines for name in outline.asynchronous}
        for outline in outlines:
            found.update(name for name, called in outline.passing if called in found)
        return frozenset(found)

    @cached_property
    def exception_names(self) -> frozenset[str]:
        """The names of the classes in the project that derive from what is called like an
        exception, whether their modules were read or not."""
        found: list[str] = []
        deriving: dict[str, list[str]] = {}
        for path in self._files:
            for name, base in self._peek.outline(path).derived:
                deriving.setdefault(base, []).append(name)
                if base.endswith(("Exception", "Error")):
                    found.append(name)
        for known in found:
            found.extend(deriving.pop(known, []))
        return frozenset(found)

    @cached_property
    def dropping_files(self) -> tuple[str, ...]:
        """The files with a line that begins with the call of what is called like an exception."""
        return tuple(path for path in self._files if self._peek.outline(path).drops)

    @cached_property
    def tracing_names(self) -> frozenset[str]:
        """The names of functions that ask for the text of a traceback, in modules read or not."""
        return frozenset(n for path in self._files for n in self._peek.outline(path).tracing)

    @cached_property
    def spawning_names(self) -> frozenset[str]:
        """The names of plain functions that start tasks of asyncio, or call one that does in the
        same file, whether their modules were read or not."""
        return frozenset(n for path in self._files for n in self._peek.outline(path).spawning)

    def read_callers(self, function: Function) -> None:
        """Read the files that name a function, to know what is passed to it.

        Tests bring up what they call themselves; a method or a decorated function is called by
        others than its name tells.
        """
        plain = function.parent.kind == "module" and not function.node.decorators
        if not plain or function.module.is_test:
            return
        for path in self.files_naming(function.name, self.modules):
            self.module(path)

    def files_naming(self, name: str, besides: Container[str]) -> list[str]:
        """The files, besides some, in which a name occurs."""
        self.sought.add(name)
        known = self._naming.setdefault(name, {})
        found = []
        for path in self._files:
            if path not in besides:
                if path not in known:
                    known[path] = self._peek.names(path, (name,))
                if known[path]:
                    found.append(path)
        return sorted(found)

    def is_near(self, path: str) -> bool:
        """Whether a near evaluator may look into a file."""
        return path in self.near or path.endswith("__init__.py")

    def _index(self, module: Module) -> None:
        names = self._add_sites(module.scope)
        for function in module.functions():
            for name in function.node.mentions:
                self._mentioning.setdefault(name, []).append(function)
                names.add(name)
        for cls in module.classes():
            names |= self._add_sites(cls.scope)
            for base in cls.node.bases:
                if (listed := ir.last_name(_unsubscripted(base))) is not None:
                    self._subclasses.setdefault(listed, []).append(cls)
        for name in names:
            self._sites.pop(name, None)
            self._sites.pop(ir.applied(name), None)

    def _add_sites(self, scope: Scope) -> set[str]:
        sites = self.scope_sites(scope)
        for name, found in sites.items():
            self._direct.setdefault(name, []).extend(found)
        return set(sites)

    # Calls

    def sites(self, *names: str) -> Iterator[Site]:
        """All calls of something with one of these last names, in the order of the files."""
        for name in names:
            if name not in self._sites:
                self._sites[name] = tuple(self._find_sites(name, name))
            yield from self._sites[name]

    def sites_near(self, pattern: re.Pattern[bytes], *names: str) -> Iterator[Site]:
        """Those of the calls that stand outside of functions, or in one that a pattern occurs in;
        other functions are not unpacked."""
        for name in names:
            yield from tuple(self._direct.get(name, ()))
            for function in tuple(self._mentioning.get(name, ())):
                if pattern.search(function.node.packed) is not None:
                    yield from self._function_sites(function, name, name)

    def applied_sites(self, *names: str) -> Iterator[Site]:
        """Those of the calls that decorate something, or whose result is called itself."""
        for name in names:
            mention = ir.applied(name)
            if mention not in self._sites:
                self._sites[mention] = tuple(
                    site
                    for site in self._find_sites(name, mention)
                    if site.decorates is not None or site.applied_to is not None
                )
            yield from self._sites[mention]

    def _find_sites(self, name: str, mention: str) -> Iterator[Site]:
        yield from tuple(self._direct.get(name, ()))
        for function in tuple(self._mentioning.get(mention, ())):
            yield from self._function_sites(function, name, mention)

    def _function_sites(self, function: Function, name: str, mention: str) -> Iterator[Site]:
        if mention not in function.node.mentions:
            return
        yield from self.scope_sites(function.scope).get(name, ())
        yield from self._nested_sites(function.scope, name, mention)

    def _nested_sites(self, scope: Scope, name: str, mention: str) -> Iterator[Site]:
        for inner in scope.functions.values():
            yield from self._function_sites(inner, name, mention)
        for cls in scope.classes.values():
            yield from self.scope_sites(cls.scope).get(name, ())
            yield from self._nested_sites(cls.scope, name, mention)

    def is_referenced(self, function: Function) -> bool:
        """Whether anything that was read may call a function or pass it on.

        A function without parameters may be called by name from outside; one with parameters that
        nothing imports, calls or mentions is taken to be unused.
        """
        if not function.node.params or function.node.decorators:
            return True
        if function.parent.kind != "module":
            return True
        name, module = function.name, function.module
        stem = module.display.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")[2]
        return (
            any(True for _ in self.sites(name))
            or any(_imports(other, name, stem) for other in self.modules.values())
            or _mentions(module, name)
        )

    def is_shared(self, path: str, name: str) -> bool:
        """Whether a module that was read imports a name, or all names, from the file of another."""
        return any(
            source.name in (name, "*")
            and self.importer.resolve(module.path, source.module, source.level) == path
            for module in self.modules.values()
            if module.path != path
            for source in _all_imports(module)
        )

    def scope_sites(self, scope: Scope) -> dict[str, list[Site]]:
        """The calls in one scope by last name; functions and classes in it are not entered."""
        found = self._scope_sites.get(id(scope))
        if found is None:
            found = {}
            for site in _sites_in(scope):
                name = ir.last_name(site.call.func)
                if name is not None:
                    found.setdefault(name, []).append(site)
            self._scope_sites[id(scope)] = found
        return found

    def mentioning(self, name: str) -> tuple[Function, ...]:
        """The functions and methods whose code, with that of functions in it, calls something of
        this name."""
        return tuple(self._mentioning.get(name, ()))

    def derived(self, name: str) -> tuple[str, ...]:
        """The names of the classes that list a base with this last name, and so on."""
        found = [name]
        for base in found:
            found.extend(c.name for c in self.subclasses(base) if c.name not in found)
        return tuple(found[1:])

    def subclasses(self, name: str) -> list[Class]:
        """The classes that list a base with this last name."""
        return self._subclasses.get(name, [])


def _sites_in(scope: Scope) -> Iterator[Site]:
    for node in statements(scope.body):
        match node:
            case ir.Function():
                owner: Function | Class | None = scope.functions[node.at]
            case ir.Class():
                owner = scope.classes[node.at]
            case _:
                owner = None
        if owner is not None:
            for decorator in owner.node.decorators:
                yield from _calls(decorator.value, scope, decorator.at, owner)
        for expression in _undecorated(node):
            yield from _calls(expression, scope, node.at, None)


def _undecorated(node: ir.Stmt) -> tuple[ir.Expr | None, ...]:
    parts = expressions(node)
    return parts[len(node.decorators) :] if isinstance(node, (ir.Function, ir.Class)) else parts


def _calls(
    expression: ir.Expr | None, scope: Scope, at: int, owner: Function | Class | None
) -> Iterator[Site]:
    applied: dict[int, ir.Expr] = {}
    for part in walk(expression):
        if isinstance(part, ir.Call):
            if isinstance(part.func, ir.Call) and part.args:
                applied[part.func.at] = part.args[0]
            yield Site(part, scope, at, owner if part is expression else None, applied.get(part.at))


def _imports(module: Module, name: str, stem: str) -> bool:
    """Whether a module imports something called `name`, or a module called `stem`."""
    return any(
        isinstance(binding.source, ir.Import)
        and (binding.source.name in (name, stem) or binding.source.module.endswith(stem))
        for bindings in module.scope.bindings.values()
        for binding in bindings
    )


def _all_imports(module: Module) -> Iterator[ir.Import]:
    """The imports of a module and of its functions."""
    for scope in (module.scope, *[function.scope for function in module.functions()]):
        yield from scope.stars
        for bindings in scope.bindings.values():
            for binding in bindings:
                if isinstance(binding.source, ir.Import):
                    yield binding.source


def _mentions(module: Module, name: str) -> bool:
    bodies = [module.node.body, *[function.body for function in module.functions()]]
    return any(part == ir.Name(name) for body in bodies for part in walk_all(body))


def _nothing(function: Function, param: ir.Parameter, view: Evaluator) -> Iterable[Value]:
    return ()


def _unsubscripted(node: ir.Expr) -> ir.Expr:
    return node.value if isinstance(node, ir.Subscript) else node
