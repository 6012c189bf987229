"""
A WebSocket is used after it was closed.

## Why

`close()` does not end the endpoint. A send or a second `close()` after it raises `RuntimeError:
Cannot call "send" once a close message has been sent.`, and a receive cannot give anything but the
disconnect. The code after a refusal goes on as if the client had been accepted: what it was meant
to protect has already run when the error appears.

A `close()` in a `finally` or an `except` clause is not reported: it is a safeguard.

## Bad

```python
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/feed")
async def feed(websocket: WebSocket) -> None:
    await websocket.accept()
    if await websocket.receive_text() != "hello":
        await websocket.close(code=1008)
    await websocket.send_json({"news": []})
```

## Good

```python
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/feed")
async def feed(websocket: WebSocket) -> None:
    await websocket.accept()
    if await websocket.receive_text() != "hello":
        await websocket.close(code=1008)
        return
    await websocket.send_json({"news": []})
```

## References

- https://www.starlette.io/websockets/#closing-the-connection
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Route
from fastapi_lint.model.sockets.connections import CLOSED, REFUSED
from fastapi_lint.rule import Context, Finding, Rule, Severity


class CloseWithoutReturn(Rule):
    code = "FAL504"
    name = "close-without-return"
    severity = Severity.ERROR

    def check_websocket(self, route: Route, context: Context) -> Iterator[Finding]:
        reported = set()
        for operation in context.application.operations(route):
            closed = operation.closed_at
            if operation.state not in (CLOSED, REFUSED) or closed is None or operation.is_cleanup:
                continue
            if closed in reported:
                continue
            reported.add(closed)
            yield self.at(
                closed,
                f"the endpoint goes on after `close()`: `{operation.method}` follows",
                why="using a closed WebSocket raises a RuntimeError",
                help="return after closing",
                related=[(operation.place, f"`{operation.method}` on the closed WebSocket")],
            )
