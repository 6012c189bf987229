"""Which function gives an object of a settings class, and how does another module name it?"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from fastapi_lint import ir
from fastapi_lint.fix import Editor
from fastapi_lint.model.application import Place
from fastapi_lint.model.auth.configuration import SETTINGS
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Class, Function, Module
from fastapi_lint.model.values import ClassValue, Instance, ModuleValue, Value

_CACHES = frozenset({"lru_cache", "cache"})
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

Provider: TypeAlias = Callable[[Editor], str]
"""Writes, with the editor of a file, what names a function there; defines it if there is none."""


def provider(cls: Class, place: Place, application: Application) -> Provider | None:
    """A function that gives the object, as it is named at a place: the project's own, or a new one
    beside the class. `None` if it is not clear how it can be made or named."""
    modules = dict.fromkeys((place.module, cls.module, *application.index.modules))
    for module in modules:
        functions = module.scope.functions.values()
        found = [function for function in functions if _gives(function, cls, application)]
        if len(found) > 1:
            return None
        if found:
            return _named(found[0].name, module, found[0].node.at, place, application)
    return _new(cls, place, application)


def _gives(function: Function, cls: Class, application: Application) -> bool:
    """Whether a function without parameters gives an object of a class."""
    node = function.node
    return (
        not function.module.is_test
        and not node.params
        and (not node.decorators or function.has_decorator(*_CACHES))
        and {_made(v) for v in application.program.evaluator().returns(function)} == {cls}
    )


def _made(value: Value) -> Class | None:
    match value:
        case Instance(ClassValue(cls)):
            return cls
    return None


def _named(
    name: str, module: Module, at: int, place: Place, application: Application
) -> Provider | None:
    """How what a module defines with an ordinal is named at a place, if it can be."""
    if module is place.module:
        return (lambda edit: name) if at < place.at else None
    view = application.program.evaluator()
    for bound, bindings in place.module.scope.bindings.items():
        for source in (b.source for b in bindings if isinstance(b.source, ir.Import)):
            if source.name is not None and view.import_path(source, place.module) == module.path:
                written = "." * source.level + source.module
                return lambda edit: edit.import_name(written, name)
            if ModuleValue(module) in view.evaluate(ir.Name(bound), place.module.scope, place.at):
                return lambda edit: f"{bound}.{name}"
    return None


def _new(cls: Class, place: Place, application: Application) -> Provider | None:
    """A new function after the class, which gives the module's object of it or makes one."""
    module, name = cls.module, f"get_{_WORDS.sub('_', cls.name).lower()}"
    body = module.node.body
    following = [node for node in body if node.at > cls.node.at]
    inner = cls.node not in body or not following
    if inner or name in module.scope.bindings or name in place.module.scope.bindings:
        return None
    made = _object(cls, application)
    if made is None and _needs_nothing(cls, application):
        made = f"{cls.name}()"
    named = _named(name, module, cls.node.at, place, application)
    if made is None or named is None:
        return None
    code = f"def {name}() -> {cls.name}:\n    return {made}\n"

    def write(edit: Editor) -> str:
        edit.of(module).define_before(following[0].at, code)
        return named(edit)

    return write


def _object(cls: Class, application: Application) -> str | None:
    """The name of the one object of a class that its module makes."""
    view, module = application.program.evaluator(), cls.module
    names = [
        target.id
        for node in module.node.body
        if isinstance(node, ir.Assign)
        for target in node.targets
        if isinstance(target, ir.Name) and isinstance(node.value, ir.Call)
        if {_made(v) for v in view.evaluate(node.value, module.scope, node.at)} == {cls}
    ]
    return names[0] if len(names) == 1 and len(module.scope.bindings[names[0]]) == 1 else None


def _needs_nothing(cls: Class, application: Application) -> bool:
    """Whether a class can be called without arguments; the environment may give them."""
    view = application.program.evaluator()
    if view.is_a(ClassValue(cls), SETTINGS):
        return True
    init = view.find_method(cls, "__init__")
    given = view.fields(cls) if init is None else init.node.params[1:]
    return all(param.default is not None or param.kind in ("*", "**") for param in given)
