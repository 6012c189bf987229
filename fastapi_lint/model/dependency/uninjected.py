"""Functions with `Depends` defaults that something else than FastAPI calls: code, or a queue."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ... import ir
from ..application import Place
from ..calls import has_unpacking, keyword
from ..link import Application
from ..program import Site
from ..scopes import Class, Function
from ..values import ClassValue, External, FunctionValue, Method

_PLAIN = ("staticmethod", "classmethod")
_HARMLESS_BASES = ("abc.", "typing.", "builtins.", "enum.", "collections.abc.")
_JOBS = (
    (r"celery\.(?:Celery\(\)|current_app)\.task|celery\.shared_task", "a task of Celery"),
    (r"apscheduler\.[\w.]+\(\)\.(?:scheduled_job|add_job)", "a job of a scheduler"),
    (
        r"fastapi_(?:utils|utilities|restful)\.(?:tasks\.)?repeat_(?:every|at)",
        "which a timer calls",
    ),
    (r"dramatiq\.actor|huey\.\w*Huey\(\)\.(?:periodic_)?task", "a job of a queue"),
    (r"click\.(?:command|group)(?:\(\)\.command)?|typer\.Typer\(\)\.command", "a command"),
    (r"threading\.(?:Thread|Timer)", "which a thread calls"),
)
"""What starts functions without injecting anything, and what it makes of them."""


def declared(application: Application) -> tuple[Function, ...]:
    """The functions in whose parameters a `Depends(...)` stands, whoever calls them."""
    found: dict[Function, None] = {}
    for site in application.index.calls("Depends", "Security"):
        function = site.scope.functions.get(site.at)
        if function is not None and any(p.default is site.call for p in function.node.params):
            found.setdefault(function)
    return tuple(found)


def is_plain(function: Function, application: Application) -> bool:
    """Whether a function is called as it is written: no decorator or base may inject anything."""
    if any(not function.has_decorator(*_PLAIN) for _ in function.node.decorators):
        return False
    owner = function.owner
    return owner is None or _is_plain_class(owner, application)


def _is_plain_class(cls: Class, application: Application) -> bool:
    view = application.program.evaluator()
    return not cls.node.decorators and all(
        isinstance(base, ClassValue)
        or (isinstance(base, External) and base.name.startswith(_HARMLESS_BASES))
        for base in view.bases(cls)
    )


def jobs(application: Application) -> Iterator[tuple[Function, str, Place]]:
    """The functions that take a dependency and are started by a queue, a timer, a thread or the
    command line; with what they are then, and where that is said."""
    functions = declared(application)
    for function in functions:
        decorators = function.node.decorators
        if len(decorators) == 1:
            decorator = decorators[0].value
            callee = decorator.func if isinstance(decorator, ir.Call) else decorator
            kind = _kind(callee, function, application)
            if kind is not None:
                yield function, kind, Place(function.module, decorators[0].at)
    known = frozenset(functions)
    for site in application.index.calls("add_job", "Thread", "Timer") if known else ():
        for function in _started(site, application):
            kind = _kind(site.call.func, site, application)
            if function in known and kind is not None:
                yield function, kind, Place(site.module, site.call.at)


def _kind(callee: ir.Expr, where: Function | Site, application: Application) -> str | None:
    """What a function becomes that is given to something from outside the project."""
    scope, at = (
        (where.parent, where.node.at) if isinstance(where, Function) else (where.scope, where.at)
    )
    for value in application.program.evaluator().evaluate(callee, scope, at):
        if isinstance(value, External):
            for pattern, kind in _JOBS:
                if re.fullmatch(pattern, value.name):
                    return kind
    return None


def _started(site: Site, application: Application) -> Iterator[Function]:
    """The functions that a call starts later without giving them anything."""
    call = site.call
    if has_unpacking(call) or any(keyword(call, name) for name in ("args", "kwargs")):
        return
    if len(call.args) > 2:
        return
    view = application.program.evaluator()
    for part in (
        *call.args[:2],
        keyword(call, "func"),
        keyword(call, "target"),
        keyword(call, "function"),
    ):
        if isinstance(part, (ir.Name, ir.Attribute)):
            for value in view.evaluate(part, site.scope, site.at):
                if isinstance(value, (FunctionValue, Method)):
                    yield value.function
