"""
A WebSocket is closed before it was accepted: code and reason do not reach the client.

## Why

A `close()` or WebSocketException before `accept()` refuses the handshake: the client sees HTTP 403
and no close code at all, whatever code and reason are given. That is a good way to refuse somebody,
as long as nobody relies on the code. To tell the client why, accept first and then close with a
code of your own, or answer with `send_denial_response()`.

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
from fastapi_lint.model.application import Place, Route
from fastapi_lint.model.calls import keyword
from fastapi_lint.model.scopes import Scope
from fastapi_lint.model.sockets.connections import NEW
from fastapi_lint.model.values import Literal
from fastapi_lint.rule import Context, Finding, Rule, Severity

_FIRST_OWN = 4000
"""The codes from here on mean what an application says."""


class CloseCodeLostBeforeAccept(Rule):
    code = "FAL510"
    name = "close-code-lost-before-accept"
    severity = Severity.INFO
    default = False

    def check_websocket(self, route: Route, context: Context) -> Iterator[Finding]:
        for place in dict.fromkeys(_lost(route, context)):
            yield self.at(
                place,
                "closed before it was accepted: neither the code nor the reason arrives",
                why="the client sees a handshake that is refused with HTTP 403",
                help="accept first, or answer with `send_denial_response()`",
            )


def _lost(route: Route, context: Context) -> Iterator[Place]:
    application = context.application
    for operation in application.operations(route):
        node = operation.node
        if operation.method == "close" and operation.state == NEW:
            if isinstance(node, ir.Call) and (node.args or node.keywords):
                yield operation.place
        elif operation.method == "refuse" and _tells(node, operation.function.scope, context):
            yield operation.place
    providers = [step.function for step in application.graph.steps(route) if step.function]
    if any("accept" in provider.node.mentions for provider in providers):
        return
    exceptions = application.exceptions
    for provider in providers:
        if "close" in provider.node.mentions:
            continue
        for raised in exceptions.leaving(provider, exceptions.is_for_websockets):
            if _tells(raised.node, raised.function.scope, context):
                yield raised.place


def _tells(node: ir.Call | ir.Raise, scope: Scope, context: Context) -> bool:
    """Whether a WebSocketException has a reason, or a code that only this application knows."""
    call = node.value if isinstance(node, ir.Raise) else None
    if not isinstance(call, ir.Call):
        return False
    code = call.args[0] if call.args else keyword(call, "code")
    values = context.evaluator().evaluate(code, scope, node.at)
    return (
        len(call.args) > 1
        or keyword(call, "reason") is not None
        or any(
            isinstance(v, Literal) and isinstance(v.value, int) and v.value >= _FIRST_OWN
            for v in values
        )
    )
