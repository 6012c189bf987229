"""HTTPX clients that are given an application instead of the address of a server."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ... import ir
from ..application import Place
from ..calls import keyword
from ..index import Index
from ..program import Program, Site
from ..values import ClassValue, External, Literal, Mapping, Partial, Value

_CLASSES = ("httpx.AsyncClient", "httpx.Client")


class GivenApp(msgspec.Struct, frozen=True):
    """A client's argument `app`, and the class that is called.

    `is_async` tells that it is `httpx.AsyncClient` itself, and has no other transport.
    """

    name: str
    place: Place
    is_async: bool


class AsyncClients:
    """Finds the clients of HTTPX."""

    def __init__(self, program: Program, index: Index) -> None:
        self._program = program
        self._index = index
        self._eval = program.evaluator()

    def with_app(self) -> Iterator[GivenApp]:
        """The calls that give a client of HTTPX the argument `app`."""
        for site in self._index.calls(*self._names()):
            callees = self._eval.evaluate(site.call.func, site.scope, site.at)
            if External("functools.partial") in callees and site.call.args:
                callees = self._eval.evaluate(site.call.args[0], site.scope, site.at)
            for callee in callees:
                name = self._name(callee)
                at = self._app(site) if name is not None else None
                if name is not None and at is not None:
                    is_async = callee == External("httpx.AsyncClient")
                    is_async &= keyword(site.call, "transport") is None
                    yield GivenApp(name, Place(site.module, at), is_async)
                    break

    def _names(self) -> tuple[str, ...]:
        names = dict.fromkeys(("AsyncClient", "Client", "partial"))
        for module in self._index.modules:
            for bound, bindings in module.scope.bindings.items():
                source = bindings[0].source
                if isinstance(source, ir.Import) and source.name in ("AsyncClient", "Client"):
                    names.setdefault(bound)
        for cls in (*self._program.subclasses("AsyncClient"), *self._program.subclasses("Client")):
            names.setdefault(cls.name)
        return tuple(names)

    def _name(self, callee: Value) -> str | None:
        match callee:
            case External(name) if name in _CLASSES:
                return name.rpartition(".")[2]
            case ClassValue(cls) if (
                self._eval.is_a(callee, *_CLASSES)
                and self._eval.find_method(cls, "__init__") is None
            ):
                return cls.name
            case Partial(inner):
                return self._name(inner)
        return None

    def _app(self, site: Site) -> int | None:
        """Where a call gives `app`; arguments that are `None` do not count."""
        for item in site.call.keywords:
            if item.name == "app":
                values = self._eval.evaluate(item.value, site.scope, site.at)
                return None if Literal(None) in values else item.at
            if item.name is None:
                for value in self._eval.evaluate(item.value, site.scope, site.at):
                    if isinstance(value, Mapping) and any(
                        isinstance(key, ir.Constant) and key.value == "app"
                        for key, _ in value.node.items
                    ):
                        return item.at
        return None
