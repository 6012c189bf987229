"""lifespan-shape: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from fastapi_lint.rule import Severity
from tests.support import assert_marks, findings

BAD = {
    "no-yield": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):  # expect: FAL603
    print("up")


app = FastAPI(lifespan=lifespan)
""",
    "coroutine-in-another-module": """
# --- app/startup.py
async def startup(app) -> None:  # expect: FAL603
    app.state.ready = True
# --- app/main.py
from fastapi import FastAPI

from app.startup import startup as on_start

app = FastAPI(lifespan=on_start)
""",
    "no-parameter": """
import contextlib

import fastapi


@contextlib.asynccontextmanager
async def lifespan():  # expect: FAL603
    yield


app = fastapi.FastAPI(lifespan=lifespan)
""",
    "a-parameter-too-many": """
# --- app/life.py
from contextlib import asynccontextmanager


@asynccontextmanager
async def lifespan(app, settings):  # expect: FAL603
    print(settings)
    yield
# --- app/factory.py
from fastapi import FastAPI

from app import life


def create_app() -> FastAPI:
    return FastAPI(lifespan=life.lifespan)
""",
    "two-yields": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):  # expect: FAL603
    print("up")
    yield
    print("down")
    yield


app = FastAPI(lifespan=lifespan)
""",
    "early-return": """
from contextlib import asynccontextmanager

from fastapi import FastAPI

from settings import settings


@asynccontextmanager
async def lifespan(app: FastAPI):  # expect: FAL603
    if not settings.database_url:
        print("no database")
        return
    app.state.ready = True
    yield
    app.state.ready = False


app = FastAPI(lifespan=lifespan)
""",
    "yield-forgotten-after-the-other-one": """
# --- jobs/life.py
from contextlib import asynccontextmanager


@asynccontextmanager
async def lifespan(app):  # expect: FAL603
    if app.title == "worker":
        print("worker")
        yield
    print("web")
    yield
# --- jobs/main.py
from fastapi import FastAPI

from jobs.life import lifespan

app = FastAPI(title="worker", lifespan=lifespan)
""",
    "synchronous-context-manager": """
from contextlib import contextmanager

from fastapi import FastAPI


@contextmanager
def lifespan(app: FastAPI):  # expect: FAL603
    yield


app = FastAPI(lifespan=lifespan)
""",
    "synchronous-generator-under-the-decorator": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
def lifespan(app: FastAPI):  # expect: FAL603
    yield


app = FastAPI(lifespan=lifespan)
""",
    "method-without-the-application": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


class Service:
    def __init__(self) -> None:
        self.app = FastAPI(lifespan=self.lifespan)

    @asynccontextmanager
    async def lifespan(self):  # expect: FAL603
        yield


service = Service()
""",
    "yields-the-application": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.ready = True
    yield app  # expect: FAL603


app = FastAPI(lifespan=lifespan)
""",
    "yields-an-object": """
# --- app/state.py
from dataclasses import dataclass


@dataclass
class State:
    name: str
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.state import State


@asynccontextmanager
async def lifespan(app: FastAPI):
    state = State("orders")
    try:
        yield state  # expect: FAL603
    finally:
        print("down")


app = FastAPI(lifespan=lifespan)
""",
    "nested-in-a-factory": """
# --- app/life.py
from contextlib import asynccontextmanager


def make_lifespan(name: str):
    @asynccontextmanager
    async def lifespan(app):  # expect: FAL603
        print(name)

    return lifespan
# --- app/main.py
from fastapi import FastAPI

from app.life import make_lifespan

app = FastAPI(lifespan=make_lifespan("orders"))
""",
    "class-that-is-no-asynchronous-manager": """
from fastapi import FastAPI


class Lifecycle:  # expect: FAL603
    def __init__(self, app) -> None: ...

    def __enter__(self) -> None: ...

    def __exit__(self, *exc: object) -> None: ...


app = FastAPI(lifespan=Lifecycle)
""",
    "assigned-to-the-router": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan():  # expect: FAL603
    yield


app = FastAPI()
app.router.lifespan_context = lifespan
""",
    "undecorated-generator-is-a-note": """
from fastapi import FastAPI


async def lifespan(app: FastAPI):  # expect: FAL603
    yield


app = FastAPI(lifespan=lifespan)
""",
    "given-by-a-subclass-to-its-base": """
from contextlib import asynccontextmanager
from fastapi import FastAPI
class Api(FastAPI):
    def __init__(self, **kw):
        super().__init__(lifespan=self._life, **kw)
    @asynccontextmanager
    async def _life(self):  # expect: FAL603
        yield
app = Api()
""",
    "given-through-a-table-of-options": """
from contextlib import asynccontextmanager
from fastapi import FastAPI
@asynccontextmanager
async def life():  # expect: FAL603
    yield
opts = {"title": "x", "lifespan": life}
app = FastAPI(**opts)
""",
    "re-exported-by-a-package": """
# --- core/events.py
from contextlib import asynccontextmanager as acm
@acm
async def life(app):  # expect: FAL603
    try:
        await app.state.x()
    finally:
        print("x")
# --- core/__init__.py
from .events import life as lifespan
# --- main.py
from fastapi import FastAPI
from core import lifespan
def create():
    return FastAPI(lifespan=lifespan)
app = create()
""",
    "returns-where-connecting-fails": """
from contextlib import asynccontextmanager
from fastapi import FastAPI
@asynccontextmanager
async def life(app):  # expect: FAL603
    try:
        await app.state.connect()
    except OSError:
        return
    yield
app = FastAPI(lifespan=life)
""",
    "case-that-is-missing": """
from contextlib import asynccontextmanager
from fastapi import FastAPI
from cfg import mode
@asynccontextmanager
async def life(app):  # expect: FAL603
    match mode:
        case "a":
            yield
        case "b":
            yield {"x": 1}
app = FastAPI(lifespan=life)
""",
    "yields-a-client": """
from contextlib import asynccontextmanager
import httpx
from fastapi import FastAPI
@asynccontextmanager
async def life(app):
    async with httpx.AsyncClient() as c:
        yield c  # expect: FAL603
app = FastAPI(lifespan=life)
""",
    "state-is-a-resource-or-several-things": """
from contextlib import asynccontextmanager

import asyncpg
import httpx
from fastapi import FastAPI
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import create_async_engine


def warm() -> None: ...


@asynccontextmanager
async def sentinel(app: FastAPI):
    yield object()  # expect: FAL603


@asynccontextmanager
async def pool(app: FastAPI):
    async with asyncpg.create_pool("postgresql://db") as pool:
        yield pool  # expect: FAL603


@asynccontextmanager
async def cache(app: FastAPI):
    async with Redis() as redis:
        yield redis  # expect: FAL603


@asynccontextmanager
async def two(app: FastAPI):
    engine = create_async_engine("postgresql+asyncpg://db")
    client = httpx.AsyncClient()
    yield engine, client  # expect: FAL603


@asynccontextmanager
async def names(app: FastAPI):
    yield {"a", "b"}  # expect: FAL603


@asynccontextmanager
async def function(app: FastAPI):
    yield warm  # expect: FAL603


apps = [
    FastAPI(lifespan=sentinel),
    FastAPI(lifespan=pool),
    FastAPI(lifespan=cache),
    FastAPI(lifespan=two),
    FastAPI(lifespan=names),
    FastAPI(lifespan=function),
]
""",
}

GOOD = {
    "usual": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    print("up")
    try:
        yield
    finally:
        print("down")


app = FastAPI(lifespan=lifespan)
""",
    "exclusive-yields": """
from contextlib import asynccontextmanager

from fastapi import FastAPI

from settings import settings


@asynccontextmanager
async def lifespan(app: FastAPI):
    if settings.disabled:
        yield
        return
    app.state.ready = True
    yield {"ready": True}


app = FastAPI(lifespan=lifespan)
""",
    "path-that-raises": """
from contextlib import asynccontextmanager

from fastapi import FastAPI

from settings import settings


def refuse(reason: str) -> None:
    raise RuntimeError(reason)


@asynccontextmanager
async def lifespan(app: FastAPI):
    if settings.mode == "web":
        yield
    elif settings.mode == "worker":
        refuse("run the worker instead")
    else:
        raise RuntimeError("unknown mode")


app = FastAPI(lifespan=lifespan)
""",
    "serves-even-if-start-up-failed": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    try:
        await app.state.connect()
        yield
    except OSError:
        print("offline")
        yield


app = FastAPI(lifespan=lifespan)
""",
    "class-of-a-manager": """
# --- app/life.py
class Lifespan:
    def __init__(self, app) -> None:
        self.app = app

    async def __aenter__(self) -> dict[str, bool]:
        return {"ready": True}

    async def __aexit__(self, *exc: object) -> None: ...
# --- app/main.py
from fastapi import FastAPI

from app.life import Lifespan

app = FastAPI(lifespan=Lifespan)
""",
    "function-that-returns-a-manager": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def resources(name: str):
    print(name)
    yield


def lifespan(app: FastAPI):
    return resources(app.title)


app = FastAPI(lifespan=lifespan)
""",
    "decorated-by-another-library": """
import svcs
from fastapi import FastAPI


@svcs.fastapi.lifespan
async def lifespan(app: FastAPI, registry: svcs.Registry):
    yield {"registry": registry}


app = FastAPI(lifespan=lifespan)
""",
    "further-parameters-have-defaults": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI, *, verbose: bool = False, name="orders"):
    yield


app = FastAPI(lifespan=lifespan)
""",
    "any-parameters": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(*args):
    yield


app = FastAPI(lifespan=lifespan)
""",
    "partial-fills-the-others": """
# --- app/life.py
from contextlib import asynccontextmanager


@asynccontextmanager
async def lifespan(app, settings):
    print(settings)
    yield
# --- app/main.py
from functools import partial

from fastapi import FastAPI

from app.life import lifespan

app = FastAPI(lifespan=partial(lifespan, settings={}))
""",
    "static-method": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


class Service:
    @staticmethod
    @asynccontextmanager
    async def lifespan(app: FastAPI):
        yield


app = FastAPI(lifespan=Service.lifespan)
""",
    "state-of-each-request": """
from contextlib import asynccontextmanager
from typing import TypedDict

from fastapi import FastAPI


class State(TypedDict):
    name: str


def build(name: str):
    return State(name=name)


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield build("orders")


@asynccontextmanager
async def other(app: FastAPI):
    yield State(name="orders")


first = FastAPI(lifespan=lifespan)
second = FastAPI(lifespan=other)
""",
    "other-context-managers-of-the-project": """
# --- app/db.py
from contextlib import asynccontextmanager, contextmanager


@asynccontextmanager
async def transaction():
    yield "transaction"


@contextmanager
def timer():
    yield 1.0
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.db import timer, transaction


@asynccontextmanager
async def lifespan(app: FastAPI):
    with timer():
        async with transaction():
            yield


app = FastAPI(lifespan=lifespan)
""",
    "composed-on-a-stack": """
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def database():
    yield


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(database())
        yield


app = FastAPI(lifespan=lifespan)
""",
    "lifespan-of-something-else": """
from fastapi import FastAPI
from mcp.server.fastmcp import FastMCP


async def tools(server):
    print("up")


mcp = FastMCP("tools", lifespan=tools)
app = FastAPI()
""",
    "tries-several-times": """
from contextlib import asynccontextmanager
from fastapi import FastAPI
import asyncio
@asynccontextmanager
async def life(app):
    for attempt in range(5):
        try:
            await app.state.connect()
            break
        except OSError:
            await asyncio.sleep(1)
    else:
        raise RuntimeError
    yield
app = FastAPI(lifespan=life)
""",
    "state-made-of-a-dataclass": """
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from fastapi import FastAPI
@dataclass
class S:
    a: int
@asynccontextmanager
async def life(app):
    yield asdict(S(1))
app = FastAPI(lifespan=life)
""",
    "lambda": """
from contextlib import asynccontextmanager
from fastapi import FastAPI
@asynccontextmanager
async def life(app, cfg):
    yield
app = FastAPI(lifespan=lambda app: life(app, 1))
""",
    "state-that-can-be-read-as-a-mapping": """
from contextlib import asynccontextmanager

import httpx
import redis
from fastapi import FastAPI
from pydantic import BaseModel


class State(BaseModel):
    name: str = "shop"


def load() -> dict[str, int]: ...


@asynccontextmanager
async def nothing(app: FastAPI):
    yield []


@asynccontextmanager
async def pairs(app: FastAPI):
    yield [("client", httpx.AsyncClient())]


@asynccontextmanager
async def two_letters(app: FastAPI):
    yield {"ab", "cd"}


@asynccontextmanager
async def model(app: FastAPI):
    yield State()


@asynccontextmanager
async def called(app: FastAPI):
    yield load()


@asynccontextmanager
async def keys(app: FastAPI):
    yield redis.Redis()


@asynccontextmanager
async def table(app: FastAPI):
    client = httpx.AsyncClient()
    yield {"client": client, "load": load, "sentinel": object()}


apps = [
    FastAPI(lifespan=nothing),
    FastAPI(lifespan=pairs),
    FastAPI(lifespan=two_letters),
    FastAPI(lifespan=model),
    FastAPI(lifespan=called),
    FastAPI(lifespan=keys),
    FastAPI(lifespan=table),
]
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL603")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL603")


@pytest.mark.parametrize("version", ["0.103.2", "0.121.3", "0.165.0"])
def test_a_missing_decorator_is_a_note(version: str) -> None:
    (found,) = findings(BAD["undecorated-generator-is-a-note"], "FAL603", fastapi=version)
    assert found.severity is Severity.INFO
