"""
Background tasks are collected in an object that no response carries.

## Why

FastAPI runs the tasks of the `BackgroundTasks` that it injects. One made by hand is run only if a
response gets it as `background=`. Without that, its tasks silently never run.

## Bad

```python
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/invitations")
def invite(address: str) -> dict[str, str]:
    tasks = BackgroundTasks()
    tasks.add_task(print, "to", address)
    return {"invited": address}
```

## Good

```python
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/invitations")
def invite(address: str, tasks: BackgroundTasks) -> dict[str, str]:
    tasks.add_task(print, "to", address)
    return {"invited": address}
```

## References

- https://fastapi.tiangolo.com/tutorial/background-tasks/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.names import BACKGROUND_TASK, BACKGROUND_TASKS
from fastapi_lint.model.program import Site
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import UNKNOWN, Instance, Value
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import own_parts, statement_at, statements, walk, walk_all


class BackgroundTasksDetached(Rule):
    code = "FAL404"
    name = "background-tasks-detached"
    severity = Severity.ERROR
    fix = Fixability.UNSAFE
    positions = frozenset({"BackgroundTasks", "BackgroundTask"})
    calls = ("BackgroundTasks", "BackgroundTask")

    def check_call(self, site: Site, context: Context) -> Iterator[Finding]:
        view = context.evaluator()
        callees = view.evaluate(site.call.func, site.scope, site.at)
        if not any(view.is_a(callee, *BACKGROUND_TASKS, BACKGROUND_TASK) for callee in callees):
            return
        if site.module.is_test or not (
            _is_dropped(site) or _is_kept_for_nothing(site, callees[0], context)
        ):
            return
        yield self.at(
            Place(site.module, site.call.at),
            "no response carries these background tasks",
            why="they silently never run",
            help="let FastAPI inject `BackgroundTasks`, or return a response with `background=`",
            fix=_inject(site, context),
        )


def _inject(site: Site, context: Context) -> Fix | None:
    """Make the variable a parameter of the endpoint. Whoever else calls it must then give it."""
    function = site.scope.owner
    node = statement_at(site.scope.body, site.at)
    if (
        not isinstance(function, Function)
        or function not in context.application.graph.endpoints
        or not isinstance(node, ir.Assign)
    ):
        return None
    if ir.last_name(site.call.func) != "BackgroundTasks" or site.call.args or site.call.keywords:
        return None
    name, at = ir.last_name(node.targets[0]), node.at
    params = function.node.params
    if any(param.name == name for param in params) or len(_bindings(function, node)) > 1:
        return None

    def recipe(edit: Editor) -> None:
        cls = edit.text(edit.callee(site.call.at))
        edit.add_parameter(function.node.at, f"{name}: {cls}")
        edit.delete(at)

    return Fix.unsafe("Let FastAPI inject it", recipe)


def _bindings(function: Function, node: ir.Assign) -> list[ir.Assign]:
    """The assignments to the same name."""
    return [
        other
        for other in statements(function.body)
        if isinstance(other, ir.Assign) and node.targets[0] in other.targets
    ]


def _is_kept_for_nothing(site: Site, cls: Value, context: Context) -> bool:
    """Whether an object that a module or another object keeps only ever collects tasks."""
    node = statement_at(site.scope.body, site.at)
    if not isinstance(node, ir.Assign) or node.value is not site.call or len(node.targets) != 1:
        return False
    target, is_local = node.targets[0], site.scope.kind == "function"
    if not isinstance(target, ir.Attribute if is_local else ir.Name):
        return False
    name, view = ir.last_name(target) or "", context.evaluator()
    made, collects = Instance(cls, site.call, site.scope, site.at), False
    for scope in context.application.index.scopes_naming(name):
        for other in statements(scope.body) if not scope.module.is_test else ():
            parts = [part for part in own_parts(other) if part is not target]
            owners = [
                part.func.value
                for part in parts
                if isinstance(part, ir.Call)
                and isinstance(part.func, ir.Attribute)
                and part.func.attr == "add_task"
            ]
            for part in (p for p in parts if ir.last_name(p) == name):
                values = view.evaluate(part, scope, other.at)
                if any(part is owner for owner in owners):
                    collects = collects or made in values
                elif made in values or UNKNOWN in values:
                    return False
    return collects


def _is_dropped(site: Site) -> bool:
    """Whether the object that a function makes is only ever used to collect tasks."""
    function = site.scope.owner
    node = statement_at(site.scope.body, site.at)
    if not isinstance(function, Function):
        return False
    if isinstance(node, ir.Expression):
        return _is_collected_only(node.value, site.call)
    if not isinstance(node, ir.Assign) or node.value is not site.call:
        return False
    if len(node.targets) != 1 or not isinstance(node.targets[0], ir.Name):
        return False
    name = node.targets[0]
    if any(_mentions(inner, name) for inner in function.scope.functions.values()):
        return False
    uses = sum(part == name for part in walk_all(function.body)) - 1
    collecting = sum(
        sum(part == name for part in walk(other.value))
        for other in statements(function.body)
        if isinstance(other, ir.Expression) and _is_collected_only(other.value, name)
    )
    return uses == collecting


def _is_collected_only(node: ir.Expr, made: ir.Expr) -> bool:
    """Whether an expression is `made`, or `made.add_task(...)`, which only keeps what is given."""
    match node:
        case ir.Call(ir.Attribute(owner, "add_task"), args, keywords) if owner == made:
            given = (*args, *[keyword.value for keyword in keywords])
            return all(arg == made or made not in walk(arg) for arg in given)
    return node is made


def _mentions(function: Function, name: ir.Name) -> bool:
    return any(part == name for node in statements(function.body) for part in own_parts(node))
