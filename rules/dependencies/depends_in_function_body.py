"""
Depends is called in the body of a function, where nothing is injected.

## Why

FastAPI reads `Depends(...)` from parameters, and from `dependencies=[...]`. In the body of a
function the call gives a marker object and nothing else: no dependency runs. Using the object fails
with "'Depends' object has no attribute ...", and a guard that is written like that checks nobody.

## Bad

```python
from fastapi import Depends, FastAPI

app = FastAPI()


def get_settings() -> dict[str, str]:
    return {"name": "shop"}


@app.get("/name")
def name() -> str:
    settings = Depends(get_settings)
    return settings["name"]
```

## Good

```python
from fastapi import Depends, FastAPI

app = FastAPI()


def get_settings() -> dict[str, str]:
    return {"name": "shop"}


@app.get("/name")
def name(settings: dict[str, str] = Depends(get_settings)) -> str:
    return settings["name"]
```

## References

- https://fastapi.tiangolo.com/tutorial/dependencies/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.names import DEPENDS, SECURITY
from fastapi_lint.model.program import Site
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.values import External
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import children, expressions, statement_at, walk, walk_all

_READERS = frozenset({"bool", "str", "int", "float", "len", "repr", "print", "dict"})
"""Functions that are given values, not markers."""


class DependsInFunctionBody(Rule):
    code = "FAL309"
    name = "depends-in-function-body"
    security = True
    severity = Severity.ERROR
    positions = frozenset({"Depends", "Security"})
    calls = ("Depends", "Security")

    def check_call(self, site: Site, context: Context) -> Iterator[Finding]:
        function = site.scope.owner
        if not isinstance(function, Function) or site.module.is_test:
            return
        callees = context.near.evaluate(site.call.func, site.scope, site.at)
        if not all(callee in (External(DEPENDS), External(SECURITY)) for callee in callees):
            return
        if _is_used_as_value(site, function):
            yield self.at(
                Place(site.module, site.call.at),
                f"nothing is injected in the body of `{function.name}`: "
                "this is only a marker object",
                why="the dependency never runs",
                help=f"make it a parameter of `{function.name}`",
            )


def _is_used_as_value(site: Site, function: Function) -> bool:
    """Whether the marker is meant to be what the dependency gives."""
    node = statement_at(function.body, site.at)
    match node:
        case ir.Expression(value):
            return value is site.call or _is_subject(site.call, value)
        case ir.Assign((ir.Name() as name,), value, _, None) if value is site.call:
            return _is_read_as_value(name, function)
        case ir.Assign(_, ir.Await(value)) if value is site.call:
            return True
        case ir.With(items):
            return any(item is site.call for item, _ in items)
        case ir.For(_, iterated):
            return iterated is site.call
    if node is None or isinstance(node, (ir.Function, ir.Class)):
        return False
    return any(_is_subject(site.call, e) for e in expressions(node) if e is not None)


def _is_subject(call: ir.Expr, node: ir.Expr) -> bool:
    """Whether an attribute or item of the marker is taken, or it is awaited or called."""
    return any(
        (isinstance(part, (ir.Attribute, ir.Subscript, ir.Await)) and part.value is call)
        or (isinstance(part, ir.Call) and part.func is call)
        for part in walk(node)
    )


def _is_read_as_value(name: ir.Name, function: Function) -> bool:
    """Whether a variable is used as if it held what the dependency gives, and never as a marker."""
    declared = [
        part
        for inner in function.scope.functions.values()
        for param in inner.node.params
        for part in (*walk(param.default), *walk(param.annotation))
    ]
    if name in declared:
        return False
    uses = [part for part in walk_all(function.body) if name in children(part)]
    return not uses or any(
        isinstance(part, (ir.Attribute, ir.Subscript, ir.Await, ir.Operation, ir.Format, ir.Dict))
        or (
            isinstance(part, ir.Call) and (part.func == name or ir.last_name(part.func) in _READERS)
        )
        for part in uses
    )
