"""
A token that came with the request is believed without being checked.

## Why

With `options={"verify_signature": False}`, and with `jwt.get_unverified_claims` of python-jose,
everything in a token is what its sender wrote: anybody can be any user, and expired tokens pass
too. With `{"verify_exp": False}` a token that was stolen once is valid for ever.

Reading the issuer or the key's id before the real check is fine, and so is a token that did not
come from the client, such as the one that an identity provider has just sent.

## Bad

```python
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="https://login.example.com/token")


@app.get("/me")
def show_me(token: Annotated[str, Depends(scheme)]) -> dict[str, str]:
    try:
        return jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return {}
```

## Good

```python
import os
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="https://login.example.com/token")


@app.get("/me")
def show_me(token: Annotated[str, Depends(scheme)]) -> dict[str, str]:
    try:
        return jwt.decode(token, os.environ["JWT_KEY"], algorithms=["HS256"])
    except jwt.InvalidTokenError:
        return {}
```

## When to ignore it

A gateway in front of the application has checked the token, and nothing else can reach it.

## References

- https://pyjwt.readthedocs.io/en/stable/usage.html#reading-the-claimset-without-validation
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import FunctionValue, Method
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import walk, walk_all

_HARMLESS = frozenset({"debug", "info", "warning", "error", "exception", "print", "len", "str"})


class JwtVerificationDisabled(Rule):
    code = "FAL202"
    name = "jwt-verification-disabled"
    security = True
    severity = Severity.ERROR

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        tokens, injected = application.tokens, frozenset(application.graph.injected)
        for call in tokens.calls:
            token = call.arguments.get("token")
            function = call.function
            if token is None or function is None or call.site.module.is_test:
                continue
            if not application.clients.sends(token.node, token.scope, token.at):
                continue
            if not injected.intersection(_with_callers(function, application)):
                continue
            if call.operation == "claims" or (
                call.operation == "decode" and tokens.option(call, "verify_signature") is False
            ):
                if not _is_checked(function, application):
                    yield self.at(
                        call.place,
                        f"`{function.name}` believes a token of the client without checking it",
                        why="anybody can write a token that names any user, or one that has"
                        " expired, and it is accepted",
                        help="pass the key and the `algorithms`, and leave the signature check on",
                    )
            elif (
                call.operation == "decode"
                and tokens.option(call, "verify_exp") is False
                and _is_guard(function, application)
                and not _names(function, "exp")
            ):
                yield self.at(
                    call.place,
                    f"`{function.name}` accepts tokens that have expired",
                    why="a token that was stolen or handed out once is valid for ever",
                    help='remove `"verify_exp": False`, or look at `exp` yourself',
                )


def _is_checked(function: Function, application: Application) -> bool:
    """Whether the token may be checked elsewhere."""
    tokens = application.tokens
    direct = {c.function for c in tokens.decodes() if tokens.checks_signature(c) and c.function}
    checking = {f for start in direct if start for f in _with_callers(start, application)}
    near = _with_callers(function, application)
    if checking.intersection(near):
        return True
    routes = {route for one in near for route in application.graph.routes_of(one)}
    if routes and all(
        any(step.function in checking for step in application.graph.steps(route))
        for route in routes
    ):
        return True
    return any(_is_handed_on(one, application) for one in near)


def _with_callers(function: Function, application: Application) -> tuple[Function, ...]:
    """A function, what calls it, and what calls that."""
    found = {function: None}
    view = application.program.evaluator()
    for _ in range(2):
        for current in tuple(found):
            for site in view.callers(current):
                if isinstance(site.scope.owner, Function):
                    found.setdefault(site.scope.owner)
    return tuple(found)


def _is_handed_on(function: Function, application: Application) -> bool:
    """Whether a function gives something of the client to other calls, which may check it: a
    provider that is asked, a library that is not known."""
    for part in walk_all(function.body):
        if not isinstance(part, ir.Call) or ir.last_name(part.func) in _HARMLESS:
            continue
        if application.tokens.of(part) is not None:
            continue
        for argument in (*part.args, *[item.value for item in part.keywords]):
            if any(
                isinstance(inner, ir.Name) and "token" in inner.id.lower()
                for inner in walk(argument)
            ) and not _leads_here(part, function, application):
                return True
    return False


def _leads_here(call: ir.Call, function: Function, application: Application) -> bool:
    """Whether a call is one of the project's own functions, which were looked at."""
    values = application.program.evaluator().evaluate(call.func, function.scope, call.at)
    return all(isinstance(value, (FunctionValue, Method)) for value in values)


def _is_guard(function: Function, application: Application) -> bool:
    """Whether a function runs as a dependency, or for one."""
    return any(application.graph.uses_of(one) for one in _with_callers(function, application))


def _names(function: Function, word: str) -> bool:
    return any(
        isinstance(part, ir.Constant) and part.value == word for part in walk_all(function.body)
    )
