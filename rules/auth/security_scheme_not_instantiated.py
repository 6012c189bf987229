"""
A security scheme's class is given to Depends, so nobody is asked for credentials.

## Why

`Depends(HTTPBearer)` makes FastAPI build an `HTTPBearer` for each request and inject it; the
method that looks at the `Authorization` header never runs. Requests without credentials go through.
Classes that need an argument (`APIKeyHeader`, `OAuth2PasswordBearer`) take it from the query
string: `?tokenUrl=x` is all that a client has to send.

## Bad

```python
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

app = FastAPI()


@app.get("/invoices", dependencies=[Depends(HTTPBearer)])
def invoices() -> list[str]:
    return ["2026-001"]
```

## Good

```python
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

app = FastAPI()
bearer = HTTPBearer()


@app.get("/invoices", dependencies=[Depends(bearer)])
def invoices() -> list[str]:
    return ["2026-001"]
```

A scheme only takes the credentials out of the request; something still has to compare them.

## References

- https://fastapi.tiangolo.com/reference/security/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.fix import Fix
from fastapi_lint.model.auth import guards
from fastapi_lint.model.auth.guards import Spot
from fastapi_lint.model.link import Application
from fastapi_lint.model.values import ClassValue, External, Instance, Value
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

from .callable_class_not_instantiated import calling

_BARE = frozenset({"HTTPBearer", "HTTPBasic", "HTTPDigest", "OAuth2"})
_REQUIRED = {
    "APIKeyHeader": "name",
    "APIKeyQuery": "name",
    "APIKeyCookie": "name",
    "OAuth2PasswordBearer": "tokenUrl",
    "OpenIdConnect": "openIdConnectUrl",
    "OAuth2AuthorizationCodeBearer": "authorizationUrl",
}
_SECURITY = "fastapi.security."


class SecuritySchemeNotInstantiated(Rule):
    code = "FAL216"
    name = "security-scheme-not-instantiated"
    security = True
    severity = Severity.ERROR
    fix = Fixability.UNSAFE
    positions = frozenset({"Depends", "Security"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for spot in guards.spots(application):
            values = spot.values
            if not values or not all(map(application.summaries.is_scheme_class, values)):
                continue
            made = tuple(Instance(value, None, None, 0) for value in values)
            if any(
                (how := guards.handled(use)) is not None and how.called for use in spot.uses
            ) or all(guards.has_own(value, spot.uses, application) for value in made):
                continue
            name = guards.label(values[0], application)
            whom = f" by {guards.named(spot.routes)}" if spot.routes else ""
            yield self.at(
                spot.place,
                f"`{name}` is not instantiated here, so no credentials are asked for{whom}",
                why="FastAPI makes an object of the class from the request and never calls it"
                + _consequence(values[0], application),
                help=f"make an instance once, and depend on that: `{name}(...)`",
                related=[(spot.routes[0].place, "a route that it is meant for")]
                if spot.routes
                else [],
                fix=_instantiate(spot, name, application),
            )


def _instantiate(spot: Spot, name: str, application: Application) -> Fix | None:
    """Make an object in place, of a class that needs no arguments and is named there."""
    named = guards.named_class(spot)
    if named is None or not _BARE & _bases(spot.values[0], application):
        return None
    return calling(spot, named, name)


def _consequence(value: Value, application: Application) -> str:
    """What a client has to send instead of credentials."""
    for name in sorted(_bases(value, application)):
        if name in _BARE:
            return "; requests without credentials are not stopped here"
        if name in _REQUIRED:
            return f"; the query parameter `{_REQUIRED[name]}` is all that a client has to send"
    return ""


def _bases(value: Value, application: Application) -> frozenset[str]:
    view = application.program.evaluator()
    match value:
        case External(name):
            return frozenset({name.removeprefix(_SECURITY)})
        case ClassValue(cls) if view.find_method(cls, "__init__") is None:
            return frozenset(n.removeprefix(_SECURITY) for n in view.external_bases(cls))
    return frozenset()
