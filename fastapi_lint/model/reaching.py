"""Is a function ever run for a request, as far as names tell?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from .. import ir
from ..walk import walk_all
from .handlers import functions_of
from .link import Application
from .scopes import Function, Module, decorator_name

_REGISTERING = frozenset(
    {
        "get", "post", "put", "delete", "patch", "head", "options", "trace", "route", "api_route",
        "websocket", "websocket_route", "middleware", "exception_handler", "on_exception",
    }
)  # fmt: skip
"""Decorators that make a function serve requests, whatever they are called on."""

_UNSEEN = frozenset({"property", "cached_property", "computed_field", "hybrid_property"})
_SERVING = frozenset({"dispatch", "__call__"})
_MAX_FUNCTIONS = 150
_MAX_FILES = 12


class Reaching:
    """Looks for a way from the code that serves requests to a function.

    Whoever names a function is taken to run it. So a function may serve requests that never does,
    but one that is told to serve none is only named by code that no request runs.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._program = application.program
        self._known: dict[Function, bool] = {}
        self._indexed: dict[str, tuple[Function, ...]] = {}

    def may_serve(self, function: Function) -> bool:
        """Whether a function may run for a request; so may one that nobody names."""
        known = self._known.get(function)
        if known is None:
            known = self._known[function] = (
                self._is_called(function)
                or self._is_reached(function, ())
                or self._is_reached_from_unread(function)
            )
        return known

    def _is_called(self, function: Function) -> bool:
        """Whether calls alone lead to it, which are found much faster than other names."""
        queue = [function]
        for current in queue:
            if self._serves(current):
                return True
            if len(queue) < _MAX_FUNCTIONS:
                calling = self._program.mentioning(_name(current))
                queue.extend(
                    f
                    for f in calling
                    if f not in queue and f.module.path in self._paths and not f.module.is_test
                )
        return False

    def _is_reached_from_unread(self, function: Function) -> bool:
        """The same, with all files that name one of the functions on the way."""
        more: dict[str, Module | None] = {}
        known = -1
        leading: list[Function] = []
        while known < len(more):
            known, modules = len(more), _modules(more)
            if self._is_reached(function, modules):
                return True
            leading = [*self._leading(function, modules)]
            for name in {_name(one) for one in leading}:
                found = self._program.files_naming(name, {*self._paths, *more})
                if len(found) > _MAX_FILES:
                    return True
                more.update((path, self._program.module(path)) for path in found)
        return len(leading) == 1

    def _is_reached(self, function: Function, more: tuple[Module, ...]) -> bool:
        return any(
            number > _MAX_FUNCTIONS or self._serves(one)
            for number, one in enumerate(self._leading(function, more))
        )

    def _leading(self, function: Function, more: tuple[Module, ...]) -> Iterator[Function]:
        """A function, and those that name it, and so on."""
        queue = [function]
        for current in queue:
            yield current
            queue.extend(f for f in self._naming(_name(current), more) if f not in queue)

    def _naming(self, name: str, more: tuple[Module, ...]) -> Iterator[Function]:
        if name not in self._indexed:
            modules = self._application.index.modules
            self._indexed[name] = tuple([f for m in modules for f in self._naming_in(m, name)])
        yield from self._indexed[name]
        for module in more:
            yield from self._naming_in(module, name)

    def _naming_in(self, module: Module, name: str) -> Iterator[Function]:
        for scope in () if module.is_test else self._application.index.scopes_in(module, name):
            owner = scope.owner
            if isinstance(owner, Function) and any(
                isinstance(part, (ir.Name, ir.Attribute)) and ir.last_name(part) == name
                for part in walk_all(owner.body)
            ):
                yield owner

    def _serves(self, function: Function) -> bool:
        """Whether a function serves requests, or is called in a way that names cannot tell."""
        return (
            function in self._servers
            or function.parent.kind == "function"
            or function.name in _SERVING
            or any(
                decorator_name(d) in _REGISTERING or decorator_name(d) in _UNSEEN
                for d in function.node.decorators
            )
        )

    @cached_property
    def _paths(self) -> frozenset[str]:
        return frozenset(module.path for module in self._application.index.modules)

    @cached_property
    def _servers(self) -> frozenset[Function]:
        application, view = self._application, self._program.evaluator()
        return frozenset(
            (
                *application.graph.injected,
                *(
                    function
                    for owner in application.owners()
                    for handler in owner.exception_handlers
                    for function in functions_of(handler, view)
                ),
            )
        )


def _modules(read: Mapping[str, Module | None]) -> tuple[Module, ...]:
    return tuple(module for module in read.values() if module is not None)


def _name(function: Function) -> str:
    """The name by which a function is called: for a constructor, that of its class."""
    is_made = function.name == "__init__" and function.owner is not None
    return function.owner.name if is_made and function.owner is not None else function.name
