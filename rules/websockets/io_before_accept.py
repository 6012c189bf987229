"""
A WebSocket is used before it has been accepted.

## Why

Until `accept()` has been awaited there is no connection. A receive raises `RuntimeError: WebSocket
is not connected. Need to call "accept" first.`, a send fails as well; the client gets HTTP 500
instead of a socket.

The call is followed into the functions of the project that get the socket, and on each path: an
`accept()` in one branch does not count for the other.

## Bad

```python
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/progress")
async def progress(websocket: WebSocket) -> None:
    await websocket.send_json({"done": 0})
    await websocket.accept()
    await websocket.send_json({"done": 100})
```

## Good

```python
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/progress")
async def progress(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json({"done": 0})
    await websocket.send_json({"done": 100})
```

## References

- https://www.starlette.io/websockets/#accepting-the-connection
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Route
from fastapi_lint.model.sockets.connections import NEW, RECEIVES, SENDS
from fastapi_lint.rule import Context, Finding, Rule, Severity


class IoBeforeAccept(Rule):
    code = "FAL503"
    name = "io-before-accept"
    severity = Severity.ERROR
    positions = RECEIVES | SENDS

    def check_websocket(self, route: Route, context: Context) -> Iterator[Finding]:
        for operation in context.application.operations(route):
            if operation.state != NEW or operation.method not in RECEIVES | SENDS:
                continue
            related = [(route.place, "the WebSocket route")]
            yield self.at(
                operation.place,
                f"`{operation.method}` before the WebSocket is accepted",
                why="it raises a RuntimeError, and the client gets HTTP 500 instead of a socket",
                help="await `accept()` first",
                related=related if operation.place.module is not route.place.module else (),
            )
