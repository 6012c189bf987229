"""Evaluating: what the expressions of a program can be, as far as reading the code tells.

Evaluation is demand-driven and flow-aware only as far as names go. Each expression is evaluated at
most once per question, so the cost stays linear in what a question touches; what is not found is
`UNKNOWN`. Nothing is ever executed.
"""

from __future__ import annotations

import builtins
import enum
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from .. import ir
from ..walk import walk, walk_all
from . import commandline
from .calls import (
    argument_for,
    changes,
    gathered,
    has_unpacking,
    is_receiver,
    keyword,
    results,
    yields,
)
from .library import ENVIRONMENT, environment, external_call, shortened, text_method
from .names import ANNOTATED, DEPENDS, FASTAPI, canonical
from .production import in_production, names_production
from .scopes import END, Binding, Class, Function, Module, Path, Scope
from .values import (
    UNKNOWN,
    Argument,
    ClassValue,
    External,
    FunctionValue,
    Generic,
    Instance,
    LambdaValue,
    Literal,
    Mapping,
    Method,
    ModuleValue,
    Namespace,
    Partial,
    Sequence,
    Unread,
    Value,
    without_parameters,
)

if TYPE_CHECKING:
    from .program import Program, Site

_Key: TypeAlias = tuple[int, int, int]
_MAX_DEPTH = 60
_MAX_VALUES = 24
_MAX_NESTED = 4
_MAX_STEPS = 20_000
"""Expressions that one question may look at. Real ones take up to some hundred; lists that are made
of each other would take as many as there are ways through them."""
_MAX_ITEMS = 2_000
_BUILTINS = frozenset(dir(builtins))
_PROPERTIES = ("property", "cached_property", "computed_field", "hybrid_property")
_TRANSPARENT = (ANNOTATED, "typing.Optional", "typing.Union")
_CONTEXT_MANAGERS = ("contextmanager", "asynccontextmanager")


class Reach(enum.Enum):
    """How far evaluation follows imports into modules that do not name the framework.

    Reading such a module costs parsing it. Packages' `__init__.py` are read in any case. Else
    `NEAR` never reads one, and does not look for the callers that give a parameter its value
    either, which is enough where only the framework's own classes decide; `ALIASES` is the same,
    but reads a module for a name that it does not define by `def` or `class`; `FUNCTIONS` reads one
    for a name that it defines by `def`; `CLASSES` gives `Unread` for what looks like a class, to be
    read if that matters; `ALL` reads.
    """

    NEAR = enum.auto()
    ALIASES = enum.auto()
    FUNCTIONS = enum.auto()
    CLASSES = enum.auto()
    ALL = enum.auto()


_CALLER_BLIND = (Reach.NEAR, Reach.ALIASES)


class Evaluator:
    """Evaluates expressions. In the production view, branches that only run elsewhere are dead."""

    def __init__(self, program: Program, production: bool, reach: Reach) -> None:
        self._program = program
        self._production = production
        self._reach = reach
        self._resolving: set[tuple[str, str]] = set()
        self._memo: dict[_Key, tuple[Value, ...]] = {}
        self._provisional: dict[_Key, tuple[Value, ...]] = {}
        self._keep: list[object] = []
        self._made: dict[ir.Expr, ir.Expr] = {}
        self._active: dict[_Key, int] = {}
        self._lowest = END
        self._steps = 0
        self._callers: dict[int, tuple[int, tuple[Site, ...]]] = {}

    def is_live(self, path: Path) -> bool:
        """Whether statements with this path can run in this view."""
        if not self._production:
            return True
        for branch in path:
            if branch.test is not None and in_production(branch.test) is False:
                return False
            if any(in_production(test) for test in branch.before):
                return False
        return True

    def runs(self, scope: Scope, at: int) -> bool:
        """Whether a statement can run in this view; a function runs if any found caller does."""
        return self._runs(scope, at, 0)

    def _runs(self, scope: Scope, at: int, depth: int) -> bool:
        if not self.is_live(scope.path_at(at)):
            return False
        if not self._production or not isinstance(scope.owner, Function) or depth > 4:
            return True
        callers = self.callers(scope.owner)
        return not callers or any(self._runs(c.scope, c.at, depth + 1) for c in callers)

    def is_off_by_default(self, scope: Scope, at: int) -> bool:
        """Whether a statement only runs where a flag is set that the code itself leaves unset."""
        return any(
            isinstance(branch.test, (ir.Name, ir.Attribute))
            and all(
                isinstance(value, Literal) and not value.value
                for value in self.evaluate(branch.test, scope, branch.at)
            )
            for branch in scope.path_at(at)
        )

    def evaluate(self, node: ir.Expr | None, scope: Scope, at: int) -> tuple[Value, ...]:
        """The values that an expression in `scope` at ordinal `at` may have; never empty."""
        if node is None:
            return (UNKNOWN,)
        key = (id(node), id(scope), at)
        known = self._memo.get(key) or self._provisional.get(key)
        if known is not None:
            return known
        depth = len(self._active)
        self._steps = self._steps + 1 if depth else 0
        if key in self._active or depth > _MAX_DEPTH or self._steps > _MAX_STEPS:
            self._lowest = min(self._lowest, self._active.get(key, 0))
            return (UNKNOWN,)
        outer, self._lowest = self._lowest, END
        self._active[key] = depth
        try:
            found = _distinct(self._evaluate(node, scope, at))
        finally:
            del self._active[key]
            lowest, self._lowest = self._lowest, min(outer, self._lowest)
        self._keep.append(node)
        if lowest >= depth:
            self._memo[key] = found
            self._lowest = outer
        else:
            self._provisional[key] = found
        if not depth:
            if self._steps > _MAX_STEPS:
                self._memo |= self._provisional
            self._provisional.clear()
        return found

    def _evaluate(self, node: ir.Expr, scope: Scope, at: int) -> Iterator[Value]:
        match node:
            case ir.Constant(value, kind) if kind != "ellipsis":
                yield Literal(value, scope, at)
            case ir.Name(name):
                yield from self.lookup(name, scope, at)
            case ir.Attribute(value, name):
                for owner in self.evaluate(value, scope, at):
                    yield from self.attribute(owner, name)
            case ir.Call():
                yield from self._call(node, scope, at)
            case ir.Await(value) | ir.Assigned(_, value):
                yield from self.evaluate(value, scope, at)
            case ir.Display(kind, items):
                yield Sequence(kind, items, scope, at)
            case ir.Dict():
                yield Mapping(node, scope, at)
            case ir.Lambda():
                yield LambdaValue(node, scope, at)
            case ir.Conditional(test, body, orelse):
                state = in_production(test) if self._production else None
                if state is not False:
                    yield from self.evaluate(body, scope, at)
                if state is not True:
                    yield from self.evaluate(orelse, scope, at)
            case ir.Operation("or" | "and" as op, operands):
                for operand in operands:
                    values = self.evaluate(operand, scope, at)
                    yield from values
                    if op == "or" and all(map(_is_true, values)):
                        break
            case ir.Operation("+" | "|", operands):
                yield from self._sum(operands, scope, at)
            case ir.Format(parts):
                yield self._formatted(parts, scope, at)
            case ir.Comprehension(kind, element, ((ir.Name(name), iterated, tests),)):
                if _may_filter(tests):
                    yield UNKNOWN
                else:
                    yield from self._comprehension(kind, element, name, iterated, scope, at)
            case ir.Subscript(value, index):
                yield from self._subscript(value, index, scope, at)
            case _:
                yield UNKNOWN

    def _sum(self, operands: tuple[ir.Expr, ...], scope: Scope, at: int) -> Iterator[Value]:
        values = [self.evaluate(operand, scope, at) for operand in operands]
        texts = [v[0].value for v in values if len(v) == 1 and isinstance(v[0], Literal)]
        if len(texts) == len(operands) and all(isinstance(text, str) for text in texts):
            yield shortened("".join(str(text) for text in texts))
        elif any(isinstance(value, Sequence) for found in values for value in found):
            yield Sequence("list", tuple(ir.Starred(o) for o in operands), scope, at)
        else:
            yield UNKNOWN

    def _formatted(self, parts: tuple[ir.Expr, ...], scope: Scope, at: int) -> Value:
        """The text of an f-string whose parts all have one known value."""
        texts: list[str] = []
        for part in parts:
            values = without_parameters(self.evaluate(part, scope, at))
            value = values[0].value if isinstance(values[0], Literal) else None
            if len(values) > 1 or not isinstance(value, (str, int)):
                return UNKNOWN
            texts.append(str(value))
        return shortened("".join(texts), scope, at)

    def _comprehension(
        self, kind: str, element: ir.Expr, name: str, iterated: ir.Expr, scope: Scope, at: int
    ) -> Iterator[Value]:
        if kind == "dict" or not _keeps(element, name):
            yield UNKNOWN
            return
        for value in self.collected(iterated, scope, at):
            if isinstance(value, Sequence) and element != ir.Name(name):
                items = self.made(_applied(kind, element, name, item) for item in value.items)
                yield Sequence(value.kind, items, value.scope, value.at)
            else:
                yield value

    def made(self, nodes: Iterable[ir.Expr]) -> tuple[ir.Expr, ...]:
        """Expressions that stand nowhere in the source; equal ones become one, so that what they
        give is found again."""
        return tuple([self._made.setdefault(node, node) for node in nodes])

    def collected(self, iterated: ir.Expr, scope: Scope, at: int) -> Iterator[Value]:
        """What `list(iterated)` gives."""
        for value in self.evaluate(iterated, scope, at):
            match value:
                case Literal(str() as text):
                    items = tuple(ir.Constant(character, "str") for character in text)
                    yield Sequence("list", items, scope, at)
                case _:
                    yield value

    def _subscript(
        self, value: ir.Expr, index: tuple[ir.Expr, ...], scope: Scope, at: int
    ) -> Iterator[Value]:
        for owner in self.evaluate(value, scope, at):
            match owner, index:
                case Mapping(), (ir.Constant(str() as key),):
                    yield from self.entry(owner, key)
                case Mapping(), _:
                    yield from self.entries(owner)
                case Sequence(_, items, inner, place), (ir.Constant(int() as number),):
                    if -len(items) <= number < len(items):
                        yield from self.evaluate(items[number], inner, place)
                    else:
                        yield UNKNOWN
                case ((ClassValue() | External()), _):
                    yield Generic(owner, index, scope, at)
                case _:
                    yield UNKNOWN

    def entry(self, mapping: Mapping, key: str) -> Iterator[Value]:
        """The value of a key of a dict display."""
        for name, value in mapping.node.items:
            if isinstance(name, ir.Constant) and name.value == key:
                yield from self.evaluate(value, mapping.scope, mapping.at)
                return
        yield UNKNOWN

    def entries(self, mapping: Mapping) -> Iterator[Value]:
        """The values of a dict display, as a lookup of an unknown key may give them."""
        for key, value in mapping.node.items:
            if self._production and key is not None and names_production(key) is False:
                continue
            yield from self.evaluate(value, mapping.scope, mapping.at)
        yield UNKNOWN

    # Modules

    def _module(self, path: str) -> Module | None:
        if self._reach is Reach.ALL or self._program.is_near(path):
            return self._program.module(path)
        return None

    def _module_for(self, path: str, name: str) -> Module | None:
        """The module at `path`, if this evaluator reads it for a name like that."""
        if self._reach not in (Reach.ALIASES, Reach.FUNCTIONS):
            return None
        wanted = "def" if self._reach is Reach.FUNCTIONS else None
        return self._program.module(path) if self._program.defines(path, name) == wanted else None

    def read(self, value: Unread) -> tuple[Value, ...]:
        """What an unread class is, after reading its module."""
        return self._program.evaluator().member(value.path, value.name)

    def imported(self, node: ir.Import, module: Module) -> tuple[Value, ...]:
        """What an import statement binds."""
        importer = self._program.importer
        path = importer.resolve(module.path, node.module, node.level)
        if node.name is None:
            if path is None:
                top = node.module if node.bound != node.module.partition(".")[0] else node.bound
                return (External(canonical(top)),)
            if node.bound == node.module.partition(".")[0]:
                top_path = importer.resolve(module.path, node.bound, 0)
                return (self._module_value(top_path or path),)
            return (self._module_value(path),)
        if path is None:
            if node.level:
                return (UNKNOWN,)
            return (External(canonical(f"{node.module}.{node.name}")),)
        return self.member(path, node.name)

    def member(self, path: str, name: str) -> tuple[Value, ...]:
        """Attribute `name` of the module (or namespace folder) at `path`."""
        module = self._module(path) or self._module_for(path, name)
        if module is None and self._reach is Reach.CLASSES and name[:1].isupper():
            return (Unread(path, name),)
        key = (path, name)
        if module is not None and key not in self._resolving:
            self._resolving.add(key)
            try:
                found = self.lookup(name, module.scope, END)
            finally:
                self._resolving.discard(key)
            if found != (UNKNOWN,):
                return found
        submodule = self._program.importer.submodule(path, name)
        return (self._module_value(submodule) if submodule is not None else UNKNOWN,)

    def submodule(self, path: str, name: str) -> Value | None:
        """The submodule `name` of the package at `path`."""
        found = self._program.importer.submodule(path, name)
        return self._module_value(found) if found is not None else None

    def import_path(self, node: ir.Import, module: Module) -> str | None:
        """The project file that an import names."""
        return self._program.importer.resolve(module.path, node.module, node.level)

    def _module_value(self, path: str) -> Value:
        module = self._module(path)
        return ModuleValue(module) if module is not None else Namespace(path)

    # Names

    def lookup(self, name: str, scope: Scope, at: int) -> tuple[Value, ...]:
        """What a name means at a point of a scope."""
        current: Scope | None = scope
        first = True
        while current is not None:
            visible = first or current.kind != "class"
            if visible and name in current.bindings and current.outside.get(name) != "global":
                bindings = [
                    binding
                    for binding in current.reaching(name, at if first else END)
                    if binding.kind != "declared" and self.is_live(binding.path)
                ]
                if bindings:
                    return self._bound(bindings, name, current)
                if current.kind != "class":
                    return (UNKNOWN,)
            current, first = current.parent, False
        return self._global(name, scope.module)

    def _global(self, name: str, module: Module) -> tuple[Value, ...]:
        for star in module.scope.stars:
            path = self.import_path(star, module)
            if path is None:
                continue
            found = self.member(path, name)
            if found != (UNKNOWN,):
                return found
        if name in _BUILTINS:
            return (External(f"builtins.{name}"),)
        external = [
            star
            for star in module.scope.stars
            if not star.level and self.import_path(star, module) is None
        ]
        if len(external) == 1:
            return (External(canonical(f"{external[0].module}.{name}")),)
        return (UNKNOWN,)

    def _bound(self, bindings: list[Binding], name: str, scope: Scope) -> tuple[Value, ...]:
        values: list[Value] = []
        for binding in bindings:
            values.extend(self._binding(binding, scope))
        grown = self._grown(name, scope)
        if grown and any(isinstance(value, Sequence) for value in values):
            values.append(Sequence("list", grown, scope, END))
        return _distinct(values)

    def _grown(self, name: str, scope: Scope) -> tuple[ir.Expr, ...]:
        """What is appended to the list called `name` in its scope."""
        items: list[ir.Expr] = []
        sites = self._program.scope_sites(scope)
        for method in ("append", "extend", "insert", "add", "update"):
            for site in sites.get(method, ()):
                owner = site.call.func
                if (
                    isinstance(owner, ir.Attribute)
                    and owner.value == ir.Name(name)
                    and site.call.args
                    and self.is_live(site.path)
                ):
                    item = site.call.args[-1]
                    is_one = method in ("append", "insert", "add")
                    items.append(item if is_one else ir.Starred(item))
        return tuple(items)

    def _binding(self, binding: Binding, scope: Scope) -> Iterator[Value]:
        source, at = binding.source, binding.at
        match binding.kind:
            case "import":
                assert isinstance(source, ir.Import)
                yield from self.imported(source, scope.module)
            case "function":
                yield FunctionValue(scope.functions[at])
            case "class":
                yield ClassValue(scope.classes[at])
            case "parameter":
                assert isinstance(source, ir.Parameter)
                assert isinstance(scope.owner, Function)
                yield from self.parameter(scope.owner, source)
            case "augmented":
                yield Sequence("list", (ir.Starred(_expr(source)),), scope, at)
            case "value":
                yield from self._unpacked(_expr(source), binding.index, scope, at)
            case "item":
                iterated = _expr(source)
                elements = tuple(self.generated(iterated, scope, at)) or tuple(
                    self.items(self.evaluate(iterated, scope, at))
                )
                for element in elements:
                    yield from self._indexed(element, binding.index)
            case "enter":
                for value in self.evaluate(_expr(source), scope, at):
                    yield from self._indexed(value, binding.index)
            case _:
                yield UNKNOWN

    def _unpacked(
        self, value: ir.Expr, index: tuple[int, ...], scope: Scope, at: int
    ) -> Iterator[Value]:
        for found in self.evaluate(value, scope, at):
            yield from self._indexed(found, index)

    def _indexed(self, value: Value, index: tuple[int, ...]) -> Iterator[Value]:
        if not index:
            yield value
            return
        match value:
            case Sequence(_, items, scope, at) if index[0] < len(items):
                yield from self._unpacked(items[index[0]], index[1:], scope, at)
            case _:
                yield UNKNOWN

    def items(self, values: Iterable[Value]) -> Iterator[Value]:
        """The elements of collections, as far as they can be told."""
        for number, item in enumerate(self._items(values, 0)):
            if number == _MAX_ITEMS:
                yield UNKNOWN
                break
            yield item

    def _items(self, values: Iterable[Value], depth: int) -> Iterator[Value]:
        for value in values:
            match value:
                case Sequence(_, items, scope, at):
                    for item in items:
                        if isinstance(item, ir.Starred) and depth > _MAX_NESTED:
                            yield UNKNOWN
                        elif isinstance(item, ir.Starred):
                            inner = self.evaluate(item.value, scope, at)
                            yield from self._items(inner, depth + 1)
                        else:
                            yield from self.evaluate(item, scope, at)
                case Mapping(node, scope, at):
                    for key, _ in node.items:
                        yield from self.evaluate(key, scope, at)
                case _:
                    yield UNKNOWN

    def parameter(self, function: Function, param: ir.Parameter) -> Iterator[Value]:
        """What a parameter may hold: `Argument`, what is injected, arguments found, its default."""
        if is_receiver(function, param):
            assert function.owner is not None
            if function.has_decorator("classmethod"):
                yield ClassValue(function.owner)
            else:
                yield Instance(ClassValue(function.owner), None, None, 0)
            return
        yield Argument(function, param)
        yield from self._program.provide(function, param, self)
        yield from commandline.given(self, function, param)
        callers = () if self._reach in _CALLER_BLIND else self.callers(function)
        if param.kind == "**" and len(callers) == 1 and not changes(function, param):
            (site,) = callers
            yield Mapping(gathered(function, site.call), site.scope, site.at)
        given = 0
        for site in callers:
            argument = argument_for(function, param, site.call)
            if argument is not None:
                given += 1
                yield from self.evaluate(argument, site.scope, site.at)
        if not callers and param.annotation is not None and self._reach is Reach.ALL:
            yield from self._annotated(param.annotation, function.parent, function.node.at)
        if param.default is not None and (given < len(callers) or not callers):
            yield from self.evaluate(param.default, function.parent, function.node.at)

    def _annotated(self, annotation: ir.Expr, scope: Scope, at: int) -> Iterator[Value]:
        """An object of the annotated class, if that is a plain one: settings, a dataclass."""
        for value in self.evaluate(annotation, scope, at):
            if isinstance(value, ClassValue) and self.find_method(value.cls, "__init__") is None:
                yield Instance(value, None, None, 0)

    def callers(self, function: Function) -> tuple[Site, ...]:
        """The calls that were found to call a function (for `__init__`: to make an instance).

        What tests pass to the code under test does not count.
        """
        modules = len(self._program.modules)
        known = self._callers.get(id(function))
        if known is None or known[0] != modules:
            self._callers[id(function)] = (modules, ())
            self._callers[id(function)] = (modules, self._find_callers(function))
        return self._callers[id(function)][1]

    def _find_callers(self, function: Function) -> tuple[Site, ...]:
        names = [function.name]
        wanted: list[Value] = [FunctionValue(function)]
        if function.name in ("__init__", "__call__", "__new__") and function.owner is not None:
            if function.name != "__init__":
                return ()
            made = self._made_by(function, function.owner)
            names, wanted = [cls.name for cls in made], [ClassValue(cls) for cls in made]
        found = []
        for site in self._program.sites(*dict.fromkeys(names)):
            if site.module.is_test and not function.module.is_test:
                continue
            for callee in self.evaluate(site.call.func, site.scope, site.at):
                if callee in wanted or (isinstance(callee, Method) and callee.function is function):
                    found.append(site)
                    break
        return tuple(found)

    def _made_by(self, init: Function, owner: Class) -> list[Class]:
        """The class of a constructor, and those of its subclasses that inherit it."""
        made = [owner]
        for cls in made:
            for subclass in self._program.subclasses(cls.name):
                if subclass not in made and self.find_method(subclass, "__init__") is init:
                    made.append(subclass)
        return made

    # Attributes

    def attribute(self, owner: Value, name: str) -> Iterator[Value]:
        """Attribute `name` of a value."""
        match owner:
            case ModuleValue(module):
                if name in module.scope.bindings:
                    yield from self.lookup(name, module.scope, END)
                else:
                    yield from self._lazy_member(module, name)
            case Namespace(path) if path.endswith(".py"):
                yield from self.member(path, name)
            case Namespace(folder):
                found = self.submodule(folder, name)
                yield found if found is not None else UNKNOWN
            case External(path):
                yield External(canonical(f"{path}.{name}"))
            case Literal() if name == "value":  # of a member of an enumeration
                yield owner
            case ClassValue(cls):
                yield from self._class_member(cls, name, owner)
            case Generic(origin):
                yield from self.attribute(origin, name)
            case Instance(ClassValue(cls)):
                yield from self._instance_member(owner, cls, name)
            case Instance(External(path)) if name == "router" and path == FASTAPI:
                yield owner
            case Instance(External(commandline.PARSED)):
                yield from commandline.parsed(self, self._program, owner, name)
            case Instance(External(path)):
                yield External(f"{path}().{name}")
            case _:
                yield UNKNOWN

    def _lazy_member(self, module: Module, name: str) -> Iterator[Value]:
        found = self.submodule(module.path, name)
        if found is not None:
            yield found
        else:
            yield from self._global(name, module) if module.scope.stars else (UNKNOWN,)

    def bases(self, cls: Class) -> Iterator[Value]:
        """The evaluated bases of a class; a subscripted base counts as what it subscripts."""
        for base in cls.node.bases:
            for value in self.evaluate(base, cls.parent, cls.node.at):
                origin = value.origin if isinstance(value, Generic) else value
                if isinstance(origin, Unread):
                    yield from self.read(origin)
                else:
                    yield origin

    def mro(self, cls: Class) -> tuple[Class, ...]:
        """The class and its project bases, nearest first."""
        found: list[Class] = []
        queue = [cls]
        while queue:
            current = queue.pop(0)
            if current in found or len(found) > _MAX_VALUES:
                continue
            found.append(current)
            queue.extend(v.cls for v in self.bases(current) if isinstance(v, ClassValue))
        return tuple(found)

    def external_bases(self, cls: Class) -> frozenset[str]:
        """The canonical names of the bases outside the project, however far up."""
        return frozenset(
            base.name
            for current in self.mro(cls)
            for base in self.bases(current)
            if isinstance(base, External)
        )

    def has_unknown_base(self, cls: Class) -> bool:
        """Whether some base cannot be resolved."""
        return any(UNKNOWN in tuple(self.bases(current)) for current in self.mro(cls))

    def is_a(self, value: Value, *names: str) -> bool:
        """Whether a class value is, or derives from, one of these classes outside the project."""
        match value:
            case External(name):
                return name in names
            case ClassValue(cls):
                return any(name in names for name in self.external_bases(cls))
        return False

    def instance_of(self, value: Value, *names: str) -> bool:
        """Whether a value is an instance of one of these classes, or of a subclass."""
        return isinstance(value, Instance) and self.is_a(value.cls, *names)

    def find_method(self, cls: Class, name: str) -> Function | None:
        """A method by name, in the class or its project bases."""
        return next((m for c in self.mro(cls) if (m := c.method(name)) is not None), None)

    def _class_member(self, cls: Class, name: str, owner: Value) -> Iterator[Value]:
        for current in self.mro(cls):
            if name not in current.scope.bindings:
                continue
            for value in self.lookup(name, current.scope, END):
                if isinstance(value, FunctionValue) and value.function.owner is not None:
                    yield from self._member_function(value.function, owner)
                elif isinstance(value, Instance) and value.call is not None:
                    yield from self._field_default(value)
                else:
                    yield value
            if current.scope.bindings[name][-1].kind == "declared":
                yield from self._declared(current, name)
            return
        yield UNKNOWN

    def _declared(self, cls: Class, name: str) -> Iterator[Value]:
        """An object of the class that `name: Class` declares."""
        annotation = cls.scope.bindings[name][-1].annotation
        for value in self.evaluate(annotation, cls.scope, END):
            if isinstance(value, (ClassValue, External)):
                yield Instance(value, None, None, 0)

    def _member_function(self, function: Function, owner: Value) -> Iterator[Value]:
        if function.has_decorator(*_PROPERTIES):
            yield from self.returns(function)
        elif function.has_decorator("staticmethod"):
            yield FunctionValue(function)
        else:
            yield Method(function, owner)

    def _field_default(self, value: Instance) -> Iterator[Value]:
        """The default of `x: T = Field(...)` or `field(...)`; other instances as they are."""
        if ir.last_name(value.call.func if value.call else ir.Opaque(())) not in ("Field", "field"):
            yield value
            return
        assert value.call is not None
        assert value.scope is not None
        default = keyword(value.call, "default")
        if default is None and value.call.args:
            default = value.call.args[0]
        if default is not None:
            yield from self.evaluate(default, value.scope, value.at)
            return
        factory = keyword(value.call, "default_factory")
        for made in self.evaluate(factory, value.scope, value.at) if factory is not None else ():
            yield from self.call_result(made, None, value.scope, value.at)

    def _instance_member(self, owner: Instance, cls: Class, name: str) -> Iterator[Value]:
        if owner.call is not None and owner.scope is not None:
            given = self._given_field(cls, name, owner.call)
            if given is not None:
                yield from self.evaluate(given, owner.scope, owner.at)
                return
        found = False
        for current in self.mro(cls):
            for method in current.methods():
                for value, at in method.self_assignments.get(name, ()):
                    found = True
                    yield from self._constructed(owner, method, value, at)
        if any(name in current.scope.bindings for current in self.mro(cls)):
            yield from self._class_member(cls, name, owner)
        elif not found:
            if name == "router" and self.is_a(owner.cls, FASTAPI):
                yield owner
            else:
                yield UNKNOWN

    def fields(self, cls: Class) -> list[ir.Parameter]:
        """The fields of a dataclass or model, as the parameters of its generated constructor."""
        return [field for base in reversed(self.mro(cls)) for field in self.own_fields(base)]

    def own_fields(self, cls: Class) -> list[ir.Parameter]:
        """Those of the fields that the class itself declares."""
        return [
            ir.Parameter(target.id, "plain", node.annotation, node.value, node.at)
            for node in cls.node.body
            if isinstance(node, ir.Assign) and node.annotation is not None
            for target in node.targets
            if isinstance(target, ir.Name)
        ]

    def _given_field(self, cls: Class, name: str, call: ir.Call) -> ir.Expr | None:
        """What a call gives to a field of a class whose constructor is generated."""
        if self.find_method(cls, "__init__") is not None:
            return None
        names = [field.name for field in self.fields(cls)]
        position = names.index(name) if name in names else len(call.args)
        by_position = call.args[position] if position < len(call.args) else None
        return keyword(call, name) or by_position

    def kept_as(self, cls: Class, call: ir.Call, given: Collection[ir.Expr]) -> str | None:
        """The attribute in which a new object keeps one of these arguments of the call that makes
        it, if its constructor does nothing else with it."""
        init = self.find_method(cls, "__init__")
        if init is None:
            names = [field.name for field in self.fields(cls)]
            return next((n for n in names if self._given_field(cls, n, call) in given), None)
        param = next((p for p in init.node.params if argument_for(init, p, call) in given), None)
        name = ir.Name(param.name if param is not None else "")
        kept = [
            attribute
            for attribute, values in init.self_assignments.items()
            if any(value == name for value, _ in values)
        ]
        uses = sum(part == name for part in walk_all(init.body))
        return kept[0] if len(kept) == uses == 1 else None

    def _constructed(
        self, owner: Instance, method: Function, value: ir.Expr, at: int
    ) -> Iterator[Value]:
        """The value of `self.x = value`; a parameter of `__init__` is what was given for it."""
        if isinstance(value, ir.Name) and owner.call is not None and owner.scope is not None:
            param = method.parameter(value.id)
            if param is not None and method.name == "__init__":
                given = argument_for(method, param, owner.call)
                if given is not None:
                    yield from self.evaluate(given, owner.scope, owner.at)
                    return
        yield from self.evaluate(value, method.scope, at)

    # Calls

    def _call(self, node: ir.Call, scope: Scope, at: int) -> Iterator[Value]:
        if isinstance(node.func, ir.Attribute) and (
            results := tuple(text_method(self, node, node.func, scope, at))
        ):
            yield from results
            return
        for callee in self.evaluate(node.func, scope, at):
            yield from self.call_result(callee, node, scope, at)

    def callees(self, func: ir.Expr, scope: Scope, at: int) -> tuple[Value, ...]:
        """What a call of an expression runs. A method of an object of which only the annotation is
        known, that of a parameter, is the method of the annotated class."""
        if not isinstance(func, ir.Attribute):
            return self.evaluate(func, scope, at)
        owners = self.evaluate(func.value, scope, at)
        found: list[Value] = []
        for owner in owners:
            found.extend(self._annotated_methods(owner, func.attr))
        is_declared = bool(found)
        for owner in owners:
            if self.instance_of(owner, DEPENDS) or (is_declared and not _is_told(owner)):
                continue
            found.extend(self.attribute(owner, func.attr))
        return _distinct(found)

    def _annotated_methods(self, owner: Value, name: str) -> list[Method]:
        if not isinstance(owner, Argument) or owner.param.annotation is None:
            return []
        function = owner.function
        return [
            Method(method, cls)
            for cls in self._declares(owner.param.annotation, function.parent, function.node.at)
            if (method := self.find_method(cls.cls, name)) is not None
        ]

    def _declares(
        self, annotation: ir.Expr, scope: Scope, at: int, depth: int = 0
    ) -> Iterator[ClassValue]:
        """The classes of the project that an annotation names, through `Annotated` and unions."""
        if isinstance(annotation, ir.Operation) and annotation.op == "|":
            for operand in annotation.operands:
                yield from self._declares(operand, scope, at, depth)
            return
        for value in self.evaluate(annotation, scope, at) if depth <= _MAX_NESTED else ():
            match value:
                case ClassValue():
                    yield value
                case Generic(External(name), args, inner, place) if name in _TRANSPARENT:
                    for arg in args[:1] if name == ANNOTATED else args:
                        yield from self._declares(arg, inner, place, depth + 1)

    def call_result(
        self, callee: Value, node: ir.Call | None, scope: Scope, at: int
    ) -> Iterator[Value]:
        """What calling a value gives; `node` is the call, if there is one in the source."""
        match callee:
            case ClassValue() | Unread():
                yield Instance(callee, node, scope, at)
            case Generic(origin):
                yield from self.call_result(origin, node, scope, at)
            case FunctionValue(function) | Method(function, _):
                yield from self.returns(function, node, scope, at)
            case LambdaValue(lambda_, inner, place):
                yield from self.evaluate(lambda_.body, inner, place)
            case Partial(inner_callee, inner_call, inner, place):
                yield from self.call_result(inner_callee, inner_call, inner, place)
            case External(name) if node is not None:
                yield from external_call(self, name, node, scope, at)
            case Instance(ClassValue(cls)):
                method = self.find_method(cls, "__call__")
                if method is not None:
                    yield from self.returns(method)
                else:
                    yield UNKNOWN
            case Instance(External(name)) if name in ENVIRONMENT and node is not None:
                yield from environment(self, node, scope, at)
            case Instance():
                yield Instance(callee, node, scope, at)
            case _:
                yield UNKNOWN

    def yielded(self, function: Function) -> Iterator[Value]:
        """What a generator function yields, through other generators that it delegates to."""
        for node, at in yields(function):
            if node.is_from and node.value is not None:
                yield from self.generated(node.value, function.scope, at)
            else:
                yield from self.evaluate(node.value, function.scope, at)

    def generated(self, node: ir.Expr, scope: Scope, at: int) -> Iterator[Value]:
        """What iterating over the call of a generator function gives; nothing for other things."""
        if not isinstance(node, ir.Call):
            return
        for callee in self.evaluate(node.func, scope, at):
            if isinstance(callee, (FunctionValue, Method)) and callee.function.node.is_generator:
                key = (callee.function.module.path, f"{callee.function.node.at}")
                if key not in self._resolving:
                    self._resolving.add(key)
                    try:
                        yield from tuple(self.yielded(callee.function))
                    finally:
                        self._resolving.discard(key)

    def returns(
        self,
        function: Function,
        call: ir.Call | None = None,
        scope: Scope | None = None,
        at: int = 0,
    ) -> Iterator[Value]:
        """What a function returns; what a context manager made from it yields.

        A parameter that is returned as it is, is what `call` (in `scope` at `at`) gives for it.
        """
        managed = function.has_decorator(*_CONTEXT_MANAGERS)
        if function.node.is_generator and not managed:
            yield UNKNOWN
            return
        if managed:
            yield from self.yielded(function)
            return
        known = False
        for value, place in results(function):
            if self.is_live(function.scope.path_at(place)):
                values = self._passed_through(function, value, place, call, scope, at)
                values = values or self.evaluate(value, function.scope, place)
                known = known or values != (UNKNOWN,)
                yield from values
        if not known:
            yield UNKNOWN
            if function.node.returns is not None and self._reach is Reach.ALL:
                yield from self._annotated(function.node.returns, function.parent, function.node.at)

    def _passed_through(
        self,
        function: Function,
        value: ir.Expr,
        place: int,
        call: ir.Call | None,
        scope: Scope | None,
        at: int,
    ) -> tuple[Value, ...]:
        """What a call gives for a parameter that is returned as it is; nothing for other values."""
        param = function.parameter(value.id) if isinstance(value, ir.Name) else None
        if param is None or call is None or scope is None or is_receiver(function, param):
            return ()
        bindings = function.scope.reaching(param.name, place)
        if any(binding.kind != "parameter" for binding in bindings):
            return ()
        given = argument_for(function, param, call)
        if given is not None:
            return self.evaluate(given, scope, at)
        if param.default is None or has_unpacking(call):
            return ()
        return self.evaluate(param.default, function.parent, function.node.at)


def _applied(kind: str, element: ir.Expr, name: str, item: ir.Expr) -> ir.Expr:
    """An item of a list after a comprehension's `element` (see `_keeps`) was made of it."""
    match item, element:
        case ir.Starred(value), _:
            return ir.Starred(ir.Comprehension(kind, element, ((ir.Name(name), value, ()),)))
        case _, ir.Call(ir.Attribute(value, method), args, _, at):
            inner = _applied(kind, value, name, item)
            return ir.Call(ir.Attribute(inner, method), args, (), at)
        case _, ir.Call(_, (value,), ()):
            return _applied(kind, value, name, item)
    return item


def _keeps(element: ir.Expr, name: str) -> bool:
    """Whether a comprehension's element is its variable, perhaps stripped or converted."""
    match element:
        case ir.Name(found):
            return found == name
        case ir.Call(ir.Attribute(value, "strip" | "rstrip" | "lower"), _, _):
            return _keeps(value, name)
        case ir.Call(ir.Name("str"), (value,), ()):
            return _keeps(value, name)
    return False


def _is_true(value: Value) -> bool:
    """Whether a value is certainly true."""
    match value:
        case Literal(constant):
            return bool(constant)
        case Sequence(_, items):
            return bool(items) and not any(isinstance(item, ir.Starred) for item in items)
    return False


def _is_told(value: Value) -> bool:
    """Whether a value is more than an unknown one, or a parameter that may hold anything."""
    return value != UNKNOWN and not isinstance(value, Argument)


def _may_filter(tests: tuple[ir.Expr, ...]) -> bool:
    """Whether the conditions of a comprehension compare with something: more than `if x`."""
    return any(isinstance(part, ir.Constant) for test in tests for part in walk(test))


def _expr(source: object) -> ir.Expr:
    assert isinstance(source, ir._Node)
    assert not isinstance(source, (ir.Import, ir.Function, ir.Class, ir.Parameter))
    return source  # type: ignore[return-value]


def _distinct(values: Iterable[Value]) -> tuple[Value, ...]:
    found: list[Value] = []
    for value in values:
        if value not in found:
            found.append(value)
        if len(found) >= _MAX_VALUES:
            found.append(UNKNOWN)
            break
    return tuple(found) or (UNKNOWN,)
