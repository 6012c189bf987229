"""
An uploaded file is given to a task that runs after the file was closed.

## Why

FastAPI closes uploaded files when the request is over. From 0.106 to 0.117 that is before the
background tasks run: reading the file there fails with `ValueError: I/O operation on closed file`.
Since 0.118 background tasks still find it open. A task of `asyncio.create_task` runs on its own, so
on every version the file may be closed under it.

## Bad

```python
# --- requirements.txt
fastapi==0.115.14
# --- main.py
from fastapi import BackgroundTasks, FastAPI, UploadFile

app = FastAPI()


def count_lines(file: UploadFile) -> None:
    print(len(file.file.readlines()))


@app.post("/imports")
def start_import(file: UploadFile, tasks: BackgroundTasks) -> dict[str, bool]:
    tasks.add_task(count_lines, file)
    return {"accepted": True}
```

## Good

```python
# --- requirements.txt
fastapi==0.115.14
# --- main.py
from fastapi import BackgroundTasks, FastAPI, UploadFile

app = FastAPI()


def count_lines(content: bytes) -> None:
    print(len(content.splitlines()))


@app.post("/imports")
def start_import(file: UploadFile, tasks: BackgroundTasks) -> dict[str, bool]:
    tasks.add_task(count_lines, file.file.read())
    return {"accepted": True}
```

## References

- https://github.com/fastapi/fastapi/discussions/10857
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from fastapi_lint import ir
from fastapi_lint.model.evaluate import Evaluator
from fastapi_lint.model.scopes import END, Class, Function
from fastapi_lint.model.tasks.started import Task
from fastapi_lint.model.values import Argument, ClassValue, Instance, Method
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import statements, walk, walk_all

_UPLOADS = ("fastapi.datastructures.UploadFile", "starlette.datastructures.UploadFile")

_KEPT = frozenset({"filename", "content_type", "size", "headers"})
"""What an upload still tells when it is closed."""

_USES = frozenset({"file", "read", "seek", "write", "close"})
"""What a task needs an open upload for."""


class UploadInBackgroundTask(Rule):
    code = "FAL407"
    name = "upload-in-background-task"
    severity = Severity.WARNING
    positions = frozenset({"add_task", "BackgroundTask", "create_task", "ensure_future"})

    def check_task(self, task: Task, context: Context) -> Iterator[Finding]:
        function = task.function
        if function is None or task.place.module.is_test or task.is_awaited:
            return
        targets = context.targets(task.place.module)
        if task.kind == "background" and not targets.exits_before_response:
            return
        uploads = _uploads(function, context)
        held = [
            _upload(argument, uploads) or _kept(argument, uploads, task, context)
            for argument in _arguments(task)
        ]
        for name in [*held, _closure(task, uploads)]:
            if name is not None:
                yield self.at(
                    task.place,
                    f"the uploaded file `{name}` is closed when this task uses it",
                    why=f"{targets.fastapi.label} closes it before background tasks run"
                    if task.kind == "background"
                    else "it is closed with the request, which does not wait for this task",
                    help="read what the task needs before, and pass the bytes",
                )


def _arguments(task: Task) -> tuple[ir.Expr, ...]:
    if isinstance(task.target, ir.Call):
        return (*task.target.args, *[keyword.value for keyword in task.target.keywords])
    return (task.target, *task.args)


def _uploads(function: Function, context: Context) -> frozenset[str]:
    """The parameters that hold an uploaded file, or a list of them."""
    view, injection = context.evaluator(), context.application.injection
    found = {
        param.name
        for param in function.node.params
        for annotation in _annotations(param.annotation)
        for cls in injection.framework_types(annotation, function.parent, function.node.at)
        if view.is_a(cls, *_UPLOADS)
    }
    for node in statements(function.body):
        match node:
            case ir.For(ir.Name(each), ir.Name(files)) if files in found:
                found.add(each)
            case ir.For(
                ir.Display(_, (_, ir.Name(each))),
                ir.Call(ir.Name("enumerate"), (ir.Name(files), *_)),
            ) if files in found:
                found.add(each)
            case ir.Assign((ir.Name(alias),), value) if value is not None:
                if _upload(value, frozenset(found)) is not None:
                    found.add(alias)
    return frozenset(found)


def _annotations(node: ir.Expr | None) -> Iterator[ir.Expr]:
    """An annotation, and what a list annotation holds."""
    if node is None:
        return
    yield node
    if isinstance(node, ir.Subscript) and ir.last_name(node.value) in ("list", "List", "Annotated"):
        yield from _annotations(node.index[0])


def _upload(node: ir.Expr, uploads: frozenset[str]) -> str | None:
    """The upload that a value is, or holds: in a list of them, or in a lambda that uses one."""
    match node:
        case ir.Name(name) if name in uploads:
            return name
        case ir.Attribute(ir.Name(name) | ir.Attribute(ir.Name(name), "file"), used):
            return name if name in uploads and used in _USES else None
        case ir.Display(_, items):
            return next((held for item in items if (held := _upload(item, uploads))), None)
        case ir.Lambda(_, body):
            return _used(walk(body), uploads)
    return None


def _kept(node: ir.Expr, uploads: frozenset[str], task: Task, context: Context) -> str | None:
    """The upload that an object keeps: what is passed is this object, a method of it that uses the
    upload, or the attribute itself."""
    view, names = context.evaluator(), [ir.Name(upload) for upload in uploads]
    owner = node.value if isinstance(node, ir.Attribute) else node
    if not isinstance(owner, (ir.Name, ir.Call)):
        return None
    for value in view.evaluate(owner, task.scope, task.site.at):
        if not isinstance(value, Instance) or not isinstance(value.cls, ClassValue):
            continue
        cls, call = value.cls.cls, value.call
        if call is not None and (attribute := view.kept_as(cls, call, names)) is not None:
            given = (*call.args, *[keyword.value for keyword in call.keywords])
            if owner is node or _uses(node, attribute, view, task):
                return next(arg.id for arg in given if isinstance(arg, ir.Name) and arg in names)
        elif isinstance(node, ir.Attribute) and _is_declared(node, cls, task, context):
            return node.attr
    return None


def _uses(node: ir.Expr, attribute: str, view: Evaluator, task: Task) -> bool:
    """Whether `object.name` is the attribute, or a method that reads it."""
    return ir.last_name(node) == attribute or any(
        isinstance(value, Method)
        and any(
            isinstance(part, ir.Attribute) and part.attr == attribute
            for part in walk_all(value.function.body)
        )
        for value in view.evaluate(node, task.scope, task.site.at)
    )


def _is_declared(node: ir.Attribute, cls: Class, task: Task, context: Context) -> bool:
    """Whether an attribute of an injected object is declared to be an upload: by a field, or by the
    parameter that it is given."""
    view = context.evaluator()
    declared = [(f.annotation, cls.scope) for f in view.fields(cls) if f.name == node.attr]
    declared += [
        (value.param.annotation, value.function.parent)
        for value in view.evaluate(node, task.scope, task.site.at)
        if isinstance(value, Argument)
    ]
    injection = context.application.injection
    return any(
        view.is_a(found, *_UPLOADS)
        for annotation, scope in declared
        for found in injection.framework_types(annotation, scope, END)
    )


def _closure(task: Task, uploads: frozenset[str]) -> str | None:
    """The upload that a function uses which is defined where it is started."""
    function = task.function
    if function is None or not isinstance(task.target, ir.Name):
        return None
    for inner in function.scope.functions.values():
        if inner.name == task.target.id:
            return _used(walk_all(inner.body), uploads)
    return None


def _used(parts: Iterable[ir.Expr], uploads: frozenset[str]) -> str | None:
    """The upload that is used for more than its name, type and size."""
    uses: Counter[str] = Counter()
    for part in parts:
        match part:
            case ir.Name(name) if name in uploads:
                uses[name] += 1
            case ir.Attribute(ir.Name(name), used) if used in _KEPT:
                uses[name] -= 1
    return next((name for name, count in uses.items() if count > 0), None)
