"""Which routes stream their response."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .application import Route
from .calls import keyword
from .evaluate import Evaluator, Reach
from .link import Application
from .values import External, Instance, Sequence, Value

if TYPE_CHECKING:
    from ..versions import Targets

STREAMING_RESPONSES = (
    "starlette.responses.StreamingResponse",
    "fastapi.sse.EventSourceResponse",
    "sse_starlette.EventSourceResponse",
    "sse_starlette.sse.EventSourceResponse",
)
_BUFFERS = ("io.BytesIO", "io.StringIO")


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
    made = [v for v in view.returns(endpoint) if isinstance(v, Instance) and is_streaming((v.cls,))]
    if made:
        return not all(_is_buffered(value, application.program.evaluator()) for value in made)
    annotation = endpoint.node.returns
    return is_streaming(
        application.injection.types(annotation, endpoint.parent, endpoint.node.at, view)
    )


def _is_buffered(response: Instance, view: Evaluator) -> bool:
    """Whether a response sends a buffer that was filled before: nothing can fail on the way."""
    if response.call is None or response.scope is None:
        return False
    content = keyword(response.call, "content") or next(iter(response.call.args), None)
    values = view.evaluate(content, response.scope, response.at)
    return all(_is_buffer(value, view) for value in values)


def _is_buffer(value: Value, view: Evaluator) -> bool:
    """Whether a value is a buffer in memory, what one holds, or an iterator over such."""
    match value:
        case Instance(External("builtins.iter"), call, scope, at) if call and scope and call.args:
            return all(_is_buffer(inner, view) for inner in view.evaluate(call.args[0], scope, at))
        case Instance(External(name)):
            return name.removesuffix("().getvalue") in _BUFFERS
        case Sequence(_, items):
            return bool(items) and all(_is_buffer(item, view) for item in view.items((value,)))
    return False
