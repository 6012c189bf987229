"""
A generator dependency is called by hand, and closed too early or never.

## Why

`next(get_session())` takes the value and drops the generator: Python closes it at once, so its
`finally` runs and the session is closed before it is used. Held in a variable, the generator is
never closed. `anext(...)` and `async for ... break` leave the end to the garbage collector.
`async with get_session()` does not work at all: a generator is no context manager. Decorated with
`contextmanager` the same function can be used by hand.

## Bad

```python
from collections.abc import Iterator

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

app = FastAPI()
engine = create_engine("sqlite:///shop.db")


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@app.get("/orders")
def orders(session: Session = Depends(get_session)) -> bool:
    return session.is_active


def report() -> bool:
    session = next(get_session())
    return session.is_active
```

## Good

```python
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

app = FastAPI()
engine = create_engine("sqlite:///shop.db")


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@app.get("/orders")
def orders(session: Session = Depends(get_session)) -> bool:
    return session.is_active


def report() -> bool:
    with contextmanager(get_session)() as session:
        return session.is_active
```

## References

- https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.flow import Paths
from fastapi_lint.model.program import Site
from fastapi_lint.model.scopes import Function, Scope
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import own_parts, statement_at, statements

_MANAGERS = ("contextmanager", "asynccontextmanager")


class GeneratorDependencyByHand(Rule):
    code = "FAL313"
    name = "generator-dependency-by-hand"
    severity = Severity.WARNING

    def check_provider(self, provider: Function, context: Context) -> Iterator[Finding]:
        if not provider.node.is_generator or provider.has_decorator(*_MANAGERS):
            return
        for site in context.application.index.callers(provider):
            how = _by_hand(site)
            if how is not None:
                use, why = how
                yield self.at(
                    Place(site.module, site.call.at),
                    f"`{provider.name}` is a dependency, and {use} by hand",
                    why=why,
                    help="let FastAPI inject it, or wrap it: "
                    f"`{'async' if provider.node.is_async else ''}contextmanager"
                    f"({provider.name})()`",
                    related=[(Place(provider.module, provider.node.at), "the dependency")],
                )


def _by_hand(site: Site) -> tuple[str, str] | None:
    """How a generator is used that a call makes, and what comes of it."""
    node = statement_at(site.scope.body, site.at)
    if node is None:
        return None
    match node:
        case ir.With(items) if any(item is site.call for item, _ in items):
            return "entered as a context manager", "a generator is none: it fails at once"
        case ir.For(_, iterated, body) if iterated is site.call:
            ends = Paths[None]().run(body, None)
            if ends.breaks or ends.returns:
                return "left after its first value", "its cleanup is left to the garbage collector"
            return None
    for part in own_parts(node):
        match part:
            case ir.Call(ir.Name("next" | "anext"), (made, *_)) if made is site.call:
                return "advanced", "its cleanup runs at once, or when nobody expects it"
            case ir.Call(ir.Attribute(made, "__next__" | "__anext__" | "send" | "asend")) if (
                made is site.call
            ):
                return "advanced", "its cleanup runs at once, or when nobody expects it"
    if isinstance(node, ir.Assign) and node.value is site.call and len(node.targets) == 1:
        return _held(node.targets[0], site.scope)
    return None


def _held(name: ir.Expr, scope: Scope) -> tuple[str, str] | None:
    """What is done with a generator that a variable holds."""
    calls = [
        part
        for node in statements(scope.body)
        for part in own_parts(node)
        if isinstance(part, ir.Call)
    ]
    advanced = any(
        (ir.last_name(call.func) in ("next", "anext") and name in call.args[:1])
        or (
            isinstance(call.func, ir.Attribute)
            and call.func.value == name
            and call.func.attr in ("__next__", "__anext__", "send", "asend")
        )
        for call in calls
    )
    finished = any(
        (isinstance(call.func, ir.Attribute) and call.func.value == name
         and call.func.attr in ("close", "aclose", "throw", "athrow"))
        for call in calls
    )  # fmt: skip
    twice = sum(
        ir.last_name(call.func) in ("next", "anext") and name in call.args[:1] for call in calls
    )
    if advanced and not finished and twice < 2:
        return "advanced", "it is never closed"
    return None
