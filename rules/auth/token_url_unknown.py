"""
The address where a security scheme logs in is no route of the application.

## Why

The address goes into the OpenAPI document as it is. "Authorize" in the interactive documentation
sends the password there, and so do generated clients: they get a 404, or a 405 where another
method is served. Usually a prefix was added to the router later.

A `tokenUrl` without a leading slash is relative to the documentation, so that it works below the
prefix of a proxy as well. The rule is silent about addresses of other servers, and where some
router or mounted application is not known.

## Bad

```python
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm

app = FastAPI()
router = APIRouter(prefix="/auth")
scheme = OAuth2PasswordBearer(tokenUrl="login")


@router.post("/login")
def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
    return {"access_token": form.username, "token_type": "bearer"}


@router.get("/me")
def show_me(token: Annotated[str, Depends(scheme)]) -> str:
    return token


app.include_router(router)
```

## Good

```python
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm

app = FastAPI()
router = APIRouter(prefix="/auth")
scheme = OAuth2PasswordBearer(tokenUrl="auth/login")


@router.post("/login")
def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
    return {"access_token": form.username, "token_type": "bearer"}


@router.get("/me")
def show_me(token: Annotated[str, Depends(scheme)]) -> str:
    return token


app.include_router(router)
```

## References

- https://fastapi.tiangolo.com/tutorial/security/first-steps/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastapi_lint.model.application import Place, Route, Router
from fastapi_lint.model.calls import keyword
from fastapi_lint.model.link import Application
from fastapi_lint.model.values import External, Instance, Literal
from fastapi_lint.rule import Context, Finding, Rule, Severity

_SCHEME = "fastapi.security.OAuth2PasswordBearer"
_MOVES_EVERYTHING = ("root_path", "servers")
_MOVES_DOCUMENTATION = (*_MOVES_EVERYTHING, "docs_url", "openapi_url")
"""A relative address starts where the documentation is; an absolute one does not move with it."""


class TokenUrlUnknown(Rule):
    code = "FAL212"
    name = "token-url-unknown"
    severity = Severity.WARNING

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        schemes = _schemes(application)
        if not schemes or not _is_complete(application):
            return
        for place, (url, apps) in schemes.items():
            for app in apps:
                posts = list(_posts(app))
                if any(path is None or _serves(path, url, app) for _, path in posts):
                    break
                if any(mount.app is None and _below(mount.path, url) for mount in app.mounts):
                    break
            else:
                yield self._unknown(place, url, apps)

    def _unknown(self, place: Place, url: str, apps: list[Router]) -> Finding:
        last = url.rstrip("/").rpartition("/")[2]
        near = [
            (route.place, f"the application serves POST `{path}`")
            for app in apps
            for route, path in _posts(app)
            if path is not None and path.rstrip("/").endswith(f"/{last}")
        ]
        return self.at(
            place,
            f"no POST route of the application has the path of `tokenUrl`: `{url}`",
            why="logging in from the documentation, or by a generated client, fails",
            help="give the full path of the login route, best without the leading slash",
            related=near[:1],
        )


def _schemes(application: Application) -> dict[Place, tuple[str, list[Router]]]:
    """The schemes that applications use, with their addresses and those applications."""
    found: dict[Place, tuple[str, list[Router]]] = {}
    for route in application.routes():
        for step in application.graph.steps(route):
            value = step.value
            if not isinstance(value, Instance) or value.call is None or value.scope is None:
                continue
            view = application.program.evaluator()
            if not view.instance_of(value, _SCHEME) or value.scope.module.is_test:
                continue
            node = keyword(value.call, "tokenUrl")
            if node is None and value.call.args and value.cls == External(_SCHEME):
                node = value.call.args[0]
            urls = view.evaluate(node, value.scope, value.at)
            url = urls[0].value if len(urls) == 1 and isinstance(urls[0], Literal) else None
            if not isinstance(url, str) or "://" in url or url.startswith("//") or "{" in url:
                continue
            _, apps = found.setdefault(Place(value.scope.module, value.at), (url, []))
            apps.extend(app for app in application.apps_of(route) if app not in apps)
    return {place: (url, apps) for place, (url, apps) in found.items() if apps}


def _is_complete(application: Application) -> bool:
    """Whether every router that something includes is known."""
    known = {id(i.site.call) for owner in application.owners() for i in owner.includes}
    return all(
        site.module.is_test or id(site.call) in known
        for site in application.index.calls("include_router")
    )


def _posts(app: Router) -> Iterator[tuple[Route, str | None]]:
    for route, path in app.reachable(mounts=True):
        if not route.is_websocket and (route.methods is None or "POST" in route.methods):
            yield route, path


def _serves(path: str, url: str, app: Router) -> bool:
    """Whether a path is the one that an address leads to, by a redirect at most."""
    wanted = "/" + url.removeprefix("./").strip("/")
    served = path.rstrip("/")
    moving = _MOVES_EVERYTHING if url.startswith("/") else _MOVES_DOCUMENTATION
    if any(name in app.options for name in moving):
        return wanted.endswith(served) or served.endswith(wanted)
    pattern = re.sub(r"\\\{[^/]+\\\}", "[^/]+", re.escape(served))
    return re.fullmatch(pattern, wanted) is not None


def _below(path: str | None, url: str) -> bool:
    return path is None or ("/" + url.lstrip("./")).startswith(path.rstrip("/") + "/")
