"""
Depends is called in the body of a function, where nothing is injected.

## Why

FastAPI reads `Depends(...)` from parameters, and from `dependencies=[...]`. In the body of a
function the call gives a marker object and nothing else: no dependency runs. Using the object fails
with "'Depends' object has no attribute ...", and a guard that is written like that checks nobody.

## Bad

```python
from fastapi import Depends, FastAPI

app = FastAPI()


def get_settings() -> dict[str, str]:
    return {"name": "shop"}


@app.get("/name")
def name() -> str:
    settings = Depends(get_settings)
    return settings["name"]
```

## Good

```python
from fastapi import Depends, FastAPI

app = FastAPI()


def get_settings() -> dict[str, str]:
    return {"name": "shop"}


@app.get("/name")
def name(settings: dict[str, str] = Depends(get_settings)) -> str:
    return settings["name"]
```

## References

- https://fastapi.tiangolo.com/tutorial/dependencies/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Place
from fastapi_lint.model.dependency.markers import is_taken_for_value
from fastapi_lint.model.names import DEPENDS, SECURITY
from fastapi_lint.model.program import Site
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import External
from fastapi_lint.rule import Context, Finding, Rule, Severity


class DependsInFunctionBody(Rule):
    code = "FAL309"
    name = "depends-in-function-body"
    security = True
    severity = Severity.ERROR
    positions = frozenset({"Depends", "Security"})
    calls = ("Depends", "Security")

    def check_call(self, site: Site, context: Context) -> Iterator[Finding]:
        function = site.scope.owner
        if not isinstance(function, Function) or site.module.is_test:
            return
        callees = context.near.evaluate(site.call.func, site.scope, site.at)
        if not all(callee in (External(DEPENDS), External(SECURITY)) for callee in callees):
            return
        if is_taken_for_value(site, function, context.application):
            yield self.at(
                Place(site.module, site.call.at),
                f"nothing is injected in the body of `{function.name}`: "
                "this is only a marker object",
                why="the dependency never runs",
                help=f"make it a parameter of `{function.name}`",
            )
