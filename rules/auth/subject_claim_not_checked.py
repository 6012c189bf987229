"""
The subject of a token is used though the token may have none.

## Why

A valid signature says who made a token, not what is in it. Tokens for other purposes, such as
refreshing or confirming an address, are often signed with the same key and hold other claims.
`claims["sub"]` then raises KeyError, which `except InvalidTokenError` does not catch: the answer is
a 500. `claims.get("sub")` gives `None`, which fails later or becomes the user.

## Bad

```python
import os
from typing import Annotated

import jwt
from fastapi import FastAPI, Header, HTTPException

app = FastAPI()


@app.get("/me")
def show_me(token: Annotated[str, Header()]) -> str:
    try:
        claims = jwt.decode(token, os.environ["JWT_KEY"], algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(
            status_code=401, detail="invalid token", headers={"WWW-Authenticate": "Bearer"}
        ) from None
    return claims["sub"]
```

## Good

```python
import os
from typing import Annotated

import jwt
from fastapi import FastAPI, Header, HTTPException

app = FastAPI()


@app.get("/me")
def show_me(token: Annotated[str, Header()]) -> str:
    try:
        claims = jwt.decode(token, os.environ["JWT_KEY"], algorithms=["HS256"])
        return claims["sub"]
    except (jwt.InvalidTokenError, KeyError):
        raise HTTPException(
            status_code=401, detail="invalid token", headers={"WWW-Authenticate": "Bearer"}
        ) from None
```

## References

- https://pyjwt.readthedocs.io/en/stable/usage.html#requiring-presence-of-claims
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.auth.issuing import Issuing
from fastapi_lint.model.auth.tested import tested_names
from fastapi_lint.model.auth.tokens import TokenCall, Tokens
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import External, Mapping
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import own_parts, statements, walk, walk_all

_CONVERTS = frozenset({"int", "UUID", "ObjectId"})
_REQUIRING = {"pyjwt": '{"require": ["sub"]}', "jose": '{"require_sub": True}'}
_KEY_ERROR, _TYPE_ERROR = External("builtins.KeyError"), External("builtins.TypeError")


class SubjectClaimNotChecked(Rule):
    code = "FAL206"
    name = "subject-claim-not-checked"
    security = True
    severity = Severity.WARNING
    fix = Fixability.UNSAFE

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        if Issuing(application).always_set("sub"):
            return
        for function in application.tokens.readers:
            for node, part, owner in _reads(function):
                if _tests_presence(owner, function):
                    continue
                call = application.tokens.claims_of(owner, function.scope, node.at)
                if call is None or _is_looked_at(call, function, application.tokens):
                    continue
                why = _consequence(node, part, function, application)
                if why is not None:
                    yield self.at(
                        Place(function.module, node.at),
                        f"`{function.name}` uses the `sub` claim of a token that may have none",
                        why=why,
                        help='refuse tokens without it: `options={"require": ["sub"]}` with PyJWT,'
                        " or a test and a 401",
                        related=[(call.place, "the claims are read here")],
                        fix=_require(call),
                    )
                    break


def _require(call: TokenCall) -> Fix | None:
    """Let the library refuse tokens without the claim, where the call has no options yet."""
    option = _REQUIRING.get(call.library) if call.operation == "decode" else None
    if option is None or "options" in call.arguments or call.is_open:
        return None

    def recipe(edit: Editor) -> None:
        edit.of(call.site.module).set_keyword(call.site.call.at, "options", option)

    return Fix.unsafe("Require the `sub` claim", recipe)


def _reads(function: Function) -> Iterator[tuple[ir.Stmt, ir.Expr, ir.Expr]]:
    """Where a function reads `x["sub"]` or `x.get("sub")`, with that expression and `x`."""
    for node in statements(function.body):
        stored = node.targets if isinstance(node, ir.Assign) else ()
        for part in own_parts(node):
            match part:
                case ir.Subscript(owner, (ir.Constant("sub"),)) if part not in stored:
                    yield node, part, owner
                case ir.Call(ir.Attribute(owner, "get"), (ir.Constant("sub"),)):
                    yield node, part, owner


def _tests_presence(claims: ir.Expr, function: Function) -> bool:
    """Whether a function asks which claims there are, by `"name" in claims`."""
    return any(
        isinstance(part, ir.Operation)
        and part.op in ("in", "not in")
        and part.operands[-1] == claims
        for part in walk_all(function.body)
    )


def _is_looked_at(call: TokenCall, function: Function, tokens: Tokens) -> bool:
    """Whether something tests that there is a subject, or an error of the token is not caught
    either, which is another finding."""
    if tokens.requires(call, "sub"):
        return True
    if any(
        tokens.escape(call.site.scope, call.site.at, error) is not None
        and not tokens.is_handled(error)
        for error in tokens.errors(call)
    ):
        return True
    return any(
        isinstance(part, ir.Operation)
        and part.op in ("in", "not in", "==", "!=", "is", "is not", "not", "<=")
        and any(inner == ir.Constant("sub", "str") for inner in walk(part))
        for near in {function, call.function}
        if near is not None
        for part in walk_all(near.body)
    )


def _consequence(
    node: ir.Stmt, part: ir.Expr, function: Function, application: Application
) -> str | None:
    tokens, scope = application.tokens, function.scope

    def fails(at: int, error: External) -> bool:
        return tokens.escape(scope, at, error) is not None and not tokens.is_handled(error)

    if isinstance(part, ir.Subscript):
        return (
            "a token without the claim raises KeyError, which nothing catches: a 500"
            if fails(node.at, _KEY_ERROR)
            else None
        )
    names = _names_of(node, part)
    if names & tested_names(function):
        return None
    for other in statements(function.body):
        for inner in own_parts(other):
            if _looks_up(inner, names, other, function, application) and fails(
                other.at, _KEY_ERROR
            ):
                return "without the claim the lookup raises KeyError, and the answer is a 500"
            if not isinstance(inner, ir.Call) or ir.last_name(inner.func) not in _CONVERTS:
                continue
            given = inner.args[:1]
            if (given == (part,) or _is_one_of(given, names)) and fails(other.at, _TYPE_ERROR):
                return "without the claim this converts `None`, and the answer is a 500"
    if _returns(function, part, names) and _nobody_tests(function, application):
        return "without the claim the user is `None`, and the request goes on"
    return None


def _looks_up(
    node: ir.Expr, names: frozenset[str], at: ir.Stmt, function: Function, application: Application
) -> bool:
    """Whether an expression takes the entry of a dict that one of some variables names."""
    return (
        isinstance(node, ir.Subscript)
        and _is_one_of(node.index, names)
        and any(
            isinstance(value, Mapping)
            for value in application.program.evaluator().evaluate(node.value, function.scope, at.at)
        )
    )


def _names_of(node: ir.Stmt, part: ir.Expr) -> frozenset[str]:
    """The variables that a statement gives an expression to."""
    if isinstance(node, ir.Assign) and node.value is part:
        return frozenset(target.id for target in node.targets if isinstance(target, ir.Name))
    return frozenset()


def _is_one_of(given: tuple[ir.Expr, ...], names: frozenset[str]) -> bool:
    return any(isinstance(argument, ir.Name) and argument.id in names for argument in given)


def _returns(function: Function, part: ir.Expr, names: frozenset[str]) -> bool:
    return any(
        isinstance(node, ir.Return)
        and (node.value is part or (isinstance(node.value, ir.Name) and node.value.id in names))
        for node in statements(function.body)
    )


def _nobody_tests(function: Function, application: Application) -> bool:
    """Whether a dependency's value is used by functions that never test it."""
    uses = application.graph.uses_of(function)
    return bool(uses) and not any(
        use.param is not None
        and use.function is not None
        and use.param.name in tested_names(use.function)
        for use in uses
    )
