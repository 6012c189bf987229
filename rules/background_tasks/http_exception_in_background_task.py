"""
A background task raises an HTTPException, which can no longer reach the client.

## Why

When a background task runs, the response has been sent. An HTTPException, or any exception that a
handler is registered for, cannot become a response any more: the log shows `RuntimeError: Caught
handled exception, but response already started.`, the client keeps its 200, and the tasks after it
are skipped.

What a function raises that requests call as well is meant for them, and is not reported.

## Bad

```python
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def resize(image: str) -> None:
    if not image.endswith(".png"):
        raise HTTPException(status_code=415, detail="not a PNG image")
    print("resizing", image)


@app.post("/images")
def upload(image: str, tasks: BackgroundTasks) -> dict[str, str]:
    tasks.add_task(resize, image)
    return {"image": image}
```

## Good

```python
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()


def resize(image: str) -> None:
    print("resizing", image)


@app.post("/images")
def upload(image: str, tasks: BackgroundTasks) -> dict[str, str]:
    if not image.endswith(".png"):
        raise HTTPException(status_code=415, detail="not a PNG image")
    tasks.add_task(resize, image)
    return {"image": image}
```

## References

- https://fastapi.tiangolo.com/tutorial/background-tasks/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.evaluate import Reach
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.tasks.started import Task, functions_of
from fastapi_lint.rule import Context, Finding, Rule, Severity


class HttpExceptionInBackgroundTask(Rule):
    code = "FAL412"
    name = "http-exception-in-background-task"
    severity = Severity.ERROR
    positions = frozenset({"add_task", "BackgroundTask"})

    def check_task(self, task: Task, context: Context) -> Iterator[Finding]:
        if task.kind != "background" or task.place.module.is_test:
            return
        exceptions = context.application.exceptions
        view = context.application.program.evaluator(reach=Reach.FUNCTIONS)
        for function in functions_of(task, view):
            for raised in exceptions.leaving(function, exceptions.is_http):
                if raised.via and _serves_requests(raised.function, context):
                    continue
                related = [(place, "called here") for place in raised.via]
                yield self.at(
                    raised.place,
                    f"an HTTPException in the background task `{function.name}` reaches nobody",
                    why="the response has been sent; the log shows a RuntimeError, "
                    "and the tasks after it are skipped",
                    help="check before the response is sent, or log the error and go on",
                    related=[*related, (task.place, "started as a background task here")],
                )


def _serves_requests(function: Function, context: Context) -> bool:
    """Whether requests run a function too: what it raises is meant for them."""
    leading = context.application.leading_to(function)
    return not leading.isdisjoint(context.application.graph.injected)
