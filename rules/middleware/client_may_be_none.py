"""
The address of the client is read as if there always were one.

## Why

`request.client` is `None` where the server knows no peer: behind a Unix domain socket, as with
`uvicorn --uds` under nginx, and in requests that tests and other tools make by hand. Then
`request.client.host` is an AttributeError, and the request ends with status 500.

Any test for `None` before the use is enough, in every spelling that a type checker accepts.

## Bad

```python
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/ip")
def ip(request: Request):
    return {"ip": request.client.host}
```

## Good

```python
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/ip")
def ip(request: Request):
    return {"ip": request.client.host if request.client else None}
```

## When to ignore it

In an application that is only ever served over TCP.

## References

- https://www.starlette.io/requests/#client-address
- https://asgi.readthedocs.io/en/latest/specs/www.html#http-connection-scope
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.link import Application
from fastapi_lint.model.middleware.peers import unchecked_peers
from fastapi_lint.rule import Context, Finding, Rule, Severity


class ClientMayBeNone(Rule):
    code = "FAL113"
    name = "client-may-be-none"
    severity = Severity.INFO

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for peer in unchecked_peers(application):
            yield self.at(
                peer.place,
                f"`{peer.function.name}` uses `{peer.what}` without a test for `None`",
                why="behind a Unix socket there is no peer, and the request fails here",
                help=f"test `{peer.what}` first",
            )
