"""
The subject of a token is a number, which the libraries refuse when they read it.

## Why

The `sub` claim is text by its specification. `jwt.encode` writes a number without complaint, but
PyJWT (since 2.10) and python-jose refuse the token when it is decoded: everybody can log in, and
nobody gets any further.

## Bad

```python
import os
import time

import jwt
from fastapi import FastAPI

app = FastAPI()


@app.post("/session")
def log_in(user_id: int) -> str:
    claims = {"sub": user_id, "exp": int(time.time()) + 900}
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
def log_in(user_id: int) -> str:
    claims = {"sub": str(user_id), "exp": int(time.time()) + 900}
    return jwt.encode(claims, os.environ["JWT_KEY"], algorithm="HS256")
```

The fix is safe with python-jose, and unsafe with PyJWT, whose versions before 2.10 accept a number:
code that reads the claim may count on it.

## References

- https://www.rfc-editor.org/rfc/rfc7519#section-4.1.2
- https://github.com/jpadilla/pyjwt/issues/1017
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.auth.issuing import Issuing
from fastapi_lint.model.link import Application
from fastapi_lint.model.sources import Source
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

_REFUSES = {
    "pyjwt": "PyJWT refuses it when the token is decoded, since version 2.10",
    "jose": "python-jose refuses it when the token is decoded",
}


class IntegerSubjectClaim(Rule):
    code = "FAL209"
    name = "integer-subject-claim"
    severity = Severity.ERROR
    fix = Fixability.MIXED

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        tokens, issuing = application.tokens, Issuing(application)
        if any(tokens.option(call, "verify_sub") is False for call in tokens.decodes()):
            return
        seen: set[Place] = set()
        for call in tokens.encodes():
            if call.library not in _REFUSES:
                continue
            for claims in issuing.claims(call):
                numbers = [issuing.is_number(given) for given in claims.get("sub")]
                for source in numbers if None not in numbers else ():
                    if source is None or source.place in seen or source.scope.module.is_test:
                        continue
                    seen.add(source.place)
                    yield self.at(
                        source.place,
                        "the `sub` claim of a token is a number here",
                        why=_REFUSES[call.library],
                        help="make it text with `str(...)`, and convert it back when reading",
                        related=[(call.place, "the token is made here")],
                        fix=_make_text(source, is_refused=call.library == "jose"),
                    )


def _make_text(source: Source, *, is_refused: bool) -> Fix | None:
    """Convert it where it stands; safe if no such token can have been accepted."""
    number = source.node

    def recipe(edit: Editor) -> None:
        node = edit.part(source.at, number)
        if isinstance(number, ir.Constant):
            edit.replace(node, edit.quoted(str(number.value)))
        else:
            edit.wrap(node, "str(", ")")

    make = Fix.safe if is_refused else Fix.unsafe
    return make("Make it text", recipe)
