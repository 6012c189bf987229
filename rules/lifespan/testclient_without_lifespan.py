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

The fix must be reviewed, because the tests then run a start-up that may ask for a database or a
broker that is not there.

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

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.link import Application
from fastapi_lint.model.program import Site
from fastapi_lint.model.scopes import Function, Scope
from fastapi_lint.model.suites.unstarted import Clients, Unstarted
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import own_parts, statements, walk_all


class TestclientWithoutLifespan(Rule):
    code = "FAL609"
    name = "testclient-without-lifespan"
    severity = Severity.WARNING
    fix = Fixability.UNSAFE
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
                fix=_enter(client, application) if entered else None,
            )


def _enter(client: Unstarted, application: Application) -> Fix | None:
    """Enter the client around what uses it: the rest of a function, or functions of the module."""
    site = next(
        site
        for site in application.index.calls(*application.index.spellings("TestClient"))
        if (site.module, site.call.at) == (client.place.module, client.place.at)
    )
    for index, node in enumerate(site.scope.body):
        match node:
            case ir.Assign((ir.Name(name),), value) if value is site.call:
                if len(site.scope.bindings[name]) > 1:
                    return None
                if site.scope.kind == "module":
                    return _enter_in_functions(name, site, application)
                return _enter_for_the_rest(name, node, site.scope.body[index + 1 :])
            case ir.Return(value) if value is site.call:
                return _enter_in_fixture(node, site)
    return None


def _enter_in_fixture(given: ir.Return, site: Site) -> Fix | None:
    fixture = site.scope.owner
    if not isinstance(fixture, Function) or not fixture.has_decorator("fixture"):
        return None
    if any(isinstance(n, ir.Return) and n is not given for n in statements(fixture.body)):
        return None
    name = "test_client" if "client" in site.scope.bindings else "client"

    def recipe(edit: Editor) -> None:
        edit.enclose(given.at, given.at, f"with {edit.text(site.call.at)} as {name}:")
        edit.replace(given.at, f"yield {name}")
        if fixture.node.returns is not None:
            iterator = edit.import_name("collections.abc", "Iterator")
            edit.wrap(edit.returns(fixture.node.at), f"{iterator}[", "]")

    return Fix.unsafe("Enter the client in the fixture", recipe)


def _enter_for_the_rest(name: str, made: ir.Assign, rest: tuple[ir.Stmt, ...]) -> Fix | None:
    if not rest or any(
        isinstance(node, ir.Return) and node.value == ir.Name(name) for node in statements(rest)
    ):
        return None

    def recipe(edit: Editor) -> None:
        assert made.value is not None
        text = edit.text(edit.part(made.at, made.value))
        edit.enclose(rest[0].at, rest[-1].at, f"with {text} as {name}:")
        edit.delete(made.at)

    return Fix.unsafe("Enter the client", recipe)


def _enter_in_functions(name: str, site: Site, application: Application) -> Fix | None:
    module = site.module
    using = [function for function in module.functions() if _uses(function.scope, name)]
    mentions = [part for part in walk_all(module.node.body) if part == ir.Name(name)]
    if not using or len(mentions) > 1:
        return None
    if any(
        isinstance(binding.source, ir.Import) and binding.source.name == name
        for other in application.index.modules
        for binding in other.scope.bindings.get(name, ())
    ):
        return None

    def recipe(edit: Editor) -> None:
        for function in using:
            body = _after_docstring(function)
            edit.enclose(body[0].at, body[-1].at, f"with {name}:")

    return Fix.unsafe("Enter the client in each function that uses it", recipe)


def _uses(scope: Scope, name: str) -> bool:
    """Whether a function, or one inside of it, reads a variable of its module."""
    if name in scope.bindings:
        return False
    return any(
        part == ir.Name(name) for node in statements(scope.body) for part in own_parts(node)
    ) or any(_uses(inner.scope, name) for inner in scope.functions.values())


def _after_docstring(function: Function) -> tuple[ir.Stmt, ...]:
    match function.body:
        case (ir.Expression(ir.Constant(str())), _, *_):
            return function.body[1:]
    return function.body
