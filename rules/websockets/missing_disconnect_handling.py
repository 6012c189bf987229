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
ExceptionGroup; `except*` does.

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

from fastapi_lint.model.application import Route
from fastapi_lint.rule import Context, Finding, Rule, Severity


class MissingDisconnectHandling(Rule):
    code = "FAL501"
    name = "missing-disconnect-handling"
    severity = Severity.WARNING
    positions = frozenset({"receive_text", "receive_json", "receive_bytes", "receive"})

    def check_websocket(self, route: Route, context: Context) -> Iterator[Finding]:
        endpoint = route.endpoint
        if endpoint is None or endpoint.module.is_test:
            return
        for receive in context.application.sockets.unhandled(endpoint):
            related = []
            if receive.place.module is not endpoint.module:
                related.append((route.place, f"the WebSocket route `{endpoint.name}`"))
            yield self.at(
                receive.place,
                "a client that leaves raises WebSocketDisconnect here, and nothing handles it",
                why="each normal close is logged as an exception, "
                "and the code after the loop never runs",
                help="wrap the loop in `try` ... `except WebSocketDisconnect`, "
                "or iterate over `iter_text()`, `iter_json()` or `iter_bytes()`",
                related=related,
            )
