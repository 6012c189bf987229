"""
A WebSocket is closed before it was accepted: code and reason do not reach the client.

## Why

A `close()` before `accept()` refuses the handshake: the client sees HTTP 403 and no close code at
all, whatever code and reason are given. That is a good way to refuse somebody, as long as nobody
relies on the code. To tell the client why, accept first and then close with a code of your own, or
answer with `send_denial_response()`.

## Bad

```python
from fastapi import FastAPI, WebSocket

app = FastAPI()
rooms = {"lobby"}


@app.websocket("/rooms/{room}")
async def enter(websocket: WebSocket, room: str) -> None:
    if room not in rooms:
        await websocket.close(code=4404, reason="no such room")
        return
    await websocket.accept()
    await websocket.send_text("welcome")
```

## Good

```python
from fastapi import FastAPI, WebSocket

app = FastAPI()
rooms = {"lobby"}


@app.websocket("/rooms/{room}")
async def enter(websocket: WebSocket, room: str) -> None:
    await websocket.accept()
    if room not in rooms:
        await websocket.close(code=4404, reason="no such room")
        return
    await websocket.send_text("welcome")
```

## References

- https://www.starlette.io/websockets/#closing-the-connection
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Route
from fastapi_lint.model.sockets.connections import NEW
from fastapi_lint.rule import Context, Finding, Rule, Severity


class CloseCodeLostBeforeAccept(Rule):
    code = "FAL510"
    name = "close-code-lost-before-accept"
    severity = Severity.INFO
    default = False

    def check_websocket(self, route: Route, context: Context) -> Iterator[Finding]:
        for operation in context.application.operations(route):
            call = operation.node
            if operation.method != "close" or operation.state != NEW:
                continue
            if isinstance(call, ir.Call) and (call.args or call.keywords):
                yield self.at(
                    operation.place,
                    "closed before it was accepted: neither the code nor the reason arrives",
                    why="the client sees a handshake that is refused with HTTP 403",
                    help="accept first, or answer with `send_denial_response()`",
                )
