"""
A dependency yields more than once.

## Why

FastAPI takes the first value and afterwards expects the generator to end. A second `yield` raises
`RuntimeError: generator didn't stop`. From FastAPI 0.106 to 0.117 that is a 500; before and after,
the client already has its response and the error is only logged, while the code after the second
`yield`, often the cleanup, never runs.

## Bad

```python
from collections.abc import Iterator

from fastapi import Depends, FastAPI

app = FastAPI()


def get_names() -> Iterator[str]:
    yield "primary"
    yield "replica"


@app.get("/name")
def read_name(name: str = Depends(get_names)) -> str:
    return name
```

## Good

```python
from collections.abc import Iterator

from fastapi import Depends, FastAPI

app = FastAPI()


def get_names() -> Iterator[list[str]]:
    yield ["primary", "replica"]


@app.get("/names")
def read_names(names: list[str] = Depends(get_names)) -> list[str]:
    return names
```

## References

- https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Place
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Rule, Severity


class MultipleYields(Rule):
    code = "FAL303"
    name = "multiple-yields"
    severity = Severity.ERROR

    def check_provider(self, provider: Function, context: Context) -> Iterator[Finding]:
        if not provider.node.is_generator or provider.module.is_test:
            return
        paths, _ = context.application.generators.paths(provider)
        if paths.again:
            targets = context.targets(provider.module)
            yield self.at(
                Place(provider.module, max(paths.again)),
                f"`{provider.name}` yields a second time",
                why=f"with {targets.fastapi.label} the client gets a 500"
                if targets.exits_before_response
                else "the error is only logged, after the response, and what follows never runs",
                help="yield once; put several values into one",
            )
