"""
A mounted application has a lifespan or start-up handlers, which never run.

## Why

The server starts and stops the outermost application alone. `mount` passes requests on to the other
application, but not its start and stop: its `lifespan=`, `on_event` handlers and `on_startup=` are
silently dropped, on every version. Its pools are not opened, and the first request that needs them
fails with an `AttributeError` or worse. It works while the application is run by itself, as it is
in tests and in development.

The application of an MCP server (`streamable_http_app()`, `http_app()`) is such a one: it starts
its session manager in its lifespan.

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
from fastapi_lint.model.lifespan.mounted import above, holder_of, is_dead_server
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
                elif mounts[0].app is None and is_dead_server(parent, mounts[0], application):
                    yield self._server(parent, mounts[0])

    def _is_dead(self, parent: Router, mount: Mount, application: Application) -> bool:
        sub, lifespans = mount.app, application.lifespans
        if sub is None or not sub.is_app or sub is parent or mount.site.module.is_test:
            return False
        if parent.created is None and not parent.is_fastapi:
            return False
        if holder_of(sub, application) is None or not lifespans.does_something(sub):
            return False
        return all(
            lifespans.starts(ancestor, sub) is False
            for ancestor in (parent, *above(parent, application, ()))
        )

    def _finding(self, parent: Router, mount: Mount, application: Application) -> Finding:
        assert mount.app is not None
        sub = mount.app
        holder = holder_of(sub, application) or sub
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

    def _server(self, parent: Router, mount: Mount) -> Finding:
        return self.at(
            Place(mount.site.module, mount.site.call.at),
            f"the MCP server mounted on `{parent.name}` is never started",
            why="only the outermost application is started; the server refuses requests with "
            "`Task group is not initialized`",
            help=f"run its session manager (or its application's `lifespan`) in the lifespan of "
            f"`{parent.name}`",
        )
