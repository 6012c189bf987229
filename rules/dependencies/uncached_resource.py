"""
A session or connection is injected without the cache: the request gets a second one.

## Why

`use_cache=False` calls the dependency once more instead of sharing what the request already has.
For a random id that is the point. For a session it means a second connection and a second
transaction in the same request: what one part writes, the other does not see, and both hold a
connection.

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
def orders(session: Session = Depends(get_session, use_cache=False)) -> bool:
    return session.is_active
```

## Good

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
```

## When to ignore it

The second transaction is wanted, for an audit log that survives a rollback.

## References

- https://fastapi.tiangolo.com/tutorial/dependencies/sub-dependencies/#using-the-same-dependency-multiple-times
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.graph import Use
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity


class UncachedResource(Rule):
    code = "FAL307"
    name = "uncached-resource"
    severity = Severity.INFO
    fix = Fixability.UNSAFE
    positions = frozenset({"Depends", "Security"})

    def check_use(self, use: Use, context: Context) -> Iterator[Finding]:
        if use.dependency.use_cache or use.place.module.is_test:
            return
        for value in use.dependency.callables:
            function = context.application.injection.function_of(value)
            if function is not None and _gives_resource(function, context):
                yield self.at(
                    use.place,
                    f"`use_cache=False` gives the request a second `{function.name}`",
                    why="a second connection and transaction, which does not see the first one's "
                    "changes",
                    help="leave `use_cache` out",
                    fix=_leave_out(use),
                )


def _leave_out(use: Use) -> Fix | None:
    given = next((k for k in use.dependency.call.keywords if k.name == "use_cache"), None)
    if given is None:
        return None

    def recipe(edit: Editor) -> None:
        edit.delete(given.at)

    return Fix.unsafe("Leave `use_cache` out", recipe)


def _gives_resource(function: Function, context: Context) -> bool:
    """Whether a dependency opens something and closes it again, or gives a session."""
    return function.node.is_generator or any(
        map(context.application.sessions.is_session, context.evaluator().returns(function))
    )
