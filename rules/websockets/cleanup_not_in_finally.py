"""
A WebSocket is taken off its register only after a disconnect, not after other errors.

## Why

The register (a connection manager, a room, a dict of sockets) gets the socket after `accept()`. If
the loop ends by anything but WebSocketDisconnect, such as a `receive_json()` of a text that is no
JSON, a failing query, a cancelled task, the clause that removes the socket is skipped. The dead
socket stays registered: it leaks, and each broadcast fails on it.

## Bad

```python
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()
players: set[WebSocket] = set()


@app.websocket("/game")
async def game(websocket: WebSocket) -> None:
    await websocket.accept()
    players.add(websocket)
    try:
        while True:
            move = await websocket.receive_json()
            await websocket.send_json({"moved": move["to"]})
    except WebSocketDisconnect:
        players.discard(websocket)
```

## Good

```python
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()
players: set[WebSocket] = set()


@app.websocket("/game")
async def game(websocket: WebSocket) -> None:
    await websocket.accept()
    players.add(websocket)
    try:
        while True:
            move = await websocket.receive_json()
            await websocket.send_json({"moved": move["to"]})
    except WebSocketDisconnect:
        pass
    finally:
        players.discard(websocket)
```

## References

- https://fastapi.tiangolo.com/advanced/websockets/#handling-disconnections-and-multiple-clients
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix, Unfixable
from fastapi_lint.model.application import Place, Route
from fastapi_lint.model.names import WEBSOCKET_DISCONNECT
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import External
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import statements, walk, walk_all

_HARMLESS = frozenset({"receive_text", "receive_bytes"})


class CleanupNotInFinally(Rule):
    code = "FAL506"
    name = "cleanup-not-in-finally"
    severity = Severity.INFO
    fix = Fixability.UNSAFE
    default = False

    def check_websocket(self, route: Route, context: Context) -> Iterator[Finding]:
        endpoint = route.endpoint
        if endpoint is None or endpoint.module.is_test:
            return
        sockets = context.application.connections.socket_names(endpoint)
        for node in statements(endpoint.body):
            if not isinstance(node, ir.Try) or not _may_fail_otherwise(node.body):
                continue
            for handler in node.handlers:
                if not _is_disconnect(handler, endpoint, context):
                    continue
                for call in _removals(handler.body, sockets):
                    if not _is_done_elsewhere(call, handler, endpoint):
                        yield self.at(
                            Place(endpoint.module, call.at),
                            "the WebSocket is removed only after a disconnect: "
                            "any other error leaves it registered",
                            why="the dead socket stays in the register, "
                            "and each later broadcast fails on it",
                            help="move the removal into a `finally` clause",
                            fix=_move(node, handler, call),
                        )


def _move(around: ir.Try, handler: ir.Handler, call: ir.Call) -> Fix | None:
    """Move the removal into `finally`, if nothing after it in its clause sends to the others."""
    removal = next(
        (n for n in handler.body if isinstance(n, ir.Expression) and call in walk_all((n,))), None
    )
    if removal is None:
        return None
    after = [node for node in handler.body if node.at > removal.at]
    if around.final or any(isinstance(part, ir.Await) for part in walk_all(after)):
        return None

    def recipe(edit: Editor) -> None:
        text = edit.text(removal.at)
        if "\n" in text:
            raise Unfixable("the removal spans several lines")
        edit.delete(removal.at)
        edit.insert_after(around.at, f"finally:\n    {text}")

    return Fix.unsafe("Move it into a `finally` clause", recipe)


def _may_fail_otherwise(body: Iterable[ir.Stmt]) -> bool:
    """Whether a block calls anything but the receives that only a disconnect can break."""
    return any(
        isinstance(part, ir.Call) and ir.last_name(part.func) not in _HARMLESS
        for part in walk_all(body)
    )


def _is_disconnect(handler: ir.Handler, endpoint: Function, context: Context) -> bool:
    """Whether an `except` clause takes a disconnect, and not everything else too."""
    exceptions = context.application.exceptions
    scope = endpoint.scope
    return (
        exceptions.catches(handler, scope, External(WEBSOCKET_DISCONNECT)) is True
        and exceptions.catches(handler, scope, External("builtins.ValueError")) is False
    )


def _removals(body: Iterable[ir.Stmt], sockets: tuple[str, ...]) -> Iterator[ir.Call]:
    names = [ir.Name(name) for name in sockets]
    for node in statements(body):
        for part in walk_all((node,)):
            if (
                isinstance(part, ir.Call)
                and isinstance(part.func, ir.Attribute)
                and part.func.value not in names
                and any(name in part.args for name in names)
                and not part.func.attr.startswith(("send", "broadcast"))
            ):
                yield part


def _is_done_elsewhere(call: ir.Call, handler: ir.Handler, endpoint: Function) -> bool:
    inside = {id(part) for part in walk_all(handler.body)}
    name = ir.last_name(call.func)
    return any(
        isinstance(part, ir.Call)
        and ir.last_name(part.func) == name
        and id(part) not in inside
        and set(walk(part)) & set(call.args)
        for part in walk_all(endpoint.body)
    )
