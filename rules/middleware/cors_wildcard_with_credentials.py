"""
CORS lets every website act with the logged-in user's credentials.

## Why

A wildcard origin together with `allow_credentials=True` is not refused and not broken: Starlette
answers with the caller's own origin and `Access-Control-Allow-Credentials: true`. Any page that a
logged-in user visits can then call this API with the user's cookies and read the answers. With
Starlette 1.0 and later every response is reflected like that; before, each response to a request
with a cookie and each preflight.

The same holds for `allow_origins="*"` and for an `allow_origin_regex` that matches every origin.
The rule follows constants, settings and environment defaults. It says nothing when credentials are
an expression that cannot be resolved (then `cors-wildcard-origin` speaks), and reports branches
that only run in development as information.

## Bad

```python
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
```

## Good

```python
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origins=["https://app.example.com"], allow_credentials=True
)
```

## References

- https://fastapi.tiangolo.com/tutorial/cors/
- https://www.starlette.io/middleware/#corsmiddleware
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Middleware
from fastapi_lint.rule import Context, Finding, Rule, Severity

from ._cors import POSITIONS, wildcard


class CorsWildcardWithCredentials(Rule):
    code = "FAL131"
    name = "cors-wildcard-with-credentials"
    security = True
    severity = Severity.ERROR
    positions = POSITIONS

    def check_middleware(self, middleware: Middleware, context: Context) -> Iterator[Finding]:
        found = wildcard(middleware, context)
        if found is None or not found.credentials:
            return
        starlette = context.targets(middleware.place.module).starlette
        reflected = (
            "every response"
            if starlette.at_least("1.0")
            else "each preflight and each response to a request with a cookie"
        )
        where = "" if found.in_production else ", in development"
        yield self.at(
            middleware.place,
            f"{found.source} and credentials are allowed: "
            f"any website can act as the logged-in user{where}",
            why=f"{starlette.label} reflects the caller's origin on {reflected}, "
            "with `Access-Control-Allow-Credentials: true`",
            help="list the origins of your own front ends, or switch credentials off",
            severity=None if found.in_production else Severity.INFO,
            related=found.related,
        )
