"""Modules, functions, classes and the names that their scopes bind.

A name means its last binding before the point of use. Which bindings can reach a use is told by
*paths*: the branches (of `if`, `except`, `case`, loops) in which a statement stands.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TypeAlias

import msgspec

from .. import ir
from ..walk import blocks, own_parts, start, statements

END = 1 << 60
"""The ordinal after everything: the point of view of code that runs when a module is loaded."""


class Branch(msgspec.Struct, frozen=True, gc=False):
    """One branch of a compound statement: which statement, which branch, and what it tests.

    `before` are the tests of the earlier branches of an `if`, all of which were false.
    `exclusive` is false for a loop's body, which code after it may have run.
    """

    at: int
    index: int
    test: ir.Expr | None = None
    before: tuple[ir.Expr, ...] = ()
    exclusive: bool = True


Path: TypeAlias = tuple[Branch, ...]

Source: TypeAlias = (
    ir.Import | ir.Function | ir.Class | ir.Parameter | ir.Expr | tuple[str, ir.Expr] | None
)


class Binding(msgspec.Struct, frozen=True, gc=False):
    """What one statement binds a name to.

    `kind` is "import", "function", "class", "parameter", "value", "item" (an element of `source`),
    "enter" (what `with source` gives), "augmented", "declared" (an annotation alone) or "unknown".
    `index` is the position within an unpacked tuple, outermost first.
    """

    at: int
    kind: str
    source: Source
    path: Path
    index: tuple[int, ...] = ()
    annotation: ir.Expr | None = None


class Scope(msgspec.Struct, eq=False, dict=True):
    """The names of a module, class or function."""

    kind: str
    module: Module
    parent: Scope | None
    owner: Function | Class | None
    body: tuple[ir.Stmt, ...]
    bindings: dict[str, list[Binding]] = msgspec.field(default_factory=dict)
    functions: dict[int, Function] = msgspec.field(default_factory=dict)
    classes: dict[int, Class] = msgspec.field(default_factory=dict)
    stars: list[ir.Import] = msgspec.field(default_factory=list)
    outside: dict[str, str] = msgspec.field(default_factory=dict)
    _starts: list[int] = msgspec.field(default_factory=list)
    _paths: list[Path] = msgspec.field(default_factory=list)

    def __post_init__(self) -> None:
        if isinstance(self.owner, Function):
            for param in self.owner.node.params:
                self._add(param.name, param.at, "parameter", param, ())
        self._collect(self.body, ())

    @cached_property
    def has_walrus(self) -> bool:
        """Whether an expression in this scope may bind a name."""
        node = self.owner.node if isinstance(self.owner, Function) else self.module.node
        return node.has_walrus

    def path_at(self, at: int) -> Path:
        """The branches in which the statement with (or around) ordinal `at` stands."""
        index = bisect_right(self._starts, at) - 1
        return self._paths[index] if index >= 0 else ()

    def reaching(self, name: str, at: int) -> tuple[Binding, ...]:
        """The bindings of `name` that a use at `at` can see, latest first."""
        found: list[Binding] = []
        use = self.path_at(at) if at < END else ()
        for binding in reversed(self.bindings.get(name, ())):
            if binding.at >= at or not _compatible(binding.path, use):
                continue
            found.append(binding)
            if binding.kind != "augmented" and _covers(binding.path, use):
                break
        if not found and at < END and any(not b.exclusive for b in use):
            return tuple(reversed(self.bindings.get(name, ())))
        return tuple(found)

    def _add(
        self,
        name: str,
        at: int,
        kind: str,
        source: Source,
        path: Path,
        index: tuple[int, ...] = (),
        annotation: ir.Expr | None = None,
    ) -> None:
        binding = Binding(at, kind, source, path, index, annotation)
        self.bindings.setdefault(name, []).append(binding)

    def _target(
        self, target: ir.Expr, at: int, kind: str, source: ir.Expr, path: Path,
        index: tuple[int, ...] = (), annotation: ir.Expr | None = None,
    ) -> None:  # fmt: skip
        match target:
            case ir.Name(name):
                self._add(name, at, kind, source, path, index, annotation)
            case ir.Starred(ir.Name(name)):
                self._add(name, at, "unknown", None, path)
            case ir.Display(_, items):
                for number, item in enumerate(items):
                    self._target(item, at, kind, source, path, (*index, number))

    def _collect(self, body: Iterable[ir.Stmt], path: Path) -> None:
        for node in body:
            self._starts.append(start(node))
            self._paths.append(path)
            self._bind(node, path)
            if self.has_walrus:
                for part in own_parts(node):
                    if isinstance(part, ir.Assigned):
                        self._target(part.target, node.at, "value", part.value, path)
            for branch, block in _branches(node):
                self._collect(block, path if branch is None else (*path, branch))
            if self.kind == "function" and isinstance(node, ir.If):
                path = _after(node, path)

    def _bind(self, node: ir.Stmt, path: Path) -> None:
        match node:
            case ir.Import(_, _, bound, _, at):
                if bound == "*":
                    self.stars.append(node)
                else:
                    self._add(bound, at, "import", node, path)
            case ir.Function():
                self.functions[node.at] = Function(node, self)
                self._add(node.name, node.at, "function", node, path)
            case ir.Class():
                self.classes[node.at] = Class(node, self)
                self._add(node.name, node.at, "class", node, path)
            case ir.Assign(targets, value, annotation, op, at):
                for target in targets:
                    if value is None:
                        if isinstance(target, ir.Name):
                            self._add(target.id, at, "declared", None, path, (), annotation)
                    elif op is not None:
                        self._target(target, at, "augmented", value, path)
                    else:
                        self._target(target, at, "value", value, path, (), annotation)
            case ir.For(element, iterated, _, _, _, at):
                self._target(element, at, "item", iterated, path)
            case ir.With(items, _, _, at):
                for item, entered in items:
                    if entered is not None:
                        self._target(entered, at, "enter", item, path)
            case ir.Try(_, handlers):
                for handler in handlers:
                    if handler.name is not None:
                        self._add(handler.name, handler.at, "unknown", None, path)
            case ir.Match(_, cases, at):
                for _, names, _ in cases:
                    for name in names:
                        self._add(name, at, "unknown", None, path)
            case ir.Delete(targets, at):
                for target in targets:
                    if isinstance(target, ir.Name):
                        self._add(target.id, at, "unknown", None, path)
            case ir.Jump(word, names) if word in ("global", "nonlocal"):
                self.outside |= dict.fromkeys(names, word)


def _branches(node: ir.Stmt) -> Iterator[tuple[Branch | None, tuple[ir.Stmt, ...]]]:
    match node:
        case ir.If(branches, at):
            before: tuple[ir.Expr, ...] = ()
            for index, (test, body) in enumerate(branches):
                yield Branch(at, index, test, before), body
                if test is not None:
                    before = (*before, test)
        case ir.Try(body, handlers, orelse, final, _, at):
            yield None, body
            for index, handler in enumerate(handlers):
                yield Branch(at, index), handler.body
            yield None, orelse
            yield None, final
        case ir.Match(_, cases, at):
            for index, (_, _, body) in enumerate(cases):
                yield Branch(at, index), body
        case ir.For() | ir.While():
            for index, body in enumerate(blocks(node)):
                yield Branch(node.at, index, exclusive=False), body
        case _:
            for body in blocks(node):
                yield None, body


def _after(node: ir.If, path: Path) -> Path:
    """The path of what follows an `if` that returns: there its test was false."""
    (test, body), *rest = node.branches
    if rest or test is None or not body or not isinstance(body[-1], (ir.Return, ir.Raise)):
        return path
    return (*path, Branch(node.at, 1, None, (test,)))


def _compatible(binding: Path, use: Path) -> bool:
    for one, other in zip(binding, use, strict=False):
        if one.at != other.at:
            return True
        if one.index != other.index:
            return not one.exclusive
    return True


def are_exclusive(one: Path, other: Path) -> bool:
    """Whether only one of two statements can run: they stand in different branches of one `if`."""
    return not _compatible(one, other)


def _covers(binding: Path, use: Path) -> bool:
    """Whether the binding always runs before the use: it stands in no branch of its own."""
    return len(binding) <= len(use) and all(
        (one.at, one.index) == (other.at, other.index)
        for one, other in zip(binding, use, strict=False)
    )


class Function(msgspec.Struct, eq=False, dict=True):
    """A function of the project."""

    node: ir.Function
    parent: Scope

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def module(self) -> Module:
        return self.parent.module

    @cached_property
    def body(self) -> tuple[ir.Stmt, ...]:
        return ir.unpack(self.node)

    @cached_property
    def scope(self) -> Scope:
        return Scope("function", self.module, self.parent, self, self.body)

    @property
    def owner(self) -> Class | None:
        """The class of a method."""
        owner = self.parent.owner
        return owner if isinstance(owner, Class) else None

    @property
    def qualname(self) -> str:
        return _qualname(self)

    def parameter(self, name: str) -> ir.Parameter | None:
        return next((param for param in self.node.params if param.name == name), None)

    @cached_property
    def self_assignments(self) -> dict[str, list[tuple[ir.Expr, int]]]:
        """What a method assigns to attributes of its first parameter, and where."""
        found: dict[str, list[tuple[ir.Expr, int]]] = {}
        if self.node.params:
            receiver = ir.Name(self.node.params[0].name)
            for node in statements(self.body):
                if isinstance(node, ir.Assign) and node.value is not None:
                    for target in node.targets:
                        if isinstance(target, ir.Attribute) and target.value == receiver:
                            found.setdefault(target.attr, []).append((node.value, node.at))
        return found

    def has_decorator(self, *names: str) -> bool:
        """Whether a decorator has one of these last names, called or not."""
        return any(decorator_name(d) in names for d in self.node.decorators)


class Class(msgspec.Struct, eq=False, dict=True):
    """A class of the project."""

    node: ir.Class
    parent: Scope

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def module(self) -> Module:
        return self.parent.module

    @cached_property
    def scope(self) -> Scope:
        return Scope("class", self.module, self.parent, self, self.node.body)

    @property
    def qualname(self) -> str:
        return _qualname(self)

    def methods(self) -> Iterator[Function]:
        """The functions defined in the class body."""
        yield from self.scope.functions.values()

    def method(self, name: str) -> Function | None:
        """The last method of that name."""
        found = [method for method in self.methods() if method.name == name]
        return found[-1] if found else None


class Module(msgspec.Struct, eq=False, dict=True):
    """A file of the project. `is_placed` tells whether anybody has asked where something stands."""

    path: str
    display: str
    node: ir.Module
    is_test: bool
    is_placed: bool = False

    def span(self, at: int) -> ir.Span:
        """Where a node stands."""
        self.is_placed = True
        return self.node.span(at)

    @cached_property
    def scope(self) -> Scope:
        return Scope("module", self, None, None, self.node.body)

    def functions(self) -> Iterator[Function]:
        """The functions and methods that can be seen without entering a function's body."""
        yield from _functions(self.scope)

    def classes(self) -> Iterator[Class]:
        """The classes that can be seen without entering a function's body."""
        yield from _classes(self.scope)


def decorator_name(decorator: ir.Decorator) -> str | None:
    """The last name of a decorator, called or not."""
    value = decorator.value
    return ir.last_name(value.func if isinstance(value, ir.Call) else value)


def _functions(scope: Scope) -> Iterator[Function]:
    yield from scope.functions.values()
    for inner in scope.classes.values():
        yield from _functions(inner.scope)


def _classes(scope: Scope) -> Iterator[Class]:
    for inner in scope.classes.values():
        yield inner
        yield from _classes(inner.scope)


def _qualname(node: Function | Class) -> str:
    owner = node.parent.owner
    return f"{_qualname(owner)}.{node.name}" if owner is not None else node.name
