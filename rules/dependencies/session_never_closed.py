"""
A session is opened and never closed.

## Why

A dependency that returns a session instead of yielding it cannot close it when the request is over;
neither does a path operation that calls `SessionLocal()` without a `with`. The connection goes back
to the pool when the garbage collector finds the session, which under load is too late: the pool is
exhausted and requests wait until they time out.

## Bad

```python
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite:///shop.db"))


def get_session() -> Session:
    return SessionLocal()


@app.get("/orders")
def orders(session: Session = Depends(get_session)) -> bool:
    return session.is_active
```

## Good

```python
from collections.abc import Iterator

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite:///shop.db"))


def get_session() -> Iterator[Session]:
    with SessionLocal() as session:
        yield session


@app.get("/orders")
def orders(session: Session = Depends(get_session)) -> bool:
    return session.is_active
```

## References

- https://fastapi.tiangolo.com/tutorial/sql-databases/#create-a-session-dependency
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.calls import keyword
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Function, Scope
from fastapi_lint.model.values import External, FunctionValue, Instance, Method, Value
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import expressions, own_parts, statements, walk, walk_all

_CLOSING = frozenset({"close", "aclose", "remove", "close_all", "invalidate", "close_session"})
_ENDING = _CLOSING | {"__exit__", "__aexit__", "__del__", "shutdown", "dispose"}


class SessionNeverClosed(Rule):
    code = "FAL315"
    name = "session-never-closed"
    severity = Severity.WARNING
    fix = Fixability.UNSAFE

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for function in application.graph.injected:
            if function.module.is_test:
                continue
            for at in _opened(function, context):
                is_endpoint = function in application.graph.endpoints
                yield self.at(
                    Place(function.module, at),
                    f"the session that `{_named(function)}` opens is never closed",
                    why="its connection returns to the pool only when the garbage collector "
                    "finds it",
                    help="open it in a `with`"
                    if is_endpoint or function.node.is_generator
                    else "yield it from a `with`, so that it is closed after the request",
                    fix=_open_in_with(function, at, context),
                )


def _named(function: Function) -> str:
    """A function as it is spoken of: a constructor by its class."""
    is_constructor = function.owner is not None and function.name == "__init__"
    return function.owner.name if function.owner and is_constructor else function.name


def _open_in_with(function: Function, at: int, context: Context) -> Fix | None:
    """Open it in a `with` around all that follows, and yield it where it was returned.

    It must stand in the function's own block. A function that others call cannot become a
    generator.
    """
    body = function.body
    node = next((node for node in body if node.at == at), None)
    call = getattr(node, "value", None)
    if not isinstance(node, (ir.Assign, ir.Return)) or not isinstance(call, ir.Call):
        return None
    if isinstance(node, ir.Assign) and not isinstance(node.targets[0], ir.Name):
        return None
    kind = _with(call, function, at, context)
    if kind is None:
        return None
    rest = body[body.index(node) + 1 :]
    returns = [inner for inner in statements(body) if isinstance(inner, ir.Return) and inner.value]
    becomes_generator = not (
        function.node.is_generator or function in context.application.graph.endpoints
    )
    if becomes_generator and (
        [inner.at for inner in returns] != [body[-1].at]
        or any(context.application.index.calls(function.name))
        or function.node.decorators
        or (isinstance(node, ir.Assign) and returns[0].value != node.targets[0])
    ):
        return None
    if isinstance(node, ir.Assign) and not rest:
        return None

    def recipe(edit: Editor) -> None:
        made = edit.text(call.at)
        if isinstance(node, ir.Return):
            edit.enclose(at, at, f"{kind} {made} as session:")
            edit.replace(at, "yield session")
        else:
            name = edit.text(edit.part(at, node.targets[0]))
            edit.delete(at)
            edit.enclose(rest[0].at, rest[-1].at, f"{kind} {made} as {name}:")
            if becomes_generator:
                edit.replace_word(rest[-1].at, "return", "yield")
        annotation = function.node.returns
        if becomes_generator and annotation is not None:
            word = "AsyncIterator" if function.node.is_async else "Iterator"
            iterator = edit.import_name("collections.abc", word)
            edit.wrap(edit.part(function.node.at, annotation), f"{iterator}[", "]")

    return Fix.unsafe("Open it in a `with`", recipe)


def _with(call: ir.Call, function: Function, at: int, context: Context) -> str | None:
    """Which `with` opens what a call makes, if it is a session of SQLAlchemy."""
    kinds = {_kind(v, context) for v in context.near.evaluate(call, function.scope, at)}
    kind = next(iter(kinds)) if len(kinds) == 1 else None
    return kind if kind == "with" or function.node.is_async else None


def _kind(value: Value, context: Context) -> str | None:
    if context.near.instance_of(value, "sqlalchemy.ext.asyncio.AsyncSession"):
        return "async with"
    if context.near.instance_of(value, "sqlalchemy.orm.Session"):
        return "with"
    match value:
        case Instance(Instance(External("sqlalchemy.orm.sessionmaker"), ir.Call() as made)):
            return "with" if keyword(made, "class_") is None and not made.args[1:] else None
    return None


def _opened(function: Function, context: Context) -> Iterator[int]:
    """Where a function opens a session that nothing in sight closes."""
    is_endpoint = function in context.application.graph.endpoints
    for node in statements(function.body):
        match node:
            case ir.Return(ir.Call() as call, at) if not is_endpoint:
                if _opens(call, function.scope, at, context):
                    yield at
            case ir.Assign((ir.Name() as name,), ir.Call() as call, _, None, at):
                if _opens(call, function.scope, at, context) and not _is_closed(name, function):
                    yield at
            case ir.Assign((ir.Attribute() as held,), ir.Call() as call, _, None, at):
                if _opens(call, function.scope, at, context) and _is_kept(held, function, context):
                    yield at


def _is_kept(held: ir.Attribute, function: Function, context: Context) -> bool:
    """Whether an attribute of an object that is made for each request holds a session, and neither
    the object's class nor those derived from it do anything to end it."""
    cls = function.owner
    if cls is None or function.name != "__init__" or not function.node.params:
        return False
    if held.value != ir.Name(function.node.params[0].name):
        return False
    program = context.application.program
    if any(other is not cls for other in program.subclasses(cls.name)):
        return False
    methods = [m for c in program.evaluator().mro(cls) for m in c.methods()]
    return not any(
        method.name in _ENDING
        or any(
            isinstance(part, ir.Attribute)
            and part.attr in _CLOSING
            and isinstance(part.value, ir.Attribute)
            and part.value.attr == held.attr
            for part in walk_all(method.body)
        )
        or any(
            held.attr == part.attr
            for node in statements(method.body)
            if isinstance(node, ir.With)
            for item, _ in node.items
            for part in walk(item)
            if isinstance(part, ir.Attribute)
        )
        for method in methods
    )


def _opens(call: ir.Call, scope: Scope, at: int, context: Context) -> bool:
    """Whether a call makes a session: of a session class, or of a factory of sessions."""
    is_session = context.application.sessions.is_session
    view = context.near
    callees = view.evaluate(call.func, scope, at)
    if any(isinstance(callee, (FunctionValue, Method)) for callee in callees):
        return False
    return all(map(is_session, view.evaluate(call, scope, at)))


def _is_closed(name: ir.Name, function: Function) -> bool:
    """Whether a session may be closed, or leaves the function in another way."""
    for node in statements(function.body):
        if isinstance(node, ir.With) and any(name in tuple(walk(item)) for item, _ in node.items):
            return True
        if isinstance(node, ir.Assign) and _keeps(node.value, name):
            return True
        for part in own_parts(node):
            match part:
                case ir.Call(ir.Attribute(owner, method)) if owner == name and (method in _CLOSING):
                    return True
                case ir.Call(_, args, keywords) if name in args or any(
                    keyword.value == name for keyword in keywords
                ):
                    return True
    return any(
        name in tuple(walk(expression))
        for inner in function.scope.functions.values()
        for node in statements(inner.body)
        for expression in expressions(node)
    )


def _keeps(node: ir.Expr | None, name: ir.Name) -> bool:
    """Whether an assigned value is the session, or a collection of which it is a part."""
    match node:
        case ir.Display(_, items):
            return any(_keeps(item, name) for item in items)
        case ir.Dict(pairs):
            return any(_keeps(value, name) for _, value in pairs)
    return node == name
