"""
A response with its own background task drops the tasks that were added before.

## Why

FastAPI attaches the injected `BackgroundTasks` to the response unless the response already has a
`background` of its own. Then the injected tasks, those of dependencies included, silently never
run.

## Bad

```python
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


@app.post("/orders")
def order(tasks: BackgroundTasks) -> JSONResponse:
    tasks.add_task(print, "send the receipt")
    return JSONResponse({"ordered": True}, background=BackgroundTask(print, "log it"))
```

## Good

```python
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()


@app.post("/orders")
def order(tasks: BackgroundTasks) -> JSONResponse:
    tasks.add_task(print, "send the receipt")
    tasks.add_task(print, "log it")
    return JSONResponse({"ordered": True})
```

## References

- https://fastapi.tiangolo.com/tutorial/background-tasks/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place, Route
from fastapi_lint.model.calls import keyword
from fastapi_lint.model.names import BACKGROUND_TASK, BACKGROUND_TASKS
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import Instance
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import blocks, statements


class BackgroundTasksOverwritten(Rule):
    code = "FAL405"
    name = "background-tasks-overwritten"
    severity = Severity.ERROR
    positions = frozenset({"add_task"})

    def check_route(self, route: Route, context: Context) -> Iterator[Finding]:
        endpoint = route.endpoint
        if endpoint is None or route.is_websocket or endpoint.module.is_test:
            return
        names = context.application.collectors(endpoint)
        before = _added_by_dependency(route, context)
        if not names and before is None:
            return
        ends = context.application.added_tasks(endpoint).run(endpoint.body, frozenset())
        for node in statements(endpoint.body):
            if not isinstance(node, ir.Return) or node.at not in ends.returns:
                continue
            if not _has_own_background(node, endpoint, context):
                continue
            added = frozenset().union(*ends.returns[node.at])
            first = Place(endpoint.module, min(added)) if added else before
            if first is not None:
                yield self.at(
                    Place(endpoint.module, node.at),
                    "this response has a background task of its own: the tasks added before "
                    "are dropped",
                    why="they silently never run",
                    help="add its task to the injected `BackgroundTasks` too",
                    related=[(first, "this task never runs")],
                )


def _added_by_dependency(route: Route, context: Context) -> Place | None:
    for step in context.application.graph.steps(route):
        function = step.function
        if function is not None and "add_task" in function.node.mentions:
            ends = context.application.added_tasks(function).run(function.body, frozenset())
            added = frozenset.intersection(*ends.leaves()) if ends.leaves() else frozenset[int]()
            if added:
                return Place(function.module, min(added))
    return None


def _has_own_background(node: ir.Return, endpoint: Function, context: Context) -> bool:
    """Whether the returned response is certainly made with a background task of its own."""
    view = context.near
    given = _set_background(node, endpoint.body)
    if given is not None:
        values = view.evaluate(given, endpoint.scope, node.at)
        return all(view.instance_of(value, *BACKGROUND_TASKS, BACKGROUND_TASK) for value in values)
    responses = view.evaluate(node.value, endpoint.scope, node.at)
    return all(
        isinstance(response, Instance)
        and response.call is not None
        and response.scope is not None
        and all(
            view.instance_of(value, *BACKGROUND_TASKS, BACKGROUND_TASK)
            for value in view.evaluate(
                keyword(response.call, "background"), response.scope, response.at
            )
        )
        for response in responses
    )


def _set_background(node: ir.Return, body: tuple[ir.Stmt, ...]) -> ir.Expr | None:
    """What is stored in the `background` of the returned variable, in the block that returns it."""
    given: ir.Expr | None = None
    for other in body:
        match other:
            case ir.Assign((ir.Attribute(owner, "background"),)) if owner == node.value:
                given = other.value
        if other is node:
            return given
        for block in blocks(other):
            if (found := _set_background(node, block)) is not None:
                return found
    return None
