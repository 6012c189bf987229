"""
A task of asyncio is started in a thread, where no event loop runs.

## Why

FastAPI runs path operations, dependencies and background tasks written with `def` in a worker
thread. `asyncio.create_task` needs the running event loop of its thread, and there is none: every
call raises `RuntimeError: no running event loop` and the client gets HTTP 500. The same goes for
functions that such a one calls.

## Bad

```python
import asyncio

from fastapi import FastAPI

app = FastAPI()


async def reindex() -> None:
    print("indexing")


@app.post("/reindex")
def start_reindex() -> dict[str, bool]:
    asyncio.create_task(reindex())
    return {"started": True}
```

## Good

```python
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def reindex() -> None:
    print("indexing")


@app.post("/reindex")
def start_reindex(tasks: BackgroundTasks) -> dict[str, bool]:
    tasks.add_task(reindex)
    return {"started": True}
```

## References

- https://fastapi.tiangolo.com/async/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Place
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.tasks import Task, functions_of
from fastapi_lint.model.values import External
from fastapi_lint.rule import Context, Finding, Rule, Severity

_MAX_DEPTH = 3
_SPAWNERS = frozenset({External("asyncio.create_task"), External("asyncio.ensure_future")})


class CreateTaskInSyncRoute(Rule):
    code = "FAL408"
    name = "create-task-in-sync-route"
    severity = Severity.ERROR
    positions = frozenset({"create_task", "ensure_future"})

    def check_task(self, task: Task, context: Context) -> Iterator[Finding]:
        function = task.function
        if task.kind != "asyncio" or function is None or function.node.is_async:
            return
        if task.place.module.is_test or _SPAWNERS.isdisjoint(
            context.evaluator().evaluate(task.site.call.func, task.scope, task.site.at)
        ):
            return
        found = _threaded(function, context, 0)
        if found is None:
            return
        threaded, call = found
        related = [(Place(threaded.module, threaded.node.at), "this function runs in a thread")]
        if call is not None:
            related.append((call, "called here"))
        yield self.at(
            task.place,
            f"no event loop runs here: `{threaded.name}` is a plain `def` and runs in a thread",
            why="it raises `RuntimeError: no running event loop`",
            help="make the function `async def`, or add a background task",
            related=related,
        )


def _threaded(
    function: Function, context: Context, depth: int
) -> tuple[Function, Place | None] | None:
    """The function that FastAPI runs in a thread and that leads here, and its call."""
    if function.node.is_async or depth > _MAX_DEPTH:
        return None
    if function in context.application.graph.injected or _is_background(function, context):
        return function, None
    for site in context.evaluator().callers(function):
        caller = site.scope.owner
        if isinstance(caller, Function):
            found = _threaded(caller, context, depth + 1)
            if found is not None:
                return found[0], Place(site.module, site.call.at)
    return None


def _is_background(function: Function, context: Context) -> bool:
    view = context.near
    return any(
        task.kind == "background" and function in functions_of(task, view)
        for task in context.application.tasks
    )
