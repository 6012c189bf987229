"""
A guard passes other scopes on and goes on, so the application runs twice for them.

## Why

`if scope["type"] != "http":` in a pure ASGI middleware is there to let WebSockets and the lifespan
through. If the branch calls the application and does not return, execution goes on below it when
the application has finished: it is called a second time with the same scope, or code that is meant
for requests meets a scope that is none. After the lifespan, that happens while the server stops;
after a WebSocket, its endpoint starts a second time, and its `accept()` fails with a RuntimeError
because the connection is closed.

## Bad

```python
from fastapi import FastAPI


class Locale:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        scope["locale"] = "en"
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Locale)
```

## Good

```python
from fastapi import FastAPI


class Locale:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["locale"] = "en"
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Locale)
```

## References

- https://www.starlette.io/middleware/#pure-asgi-middleware
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Fix
from fastapi_lint.model.flow import frames_at
from fastapi_lint.model.layers import Layer
from fastapi_lint.model.middleware.asgi import ScopePaths, Twice, scope_paths
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity


class AsgiGuardWithoutReturn(Rule):
    code = "FAL102"
    name = "asgi-guard-without-return"
    severity = Severity.ERROR
    fix = Fixability.SAFE

    def check_layer(self, layer: Layer, context: Context) -> Iterator[Finding]:
        if layer.function.module.is_test:
            return
        paths = scope_paths(layer, context.application)
        if paths is None:
            return
        for twice in paths.twice.values():
            kinds = " and ".join(f"`{kind}`" for kind in sorted(twice.kinds))
            yield self.at(
                twice.first,
                f"middleware `{layer.label}` passes {kinds} scopes on and does not return",
                why="when the application has finished with such a scope, what follows runs for it "
                "too",
                help="`return` after the call",
                related=[(twice.second, "the same scope arrives here")],
                fix=_leave(twice, layer, paths),
            )


def _leave(twice: Twice, layer: Layer, paths: ScopePaths) -> Fix | None:
    """Return at the end of the branch, if all that gets there has been passed on."""
    frames = frames_at(layer.function.body, twice.first.at)
    if not frames or not isinstance(frames[-1].node, ir.If):
        return None
    _, block = frames[-1].node.branches[frames[-1].index]
    kinds, last = paths.kinds_at(block[0].at), block[-1].at
    if kinds is None or not kinds <= twice.kinds:
        return None
    return Fix.safe("Return", lambda edit: edit.insert_after(last, "return"))
