"""
A dependency is overridden in the application itself.

## Why

`dependency_overrides` is a dict of the application object: an entry replaces the dependency for
every request, of every user, from then on. It is meant for tests. In a debug switch it is one
environment variable away from an API without authentication; in an endpoint it changes what all
other requests get, also those that are running.

The rule is silent where stubs (that only raise NotImplementedError) are bound to implementations,
where a factory hands its own arguments in that way, and in tests and their helpers.

## Bad

```python
import os

from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI(title="Payroll", version="1.0", openapi_url=None)


def current_clerk(token: str = Header()) -> str:
    if token != os.environ["CLERK_TOKEN"]:
        raise HTTPException(status_code=401)
    return "clerk"


if os.environ.get("DEBUG"):
    app.dependency_overrides[current_clerk] = lambda: "anybody"


@app.get("/salaries", dependencies=[Depends(current_clerk)])
def salaries() -> dict[str, int]:
    return {"ada": 5000}
```

## Good

```python
import hmac
import os

from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI(title="Payroll", version="1.0", openapi_url=None)


def current_clerk(token: str = Header()) -> str:
    if not hmac.compare_digest(token.encode(), os.environ["CLERK_TOKEN"].encode()):
        raise HTTPException(status_code=401)
    return "clerk"


@app.get("/salaries", dependencies=[Depends(current_clerk)])
def salaries() -> dict[str, int]:
    return {"ada": 5000}
```

## References

- https://fastapi.tiangolo.com/advanced/testing-dependencies/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.link import Application
from fastapi_lint.model.suites.replacing import is_composition, is_test_code
from fastapi_lint.rule import Context, Finding, Rule, Severity


class OverrideInApplicationCode(Rule):
    code = "FAL325"
    name = "override-in-application-code"
    security = True
    severity = Severity.ERROR

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        summaries, replacing = application.summaries, application.replacing
        for override in application.overrides.all:
            if is_test_code(override.holder, application) or override.restored:
                continue
            replaced = replacing.replaced(override)
            if not replaced or any(map(replacing.is_stub, replaced)):
                continue
            denial = next((f for f in replaced if summaries.denial_of(f) is not None), None)
            in_request = override.holder.owner in application.graph.injected
            if denial is None and not in_request and is_composition(override, application):
                continue
            if replacing.mismatch(override) is not None:
                continue
            name = replaced[0].qualname
            if denial is not None:
                why = f"requests that `{name}` would refuse are let through as soon as this runs"
            elif in_request:
                why = "one request changes what all the others get"
            else:
                why = "the replacement serves every request of the application from then on"
            yield self.at(
                override.place,
                f"`{name}` is overridden in the application itself, not in a test",
                why=why,
                help="choose the implementation inside the dependency, and keep overrides to tests",
            )
