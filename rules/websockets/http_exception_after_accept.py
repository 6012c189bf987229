"""
An HTTPException is raised after the WebSocket was accepted.

## Why

After `accept()` there is no HTTP response any more that could carry a status. With Starlette 0.41
and later the attempt ends in `RuntimeError: Expected ASGI message 'websocket.send' or
'websocket.close'` and the connection is dropped; before, the client was left hanging or saw a
normal close. Neither the status nor the detail arrive. A WebSocketException closes the socket with
its code and reason. *Before* `accept()` an HTTPException is fine from Starlette 0.41 on: the
client's handshake is refused with its status.

## Bad

```python
from fastapi import FastAPI, HTTPException, WebSocket

app = FastAPI()


@app.websocket("/rooms/{room}")
async def join(websocket: WebSocket, room: str) -> None:
    await websocket.accept()
    if room != "lobby":
        raise HTTPException(status_code=404, detail="no such room")
    await websocket.send_text("welcome")
```

## Good

```python
from fastapi import FastAPI, WebSocket, WebSocketException

app = FastAPI()


@app.websocket("/rooms/{room}")
async def join(websocket: WebSocket, room: str) -> None:
    await websocket.accept()
    if room != "lobby":
        raise WebSocketException(code=4404, reason="no such room")
    await websocket.send_text("welcome")
```

## References

- https://fastapi.tiangolo.com/advanced/websockets/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Route
from fastapi_lint.rule import Context, Finding, Rule, Severity


class HttpExceptionAfterAccept(Rule):
    code = "FAL514"
    name = "http-exception-after-accept"
    severity = Severity.ERROR

    def check_websocket(self, route: Route, context: Context) -> Iterator[Finding]:
        targets = context.targets(route.place.module)
        reported = set()
        for operation in context.application.operations(route):
            if operation.method != "raise" or operation.place in reported:
                continue
            reported.add(operation.place)
            related = [(operation.near, "called here, in the endpoint")]
            yield self.at(
                operation.place,
                "HTTPException after the WebSocket was accepted: its status never arrives",
                why="the connection is dropped with a RuntimeError in the log"
                if targets.starlette.at_least("0.41")
                else "the client is left hanging or sees a normal close",
                help="raise a WebSocketException with a close code",
                related=related if operation.near.at != operation.place.at else (),
            )
