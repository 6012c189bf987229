"""
The key that signs tokens stands in the code.

## Why

Whoever can read the repository, an image or a backup can sign a token for any user, and the key
cannot be changed without a release. Keys that start as a placeholder reach production unnoticed.

The rule looks at values that reach the key of `jwt.encode` or `jwt.decode`, whatever their names
are. A literal that is only the default of a setting or of an environment variable is information:
it signs tokens wherever the setting is forgotten.

## Bad

```python
import jwt
from fastapi import FastAPI

app = FastAPI()
JWT_KEY = "0f2c7a51d0e94f7f9c1d9a3f5b6c8e20"


@app.post("/invitations")
def invite(email: str) -> str:
    return jwt.encode({"invited": email}, JWT_KEY, algorithm="HS256")
```

## Good

```python
import os

import jwt
from fastapi import FastAPI

app = FastAPI()
JWT_KEY = os.environ["JWT_KEY"]


@app.post("/invitations")
def invite(email: str) -> str:
    return jwt.encode({"invited": email}, JWT_KEY, algorithm="HS256")
```

## References

- https://fastapi.tiangolo.com/advanced/settings/
- https://www.rfc-editor.org/rfc/rfc8725#section-3.5
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.auth.placeholders import is_refused
from fastapi_lint.model.auth.tokens import TokenCall
from fastapi_lint.model.calls import keyword
from fastapi_lint.model.evaluate import Evaluator
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Class
from fastapi_lint.model.sources import Source, Sources
from fastapi_lint.model.values import ClassValue, Literal
from fastapi_lint.rule import Context, Finding, Rule, Severity

_PUBLIC = ("-----BEGIN PUBLIC KEY", "-----BEGIN CERTIFICATE", "-----BEGIN RSA PUBLIC KEY")
_PARTS = frozenset({"encode", "strip", "get_secret_value", "SecretStr", "str", "bytes"})
_LOOKUPS = frozenset({"getenv", "get", "config", "Field", "setdefault"})
_SETTINGS = "pydantic_settings.BaseSettings"


class HardCodedJwtKey(Rule):
    code = "FAL204"
    name = "hard-coded-jwt-key"
    security = True
    severity = Severity.ERROR

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        view = context.evaluator(production=True)
        sources = Sources(application.program, view)
        found: dict[Place, tuple[bool, TokenCall]] = {}
        for call in (*application.tokens.encodes(), *application.tokens.decodes()):
            key = call.arguments.get("key")
            if key is None:
                continue
            if call.operation == "decode" and not application.tokens.checks_signature(call):
                continue
            literals = list(_literals(key, sources, view))
            known = [literal for literal in literals if literal is not None]
            if not known or not view.runs(key.scope, key.at):
                continue
            for source, is_default in known:
                is_default = is_default or len(known) < len(literals)
                if not source.scope.module.is_test and not (
                    is_default and is_refused(source, view, application.index)
                ):
                    found.setdefault(_place(source, call), (is_default, call))
        for place, (is_default, call) in found.items():
            verb = "signs" if call.operation == "encode" else "checks"
            yield self.at(
                place,
                "the default of a key that signs tokens stands in the code"
                if is_default
                else "the key that signs tokens stands in the code",
                why="whoever reads it can sign a token for any user"
                + (", wherever the setting is forgotten" if is_default else ""),
                help="read the key from the environment or a secret store, without a default",
                severity=Severity.INFO if is_default else None,
                related=[] if place == call.place else [(call.place, f"it {verb} tokens here")],
            )


def _literals(
    key: Source, sources: Sources, view: Evaluator, depth: int = 0
) -> Iterator[tuple[Source, bool] | None]:
    """The literals that a key may be, and whether each is only a default; `None` for the rest."""
    for source in sources.of(key.node, key.scope, key.at):
        node = source.node
        inner: ir.Expr | None = None
        is_default = _is_setting(source, view) or _reads_setting(key, view)
        match node:
            case ir.Constant(str() as text, kind) if kind != "ellipsis":
                if _is_key(text):
                    yield source, is_default
                continue
            case ir.Operation("+"):
                joined = view.evaluate(node, source.scope, source.at)
                if all(isinstance(v, Literal) and _is_key(str(v.value)) for v in joined):
                    yield source, is_default
                    continue
            case ir.Call(ir.Attribute(value, name), ()) if name in _PARTS:
                inner = value
            case ir.Call(func, (value, *_)) if ir.last_name(func) in _PARTS:
                inner = value
            case ir.Call(func, args) if ir.last_name(func) in _LOOKUPS:
                inner, is_default = keyword(node, "default"), True
                if inner is None and len(args) > 1:
                    inner = args[1]
                elif inner is None and args and ir.last_name(func) == "Field":
                    inner = args[0]
            case ir.Subscript(value, (ir.Constant() as name,)):
                held = _entry(value, name, source, sources)
                source, inner = held or source, held.node if held else None
        if inner is None or depth > 4:
            yield None
            continue
        for found in _literals(Source(inner, source.scope, source.at), sources, view, depth + 1):
            yield (found[0], found[1] or is_default) if found is not None else None


def _entry(node: ir.Expr, name: ir.Constant, at: Source, sources: Sources) -> Source | None:
    """What a dict display holds under a constant."""
    for source in sources.of(node, at.scope, at.at):
        if isinstance(source.node, ir.Dict):
            for key, item in source.node.items:
                if key == name:
                    return Source(item, source.scope, source.at)
    return None


def _place(source: Source, call: TokenCall) -> Place:
    """Where a literal stands: at the call of the token if it is written there."""
    key = call.arguments["key"]
    return call.place if source.node is key.node else source.place


def _is_setting(source: Source, view: Evaluator) -> bool:
    """Whether a literal is the default of a field of a settings class."""
    owner = source.scope.owner
    return isinstance(owner, Class) and view.is_a(ClassValue(owner), _SETTINGS)


def _reads_setting(key: Source, view: Evaluator) -> bool:
    """Whether a key is read from an object of a settings class."""
    return isinstance(key.node, ir.Attribute) and any(
        view.instance_of(value, _SETTINGS)
        for value in view.evaluate(key.node.value, key.scope, key.at)
    )


def _is_key(text: str) -> bool:
    return bool(text) and not text.startswith(_PUBLIC) and not text.startswith("{{")
