"""
Middleware is added to an application that has already started, which is an error.

## Why

The application puts its middleware together once, when it is first called. That is before the
lifespan and the start-up handlers run: what they add comes too late, like everything that an
endpoint adds. Starlette raises a RuntimeError, "Cannot add middleware after an application has
started". In a lifespan or start-up handler this keeps the server from starting.

The rule follows the functions that a lifespan calls. It is silent about another application that is
made there, and about code that resets `middleware_stack`.

## Bad

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.add_middleware(GZipMiddleware, minimum_size=500)
    yield


app = FastAPI(lifespan=lifespan)
```

## Good

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.ready = True
    yield


app = FastAPI(lifespan=lifespan)
app.add_middleware(GZipMiddleware, minimum_size=500)
```

## References

- https://fastapi.tiangolo.com/advanced/middleware/
- https://fastapi.tiangolo.com/advanced/events/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Place
from fastapi_lint.model.link import Application
from fastapi_lint.model.middleware.late import Lateness
from fastapi_lint.rule import Context, Finding, Rule, Severity

_SEEN = {
    "start": ("when the application starts", "the application does not start"),
    "stop": ("when the application stops", "the application does not stop cleanly"),
    "request": ("while a request is answered", "the request fails"),
}


class MiddlewareAddedAfterStartup(Rule):
    code = "FAL115"
    name = "middleware-added-after-startup"
    severity = Severity.ERROR
    positions = frozenset({"add_middleware", "middleware"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        lateness = Lateness(application)
        for site in application.index.calls("add_middleware", "middleware"):
            found = None if site.module.is_test else lateness.of(site)
            if found is None:
                continue
            moment, consequence = _SEEN[found.moment]
            yield self.at(
                Place(site.module, site.call.at),
                f"middleware is added {moment}, in `{found.function.name}`",
                why="RuntimeError: Cannot add middleware after an application has started; "
                f"{consequence}",
                help="add it where the application is made; what it needs can be read from "
                "`app.state` when a request comes",
                related=[(found.place, f"`{found.function.name}` runs then")],
            )
