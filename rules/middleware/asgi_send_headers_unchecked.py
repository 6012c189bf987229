"""
A middleware reads the headers or status of sent messages that have none.

## Why

A response is sent in several messages. Only the first, `http.response.start`, has a status and
headers; the body follows in `http.response.body`, and the lifespan has messages of its own. A
wrapper that reads `message["headers"]` without asking for `message["type"]` raises KeyError at the
second message: every response breaks off after its headers, and if the middleware lets the lifespan
through, the application does not start properly either.

## Bad

```python
from fastapi import FastAPI


class Hardened:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def hardened(message):
            message["headers"].append((b"x-frame-options", b"DENY"))
            await send(message)

        await self.app(scope, receive, hardened)


app = FastAPI()
app.add_middleware(Hardened)
```

## Good

```python
from fastapi import FastAPI


class Hardened:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def hardened(message):
            if message["type"] == "http.response.start":
                message["headers"].append((b"x-frame-options", b"DENY"))
            await send(message)

        await self.app(scope, receive, hardened)


app = FastAPI()
app.add_middleware(Hardened)
```

## References

- https://www.starlette.io/middleware/#inspecting-or-modifying-the-response
- https://asgi.readthedocs.io/en/latest/specs/www.html#response-start-send-event
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.link import Application
from fastapi_lint.model.middleware.asgi import unchecked_messages
from fastapi_lint.rule import Context, Finding, Rule, Severity


class AsgiSendHeadersUnchecked(Rule):
    code = "FAL118"
    name = "asgi-send-headers-unchecked"
    severity = Severity.ERROR

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for layer, function, access in unchecked_messages(application):
            if not access.place.module.is_test:
                yield self.at(
                    access.place,
                    f"`{function.name}`, the `send` of middleware `{layer.label}`, reads "
                    f"`{access.what}` of every message",
                    why="messages with the body have none: KeyError, and each response breaks off "
                    "after its headers",
                    help='do it only where the message\'s type is "http.response.start"',
                    related=[(access.inner, "it fails here")] if access.inner is not None else [],
                )
