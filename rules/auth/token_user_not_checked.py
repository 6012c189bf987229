"""
The user whom a token names is used without looking whether there still is one.

## Why

A token stays valid after its user was deleted or locked out. If the dependency that reads it gives
back whatever the lookup found, endpoints get `None` as their user: they fail with a 500, or do
what nobody may do. If the user's model can say that an account is inactive and nothing on the way
looks at it, locking somebody out has no effect until the token expires.

The test may stand in the dependency, in the lookup, or in any function that asks for the user.

## Bad

```python
import os
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()
members = {"ada": {"name": "Ada"}}


def get_member(token: Annotated[str, Header()]) -> dict[str, str] | None:
    try:
        claims = jwt.decode(token, os.environ["JWT_KEY"], algorithms=["HS256"])
        name = claims["sub"]
    except (jwt.InvalidTokenError, KeyError):
        raise HTTPException(
            status_code=401, detail="invalid token", headers={"WWW-Authenticate": "Bearer"}
        ) from None
    return members.get(name)


@app.get("/me")
def show_me(member: Annotated[dict[str, str], Depends(get_member)]) -> str:
    return member["name"]
```

## Good

```python
import os
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()
members = {"ada": {"name": "Ada"}}


def get_member(token: Annotated[str, Header()]) -> dict[str, str]:
    try:
        claims = jwt.decode(token, os.environ["JWT_KEY"], algorithms=["HS256"])
        member = members[claims["sub"]]
    except (jwt.InvalidTokenError, KeyError):
        raise HTTPException(
            status_code=401, detail="invalid token", headers={"WWW-Authenticate": "Bearer"}
        ) from None
    return member


@app.get("/me")
def show_me(member: Annotated[dict[str, str], Depends(get_member)]) -> str:
    return member["name"]
```

## References

- https://fastapi.tiangolo.com/tutorial/security/oauth2-jwt/#update-the-dependencies
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Place
from fastapi_lint.model.auth.users import Lookup, TokenUsers
from fastapi_lint.model.link import Application
from fastapi_lint.rule import Context, Finding, Rule, Severity


class TokenUserNotChecked(Rule):
    code = "FAL207"
    name = "token-user-not-checked"
    security = True
    severity = Severity.WARNING

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        users = TokenUsers(application)
        for provider in application.graph.providers:
            if provider.module.is_test or provider not in users.readers:
                continue
            lookup = users.unchecked(provider)
            if lookup is not None:
                yield self._missing(lookup)
            elif (flag := users.ignored_flag(provider)) is not None:
                name, place = flag
                yield self.at(
                    Place(provider.module, provider.node.at),
                    f"nothing on the way from `{provider.name}` looks at `{name}` of the user",
                    why="a user who was locked out goes on until the token expires",
                    help=f"test `{name}` in `{provider.name}`, or in a dependency that asks for it",
                    related=[(place, "the model can say that an account is inactive")],
                )

    def _missing(self, lookup: Lookup) -> Finding:
        name = lookup.provider.name
        return self.at(
            Place(lookup.provider.module, lookup.at),
            f"`{name}` gives back whatever it finds for a token, `None` too",
            why="the token of a deleted user is valid: endpoints get `None` as their user",
            help="raise an HTTPException with status 401 where no user was found",
        )
