"""
A start-up or shutdown handler is registered in the superseded way.

## Why

`lifespan` replaced `on_event`, `add_event_handler`, `on_startup=` and `on_shutdown=` in FastAPI
0.93. The old handlers cannot share local variables between start-up and shutdown, and stop
running altogether, without a word, once somebody gives the application a `lifespan=`. `@on_event`
raises a DeprecationWarning since 0.104. FastAPI still carries `on_event`, but
`app.add_event_handler` is gone as soon as Starlette 1.0 or later is installed.

The fix writes a lifespan that calls the handlers in the order in which they ran, and leaves them as
functions for who else calls them. All handlers of an application move, or none: there is no fix if
one of them is registered in another file, in a branch or by a library, or is made by a call.

The rule is silent below FastAPI 0.93, for other objects that happen to have an `on_event`, and in
tests, whose applications often have such handlers on purpose; what no longer exists is reported
there too.

## Bad

```python
from fastapi import FastAPI

app = FastAPI()


@app.on_event("startup")
async def connect() -> None:
    app.state.greeting = "hello"
```

## Good

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.greeting = "hello"
    yield


app = FastAPI(lifespan=lifespan)
```

## References

- https://fastapi.tiangolo.com/advanced/events/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Event
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

from ._merging import merge


class OnEvent(Rule):
    code = "FAL601"
    name = "on-event"
    severity = Severity.WARNING
    fix = Fixability.UNSAFE
    versions = (">=0.93",)
    positions = frozenset({"add_event_handler", "on_event", "on_startup", "on_shutdown"})

    def check_event(self, event: Event, context: Context) -> Iterator[Finding]:
        targets = context.targets(event.place.module)
        if targets.fastapi.below("0.93") or not event.owner.is_fastapi:
            return
        way = f"on_{event.event}=" if event.how == "argument" else event.how
        gone = (
            event.how == "add_event_handler"
            and event.owner.is_app
            and not event.via_router
            and targets.starlette.at_least("1.0")
        )
        if event.place.module.is_test and not gone:
            return
        if gone:
            why = f"{targets.starlette.label} removed it: AttributeError at import"
        elif event.how == "on_event" and targets.fastapi.at_least("0.104"):
            why = f"{targets.fastapi.label} raises a DeprecationWarning for it"
        else:
            why = "it stops running, without a word, once the app is given a `lifespan=`"
        yield self.at(
            event.place,
            f"`{way}` is superseded by `lifespan`",
            why=why,
            help="move start-up and shutdown into one `lifespan` context manager",
            severity=Severity.ERROR if gone else None,
            fix=merge(event.owner, context),
        )
