"""
The address of the client is read as if there always were one.

## Why

`request.client` is `None` where the server knows no peer: behind a Unix domain socket, as with
`uvicorn --uds` under nginx, and in requests that tests and other tools make by hand. Then
`request.client.host` is an AttributeError, and the request ends with status 500.

Any test for `None` before the use is enough, in every spelling that a type checker accepts.

The fix puts `None` in the place of an absent address where that only is logged or answered, and
"unknown" where a function promises a text. It is unsafe where the address is handed on.

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

from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.link import Application
from fastapi_lint.model.middleware.peers import Peer, unchecked_peers
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

from ._absent import Substitutes


class ClientMayBeNone(Rule):
    code = "FAL113"
    name = "client-may-be-none"
    severity = Severity.INFO
    fix = Fixability.MIXED

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for peer in unchecked_peers(application):
            yield self.at(
                peer.place,
                f"`{peer.function.name}` uses `{peer.what}` without a test for `None`",
                why="behind a Unix socket there is no peer, and the request fails here",
                help=f"test `{peer.what}` first",
                fix=_substitute(peer, context),
            )


def _substitute(peer: Peer, context: Context) -> Fix | None:
    """Test for the peer in each place, if for each it is known what can stand for its address."""
    substitutes = Substitutes(peer.function, context.evaluator())
    found = [(use, substitutes.of(use)) for use in peer.uses]

    def recipe(edit: Editor) -> None:
        for use, stand in found:
            if use.node is not None and stand is not None:
                there = edit.part(use.at, use.node)
                test = f" if {edit.text(edit.part(there, use.node.value))} else {stand.code}"
                before, after = ("(", ")") if stand.in_parentheses else ("", "")
                edit.wrap(there, before, f"{test}{after}")

    if any(stand is None for _, stand in found):
        return None
    is_safe = all(stand is not None and stand.is_safe for _, stand in found)
    make = Fix.safe if is_safe else Fix.unsafe
    return make(f"Test `{peer.what}` first", recipe)
