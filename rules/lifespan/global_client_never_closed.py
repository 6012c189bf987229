"""
A client that lives as long as the process is never closed.

## Why

An `httpx.AsyncClient`, `aiohttp.ClientSession` or asynchronous Redis client that a module creates
when it is imported has no owner: nothing closes it at shutdown, its connections stay open, and
aiohttp and redis complain about it ("Unclosed client session") when the interpreter exits. It is
also bound to the event loop of its first use, so the next test, with a loop of its own, fails with
"Event loop is closed". A lifespan opens it in the running loop and closes it at shutdown.

The rule is silent for clients of synchronous libraries, for scripts, and where anything in the
project may close the client.

## Bad

```python
import httpx
from fastapi import FastAPI

client = httpx.AsyncClient(base_url="https://rates.example")
app = FastAPI()


@app.get("/rates")
async def read_rates() -> dict[str, float]:
    response = await client.get("/latest")
    return response.json()
```

## Good

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with httpx.AsyncClient(base_url="https://rates.example") as client:
        app.state.client = client
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/rates")
async def read_rates(request: Request) -> dict[str, float]:
    response = await request.app.state.client.get("/latest")
    return response.json()
```

## References

- https://www.python-httpx.org/async/#opening-and-closing-clients
- https://docs.aiohttp.org/en/stable/client_advanced.html#graceful-shutdown
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.lifespan.resources import Kind
from fastapi_lint.model.link import Application
from fastapi_lint.model.program import Site
from fastapi_lint.rule import Context, Finding, Rule, Severity


class GlobalClientNeverClosed(Rule):
    code = "FAL607"
    name = "global-client-never-closed"
    severity = Severity.WARNING

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        apps = [app for app in application.apps if not app.place.module.is_test]
        if not apps:
            return
        serving = {owner.place.module for owner in application.owners()}
        for site, kind, name in application.resources.globals():
            if kind.group not in ("http", "redis") or not kind.is_async:
                continue
            module = site.module
            if module in serving or application.resources.is_part_of_application(module):
                yield self._finding(site, kind, name)

    def _finding(self, site: Site, kind: Kind, name: str) -> Finding:
        release = " or ".join(f"`{word}`" for word in kind.release)
        shown = ir.last_name(site.call.func)
        return self.at(
            Place(site.module, site.call.at),
            f"the {kind.title} `{name}` (`{shown}`) lives as long as the process and is not closed",
            why=f"nothing in the project calls {release} on it, so its connections outlive the app",
            help="open it in a lifespan with `async with` and keep it in `app.state`",
        )
