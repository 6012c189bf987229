"""
A lifespan has the wrong shape, so that starting or stopping the application fails.

## Why

A lifespan is called with the application and must give an asynchronous context manager: one
`yield` on every path, between start-up and shutdown. Without a `yield`, with a parameter too few or
too many, with `@contextmanager`, or on a path that returns early, the server stops at start-up.
With two `yield`s on a path, shutdown fails with "generator didn't stop". What is yielded must be a
mapping (it becomes the state of each request) or nothing. None of it shows when tests use the
application without running its lifespan.

A generator without `@asynccontextmanager` works; the rule mentions it as a note, because Starlette
has deprecated it.

## Bad

```python
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI) -> None:
    app.state.ready = True


app = FastAPI(lifespan=lifespan)
```

## Good

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.ready = True
    yield


app = FastAPI(lifespan=lifespan)
```

## References

- https://fastapi.tiangolo.com/advanced/events/#lifespan
- https://www.starlette.io/lifespan/
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.model.application import Place, Router
from fastapi_lint.model.lifespan.lifespans import Flaw, Given
from fastapi_lint.model.link import Application
from fastapi_lint.rule import Context, Finding, Rule, Severity


class LifespanShape(Rule):
    code = "FAL603"
    name = "lifespan-shape"
    severity = Severity.ERROR
    positions = frozenset({"lifespan"})

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        seen: set[tuple[str, int]] = set()
        for owner in application.owners():
            if owner.lifespan_place is None or owner.lifespan_place.module.is_test:
                continue
            if not owner.is_app and context.targets(owner.place.module).fastapi.below("0.112.2"):
                continue
            for given in application.lifespans.given(owner):
                for flaw in application.shapes.flaws(given):
                    place = Place(flaw.function.module, flaw.at)
                    if place.sort_key not in seen and not place.module.is_test:
                        seen.add(place.sort_key)
                        yield self._finding(flaw, place, owner, given, context)

    def _finding(
        self, flaw: Flaw, place: Place, owner: Router, given: Given, context: Context
    ) -> Finding:
        assert owner.lifespan_place is not None
        name = given.cls.name if given.cls is not None else flaw.function.name
        related = [(owner.lifespan_place, f"`{owner.name}` gets it here")]
        if flaw.kind != "undecorated":
            return self.at(
                place,
                f"lifespan `{name}` {flaw.text}",
                why=flaw.why,
                help="let it take the application and `yield` once, on every path",
                related=related,
            )
        fastapi = context.targets(place.module).fastapi
        return self.at(
            place,
            f"lifespan `{name}` is a generator without `@asynccontextmanager`",
            why=f"{fastapi.label} wraps it itself; Starlette and type checkers want the decorator"
            if fastapi.at_least("0.128.3")
            else "it runs, but Starlette has deprecated lifespans that are plain generators",
            help="decorate it with `contextlib.asynccontextmanager`",
            severity=Severity.INFO,
            related=related,
        )
