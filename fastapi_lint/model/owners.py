"""The apps and routers of a program: where they are made, and which one an expression is."""

from __future__ import annotations

from collections.abc import Iterator

from .. import ir
from ..walk import statements
from .application import Option, Place, Router
from .dependencies import Injection
from .names import FASTAPI, ROUTER, STARLETTE
from .program import Program, Site
from .scopes import Function, Scope
from .values import (
    Argument,
    ClassValue,
    FunctionValue,
    Instance,
    Literal,
    Mapping,
    Method,
    Value,
)

_APPS = (FASTAPI, STARLETTE)
_OWNERS = (FASTAPI, STARLETTE, ROUTER)
_CLASSES = ("FastAPI", "APIRouter", "Starlette")
_MAX_PASSES = 6
_MAX_UNPACKED = 3


class Owners:
    """Finds apps and routers, and keeps one object for each."""

    def __init__(self, program: Program, injection: Injection) -> None:
        self.program = program
        self.eval = program.evaluator()
        self._injection = injection
        self.all: dict[object, Router] = {}
        self._is_followed = False

    def create_all(self) -> None:
        """Find every call that makes an app or router, and every class of them."""
        for name in self._class_names():
            for site in self.program.sites(name):
                for cls in self.eval.evaluate(site.call.func, site.scope, site.at):
                    if self.eval.is_a(cls, *_OWNERS):
                        self._owner(Instance(cls, site.call, site.scope, site.at))

        for name in self._class_names():
            for base in (name, *_CLASSES):
                for subclass in self.program.subclasses(base):
                    value = ClassValue(subclass)
                    if self.eval.is_a(value, *_OWNERS) and not any(
                        isinstance(key, Instance) and key.cls == value for key in self.all
                    ):
                        self._owner(Instance(value, None, None, 0))

    def follow(self) -> None:
        """Read the modules of functions that an app or router is passed to, and so on."""
        queue = [(owner.created[1], 0) for owner in self.all.values() if owner.created]
        for scope, _ in queue:
            if isinstance(scope.owner, Function) and scope.owner.node.params:
                self.program.read_callers(scope.owner)
        seen: set[int] = set()
        while queue:
            scope, depth = queue.pop()
            if id(scope) in seen or depth > _MAX_PASSES:
                continue
            seen.add(id(scope))
            for sites in tuple(self.program.scope_sites(scope).values()):
                for site in sites:
                    if any(self._is_owner(arg, site) for arg in site.call.args):
                        for value in self.eval.evaluate(site.call.func, site.scope, site.at):
                            if isinstance(value, (FunctionValue, Method)):
                                queue.append((value.function.scope, depth + 1))
        self._is_followed = True
        for key, owner in self.all.items():
            if isinstance(key, Instance):
                owner.options = self.options(key)

    def _is_owner(self, node: ir.Expr, site: Site) -> bool:
        return isinstance(node, (ir.Name, ir.Attribute)) and any(
            isinstance(value, Instance) and value in self.all
            for value in self.eval.evaluate(node, site.scope, site.at)
        )

    def _class_names(self) -> tuple[str, ...]:
        names = dict.fromkeys(_CLASSES)
        queue = list(names)
        while queue:
            for cls in self.program.subclasses(queue.pop()):
                if cls.name not in names:
                    names[cls.name] = None
                    queue.append(cls.name)
        for module in tuple(self.program.modules.values()):
            for bound, bindings in module.scope.bindings.items():
                source = bindings[0].source
                if isinstance(source, ir.Import) and source.name in names:
                    names.setdefault(bound)
        return tuple(names)

    def receivers(self, node: ir.Expr, scope: Scope, at: int) -> Iterator[Router]:
        """The apps and routers that an expression may be."""
        values = self.eval.evaluate(node, scope, at)
        found = [owner for value in values for owner in self._owners_of(value)]
        if not found:
            found = [owner for value in values for owner in self._declared(value)]
        yield from dict.fromkeys(found)

    def _owners_of(self, value: Value) -> Iterator[Router]:
        if not isinstance(value, Instance) or not self.eval.is_a(value.cls, *_OWNERS):
            return
        if value.call is not None:
            yield self._owner(value)
            return
        assert isinstance(value.cls, ClassValue)
        made = [
            owner
            for key, owner in tuple(self.all.items())
            if isinstance(key, Instance)
            and isinstance(key.cls, ClassValue)
            and value.cls.cls in self.eval.mro(key.cls.cls)
        ]
        yield from made or [self._owner(value)]

    def _declared(self, value: Value) -> Iterator[Router]:
        """An app or router known only by the annotation of the parameter that receives it."""
        if not isinstance(value, Argument) or value.param.annotation is None:
            return
        if not self.program.is_referenced(value.function):
            return
        function, param = value.function, value.param
        for cls in self._injection.framework_types(
            param.annotation, function.parent, function.node.at
        ):
            if self.eval.is_a(cls, *_OWNERS):
                place = Place(function.module, param.at)
                is_app = self.eval.is_a(cls, *_APPS)
                is_fastapi = not self.eval.is_a(cls, STARLETTE)
                yield self.all.setdefault(
                    value, Router(is_app, is_fastapi, place, param.name, None)
                )

    def _owner(self, value: Instance) -> Router:
        owner = self.all.get(value)
        if owner is not None:
            return owner
        is_app = self.eval.is_a(value.cls, *_APPS)
        is_fastapi = self.eval.is_a(value.cls, FASTAPI, ROUTER)
        if value.call is None or value.scope is None:
            assert isinstance(value.cls, ClassValue)
            cls = value.cls.cls
            owner = Router(is_app, is_fastapi, Place(cls.module, cls.node.at), cls.name, None)
        else:
            place = Place(value.scope.module, value.call.at)
            name = _assigned_name(value.call, value.scope)
            owner = Router(is_app, is_fastapi, place, name, (value.call, value.scope, value.at))
        self.all[value] = owner
        if self._is_followed:
            owner.options = self.options(value)
        return owner

    def options(self, value: Instance) -> dict[str, Option]:
        """The keyword arguments that an object is made with, its class's own among them."""
        options: dict[str, Option] = {}
        if isinstance(value.cls, ClassValue):
            for cls in reversed(self.eval.mro(value.cls.cls)):
                init = cls.method("__init__")
                if init is not None:
                    for site in self.program.scope_sites(init.scope).get("__init__", ()):
                        self._keywords(site.call, site.scope, site.at, options)
        if value.call is not None and value.scope is not None:
            self._keywords(value.call, value.scope, value.at, options)
        return options

    def _keywords(self, call: ir.Call, scope: Scope, at: int, options: dict[str, Option]) -> None:
        named = {item.name for item in call.keywords}
        for item in call.keywords:
            if item.name is not None:
                place = Place(scope.module, item.at)
                options[item.name] = Option(item.value, scope, at, place)
                continue
            place = Place(scope.module, item.at)
            for name, value, inner in self._unpacked(item.value, scope, at, 0):
                if name not in named:
                    options[name] = Option(value, inner.scope, inner.at, place)

    def _unpacked(
        self, node: ir.Expr, scope: Scope, at: int, depth: int
    ) -> Iterator[tuple[str, ir.Expr, Mapping]]:
        """The entries of what `**` unpacks, and of what is unpacked into that."""
        for value in self.eval.evaluate(node, scope, at):
            if not isinstance(value, Mapping) or depth > _MAX_UNPACKED:
                continue
            for key, item in value.node.items:
                if key is None:
                    yield from self._unpacked(item, value.scope, value.at, depth + 1)
                elif isinstance(key, ir.Constant) and isinstance(key.value, str):
                    yield key.value, item, value

    def text(self, node: ir.Expr | None, scope: Scope, at: int) -> str | None:
        """The one string that an expression is; `None` if it cannot be told."""
        values = [v for v in self.eval.evaluate(node, scope, at) if not isinstance(v, Argument)]
        if len(values) == 1 and isinstance(values[0], Literal):
            value = values[0].value
            return value if isinstance(value, str) else None
        return None


def _assigned_name(call: ir.Call, scope: Scope) -> str:
    for node in statements(scope.body):
        if isinstance(node, ir.Assign) and node.value is call:
            return ir.last_name(node.targets[0]) or "app"
    return ir.last_name(call.func) or "app"
