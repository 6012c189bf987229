"""Which routes the OpenAPI document of an application shows."""

from __future__ import annotations

from collections.abc import Iterator

from .. import ir
from .application import Route, Router, in_order
from .calls import keyword


def documented_routes(router: Router, above: tuple[Router, ...] = ()) -> Iterator[Route]:
    """The routes of an application or router that are in its document, included ones too.

    WebSocket routes never are, nor is what `include_in_schema=False` hides.
    """
    option = router.options.get("include_in_schema")
    if router in above or (option is not None and not is_shown(option.value)):
        return
    for entry in in_order([*router.routes, *router.includes]):
        if not is_shown(keyword(entry.site.call, "include_in_schema")):
            continue
        if not isinstance(entry, Route):
            yield from documented_routes(entry.child, (*above, router))
        elif not entry.is_websocket:
            yield entry


def is_shown(option: ir.Expr | None) -> bool:
    """Whether the value of `include_in_schema` leaves something in the document."""
    return not (isinstance(option, ir.Constant) and not option.value)
