"""
A decorator does not protect its route: it stands above it, or hides its parameters.

## Why

Decorators are applied from the bottom up. `@app.get(...)` registers the function that it gets and
gives it back unchanged. A decorator *above* it wraps only the name in the module; requests still
reach the bare function, and a login or role check in the wrapper never runs.

*Below* the route, a wrapper must look like what it wraps. Without `functools.wraps`, FastAPI takes
its `*args` and `**kwargs` for required query parameters and answers every request with 422. A
plain wrapper that returns the coroutine of an `async` endpoint fails with 500 before FastAPI
0.123.5.

## Bad

```python
from functools import wraps

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()


def admin_only(endpoint):
    @wraps(endpoint)
    async def wrapper(request: Request):
        if request.headers.get("x-key") != "secret":
            raise HTTPException(status_code=403)
        return await endpoint(request)

    return wrapper


@admin_only
@app.delete("/cache")
async def clear_cache(request: Request) -> dict[str, str]:
    return {"cache": "empty"}
```

## Good

```python
from functools import wraps

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()


def admin_only(endpoint):
    @wraps(endpoint)
    async def wrapper(request: Request):
        if request.headers.get("x-key") != "secret":
            raise HTTPException(status_code=403)
        return await endpoint(request)

    return wrapper


@app.delete("/cache")
@admin_only
async def clear_cache(request: Request) -> dict[str, str]:
    return {"cache": "empty"}
```

A dependency is the usual way: `dependencies=[Depends(admin_only)]` has no order to get wrong.

## References

- https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-in-path-operation-decorators/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.auth import guards
from fastapi_lint.model.auth.decorating import (
    Wrapping,
    collects,
    gives_back_call,
    keeps_signature,
    wrappings,
)
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

_WRAPPING = frozenset(
    {
        "starlette.authentication.requires", "fastapi_cache.decorator.cache", "tenacity.retry",
        "functools.cache", "functools.lru_cache", "cachetools.cached", "async_lru.alru_cache",
        "aiocache.cached", "backoff.on_exception", "backoff.on_predicate",
    }
)  # fmt: skip
_GUARD = re.compile(
    r"(?:^|_)(?:auth\w*|login|permissions?|roles?|requires?|required|protected)(?:_|$)"
)


class GuardDecoratorAboveRoute(Rule):
    code = "FAL218"
    name = "guard-decorator-above-route"
    security = True
    severity = Severity.ERROR
    fix = Fixability.SAFE

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        intact = True
        endpoint = None
        for wrapping in wrappings(application):
            intact = intact if endpoint is wrapping.endpoint else True
            endpoint = wrapping.endpoint
            if wrapping.past:
                yield from self._above(wrapping, application)
            elif intact:
                yield from self._below(wrapping, context)
                decorator, wrapper = wrapping.decorator, wrapping.wrapper
                intact = bool(decorator and wrapper and keeps_signature(decorator, wrapper))

    def _above(self, wrapping: Wrapping, application: Application) -> Iterator[Finding]:
        wrapper = wrapping.wrapper
        if wrapper is None and not _wraps(wrapping.external):
            return
        denies = wrapper is not None and application.summaries.denial_of(wrapper) is not None
        is_guard = denies or _is_guard(wrapping.external)
        related = [(wrapping.past[0].place, "the route is registered here")]
        if wrapper is not None:
            related.append((Place(wrapper.module, wrapper.node.at), "what never runs"))
        outcome = (
            f"the check in it never runs for requests to {guards.named(wrapping.past)}"
            if denies
            else f"it does nothing for requests to {guards.named(wrapping.past)}"
        )
        yield self.at(
            wrapping.place,
            f"`@{wrapping.label}` stands above the route's decorator, so {outcome}",
            why="the route was registered with the function as it was below this line",
            help="move it below the route's decorator",
            severity=None if is_guard else Severity.WARNING,
            related=related,
            fix=_move(wrapping) if is_guard else None,
        )

    def _below(self, wrapping: Wrapping, context: Context) -> Iterator[Finding]:
        decorator, wrapper = wrapping.decorator, wrapping.wrapper
        if decorator is None or wrapper is None:
            return
        keeps = keeps_signature(decorator, wrapper)
        fastapi = context.targets(wrapping.endpoint.module).fastapi
        extra = " and ".join(f"`{name}`" for name in collects(wrapper))
        place = Place(wrapper.module, wrapper.node.at)
        routes = guards.named(wrapping.around)
        if keeps is False and extra:
            yield self.at(
                wrapping.place,
                f"`@{wrapping.label}` hides the parameters of {routes}: its wrapper lacks "
                "`functools.wraps`",
                why=f"FastAPI takes {extra} for required parameters and answers with 422",
                help="put `@functools.wraps(...)` on the wrapper",
                related=[(place, "the wrapper")],
                fix=_wrap(decorator, wrapper),
            )
        elif (
            keeps
            and fastapi.below("0.123.5")
            and wrapping.endpoint.node.is_async
            and not wrapper.node.is_async
            and gives_back_call(wrapper, decorator)
        ):
            yield self.at(
                wrapping.place,
                f"`@{wrapping.label}` makes {routes} fail: its plain wrapper returns a coroutine",
                why=f"{fastapi.label} awaits nothing that a plain function returns: 500",
                help="make the wrapper `async` and await the endpoint in it",
                related=[(place, "the wrapper")],
            )


def _move(wrapping: Wrapping) -> Fix:
    """Move the route's decorators rather than the guard: several guards keep their order."""

    def recipe(edit: Editor) -> None:
        for at in dict.fromkeys(route.site.at for route in wrapping.past):
            edit.move_before(at, wrapping.place.at)

    return Fix.safe(f"Move the route's decorator above `@{wrapping.label}`", recipe)


def _wrap(decorator: Function, wrapper: Function) -> Fix | None:
    params = decorator.node.params
    if len(params) != 1:
        return None

    def recipe(edit: Editor) -> None:
        there = edit.of(wrapper.module)
        wraps = there.import_name("functools", "wraps")
        there.insert_before(wrapper.node.at, f"@{wraps}({params[0].name})")

    return Fix.safe("Put `functools.wraps` on the wrapper", recipe)


def _wraps(external: str | None) -> bool:
    """Whether a decorator from outside the project wraps, as far as its name tells."""
    return external in _WRAPPING or _is_guard(external)


def _is_guard(external: str | None) -> bool:
    if external is None or external.startswith(("slowapi.", "builtins.")):
        return False
    return _GUARD.search(external.rpartition(".")[2]) is not None
