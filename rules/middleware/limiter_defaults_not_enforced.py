"""
The default limits of a slowapi limiter hold for no route, or not for all.

## Why

`Limiter(default_limits=...)` and `application_limits=` only write the limits down. What applies
them to routes without a limit of their own is `SlowAPIMiddleware` (or `SlowAPIASGIMiddleware`).
Without it these routes answer any number of requests, and nothing says so.

## Versions

From FastAPI 0.137 on, routes of an included router are not entries of `app.routes` any more, and
the middleware of slowapi does not find them there: although it is installed, only the routes of the
application itself are limited.

## Bad

```python
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.util import get_remote_address

app = FastAPI(title="Shop", version="1.0")
app.state.limiter = Limiter(
    key_func=get_remote_address, default_limits=["60/minute"], storage_uri="redis://cache:6379"
)


@app.get("/rates")
async def rates() -> dict[str, float]:
    return {"EUR": 1.0}
```

## Good

```python
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.middleware import SlowAPIASGIMiddleware
from slowapi.util import get_remote_address

app = FastAPI(title="Shop", version="1.0")
app.state.limiter = Limiter(
    key_func=get_remote_address, default_limits=["60/minute"], storage_uri="redis://cache:6379"
)
app.add_middleware(SlowAPIASGIMiddleware)


@app.get("/rates")
async def rates() -> dict[str, float]:
    return {"EUR": 1.0}
```

## References

- https://github.com/laurentS/slowapi/issues/26
- https://github.com/laurentS/slowapi/issues/281
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Middleware, Place, Route
from fastapi_lint.model.link import Application
from fastapi_lint.model.middleware.limits import MIDDLEWARE
from fastapi_lint.model.program import Site
from fastapi_lint.model.values import External
from fastapi_lint.rule import Context, Finding, Rule, Severity

_ORIGINALS = tuple(External(name) for name in MIDDLEWARE)


class LimiterDefaultsNotEnforced(Rule):
    code = "FAL121"
    name = "limiter-defaults-not-enforced"
    security = True
    severity = Severity.ERROR
    positions = frozenset({"Limiter"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for limiter in application.limits.limiters:
            option = application.limits.defaults(limiter)
            if option is None or limiter.module.is_test:
                continue
            where = [m for m in application.middleware if application.limits.enforces(m)]
            if where:
                yield from self._included(limiter, option, where, application, context)
            elif not application.limits.is_enforced_elsewhere:
                yield from self._nowhere(limiter, option, application)

    def _nowhere(self, limiter: Site, option: str, application: Application) -> Iterator[Finding]:
        routes = [r for app in application.apps for r, _ in app.reachable(mounts=False)]
        free = [route for route in routes if _is_free(route, application)]
        if free:
            yield self.at(
                Place(limiter.module, limiter.call.at),
                f"nothing enforces the `{option}` of this limiter: "
                "no application has `SlowAPIMiddleware`",
                why=f"{_named(free)} may be called any number of times",
                help="`app.add_middleware(SlowAPIMiddleware)`",
                related=[(free[0].place, "not limited")],
            )

    def _included(
        self,
        limiter: Site,
        option: str,
        where: list[Middleware],
        application: Application,
        context: Context,
    ) -> Iterator[Finding]:
        fastapi = context.targets(limiter.module).fastapi
        if fastapi.below("0.137") or any(m.target not in _ORIGINALS for m in where):
            return
        calls = {id(middleware.call): middleware for middleware in where}
        for app in application.apps:
            mine = next((calls[id(m.call)] for m in app.middleware if id(m.call) in calls), None)
            free = [
                route
                for include in app.includes
                for route, _ in include.child.reachable(mounts=False)
                if _is_free(route, application)
            ]
            if mine is None or not free:
                continue
            yield self.at(
                Place(limiter.module, limiter.call.at),
                f"the `{option}` of this limiter do not hold for the routes of included routers",
                why=f"on {fastapi.label} `{mine.name}` does not find them, so {_named(free)} may "
                "be called any number of times",
                help="put `@limiter.limit(...)` on these routes",
                related=[
                    (mine.place, "only the application's own routes are limited here"),
                    (free[0].place, "not limited"),
                ],
            )
            return


def _is_free(route: Route, application: Application) -> bool:
    return (
        not route.is_websocket
        and route.endpoint is not None
        and not application.limits.on(route)
        and not application.limits.is_exempt(route.endpoint)
    )


def _named(routes: list[Route]) -> str:
    endpoint = routes[0].endpoint
    assert endpoint is not None
    others = len({id(route.endpoint) for route in routes}) - 1
    more = f" and {others} other routes" if others > 1 else " and another route" if others else ""
    return f"`{endpoint.name}`{more}"
