"""
An httpx client is made with an app argument that no longer exists.

## Why

HTTPX 0.27 deprecated the argument `app`, and 0.28 removed it: making the client fails with
`TypeError: AsyncClient.__init__() got an unexpected keyword argument 'app'`, in every test that
uses it. A transport takes its place, and does the same on all versions.

## Bad

```python
# --- main.py
from fastapi import FastAPI

app = FastAPI(title="Recipes", version="1.0")


@app.get("/")
def index() -> str:
    return "soup"
# --- test_main.py
import httpx

from main import app


async def test_index() -> None:
    async with httpx.AsyncClient(app=app, base_url="http://test") as client:
        assert (await client.get("/")).json() == "soup"
```

## Good

```python
# --- main.py
from fastapi import FastAPI

app = FastAPI(title="Recipes", version="1.0")


@app.get("/")
def index() -> str:
    return "soup"
# --- test_main.py
import httpx

from main import app


async def test_index() -> None:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/")).json() == "soup"
```

## Versions

An error with HTTPX 0.28 and later, a warning with 0.27. With older versions the rule is silent.

## References

- https://www.python-httpx.org/advanced/transports/#asgi-transport
- https://fastapi.tiangolo.com/advanced/async-tests/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.link import Application
from fastapi_lint.model.suites.async_clients import GivenApp
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity


class AsyncClientApp(Rule):
    code = "FAL610"
    name = "async-client-app"
    severity = Severity.ERROR
    fix = Fixability.SAFE
    positions = frozenset({"app"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for client in application.async_clients.with_app():
            httpx = context.targets(client.place.module).httpx
            if httpx.below("0.27"):
                continue
            removed = httpx.at_least("0.28")
            yield self.at(
                client.place,
                f"`{client.name}` has no argument `app` in {httpx.label}"
                if removed
                else f"the argument `app` of `{client.name}` is deprecated in {httpx.label}",
                why="making the client fails with a TypeError"
                if removed
                else "HTTPX 0.28 does not have it",
                help="`transport=httpx.ASGITransport(app=app)`",
                severity=None if removed else Severity.WARNING,
                fix=_use_transport(client) if client.is_async else None,
            )


def _use_transport(client: GivenApp) -> Fix:
    def recipe(edit: Editor) -> None:
        transport = edit.import_name("httpx", "ASGITransport")
        app = edit.text(edit.value(client.place.at, "app"))
        edit.replace(client.place.at, f"transport={transport}(app={app})")

    return Fix.safe("Give the client an `ASGITransport`", recipe)
