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

from collections.abc import Iterable, Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Fix
from fastapi_lint.model.application import Place, Route
from fastapi_lint.model.flow import Frame, placed
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.sockets.connections import CLOSED, REFUSED, Operation
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import walk_all


class CloseWithoutReturn(Rule):
    code = "FAL504"
    name = "close-without-return"
    severity = Severity.ERROR
    fix = Fixability.SAFE

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
                fix=_return(route.endpoint, closed, operation) if route.endpoint else None,
            )


def _return(endpoint: Function, closed: Place, operation: Operation) -> Fix | None:
    """Leave the endpoint at the end of the block that closes.

    There is such a fix if the block stands in an `if` of the endpoint, the socket is used after
    that block, and no `except` or `else` clause is passed over that has something to do.
    """
    if closed.module is not endpoint.module:
        return None
    for node, frames in placed(endpoint.body):
        if not frames or not isinstance(node, ir.Expression) or closed.at not in _calls((node,)):
            continue
        around = frames[-1].node
        if not isinstance(around, ir.If) or any(map(_has_more_to_do, frames)):
            return None
        block = around.branches[frames[-1].index][1]
        return None if operation.near.at in _calls(block) else _return_after(block[-1])
    return None


def _return_after(last: ir.Stmt) -> Fix | None:
    if isinstance(last, (ir.Return, ir.Raise, ir.Jump)):
        return None
    return Fix.safe("Return after closing", lambda edit: edit.insert_after(last.at, "return"))


def _calls(body: Iterable[ir.Stmt]) -> frozenset[int]:
    """The ordinals of the calls in a block."""
    return frozenset(part.at for part in walk_all(body) if isinstance(part, ir.Call))


def _has_more_to_do(frame: Frame) -> bool:
    """Whether the `try` around a place does something after it, which a `return` would skip."""
    node = frame.node
    return (
        isinstance(node, ir.Try)
        and frame.part == "body"
        and any(
            not isinstance(part, ir.Jump)
            for block in (*[handler.body for handler in node.handlers], node.orelse)
            for part in block
        )
    )
