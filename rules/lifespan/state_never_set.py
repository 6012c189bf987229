"""
An attribute of app.state is read, but nothing in the project sets it.

## Why

`app.state` has the attributes that somebody assigned, and no others: reading another one raises
`AttributeError: 'State' object has no attribute ...`, and the request is answered with status 500.
That happens where the line that sets it was renamed or removed, and where a lifespan *yields* a
mapping: what it yields is found in `request.state`, not in `app.state`.

The rule is silent where the attribute may be missing on purpose (`getattr` with a default,
`hasattr`, `except AttributeError`), where anything in the project assigns an attribute of that
name, and where the state is filled in a way that can't be followed.

## Bad

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.rates = {"EUR": 1.0}
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/rates")
async def read_rates(request: Request) -> dict[str, float]:
    return request.app.state.exchange_rates
```

## Good

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.rates = {"EUR": 1.0}
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/rates")
async def read_rates(request: Request) -> dict[str, float]:
    return request.app.state.rates
```

## References

- https://www.starlette.io/applications/#storing-state-on-the-app-instance
- https://www.starlette.io/lifespan/#lifespan-state
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.calls import yields
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Rule, Severity


class StateNeverSet(Rule):
    code = "FAL606"
    name = "state-never-set"
    severity = Severity.WARNING

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        apps = [app for app in application.apps if app.created and not app.place.module.is_test]
        if not apps:
            return
        yielded = _yielded(application)
        seen: set[tuple[str, int, str]] = set()
        for read in application.states.unset():
            place = Place(read.module, read.at)
            key = (*place.sort_key, read.name)
            if key in seen or application.states.is_of_a_library(read.name):
                continue
            seen.add(key)
            function = yielded.get(read.name)
            yield self.at(
                place,
                f"`app.state.{read.name}` is read, but nothing in the project sets it",
                why="reading it raises an AttributeError: the request is answered with status 500",
                help=f"assign `app.state.{read.name}` in the lifespan"
                if function is None
                else f"read `request.state.{read.name}`: what a lifespan yields is found there",
                related=[]
                if function is None
                else [(Place(function.module, function.node.at), "it is yielded here")],
            )


def _yielded(application: Application) -> dict[str, Function]:
    """The keys of the mappings that lifespans yield."""
    found: dict[str, Function] = {}
    for owner in application.owners():
        for function in application.lifespans.functions(owner):
            for node, _ in yields(function):
                if isinstance(node.value, ir.Dict):
                    for key, _ in node.value.items:
                        if isinstance(key, ir.Constant) and isinstance(key.value, str):
                            found.setdefault(key.value, function)
    return found
