"""
A security scheme is used in a WebSocket route on a version where it cannot work.

## Why

Up to FastAPI 0.143 the classes of `fastapi.security` (OAuth2PasswordBearer, HTTPBearer, HTTPBasic,
APIKeyHeader and the others) take a `Request`, which a WebSocket route does not have. Every
connection fails with `TypeError: __call__() missing 1 required positional argument: 'request'` and
the client gets HTTP 500. From 0.144 on they work in WebSocket routes, and this rule is silent.

## Bad

```python
# --- requirements.txt
fastapi==0.121.3
# --- main.py
from fastapi import Depends, FastAPI, WebSocket
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
oauth2 = OAuth2PasswordBearer(tokenUrl="token")


@app.post("/token")
def issue_token() -> dict[str, str]:
    return {"access_token": "secret", "token_type": "bearer"}


@app.websocket("/feed")
async def feed(websocket: WebSocket, token: str = Depends(oauth2)) -> None:
    await websocket.accept()
    await websocket.send_text(token[:4])
```

## Good

```python
# --- requirements.txt
fastapi==0.121.3
# --- main.py
from fastapi import Depends, FastAPI, WebSocket, WebSocketException
from fastapi.requests import HTTPConnection

app = FastAPI()


def bearer_token(connection: HTTPConnection) -> str:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise WebSocketException(code=1008)
    return token


@app.websocket("/feed")
async def feed(websocket: WebSocket, token: str = Depends(bearer_token)) -> None:
    await websocket.accept()
    await websocket.send_text(token[:4])
```

## References

- https://fastapi.tiangolo.com/advanced/websockets/#using-depends-and-others
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Route
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Rule, Severity


class SecuritySchemeInWebsocket(Rule):
    code = "FAL511"
    name = "security-scheme-in-websocket"
    severity = Severity.ERROR
    versions = ("<0.144",)
    positions = frozenset({"Depends", "Security"})

    def check_websocket(self, route: Route, context: Context) -> Iterator[Finding]:
        fastapi = context.targets(route.place.module).fastapi
        if route.place.module.is_test or fastapi.at_least("0.144"):
            return
        for step in context.application.graph.steps(route):
            if fastapi.below("0.97") and not isinstance(step.chain[0].use.holder, Function):
                continue
            if step.function is None and context.application.summaries.is_scheme(step.value):
                yield self.at(
                    step.use.place,
                    "a security scheme cannot be used by a WebSocket route",
                    why=f"with {fastapi.label} each connection fails with a TypeError (HTTP 500)",
                    help="read the header from an `HTTPConnection`, or use FastAPI 0.144 or later",
                    related=[(route.place, "the WebSocket route")],
                )
