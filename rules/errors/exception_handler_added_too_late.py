"""
An exception handler is registered when the application has already started.

## Why

The handlers are collected when the middleware stack is built, which is before the lifespan and the
start-up handlers run. A handler that is registered there is silently without effect: the exceptions
are answered as if it did not exist.

## Bad

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse


class OutOfStock(Exception):
    pass


async def out_of_stock(request: Request, exc: Exception) -> JSONResponse:
    return JSONResponse({"detail": "out of stock"}, status_code=409)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.add_exception_handler(OutOfStock, out_of_stock)
    yield


app = FastAPI(lifespan=lifespan)
```

## Good

```python
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse


class OutOfStock(Exception):
    pass


async def out_of_stock(request: Request, exc: Exception) -> JSONResponse:
    return JSONResponse({"detail": "out of stock"}, status_code=409)


app = FastAPI()
app.add_exception_handler(OutOfStock, out_of_stock)
```

## References

- https://fastapi.tiangolo.com/tutorial/handling-errors/#install-custom-exception-handlers
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.link import Application
from fastapi_lint.model.middleware.late import Late, Lateness
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import statements


class ExceptionHandlerAddedTooLate(Rule):
    code = "FAL716"
    name = "exception-handler-added-too-late"
    severity = Severity.ERROR
    positions = frozenset({"exception_handler", "add_exception_handler"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        lateness = Lateness(application)
        for site in application.index.calls("add_exception_handler", "exception_handler"):
            found = None if site.module.is_test else lateness.of(site)
            if found is not None and found.moment != "stop":
                yield self._too_late(Place(site.module, site.call.at), found)
        for function in application.index.functions_naming("exception_handlers"):
            for node in () if function.module.is_test else statements(function.body):
                match node:
                    case ir.Assign((ir.Subscript(ir.Attribute(app, "exception_handlers")),)):
                        found = lateness.touched(app, function.scope, node.at)
                        if found is not None and found.moment != "stop":
                            yield self._too_late(Place(function.module, node.at), found)

    def _too_late(self, place: Place, found: Late) -> Finding:
        return self.at(
            place,
            "this exception handler is registered too late and never used",
            why="the application collects its handlers before it starts",
            help="register it where the application is made",
            related=[(found.place, "this runs when the application has started")],
        )
