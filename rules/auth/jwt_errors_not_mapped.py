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

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.auth.tokens import TokenCall
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import Value
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import statement_at

_CATCH = {
    "pyjwt": "`jwt.InvalidTokenError`",
    "jose": "`jose.JWTError`",
}
_ERRORS = {"pyjwt": ("jwt", "InvalidTokenError"), "jose": ("jose", "JWTError")}


class JwtErrorsNotMapped(Rule):
    code = "FAL205"
    name = "jwt-errors-not-mapped"
    severity = Severity.WARNING
    fix = Fixability.UNSAFE

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
            fix=None if only_sockets else _refuse(call, application),
        )


def _refuse(call: TokenCall, application: Application) -> Fix | None:
    """Answer with 401 where the token is read: in a clause of the `try` around, or a new one."""
    function = call.function
    if function is None or call.site.module.is_test:
        return None
    found = statement_at(function.body, call.site.at)
    tries = [frame.node for frame in application.tokens.frames(function, call.site.at)
             if isinstance(frame.node, ir.Try)]  # fmt: skip
    inner = tries[-1] if tries else None
    if not isinstance(found, (ir.Assign, ir.Return, ir.Expression)):
        return None
    if inner is not None and (
        inner.is_star or not inner.handlers or not any(n.at == found.at for n in inner.body)
    ):
        return None

    def recipe(edit: Editor) -> None:
        error = edit.import_name(*_ERRORS[call.library])
        http_exception = edit.import_name("fastapi", "HTTPException")
        clause = (
            f"except {error} as error:\n"
            f"    raise {http_exception}(status_code=401, detail={edit.quoted('Invalid token')})"
            " from error"
        )
        if inner is not None:
            edit.insert_after(inner.handlers[-1].at, clause)
        else:
            edit.enclose(found.at, found.at, "try:")
            edit.insert_after(found.at, clause)

    return Fix.unsafe("Answer with status 401", recipe)


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
