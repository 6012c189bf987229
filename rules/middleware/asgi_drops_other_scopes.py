"""
A pure ASGI middleware drops the scopes that are no requests.

## Why

`if scope["type"] != "http": return` ends more than it seems. For the lifespan scope it means that
the application behind the middleware never starts: no lifespan function runs, no start-up handler,
and no server logs a word about it. A WebSocket whose scope is dropped ends with status 500 and
"ASGI callable returned without sending handshake". The application has to be called for every
scope that the middleware does not answer itself.

The fix is unsafe where WebSockets are dropped, which may have been meant to keep them out.

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

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.layers import Layer
from fastapi_lint.model.middleware.asgi import Dropped, ScopePaths, passes_scopes, scope_paths
from fastapi_lint.model.middleware.kinds import LIFESPAN, WEBSOCKET
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import statement_at, walk_all

from ._passing import passing


class AsgiDropsOtherScopes(Rule):
    code = "FAL117"
    name = "asgi-drops-other-scopes"
    severity = Severity.ERROR
    fix = Fixability.MIXED

    def check_layer(self, layer: Layer, context: Context) -> Iterator[Finding]:
        if layer.function.module.is_test or not passes_scopes(layer):
            return
        paths = scope_paths(layer, context.application)
        if paths is None:
            return
        for dropped in paths.dropped.values():
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
                fix=_pass_on(dropped, layer, paths, passing(layer, context.evaluator())),
            )


def _pass_on(dropped: Dropped, layer: Layer, paths: ScopePaths, code: str | None) -> Fix | None:
    """Await the application where nothing but dropped scopes arrives: before a bare `return`, or in
    the `else` of an `if` that is followed by nothing that concerns them. That sockets end there may
    have been wanted."""
    body, at = layer.function.body, dropped.place.at
    if code is None or not paths.only_drops(at):
        return None
    match statement_at(body, at):
        case ir.Return(None | ir.Constant(None)):

            def recipe(edit: Editor) -> None:
                edit.insert_before(at, code)
        case ir.If() as node if _may_have_else(node, layer):

            def recipe(edit: Editor) -> None:
                edit.insert_after(at, f"else:\n    {code}")
        case _:
            return None
    make = Fix.unsafe if WEBSOCKET in dropped.kinds else Fix.safe
    return make("Pass them on", recipe)


def _may_have_else(node: ir.If, layer: Layer) -> bool:
    """Whether what the middleware was called with is not used behind an `if` without `else`."""
    body = layer.function.body
    if node not in body or node.branches[-1][0] is None:
        return False
    used = {part.id for part in walk_all(body[body.index(node) + 1 :]) if isinstance(part, ir.Name)}
    return used.isdisjoint(layer.names)
