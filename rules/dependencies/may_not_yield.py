"""
A dependency can end without yielding.

## Why

FastAPI waits for a value. A generator that returns or ends before its `yield` on some path raises
`RuntimeError: generator didn't yield`, and the client gets a 500. To refuse the request, raise an
HTTPException; to go on without a value, yield `None`.

## Bad

```python
from collections.abc import Iterator

from fastapi import Depends, FastAPI

app = FastAPI()


def get_language(lang: str = "") -> Iterator[str]:
    if not lang:
        return
    yield lang


@app.get("/hello")
def hello(lang: str = Depends(get_language)) -> str:
    return lang
```

## Good

```python
from collections.abc import Iterator

from fastapi import Depends, FastAPI

app = FastAPI()


def get_language(lang: str = "") -> Iterator[str]:
    yield lang or "en"


@app.get("/hello")
def hello(lang: str = Depends(get_language)) -> str:
    return lang
```

## References

- https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import has_yield, statements, walk_all


class MayNotYield(Rule):
    code = "FAL304"
    name = "may-not-yield"
    severity = Severity.ERROR

    def check_provider(self, provider: Function, context: Context) -> Iterator[Finding]:
        if not provider.node.is_generator or provider.module.is_test or _loops(provider):
            return
        _, ends = context.application.generators.paths(provider)
        empty = [
            at
            for at, states in ends.returns.items()
            if any(not state.count and not state.handled for state in states)
        ]
        if any(not state.count and not state.handled for state in ends.falls):
            empty.append(provider.node.at)
        for at in sorted(empty):
            yield self.at(
                Place(provider.module, at),
                f"`{provider.name}` can end without yielding a value",
                why='it raises "generator didn\'t yield", and the client gets a 500',
                help="raise an HTTPException to refuse the request, or yield `None`",
            )


def _loops(function: Function) -> bool:
    """Whether a `yield` stands in a loop over something, which may be empty or not."""
    return any(
        isinstance(node, (ir.For, ir.While)) and has_yield(node.body)
        for node in statements(function.body)
    ) or any(isinstance(part, ir.Yield) and part.is_from for part in walk_all(function.body))
