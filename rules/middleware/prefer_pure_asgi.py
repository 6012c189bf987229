"""
A middleware that only looks on pays for a BaseHTTPMiddleware.

## Why

`BaseHTTPMiddleware`, and so `@app.middleware("http")`, runs the application in a task of its own
and sends each message through a channel, to hand a response object to `dispatch`. A middleware that
neither touches that response, nor reads the body, nor answers by itself has no use for it. The same
code as pure ASGI calls the application directly.

`benchmarks/base_http_middleware.py` measures one layer around a trivial endpoint, in the process
and without a network. On a busy shared machine, a dispatch added 1.1 milliseconds to each request
with Starlette 0.27, 164 microseconds with 0.46 and 199 with 1.10, which left 0.16, 0.27 and 0.26 of
the requests per second without it; pure ASGI stayed within what other load makes uncertain. An
endpoint that waits for a database hides most of that.

Context variables that an endpoint sets are not visible to a dispatch after `call_next`, and
WebSockets bypass it; pure ASGI has neither limit.

## Bad

```python
import time

from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def timing(request: Request, call_next):
    started = time.perf_counter()
    response = await call_next(request)
    print(request.url.path, time.perf_counter() - started)
    return response
```

## Good

```python
import time

from fastapi import FastAPI


class Timing:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        await self.app(scope, receive, send)
        print(scope["path"], time.perf_counter() - started)


app = FastAPI()
app.add_middleware(Timing)
```

## When to ignore it

Where the time of a request is spent elsewhere. Reading and changing headers is what
BaseHTTPMiddleware is convenient for, and is not reported.

## References

- https://www.starlette.io/middleware/#pure-asgi-middleware
- https://www.starlette.io/middleware/#limitations
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Place
from fastapi_lint.model.layers import Layer
from fastapi_lint.model.middleware.observing import only_observes
from fastapi_lint.rule import Context, Finding, Rule, Severity


class PreferPureAsgi(Rule):
    code = "FAL108"
    name = "prefer-pure-asgi"
    severity = Severity.INFO
    default = False

    def check_layer(self, layer: Layer, context: Context) -> Iterator[Finding]:
        function = layer.function
        if not function.module.is_test and only_observes(layer, context.application):
            yield self.at(
                Place(function.module, function.node.at),
                f"middleware `{layer.label}` only looks on, which pure ASGI does for less",
                why="BaseHTTPMiddleware runs each request in a further task and sends each "
                "message through a channel",
                help="write a class with `__call__(self, scope, receive, send)`",
            )
