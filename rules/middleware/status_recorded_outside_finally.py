"""
A middleware records the status of responses, but leaves out the requests that fail.

## Why

A pure ASGI middleware that wraps `send` to learn the status usually logs or counts it after
`await self.app(...)`. An exception that leaves the application skips that line: requests that end
with a server error are the ones that are missing from the log and the metrics. In a `finally`, with
500 as the status until another one is sent, they are there.

The fix is made where the first status is 500, or where only requests get to the call, since no
WebSocket and no lifespan has a status. It is unsafe: what is recorded runs for failures too.

## Bad

```python
from fastapi import FastAPI


class AccessLog:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        status = 500

        async def recorded(message):
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        await self.app(scope, receive, recorded)
        print("status", status)


app = FastAPI()
app.add_middleware(AccessLog)
```

## Good

```python
from fastapi import FastAPI


class AccessLog:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        status = 500

        async def recorded(message):
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, recorded)
        finally:
            print("status", status)


app = FastAPI()
app.add_middleware(AccessLog)
```

## When to ignore it

Where failed requests are recorded elsewhere, and should not be recorded twice.

## References

- https://www.starlette.io/middleware/#pure-asgi-middleware
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.layers import Layer
from fastapi_lint.model.middleware.asgi import late_statuses
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

from ._recording import recorded_always


class StatusRecordedOutsideFinally(Rule):
    code = "FAL112"
    name = "status-recorded-outside-finally"
    severity = Severity.INFO
    default = False
    fix = Fixability.UNSAFE

    def check_layer(self, layer: Layer, context: Context) -> Iterator[Finding]:
        if layer.function.module.is_test:
            return
        for late in late_statuses(layer, context.application):
            yield self.at(
                late.place,
                f"middleware `{layer.label}` uses the recorded status `{late.name}` outside of "
                "`finally`",
                why="a request that ends with an exception is not recorded",
                help="put it into the `finally` of a `try` around the call, with 500 as the "
                "status until another is sent",
                related=[(late.recorded, "the status is recorded here")],
                fix=recorded_always(late, layer, context),
            )
