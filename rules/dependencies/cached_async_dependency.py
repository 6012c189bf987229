"""
A coroutine or generator dependency is cached by a decorator that keeps it unfinished.

## Why

`lru_cache` and its like keep what the call returns. For an `async def` that is a coroutine, which
can be awaited once; for a generator function it is a generator that is already used up. Up to
FastAPI 0.123.4 the coroutine itself is injected; from 0.123.5 the first request works and every
later one gets a 500.

## Bad

```python
from functools import lru_cache

from fastapi import Depends, FastAPI

app = FastAPI()


@lru_cache
async def get_settings() -> dict[str, str]:
    return {"name": "shop"}


@app.get("/name")
def read_name(settings: dict[str, str] = Depends(get_settings)) -> str:
    return settings["name"]
```

## Good

```python
from functools import lru_cache

from fastapi import Depends, FastAPI

app = FastAPI()


@lru_cache
def get_settings() -> dict[str, str]:
    return {"name": "shop"}


@app.get("/name")
def read_name(settings: dict[str, str] = Depends(get_settings)) -> str:
    return settings["name"]
```

## References

- https://fastapi.tiangolo.com/advanced/settings/#lru_cache-technical-details
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import External, Instance, Value
from fastapi_lint.rule import Context, Finding, Rule, Severity

_CACHES = frozenset(
    {"functools.lru_cache", "functools.cache", "cachetools.cached", "cachetools.func.ttl_cache",
     "cachetools.func.lru_cache", "cachetools.func.lfu_cache"}
)  # fmt: skip
_SHOWN = 3


class CachedAsyncDependency(Rule):
    code = "FAL312"
    name = "cached-async-dependency"
    severity = Severity.ERROR
    positions = frozenset({"Depends", "Security"})

    def check_provider(self, provider: Function, context: Context) -> Iterator[Finding]:
        node = provider.node
        if not (node.is_async or node.is_generator) or provider.module.is_test:
            return
        for decorator in node.decorators:
            value = decorator.value
            target = value.func if isinstance(value, ir.Call) else value
            found = context.near.evaluate(target, provider.parent, decorator.at)
            if not any(map(_is_cache, found)):
                continue
            fastapi = context.targets(provider.module).fastapi
            what = "generator" if node.is_generator else "coroutine"
            yield self.at(
                Place(provider.module, decorator.at),
                f"the cache keeps the {what} of `{provider.name}`, not what it gives",
                why=f"with {fastapi.label} the first request works and every later one fails "
                "with a 500"
                if fastapi.at_least("0.123.5")
                else f"with {fastapi.label} the {what} itself is injected",
                help="cache a plain function, or keep the value in a variable",
                related=[
                    (use.place, "used as a dependency here")
                    for use in context.application.graph.uses_of(provider)[:_SHOWN]
                ],
            )


def _is_cache(value: Value) -> bool:
    name = value.cls if isinstance(value, Instance) else value
    return isinstance(name, External) and name.name in _CACHES
