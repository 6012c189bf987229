"""
A list of dependencies is the default of a parameter, where nothing in it runs.

## Why

`dependencies=[Depends(check)]` belongs into the route's decorator, the router or the application.
As a parameter of the function, `def endpoint(dependencies=[Depends(check)])`, it is a list like any
other: nothing in it runs.

## Bad

```python
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def check_key(x_key: str = Header()) -> None:
    if x_key != "secret":
        raise HTTPException(status_code=403)


@app.get("/backups")
def backups(dependencies=[Depends(check_key)]) -> list[str]:
    return ["monday.tar"]
```

## Good

```python
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


def check_key(x_key: str = Header()) -> None:
    if x_key != "secret":
        raise HTTPException(status_code=403)


@app.get("/backups", dependencies=[Depends(check_key)])
def backups() -> list[str]:
    return ["monday.tar"]
```

## References

- https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-in-path-operation-decorators/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix, Recipe
from fastapi_lint.model.application import Dependency, Place
from fastapi_lint.model.auth import guards
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import Instance, Sequence, Value
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity


class DependsListAsDefault(Rule):
    code = "FAL233"
    name = "depends-list-as-default"
    security = True
    severity = Severity.ERROR
    fix = Fixability.SAFE

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for function in application.graph.injected:
            if function.module.is_test:
                continue
            for param in function.node.params:
                for dependency in _listed(function, param, application)[:1]:
                    yield self._finding(function, param, dependency, application)

    def _finding(
        self, function: Function, param: ir.Parameter, found: Dependency, application: Application
    ) -> Finding:
        value = next(iter(found.callables), None)
        what = f"`{guards.label(value, application)}`" if value is not None else "what it names"
        if value is not None and guards.denies(value, application):
            what = f"the check in {what}"
        routes = application.graph.routes_of(function)
        is_endpoint = any(route.endpoint is function for route in routes)
        whom = f" for {guards.named(routes)}" if routes and not is_endpoint else ""
        defined = guards.defined(value, application) if value is not None else None
        return self.at(
            Place(function.module, param.at),
            f"`{param.name}` of `{function.name}` is a mere list, so {what} never runs{whom}",
            why="FastAPI looks for `Depends` in the default itself, not in a list",
            help="give `dependencies=[...]` to the route's decorator, or one parameter to each",
            related=[(defined, "what never runs")] if defined is not None else [],
            fix=_give_to_routes(function, param, application),
        )


def _give_to_routes(
    function: Function, param: ir.Parameter, application: Application
) -> Fix | None:
    default = param.default
    if default is None:
        return None

    def listed(edit: Editor) -> str:
        return edit.text(edit.part(param.at, default))

    recipe = list_on_routes(function, param, listed, application)
    return Fix.safe("Give the list to the route", recipe) if recipe is not None else None


def list_on_routes(
    function: Function,
    param: ir.Parameter,
    listed: Callable[[Editor], str],
    application: Application,
) -> Recipe | None:
    """Remove an unused parameter of an endpoint, and give what `listed` writes to the decorators of
    its routes as `dependencies=`, if they have none yet; `None` if anything else may need it."""
    calls = [decorator.value for decorator in function.node.decorators]
    sites = [route.site.call for route in application.graph.endpoints.get(function, ())]
    if (
        not sites
        or {id(call) for call in calls} != {id(site) for site in sites}
        or any(k.name in (None, "dependencies") for site in sites for k in site.keywords)
        or guards.handling(function, param.name).mentioned
        or any(application.index.calls(function.name))
    ):
        return None

    def recipe(edit: Editor) -> None:
        text = listed(edit)
        for at in dict.fromkeys(site.at for site in sites):
            edit.set_keyword(at, "dependencies", text)
        edit.delete(param.at)

    return recipe


def _listed(
    function: Function, param: ir.Parameter, application: Application
) -> tuple[Dependency, ...]:
    """The dependencies in a list, tuple or set that a parameter names as a mere value."""
    injection, view = application.injection, application.program.evaluator()
    if injection.injected(function, param) is not None:
        return ()
    values: list[Value] = []
    if param.default is not None:
        values.extend(view.evaluate(param.default, function.parent, function.node.at))
    for scope, at, item in injection.metadata(function, param):
        values.extend(view.evaluate(item, scope, at))
    return tuple(
        dependency
        for value in values
        if isinstance(value, Sequence)
        for item in view.items((value,))
        if isinstance(item, Instance) and (dependency := injection.dependency_of(item)) is not None
    )
