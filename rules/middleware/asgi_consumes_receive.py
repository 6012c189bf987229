"""
A pure ASGI middleware takes the body and leaves nothing for the application.

## Why

Each message of a request can be received once. After `await Request(scope, receive).body()` in a
middleware, the application that gets the same `receive` waits for a body that was already taken:
an endpoint that reads the body hangs until the client gives up. Only what `BaseHTTPMiddleware`
hands to `dispatch` remembers what was read; a request object that is made by hand does not.

A middleware that needs the body has to pass on a `receive` of its own, which gives the messages
again, or look at them as they pass.

## Bad

```python
from fastapi import FastAPI, Request


class Signatures:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            body = await Request(scope, receive).body()
            scope["digest"] = hash(body)
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Signatures)
```

## Good

```python
from fastapi import FastAPI, Request


class Signatures:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        scope["digest"] = hash(body)
        messages = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay():
            return messages.pop() if messages else await receive()

        await self.app(scope, replay, send)


app = FastAPI()
app.add_middleware(Signatures)
```

## References

- https://www.starlette.io/middleware/#inspecting-or-modifying-the-request
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.layers import Layer
from fastapi_lint.model.middleware.asgi import consumed_bodies
from fastapi_lint.rule import Context, Finding, Rule, Severity


class AsgiConsumesReceive(Rule):
    code = "FAL103"
    name = "asgi-consumes-receive"
    severity = Severity.ERROR

    def check_layer(self, layer: Layer, context: Context) -> Iterator[Finding]:
        if layer.function.module.is_test:
            return
        for consumed in consumed_bodies(layer, context.application):
            yield self.at(
                consumed.place,
                f"middleware `{layer.label}` takes the body with `{consumed.what}` and passes the "
                f"same `{layer.receive_name}` on",
                why="the application waits for messages that were already taken: an endpoint that "
                "reads the body hangs",
                help=f"pass on a function that gives the messages again instead of "
                f"`{layer.receive_name}`",
                related=[(consumed.passed, "it is passed on here")],
            )
