"""
A WebSocket route takes background tasks, which never run.

## Why

Background tasks run after the response has been sent. A WebSocket route has no response: FastAPI
injects the `BackgroundTasks`, and whatever is added to it silently never runs.

## Bad

```python
from fastapi import BackgroundTasks, FastAPI, WebSocket

app = FastAPI()


@app.websocket("/notes")
async def notes(websocket: WebSocket, tasks: BackgroundTasks) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        tasks.add_task(print, "save", text)
```

## Good

```python
from fastapi import FastAPI, WebSocket
from fastapi.concurrency import run_in_threadpool

app = FastAPI()


@app.websocket("/notes")
async def notes(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await run_in_threadpool(print, "save", text)
```

## References

- https://fastapi.tiangolo.com/tutorial/background-tasks/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place, Route
from fastapi_lint.model.tasks.started import collectors
from fastapi_lint.rule import Context, Finding, Rule, Severity


class BackgroundTasksInWebsocket(Rule):
    code = "FAL410"
    name = "background-tasks-in-websocket"
    severity = Severity.ERROR

    def check_websocket(self, route: Route, context: Context) -> Iterator[Finding]:
        if route.endpoint is None or route.place.module.is_test:
            return
        application = context.application
        steps = application.graph.steps(route)
        functions = [route.endpoint, *[step.function for step in steps if step.function]]
        for function in dict.fromkeys(functions):
            names = collectors(function, application.injection, context.evaluator())
            for param in function.node.params:
                if ir.Name(param.name) not in names:
                    continue
                yield self.at(
                    Place(function.module, param.at),
                    f"background tasks of the WebSocket route `{route.endpoint.name}` never run",
                    why="they run after a response, and a WebSocket has none",
                    help="await the work, or start it with `asyncio.create_task`",
                    related=[(route.place, "the WebSocket route")],
                )
