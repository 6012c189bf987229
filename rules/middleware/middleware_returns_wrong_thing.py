"""
A middleware gives back something that is no response, so its requests fail.

## Why

Starlette calls what a dispatch function returns, as it calls every response. A forgotten `return`,
a dict, a tuple or an exception is no such thing, and neither is the coroutine of a `call_next` that
was not awaited: each of these requests ends with a TypeError and status 500. Nothing checks it
before.

A pure ASGI middleware has no return value at all: a response has to be sent, by awaiting it with
`scope`, `receive` and `send`. And `add_middleware` wants the class, not an object made from it.

The fix adds a forgotten `await` or request, which is safe, and, to be reviewed, the `return` of a
response that is known, the call that sends a response, the response that an exception describes,
or the class in the place of an object. What status a dict was meant to have, nobody can tell.

## Bad

```python
from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def refuse_old_clients(request: Request, call_next):
    if request.headers.get("x-client-version") == "1":
        return {"detail": "please update"}
    return call_next(request)
```

## Good

```python
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def refuse_old_clients(request: Request, call_next):
    if request.headers.get("x-client-version") == "1":
        return JSONResponse({"detail": "please update"}, status_code=426)
    return await call_next(request)
```

## References

- https://fastapi.tiangolo.com/tutorial/middleware/
- https://www.starlette.io/middleware/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Middleware
from fastapi_lint.model.layers import Layer
from fastapi_lint.model.middleware.outcomes import Outcomes
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

from ._mending import mended, registered


class MiddlewareReturnsWrongThing(Rule):
    code = "FAL105"
    name = "middleware-returns-wrong-thing"
    severity = Severity.ERROR
    fix = Fixability.MIXED
    positions = frozenset({"add_middleware", "Middleware"})

    def check_layer(self, layer: Layer, context: Context) -> Iterator[Finding]:
        if layer.function.module.is_test:
            return
        for wrong in Outcomes(context.application).wrong(layer):
            yield self.at(
                wrong.place,
                f"middleware `{layer.label}` {wrong.what}",
                why=wrong.error,
                help=wrong.help,
                fix=mended(wrong, layer, context),
            )

    def check_middleware(self, middleware: Middleware, context: Context) -> Iterator[Finding]:
        wrong = Outcomes(context.application).registered(middleware)
        if wrong is not None and not middleware.place.module.is_test:
            yield self.at(
                wrong.place,
                f"the app gets {wrong.what} as middleware",
                why=f"every request fails: {wrong.error}",
                help=wrong.help,
                fix=registered(wrong, middleware),
            )
