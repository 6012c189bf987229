"""
A pure ASGI middleware drops the scopes that are no requests.

## Why

`if scope["type"] != "http": return` ends more than it seems. For the lifespan scope it means that
the application behind the middleware never starts: no lifespan function runs, no start-up handler,
and no server logs a word about it. A WebSocket whose scope is dropped ends with status 500 and
"ASGI callable returned without sending handshake". The application has to be called for every
scope that the middleware does not answer itself.

## Bad

```python
from fastapi import FastAPI


class Timing:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        scope["timed"] = True
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Timing)
```

## Good

```python
from fastapi import FastAPI


class Timing:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["timed"] = True
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Timing)
```

## References

- https://www.starlette.io/middleware/#pure-asgi-middleware
- https://asgi.readthedocs.io/en/latest/specs/lifespan.html
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.layers import Layer
from fastapi_lint.model.middleware.asgi import passes_scopes, scope_paths
from fastapi_lint.model.middleware.kinds import LIFESPAN, WEBSOCKET
from fastapi_lint.rule import Context, Finding, Rule, Severity


class AsgiDropsOtherScopes(Rule):
    code = "FAL117"
    name = "asgi-drops-other-scopes"
    severity = Severity.ERROR

    def check_layer(self, layer: Layer, context: Context) -> Iterator[Finding]:
        if layer.function.module.is_test or not passes_scopes(layer):
            return
        paths = scope_paths(layer, context.application)
        for dropped in paths.dropped.values() if paths is not None else ():
            harms = []
            if LIFESPAN in dropped.kinds:
                harms.append("start-up and shutdown code of the application never runs")
            if WEBSOCKET in dropped.kinds:
                harms.append("WebSocket clients get an error instead of a handshake")
            kinds = " and ".join(f"`{kind}`" for kind in sorted(dropped.kinds))
            yield self.at(
                dropped.place,
                f"middleware `{layer.label}` drops {kinds} scopes",
                why=", and ".join(harms),
                help=f"await the application with `({', '.join(layer.names)})` for them",
            )
