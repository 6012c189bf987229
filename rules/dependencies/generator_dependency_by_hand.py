"""
A generator dependency is called by hand, and closed too early or never.

## Why

`next(get_session())` takes the value and drops the generator: Python closes it at once, so its
`finally` runs and the session is closed before it is used; what it opens then stays open. Held in
a variable, the generator is never closed. `anext(...)` and `async for ... break` leave the end to
the garbage collector. `async with get_session()` and `get_session().commit()` do not work at all: a
generator is no context manager, and no session. Decorated with `contextmanager` the same function
can be used by hand.

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
from types import AsyncGeneratorType, GeneratorType

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.flow import Paths, placed
from fastapi_lint.model.program import Site
from fastapi_lint.model.scopes import Function, Scope
from fastapi_lint.rule import Context, Finding, Rule, Severity
from fastapi_lint.walk import own_parts, statement_at, statements, walk, walk_all

_MANAGERS = ("contextmanager", "asynccontextmanager")
_CLOSING = ("close", "aclose")
_OF_GENERATORS = frozenset(dir(GeneratorType)) | frozenset(dir(AsyncGeneratorType))


class GeneratorDependencyByHand(Rule):
    code = "FAL313"
    name = "generator-dependency-by-hand"
    severity = Severity.WARNING

    def check_provider(self, provider: Function, context: Context) -> Iterator[Finding]:
        if not provider.node.is_generator or provider.has_decorator(*_MANAGERS):
            return
        for site in context.application.index.callers(provider):
            if _is_script(site, context):
                continue
            how = _by_hand(site, _cleans_up(provider))
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


def _is_script(site: Site, context: Context) -> bool:
    """Whether a call runs once in a process that ends when its module does."""
    is_imported = context.application.resources.is_part_of_application(site.module)
    return site.scope.kind == "module" and not is_imported


def _cleans_up(function: Function) -> bool:
    """Whether a generator does anything after its `yield`, or leaves a `with` block then."""
    last = max((node.at for node in statements(function.body)), default=0)
    return any(
        node.at < last or any(frame.part == "with" for frame in frames)
        for node, frames in placed(function.body)
        if any(isinstance(part, ir.Yield) for part in own_parts(node))
    )


def _by_hand(site: Site, cleans_up: bool) -> tuple[str, str] | None:
    """How a generator is used that a call makes, and what comes of it."""
    node = statement_at(site.scope.body, site.at)
    if node is None:
        return None
    match node:
        case ir.With(items) if any(item is site.call for item, _ in items):
            return "entered as a context manager", "a generator is none: it fails at once"
        case _ if _is_taken_for_value(node, site):
            return "used as what it yields", "a generator has no such attribute: it fails at once"
        case _ if not cleans_up or _is_closed(node, site):
            return None
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


def _is_taken_for_value(node: ir.Stmt, site: Site) -> bool:
    """Whether an attribute is read that generators do not have, of the call itself or of the
    variable that holds nothing else."""
    held: ir.Expr = site.call
    parts = own_parts(node)
    match node:
        case ir.Assign((ir.Name(name) as held,), value, _, None) if value is site.call:
            if len(site.scope.bindings.get(name, ())) != 1:
                return False
            parts = walk_all(site.scope.body)
    return any(
        isinstance(part, ir.Attribute)
        and (part.value is held or (part.value == held and isinstance(held, ir.Name)))
        and part.attr not in _OF_GENERATORS
        and not part.attr.startswith("__")
        for part in parts
    )


def _is_closed(node: ir.Stmt, site: Site) -> bool:
    """Whether the code that takes the first value of a generator closes that value itself, or reads
    nothing but an attribute of it."""
    match node:
        case ir.Assign((held,), ir.Call(_, (made, *_)) | ir.Await(ir.Call(_, (made, *_)))) if (
            made is site.call
        ):
            return any(
                isinstance(part, ir.Call)
                and isinstance(part.func, ir.Attribute)
                and part.func.value == held
                and part.func.attr in _CLOSING
                for part in walk_all(site.scope.body)
            )
        case ir.With(items):
            return any(site.call in walk(item) for item, _ in items)
    parts = list(own_parts(node))
    called = [part.func for part in parts if isinstance(part, ir.Call)]
    return any(
        isinstance(part, ir.Attribute)
        and isinstance(part.value, ir.Call)
        and any(argument is site.call for argument in part.value.args)
        and not any(part is func for func in called)
        for part in parts
    )


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
