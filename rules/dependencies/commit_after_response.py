"""
A dependency commits after the response: the client has its answer before that can fail.

## Why

With FastAPI 0.118 and later (and before 0.106) the code after the `yield` runs when the response
has been sent. If the commit fails then, through a constraint, a deadlock, a lost connection, the
client has been told 200 and the data are not there. And when it does not fail, the client's next
request may arrive before the commit and not see what was just written. From 0.106 to 0.117 the
commit ran before the response, and this rule is silent.

The end of `with session.begin():` around the `yield` is a commit as well. With FastAPI 0.121 or
later `Depends(get_session, scope="function")` runs the code after the `yield` before the response;
or commit in the endpoint or service, where an error can still be answered.

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
        session.commit()


@app.post("/orders")
def order(session: Session = Depends(get_session)) -> dict[str, bool]:
    return {"ordered": True}
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


@app.post("/orders")
def order(session: Session = Depends(get_session)) -> dict[str, bool]:
    session.commit()
    return {"ordered": True}
```

The fix adds `scope="function"` everywhere the dependency is used. It is unsafe: a background task
or a streamed response that still needs what is yielded finds it closed then.

## References

- https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/#early-exit-and-scope
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.graph import Graph, Use
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.versions import Target
from fastapi_lint.walk import walk_all

_SHOWN = 3
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class CommitAfterResponse(Rule):
    code = "FAL305"
    name = "commit-after-response"
    severity = Severity.WARNING
    fix = Fixability.UNSAFE
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
        if not uses or _commit_themselves(uses, context.application.graph):
            return
        for place in dict.fromkeys(context.application.generators.commits(provider)):
            yield self.at(
                place,
                f"`{provider.name}` commits after the response has been sent",
                why=f"with {fastapi.label} the client has its answer when this fails, "
                "and its next request may not see the data",
                help='use `Depends(..., scope="function")`, or commit before returning'
                if fastapi.at_least("0.121")
                else "commit in the endpoint or service",
                related=[(use.place, "used here") for use in uses[:_SHOWN]],
                fix=_end_before_response(uses) if _may_end_early(uses, fastapi) else None,
            )


def _may_end_early(uses: tuple[Use, ...], fastapi: Target) -> bool:
    """Whether there is `scope=`, and no dependency that lives longer would need this one."""
    return fastapi.at_least("0.121") and not any(
        use.function is not None and use.function.node.is_generator for use in uses
    )


def _end_before_response(uses: tuple[Use, ...]) -> Fix:
    def recipe(edit: Editor) -> None:
        for place in dict.fromkeys(use.place for use in uses):
            there = edit.of(place.module)
            there.set_keyword(place.at, "scope", there.quoted("function"))

    return Fix.unsafe('Add `scope="function"` where it is used', recipe)


def _commit_themselves(uses: tuple[Use, ...], graph: Graph) -> bool:
    """Whether the endpoints that write commit on their own, and all the others only read."""
    others = [use for use in uses if not _commits(use)]
    return len(others) < len(uses) and all(_only_reads(use, graph) for use in others)


def _only_reads(use: Use, graph: Graph) -> bool:
    """Whether a dependency is used by an endpoint whose methods change nothing."""
    routes = graph.endpoints.get(use.function, ()) if use.function is not None else ()
    return bool(routes) and all(
        route.methods is not None and _READING.issuperset(route.methods) for route in routes
    )


def _commits(use: Use) -> bool:
    """Whether a function commits what it is given."""
    return (
        use.function is not None
        and use.param is not None
        and any(
            isinstance(part, ir.Call)
            and part.func == ir.Attribute(ir.Name(use.param.name), "commit")
            for part in walk_all(use.function.body)
        )
    )
