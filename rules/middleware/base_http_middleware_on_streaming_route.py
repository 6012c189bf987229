"""
A BaseHTTPMiddleware wraps a route that streams its response.

## Why

A middleware made with BaseHTTPMiddleware or `@app.middleware("http")` puts itself between the route
and the client with a task group and a channel. It does not buffer the response, but for a streaming
route it has consequences that are hard to see:

- From Starlette 0.46 on, an error in the middle of the stream reaches the client as a properly
  ended response: truncated data look complete. Without the middleware the connection is cut.
- `await request.is_disconnected()` never becomes true for a route that asks before it answers.
- Every chunk crosses the task group and the channel: about a tenth of the direct chunk rate.

A pure ASGI middleware has none of these. Mounted applications count, because the parent's
middleware wraps them. Third-party classes count when they are known to derive from
BaseHTTPMiddleware, otherwise nothing is said about them. A StreamingResponse of a buffer in memory
(`io.BytesIO`, `io.StringIO`) does not count: nothing can fail while it is sent.

## Bad

```python
from collections.abc import AsyncIterator

from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

app = FastAPI()


@app.middleware("http")
async def add_version(request: Request, call_next):
    response = await call_next(request)
    response.headers["X-Version"] = "1"
    return response


async def rows() -> AsyncIterator[str]:
    yield "a,b\\n"


@app.get("/export")
async def export() -> StreamingResponse:
    return StreamingResponse(rows())
```

## Good

```python
from collections.abc import AsyncIterator

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class VersionMiddleware:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_version(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Version"] = "1"
            await send(message)

        await self.app(scope, receive, send_with_version)


app = FastAPI()
app.add_middleware(VersionMiddleware)


async def rows() -> AsyncIterator[str]:
    yield "a,b\\n"


@app.get("/export")
async def export() -> StreamingResponse:
    return StreamingResponse(rows())
```

## References

- https://www.starlette.io/middleware/#pure-asgi-middleware
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Place, Route, Router
from fastapi_lint.model.streaming import streams
from fastapi_lint.rule import Context, Finding, Rule, Severity

_SHOWN = 3


class BaseHttpMiddlewareOnStreamingRoute(Rule):
    code = "FAL107"
    name = "base-http-middleware-on-streaming-route"
    severity = Severity.WARNING
    positions = frozenset({"add_middleware", "Middleware"})

    def check_app(self, app: Router, context: Context) -> Iterator[Finding]:
        if app.place.module.is_test:
            return
        wrapping = [m for m in app.middleware if m.kind == "base-http"]
        if not wrapping:
            return
        routes = list(_streaming(app, context))
        if not routes:
            return
        starlette = context.targets(app.place.module).starlette
        error = (
            "an error in mid-stream looks like a complete response, "
            if starlette.at_least("0.46")
            else ""
        )
        related = [(place, f"`{label}` streams") for place, label in routes[:_SHOWN]]
        count = f"{len(routes)} streaming routes" if len(routes) > 1 else "a streaming route"
        for middleware in wrapping:
            if middleware.place.module.is_test:
                continue
            yield self.at(
                middleware.place,
                f"`{middleware.name}` is a BaseHTTPMiddleware and wraps {count}",
                why=f"{error}`request.is_disconnected()` never becomes true, and every chunk "
                f"crosses a task group ({starlette.label})",
                help="write it as a pure ASGI middleware",
                related=related,
            )


def _streaming(app: Router, context: Context) -> Iterator[tuple[Place, str]]:
    seen: set[Route] = set()
    for route, path in app.reachable(mounts=True):
        if route in seen or route.is_websocket:
            continue
        seen.add(route)
        if streams(route, context.application, context.targets(route.place.module)):
            methods = "/".join(route.methods or ("?",))
            yield route.place, f"{methods} {path}" if path is not None else methods
