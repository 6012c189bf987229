"""
FastAPI builds a settings class from the request: the client sets the secrets.

## Why

`settings: Settings = Depends()` makes FastAPI call `Settings(...)` with one query parameter for
each field. `?jwt_secret=guess` replaces the server's secret for that request, and a token signed
with the guess is valid. The same holds for a model, dataclass or plain class that carries who the
caller is: `?is_admin=true`. A function that returns the settings has no such parameters. The fix
uses the one that the project has, or writes one beside the class.

## Bad

```python
from dataclasses import dataclass

from fastapi import Depends, FastAPI, Header, HTTPException


@dataclass
class Settings:
    api_key: str = "from the environment"


app = FastAPI()


@app.get("/payroll")
def payroll(x_key: str = Header(), settings: Settings = Depends()) -> list[str]:
    if x_key != settings.api_key:
        raise HTTPException(status_code=403)
    return ["ann", "bob"]
```

## Good

```python
from dataclasses import dataclass

from fastapi import Depends, FastAPI, Header, HTTPException


@dataclass
class Settings:
    api_key: str = "from the environment"


def get_settings() -> Settings:
    return Settings()


app = FastAPI()


@app.get("/payroll")
def payroll(x_key: str = Header(), settings: Settings = Depends(get_settings)) -> list[str]:
    if x_key != settings.api_key:
        raise HTTPException(status_code=403)
    return ["ann", "bob"]
```

## Versions

Classes of pydantic-settings can be overridden in this way from FastAPI 0.148. Before, a request to
such a route fails with 500, or the application does not start, depending on the versions. Other
classes behave the same on all versions.

## References

- https://fastapi.tiangolo.com/advanced/settings/#settings-in-a-dependency
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.auth import guards
from fastapi_lint.model.auth.configuration import Exposure, exposure
from fastapi_lint.model.link import Application
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

from ._providing import provider


class SettingsClassAsDependency(Rule):
    code = "FAL230"
    name = "settings-class-as-dependency"
    security = True
    severity = Severity.ERROR
    fix = Fixability.UNSAFE
    positions = frozenset({"Depends", "Security"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for spot in guards.spots(application):
            found = exposure(spot.values, application)
            if found is None:
                continue
            fastapi = context.targets(spot.place.module).fastapi
            opens = not found.is_settings or fastapi.at_least("0.148")
            name = found.cls.name
            whom = f" of {guards.named(spot.routes)}" if spot.routes else ""
            related = [(Place(found.cls.module, found.cls.node.at), "the class")]
            if spot.routes:
                related.append((spot.routes[0].place, "a route that gets it"))
            yield self.at(
                spot.place,
                f"the client{whom} sets `{found.field}` of `{name}` in the query string"
                if opens
                else f"`{name}` is built from the request{whom}, not from the environment alone",
                why=_why(found, fastapi.label, opens=opens),
                help=f"depend on a function that returns the `{name}` of the server",
                related=related,
                fix=_provide(spot, found, application),
            )


def _provide(spot: guards.Spot, found: Exposure, application: Application) -> Fix | None:
    """Depend on a function that gives the server's own object."""
    give = provider(found.cls, spot.place, application) if found.is_the_servers else None
    if give is None:
        return None
    call = spot.uses[0].dependency.call

    def recipe(edit: Editor) -> None:
        name = give(edit)
        if call.args:
            edit.replace(edit.argument(call.at, 0), name)
        elif call.keywords:
            edit.set_keyword(call.at, "dependency", name)
        else:
            edit.add_argument(call.at, name)

    return Fix.unsafe("Depend on a function that gives it", recipe)


def _why(found: Exposure, version: str, *, opens: bool) -> str:
    if opens:
        return (
            f"FastAPI makes each parameter of `{found.cls.name}(...)` a parameter of the request: "
            f"`?{found.field}=...`"
        )
    return (
        f"with {version} it cannot read the constructor of such a class (requests fail, or the "
        "application does not start); from 0.148 on the query string overrides it"
    )
