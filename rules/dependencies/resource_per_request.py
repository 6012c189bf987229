"""
An engine, pool or client that should be shared is made anew for every request.

## Why

An engine, a Redis or MongoDB client, a pool and an AWS client keep connections (or loaded service
descriptions) so that they can be used again. Made inside a dependency or an endpoint they start
empty each time: every request opens its own connection, with its handshakes, and drops it, and
under load the server on the other side runs out of connections. Made once, in a lifespan or at
module level, they hand out connections that are already open.

The rule is silent where what is made is kept (in a global, in `app.state`, in a dict, by
`lru_cache`), and where its arguments depend on the request, as for one database per tenant.

## Bad

```python
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session


def get_session() -> Iterator[Session]:
    engine = create_engine("postgresql://db/shop")
    with Session(engine) as session:
        yield session


app = FastAPI()


@app.get("/orders")
def count_orders(session: Annotated[Session, Depends(get_session)]) -> int:
    return session.scalar(text("select count(*) from orders"))
```

## Good

```python
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

engine = create_engine("postgresql://db/shop")


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


app = FastAPI()


@app.get("/orders")
def count_orders(session: Annotated[Session, Depends(get_session)]) -> int:
    return session.scalar(text("select count(*) from orders"))
```

## References

- https://docs.sqlalchemy.org/en/20/core/connections.html#basic-usage
- https://redis.readthedocs.io/en/stable/connections.html
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.link import Application
from fastapi_lint.rule import Context, Finding, Rule, Severity


class ResourcePerRequest(Rule):
    code = "FAL314"
    name = "resource-per-request"
    severity = Severity.WARNING

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for found in application.per_request.all():
            function, site = found.function, found.site
            if application.serves_only_websockets(function):
                continue
            is_endpoint = function in application.graph.endpoints
            what = "endpoint" if is_endpoint else "dependency"
            related = []
            if site.scope.owner is not function:
                place = Place(function.module, function.node.at)
                related.append((place, f"the {what} `{function.name}` runs it for each request"))
            yield self.at(
                Place(site.module, site.call.at),
                f"`{ir.last_name(site.call.func)}` makes a new {found.kind.title} for every "
                f"request of the {what} `{function.qualname}`",
                why="nothing is used again: its connections and what it has loaded are lost"
                if found.kind.group == "cloud"
                else "its pool is used for one request: no connection is ever used again",
                help="make it once, in a lifespan or at module level, and share it",
                related=related,
            )
