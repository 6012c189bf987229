"""
The algorithm with which a token is checked is read out of that token.

## Why

Nothing in a token can be believed before its signature was checked, its header least of all. With
`algorithms=[header["alg"]]` the sender chooses how the server checks: a weaker algorithm than
the one that signs, or one that takes a public key for a shared secret.

An algorithm that is compared with a list of accepted ones first is fine, and so is the algorithm
that belongs to a key.

## Bad

```python
import os

import jwt
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.post("/tokens/check")
def check_token(token: str) -> dict[str, str]:
    try:
        header = jwt.get_unverified_header(token)
        return jwt.decode(token, os.environ["JWT_KEY"], algorithms=[header["alg"]])
    except jwt.InvalidTokenError:
        raise HTTPException(status_code=400, detail="invalid token") from None
```

## Good

```python
import os

import jwt
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.post("/tokens/check")
def check_token(token: str) -> dict[str, str]:
    try:
        return jwt.decode(token, os.environ["JWT_KEY"], algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(status_code=400, detail="invalid token") from None
```

## References

- https://www.rfc-editor.org/rfc/rfc8725#section-3.1
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.auth.tokens import TokenCall, Tokens
from fastapi_lint.model.flow import known_tests
from fastapi_lint.model.link import Application
from fastapi_lint.model.sources import Source
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import walk


class JwtAlgorithmFromToken(Rule):
    code = "FAL203"
    name = "jwt-algorithm-from-token"
    security = True
    severity = Severity.ERROR

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        tokens = application.tokens
        for call in tokens.decodes():
            given = call.arguments.get("algorithms")
            header = _header(given, tokens) if given is not None else None
            if given is None or header is None or _fits_key_only(call, tokens):
                continue
            if not _is_compared(call, given):
                yield self.at(
                    call.place,
                    "this token is checked with the algorithm that its own header names",
                    why="whoever sends the token chooses how it is checked",
                    help='list the algorithms that sign your tokens, as `algorithms=["HS256"]`',
                    related=[(header, "the header is read here, before it can be believed")],
                )


def _header(given: Source, tokens: Tokens) -> Place | None:
    """The reading of a token's header out of which some algorithms are taken."""
    for listed in tokens.sources.of(given.node, given.scope, given.at):
        items = listed.node.items if isinstance(listed.node, ir.Display) else (listed.node,)
        for item in items:
            for source in tokens.sources.of(item, listed.scope, listed.at):
                if (owner := _owner(source.node)) is not None:
                    for made in tokens.sources.of(owner, source.scope, source.at):
                        call = tokens.of(made.node)
                        if call is not None and call.operation == "header":
                            return call.place
                        if call is None and _parses_header(made.node):
                            return made.place
    return None


def _parses_header(node: ir.Expr) -> bool:
    """Whether an expression parses the part of a token before its first dot."""
    return (
        isinstance(node, ir.Call)
        and ir.last_name(node.func) == "loads"
        and any(
            isinstance(part, ir.Subscript)
            and part.index == (ir.Constant(0, "int"),)
            and isinstance(part.value, ir.Call)
            and ir.last_name(part.value.func) in ("split", "partition")
            and part.value.args == (ir.Constant(".", "str"),)
            for part in walk(node)
        )
    )


def _fits_key_only(call: TokenCall, tokens: Tokens) -> bool:
    """Whether the key is one of a JWK set, which is of no use to algorithms of another kind."""
    key = call.arguments.get("key")
    node = key.node if key is not None else None
    while isinstance(node, ir.Attribute):
        node = node.value
    return (
        key is not None
        and node is not None
        and any(
            isinstance(source.node, ir.Call)
            and (ir.last_name(source.node.func) or "").startswith("get_signing_key")
            for source in tokens.sources.of(node, key.scope, key.at)
        )
    )


def _owner(node: ir.Expr) -> ir.Expr | None:
    """The mapping whose "alg" an expression reads."""
    match node:
        case ir.Subscript(value, (ir.Constant("alg"),)):
            return value
        case ir.Call(ir.Attribute(value, "get"), (ir.Constant("alg"), *_)):
            return value
    return None


def _is_compared(call: TokenCall, given: Source) -> bool:
    """Whether the algorithm was compared with something before the token is checked."""
    function = call.function
    if function is None:
        return False
    items = given.node.items if isinstance(given.node, ir.Display) else (given.node,)
    for item in items:
        ways = known_tests(function.body, item, call.site.call)
        if ways and all(any(_compares(test) for test, _ in way) for way in ways):
            return True
    return False


def _compares(test: ir.Expr) -> bool:
    return any(
        isinstance(part, ir.Operation) and part.op in ("==", "!=", "in", "not in")
        for part in walk(test)
    )
