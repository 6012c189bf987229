"""What stands where in the modules that take part in an application."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

import msgspec

from .. import ir
from ..walk import own_parts, statements
from .program import Program, Site
from .scopes import Class, Function, Module, Scope


class Read(msgspec.Struct, frozen=True, eq=False):
    """An attribute that is read: `node` in the statement at `at` of `scope`."""

    node: ir.Attribute
    scope: Scope
    at: int

    @property
    def module(self) -> Module:
        return self.scope.module


class Index:
    """The modules that linking an application has read, and what is in them.

    Evaluating on demand may read more modules later. They are not in here, so that what one rule
    finds does not depend on which other rules run.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self.modules: tuple[Module, ...] = tuple(
            module for _, module in sorted(program.modules.items())
        )
        self._known = frozenset(self.modules)
        self._reads: dict[int, dict[str, list[Read]]] = {}

    def calls(self, *names: str) -> Iterator[Site]:
        """The calls of something with one of these last names."""
        for site in self._program.sites(*names):
            if site.module in self._known:
                yield site

    def callers(self, function: Function) -> Iterator[Site]:
        """The calls of a function, outside of tests."""
        for site in self._program.evaluator().callers(function):
            if site.module in self._known and not site.module.is_test:
                yield site

    def spellings(self, *names: str) -> tuple[str, ...]:
        """These names, and those under which a module imports them."""
        found = [bound for name in names for bound in self._renamed.get(name, ())]
        return tuple(dict.fromkeys((*names, *found)))

    @cached_property
    def _renamed(self) -> dict[str, list[str]]:
        """The names under which something is imported at the top of a module, by its own name."""
        found: dict[str, list[str]] = {}
        for module in self.modules:
            for node in module.node.body:
                if isinstance(node, ir.Import) and node.name not in (None, node.bound):
                    found.setdefault(str(node.name), []).append(node.bound)
        return found

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """Every function, nested ones and methods included."""
        return tuple(f for module in self.modules for f in _functions(module.scope))

    @cached_property
    def classes(self) -> tuple[Class, ...]:
        """Every class that can be seen without entering a function's body."""
        return tuple(cls for module in self.modules for cls in module.classes())

    def scopes_naming(self, word: str, *more: Module) -> Iterator[Scope]:
        """Every module and class, and the functions in whose code a word occurs: what can hold a
        statement about something of that name. Other functions are not unpacked. `more` are modules
        to look into as well."""
        for module in dict.fromkeys((*self.modules, *more)):
            yield from self.scopes_in(module, word)

    def scopes_in(self, module: Module, word: str) -> Iterator[Scope]:
        """Those of one module."""
        yield from _naming(module.scope, re.compile(re.escape(word.encode())))

    def functions_naming(self, word: str) -> Iterator[Function]:
        """The functions in whose code a word occurs."""
        for scope in self.scopes_naming(word):
            if isinstance(scope.owner, Function):
                yield scope.owner

    def reads(self, name: str) -> Iterator[Read]:
        """Every place that reads an attribute with this name."""
        for scope in self.scopes_naming(name):
            if id(scope) not in self._reads:
                self._reads[id(scope)] = _reads(scope)
            yield from self._reads[id(scope)].get(name, ())


def _naming(scope: Scope, named: re.Pattern[bytes]) -> Iterator[Scope]:
    yield scope
    for function in scope.functions.values():
        if named.search(function.node.packed) is not None:
            yield from _naming(function.scope, named)
    for cls in scope.classes.values():
        yield from _naming(cls.scope, named)


def _functions(scope: Scope) -> Iterator[Function]:
    for function in scope.functions.values():
        yield function
        yield from _functions(function.scope)
    for cls in scope.classes.values():
        yield from _functions(cls.scope)


def _reads(scope: Scope) -> dict[str, list[Read]]:
    """The attributes that the code of a scope itself reads, by name."""
    found: dict[str, list[Read]] = {}
    for node in statements(scope.body):
        stored = set(map(id, node.targets)) if isinstance(node, ir.Assign) else set()
        for part in own_parts(node):
            if isinstance(part, ir.Attribute) and id(part) not in stored:
                found.setdefault(part.attr, []).append(Read(part, scope, node.at))
    return found
