"""
A client, pool, engine or task that is opened at start-up is never released.

## Why

What a lifespan opens before its `yield` stays open until something closes it: connections remain
with the server on the other side, buffered messages are not sent, `ResourceWarning`s and "Unclosed
client session" appear at exit, and tests that start the application leak one pool per run. A task
in an endless loop that nobody cancels goes on working while the resources that it uses are closed.

The rule follows the resource through variables, attributes, helpers and objects that are made with
it, and is content with any call that may release it: `close` and its like, `with`, an exit stack, a
helper that closes. No `finally` is demanded: the code after `yield` runs at shutdown.

## Bad

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.client = httpx.AsyncClient()
    yield


app = FastAPI(lifespan=lifespan)
```

## Good

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with httpx.AsyncClient() as client:
        app.state.client = client
        yield


app = FastAPI(lifespan=lifespan)
```

## References

- https://fastapi.tiangolo.com/advanced/events/
- https://www.python-httpx.org/async/#opening-and-closing-clients
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place, Router
from fastapi_lint.model.lifespan.resources import Kind
from fastapi_lint.model.link import Application
from fastapi_lint.model.program import Site
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Rule, Severity


class ResourceNotReleased(Rule):
    code = "FAL605"
    name = "resource-not-released"
    severity = Severity.WARNING
    positions = frozenset({"create_task", "ensure_future"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        starting: dict[Function, tuple[int, Router]] = {}
        for owner in application.owners():
            if owner.place.module.is_test or not (owner.lifespans or owner.events):
                continue
            for function, end in application.lifespans.at_start(owner).items():
                starting.setdefault(function, (end, owner))
        if not starting:
            return
        for site, kind in application.resources.leaks(starting):
            opener = site.scope.owner
            assert isinstance(opener, Function)
            end, owner = starting[opener]
            if site.at <= end:
                yield self._finding(site, kind, opener, owner)

    def _finding(self, site: Site, kind: Kind, function: Function, owner: Router) -> Finding:
        where = owner.lifespan_place or owner.events[0].place
        release = " or ".join(f"`{name}`" for name in kind.release)
        ends = "runs on while the application stops" if kind.group == "task" else "stays open"
        shown = ir.last_name(site.call.func)
        related = []
        if where.module is not function.module or not function.node.is_generator:
            related.append((where, f"`{owner.name}` is started here"))
        return self.at(
            Place(site.module, site.call.at),
            f"the {kind.title} that `{function.name}` opens with `{shown}` is never released",
            why=f"nothing in the project calls {release} on it: it {ends}",
            help=f"call {release} after the `yield`, or open it with `async with`"
            if kind.group in ("http", "redis")
            else f"call {release} after the `yield`",
            related=related,
        )
