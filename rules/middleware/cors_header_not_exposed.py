"""
A response header of the application that pages of allowed origins cannot read.

## Why

Across origins, JavaScript sees only a few response headers (`Content-Type`, `Cache-Control` and
some more) unless the server lists others in `Access-Control-Expose-Headers`. A request id, a
remaining limit or a page count that the application sends is there in the network tab, and `null`
in the code of the front end.

The rule compares `expose_headers` with the `X-...` and `RateLimit-...` headers that middleware,
endpoints and dependencies of the application set, those for security apart.

## Bad

```python
from fastapi import FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])


@app.get("/items")
def list_items(response: Response) -> list[str]:
    response.headers["X-Total-Count"] = "2"
    return ["a", "b"]
```

## Good

```python
from fastapi import FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://app.example.com"],
    expose_headers=["X-Total-Count"],
)


@app.get("/items")
def list_items(response: Response) -> list[str]:
    response.headers["X-Total-Count"] = "2"
    return ["a", "b"]
```

## When to ignore it

Headers that are meant for proxies, or for the eyes of developers.

## References

- https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Access-Control-Expose-Headers
- https://www.starlette.io/middleware/#corsmiddleware
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastapi_lint.fix import Fix
from fastapi_lint.model.application import Middleware, Place, Router
from fastapi_lint.model.middleware.headers import headers_set
from fastapi_lint.model.middleware.wrapping import layer_of
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

from ._cors import POSITIONS, app_of, is_complete, is_live, names, with_names

_CUSTOM = re.compile(r"(?:x-|ratelimit-)[a-z0-9-]+")
_NOT_FOR_PAGES = re.compile(
    r"x-(?:content-type-options|frame-options|xss-protection|dns-prefetch-control|robots-tag"
    r"|permitted-cross-domain-policies|download-options|ua-compatible|powered-by|accel-.*"
    r"|sendfile|forwarded-.*|real-ip)"
)


class CorsHeaderNotExposed(Rule):
    code = "FAL137"
    name = "cors-header-not-exposed"
    severity = Severity.INFO
    fix = Fixability.SAFE
    positions = POSITIONS

    def check_middleware(self, middleware: Middleware, context: Context) -> Iterator[Finding]:
        view = context.evaluator()
        if not is_live(middleware) or not is_complete(middleware, view):
            return
        options, app = middleware.options, app_of(middleware, context)
        if app is None or not {"allow_origins", "allow_origin_regex"} & set(options):
            return
        listed = options.get("expose_headers")
        exposed = names(listed, view) if listed is not None else []
        if exposed is None or "*" in exposed:
            return
        missing: dict[str, tuple[str, Place]] = {}
        program = context.application.program
        for function, is_layer in _functions(app, context):
            for name, place in headers_set(function, program, errors=not is_layer):
                lowered = name.lower()
                if (
                    _CUSTOM.fullmatch(lowered)
                    and not _NOT_FOR_PAGES.fullmatch(lowered)
                    and lowered not in exposed
                ):
                    missing.setdefault(lowered, (name, place))
        if missing:
            shown = ", ".join(f"`{name}`" for name, _ in list(missing.values())[:4])
            are = "are" if len(missing) > 1 else "is"
            yield self.at(
                middleware.place,
                f"{shown} {are} sent but not in `expose_headers`",
                why="scripts of the allowed origins cannot read other response headers "
                "than the standard ones",
                help=f"add {shown} to `expose_headers`",
                related=[
                    (place, f"`{name}` is set here") for name, place in list(missing.values())[:4]
                ],
                fix=_expose(middleware, [name for name, _ in missing.values()]),
            )


def _expose(middleware: Middleware, missing: list[str]) -> Fix | None:
    recipe = with_names(middleware, "expose_headers", missing)
    return Fix.safe("Add the headers to `expose_headers`", recipe) if recipe is not None else None


def _functions(app: Router, context: Context) -> Iterator[tuple[Function, bool]]:
    """The code that makes the responses of an application: its middleware (true), endpoints, and
    what runs before them."""
    found: dict[Function, bool] = {}
    for middleware in app.middleware:
        if (layer := layer_of(middleware, context.application)) is not None:
            found[layer.function] = True
    for route, _ in app.reachable(mounts=True):
        if route.endpoint is not None and not route.is_websocket:
            found[route.endpoint] = False
            for step in context.application.graph.steps(route):
                if step.function is not None:
                    found[step.function] = False
    yield from ((f, is_layer) for f, is_layer in found.items() if not f.module.is_test)
