"""lifespan-called: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "called-with-nothing": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan():
    yield


app = FastAPI(lifespan=lifespan())  # expect: FAL604
""",
    "called-with-the-settings-that-it-needs": """
# --- core/settings.py
class Settings:
    dsn = "postgresql://db"


settings = Settings()
# --- core/lifespan.py
import contextlib

from core.settings import Settings


@contextlib.asynccontextmanager
async def app_lifespan(settings: Settings):
    print(settings.dsn)
    yield
# --- main.py
from core import lifespan
from core.settings import settings
from fastapi import FastAPI

app = FastAPI(
    title="stock",
    lifespan=lifespan.app_lifespan(settings),  # expect: FAL604
)
""",
    "undecorated-generator": """
import fastapi as f


async def run(app):
    yield


api = f.FastAPI(lifespan=run(None))  # expect: FAL604
""",
    "coroutine": """
from fastapi import FastAPI


async def start(app) -> None:
    print("up")


app = FastAPI(lifespan=start(None))  # expect: FAL604
""",
    "object-of-a-context-manager-class": """
# --- app/lifecycle.py
class Lifecycle:
    def __init__(self, app) -> None:
        self.app = app

    async def __aenter__(self) -> None:
        self.app.state.ready = True

    async def __aexit__(self, *exc: object) -> None:
        self.app.state.ready = False
# --- app/main.py
from fastapi import FastAPI

from app.lifecycle import Lifecycle

app = FastAPI(lifespan=Lifecycle(None))  # expect: FAL604
""",
    "kept-in-a-variable": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app):
    yield


def create_app() -> FastAPI:
    context = lifespan(None)
    return FastAPI(lifespan=context)  # expect: FAL604
""",
    "factory-that-calls-it-too-early": """
# --- service/life.py
from contextlib import asynccontextmanager


def make_lifespan(name: str):
    @asynccontextmanager
    async def lifespan(app):
        print(name)
        yield

    return lifespan(None)
# --- service/main.py
from fastapi import FastAPI

from service.life import make_lifespan

app = FastAPI(lifespan=make_lifespan("stock"))  # expect: FAL604
""",
    "method-called": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


class Server:
    def __init__(self) -> None:
        self.app = FastAPI(lifespan=self.lifespan())  # expect: FAL604

    @asynccontextmanager
    async def lifespan(self):
        yield


server = Server()
""",
    "synchronous-context-manager-on-a-router": """
from contextlib import contextmanager

from fastapi import APIRouter, FastAPI


@contextmanager
def tracing(app):
    yield


router = APIRouter(lifespan=tracing(None))  # expect: FAL604
app = FastAPI()
app.include_router(router)
""",
    "called-under-a-condition": """
from contextlib import asynccontextmanager
from fastapi import FastAPI
import os
@asynccontextmanager
async def life(app):
    yield
app = FastAPI(lifespan=life(None) if os.getenv("X") else None)  # expect: FAL604
""",
    "assigned-to-the-router": """
from contextlib import asynccontextmanager
from fastapi import FastAPI
@asynccontextmanager
async def life(app):
    yield
app = FastAPI()
app.router.lifespan_context = life(app)  # expect: FAL604
""",
    "context-of-another-module": """
# --- a/life.py
from contextlib import asynccontextmanager
@asynccontextmanager
async def life(app):
    yield
context = life(None)
# --- a/main.py
from fastapi import FastAPI
from a import life
app = FastAPI(lifespan=life.context)  # expect: FAL604
""",
    "passed-to-a-factory": """
# --- kit/__init__.py
from .factory import create_app, create_service
# --- kit/factory.py
import fastapi


def create_app(title, lifespan=None):
    return fastapi.FastAPI(title=title, lifespan=lifespan)


def create_service(**options):
    return fastapi.FastAPI(**options)
# --- events.py
from contextlib import asynccontextmanager


@asynccontextmanager
async def lifespan(app=None):
    yield
# --- main.py
import events
from kit import create_app, create_service

app = create_app("shop", events.lifespan())  # expect: FAL604
other = create_app("stock", lifespan=events.lifespan)
service = create_service(lifespan=events.lifespan(None))  # expect: FAL604
""",
    "passed-to-a-class": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app=None):
    yield


class Service:
    def __init__(self, name, context=None):
        self.app = FastAPI(title=name, lifespan=context)


service = Service("stock", context=lifespan())  # expect: FAL604
""",
}

GOOD = {
    "passed": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app):
    yield


app = FastAPI(lifespan=lifespan)
""",
    "factory-with-parameters": """
# --- core/lifespan.py
from contextlib import asynccontextmanager


def create_lifespan(mode: str):
    @asynccontextmanager
    async def lifespan(app):
        app.state.mode = mode
        yield

    return lifespan
# --- main.py
from core.lifespan import create_lifespan
from fastapi import FastAPI

app = FastAPI(lifespan=create_lifespan("worker"))
""",
    "composition-of-several": """
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def cache(app):
    yield


@asynccontextmanager
async def database(app):
    yield


def combine(*lifespans):
    @asynccontextmanager
    async def combined(app):
        async with AsyncExitStack() as stack:
            for one in lifespans:
                await stack.enter_async_context(one(app))
            yield

    return combined


app = FastAPI(lifespan=combine(cache, database))
""",
    "partial": """
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app, *, settings):
    yield


app = FastAPI(lifespan=partial(lifespan, settings={"dsn": "x"}))
""",
    "callable-object": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


class Lifespan:
    def __init__(self, dsn: str) -> None:
        self.dsn = dsn

    @asynccontextmanager
    async def __call__(self, app):
        yield


app = FastAPI(lifespan=Lifespan("postgresql://db"))
""",
    "class-of-a-context-manager": """
from fastapi import FastAPI


class Lifecycle:
    def __init__(self, app) -> None:
        self.app = app

    async def __aenter__(self) -> None: ...

    async def __aexit__(self, *exc: object) -> None: ...


app = FastAPI(lifespan=Lifecycle)
""",
    "lifespan-of-another-library": """
import svcs
from fastapi import FastAPI
from fastmcp import FastMCP

mcp = FastMCP("tools")
mcp_app = mcp.http_app(path="/mcp")


@svcs.fastapi.lifespan
async def lifespan(app, registry):
    yield


app = FastAPI(lifespan=mcp_app.lifespan)
other = FastAPI(lifespan=lifespan)
""",
    "builder-that-is-not-known": """
from fastapi import FastAPI
from toolkit import Manager, build_lifespan

manager = Manager()
app = FastAPI(lifespan=manager.build())
other = FastAPI(lifespan=build_lifespan(app))
""",
    "called-inside-another-lifespan": """
# --- app/db.py
from contextlib import asynccontextmanager


@asynccontextmanager
async def database(app):
    yield
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.db import database


@asynccontextmanager
async def lifespan(app):
    async with database(app):
        yield


app = FastAPI(lifespan=lifespan)
""",
    "method-that-builds-one": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


class Registry:
    def lifespan(self):
        return self._run

    @asynccontextmanager
    async def _run(self, app):
        yield


app = FastAPI(lifespan=Registry().lifespan())
""",
    "factory-behind-a-decorator-of-the-project": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


def lifespan_factory(function):
    return lambda *args: asynccontextmanager(lambda app: function(app, *args))


@lifespan_factory
async def lifespan(app, dsn: str):
    yield


app = FastAPI(lifespan=lifespan("postgresql://db"))
""",
    "lambda": """
from contextlib import asynccontextmanager
from fastapi import FastAPI
@asynccontextmanager
async def life(app, cfg):
    yield
app = FastAPI(lifespan=lambda app: life(app, 1))
""",
    "passed-to-a-factory-that-enters-it": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def base(app=None):
    yield


def make_lifespan(name):
    @asynccontextmanager
    async def lifespan(app):
        print(name)
        yield

    return lifespan


def wrap(context):
    @asynccontextmanager
    async def lifespan(app):
        async with context:
            yield

    return FastAPI(lifespan=lifespan)


def create_app(lifespan=None):
    return FastAPI(lifespan=lifespan)


def create_service(**options):
    context = options.pop("lifespan")
    return wrap(context)


entered = wrap(base())
made = create_app(make_lifespan("stock"))
plain = create_app()
service = create_service(lifespan=base())
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL604")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL604")
