"""
A request is refused with a status that says something else.

## Why

401 says "log in (again)": clients refresh their token and retry. 403 says "you are known and may
not": retrying is useless. A 403 or 400 for an expired token leaves users on an error page instead
of the login form; a 401 for a missing role sends them into a circle of logging in.

The rule looks at the `except` clause of a token that came as credentials, at tests of the role of
a user whom a dependency has identified, and at tests of an API key. 404 is fine where the existence
of something is a secret, and so is 401 for missing scopes, which the documentation uses as well.

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
        return jwt.decode(token, os.environ["JWT_KEY"], algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(status_code=403, detail="invalid token") from None
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

- https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2
- https://www.rfc-editor.org/rfc/rfc9110#section-15.5.4
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.auth.refused import Refusal, refusals
from fastapi_lint.model.calls import keyword
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import External, Instance
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import statement_at, statements, walk, walk_all

_ROLES = frozenset(
    {"role", "roles", "is_admin", "is_superuser", "is_staff", "permissions", "is_moderator"}
)
_API_KEYS = tuple(f"fastapi.security.APIKey{kind}" for kind in ("Header", "Query", "Cookie"))
_NAMES = {401: "HTTP_401_UNAUTHORIZED", 403: "HTTP_403_FORBIDDEN"}
_TOKEN_ERRORS = ("jwt.", "jose.")
_CONTENT_ERRORS = frozenset(
    {
        "pydantic.ValidationError", "builtins.AttributeError", "builtins.KeyError",
        "builtins.TypeError", "builtins.ValueError",
    }
)  # fmt: skip
"""What code raises that looks into a token that was accepted."""

_FOR_TOKENS = frozenset({401, 404})
_FOR_KEYS = frozenset({401, 403, 404, 429, 503})


class WrongAuthStatus(Rule):
    code = "FAL210"
    name = "wrong-auth-status"
    severity = Severity.INFO
    fix = Fixability.UNSAFE

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for function in application.tokens.readers:
            yield from self._tokens(function, application)
        for function in application.graph.injected:
            if not function.module.is_test:
                yield from self._tests(function, application)

    def _tokens(self, function: Function, application: Application) -> Iterator[Finding]:
        for node in statements(function.body):
            if not isinstance(node, ir.Try) or not _reads_credentials(node, function, application):
                continue
            for handler in node.handlers:
                if not _names_token_error(handler, function, application):
                    continue
                for refusal in refusals(handler.body, function, application):
                    if refusal.status not in _FOR_TOKENS and refusal.status < 500:
                        yield self.at(
                            Place(function.module, refusal.at),
                            f"`{function.name}` answers a token that it does not accept with"
                            f" {refusal.status}",
                            why="clients log in again, or refresh the token, when they get a 401",
                            help="use status 401",
                            fix=_answer(refusal, function, 401),
                        )

    def _tests(self, function: Function, application: Application) -> Iterator[Finding]:
        users, keys = _parameters(function, application)
        for node in statements(function.body) if users or keys else ():
            for test, body in node.branches if isinstance(node, ir.If) else ():
                if _is_role_test(test, users):
                    for refusal in refusals(body, function, application):
                        if refusal.status == 401:
                            yield self.at(
                                Place(function.module, refusal.at),
                                f"`{function.name}` answers a known user who lacks a role with 401",
                                why="clients log in again when they get a 401, which cannot help",
                                help="use status 403",
                                fix=_answer(refusal, function, 403),
                            )
                elif _is_key_test(test, keys):
                    for refusal in refusals(body, function, application):
                        if refusal.status not in _FOR_KEYS:
                            yield self.at(
                                Place(function.module, refusal.at),
                                f"`{function.name}` answers a wrong API key with {refusal.status}",
                                why="clients cannot tell it from a mistake in their request",
                                help="use status 401",
                                fix=_answer(refusal, function, 401),
                            )


def _answer(refusal: Refusal, function: Function, status: int) -> Fix | None:
    """Change the status, if the exception is made where it is raised."""
    node = statement_at(function.body, refusal.at)
    call = refusal.call
    if not isinstance(node, ir.Raise) or node.value is not call:
        return None
    given = keyword(call, "status_code") or (call.args[0] if call.args else None)
    match given:
        case ir.Constant(int()):
            text = str(status)
        case ir.Attribute(_, name) if name.startswith(f"HTTP_{refusal.status}_"):
            text = _NAMES[status]
        case _:
            return None

    def recipe(edit: Editor) -> None:
        found = edit.part(call.at, given)
        is_named = isinstance(given, ir.Attribute)
        owner = edit.text(found).rpartition(".")[0]
        edit.replace(found, f"{owner}.{text}" if is_named else text)

    return Fix.unsafe(f"Use status {status}", recipe)


def _reads_credentials(node: ir.Try, function: Function, application: Application) -> bool:
    """Whether a `try` reads a token that came the way credentials come."""
    for part in walk_all(node.body):
        if not isinstance(part, ir.Call):
            continue
        call = application.tokens.of(part)
        if call is not None:
            token = call.arguments.get("token")
        else:
            token = None
            for argument in part.args:
                if application.clients.authenticates(argument, function.scope, part.at):
                    return True
        if token is not None:
            return application.clients.authenticates(token.node, token.scope, token.at)
    return False


def _names_token_error(handler: ir.Handler, function: Function, application: Application) -> bool:
    """Whether a handler is for tokens that are not accepted, and at most for what else may be wrong
    with their content."""
    caught = application.exceptions.classes(handler.catches, function.scope, handler.at)
    names = [value.name for value in caught if isinstance(value, External)]
    return (
        handler.catches is not None
        and len(names) == len(caught)
        and any(name.startswith(_TOKEN_ERRORS) for name in names)
        and all(name.startswith(_TOKEN_ERRORS) or name in _CONTENT_ERRORS for name in names)
    )


def _parameters(
    function: Function, application: Application
) -> tuple[frozenset[ir.Expr], frozenset[ir.Expr]]:
    """The parameters that hold an identified user, and those that hold an API key."""
    users: set[ir.Expr] = set()
    keys: set[ir.Expr] = set()
    for param, dependency in application.injection.parameters(function):
        for value in dependency.callables:
            if isinstance(value, Instance) and application.program.evaluator().instance_of(
                value, *_API_KEYS
            ):
                keys.add(ir.Name(param.name))
            elif application.summaries.denial(value) is not None:
                users.add(ir.Name(param.name))
    return frozenset(users), frozenset(keys)


def _is_key_test(test: ir.Expr | None, keys: frozenset[ir.Expr]) -> bool:
    """Whether a condition is about an API key, and not only about there being one."""
    match test:
        case ir.Operation("not", (ir.Name(),)) | ir.Operation("is", (ir.Name(), ir.Constant(None))):
            return False
    return any(part in keys for part in walk(test))


def _is_role_test(test: ir.Expr | None, users: frozenset[ir.Expr]) -> bool:
    """Whether a condition is about the role of a user alone."""
    if isinstance(test, ir.Operation) and test.op in ("or", "and"):
        return all(_is_role_test(operand, users) for operand in test.operands)
    return any(
        isinstance(part, ir.Attribute) and part.attr in _ROLES and part.value in users
        for part in walk(test)
    )
