"""Code around other code: which exceptions come into a generator at its `yield`."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from .. import ir
from ..walk import statement_at
from .application import Place
from .dependency.generators import around_yield
from .exceptions import Raised, Wanted
from .flow import is_broad
from .link import Application
from .program import Site
from .scopes import Function

_MANAGERS = ("contextmanager", "asynccontextmanager")


class Around(msgspec.Struct, frozen=True):
    """A `try` around the `yield` of a generator, and what comes out of `inside` while it waits.

    What is raised is only looked for when it is asked for, and can be asked for once.
    """

    node: ir.Try
    generator: Function
    inside: Function
    raised: Iterator[Raised]


def around_endpoints(application: Application, wanted: Wanted) -> Iterator[Around]:
    """The broad clauses of dependencies that get what the endpoints of their routes raise."""
    for provider in application.graph.providers:
        for node in _broad(provider):
            place = Place(provider.module, node.at)
            for route in application.graph.routes_of(provider):
                endpoint = route.endpoint
                if endpoint is not None and endpoint is not provider and not route.is_websocket:
                    raised = _leaving(endpoint, place, application, wanted)
                    yield Around(node, provider, endpoint, raised)


def around_blocks(application: Application, wanted: Wanted) -> Iterator[Around]:
    """The broad clauses of context managers that get what the blocks of their `with` raise."""
    for manager in application.index.functions:
        for node in _broad(manager) if manager.has_decorator(*_MANAGERS) else ():
            for site in application.index.callers(manager):
                block, owner = statement_at(site.scope.body, site.at), site.scope.owner
                if (
                    isinstance(owner, Function)
                    and isinstance(block, ir.With)
                    and any(item is site.call for item, _ in block.items)
                ):
                    raised = _leaving_block(block, owner, site, application, wanted)
                    yield Around(node, manager, owner, raised)


def _broad(function: Function) -> Iterator[ir.Try]:
    if function.node.is_generator and not function.module.is_test:
        for node in around_yield(function):
            if isinstance(node, ir.Try) and any(map(is_broad, node.handlers)):
                yield node


def _leaving(
    endpoint: Function, place: Place, application: Application, wanted: Wanted
) -> Iterator[Raised]:
    for raised in application.exceptions.leaving(endpoint, wanted):
        yield replace(raised, via=(place, *raised.via))


def _leaving_block(
    block: ir.With, owner: Function, site: Site, application: Application, wanted: Wanted
) -> Iterator[Raised]:
    for raised in application.exceptions.leaving_block(block.body, owner, wanted):
        yield replace(raised, via=(Place(site.module, site.call.at), *raised.via))
