"""
The client's address comes from the first entry of X-Forwarded-For, which clients write.

## Why

Every proxy appends the address it sees to `X-Forwarded-For`, so the first entry is what the client
itself sent, if it sent any. Code that takes `split(",")[0]` as the address of the client can be
told anything: each request gets its own rate limit, blocked addresses are let in, and logs name the
wrong people. Only the entries at the right end, as many as there are proxies of your own, are
known.

The rule is off unless it is selected, because a proxy that replaces the header makes the first
entry right. It says nothing where the code first asks whether the peer is a trusted proxy.

## Bad

```python
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def show_address(request: Request) -> str:
    forwarded = request.headers.get("X-Forwarded-For", "")
    return forwarded.split(",")[0].strip()
```

## Good

```python
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/")
def show_address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
```

with Uvicorn's `--forwarded-allow-ips` naming the proxies.

## References

- https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For
- https://uvicorn.dev/deployment/#proxies-and-forwarded-headers
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.middleware.forwarded import asks_for_peer, first_taken, is_forwarded_header
from fastapi_lint.model.program import Site
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.sources import Source, Sources
from fastapi_lint.rule import Context, Finding, Rule, Severity


class SpoofableClientIp(Rule):
    code = "FAL124"
    name = "spoofable-client-ip"
    security = True
    severity = Severity.INFO
    default = False
    calls = ("split", "partition")
    positions = frozenset()

    def check_call(self, site: Site, context: Context) -> Iterator[Finding]:
        func, args = site.call.func, site.call.args
        if site.module.is_test or not isinstance(func, ir.Attribute):
            return
        if not args or not isinstance(args[0], ir.Constant) or args[0].value != ",":
            return
        view = context.evaluator()
        finder = Sources(context.application.program, view)
        read = (
            Source(func.value, site.scope, site.at),
            *finder.of(func.value, site.scope, site.at),
        )
        if not any(is_forwarded_header(source, finder, view, 0) for source in read):
            return
        at = first_taken(site.call, site.scope)
        if at is None or asks_for_peer(site.scope):
            return
        owner = site.scope.owner
        who = f"`{owner.name}` takes" if isinstance(owner, Function) else "this takes"
        yield self.at(
            Place(site.module, at),
            f"{who} the client's address from the first entry of `X-Forwarded-For`",
            why="proxies append to the header, so its first entry is whatever the client sent",
            help="let Uvicorn resolve it (`--forwarded-allow-ips` with your proxies) and use "
            "`request.client.host`, or count your proxies from the right",
        )
