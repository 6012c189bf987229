"""
A pure ASGI middleware reads what only requests have, so start-up code never runs.

## Why

A middleware gets every scope of the server: requests, WebSockets, and the one scope in which the
server starts and stops the application. That *lifespan* scope has no path, no headers and no
client, and `Request(scope)` refuses it. The exception that follows is taken by the server as "this
application has no lifespan": uvicorn logs one line at level INFO and serves, without ever having
run the lifespan function or the start-up handlers. `Request(scope)` refuses WebSockets as well.

The rule follows tests of `scope["type"]` in all their spellings, and looks into helpers that get
the scope. Reads with `.get()`, in a `try` that expects the error, or behind a test that it does not
understand, are not reported; neither is a middleware of an application that is only mounted, which
gets no lifespan.

The fix passes the lifespan on before anything else is done, and WebSockets too where they fail. It
is unsafe: the middleware may have done something for them on other paths.

## Bad

```python
from fastapi import FastAPI


class Audit:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        print("request for", scope["path"])
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Audit)
```

## Good

```python
from fastapi import FastAPI


class Audit:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        print("request for", scope["path"])
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Audit)
```

## References

- https://www.starlette.io/middleware/#pure-asgi-middleware
- https://asgi.readthedocs.io/en/latest/specs/lifespan.html
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.evaluate import Evaluator
from fastapi_lint.model.layers import Layer
from fastapi_lint.model.middleware.asgi import ScopePaths, scope_paths
from fastapi_lint.model.middleware.kinds import HTTP, LIFESPAN, WEBSOCKET, Access
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

from ._passing import first_statement, guard_of, passing


class AsgiMissingScopeGuard(Rule):
    code = "FAL101"
    name = "asgi-missing-scope-guard"
    severity = Severity.ERROR
    fix = Fixability.UNSAFE

    def check_layer(self, layer: Layer, context: Context) -> Iterator[Finding]:
        if layer.function.module.is_test:
            return
        paths = scope_paths(layer, context.application)
        if paths is None:
            return
        for access in paths.first():
            if LIFESPAN not in access.kinds:
                continue
            sockets = ", and WebSocket clients get an error" if WEBSOCKET in access.kinds else ""
            yield self.at(
                access.place,
                f"middleware `{layer.label}` fails for the lifespan scope: `{access.what}` is "
                f'reached without a test of `{layer.scope_name}["type"]`',
                why="uvicorn takes the exception for an application without lifespan and serves "
                f"without having run any start-up code{sockets}",
                help=f'first `if {layer.scope_name}["type"] != "http":`, pass the scope on, and '
                "return",
                related=[(access.inner, "it fails here")] if access.inner is not None else [],
                fix=_guard(layer, access, paths, context.evaluator()),
            )


def _guard(layer: Layer, access: Access, paths: ScopePaths, view: Evaluator) -> Fix | None:
    """Pass on first what fails later: with the guard that comes too late, or a new one."""
    code, first, kinds = passing(layer, view), first_statement(layer), paths.failing_kinds()
    late = guard_of(layer, access.place.at, view)
    test = '!= "http"' if WEBSOCKET in kinds else '== "lifespan"'

    def add(edit: Editor) -> None:
        guard = f'if {layer.scope_name}["type"] {test}:\n    {code}\n    return'
        edit.insert_before(first.at, guard)

    if late is not None:
        passed, at = paths.kinds_at(late.branches[0][1][0].at), late.at
        if passed is not None and kinds <= passed and HTTP not in passed:
            return Fix.unsafe("Test the type first", lambda edit: edit.move_before(at, first.at))
    return Fix.unsafe("Pass other scopes on first", add) if code is not None else None
