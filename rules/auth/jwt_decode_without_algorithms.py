"""
A token is decoded without saying which algorithms are accepted.

## Why

The header of a token names the algorithm that signed it, and whoever sends the token writes that
header. python-jose without `algorithms` accepts every algorithm that fits the key. PyJWT refuses to
guess: since version 2 each such call raises DecodeError, so that nobody can log in.

## Bad

```python
import os
from typing import Annotated

import jwt
from fastapi import FastAPI, Header, HTTPException

app = FastAPI()


@app.get("/me")
def show_me(token: Annotated[str, Header()]) -> dict[str, str]:
    try:
        claims = jwt.decode(token, os.environ["JWT_KEY"])
    except jwt.InvalidTokenError:
        raise HTTPException(status_code=401, detail="invalid token") from None
    return {"name": claims.get("name", "")}
```

## Good

```python
import os
from typing import Annotated

import jwt
from fastapi import FastAPI, Header, HTTPException

app = FastAPI()


@app.get("/me")
def show_me(token: Annotated[str, Header()]) -> dict[str, str]:
    try:
        claims = jwt.decode(token, os.environ["JWT_KEY"], algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(
            status_code=401, detail="invalid token", headers={"WWW-Authenticate": "Bearer"}
        ) from None
    return {"name": claims.get("name", "")}
```

## References

- https://pyjwt.readthedocs.io/en/stable/algorithms.html#specifying-an-algorithm
- https://www.rfc-editor.org/rfc/rfc8725#section-3.1
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.auth.tokens import TokenCall, Tokens
from fastapi_lint.model.link import Application
from fastapi_lint.rule import Context, Finding, Rule, Severity

_BRINGS_ALGORITHM = frozenset(
    {"get_signing_key_from_jwt", "get_signing_key", "PyJWK", "from_dict", "from_json"}
)
_WHY = {
    "jose": "python-jose then accepts every algorithm that fits the key; the sender of the token"
    " chooses it",
    "pyjwt": "PyJWT raises DecodeError for every token since version 2",
}


class JwtDecodeWithoutAlgorithms(Rule):
    code = "FAL201"
    name = "jwt-decode-without-algorithms"
    security = True
    severity = Severity.ERROR

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        tokens = application.tokens
        for call in tokens.decodes():
            if call.library in _WHY and _guesses(call, tokens):
                yield self.at(
                    call.place,
                    "this token is decoded without saying which `algorithms` are accepted",
                    why=_WHY[call.library],
                    help='pass the algorithms that sign your tokens, as `algorithms=["HS256"]`',
                )


def _guesses(call: TokenCall, tokens: Tokens) -> bool:
    """Whether a call certainly gives no algorithms though it checks the signature."""
    given = call.arguments.get("algorithms")
    if given is None and call.is_open:
        return False
    if given is not None and not ir.is_none(given.node):
        return False
    if "options" in call.arguments and tokens.option(call, "verify_signature") is not True:
        return False
    return call.library == "jose" or not _may_bring_algorithm(call, tokens)


def _may_bring_algorithm(call: TokenCall, tokens: Tokens) -> bool:
    """Whether the key may be an object that names its algorithm, as those of a JWK set do."""
    key = call.arguments.get("key")
    if key is None:
        return False
    return any(
        isinstance(source.node, ir.Call) and ir.last_name(source.node.func) in _BRINGS_ALGORITHM
        for source in tokens.sources.of(key.node, key.scope, key.at)
    )
