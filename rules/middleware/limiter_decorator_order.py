"""
A slowapi limit stands above the route's decorator, so the route is never limited.

## Why

Decorators are applied from the bottom up. `@app.get(...)` registers the function that it is given
and returns it unchanged; what decorators above it make of the function never reaches the route.
A limit that stands there is set up and counted for nobody: no request is ever answered with 429,
and nothing says so. With `SlowAPIMiddleware` it is even worse than no limit at all, because the
middleware leaves functions that have a limit of their own to their decorator.

## Bad

```python
from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, storage_uri="redis://cache:6379")
app = FastAPI(title="Shop", version="1.0")
app.state.limiter = limiter


@limiter.limit("5/minute")
@app.post("/login")
async def login(request: Request) -> dict[str, str]:
    return {"status": "ok"}
```

## Good

```python
from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, storage_uri="redis://cache:6379")
app = FastAPI(title="Shop", version="1.0")
app.state.limiter = limiter


@app.post("/login")
@limiter.limit("5/minute")
async def login(request: Request) -> dict[str, str]:
    return {"status": "ok"}
```

## References

- https://slowapi.readthedocs.io/en/latest/#fastapi
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Route
from fastapi_lint.model.link import Application
from fastapi_lint.model.middleware.limits import Limit
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity


class LimiterDecoratorOrder(Rule):
    code = "FAL120"
    name = "limiter-decorator-order"
    security = True
    severity = Severity.ERROR
    fix = Fixability.SAFE

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for limit in application.limits.all:
            yield from self._judge(limit, application)

    def _judge(self, limit: Limit, application: Application) -> Iterator[Finding]:
        routes = limit.missed(application.graph.endpoints.get(limit.function, ()))
        if not routes:
            return
        route = routes[0]
        yield self.at(
            limit.place,
            f"`{limit.label}` stands above the route's decorator, "
            f"so requests to `{limit.function.name}` are never limited",
            why="the route was registered with the function as it was below this line",
            help="move it below the route's decorator",
            related=[(route.place, "the route is registered here")],
            fix=_move(limit, routes, application),
        )


def _move(limit: Limit, routes: tuple[Route, ...], application: Application) -> Fix | None:
    """Move the routes' decorators rather than the limit: several limits keep their order.

    Not where something else stands in between, which may be meant for the route alone, nor where a
    limit that works would ask the function for a response to put headers on.
    """
    limits, places = application.limits, sorted({route.site.at for route in routes})
    between = [decorator for decorator in limit.below or () if decorator.at <= places[-1]]
    if limits.may_set_headers or not all(
        limits.wraps_nothing(decorator, limit.function) for decorator in between
    ):
        return None

    def recipe(edit: Editor) -> None:
        for at in places:
            edit.move_before(at, limit.place.at)

    return Fix.safe(f"Move the route's decorator above `{limit.label}`", recipe)
