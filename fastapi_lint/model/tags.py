"""The tags of an application's routes, and those that it declares."""

from __future__ import annotations

from collections.abc import Iterator

from .. import ir
from .application import Include, Place, Route, Router
from .calls import keyword
from .documented import documented_routes, is_shown
from .link import Application
from .scopes import Scope
from .values import Literal, Mapping


class Tags:
    """The tags of one application."""

    def __init__(self, app: Router, application: Application) -> None:
        self._app = app
        self._eval = application.program.evaluator()

    def declared(self) -> tuple[str, ...]:
        """The names in `openapi_tags`; empty if not all of them can be told."""
        option = self._app.options["openapi_tags"]
        found: list[str] = []
        values = self._eval.evaluate(option.value, option.scope, option.at)
        for entry in self._eval.items(values):
            names = tuple(self._eval.entry(entry, "name")) if isinstance(entry, Mapping) else ()
            if len(names) != 1 or not isinstance(names[0], Literal):
                return ()
            found.append(str(names[0].value))
        return tuple(found)

    def used(self) -> tuple[tuple[str | None, Place], ...]:
        """The tags of routes, routers and includes with their places; `None` for unknown ones."""
        return tuple(dict.fromkeys(self._of_router(self._app, ())))

    @property
    def is_complete(self) -> bool:
        """Whether everything that can bring routes into the application was understood."""
        return all(mount.app is not None for mount in self._app.mounts)

    def _of_router(
        self, router: Router, above: tuple[Router, ...]
    ) -> Iterator[tuple[str | None, Place]]:
        if router in above:
            return
        if not any(documented_routes(router)):
            return
        option = router.options.get("tags")
        if option is not None:
            yield from self._listed(option.value, option.scope, option.at, option.place)
        for route in router.routes:
            yield from self._of_call(route)
        for include in router.includes:
            if not any(documented_routes(include.child)):
                continue
            yield from self._of_call(include)
            yield from self._of_router(include.child, (*above, router))

    def _of_call(self, holder: Route | Include) -> Iterator[tuple[str | None, Place]]:
        site = holder.site
        if any(k.name is None for k in site.call.keywords):
            yield None, Place(site.module, site.at)
        given = next((k for k in site.call.keywords if k.name == "tags"), None)
        if given is not None and is_shown(keyword(site.call, "include_in_schema")):
            yield from self._listed(given.value, site.scope, site.at, Place(site.module, given.at))

    def _listed(
        self, node: ir.Expr, scope: Scope, at: int, place: Place
    ) -> Iterator[tuple[str | None, Place]]:
        for value in self._eval.items(self._eval.evaluate(node, scope, at)):
            known = isinstance(value, Literal) and isinstance(value.value, str)
            yield (str(value.value) if isinstance(value, Literal) and known else None), place
