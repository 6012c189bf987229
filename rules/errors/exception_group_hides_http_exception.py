"""
An HTTPException is raised in a TaskGroup and reaches FastAPI as an ExceptionGroup.

## Why

A TaskGroup wraps what its tasks raise into an ExceptionGroup, even if it is a single exception, and
also what the block of its `async with` raises. No handler is registered for that: the client gets a
plain 500 instead of the status that was raised.

## Bad

```python
import asyncio

from fastapi import FastAPI, HTTPException

app = FastAPI()


async def check_stock(name: str) -> None:
    if name != "apple":
        raise HTTPException(status_code=409, detail="out of stock")


@app.post("/orders")
async def order(first: str, second: str) -> dict[str, bool]:
    async with asyncio.TaskGroup() as group:
        group.create_task(check_stock(first))
        group.create_task(check_stock(second))
    return {"ordered": True}
```

## Good

```python
import asyncio

from fastapi import FastAPI, HTTPException

app = FastAPI()


async def check_stock(name: str) -> None:
    if name != "apple":
        raise HTTPException(status_code=409, detail="out of stock")


@app.post("/orders")
async def order(first: str, second: str) -> dict[str, bool]:
    await asyncio.gather(check_stock(first), check_stock(second))
    return {"ordered": True}
```

## References

- https://docs.python.org/3/library/asyncio-task.html#task-groups
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.exceptions import Raised
from fastapi_lint.model.flow import Frame, frames_at
from fastapi_lint.model.handlers import serves
from fastapi_lint.model.program import Site
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import External, FunctionValue, Instance, Method
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import statement_at

_GROUPS = frozenset({"asyncio.TaskGroup", "anyio.create_task_group", "anyio.abc.TaskGroup"})
_MAKERS = ("TaskGroup", "create_task_group")
_CLASSES = ("builtins.ExceptionGroup", "builtins.BaseExceptionGroup")


class ExceptionGroupHidesHttpException(Rule):
    code = "FAL719"
    name = "exception-group-hides-http-exception"
    severity = Severity.ERROR
    positions = frozenset({"create_task", "start_soon", *_MAKERS})
    calls = ("create_task", "start_soon", *_MAKERS)

    def check_call(self, site: Site, context: Context) -> Iterator[Finding]:
        function = site.scope.owner
        if site.module.is_test or not isinstance(function, Function):
            return
        block = _block(site, context)
        if (block is None and not _is_group(site, context)) or _is_answered(context):
            return
        callers = context.evaluator().callers(function)
        if any(_is_taken_apart(place) for place in (site, *callers)):
            return
        exceptions = context.application.exceptions
        leaving: list[Raised] = []
        if block is not None:
            leaving.extend(exceptions.leaving_block(block.body, function, exceptions.is_http))
        else:
            for callee in _started(site, context):
                leaving.extend(exceptions.leaving(callee, exceptions.is_http))
        begun = Place(site.module, site.call.at), "started here" if block is None else "the group"
        for raised in leaving:
            yield self.at(
                raised.place,
                "this HTTPException leaves a task group, and arrives as an ExceptionGroup",
                why="no handler knows it: the client gets a 500",
                help="raise it behind the group, or take the group apart with `except*`"
                if block is not None
                else "use `asyncio.gather`, or take the group apart with `except*`",
                related=[*[(place, "called here") for place in raised.via], begun],
            )


def _block(site: Site, context: Context) -> ir.With | None:
    """The `with` statement that opens the task group that a call makes."""
    node = statement_at(site.scope.body, site.at)
    if not isinstance(node, ir.With) or all(item is not site.call for item, _ in node.items):
        return None
    values = context.evaluator().evaluate(site.call.func, site.scope, site.at)
    made = all(isinstance(value, External) and value.name in _GROUPS for value in values)
    return node if made else None


def _is_group(site: Site, context: Context) -> bool:
    func = site.call.func
    if not isinstance(func, ir.Attribute):
        return False
    for value in context.evaluator().evaluate(func.value, site.scope, site.at):
        match value:
            case Instance(External(name)) | External(name) if name in _GROUPS:
                return True
            case Instance(Instance(External(name))) if name in _GROUPS:
                return True
    return False


def _started(site: Site, context: Context) -> Iterator[Function]:
    """The coroutine functions that run as a task."""
    if not site.call.args:
        return
    target = site.call.args[0]
    node = target.func if isinstance(target, ir.Call) else target
    for value in context.evaluator().evaluate(node, site.scope, site.at):
        if isinstance(value, (FunctionValue, Method)) and value.function.node.is_async:
            yield value.function


def _is_answered(context: Context) -> bool:
    """Whether an exception handler is registered for groups."""
    return any(
        serves(handler, *_CLASSES)
        for owner in context.application.owners()
        for handler in owner.exception_handlers
    )


def _is_taken_apart(site: Site) -> bool:
    """Whether an `except*`, or a clause for groups or for everything, stands around a call."""
    return any(
        isinstance(frame.node, ir.Try) and frame.part == "body" and _takes(frame)
        for frame in frames_at(site.scope.body, site.at)
    )


def _takes(frame: Frame) -> bool:
    assert isinstance(frame.node, ir.Try)
    return frame.node.is_star or any(
        handler.catches is None
        or any(
            (ir.last_name(caught) or "Group").endswith("Group")
            or ir.last_name(caught) in ("Exception", "BaseException")
            for caught in (
                handler.catches.items
                if isinstance(handler.catches, ir.Display)
                else (handler.catches,)
            )
        )
        for handler in frame.node.handlers
    )
