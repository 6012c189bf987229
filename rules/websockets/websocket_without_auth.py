"""
A WebSocket route checks nobody, in an application whose other routes do.

## Why

The HTTP routes of the application ask for credentials; this WebSocket route has no dependency that
could refuse, reads no header, cookie, token or query parameter, and never closes the socket. Often
the socket was added later and the check forgotten. Middleware made with `@app.middleware("http")`
does not see WebSockets either.

## Bad

```python
from fastapi import Depends, FastAPI, WebSocket
from fastapi.security import HTTPBearer

app = FastAPI()
bearer = HTTPBearer()


@app.get("/orders", dependencies=[Depends(bearer)])
def orders() -> list[str]:
    return []


@app.websocket("/orders/live")
async def live(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json({"orders": []})
```

## Good

```python
from fastapi import Depends, FastAPI, WebSocket
from fastapi.security import HTTPBearer

app = FastAPI()
bearer = HTTPBearer()


@app.get("/orders", dependencies=[Depends(bearer)])
def orders() -> list[str]:
    return []


@app.websocket("/orders/live", dependencies=[Depends(bearer)])
async def live(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json({"orders": []})
```

## When to ignore it

The socket sends what everybody may see.

## References

- https://fastapi.tiangolo.com/advanced/websockets/#using-depends-and-others
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Route, Router
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import walk_all

_CREDENTIALS = frozenset({"headers", "cookies", "query_params", "session", "user", "auth"})


class WebsocketWithoutAuth(Rule):
    code = "FAL508"
    name = "websocket-without-auth"
    security = True
    severity = Severity.INFO
    default = False

    def check_app(self, app: Router, context: Context) -> Iterator[Finding]:
        if app.place.module.is_test:
            return
        routes = [route for route, _ in app.reachable(mounts=False)]
        guarded = next((r for r in routes if not r.is_websocket and _is_guarded(r, context)), None)
        if guarded is None:
            return
        for route in dict.fromkeys(routes):
            if route.is_websocket and not _checks(route, context):
                yield self.at(
                    route.place,
                    "this WebSocket route checks nobody, while other routes of the application do",
                    why="whoever knows the address can connect",
                    help="add a dependency that refuses, or check a token before sending anything",
                    related=[(guarded.place, "this route asks for credentials")],
                )


def _is_guarded(route: Route, context: Context) -> bool:
    application = context.application
    return any(
        application.summaries.denial(step.value) is not None
        for step in application.graph.steps(route)
    )


def _checks(route: Route, context: Context) -> bool:
    """Whether anything in a WebSocket route may tell clients apart."""
    endpoint = route.endpoint
    if endpoint is None or context.application.graph.steps(route):
        return True
    if len(endpoint.node.params) > 1 + (route.path or "").count("{"):
        return True
    operations = context.application.operations(route)
    if any(operation.method in ("close", "refuse") for operation in operations):
        return True
    return any(
        isinstance(part, ir.Attribute) and part.attr in _CREDENTIALS
        for part in walk_all(endpoint.body)
    )
