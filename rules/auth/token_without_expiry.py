"""
A token is made that says who somebody is, and never expires.

## Why

The libraries check `exp` only if it is there. A token without it works until the key is changed:
one that leaks through a log, a proxy or a lost phone lets its finder in for ever, and so does that
of an employee who left.

The rule follows the claims through variables, copies and helpers. It is silent about tokens that
name nobody, that carry an identifier (`jti`, a session) by which they can be revoked, or an expiry
under another name.

## Bad

```python
import os

import jwt
from fastapi import FastAPI

app = FastAPI()


@app.post("/session")
def log_in(name: str) -> str:
    claims = {"sub": name}
    return jwt.encode(claims, os.environ["JWT_KEY"], algorithm="HS256")
```

## Good

```python
import os
import time

import jwt
from fastapi import FastAPI

app = FastAPI()


@app.post("/session")
def log_in(name: str) -> str:
    claims = {"sub": name, "exp": int(time.time()) + 900}
    return jwt.encode(claims, os.environ["JWT_KEY"], algorithm="HS256")
```

## References

- https://pyjwt.readthedocs.io/en/stable/usage.html#expiration-time-claim-exp
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.auth.issuing import Claims, Issuing
from fastapi_lint.model.link import Application
from fastapi_lint.rule import Context, Finding, Rule, Severity

_WHO = frozenset({"sub", "user", "user_id", "userid", "uid", "id", "username", "email"})


class TokenWithoutExpiry(Rule):
    code = "FAL208"
    name = "token-without-expiry"
    security = True
    severity = Severity.WARNING

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        issuing = Issuing(application)
        for call in application.tokens.encodes():
            if application.tokens.is_unsigned(call):
                continue
            ways = issuing.claims(call)
            if ways and all(_never_expires(claims) for claims in ways):
                yield self.at(
                    call.place,
                    "this token has no `exp` claim",
                    why="it is accepted until the key is changed, whoever finds it",
                    help='add an expiry, as `"exp": int(time.time()) + 900`',
                )


def _never_expires(claims: Claims) -> bool:
    return (
        not claims.is_open
        and bool(_WHO & claims.names)
        and not any("session" in name.lower() or name in ("jti", "sid") for name in claims.names)
        and not any("exp" in name.lower() or "ttl" in name.lower() for name in claims.names)
    )
