"""
The documentation of an application that asks for credentials is open to everybody.

## Why

`/docs`, `/redoc` and `/openapi.json` list every route, parameter and model of an internal API.
Dependencies of the application (`FastAPI(dependencies=[...])`) do not run for them. Removing
`/docs` alone leaves `/openapi.json` readable; `openapi_url=None` removes all three.

The rule is silent where one of the three addresses depends on a setting.

## Bad

```python
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

app = FastAPI()
bearer = HTTPBearer()


@app.get("/payroll")
def payroll(found: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> str:
    return found.scheme
```

## Good

```python
import os
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

app = FastAPI(openapi_url=os.environ.get("OPENAPI_URL") or None)
bearer = HTTPBearer()


@app.get("/payroll")
def payroll(found: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> str:
    return found.scheme
```

## When to ignore it

The API is meant for others to build upon, or stands behind something that asks for a password.

## References

- https://fastapi.tiangolo.com/how-to/conditional-openapi/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Route, Router
from fastapi_lint.model.auth.refused import refusals
from fastapi_lint.rule import Context, Finding, Rule, Severity

_PAGES = {"docs_url": "/docs", "redoc_url": "/redoc", "openapi_url": "/openapi.json"}


class DocsPublic(Rule):
    code = "FAL250"
    name = "docs-public"
    security = True
    severity = Severity.INFO
    default = False

    def check_app(self, app: Router, context: Context) -> Iterator[Finding]:
        if app.place.module.is_test or not app.is_fastapi or app.created is None:
            return
        call, scope, at = app.created
        if any(item.name is None for item in call.keywords):
            return
        if not context.evaluator(production=True).runs(scope, at):
            return
        pages = _open_pages(app)
        guarded = next((r for r, _ in app.reachable(mounts=False) if _is_guarded(r, context)), None)
        if pages and guarded is not None:
            listed = ", ".join(f"`{page}`" for page in pages)
            yield self.at(
                app.place,
                f"everybody can read {listed} of this application, which asks for credentials",
                why="they list every route and model; dependencies do not protect them",
                help="pass `openapi_url=None` in production, by a setting",
                related=[(guarded.place, "this route asks for credentials")],
            )


def _open_pages(app: Router) -> tuple[str, ...]:
    """The pages that are served whatever the settings say; none if they depend on something."""
    urls: dict[str, str | None] = dict(_PAGES)
    for name in _PAGES:
        option = app.options.get(name)
        if option is None:
            continue
        if not isinstance(option.value, ir.Constant):
            return ()
        value = option.value.value
        urls[name] = value if isinstance(value, str) else None
    if urls["openapi_url"] is None:
        return ()
    return tuple(url for url in urls.values() if url)


def _is_guarded(route: Route, context: Context) -> bool:
    """Whether a dependency of a route asks for credentials: a scheme, or a 401 or 403."""
    application = context.application
    return any(
        application.summaries.is_scheme(step.value)
        or (
            step.function is not None
            and any(
                refusal.status in (401, 403)
                for refusal in refusals(step.function.body, step.function, application)
            )
        )
        for step in application.graph.steps(route)
    )
