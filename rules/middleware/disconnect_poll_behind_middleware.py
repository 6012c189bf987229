"""
A route asks whether the client has gone, behind a middleware that never lets it know.

## Why

A BaseHTTPMiddleware (or an `@app.middleware("http")` function) puts its own channel between the
server and the routes. `await request.is_disconnected()` asks that channel, where the news that the
client has left does not arrive: it is false for ever. Work that was meant to stop goes on to its
end, and an endless feed runs until the process stops.

One such middleware on the application is enough, also on one that mounts it. Pure ASGI middleware,
CORS and GZip among it, lets the news through.

The rule is silent inside asynchronous generators: what a StreamingResponse or an
EventSourceResponse sends is cancelled when the client goes, so nothing runs on, though asking is of
no use there either.

## Bad

```python
import asyncio

from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def add_version(request: Request, call_next):
    response = await call_next(request)
    response.headers["X-Version"] = "1"
    return response


@app.post("/search")
async def search(request: Request) -> list[str]:
    for _ in range(100):
        if await request.is_disconnected():
            return []
        await asyncio.sleep(0.1)
    return ["found"]
```

## Good

```python
import asyncio

from fastapi import FastAPI, Request
from starlette.datastructures import MutableHeaders


class VersionMiddleware:
    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_version(message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Version"] = "1"
            await send(message)

        await self.app(scope, receive, send_with_version)


app = FastAPI()
app.add_middleware(VersionMiddleware)


@app.post("/search")
async def search(request: Request) -> list[str]:
    for _ in range(100):
        if await request.is_disconnected():
            return []
        await asyncio.sleep(0.1)
    return ["found"]
```

## References

- https://www.starlette.io/requests/#detecting-disconnected-requests
- https://www.starlette.io/middleware/#basehttpmiddleware
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Middleware, Place
from fastapi_lint.model.middleware.serving import served
from fastapi_lint.model.names import REQUEST
from fastapi_lint.model.program import Site
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import Argument
from fastapi_lint.rule import Context, Finding, Rule, Severity

_SHOWN = 3


class DisconnectPollBehindMiddleware(Rule):
    code = "FAL116"
    name = "disconnect-poll-behind-middleware"
    severity = Severity.ERROR
    calls = ("is_disconnected",)
    positions = frozenset({"is_disconnected", "add_middleware", "Middleware", "middleware"})

    def check_call(self, site: Site, context: Context) -> Iterator[Finding]:
        function = site.scope.owner
        if site.module.is_test or not isinstance(function, Function) or _is_cancelled(function):
            return
        if not _is_of_a_request(site, context):
            return
        around = list(_around(function, context))
        if around:
            names = dict.fromkeys(f"`{middleware.name}`" for middleware in around)
            shown = " and ".join(list(names)[:_SHOWN])
            yield self.at(
                Place(site.module, site.call.at),
                f"`is_disconnected()` never becomes true behind {shown}",
                why="a BaseHTTPMiddleware does not pass on that the client has gone "
                f"({context.targets(site.module).starlette.label})",
                help="write the middleware as pure ASGI, or do without asking: the generator of a "
                "StreamingResponse is cancelled when the client goes",
                related=[
                    (middleware.place, "this is a BaseHTTPMiddleware")
                    for middleware in around[:_SHOWN]
                ],
            )


def _is_cancelled(function: Function) -> bool:
    """Whether a function ends without asking when the client goes: the generator of a stream."""
    return function.node.is_async and function.node.is_generator


def _is_of_a_request(site: Site, context: Context) -> bool:
    if not isinstance(site.call.func, ir.Attribute):
        return False
    view, injection = context.evaluator(), context.application.injection
    for value in view.evaluate(site.call.func.value, site.scope, site.at):
        if view.instance_of(value, REQUEST):
            return True
        if isinstance(value, Argument):
            function = value.function
            types = injection.framework_types(
                value.param.annotation, function.parent, function.node.at
            )
            if any(view.is_a(cls, REQUEST) for cls in types):
                return True
    return False


def _around(function: Function, context: Context) -> Iterator[Middleware]:
    """The BaseHTTPMiddleware around the routes that a function works for."""
    found: dict[Middleware, None] = {}
    for route in served(function, context.application):
        for app in context.application.graph.apps_of(route):
            found |= dict.fromkeys(m for m in app.stack() if m.kind == "base-http")
    yield from (middleware for middleware in found if not middleware.place.module.is_test)
