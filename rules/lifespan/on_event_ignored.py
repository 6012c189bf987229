"""
A start-up or shutdown handler never runs, because the application has a lifespan.

## Why

An application that is given `lifespan=` runs nothing else: handlers registered with `on_event`,
`add_event_handler`, `on_startup=` or `on_shutdown=` on the same application are silently dropped,
on every FastAPI version that has `lifespan`. Connections are not opened, caches not filled, workers
not stopped, and no error or log line says so. (Handlers of an included *router* are another
matter: they do run from FastAPI 0.112.2 on.)

## Bad

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.ready = True
    yield


app = FastAPI(lifespan=lifespan)
app.router.add_event_handler("startup", lambda: print("never printed"))
```

## Good

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.ready = True
    print("printed at start-up")
    yield


app = FastAPI(lifespan=lifespan)
```

## References

- https://fastapi.tiangolo.com/advanced/events/#alternative-events-deprecated
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Event
from fastapi_lint.model.values import Argument, FunctionValue, Literal, Method, Value
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import walk_all

from ._merging import merge

_HANDLER_LISTS = frozenset({"on_startup", "on_shutdown", "startup", "shutdown", "lifespan_context"})


class OnEventIgnored(Rule):
    code = "FAL602"
    name = "on-event-ignored"
    severity = Severity.ERROR
    fix = Fixability.UNSAFE
    versions = (">=0.93",)
    positions = frozenset(
        {"add_event_handler", "on_event", "on_startup", "on_shutdown", "lifespan"}
    )

    def check_event(self, event: Event, context: Context) -> Iterator[Finding]:
        owner = event.owner
        given = [value for value in owner.lifespans if not isinstance(value, Argument)]
        if not owner.is_app or not given or Literal(None) in given or owner.lifespan_place is None:
            return
        if owner.is_fastapi and context.targets(event.place.module).fastapi.below("0.93"):
            return
        if any(_runs_handlers(value) for value in given):
            return
        yield self.at(
            event.place,
            f"this {event.event or 'event'} handler never runs: "
            f"the application `{owner.name}` has a lifespan",
            why="an application with `lifespan=` drops its other start-up and shutdown handlers",
            help="move it into the lifespan",
            related=[(owner.lifespan_place, "the lifespan is given here")],
            fix=merge(owner, context),
        )


def _runs_handlers(lifespan: Value) -> bool:
    """Whether a lifespan runs the registered handlers by itself."""
    return isinstance(lifespan, (FunctionValue, Method)) and any(
        isinstance(part, ir.Attribute) and part.attr in _HANDLER_LISTS
        for part in walk_all(lifespan.function.body)
    )
