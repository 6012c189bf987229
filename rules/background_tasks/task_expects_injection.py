"""
A background task expects a dependency that nobody injects.

## Why

`Depends` works in path operations and in other dependencies, nowhere else. A function that is
started as a background task is called with the arguments of `add_task` and nothing more: a
parameter with `= Depends(...)` receives the `Depends` object itself, one with `Annotated[...,
Depends(...)]` is missing and raises a TypeError. Both happen after the response has been sent.

## Bad

```python
from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


def get_outbox() -> list[str]:
    return []


def send_mail(address: str, outbox: list[str] = Depends(get_outbox)) -> None:
    outbox.append(address)


@app.post("/invitations")
def invite(address: str, tasks: BackgroundTasks) -> dict[str, str]:
    tasks.add_task(send_mail, address)
    return {"invited": address}
```

## Good

```python
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def get_outbox() -> list[str]:
    return []


def send_mail(address: str) -> None:
    get_outbox().append(address)


@app.post("/invitations")
def invite(address: str, tasks: BackgroundTasks) -> dict[str, str]:
    tasks.add_task(send_mail, address)
    return {"invited": address}
```

## References

- https://fastapi.tiangolo.com/tutorial/background-tasks/#dependency-injection
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.calls import argument_for
from fastapi_lint.model.evaluate import Reach
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.tasks.started import Task, functions_of
from fastapi_lint.model.values import Partial
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import expressions, statements, walk_all


class TaskExpectsInjection(Rule):
    code = "FAL403"
    name = "task-expects-injection"
    severity = Severity.ERROR
    positions = frozenset({"add_task", "BackgroundTask", "create_task"})

    def check_task(self, task: Task, context: Context) -> Iterator[Finding]:
        call = _call(task)
        if call is None or task.place.module.is_test:
            return
        bound = _bound(task, context)
        view = context.application.program.evaluator(reach=Reach.FUNCTIONS)
        for function in functions_of(task, view):
            for param, _ in context.application.injection.parameters(function):
                if param.name in bound or argument_for(function, param, call) is not None:
                    continue
                kept = param.default if _is_plain(param.default) else None
                if kept is not None and _is_tested(param.name, function):
                    continue
                yield self.at(
                    task.place,
                    f"nobody injects `{param.name}` of `{function.name}` in a task",
                    why="it keeps its default"
                    if kept is not None
                    else "it receives the `Depends` object itself"
                    if param.default is not None
                    else "the call fails with a TypeError for the missing argument",
                    help="open what the task needs inside of it, or pass it as an argument",
                    related=[(Place(function.module, param.at), "the dependency is declared here")],
                )


def _is_plain(default: ir.Expr | None) -> bool:
    """Whether a default is a constant, beside a dependency in `Annotated`."""
    return isinstance(default, ir.Constant)


def _is_tested(name: str, function: Function) -> bool:
    """Whether a function looks whether a parameter was given."""
    return any(
        ir.Name(name) in part.operands
        for part in walk_all(function.body)
        if isinstance(part, ir.Operation)
    ) or any(
        ir.Name(name) in expressions(node)
        for node in statements(function.body)
        if isinstance(node, ir.If)
    )


def _bound(task: Task, context: Context) -> frozenset[str]:
    """The parameters that `functools.partial` has given by name."""
    values = context.near.evaluate(task.target, task.scope, task.site.at)
    return frozenset(
        keyword.name
        for value in values
        if isinstance(value, Partial)
        for keyword in value.call.keywords
        if keyword.name is not None
    )


def _call(task: Task) -> ir.Call | None:
    """The call that a task makes; `None` if its arguments cannot be told."""
    if task.kind == "asyncio":
        call = task.target if isinstance(task.target, ir.Call) else None
    else:
        site = task.site.call
        keywords = tuple(k for k in site.keywords if k.value is not task.target)
        args = tuple(arg for arg in site.args if arg is not task.target)
        call = ir.Call(task.target, args, keywords, site.at)
    if call is None or any(isinstance(arg, ir.Starred) for arg in call.args):
        return None
    return None if any(keyword.name is None for keyword in call.keywords) else call
