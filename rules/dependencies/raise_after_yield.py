"""
A dependency raises an HTTPException, or changes the response, after it has yielded.

## Why

With FastAPI 0.118 and later (and before 0.106) the code after the `yield` runs when the response
has been sent. An HTTPException there reaches nobody: the client keeps its 200 and the log shows
"Caught handled exception, but response already started". Headers and cookies that are set there are
lost. From 0.106 to 0.117, and with `Depends(..., scope="function")`, the code runs before the
response. Turning an exception of the endpoint into an HTTPException, in an `except` clause around
the `yield`, works on every version.

## Bad

```python
from collections.abc import Iterator

from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


def get_basket() -> Iterator[list[str]]:
    basket: list[str] = []
    yield basket
    if len(basket) > 10:
        raise HTTPException(status_code=413, detail="too many items")


@app.post("/basket")
def fill(names: list[str], basket: list[str] = Depends(get_basket)) -> int:
    basket.extend(names)
    return len(basket)
```

## Good

```python
from collections.abc import Iterator

from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


def get_basket() -> Iterator[list[str]]:
    yield []


@app.post("/basket")
def fill(names: list[str], basket: list[str] = Depends(get_basket)) -> int:
    basket.extend(names)
    if len(basket) > 10:
        raise HTTPException(status_code=413, detail="too many items")
    return len(basket)
```

## References

- https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/#early-exit-and-scope
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import statements

_SHOWN = 3
_SETTERS = frozenset({"set_cookie", "delete_cookie"})


class RaiseAfterYield(Rule):
    code = "FAL306"
    name = "raise-after-yield"
    severity = Severity.WARNING
    versions = ("<0.106", ">=0.118")
    positions = frozenset({"Depends", "Security"})

    def check_provider(self, provider: Function, context: Context) -> Iterator[Finding]:
        if not provider.node.is_generator or provider.module.is_test:
            return
        targets = context.targets(provider.module)
        if targets.exits_before_response:
            return
        fastapi = targets.fastapi
        uses = context.application.graph.late_uses_of(provider)
        if not uses:
            return
        related = [(use.place, "used here") for use in uses[:_SHOWN]]
        help = (
            'use `Depends(..., scope="function")`, or do it in the endpoint'
            if fastapi.at_least("0.121")
            else "do it in the endpoint"
        )
        paths, _ = context.application.generators.paths(provider)
        exceptions = context.application.exceptions
        for at, node in sorted(paths.raised.items()):
            classes = exceptions.classes(node.value, provider.scope, at)
            if node.value is not None and any(map(exceptions.is_http, classes)):
                yield self.at(
                    Place(provider.module, at),
                    f"the HTTPException that `{provider.name}` raises after its `yield` reaches "
                    "nobody",
                    why=f"with {fastapi.label} the client already has its answer",
                    help=help,
                    related=related,
                )
        for at in _changes(provider, context, frozenset(paths.after)):
            yield self.at(
                Place(provider.module, at),
                f"what `{provider.name}` sets on the response after its `yield` is lost",
                why=f"with {fastapi.label} the response has been sent",
                help=help,
                related=related,
            )


def _changes(provider: Function, context: Context, after: frozenset[int]) -> Iterator[int]:
    """Where the injected response is changed after the `yield`."""
    view, injection = context.near, context.application.injection
    responses = [
        ir.Name(param.name)
        for param in provider.node.params
        for cls in injection.framework_types(param.annotation, provider.parent, provider.node.at)
        if view.is_a(cls, "starlette.responses.Response")
    ]
    if not responses:
        return
    last = max((n.at for n in statements(provider.body) if _is_yield(n)), default=-1)
    for node in statements(provider.body):
        match node:
            case ir.Expression(ir.Call(ir.Attribute(owner, name), _, _, at)) if (
                owner in responses and name in _SETTERS and at in after
            ):
                yield at
            case ir.Assign((ir.Subscript(ir.Attribute(owner, "headers")),)) if (
                owner in responses and node.at > last >= 0
            ):
                yield node.at


def _is_yield(node: ir.Stmt) -> bool:
    value = node.value if isinstance(node, (ir.Expression, ir.Assign)) else None
    return isinstance(value, ir.Yield)
