"""Which routes stream their response."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .application import Route
from .calls import keyword
from .evaluate import Reach
from .link import Application
from .values import Instance, Value

if TYPE_CHECKING:
    from ..versions import Targets

STREAMING_RESPONSES = (
    "starlette.responses.StreamingResponse",
    "fastapi.sse.EventSourceResponse",
    "sse_starlette.EventSourceResponse",
    "sse_starlette.sse.EventSourceResponse",
)


def streams(route: Route, application: Application, targets: Targets) -> bool:
    """Whether a route is known to stream on the target versions."""
    view = application.program.evaluator(reach=Reach.NEAR)

    def is_streaming(classes: Iterable[Value]) -> bool:
        return any(view.is_a(cls, *STREAMING_RESPONSES) for cls in classes)

    site = route.site
    declared = keyword(site.call, "response_class")
    if declared is not None and is_streaming(view.evaluate(declared, site.scope, site.at)):
        return True
    endpoint = route.endpoint
    if endpoint is None:
        return False
    if endpoint.node.is_generator:
        return targets.fastapi.at_least("0.134")
    annotation = endpoint.node.returns
    scope, at = endpoint.parent, endpoint.node.at
    if is_streaming(application.injection.types(annotation, scope, at, view)):
        return True
    return is_streaming(
        value.cls for value in view.returns(endpoint) if isinstance(value, Instance)
    )
