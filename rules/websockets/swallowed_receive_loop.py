"""
A receive loop swallows the departure of the client, never ends, and freezes the server.

## Why

When the client leaves, the pending receive raises WebSocketDisconnect, and every later one raises
`RuntimeError: Cannot call "receive" once a disconnect message has been received`. A `try` inside of
the loop that takes both and goes on runs for ever. The failing receive never waits for anything, so
the event loop gets no turn: all other requests of the process hang, with one CPU at 100 %.

An `except WebSocketDisconnect` that leaves the loop, in front of the broad one, is enough; so is a
`try` around the loop instead of inside of it.

## Bad

```python
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/prices")
async def prices(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        try:
            symbol = await websocket.receive_text()
            await websocket.send_json({"symbol": symbol})
        except Exception as error:
            print("cannot answer", error)
```

## Good

```python
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/prices")
async def prices(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        try:
            symbol = await websocket.receive_text()
            await websocket.send_json({"symbol": symbol})
        except WebSocketDisconnect:
            break
        except Exception as error:
            print("cannot answer", error)
```

## References

- https://fastapi.tiangolo.com/advanced/websockets/#handling-disconnections-and-multiple-clients
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Place, Route
from fastapi_lint.rule import Context, Finding, Rule, Severity


class SwallowedReceiveLoop(Rule):
    code = "FAL502"
    name = "swallowed-receive-loop"
    severity = Severity.ERROR
    positions = frozenset({"receive_text", "receive_json", "receive_bytes", "receive"})

    def check_websocket(self, route: Route, context: Context) -> Iterator[Finding]:
        endpoint = route.endpoint
        if endpoint is None or endpoint.module.is_test:
            return
        for loop in context.application.sockets.frozen_loops(endpoint):
            handler = Place(loop.place.module, loop.handler.at)
            yield self.at(
                loop.place,
                "when the client has left, this receive fails at once, again and again, "
                "and the loop never ends",
                why="the failing receive never waits, so the event loop is blocked: "
                "every other request of this process hangs",
                help="leave the loop in an `except WebSocketDisconnect` before the broad clause",
                related=[(handler, "the exception is swallowed here")],
            )
