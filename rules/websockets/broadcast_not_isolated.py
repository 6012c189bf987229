"""
A broadcast stops at the first WebSocket that has gone.

## Why

Sending to a peer that has left raises. In a plain loop that ends the broadcast: everybody after the
dead peer gets nothing, and the exception surfaces in the endpoint of whoever sent the message,
whose own connection dies for it. Sending to each peer in its own `try`, over a copy of the
collection, keeps them apart; so does `asyncio.gather(..., return_exceptions=True)`.

## Bad

```python
from fastapi import WebSocket


class Room:
    def __init__(self) -> None:
        self.members: list[WebSocket] = []

    async def announce(self, text: str) -> None:
        for member in self.members:
            await member.send_text(text)
```

## Good

```python
from fastapi import WebSocket, WebSocketDisconnect


class Room:
    def __init__(self) -> None:
        self.members: list[WebSocket] = []

    async def announce(self, text: str) -> None:
        for member in list(self.members):
            try:
                await member.send_text(text)
            except (WebSocketDisconnect, RuntimeError):
                self.members.remove(member)
```

## References

- https://fastapi.tiangolo.com/advanced/websockets/#handling-disconnections-and-multiple-clients
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.flow import Frame, placed
from fastapi_lint.model.program import Site
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import walk, walk_all

_SENDS = ("send_text", "send_json", "send_bytes")


class BroadcastNotIsolated(Rule):
    code = "FAL507"
    name = "broadcast-not-isolated"
    severity = Severity.INFO
    fix = Fixability.UNSAFE
    default = False
    positions = frozenset(_SENDS)
    calls = _SENDS

    def check_call(self, site: Site, context: Context) -> Iterator[Finding]:
        function = site.scope.owner
        if not isinstance(function, Function) or site.module.is_test:
            return
        node, frames = next(
            ((n, f) for n, f in placed(function.body) if n.at == site.at), (None, ())
        )
        awaited = node is not None and ir.Await(site.call) in tuple(walk_all((node,)))
        if awaited and _sends_to_each(site.call, frames):
            yield self.at(
                Place(site.module, site.call.at),
                "the broadcast ends at the first peer that has gone",
                why="the peers after it get nothing, "
                "and the exception ends the endpoint that is broadcasting",
                help="send to each peer in a `try` of its own, over a copy of the collection",
                fix=_isolate(node, site.call),
            )


def _isolate(node: ir.Stmt | None, call: ir.Call) -> Fix | None:
    """Pass over a peer that has gone. It stays in the collection: who removes it is not known.

    Old versions of Starlette raise the OSError of the server.
    """
    if not isinstance(node, ir.Expression) or node.value != ir.Await(call):
        return None

    def recipe(edit: Editor) -> None:
        disconnect = edit.import_name("fastapi", "WebSocketDisconnect")
        edit.enclose(node.at, node.at, "try:")
        edit.insert_after(node.at, f"except ({disconnect}, OSError, RuntimeError):\n    pass")

    return Fix.unsafe("Send to each peer in a `try` of its own", recipe)


def _sends_to_each(call: ir.Call, frames: tuple[Frame, ...]) -> bool:
    """Whether a send goes to the element of the innermost loop, with nothing to catch an error."""
    if not isinstance(call.func, ir.Attribute):
        return False
    used = {part.id for part in walk(call.func.value) if isinstance(part, ir.Name)}
    for frame in reversed(frames):
        match frame:
            case Frame(ir.Try(), "body"):
                return False
            case Frame(ir.With(items), "with"):
                if any(isinstance(i, ir.Call) and ir.last_name(i.func) == "suppress"
                       for i, _ in items):  # fmt: skip
                    return False
            case Frame(ir.For(target), "loop"):
                bound = {part.id for part in walk(target) if isinstance(part, ir.Name)}
                return not used.isdisjoint(bound)
    return False
