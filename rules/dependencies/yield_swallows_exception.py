"""
A dependency swallows the exceptions of the request.

## Why

What the endpoint raises, and HTTPException counts, is raised in the dependency at its `yield`. An
`except` clause there that ends normally swallows it. Since FastAPI 0.110 there is no response then:
every error of the routes that use the dependency, every 404 among them, becomes a 500 with
"No response object was returned" or "Response not awaited" in the log. Clean up, then `raise`.

## Bad

```python
from collections.abc import Iterator

from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


def get_basket() -> Iterator[list[str]]:
    basket: list[str] = []
    try:
        yield basket
    except Exception:
        basket.clear()


@app.get("/basket/{number}")
def read_basket(number: int, basket: list[str] = Depends(get_basket)) -> list[str]:
    if number > 9:
        raise HTTPException(status_code=404)
    return basket
```

## Good

```python
from collections.abc import Iterator

from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


def get_basket() -> Iterator[list[str]]:
    basket: list[str] = []
    try:
        yield basket
    except Exception:
        basket.clear()
        raise


@app.get("/basket/{number}")
def read_basket(number: int, basket: list[str] = Depends(get_basket)) -> list[str]:
    if number > 9:
        raise HTTPException(status_code=404)
    return basket
```

## References

- https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/#always-raise-in-dependencies-with-yield-and-except
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.dependency.generators import around_yield
from fastapi_lint.model.flow import suppressed
from fastapi_lint.model.scopes import Function
from fastapi_lint.model.summaries import Ending
from fastapi_lint.model.values import External
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import blocks, statements

_CANCELLED = frozenset(
    {External("asyncio.CancelledError"), External("builtins.GeneratorExit"),
     External("asyncio.exceptions.CancelledError")}
)  # fmt: skip
_LEAVES = frozenset({"break", "continue"})


class YieldSwallowsException(Rule):
    code = "FAL302"
    name = "yield-swallows-exception"
    severity = Severity.ERROR
    fix = Fixability.SAFE
    versions = (">=0.110",)

    def check_provider(self, provider: Function, context: Context) -> Iterator[Finding]:
        if not provider.node.is_generator or provider.module.is_test:
            return
        fastapi = context.targets(provider.module).fastapi
        if fastapi.below("0.110"):
            return
        routes = context.application.graph.routes_of(provider)
        if routes and all(route.is_websocket for route in routes):
            return
        summaries, exceptions = context.application.summaries, context.application.exceptions
        for node in around_yield(provider):
            for handler in suppressed(node) if isinstance(node, ir.With) else node.handlers:
                caught = exceptions.classes(handler.catches, provider.scope, handler.at)
                if handler.catches is not None and _CANCELLED.issuperset(caught):
                    continue
                ends = Ending(summaries, provider.scope).run(handler.body, None)
                if ends.falls or ends.returns:
                    yield self.at(
                        Place(provider.module, handler.at),
                        f"`{provider.name}` swallows the {_what(handler)} of the request",
                        why=f"with {fastapi.label} the client gets a 500 instead of the error "
                        "that was raised",
                        help="raise the exception again at the end of the clause"
                        if isinstance(node, ir.Try)
                        else "let exceptions pass where the `yield` stands",
                        fix=_raise_again(handler) if isinstance(node, ir.Try) else None,
                    )


def _raise_again(handler: ir.Handler) -> Fix | None:
    """Let the clause end in `raise`, if nothing else leaves it earlier."""
    *before, last = handler.body
    if any(isinstance(node, ir.Return) for node in statements(before)) or _leaves_inside(last):
        return None

    def recipe(edit: Editor) -> None:
        match last:
            case ir.Jump("pass") | ir.Return(None) | ir.Expression(ir.Constant(kind="Ellipsis")):
                edit.replace(last.at, "raise")
            case _:
                edit.insert_after(last.at, "raise")

    return Fix.safe("Raise the exception again", recipe)


def _leaves_inside(node: ir.Stmt) -> bool:
    return any(
        isinstance(inner, ir.Return) or (isinstance(inner, ir.Jump) and inner.word in _LEAVES)
        for block in blocks(node)
        for inner in statements(block)
    ) or (isinstance(node, ir.Jump) and node.word in _LEAVES)


def _what(handler: ir.Handler) -> str:
    name = ir.last_name(handler.catches) if handler.catches is not None else None
    return f"`{name}`" if name and name not in ("Exception", "BaseException") else "exceptions"
