"""
A rate limiter that counts in the memory of one process.

## Why

A dict of counters lives in one process. With four workers or replicas each client has four limits,
every restart forgets all of them. That is fine for one process; where there are more, the counters
belong into a store that all of them share, such as Redis.

The rule is off unless it is selected. It reports the dict of a middleware, a dependency or a
limiter class that answers 429, and SlowAPI's `Limiter` without a storage.

## Bad

```python
from collections import defaultdict

from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI(openapi_url=None)
counts: dict[str, int] = defaultdict(int)


def limit(request: Request) -> None:
    key = request.client.host if request.client else "unknown"
    counts[key] += 1
    if counts[key] > 100:
        raise HTTPException(status_code=429, headers={"Retry-After": "60"})


@app.get("/", dependencies=[Depends(limit)])
def read_root() -> str:
    return "here"
```

## Good

```python
from fastapi import FastAPI
from slowapi import Limiter
from slowapi.util import get_remote_address

app = FastAPI()
app.state.limiter = Limiter(key_func=get_remote_address, storage_uri="redis://cache:6379")
```

## References

- https://fastapi.tiangolo.com/deployment/concepts/#replication-processes-and-memory
- https://limits.readthedocs.io/en/stable/storage.html
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Place
from fastapi_lint.model.link import Application
from fastapi_lint.model.middleware.counters import Counters
from fastapi_lint.model.program import Site
from fastapi_lint.model.values import Literal
from fastapi_lint.rule import Context, Finding, Rule, Severity

_LIMITERS = ("slowapi.Limiter", "slowapi.extension.Limiter")


class PerProcessLimiter(Rule):
    code = "FAL125"
    name = "per-process-limiter"
    security = True
    severity = Severity.INFO
    default = False
    calls = ("Limiter",)
    positions = frozenset({"Limiter"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        counters = Counters(application)
        functions = [layer.function for layer in application.layers]
        seen: set[Place] = set()
        for function in (*functions, *application.graph.providers):
            if function.module.is_test:
                continue
            for counter in counters.of(function):
                if counter.place in seen or counter.place.module.is_test:
                    continue
                seen.add(counter.place)
                yield self.at(
                    counter.place,
                    f"`{counter.name}` holds the counts of a rate limiter in this process",
                    why="each worker or replica counts for itself, and a restart forgets all",
                    help="keep the counts in a store that all processes share, such as Redis",
                    related=((counter.refusal, "requests are refused here"),),
                )

    def check_call(self, site: Site, context: Context) -> Iterator[Finding]:
        view = context.evaluator()
        if site.module.is_test or any(item.name is None for item in site.call.keywords):
            return
        callees = view.evaluate(site.call.func, site.scope, site.at)
        if not any(view.is_a(callee, *_LIMITERS) for callee in callees):
            return
        storage = next((k.value for k in site.call.keywords if k.name == "storage_uri"), None)
        if storage is not None:
            values = view.evaluate(storage, site.scope, site.at)
            if not all(
                isinstance(v, Literal) and str(v.value).startswith("memory") for v in values
            ):
                return
        yield self.at(
            Place(site.module, site.call.at),
            "`Limiter` without a storage counts in the memory of this process",
            why="each worker or replica counts for itself, and a restart forgets all",
            help='give it a shared one: `storage_uri="redis://..."`',
        )
