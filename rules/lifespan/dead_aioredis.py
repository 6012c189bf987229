"""
The abandoned package aioredis is imported instead of redis.asyncio.

## Why

`aioredis` was taken over into `redis-py` 4.2 as `redis.asyncio`; its own last release is of 2021.
That release defines `class TimeoutError(asyncio.TimeoutError, builtins.TimeoutError, ...)`. Since
Python 3.11 both bases are the same class, so `import aioredis` raises `TypeError: duplicate base
class TimeoutError`, and the application does not start.

A fallback in `except ImportError` and imports for type checkers alone are left alone.

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
from fastapi_lint.model.application import Place
from fastapi_lint.model.flow import Frame, placed
from fastapi_lint.model.link import Application
from fastapi_lint.model.scopes import Module
from fastapi_lint.rule import Context, Finding, Rule, Severity

_IMPORT_ERRORS = ("ImportError", "ModuleNotFoundError", "Exception", "TypeError")


class DeadAioredis(Rule):
    code = "FAL611"
    name = "dead-aioredis"
    severity = Severity.WARNING

    def check_application(self, application: Application, context: Context) -> Iterator[Finding]:
        importer = application.program.importer
        for module in application.index.modules:
            if module.is_test or importer.resolve(module.path, "aioredis", 0) is not None:
                continue
            for at in dict.fromkeys(_imports(module)):
                yield self.at(
                    Place(module, at),
                    "`aioredis` is abandoned: it lives on as `redis.asyncio`",
                    why="its last release raises a TypeError when Python 3.11 or later imports it",
                    help="install `redis` and write `from redis import asyncio as aioredis`",
                )


def _imports(module: Module) -> Iterator[int]:
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
                yield node.at


def _is_fallback(frame: Frame) -> bool:
    """Whether a statement stands where an import failed, or where only type checkers look."""
    match frame:
        case Frame(ir.Try(_, handlers), "handler", index):
            catches = handlers[index].catches
            return catches is None or _names(catches)
        case Frame(ir.If(branches), "branch", index):
            test = branches[index][0]
            return test is not None and ir.last_name(test) == "TYPE_CHECKING"
    return False


def _names(catches: ir.Expr) -> bool:
    listed = catches.items if isinstance(catches, ir.Display) else (catches,)
    return any(ir.last_name(item) in _IMPORT_ERRORS for item in listed)
