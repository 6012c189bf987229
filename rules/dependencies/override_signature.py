"""
The parameters of a dependency override become parameters of the request.

## Why

FastAPI reads the signature of what replaces a dependency as it reads that of the dependency:
a parameter without a default is a query parameter, and so are `*args` and `**kwargs`, which every
`Mock` and `MagicMock` has. The routes then answer 422, because the request has no such parameter.
(A parameter that is annotated with a class that is no model fails with 500.)

Parameters are fine if the original has them too, if the path of the route has them, or if they are
`Request`, `Depends(...)` and the like.

## Bad

```python
from unittest.mock import MagicMock

from fastapi import Depends, FastAPI

app = FastAPI(title="Shop", version="1.0")


def get_mailer() -> str:
    return "smtp"


@app.post("/invitations")
def invite(mailer: str = Depends(get_mailer)) -> str:
    return mailer


def test_invite() -> None:
    app.dependency_overrides[get_mailer] = MagicMock(return_value="fake")
    app.dependency_overrides.clear()
```

## Good

```python
from unittest.mock import MagicMock

from fastapi import Depends, FastAPI

app = FastAPI(title="Shop", version="1.0")


def get_mailer() -> str:
    return "smtp"


@app.post("/invitations")
def invite(mailer: str = Depends(get_mailer)) -> str:
    return mailer


def test_invite() -> None:
    mailer = MagicMock(return_value="fake")
    app.dependency_overrides[get_mailer] = lambda: mailer()
    app.dependency_overrides.clear()
```

## References

- https://github.com/fastapi/fastapi/issues/3331
- https://fastapi.tiangolo.com/advanced/testing-dependencies/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.link import Application
from fastapi_lint.rule import Context, Finding, Rule, Severity


class OverrideSignature(Rule):
    code = "FAL323"
    name = "override-signature"
    severity = Severity.ERROR

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for override in application.overrides.all:
            signature = application.replacing.signature(override)
            if signature is None or not application.replacing.is_depended_on(override):
                continue
            names = " and ".join(f"`{name}`" for name in signature.names)
            yield self.at(
                override.place,
                f"{signature.what} as an override makes FastAPI ask the request for {names}",
                why="a request without it does not reach the route",
                help="use a function without parameters: `lambda: ...`",
            )
