"""
The start-up or shutdown handlers of an included router run more than once.

## Why

`include_router` copies the handlers of the router to the application, and since FastAPI 0.112.2 it
also merges the router's lifespan into the application's. An application without `lifespan=` runs
its handlers, among them the copies, and then the router's: a handler of a router that is included
directly runs twice, through one more router three times. Pools are opened twice (and one of them
never closed), jobs are scheduled twice, seeds are inserted twice.

Handlers of a router whose application has a `lifespan=` run once. So do handlers that are added
after `include_router`, and the lifespan of a router.

## Bad

```python
from fastapi import APIRouter, FastAPI

router = APIRouter(on_startup=[lambda: print("printed twice")])

app = FastAPI()
app.include_router(router)
```

## Good

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    print("printed once")
    yield


router = APIRouter(lifespan=lifespan)
```

## Versions

FastAPI 0.112.2 and later. Before, the handlers run once, but lifespans of routers never run.

## References

- https://fastapi.tiangolo.com/advanced/events/
- https://fastapi.tiangolo.com/release-notes/#01122-2024-08-24
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Event, Include, Place, Router
from fastapi_lint.model.link import Application
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

from ._merging import merge

_TIMES = {2: "twice", 3: "three times"}


class RouterStartupRunsTwice(Rule):
    code = "FAL614"
    name = "router-startup-runs-twice"
    severity = Severity.ERROR
    fix = Fixability.UNSAFE
    versions = (">=0.112.2",)
    positions = frozenset({"add_event_handler", "on_event", "on_startup", "on_shutdown"})

    def check_event(self, event: Event, context: Context) -> Iterator[Finding]:
        owner, application = event.owner, context.application
        targets = context.targets(event.place.module)
        if owner.is_app or not owner.is_fastapi or targets.fastapi.below("0.112.2"):
            return
        if event.place.module.is_test or application.lifespans.has(owner) is not False:
            return
        for app in application.apps:
            paths = [p for p in _paths(app, owner, ()) if _added_before(event, p[-1])]
            if not app.is_fastapi or not paths or application.lifespans.has(app) is not False:
                continue
            times = sum(2 + self._between(path, application) for path in paths)
            what = {"startup": "start-up", "shutdown": "shutdown"}.get(event.event or "", "event")
            yield self.at(
                event.place,
                f"this {what} handler of the router `{owner.name}` runs "
                f"{_TIMES.get(times, f'{times} times')}",
                why=f"{targets.fastapi.label} copies it to `{app.name}`, which has no lifespan, "
                "and runs it with the router's own lifespan as well",
                help="give the router a `lifespan=` instead, which runs once",
                related=[
                    (Place(path[-1].site.module, path[-1].site.at), "the router is included here")
                    for path in paths[:3]
                ],
                fix=merge(owner, context),
            )
            return

    def _between(self, path: tuple[Include, ...], application: Application) -> int:
        """How many routers on the way run the copies that they were given."""
        between = [include.child for include in path[:-1]]
        return sum(application.lifespans.has(router) is False for router in between)


def _paths(
    router: Router, wanted: Router, above: tuple[Include, ...]
) -> Iterator[tuple[Include, ...]]:
    """The ways in which a router gets into another one."""
    if len(above) > 8:
        return
    for include in router.includes:
        path = (*above, include)
        if include.child is wanted:
            yield path
        elif include.child is not router:
            yield from _paths(include.child, wanted, path)


def _added_before(event: Event, include: Include) -> bool:
    """Whether a handler is certainly there when its router is included."""
    if event.site is None:
        return True
    scope, including = event.site.scope, include.site.scope
    if scope is including:
        return event.place.at < include.site.at
    return event.owner.created is not None and event.owner.created[1] is scope
