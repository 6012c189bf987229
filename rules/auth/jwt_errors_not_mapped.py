"""
A token that is forged or has expired ends in an internal server error.

## Why

`jwt.decode` raises for every token that it does not accept. An endpoint or dependency that lets
this exception out answers with a 500: clients do not learn that they have to log in again, and
everybody can fill the error log.

The rule follows the calls: it is enough that every caller catches the error, or that the
application has an exception handler for it.

## Bad

```python
import os
from typing import Annotated

import jwt
from fastapi import FastAPI, Header

app = FastAPI()


@app.get("/me")
def show_me(token: Annotated[str, Header()]) -> dict[str, str]:
    return jwt.decode(token, os.environ["JWT_KEY"], algorithms=["HS256"])
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
        return jwt.decode(token, os.environ["JWT_KEY"], algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(
            status_code=401, detail="invalid token", headers={"WWW-Authenticate": "Bearer"}
        ) from None
```

## References

- https://pyjwt.readthedocs.io/en/stable/api.html#exceptions
- https://fastapi.tiangolo.com/tutorial/security/oauth2-jwt/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Place
from fastapi_lint.model.auth.tokens import TokenCall
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import Value
from fastapi_lint.rule import Context, Finding, Rule, Severity

_CATCH = {
    "pyjwt": "`jwt.InvalidTokenError`",
    "jose": "`jose.JWTError`",
}


class JwtErrorsNotMapped(Rule):
    code = "FAL205"
    name = "jwt-errors-not-mapped"
    severity = Severity.WARNING

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        escapes = list(_escapes(application))
        letting_out = frozenset(function for _, _, function in escapes)
        for call, error, function in escapes:
            if not _is_checked_before(function, letting_out, application):
                yield self._finding(call, error, function, application)

    def _finding(
        self, call: TokenCall, error: Value, function: Function, application: Application
    ) -> Finding:
        name = getattr(error, "name", "").rpartition(".")[2]
        related = []
        if function is not call.function:
            place = Place(function.module, function.node.at)
            related = [(place, f"it leaves `{function.name}`, which serves requests")]
        routes = application.graph.routes_of(function)
        only_sockets = bool(routes) and all(route.is_websocket for route in routes)
        return self.at(
            call.place,
            f"nothing catches the `{name}` that this raises for a token it does not accept",
            why="the client is cut off by an internal error and does not learn the reason"
            if only_sockets
            else "the client gets an internal server error instead of a 401",
            help=f"catch {_CATCH[call.library]} and "
            + ("close the socket" if only_sockets else "raise an HTTPException with status 401"),
            related=related,
        )


def _escapes(application: Application) -> Iterator[tuple[TokenCall, Value, Function]]:
    """The calls that read what a client sends, with an error that nothing answers for, and the
    function serving requests that lets it out."""
    tokens = application.tokens
    for call in tokens.decodes():
        token = call.arguments.get("token")
        if token is None or not application.clients.sends(token.node, token.scope, token.at):
            continue
        for error in tokens.errors(call):
            function = tokens.escape(call.site.scope, call.site.at, error)
            if function is not None and not tokens.is_handled(error):
                yield call, error, function
                break


def _is_checked_before(
    function: Function, letting_out: frozenset[Function], application: Application
) -> bool:
    """Whether another dependency of every route decodes what comes by the same security scheme, and
    refuses what it does not accept."""
    graph, tokens, summaries = application.graph, application.tokens, application.summaries

    def schemes(of: Function) -> set[Value]:
        return {
            value
            for _, dependency in application.injection.parameters(of)
            for value in dependency.callables
            if summaries.is_scheme(value)
        }

    own = schemes(function)
    routes = graph.routes_of(function)
    return (
        bool(own)
        and bool(routes)
        and all(
            any(
                step.function is not None
                and step.function not in letting_out
                and step.function in tokens.readers
                and summaries.denial_of(step.function) is not None
                and own & schemes(step.function)
                for step in graph.steps(route)
            )
            for route in routes
        )
    )
