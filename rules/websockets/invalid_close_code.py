"""
A WebSocket is closed with a code or reason that must not be sent.

## Why

Of the close codes only 1000 to 1003, 1007 to 1014, and 3000 to 4999 may be sent; 1004, 1005, 1006
and 1015 are reserved for what is *not* sent, and everything else is invalid. A reason may have at
most 123 bytes. With any other value the server drops the connection with a protocol error, and the
client learns nothing but that it was cut off (1006).

Before `accept()`, as in a dependency, no code is sent at all: the client sees HTTP 403. That is not
reported here.

## Bad

```python
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/feed")
async def feed(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close(code=403, reason="not your feed")
```

## Good

```python
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/feed")
async def feed(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close(code=4403, reason="not your feed")
```

## References

- https://www.rfc-editor.org/rfc/rfc6455#section-7.4
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.calls import keyword
from fastapi_lint.model.exceptions import WEBSOCKET_EXCEPTION
from fastapi_lint.model.program import Site
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.sockets.connections import LONGEST_REASON, NEW
from fastapi_lint.model.values import External, Literal
from fastapi_lint.rule import Context, Finding, Rule, Severity

_SENDABLE = frozenset({1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014})
_HTTP_STATUS = re.compile(r"(?:fastapi|starlette)\.status\.HTTP_(\d{3})_\w+")


class InvalidCloseCode(Rule):
    code = "FAL505"
    name = "invalid-close-code"
    severity = Severity.ERROR
    calls = ("close", "WebSocketException")

    def check_call(self, site: Site, context: Context) -> Iterator[Finding]:
        if site.module.is_test or not _closes(site, context):
            return
        code = _constant(site, "code", 0, context)
        reason = _constant(site, "reason", 1, context)
        is_invalid = isinstance(code, int) and code not in _SENDABLE and not 3000 <= code <= 4999
        is_long = isinstance(reason, str) and len(reason.encode()) > LONGEST_REASON
        if not (is_invalid or is_long) or not _is_sent(site, context):
            return
        if is_invalid:
            yield self.at(
                Place(site.module, site.call.at),
                f"{code} is no close code that may be sent",
                why="the server drops an accepted WebSocket with a protocol error, "
                "and the client sees code 1006",
                help="use 1000, 1008, 1011, or a code of your own from 4000 to 4999",
            )
        if isinstance(reason, str) and is_long:
            yield self.at(
                Place(site.module, site.call.at),
                f"the close reason has {len(reason.encode())} bytes; {LONGEST_REASON} may be sent",
                why="the server drops an accepted WebSocket with a protocol error",
                help="shorten the reason, or send it as a message before closing",
            )


def _closes(site: Site, context: Context) -> bool:
    func = site.call.func
    if ir.last_name(func) == "WebSocketException":
        view = context.evaluator()
        exceptions = context.application.exceptions
        return any(
            exceptions.is_a(value, WEBSOCKET_EXCEPTION, "starlette.exceptions.WebSocketException")
            for value in view.evaluate(func, site.scope, site.at)
        )
    return isinstance(func, ir.Attribute) and context.application.sockets.is_socket(
        func.value, site.scope, site.at
    )


def _is_sent(site: Site, context: Context) -> bool:
    """Whether the code may be sent: before `accept()` the handshake is refused without it."""
    function = site.scope.owner
    if not isinstance(function, Function):
        return True
    application = context.application
    graph = application.graph
    leading = application.leading_to(function)
    if leading.isdisjoint(graph.endpoints) and not leading.isdisjoint(graph.providers):
        return any("accept" in caller.node.mentions for caller in leading)
    states = {
        operation.state
        for route in graph.routes
        if route.is_websocket
        for operation in application.operations(route)
        if operation.node is site.call
    }
    return states != {NEW}


def _constant(site: Site, name: str, index: int, context: Context) -> object:
    args = site.call.args
    node = keyword(site.call, name) or (args[index] if index < len(args) else None)
    if node is None:
        return None
    values = context.evaluator().evaluate(node, site.scope, site.at)
    match values:
        case (Literal(value),):
            return value
        case (External(name),) if status := _HTTP_STATUS.fullmatch(name):
            return int(status[1])
    return None
