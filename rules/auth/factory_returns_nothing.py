"""
A function that should make a dependency returns nothing, and the check is gone.

## Why

`Depends(require_role("admin"))` depends on what the call returns. When the factory ends without
`return check_role`, that is `None`, and `Depends(None)` means `Depends()`: FastAPI calls the class
of the annotation instead. For `user: User = Depends(require_role("admin"))` the user is then built
from the query string: `?name=root&is_admin=true`. In a list of dependencies it stops the
application from starting.

## Bad

```python
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel


class User(BaseModel):
    name: str = "nobody"


app = FastAPI()


def require_key(key: str):
    def check(x_key: str = Header()) -> User:
        if x_key != key:
            raise HTTPException(status_code=403)
        return User(name="operator")


@app.post("/restart")
def restart(user: User = Depends(require_key("secret"))) -> dict[str, str]:
    return {"restarted_by": user.name}
```

## Good

```python
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel


class User(BaseModel):
    name: str = "nobody"


app = FastAPI()


def require_key(key: str):
    def check(x_key: str = Header()) -> User:
        if x_key != key:
            raise HTTPException(status_code=403)
        return User(name="operator")

    return check


@app.post("/restart")
def restart(user: User = Depends(require_key("secret"))) -> dict[str, str]:
    return {"restarted_by": user.name}
```

## References

- https://fastapi.tiangolo.com/advanced/advanced-dependencies/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.auth import guards
from fastapi_lint.model.auth.factories import Factory, empty_factories
from fastapi_lint.model.link import Application
from fastapi_lint.model.values import FunctionValue
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import statements


class FactoryReturnsNothing(Rule):
    code = "FAL228"
    name = "factory-returns-nothing"
    security = True
    severity = Severity.ERROR
    fix = Fixability.SAFE
    positions = frozenset({"Depends", "Security"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for factory in empty_factories(application):
            inner, function = factory.inner, factory.function
            denies = guards.denies(FunctionValue(inner), application)
            what = f"the check in `{inner.name}`" if denies else f"`{inner.name}`"
            routes = guards.routes(factory.uses, application.graph)
            whom = f" for {guards.named(routes)}" if routes else ""
            lead = f"`{function.name}` " + (
                "returns nothing" if factory.always else "may return nothing"
            )
            yield self.at(
                Place(function.module, function.node.at),
                f"{lead}, so {what} never runs{whom}" if factory.always else
                f"{lead}, and then {what} does not run{whom}",
                why=_why(factory),
                help=f"end every path with `return {inner.name}`",
                related=[(factory.uses[0].place, "what it makes is used here")],
                fix=_return(factory),
            )  # fmt: skip


def _return(factory: Factory) -> Fix | None:
    """Return the one function that a factory makes and forgets, at its end."""
    function, inner = factory.function.node, factory.inner.node
    body = factory.function.body
    made = [node for node in statements(body) if isinstance(node, ir.Function)]
    leaves = any(isinstance(node, ir.Return) for node in statements(body[:-1]))
    last = body[-1]
    if [node.at for node in made] != [inner.at] or inner.at not in [node.at for node in body]:
        return None
    if leaves or not factory.always or (function.returns and ir.is_none(function.returns)):
        return None

    def recipe(edit: Editor) -> None:
        if isinstance(last, ir.Return):
            edit.replace(last.at, f"return {inner.name}")
        else:
            edit.insert_after(last.at, f"return {inner.name}")

    return Fix.safe(f"Return `{inner.name}`", recipe)


def _why(factory: Factory) -> str:
    """What FastAPI does with `Depends(None)` in the first use."""
    use = factory.uses[0]
    if use.param is None:
        return "a list with `Depends(None)` stops the application from starting"
    if use.param.annotation is None:
        return "`Depends(None)` without an annotation answers every request with 422"
    return f"`Depends(None)` fills `{use.param.name}` by calling the class of its annotation"
