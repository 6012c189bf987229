"""
A role check takes the role from the request, where the client may write what it likes.

## Why

A dependency compares a role with the required one and refuses with 403. But the role comes from a
header, a cookie or a query parameter, and nothing in the dependency finds out who the caller is. A
client that sends `X-Role: admin` or `?role=admin` passes. The role has to come from the user that
another dependency has authenticated.

## Bad

```python
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def require_role(required: str):
    def check_role(x_role: str = Header()) -> str:
        if x_role != required:
            raise HTTPException(status_code=403)
        return x_role

    return check_role


@app.delete("/tenants/{tenant}", dependencies=[Depends(require_role("admin"))])
def delete_tenant(tenant: str) -> dict[str, str]:
    return {"deleted": tenant}
```

## Good

```python
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()
roles = {"Bearer letmein": "admin"}


def current_role(authorization: str = Header()) -> str:
    if authorization not in roles:
        raise HTTPException(status_code=401)
    return roles[authorization]


def require_role(required: str):
    def check_role(role: str = Depends(current_role)) -> str:
        if role != required:
            raise HTTPException(status_code=403)
        return role

    return check_role


@app.delete("/tenants/{tenant}", dependencies=[Depends(require_role("admin"))])
def delete_tenant(tenant: str) -> dict[str, str]:
    return {"deleted": tenant}
```

## When to ignore it

A gateway in front sets this header and removes the one that a client sent, and the application can
be reached in no other way.

## References

- https://fastapi.tiangolo.com/tutorial/security/get-current-user/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Place
from fastapi_lint.model.auth import guards
from fastapi_lint.model.auth.claims import claim
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Rule, Severity


class RoleCheckWithoutUser(Rule):
    code = "FAL213"
    name = "role-check-without-user"
    security = True
    severity = Severity.ERROR

    def check_provider(self, provider: Function, context: Context) -> Iterator[Finding]:
        if provider.module.is_test:
            return
        application = context.application
        found = claim(provider, application)
        if found is None:
            return
        uses = application.graph.uses_of(provider)
        routes = guards.routes(uses, application.graph)
        whom = f", for {guards.named(routes)}" if routes else ""
        name = provider.owner.name if provider.owner is not None else provider.name
        related = [(Place(provider.module, found.test), "the check")]
        if routes:
            related.append((routes[0].place, "a route that it is meant for"))
        yield self.at(
            Place(provider.module, provider.node.at),
            f"`{name}` checks `{found.name}`, which the client sends itself{whom}",
            why=f"nothing in `{name}` finds out who the caller is; the client writes {found.where}",
            help="depend on the authenticated user, and compare the role stored there",
            related=related,
        )
