"""
An endpoint takes the result of a guard and does not use it.

## Why

`user: User = Depends(current_user)` in an endpoint that never reads `user` is only there for the
check. Whoever tidies up takes the parameter for a leftover and removes it, and the route with it
stands open. In the route's `dependencies=[...]` the same dependency says what it is for, and a
router or an application can list it once for many routes.

Both forms run alike, so nothing can be proven by running them: the rule is about what readers take
them for.

## Bad

```python
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def current_user(authorization: str = Header()) -> str:
    if authorization != "Bearer letmein":
        raise HTTPException(status_code=401)
    return "ann"


@app.get("/shifts")
def shifts(user: str = Depends(current_user)) -> list[str]:
    return ["monday", "friday"]
```

## Good

```python
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def current_user(authorization: str = Header()) -> str:
    if authorization != "Bearer letmein":
        raise HTTPException(status_code=401)
    return "ann"


@app.get("/shifts", dependencies=[Depends(current_user)])
def shifts() -> list[str]:
    return ["monday", "friday"]
```

## When to ignore it

Where the parameter is kept on purpose; a name that starts with `_` says so.

## References

- https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-in-path-operation-decorators/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Dependency, Place
from fastapi_lint.model.auth import guards
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import walk

from ..auth.depends_list_as_default import list_on_routes


class UnusedGuardParameter(Rule):
    code = "FAL318"
    name = "unused-guard-parameter"
    severity = Severity.INFO
    fix = Fixability.UNSAFE
    default = False

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for endpoint, routes in application.graph.endpoints.items():
            if endpoint.module.is_test or _is_stub(endpoint):
                continue
            for param, dependency in application.injection.parameters(endpoint):
                values = dependency.callables
                if (
                    param.name.startswith("_")
                    or not values
                    or not all(guards.denies(value, application) for value in values)
                    or guards.handling(endpoint, param.name).mentioned
                ):
                    continue
                guard = guards.label(values[0], application)
                yield self.at(
                    Place(endpoint.module, param.at),
                    f"`{endpoint.name}` takes `{param.name}` for the check in `{guard}` alone",
                    why="a parameter that nothing reads is easily removed, and the check with it",
                    help=f"list `Depends({guard})` in `dependencies=[...]` of the route",
                    related=[(routes[0].place, "the route")],
                    fix=_list(dependency, endpoint, param, application),
                )


def _list(
    dependency: Dependency, endpoint: Function, param: ir.Parameter, application: Application
) -> Fix | None:
    place = dependency.place
    is_own = place.module is endpoint.module and any(
        part is dependency.call for part in (*walk(param.annotation), *walk(param.default))
    )
    if not is_own or not (dependency.call.args or dependency.call.keywords):
        return None

    def listed(edit: Editor) -> str:
        return f"[{edit.text(dependency.call.at)}]"

    recipe = list_on_routes(endpoint, param, listed, application)
    return Fix.unsafe("List it on the route", recipe) if recipe is not None else None


def _is_stub(endpoint: Function) -> bool:
    """Whether a function has no code of its own."""
    return all(
        isinstance(node, (ir.Raise, ir.Jump))
        or (isinstance(node, ir.Expression) and isinstance(node.value, ir.Constant))
        for node in endpoint.body
    )
