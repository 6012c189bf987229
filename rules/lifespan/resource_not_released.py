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
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place, Router
from fastapi_lint.model.lifespan.resources import Kind
from fastapi_lint.model.link import Application
from fastapi_lint.model.program import Site
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import own_parts

from ._writing import around, dotted

_AWAITED = frozenset({"http", "engine", "redis"})
_AT_ONCE = frozenset({"task", "scheduler"})


class ResourceNotReleased(Rule):
    code = "FAL605"
    name = "resource-not-released"
    severity = Severity.WARNING
    fix = Fixability.UNSAFE
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
            fix=_release(site, kind, function),
        )


def _release(site: Site, kind: Kind, function: Function) -> Fix | None:
    """Release it after the `yield` of the lifespan that opens it, under the name that it has."""
    place = around(function)
    opening = next((n for n in function.body if any(p is site.call for p in own_parts(n))), None)
    name = _name(opening, site.call)
    if place is None or not name or kind.group not in _AWAITED | _AT_ONCE:
        return None
    release = f"{name}.{kind.release[0]}()"
    code = f"await {release}" if kind.is_async and kind.group in _AWAITED else release

    def recipe(edit: Editor) -> None:
        place.after(edit, code)

    return Fix.unsafe(f"Call `{kind.release[0]}` after the `yield`", recipe)


def _name(node: ir.Stmt | None, call: ir.Call) -> str:
    """What a statement calls the resource that a call in it opens; empty if nothing certain."""
    match node:
        case ir.Assign((target,), ir.Await(value) | value) if value is call:
            return dotted(target)
        case ir.Expression(ir.Await(value) | value) if value is call:
            return dotted(call.func.value) if isinstance(call.func, ir.Attribute) else ""
    return ""
