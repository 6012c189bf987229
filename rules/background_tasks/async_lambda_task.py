"""
A background task is a plain function that makes a coroutine, which nobody awaits.

## Why

A lambda or `def` is called in a worker thread and its result is thrown away. If that result is the
coroutine of an asynchronous function, its body never runs: there is no error, only a RuntimeWarning
"coroutine was never awaited". Passed itself, together with its arguments, an asynchronous function
is awaited.

## Bad

```python
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def notify(address: str) -> None:
    print("to", address)


@app.post("/invitations")
def invite(address: str, tasks: BackgroundTasks) -> dict[str, str]:
    tasks.add_task(lambda: notify(address))
    return {"invited": address}
```

## Good

```python
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def notify(address: str) -> None:
    print("to", address)


@app.post("/invitations")
def invite(address: str, tasks: BackgroundTasks) -> dict[str, str]:
    tasks.add_task(notify, address)
    return {"invited": address}
```

## References

- https://fastapi.tiangolo.com/tutorial/background-tasks/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Fix
from fastapi_lint.model.calls import results
from fastapi_lint.model.evaluate import Reach
from fastapi_lint.model.scopes import Function, Scope
from fastapi_lint.model.tasks.started import Task, functions_of
from fastapi_lint.model.values import FunctionValue, LambdaValue, Method
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity


class AsyncLambdaTask(Rule):
    code = "FAL411"
    name = "async-lambda-task"
    severity = Severity.ERROR
    fix = Fixability.SAFE
    positions = frozenset({"add_task", "BackgroundTask"})

    def check_task(self, task: Task, context: Context) -> Iterator[Finding]:
        if task.kind != "background" or isinstance(task.target, ir.Call):
            return
        name = self._forgotten(task, context)
        if name is not None:
            yield self.at(
                task.place,
                f"the coroutine of `{name}` is made here and never awaited",
                why="the work is silently not done",
                help=f"pass `{name}` itself and its arguments",
                fix=_pass_on(task),
            )

    def _forgotten(self, task: Task, context: Context) -> str | None:
        view = context.application.program.evaluator(reach=Reach.FUNCTIONS)
        for value in view.evaluate(task.target, task.scope, task.site.at):
            if isinstance(value, LambdaValue):
                return _coroutine(value.node.body, value.scope, value.at, context)
        for function in functions_of(task, view):
            if not function.node.is_async and not function.node.is_generator:
                for node, at in results(function):
                    if (name := _coroutine(node, function.scope, at, context)) is not None:
                        return name
        return None


def _pass_on(task: Task) -> Fix | None:
    """Pass the function that a lambda calls, with the arguments that the lambda gives to it."""
    target = task.target
    if not isinstance(target, ir.Lambda) or not isinstance(target.body, ir.Call):
        return None
    call, at = target.body, target.at
    names = {keyword.name for keyword in call.keywords}
    if not target.params and not task.args and task.site.call.args and not names & {"func", "self"}:
        return Fix.safe(
            "Pass the function and its arguments separately",
            lambda edit: edit.spread(call.at, at),
        )
    params = tuple(ir.Name(p.name) for p in target.params if p.kind == "plain" and not p.default)
    if len(params) == len(target.params) and call.args == params and not call.keywords:
        return Fix.safe(
            "Pass the function itself",
            lambda edit: edit.replace(at, edit.text(edit.callee(call.at))),
        )
    return None


def _coroutine(node: ir.Expr, scope: Scope, at: int, context: Context) -> str | None:
    """The name of the asynchronous function that an expression calls without awaiting it."""
    if isinstance(node, ir.Conditional):
        first, second = (_coroutine(n, scope, at, context) for n in (node.body, node.orelse))
        return first and second
    if not isinstance(node, ir.Call):
        return None
    values = context.evaluator().callees(node.func, scope, at)
    functions: list[Function] = [
        value.function for value in values if isinstance(value, (FunctionValue, Method))
    ]
    if len(functions) != len(values) or not all(_is_coroutine(f) for f in functions):
        return None
    return functions[0].name


def _is_coroutine(function: Function) -> bool:
    return function.node.is_async and not function.node.is_generator
