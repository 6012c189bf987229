"""
A middleware reads the headers or status of sent messages that have none.

## Why

A response is sent in several messages. Only the first, `http.response.start`, has a status and
headers; the body follows in `http.response.body`, and the lifespan has messages of its own. A
wrapper that reads `message["headers"]` without asking for `message["type"]` raises KeyError at the
second message: every response breaks off after its headers, and if the middleware lets the lifespan
through, the application does not start properly either.

## Bad

```python
from fastapi import FastAPI


class Hardened:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def hardened(message):
            message["headers"].append((b"x-frame-options", b"DENY"))
            await send(message)

        await self.app(scope, receive, hardened)


app = FastAPI()
app.add_middleware(Hardened)
```

## Good

```python
from fastapi import FastAPI


class Hardened:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def hardened(message):
            if message["type"] == "http.response.start":
                message["headers"].append((b"x-frame-options", b"DENY"))
            await send(message)

        await self.app(scope, receive, hardened)


app = FastAPI()
app.add_middleware(Hardened)
```

## References

- https://www.starlette.io/middleware/#inspecting-or-modifying-the-response
- https://asgi.readthedocs.io/en/latest/specs/www.html#response-start-send-event
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.link import Application
from fastapi_lint.model.middleware.asgi import Unchecked, unchecked_messages
from fastapi_lint.model.scopes import Function
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import block_with, own_parts, statements, walk_all


class AsgiSendHeadersUnchecked(Rule):
    code = "FAL118"
    name = "asgi-send-headers-unchecked"
    severity = Severity.ERROR
    fix = Fixability.UNSAFE

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        for found in unchecked_messages(application):
            access = found.access
            if not access.place.module.is_test:
                yield self.at(
                    access.place,
                    f"`{found.function.name}`, the `send` of middleware `{found.layer.label}`, "
                    f"reads `{access.what}` of every message",
                    why="messages with the body have none: KeyError, and each response breaks off "
                    "after its headers",
                    help='do it only where the message\'s type is "http.response.start"',
                    related=[(access.inner, "it fails here")] if access.inner is not None else [],
                    fix=_test(found),
                )


def _test(found: Unchecked) -> Fix | None:
    """Do what is done before the message is sent for the start of a response alone."""
    at, condition = found.access.place.at, f'{found.message}["type"] == "http.response.start"'
    done = _before_sending(block_with(found.function.body, at), at)
    if not done or _is_needed_later(done, found.function):
        return None

    def recipe(edit: Editor) -> None:
        match done:
            case (ir.If(((ir.Operation(op) as test, _),)),) if op != "or":
                edit.wrap(edit.part(at, test), f"{condition} and ", "")
            case _:
                edit.enclose(at, done[-1].at, f"if {condition}:")

    return Fix.unsafe("Do it for the start of a response", recipe)


def _before_sending(block: tuple[ir.Stmt, ...], at: int) -> tuple[ir.Stmt, ...]:
    """The statements of a block from an ordinal on that await nothing and leave nothing.

    None if a test of the type follows them, which they should be put below.
    """
    following = [node for node in block if node.at >= at]
    done = tuple(takewhile(lambda node: not _sends(node) and not _asks(node), following))
    return () if any(_asks(node) for node in following[: len(done) + 1]) else done


def _sends(node: ir.Stmt) -> bool:
    return any(isinstance(part, ir.Await) for part in walk_all((node,))) or any(
        isinstance(inner, (ir.Return, ir.Raise)) for inner in statements((node,))
    )


def _asks(node: ir.Stmt) -> bool:
    return any(isinstance(part, ir.Constant) and part.value == "type" for part in walk_all((node,)))


def _is_needed_later(done: tuple[ir.Stmt, ...], function: Function) -> bool:
    """Whether names that statements bind are read behind them, or in an inner function."""
    scope, first = function.scope, done[0].at
    last = max(node.at for node in statements(done))
    bound = {
        name
        for name, bindings in scope.bindings.items()
        if name not in scope.outside and first <= min(b.at for b in bindings) <= last
    }
    later = [
        part for node in statements(function.body) if node.at > last for part in own_parts(node)
    ]
    inner = [part for f in scope.functions.values() for part in walk_all(f.body)]
    return any(isinstance(part, ir.Name) and part.id in bound for part in (*later, *inner))
