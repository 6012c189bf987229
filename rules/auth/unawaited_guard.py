"""
A check is an async function that nobody awaits, so it never runs and counts as passed.

## Why

Calling an `async def` function gives a coroutine; its code runs when that is awaited. A coroutine
is always true: `if not is_admin(user): raise ...` never raises. A check that is called as a
statement does nothing at all, and a plain dependency that returns such a call injects the
coroutine. Python only warns, on the error output, that it "was never awaited".

## Bad

```python
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


async def is_admin(key: str) -> bool:
    return key == "secret"


async def admin_only(x_key: str = Header()) -> None:
    if not is_admin(x_key):
        raise HTTPException(status_code=403)


@app.delete("/logs", dependencies=[Depends(admin_only)])
async def delete_logs() -> dict[str, str]:
    return {"logs": "gone"}
```

## Good

```python
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


async def is_admin(key: str) -> bool:
    return key == "secret"


async def admin_only(x_key: str = Header()) -> None:
    if not await is_admin(x_key):
        raise HTTPException(status_code=403)


@app.delete("/logs", dependencies=[Depends(admin_only)])
async def delete_logs() -> dict[str, str]:
    return {"logs": "gone"}
```

## References

- https://fastapi.tiangolo.com/async/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.auth import guards
from fastapi_lint.model.auth.coroutines import Lost, all_lost, gives_coroutine
from fastapi_lint.model.calls import results
from fastapi_lint.model.graph import Use
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import LambdaValue
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

_WHY = {
    "test": "a coroutine is always true",
    "comparison": "a coroutine is equal to nothing else",
    "membership": "`in` raises a TypeError for a coroutine",
    "statement": "a coroutine does nothing until it is awaited",
    "returned": "FastAPI injects the coroutine as it is",
}


class UnawaitedGuard(Rule):
    code = "FAL219"
    name = "unawaited-guard"
    security = True
    severity = Severity.ERROR
    fix = Fixability.SAFE
    positions = frozenset({"Depends", "Security"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        seen: set[tuple[Function, str | int]] = set()
        for found in all_lost(application):
            denies = application.summaries.denial_of(found.callee) is not None
            key = (found.function, found.name or found.at)
            if key not in seen and (denies or found.how != "statement"):
                seen.add(key)
                yield self._finding(found, application)

    def check_provider(self, provider: Function, context: Context) -> Iterator[Finding]:
        node = provider.node
        if node.is_generator or provider.module.is_test or node.decorators:
            return
        application = context.application
        for value, at in results(provider):
            callee = gives_coroutine(value, provider.scope, at, application)
            if callee is not None:
                assert isinstance(value, ir.Call)
                lost = Lost(provider, callee, at, "returned", value.at)
                yield self._finding(lost, application)

    def check_use(self, use: Use, context: Context) -> Iterator[Finding]:
        application = context.application
        for value in use.dependency.callables:
            if not isinstance(value, LambdaValue) or use.place.module.is_test:
                continue
            callee = gives_coroutine(value.node.body, value.scope, value.at, application)
            if callee is not None:
                yield self.at(
                    use.place,
                    f"this lambda calls the async `{callee.name}`, so what it gives is a coroutine",
                    why=_WHY["returned"],
                    help=f"depend on an `async` function that awaits `{callee.name}(...)`",
                    related=[(Place(callee.module, callee.node.at), "the async function")],
                )

    def _finding(self, found: Lost, application: Application) -> Finding:
        callee, function = found.callee, found.function
        routes = application.graph.routes_of(function)
        is_endpoint = any(route.endpoint is function for route in routes)
        whom = f" for {guards.named(routes)}" if routes and not is_endpoint else ""
        what = f"`{found.name}`, which holds it," if found.name else "its result"
        outcome = {
            "test": f"{what} is always true{whom}",
            "comparison": f"{what} is compared as a coroutine{whom}",
            "membership": f"{what} is searched as a coroutine{whom}",
            "returned": f"`{function.name}` gives a coroutine{whom}",
        }.get(found.how, f"it never runs{whom}")
        help = f"await `{callee.name}(...)`"
        if not function.node.is_async:
            help += f", in an `async` `{function.name}`"
        related = [(Place(callee.module, callee.node.at), "the async function")]
        if routes and not is_endpoint:
            related.append((routes[0].place, "a route that this is run for"))
        return self.at(
            Place(function.module, found.at),
            f"`{callee.name}` is async and not awaited in `{function.name}`, so {outcome}",
            why=_WHY[found.how],
            help=help,
            related=related,
            fix=Fix.safe(f"Await `{callee.name}(...)`", lambda edit: edit.put_await(found.call))
            if function.node.is_async
            else None,
        )
