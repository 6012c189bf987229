"""
A dependency stands in a parameter without Depends, so it never runs.

## Why

FastAPI ignores what it does not know in `Annotated[User, get_current_user]`, and takes a default
such as `user: User = get_current_user` as the parameter's default value. The function never runs.
The parameter becomes part of the request: for a model the **body**, for text or a number a query
parameter. Whoever sends `{"name": "root", "is_admin": true}` is that user. The same goes for a
bare `Depends`, which is only a function until it is called.

## Bad

```python
from typing import Annotated

from fastapi import FastAPI, Header, HTTPException
from pydantic import BaseModel


class User(BaseModel):
    name: str
    is_admin: bool = False


def get_current_user(authorization: str = Header()) -> User:
    if authorization != "Bearer letmein":
        raise HTTPException(status_code=401)
    return User(name="reader")


app = FastAPI()


@app.post("/articles")
def publish(user: Annotated[User, get_current_user]) -> dict[str, str]:
    return {"author": user.name}
```

## Good

```python
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel


class User(BaseModel):
    name: str
    is_admin: bool = False


def get_current_user(authorization: str = Header()) -> User:
    if authorization != "Bearer letmein":
        raise HTTPException(status_code=401)
    return User(name="reader")


app = FastAPI()


@app.post("/articles")
def publish(user: Annotated[User, Depends(get_current_user)]) -> dict[str, str]:
    return {"author": user.name}
```

## References

- https://fastapi.tiangolo.com/tutorial/dependencies/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.auth import guards
from fastapi_lint.model.auth.bare import Bare, bare_dependencies
from fastapi_lint.model.link import Application
from fastapi_lint.model.names import DEPENDS, SECURITY
from fastapi_lint.model.values import ClassValue, External
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity


class AnnotatedMissingDepends(Rule):
    code = "FAL217"
    name = "annotated-missing-depends"
    security = True
    severity = Severity.ERROR
    fix = Fixability.SAFE

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for bare in bare_dependencies(application):
            fix = None
            whom = f" for {guards.named(bare.routes)}" if bare.routes else ""
            if bare.value in (External(DEPENDS), External(SECURITY)):
                word = guards.label(bare.value, application)
                message = f"`{bare.param.name}` names `{word}` without calling it, so nothing runs"
                help = f"write `{word}(...)` with the dependency in it"
            else:
                name = guards.label(bare.value, application)
                what = "the check in " if guards.denies(bare.value, application) else ""
                message = (
                    f"`{bare.param.name}` names `{name}` without `Depends`, so {what}`{name}` "
                    "never runs"
                )
                help = f"wrap it: `Depends({name})`"
                if not isinstance(bare.value, (ClassValue, External)):
                    fix = _wrap(bare, name)
            related = [(bare.routes[0].place, "a route that it is meant for")] * bool(bare.routes)
            defined = guards.defined(bare.value, application)
            if defined is not None:
                related.insert(0, (defined, "what never runs"))
            yield self.at(
                bare.place,
                message + whom,
                why=_why(bare, application),
                help=help,
                related=related,
                fix=fix,
            )


def _wrap(bare: Bare, name: str) -> Fix:
    def recipe(edit: Editor) -> None:
        depends = edit.import_name("fastapi", "Depends")
        edit.wrap(edit.part(bare.place.at, bare.node), f"{depends}(", ")")

    return Fix.safe(f"Wrap `{name}` in `Depends(...)`", recipe)


def _why(bare: Bare, application: Application) -> str:
    """What FastAPI does with the parameter instead."""
    name = bare.param.name
    if bare.is_default:
        return f"without `Depends`, the default of `{name}` is a mere value, and not called"
    match bare.source:
        case "body":
            return f"`{name}` is read from the request's body: the client sends what it likes"
        case "query":
            return f"`{name}` becomes a parameter of the request that the client sets"
    return "FastAPI ignores everything in `Annotated` that it does not know"
