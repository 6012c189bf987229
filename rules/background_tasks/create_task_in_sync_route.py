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
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.tasks.spawning import Spawning
from fastapi_lint.model.tasks.started import functions_of
from fastapi_lint.rule import Context, Finding, Rule, Severity


class CreateTaskInSyncRoute(Rule):
    code = "FAL408"
    name = "create-task-in-sync-route"
    severity = Severity.ERROR
    positions = frozenset({"create_task", "ensure_future"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        spawning = Spawning(application)
        functions = [*application.graph.injected, *_background(context)]
        for function in dict.fromkeys(functions):
            if function.node.is_async or function.module.is_test:
                continue
            for at, started in spawning.in_thread(function):
                place = Place(function.module, at)
                related = [(Place(function.module, function.node.at), "it runs in a thread")]
                if started != place:
                    related.append((started, "the task is started here"))
                yield self.at(
                    place,
                    f"no event loop runs here: `{function.name}` is a plain `def` and runs in "
                    "a thread",
                    why="starting a task raises a RuntimeError for the missing event loop",
                    help="make the function `async def`, or add a background task",
                    related=related,
                )


def _background(context: Context) -> Iterator[Function]:
    for task in context.application.tasks:
        if task.kind == "background":
            yield from functions_of(task, context.near)
