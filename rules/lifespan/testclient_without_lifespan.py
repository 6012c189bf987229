"""
A test client requests what needs the lifespan, but never runs it.

## Why

`TestClient(app)` runs the lifespan and the start-up handlers only where it is entered:
`with TestClient(app) as client`. The ASGI transport of HTTPX never does. What start-up puts into
`app.state`, into the lifespan's state or into a variable of a module is missing then, and the
request fails with an AttributeError or a KeyError, or the test sees an application that never
exists in production.

The rule reports a client only where a request of it leads to code that reads such a value, and
where no test sets it or overrides the dependency that reads it.

## Bad

```python
# --- main.py
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.prices = {"tea": 3}
    yield


app = FastAPI(title="Kiosk", version="1.0", lifespan=lifespan)


@app.get("/prices")
def prices(request: Request) -> dict[str, int]:
    return request.app.state.prices
# --- test_main.py
from fastapi.testclient import TestClient

from main import app

client = TestClient(app)


def test_prices() -> None:
    assert client.get("/prices").json() == {"tea": 3}
```

## Good

```python
# --- main.py
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.prices = {"tea": 3}
    yield


app = FastAPI(title="Kiosk", version="1.0", lifespan=lifespan)


@app.get("/prices")
def prices(request: Request) -> dict[str, int]:
    return request.app.state.prices
# --- test_main.py
from fastapi.testclient import TestClient

from main import app


def test_prices() -> None:
    with TestClient(app) as client:
        assert client.get("/prices").json() == {"tea": 3}
```

## References

- https://fastapi.tiangolo.com/advanced/testing-events/
- https://github.com/florimondmanca/asgi-lifespan
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.link import Application
from fastapi_lint.model.suites.unstarted import Clients
from fastapi_lint.rule import Context, Finding, Rule, Severity


class TestclientWithoutLifespan(Rule):
    code = "FAL609"
    name = "testclient-without-lifespan"
    severity = Severity.WARNING
    positions = frozenset({"ASGITransport"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for client in Clients(application).unstarted():
            entered = client.kind == "TestClient"
            yield self.at(
                client.place,
                f"this `{client.kind}` does not run the start-up of the application, "
                f"but `{client.path}` needs `{client.need.name}` from it",
                why="`TestClient` runs the lifespan only inside of its `with` block"
                if entered
                else "the ASGI transport of HTTPX never runs the lifespan",
                help="`with TestClient(app) as client:`"
                if entered
                else "enter `app.router.lifespan_context(app)` around the client, "
                "or use `asgi_lifespan.LifespanManager`",
                related=[
                    (client.request, "requested here"),
                    (client.read, f"`{client.need.name}` is read here"),
                    (client.need.place, "and set at start-up"),
                ],
            )
