"""
A background task gets the result of a call instead of a function.

## Why

`add_task(send_mail(address))` calls `send_mail` at once, inside the request, and hands its result
over. After the response has been sent, that result cannot be called: a TypeError is logged, and
the tasks after it in the list are skipped. If the function is asynchronous, its coroutine is never
awaited, so the work is not done at all. The client has its 200 in either case.

## Bad

```python
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def send_mail(address: str) -> None:
    print("to", address)


@app.post("/invitations")
def invite(address: str, tasks: BackgroundTasks) -> dict[str, str]:
    tasks.add_task(send_mail(address))
    return {"invited": address}
```

## Good

```python
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def send_mail(address: str) -> None:
    print("to", address)


@app.post("/invitations")
def invite(address: str, tasks: BackgroundTasks) -> dict[str, str]:
    tasks.add_task(send_mail, address)
    return {"invited": address}
```

## References

- https://fastapi.tiangolo.com/tutorial/background-tasks/#add-the-background-task
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Fix
from fastapi_lint.model.tasks.started import Task
from fastapi_lint.model.values import (
    FunctionValue,
    Method,
)
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity


class BackgroundCallNotCallable(Rule):
    code = "FAL402"
    name = "background-call-not-callable"
    severity = Severity.ERROR
    fix = Fixability.SAFE
    positions = frozenset({"add_task", "BackgroundTask"})

    def check_task(self, task: Task, context: Context) -> Iterator[Finding]:
        target = _result(task)
        if task.kind != "background" or target is None:
            return
        view = context.evaluator()
        callees = view.callees(target.func, task.scope, target.at)
        if not all(map(context.application.summaries.gives_no_callable, callees)):
            return
        name = ir.last_name(target.func) or "the function"
        is_async = any(
            isinstance(callee, (FunctionValue, Method)) and callee.function.node.is_async
            for callee in callees
        )
        yield self.at(
            task.place,
            f"`{name}` is called {'here' if target is task.target else 'before'} instead of being "
            "passed on",
            why="its coroutine is never awaited"
            if is_async
            else "it runs inside the request, and its result, which cannot be called, "
            "raises a TypeError after the response",
            help=f"pass `{name}` and its arguments separately",
            fix=_pass_on(task, target) if target is task.target else None,
        )


def _result(task: Task) -> ir.Call | None:
    """The call whose result is to run as the task: given itself, or kept in a variable."""
    target = task.target
    if isinstance(target, ir.Name):
        bindings = task.scope.reaching(target.id, task.site.at)
        if len(bindings) == 1 and bindings[0].kind == "value" and not bindings[0].index:
            source = bindings[0].source
            return source if isinstance(source, ir.Call) else None
    return target if isinstance(target, ir.Call) else None


def _pass_on(task: Task, target: ir.Call) -> Fix | None:
    """Pass the function and its arguments, if nothing else is passed and no name would clash."""
    if task.args or any(keyword.name in ("func", "self") for keyword in target.keywords):
        return None
    if not task.site.call.args:
        return None
    return Fix.safe(
        "Pass the function and its arguments separately", lambda edit: edit.spread(target.at)
    )
