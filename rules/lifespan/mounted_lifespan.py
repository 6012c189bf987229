"""
A mounted application has a lifespan or start-up handlers, which never run.

## Why

The server starts and stops the outermost application alone. `mount` passes requests on to the other
application, but not its start and stop: its `lifespan=`, `on_event` handlers and `on_startup=` are
silently dropped, on every version. Its pools are not opened, and the first request that needs them
fails with an `AttributeError` or worse. It works while the application is run by itself, as it is
in tests and in development.

The rule is silent where a parent's lifespan enters the other one, passes it on, or starts it in a
way that can't be followed.

## Bad

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def load_reports(app: FastAPI) -> AsyncIterator[None]:
    app.state.reports = ["q1", "q2"]
    yield


reports = FastAPI(lifespan=load_reports)
app = FastAPI()
app.mount("/reports", reports)
```

## Good

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def load_reports(app: FastAPI) -> AsyncIterator[None]:
    app.state.reports = ["q1", "q2"]
    yield


reports = FastAPI(lifespan=load_reports)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with reports.router.lifespan_context(reports):
        yield


app = FastAPI(lifespan=lifespan)
app.mount("/reports", reports)
```

## References

- https://fastapi.tiangolo.com/advanced/events/#sub-applications
- https://github.com/fastapi/fastapi/issues/811
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Mount, Place, Router
from fastapi_lint.model.link import Application
from fastapi_lint.rule import Context, Finding, Rule, Severity


class MountedLifespan(Rule):
    code = "FAL608"
    name = "mounted-lifespan"
    severity = Severity.ERROR
    positions = frozenset({"mount", "Mount"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for parent in application.apps:
            by_site: dict[object, list[Mount]] = {}
            for mount in parent.mounts:
                by_site.setdefault(mount.site, []).append(mount)
            for mounts in by_site.values():
                if all(self._is_dead(parent, mount, application) for mount in mounts):
                    yield self._finding(parent, mounts[0], application)

    def _is_dead(self, parent: Router, mount: Mount, application: Application) -> bool:
        sub, lifespans = mount.app, application.lifespans
        if sub is None or not sub.is_app or sub is parent or mount.site.module.is_test:
            return False
        if parent.created is None and not parent.is_fastapi:
            return False
        if _holder(sub, application) is None or not lifespans.does_something(sub):
            return False
        return all(
            lifespans.starts(ancestor, sub) is False
            for ancestor in (parent, *_above(parent, application, ()))
        )

    def _finding(self, parent: Router, mount: Mount, application: Application) -> Finding:
        assert mount.app is not None
        sub = mount.app
        holder = _holder(sub, application) or sub
        what = "lifespan" if holder.lifespan_place else "start-up or shutdown handler"
        place = holder.lifespan_place or holder.events[0].place
        whose = f"{sub.name}`" if holder is sub else f"{sub.name}` (of its router `{holder.name}`)"
        return self.at(
            Place(mount.site.module, mount.site.call.at),
            f"the {what} of `{whose} never runs: it is mounted on `{parent.name}`",
            why="only the outermost application is started; `mount` passes on requests alone",
            help=f"enter `{sub.name}.router.lifespan_context({sub.name})` in the lifespan of "
            f"`{parent.name}`",
            related=[(place, f"the {what}")],
        )


def _above(app: Router, application: Application, seen: tuple[Router, ...]) -> Iterator[Router]:
    """The applications that mount an application, and those above them."""
    for other in application.apps:
        if other not in (app, *seen) and any(mount.app is app for mount in other.mounts):
            yield other
            yield from _above(other, application, (*seen, app))


def _holder(sub: Router, application: Application) -> Router | None:
    """The application or router in it that has something to start or stop."""
    parts = application.lifespans.parts(sub)
    return next((p for p in parts if p.events or application.lifespans.has(p)), None)
