"""
A WebSocket route receives in a loop and nothing handles the client's departure.

## Why

When the client closes the connection, which every client does sooner or later, the pending
`receive_*` raises WebSocketDisconnect. Unhandled, each normal close is logged as
`Exception in ASGI application` with a traceback, and the code after the loop never runs: the socket
stays in the manager's list, the room is not left, the counter not lowered.

Handled means: an `except` that catches WebSocketDisconnect (or everything), a `finally`,
`contextlib.suppress`, a decorator or context manager of the project that does so, in the route or
anywhere up the calls from it. `iter_text()`, `iter_json()` and `iter_bytes()` end the loop by
themselves. An `except WebSocketDisconnect` does not see what a TaskGroup raises, which is an
ExceptionGroup; `except*` does. Nor does it see what the plain `receive()` does: that first gives a
message of the type "websocket.disconnect", and raises a RuntimeError when it is called again.

## Bad

```python
from fastapi import FastAPI, WebSocket

app = FastAPI()
clients: set[WebSocket] = set()


@app.websocket("/chat")
async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    clients.add(websocket)
    while True:
        text = await websocket.receive_text()
        await websocket.send_text(text)
    clients.discard(websocket)
```

## Good

```python
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()
clients: set[WebSocket] = set()


@app.websocket("/chat")
async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    clients.add(websocket)
    try:
        while True:
            text = await websocket.receive_text()
            await websocket.send_text(text)
    except WebSocketDisconnect:
        pass
    finally:
        clients.discard(websocket)
```

## References

- https://fastapi.tiangolo.com/advanced/websockets/#handling-disconnections-and-multiple-clients
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place, Route
from fastapi_lint.model.flow import Frame, placed
from fastapi_lint.model.names import WEBSOCKET_DISCONNECT
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import External
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import own_parts, statements, walk_all


class MissingDisconnectHandling(Rule):
    code = "FAL501"
    name = "missing-disconnect-handling"
    severity = Severity.WARNING
    fix = Fixability.UNSAFE
    positions = frozenset({"receive_text", "receive_json", "receive_bytes", "receive"})

    def check_websocket(self, route: Route, context: Context) -> Iterator[Finding]:
        endpoint = route.endpoint
        if endpoint is None or endpoint.module.is_test:
            return
        receives = context.application.sockets.unhandled(endpoint)
        if not receives or _is_caught_outside(route, context):
            return
        for receive in receives:
            related = []
            if receive.place.module is not endpoint.module:
                related.append((route.place, f"the WebSocket route `{endpoint.name}`"))
            yield self.at(
                receive.place,
                "nothing looks for the message that the client has left, and after it `receive` "
                "raises a RuntimeError"
                if receive.raw
                else "a client that leaves raises WebSocketDisconnect here, and nothing handles it",
                why="each normal close is logged as an exception, "
                "and the code after the loop never runs",
                help='leave the loop after a message of the type "websocket.disconnect"'
                if receive.raw
                else "wrap the loop in `try` ... `except WebSocketDisconnect`, "
                "or iterate over `iter_text()`, `iter_json()` or `iter_bytes()`",
                related=related,
                fix=None if receive.raw else _handle(endpoint, receive.place, context),
            )


def _handle(endpoint: Function, receive: Place, context: Context) -> Fix | None:
    """Handle the disconnect around the outermost loop, if the endpoint itself receives in it."""
    if receive.module is not endpoint.module:
        return None
    found = next(
        (
            (node, frames)
            for node, frames in placed(endpoint.body)
            if isinstance(node, (ir.While, ir.For)) and _holds(node, receive.at)
        ),
        None,
    )
    if found is None:
        return None
    loop, frames = found
    sockets = [ir.Name(name) for name in context.application.connections.socket_names(endpoint)]
    around = frames[-1].node if frames and _ends_in(frames[-1], loop) else loop
    inside = {node.at for node in statements((around,))}
    is_used_later = any(
        isinstance(part, ir.Attribute) and part.value in sockets
        for node in statements(endpoint.body)
        if node.at > loop.at and node.at not in inside
        for part in own_parts(node)
    )

    def recipe(edit: Editor) -> None:
        name = edit.import_name("fastapi", "WebSocketDisconnect")
        clause = f"except {name}:\n    {'return' if is_used_later else 'pass'}"
        if isinstance(around, ir.Try):
            edit.insert_before(around.handlers[0].at, clause)
        else:
            edit.enclose(loop.at, loop.at, "try:")
            edit.insert_after(loop.at, clause)

    return Fix.unsafe("Handle the disconnect", recipe)


def _holds(loop: ir.Stmt, call: int) -> bool:
    """Whether a call stands in a statement."""
    return any(isinstance(part, ir.Call) and part.at == call for part in walk_all((loop,)))


def _ends_in(frame: Frame, loop: ir.Stmt) -> bool:
    """Whether a `try` with plain `except` clauses has a loop as its last statement."""
    node = frame.node
    return (
        isinstance(node, ir.Try)
        and frame.part == "body"
        and bool(node.handlers)
        and not (node.is_star or node.orelse)
        and node.body[-1] is loop
    )


def _is_caught_outside(route: Route, context: Context) -> bool:
    """Whether an application, a middleware or a dependency around the route takes a disconnect."""
    application = context.application
    apps = list(application.apps_of(route))
    if any(
        External(WEBSOCKET_DISCONNECT) in handler.exception
        for app in apps
        for handler in app.exception_handlers
    ):
        return True
    targets = context.targets(route.place.module)
    providers = [
        value
        for dependency in application.dependencies_of(route)
        for value in dependency.callables
        if targets.fastapi.at_least("0.106")
    ]
    middleware = [m.target for app in apps for m in app.middleware if m.kind == "asgi"]
    return application.sockets.is_caught_outside(providers, middleware)
