"""
A middleware compares paths to run logic that belongs to single routes.

## Why

A list of paths in a middleware is a second routing table. Nothing keeps the two in step: a route
that is renamed, gets a prefix or a trailing slash silently loses its check, or is refused where it
was public. A dependency of the router (or of `include_router`) moves with its routes, is shown in
the OpenAPI schema, can raise HTTPException and can be overridden in tests.

The rule reports branches on literal paths in middleware that decides who may ask (it answers 401 or
403), and branches that answer some routes themselves. It says nothing about paths that logging,
metrics or a rate limit leave out. It is optional.

## Bad

```python
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def paying_customers_only(request: Request, call_next):
    if request.url.path == "/reports" and request.headers.get("x-plan") != "paid":
        return JSONResponse({"detail": "please upgrade"}, status_code=402)
    return await call_next(request)


@app.get("/reports")
async def reports() -> list[str]:
    return []
```

## Good

```python
from fastapi import Depends, FastAPI, HTTPException, Request


async def paying_customers_only(request: Request) -> None:
    if request.headers.get("x-plan") != "paid":
        raise HTTPException(402, "please upgrade")


app = FastAPI()


@app.get("/reports", dependencies=[Depends(paying_customers_only)])
async def reports() -> list[str]:
    return []
```

## References

- https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-in-path-operation-decorators/
- https://fastapi.tiangolo.com/tutorial/bigger-applications/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.layers import Layer
from fastapi_lint.model.middleware.branching import branchings
from fastapi_lint.model.middleware.wrapping import is_middleware
from fastapi_lint.rule import Context, Finding, Rule, Severity

_SHOWN = 3


class RouteLogicInMiddleware(Rule):
    code = "FAL114"
    name = "route-logic-in-middleware"
    severity = Severity.INFO
    default = False

    def check_layer(self, layer: Layer, context: Context) -> Iterator[Finding]:
        application = context.application
        if layer.function.module.is_test or not is_middleware(layer, application):
            return
        for found in branchings(layer, application):
            paths = ", ".join(f"`{path}`" for path in found.paths[:_SHOWN])
            more = ", ..." if len(found.paths) > _SHOWN else ""
            what = "decides by path who may ask" if found.checks else "answers single routes itself"
            yield self.at(
                found.place,
                f"middleware `{layer.label}` {what} ({paths}{more})",
                why="a route that is renamed or gets a prefix is not matched any more, and nothing "
                "says so",
                help="make it a dependency of these routes or of their router",
            )
