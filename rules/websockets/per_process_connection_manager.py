"""
A connection manager keeps its WebSockets in this process only.

## Why

The register lives in the memory of one process. With several workers, or several machines, each has
its own, and a broadcast reaches only those clients that happen to be connected to the same process.
It works on the developer's machine and loses messages in production. A message broker (Redis,
PostgreSQL's LISTEN, a queue) between the processes brings them together.

## Bad

```python
from fastapi import FastAPI, WebSocket

app = FastAPI()


class Room:
    def __init__(self) -> None:
        self.members: list[WebSocket] = []

    async def join(self, websocket: WebSocket) -> None:
        await websocket.accept()
        self.members.append(websocket)


room = Room()


@app.websocket("/room")
async def enter(websocket: WebSocket) -> None:
    await room.join(websocket)
    async for text in websocket.iter_text():
        print(text)
```

## Good

```python
from fastapi import FastAPI, WebSocket

app = FastAPI()


async def messages(channel: str):
    yield f"from the broker: {channel}"


@app.websocket("/room")
async def enter(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in messages("room"):
        await websocket.send_text(text)
```

## When to ignore it

The application is only ever run as one process.

## References

- https://fastapi.tiangolo.com/advanced/websockets/#handling-disconnections-and-multiple-clients
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Class
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import statements, walk, walk_all

_KEEPS = frozenset({"append", "add", "insert"})
_BROKERS = frozenset({"publish", "subscribe", "psubscribe", "listen", "notify"})


class PerProcessConnectionManager(Rule):
    code = "FAL512"
    name = "per-process-connection-manager"
    severity = Severity.INFO
    default = False

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        if not any(route.is_websocket for route in application.graph.routes):
            return
        for cls in application.index.classes:
            if cls.module.is_test or _uses_broker(cls):
                continue
            if _keeps_sockets(cls, application):
                yield self.at(
                    Place(cls.module, cls.node.at),
                    f"`{cls.name}` knows only the WebSockets of its own process",
                    why="with several workers a message reaches only some of the clients",
                    help="let a message broker connect the processes",
                )


def _keeps_sockets(cls: Class, application: Application) -> bool:
    """Whether a method puts a WebSocket that it is given into an attribute of its object."""
    for method in cls.methods():
        names = [ir.Name(name) for name in application.connections.socket_names(method)]
        if not names or not method.node.params:
            continue
        receiver = ir.Name(method.node.params[0].name)
        for part in walk_all(method.body):
            match part:
                case ir.Call(ir.Attribute(owner, kept), args) if (
                    owner != receiver
                    and receiver in tuple(walk(owner))
                    and kept in _KEEPS
                    and any(n in args for n in names)
                ):
                    return True
        for node in statements(method.body):
            if isinstance(node, ir.Assign) and node.value in names:
                for target in node.targets:
                    if isinstance(target, ir.Subscript) and receiver in tuple(
                        walk_all((ir.Expression(target, node.at),))
                    ):
                        return True
    return False


def _uses_broker(cls: Class) -> bool:
    return any(not _BROKERS.isdisjoint(method.node.mentions) for method in cls.methods())
