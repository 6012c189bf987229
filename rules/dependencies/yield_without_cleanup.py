"""
A dependency releases what it opened only if the request goes well.

## Why

When the endpoint raises, and HTTPException counts, FastAPI throws the exception into the dependency
at its `yield`. Code after the `yield` that stands in no `finally` and no `with` is then skipped:
the connection, file or session is not closed, once for every request that ends in an error. The
pool runs dry on a day with many 404s.

## Bad

```python
from collections.abc import Iterator

from fastapi import Depends, FastAPI

app = FastAPI()


def get_log() -> Iterator:
    log = open("requests.log", "a")
    yield log
    log.close()


@app.get("/items/{number}")
def read_item(number: int, log=Depends(get_log)) -> int:
    log.write(f"{number}\\n")
    return number
```

## Good

```python
from collections.abc import Iterator

from fastapi import Depends, FastAPI

app = FastAPI()


def get_log() -> Iterator:
    log = open("requests.log", "a")
    try:
        yield log
    finally:
        log.close()


@app.get("/items/{number}")
def read_item(number: int, log=Depends(get_log)) -> int:
    log.write(f"{number}\\n")
    return number
```

## References

- https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.dependency.generators import RELEASES
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import has_yield, statements


class YieldWithoutCleanup(Rule):
    code = "FAL301"
    name = "yield-without-cleanup"
    severity = Severity.ERROR
    fix = Fixability.SAFE

    def check_provider(self, provider: Function, context: Context) -> Iterator[Finding]:
        if not provider.node.is_generator or provider.module.is_test:
            return
        for what, place in context.application.generators.unreleased(provider):
            name = what.id if isinstance(what, ir.Name) else "it"
            yield self.at(
                Place(provider.module, _yield_at(provider)),
                f"`{name}` is not released when the request fails: `{provider.name}` has no "
                "`finally` around its `yield`",
                why="an exception of the endpoint, HTTPException included, is raised at the "
                "`yield`, and the code after it is skipped",
                help="release it in a `finally` clause, or open it in a `with`",
                related=[(place, "skipped when the request fails")],
                fix=_release_in_finally(provider),
            )


def _release_in_finally(provider: Function) -> Fix | None:
    """Put the releases at the end of the function in a `finally`.

    There is such a fix if the function ends in nothing but releases, and between these and the
    `yield` stands nothing that has to be taken apart.
    """
    body = provider.body
    first = len(body)
    while first and _is_release(body[first - 1]):
        first -= 1
    releases, before = body[first:], body[:first]
    start = next((i for i, node in enumerate(before) if has_yield((node,))), None)
    if not releases or start is None:
        return None
    tried, last = before[start], before[-1]
    is_open = isinstance(tried, ir.Try) and tried is last and not tried.final
    if isinstance(tried, ir.Try) and not is_open:
        return None

    def recipe(edit: Editor) -> None:
        if not is_open:
            edit.enclose(tried.at, last.at, "try:")
        edit.enclose(releases[0].at, releases[-1].at, "finally:")

    return Fix.safe("Release it in a `finally` clause", recipe)


def _is_release(node: ir.Stmt) -> bool:
    if not isinstance(node, ir.Expression):
        return False
    value = node.value.value if isinstance(node.value, ir.Await) else node.value
    return isinstance(value, ir.Call) and ir.last_name(value.func) in RELEASES


def _yield_at(function: Function) -> int:
    return next(
        node.at
        for node in statements(function.body)
        if not isinstance(node, (ir.With, ir.Try, ir.If, ir.For, ir.While)) and has_yield((node,))
    )
