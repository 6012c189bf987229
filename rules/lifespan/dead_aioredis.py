"""
The abandoned package aioredis is imported instead of redis.asyncio.

## Why

`aioredis` was taken over into `redis-py` 4.2 as `redis.asyncio`; its own last release is of 2021.
That release defines `class TimeoutError(asyncio.TimeoutError, builtins.TimeoutError, ...)`. Since
Python 3.11 both bases are the same class, so `import aioredis` raises `TypeError: duplicate base
class TimeoutError`, and the application does not start.

The fix needs somebody who puts `redis` in the place of `aioredis` among the requirements. There is
none for what `redis.asyncio` does not have, as `create_redis_pool` of aioredis 1.

A fallback in `except ImportError` is left alone. An import for type checkers alone stops nothing,
but they then check against a package that nobody maintains.

## Bad

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aioredis
from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.redis = aioredis.from_url("redis://localhost")
    yield
    await app.state.redis.close()


app = FastAPI(lifespan=lifespan)


@app.get("/visits")
async def read_visits(request: Request) -> int:
    return await request.app.state.redis.incr("visits")
```

## Good

```python
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from redis import asyncio as aioredis


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with aioredis.from_url("redis://localhost") as app.state.redis:
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/visits")
async def read_visits(request: Request) -> int:
    return await request.app.state.redis.incr("visits")
```

## References

- https://github.com/aio-libs-abandoned/aioredis-py
- https://redis.readthedocs.io/en/stable/examples/asyncio_examples.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Place
from fastapi_lint.model.flow import Frame, placed
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Module
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import own_parts, statements

_COMMON = frozenset(
    {
        "AuthenticationError",
        "BlockingConnectionPool",
        "BusyLoadingError",
        "Connection",
        "ConnectionError",
        "ConnectionPool",
        "DataError",
        "InvalidResponse",
        "PubSubError",
        "ReadOnlyError",
        "Redis",
        "RedisError",
        "ResponseError",
        "SSLConnection",
        "StrictRedis",
        "TimeoutError",
        "UnixDomainSocketConnection",
        "WatchError",
        "client",
        "connection",
        "from_url",
    }
)
"""What has the same name in aioredis 2 and in redis.asyncio."""

_IMPORT_ERRORS = ("ImportError", "ModuleNotFoundError", "Exception", "TypeError")


class DeadAioredis(Rule):
    code = "FAL611"
    name = "dead-aioredis"
    severity = Severity.WARNING
    fix = Fixability.UNSAFE

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        importer = application.program.importer
        for module in application.index.modules:
            if module.is_test or importer.resolve(module.path, "aioredis", 0) is not None:
                continue
            imports = tuple(_imports(module))
            for at in dict.fromkeys(node.at for node, _ in imports):
                imported = [node for node, _ in imports if node.at == at]
                frames = next(frames for node, frames in imports if node.at == at)
                is_tried = any(isinstance(frame.node, ir.Try) for frame in frames)
                yield self.at(
                    Place(module, at),
                    "`aioredis` is abandoned: it lives on as `redis.asyncio`",
                    why="its last release is of 2021: type checkers look at what nobody maintains"
                    if any(map(_is_for_checkers, frames))
                    else "its last release raises a TypeError when Python 3.11 or later imports it",
                    help="install `redis` and write `from redis import asyncio as aioredis`",
                    fix=None if is_tried else _import_redis(module, imported, application),
                )


def _imports(module: Module) -> Iterator[tuple[ir.Import, tuple[Frame, ...]]]:
    """The imports of the package, and what each stands in."""
    bodies: list[Iterable[ir.Stmt]] = [module.node.body]
    bodies.extend(function.body for function in module.functions())
    for body in bodies:
        for node, frames in placed(body):
            if (
                isinstance(node, ir.Import)
                and node.level == 0
                and node.module.partition(".")[0] == "aioredis"
                and not any(map(_is_fallback, frames))
            ):
                yield node, frames


def _is_fallback(frame: Frame) -> bool:
    """Whether a statement stands where an import failed."""
    match frame:
        case Frame(ir.Try(_, handlers), "handler", index):
            catches = handlers[index].catches
            return catches is None or _names(catches)
    return False


def _is_for_checkers(frame: Frame) -> bool:
    """Whether a statement stands where only type checkers look."""
    match frame:
        case Frame(ir.If(branches), "branch", index):
            test = branches[index][0]
            return test is not None and ir.last_name(test) == "TYPE_CHECKING"
    return False


def _names(catches: ir.Expr) -> bool:
    listed = catches.items if isinstance(catches, ir.Display) else (catches,)
    return any(ir.last_name(item) in _IMPORT_ERRORS for item in listed)


def _import_redis(
    module: Module, imported: list[ir.Import], application: Application
) -> Fix | None:
    """Import the same names from `redis.asyncio`, if it has all that are used."""
    first = imported[0]
    if first.name is None:
        if first.module != "aioredis" or len(imported) > 1:
            return None
        names = frozenset(_attributes(module, first.bound, application))
    elif first.module == "aioredis":
        names = frozenset(node.name for node in imported if node.name is not None)
    else:
        return None
    if not names <= _COMMON:
        return None

    def recipe(edit: Editor) -> None:
        if first.name is None:
            edit.replace(first.at, f"from redis import asyncio as {first.bound}")
        else:
            edit.replace_word(first.at, "from aioredis", "from redis.asyncio")

    return Fix.unsafe("Import it from `redis`", recipe)


def _attributes(module: Module, name: str, application: Application) -> Iterator[str]:
    """The attributes of a variable that a module uses."""
    for scope in application.index.scopes_naming(name):
        if scope.module is module:
            for node in statements(scope.body):
                for part in own_parts(node):
                    if isinstance(part, ir.Attribute) and part.value == ir.Name(name):
                        yield part.attr
