"""
CORS lets the pages of every website read this API's responses.

## Why

`allow_origins=["*"]` makes the browser hand every response to whatever page asked for it. For an
API that is reachable only inside a network, or that is meant for one front end, any page that a
user visits can read it through the user's browser. A wildcard often arrives unnoticed: as the
default of a setting or of an environment variable that production forgot to set.

The rule follows constants, settings defaults, environment defaults, `"*".split(",")` and lists
built step by step. It is silent in tests, in branches that only run in development, and for a
subclass that applies CORS to some requests only. With `allow_credentials=True` the same wildcard is
`cors-wildcard-with-credentials`. For an application that only has reading routes and asks nobody
who they are, it is information.

## Bad

```python
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET"])
```

## Good

```python
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origins=["https://app.example.com"], allow_methods=["GET"]
)
```

## When to ignore it

A public, read-only API that is meant to be used from any page.

## References

- https://fastapi.tiangolo.com/tutorial/cors/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Middleware
from fastapi_lint.rule import Context, Finding, Rule, Severity

from ._cors import POSITIONS, is_public, is_selective, wildcard


class CorsWildcardOrigin(Rule):
    code = "FAL130"
    name = "cors-wildcard-origin"
    security = True
    severity = Severity.WARNING
    positions = POSITIONS

    def check_middleware(self, middleware: Middleware, context: Context) -> Iterator[Finding]:
        found = wildcard(middleware, context)
        if found is None or found.credentials or not found.in_production:
            return
        if is_selective(middleware, context):
            return
        yield self.at(
            middleware.place,
            f"{found.source}: every website may read this API's responses",
            why="the browser hands each response to the page that asked, whatever its origin",
            help="list the origins of your own front ends",
            severity=Severity.INFO if is_public(middleware, context) else None,
            related=found.related,
        )
