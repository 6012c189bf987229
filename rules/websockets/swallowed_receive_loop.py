"""
A receive loop swallows the departure of the client, never ends, and freezes the server.

## Why

When the client leaves, the pending receive raises WebSocketDisconnect, and every later one raises
`RuntimeError: Cannot call "receive" once a disconnect message has been received`. A `try` inside of
the loop that takes both and goes on runs for ever. The failing receive never waits for anything, so
the event loop gets no turn: all other requests of the process hang, with one CPU at 100 %.

An `except WebSocketDisconnect` that leaves the loop, in front of the broad one, is enough; so is a
`try` around the loop instead of inside of it. With the plain `receive()`, which tells of the
departure in a message, the type of the message has to be looked at.

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

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place, Route
from fastapi_lint.model.names import WEBSOCKET_DISCONNECT
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.sockets.receiving import FrozenLoop
from fastapi_lint.model.values import External
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import statements


class SwallowedReceiveLoop(Rule):
    code = "FAL502"
    name = "swallowed-receive-loop"
    severity = Severity.ERROR
    fix = Fixability.UNSAFE
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
                help='leave the loop after a message of the type "websocket.disconnect"'
                if loop.raw
                else "leave the loop in an `except WebSocketDisconnect` before the broad clause",
                related=[(handler, "the exception is swallowed here")],
                fix=_leave(endpoint, loop, context),
            )


def _leave(endpoint: Function, loop: FrozenLoop, context: Context) -> Fix | None:
    """Leave the loop in a clause of its own, or in the clause that takes the disconnect first."""
    handler = loop.handler
    around = next(
        (n for n in statements(endpoint.body) if isinstance(n, ir.Try) and handler in n.handlers),
        None,
    )
    is_here = loop.place.module is endpoint.module and not loop.raw
    if not is_here or around is None or around.is_star:
        return None
    disconnect = External(WEBSOCKET_DISCONNECT)
    catches = context.application.exceptions.catches
    first = next(h for h in around.handlers if catches(h, endpoint.scope, disconnect))

    def recipe(edit: Editor) -> None:
        last = first.body[-1]
        if first is handler:
            name = edit.import_name("fastapi", "WebSocketDisconnect")
            edit.insert_before(handler.at, f"except {name}:\n    break")
        elif isinstance(last, ir.Jump) and last.word in ("pass", "continue"):
            edit.replace(last.at, "break")
        else:
            edit.insert_after(last.at, "break")

    return Fix.unsafe("Leave the loop when the client has left", recipe)
