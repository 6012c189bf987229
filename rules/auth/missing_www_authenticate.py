"""
A 401 does not say how to authenticate.

## Why

By the specification of HTTP every 401 carries a `WWW-Authenticate` header. Browsers and client
libraries read the scheme from it; without it, the dialog of HTTP Basic never opens, and OAuth
clients do not know whether the token was missing or refused.

The rule looks at functions that ask for credentials through a scheme of `fastapi.security`, by
themselves or through a dependency.

The fix is unsafe for HTTP Basic: browsers open their dialog for such an answer, also where a page
asks for the password itself.

## Bad

```python
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

app = FastAPI()
bearer = HTTPBearer()
tokens: dict[str, str] = {}


@app.get("/me")
def show_me(found: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> str:
    if found.credentials not in tokens:
        raise HTTPException(status_code=401, detail="unknown token")
    return tokens[found.credentials]
```

## Good

```python
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

app = FastAPI()
bearer = HTTPBearer()
tokens: dict[str, str] = {}


@app.get("/me")
def show_me(found: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> str:
    if found.credentials not in tokens:
        raise HTTPException(
            status_code=401, detail="unknown token", headers={"WWW-Authenticate": "Bearer"}
        )
    return tokens[found.credentials]
```

## Versions

The schemes themselves answer a request without credentials. OAuth2PasswordBearer and HTTPBasic send
the header on every version; HTTPBearer, HTTPDigest and API keys answer 403 without it up to FastAPI
0.121, and 401 with it since 0.122.

## References

- https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.auth.refused import Refusal, refusals
from fastapi_lint.model.link import Application
from fastapi_lint.model.responses import given
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import External
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import statement_at

_SCHEMES = {
    "HTTPBasic": "Basic",
    "HTTPDigest": "Digest",
    "HTTPBearer": "Bearer",
    "OAuth2PasswordBearer": "Bearer",
    "OAuth2AuthorizationCodeBearer": "Bearer",
}
_MAX_DEPTH = 4


class MissingWwwAuthenticate(Rule):
    code = "FAL211"
    name = "missing-www-authenticate"
    severity = Severity.INFO
    fix = Fixability.MIXED
    default = False

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for function in application.graph.injected:
            if function.module.is_test:
                continue
            unauthorized = [refusal for refusal in refusals(function.body, function, application)
                            if refusal.status == 401]  # fmt: skip
            scheme = _scheme(function, application, 0) if unauthorized else None
            if scheme is None:
                continue
            for refusal in unauthorized:
                view = application.program.evaluator()
                open_ended = any(keyword.name is None for keyword in refusal.call.keywords)
                if (
                    isinstance(refusal.error.cls, External)
                    and not open_ended
                    and given(refusal.call, "headers", refusal.error.cls, view) is None
                ):
                    yield self.at(
                        Place(function.module, refusal.at),
                        f"the 401 of `{function.name}` has no `WWW-Authenticate` header",
                        why="clients do not learn which kind of credentials is asked for",
                        help=f'add `headers={{"WWW-Authenticate": "{scheme}"}}`',
                        fix=_add_header(refusal, function, scheme),
                    )


def _add_header(refusal: Refusal, function: Function, scheme: str) -> Fix | None:
    """Give the header, if the exception is made where it is raised."""
    node = statement_at(function.body, refusal.at)
    if not isinstance(node, ir.Raise) or node.value is not refusal.call:
        return None

    def recipe(edit: Editor) -> None:
        header = f"{{{edit.quoted('WWW-Authenticate')}: {edit.quoted(scheme)}}}"
        edit.set_keyword(refusal.call.at, "headers", header)

    make = Fix.unsafe if scheme == "Basic" else Fix.safe
    return make("Add the `WWW-Authenticate` header", recipe)


def _scheme(function: Function, application: Application, depth: int) -> str | None:
    """The scheme by which a function's credentials come, through its dependencies."""
    for _, dependency in application.injection.parameters(function):
        for value in dependency.callables:
            for name, scheme in _SCHEMES.items():
                if application.program.evaluator().instance_of(value, f"fastapi.security.{name}"):
                    return scheme
            inner = application.injection.function_of(value)
            if inner is not None and depth < _MAX_DEPTH:
                found = _scheme(inner, application, depth + 1)
                if found is not None:
                    return found
    return None
