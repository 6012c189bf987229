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

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Route
from fastapi_lint.model.calls import has_unpacking, keyword
from fastapi_lint.model.sockets.connections import LONGEST_REASON, Operation
from fastapi_lint.model.values import Literal
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity


class HttpExceptionAfterAccept(Rule):
    code = "FAL514"
    name = "http-exception-after-accept"
    severity = Severity.ERROR
    fix = Fixability.UNSAFE

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
                fix=_close_instead(operation, context),
            )


def _close_instead(operation: Operation, context: Context) -> Fix | None:
    """Raise a WebSocketException where the endpoint itself raises with a known status.

    The close code is the status in the range for applications: 4404 for 404.
    """
    node = operation.node
    call = node.value if isinstance(node, ir.Raise) else None
    if operation.near != operation.place or not isinstance(call, ir.Call) or has_unpacking(call):
        return None
    if len(call.args) > 2 or any(k.name not in ("status_code", "detail") for k in call.keywords):
        return None
    status = call.args[0] if call.args else keyword(call, "status_code")
    detail = call.args[1] if len(call.args) > 1 else keyword(call, "detail")
    if status is None or not (detail is None or _is_short_text(detail)):
        return None
    values = context.near.evaluate(status, operation.function.scope, node.at)
    found = {v.value for v in values if isinstance(v, Literal) and isinstance(v.value, int)}
    if len(found) != 1 or len(values) != 1:
        return None
    code = 4000 + found.pop()

    def recipe(edit: Editor) -> None:
        edit.replace(edit.callee(call.at), edit.import_name("fastapi", "WebSocketException"))
        if call.args:
            edit.replace(edit.argument(call.at, 0), str(code))
        for argument in call.keywords:
            if argument.name == "status_code":
                edit.replace_word(argument.at, "status_code", "code")
                edit.replace(edit.value(argument.at, "status_code"), str(code))
            else:
                edit.replace_word(argument.at, "detail", "reason")

    return Fix.unsafe("Raise a WebSocketException", recipe)


def _is_short_text(detail: ir.Expr) -> bool:
    """Whether a detail can be the reason of a close, which has at most 123 bytes."""
    match detail:
        case ir.Constant(str() as text, "str"):
            return len(text.encode("utf-8", "replace")) <= LONGEST_REASON
    return isinstance(detail, ir.Format)
