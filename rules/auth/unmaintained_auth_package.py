"""
A package for passwords or tokens is imported that nobody maintains any more.

## Why

Code that guards accounts should get fixes when a hole is found. passlib has had no release since
2020: with bcrypt 4.1 and later it logs an AttributeError, and with bcrypt 5 hashing fails.
fastapi-jwt-auth has had none since 2020 either, and needs pydantic 1. python-jose went without any
for years; the documentation of FastAPI moved to PyJWT.

## Bad

```python
from fastapi import FastAPI
from passlib.context import CryptContext

app = FastAPI()
passwords = CryptContext(schemes=["bcrypt"])


@app.post("/hash")
def hash_password(password: str) -> str:
    return passwords.hash(password)
```

## Good

```python
from fastapi import FastAPI
from pwdlib import PasswordHash

app = FastAPI()
passwords = PasswordHash.recommended()


@app.post("/hash")
def hash_password(password: str) -> str:
    return passwords.hash(password)
```

## References

- https://fastapi.tiangolo.com/tutorial/security/oauth2-jwt/
- https://github.com/fastapi/fastapi/discussions/11345
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.link import Application
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import statements

_PACKAGES = {
    "passlib": (
        "passlib has had no release since 2020",
        "it logs an error with bcrypt 4.1 and later, and fails with bcrypt 5",
        "use pwdlib, or argon2-cffi or bcrypt itself",
    ),
    "jose": (
        "python-jose is used for tokens, from which the documentation of FastAPI moved to PyJWT",
        "it went without any release for years",
        "use PyJWT or joserfc",
    ),
    "fastapi_jwt_auth": (
        "fastapi-jwt-auth has had no release since 2020",
        "it needs pydantic 1",
        "use PyJWT in a dependency",
    ),
}


class UnmaintainedAuthPackage(Rule):
    code = "FAL234"
    name = "unmaintained-auth-package"
    security = True
    severity = Severity.INFO
    default = False

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for module in application.index.modules:
            seen: set[str] = set()
            for node in () if module.is_test else statements(module.scope.body):
                if not isinstance(node, ir.Import) or node.level:
                    continue
                package = node.module.partition(".")[0]
                resolved = application.program.evaluator().import_path(node, module)
                if package in seen or package not in _PACKAGES or resolved is not None:
                    continue
                seen.add(package)
                message, why, help_ = _PACKAGES[package]
                yield self.at(Place(module, node.at), message, why=why, help=help_)
