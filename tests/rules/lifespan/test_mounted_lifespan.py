"""mounted-lifespan: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "lifespan-of-the-mounted-application": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.pool = object()
    yield


sub = FastAPI(lifespan=lifespan)
app = FastAPI()
app.mount("/sub", sub)  # expect: FAL608
""",
    "the-parent-has-its-own": """
# --- shop/admin/app.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from shop.admin.cache import Cache


@asynccontextmanager
async def admin_lifespan(app: FastAPI):
    app.state.cache = Cache()
    await app.state.cache.open()
    yield
    await app.state.cache.close()


admin_app = FastAPI(title="admin", lifespan=admin_lifespan)
# --- shop/admin/cache.py
class Cache:
    async def open(self) -> None: ...

    async def close(self) -> None: ...
# --- shop/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from shop.admin.app import admin_app


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.catalogue = ["shoes"]
    yield


app = FastAPI(lifespan=lifespan)
app.mount("/admin", app=admin_app, name="admin")  # expect: FAL608
""",
    "on-event-of-the-mounted-application": """
import fastapi as f

api = f.FastAPI()


@api.on_event("startup")
async def connect() -> None:
    api.state.db = object()


site = f.FastAPI()
site.mount("/api/v1", app=api)  # expect: FAL608
""",
    "arguments-of-the-mounted-application": """
# --- web/api.py
from fastapi import FastAPI

from web.db import close_db, open_db

api = FastAPI(on_startup=[open_db], on_shutdown=[close_db])
# --- web/db.py
connections = []


def open_db() -> None:
    connections.append(object())


def close_db() -> None:
    connections.clear()
# --- web/main.py
from fastapi import FastAPI

from web.api import api as api_app

app = FastAPI()
app.mount("/api", api_app)  # expect: FAL608
""",
    "factories": """
# --- tools/sub.py
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.tools = {"hammer": 1}
    yield


def create_tools_app() -> FastAPI:
    tools = FastAPI(lifespan=lifespan)
    return tools
# --- tools/main.py
from fastapi import FastAPI

from tools.sub import create_tools_app


def create_app() -> FastAPI:
    app = FastAPI()
    app.mount("/tools", create_tools_app())  # expect: FAL608
    return app


app = create_app()
""",
    "mounted-below-a-mounted-application": """
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.applications import Starlette


@asynccontextmanager
async def lifespan(app):
    app.state.numbers = [1, 2]
    yield


inner = Starlette(lifespan=lifespan)
middle = FastAPI()
middle.mount("/inner", inner)  # expect: FAL608
outer = FastAPI()
outer.mount("/middle", middle)
""",
    "starlette-parent-with-a-list-of-routes": """
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount, Route


@asynccontextmanager
async def lifespan(app):
    app.state.numbers = [1, 2]
    yield


api = FastAPI(lifespan=lifespan)
site = Starlette(routes=[Mount("/api", app=api)])  # expect: FAL608
""",
    "one-of-two-is-started": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def orders_lifespan(app):
    app.state.orders = []
    yield


@asynccontextmanager
async def users_lifespan(app):
    app.state.users = []
    yield


orders = FastAPI(lifespan=orders_lifespan)
users = FastAPI(lifespan=users_lifespan)


@asynccontextmanager
async def lifespan(app):
    async with orders.router.lifespan_context(orders):
        yield


app = FastAPI(lifespan=lifespan)
app.mount("/orders", orders)
app.mount("/users", users)  # expect: FAL608
""",
    "the-other-way-round": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.pool = object()
    yield


api = FastAPI(title="api", lifespan=lifespan)
shell = FastAPI(title="shell")
shell.mount("/", api)  # expect: FAL608


@shell.get("/health")
def health() -> str:
    return "ok"
""",
    "server-class-with-two-applications": """
from contextlib import asynccontextmanager
from fastapi import FastAPI
class Server:
    def __init__(self):
        self.api = FastAPI(lifespan=self.life)
        self.app = FastAPI()
        self.app.mount("/api", self.api)  # expect: FAL608
    @asynccontextmanager
    async def life(self, app):
        app.state.x = 1
        yield
s = Server()
""",
    "lifespan-of-an-included-router": """
from contextlib import asynccontextmanager
from fastapi import FastAPI, APIRouter
@asynccontextmanager
async def life(app):
    app.state.x = 1
    yield
r = APIRouter(lifespan=life)
sub = FastAPI()
sub.include_router(r)
app = FastAPI()
app.mount("/s", sub)  # expect: FAL608
""",
    "mounted-in-a-loop": """
from contextlib import asynccontextmanager
from fastapi import FastAPI
@asynccontextmanager
async def life(app):
    app.state.x = 1
    yield
a = FastAPI(lifespan=life)
app = FastAPI()
for path, sub in {"/a": a}.items():
    app.mount(path, sub)  # expect: FAL608
""",
    "server-of-tools": """
from fastapi import FastAPI
from mcp.server.fastmcp import FastMCP

mcp = FastMCP("tools")
app = FastAPI()
app.mount("/mcp", mcp.streamable_http_app())  # expect: FAL608
""",
    "server-of-tools-beside-a-lifespan": """
# --- app/tools.py
from fastmcp import FastMCP

mcp = FastMCP("tools")
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.tools import mcp


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.ready = True
    yield


mcp_app = mcp.http_app(path="/")
app = FastAPI(lifespan=lifespan)
app.mount("/tools", mcp_app)  # expect: FAL608
""",
}

GOOD = {
    "entered-by-the-parent": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def sub_lifespan(app: FastAPI):
    app.state.pool = object()
    yield


sub = FastAPI(lifespan=sub_lifespan)


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with sub.router.lifespan_context(sub):
        yield


app = FastAPI(lifespan=lifespan)
app.mount("/sub", sub)
""",
    "called-by-the-parent-on-a-stack-in-another-module": """
# --- app/sub.py
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def sub_lifespan(app: FastAPI):
    app.state.pool = object()
    yield


sub = FastAPI(lifespan=sub_lifespan)
# --- app/life.py
from contextlib import AsyncExitStack, asynccontextmanager

from app.sub import sub, sub_lifespan


@asynccontextmanager
async def lifespan(app):
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(sub_lifespan(sub))
        yield
# --- app/main.py
from fastapi import FastAPI

from app.life import lifespan
from app.sub import sub

app = FastAPI(lifespan=lifespan)
app.mount("/sub", sub)
""",
    "lifespans-combined-by-a-helper": """
# --- app/combine.py
from contextlib import AsyncExitStack, asynccontextmanager


def combine(*lifespans):
    @asynccontextmanager
    async def combined(app):
        async with AsyncExitStack() as stack:
            for lifespan in lifespans:
                await stack.enter_async_context(lifespan(app))
            yield

    return combined
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.combine import combine


@asynccontextmanager
async def sub_lifespan(app):
    app.state.pool = object()
    yield


@asynccontextmanager
async def own_lifespan(app):
    app.state.other = object()
    yield


sub = FastAPI(lifespan=sub_lifespan)
app = FastAPI(lifespan=combine(own_lifespan, sub_lifespan))
app.mount("/sub", sub)
""",
    "lifespan-shared-by-parent-and-mounted-application": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app):
    open_pool()
    yield


def open_pool() -> None: ...


sub = FastAPI(lifespan=lifespan)
app = FastAPI(lifespan=lifespan)
app.mount("/sub", sub)
""",
    "mounted-application-without-a-lifespan": """
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

sub = FastAPI(title="sub")
app = FastAPI()
app.mount("/sub", sub)
app.mount("/static", StaticFiles(directory="static"))
""",
    "started-by-a-lifespan-manager": """
from contextlib import asynccontextmanager

from asgi_lifespan import LifespanManager
from fastapi import FastAPI


@asynccontextmanager
async def sub_lifespan(app):
    app.state.pool = object()
    yield


sub = FastAPI(lifespan=sub_lifespan)


@asynccontextmanager
async def lifespan(app):
    async with LifespanManager(sub):
        yield


app = FastAPI(lifespan=lifespan)
app.mount("/sub", sub)
""",
    "lifespan-of-the-application-of-tools-is-passed-on": """
from fastapi import FastAPI
from fastmcp import FastMCP

mcp = FastMCP("tools")
mcp_app = mcp.http_app(path="/")
app = FastAPI(lifespan=mcp_app.lifespan)
app.mount("/mcp", mcp_app)
""",
    "handlers-called-by-the-parent": """
from fastapi import FastAPI

api = FastAPI()


@api.on_event("startup")
async def connect() -> None:
    api.state.db = object()


app = FastAPI()


@app.on_event("startup")
async def start() -> None:
    await connect()


app.mount("/api", api)
""",
    "all-mounted-applications-in-a-loop": """
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.routing import Mount


@asynccontextmanager
async def sub_lifespan(app):
    app.state.pool = object()
    yield


sub = FastAPI(lifespan=sub_lifespan)


@asynccontextmanager
async def lifespan(app):
    async with AsyncExitStack() as stack:
        for route in app.routes:
            if isinstance(route, Mount):
                context = route.app.router.lifespan_context
                await stack.enter_async_context(context(route.app))
        yield


app = FastAPI(lifespan=lifespan)
app.mount("/sub", sub)
""",
    "lifespan-that-only-logs": """
import logging
from contextlib import asynccontextmanager

from fastapi import FastAPI

logger = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(app):
    logger.info("up")
    yield
    logger.info("down")


sub = FastAPI(lifespan=lifespan)
app = FastAPI()
app.mount("/sub", sub)
""",
    "router-with-a-lifespan-is-included": """
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI


@asynccontextmanager
async def lifespan(app):
    open_pool()
    yield


def open_pool() -> None: ...


router = APIRouter(lifespan=lifespan)
app = FastAPI()
app.include_router(router)
""",
    "lifespan-of-the-parent-is-not-known": """
from contextlib import asynccontextmanager

from fastapi import FastAPI
from toolkit import start_everything


@asynccontextmanager
async def sub_lifespan(app):
    app.state.pool = object()
    yield


sub = FastAPI(lifespan=sub_lifespan)
app = FastAPI(lifespan=start_everything)
app.mount("/sub", sub)
""",
    "in-tests": """
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app):
    app.state.pool = object()
    yield


app = FastAPI(lifespan=lifespan)
# --- tests/test_main.py
from fastapi import FastAPI

from app.main import app


def test_mounted() -> None:
    parent = FastAPI()
    parent.mount("/sub", app)
""",
    "helper-of-the-parent-enters-it": """
# --- z/sub.py
from contextlib import asynccontextmanager
from fastapi import FastAPI
@asynccontextmanager
async def life(app):
    app.state.x = 1
    yield
sub = FastAPI(lifespan=life)
# --- z/boot.py
from contextlib import asynccontextmanager
from z.sub import sub
@asynccontextmanager
async def start_children():
    async with sub.router.lifespan_context(sub):
        yield
# --- z/main.py
from contextlib import asynccontextmanager
from fastapi import FastAPI
from z.boot import start_children
from z.sub import sub
@asynccontextmanager
async def life(app):
    async with start_children():
        yield
app = FastAPI(lifespan=life)
app.mount("/s", sub)
""",
    "classes-that-enter-one-another": """
from fastapi import FastAPI
class Life:
    def __init__(self, app): self.app = app
    async def __aenter__(self): self.app.state.x = 1
    async def __aexit__(self, *a): pass
sub = FastAPI(lifespan=Life)
class Outer:
    def __init__(self, app): self.inner = Life(sub)
    async def __aenter__(self): await self.inner.__aenter__()
    async def __aexit__(self, *a): await self.inner.__aexit__(*a)
app = FastAPI(lifespan=Outer)
app.mount("/s", sub)
""",
    "session-manager-of-the-tools-is-run": """
from contextlib import asynccontextmanager

from fastapi import FastAPI
from mcp.server.fastmcp import FastMCP

mcp = FastMCP("tools")


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with mcp.session_manager.run():
        yield


app = FastAPI(lifespan=lifespan)
app.mount("/mcp", mcp.streamable_http_app())
""",
    "lifespan-of-the-tools-is-entered": """
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastmcp import FastMCP

mcp_app = FastMCP("tools").http_app()


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.ready = True
    async with mcp_app.lifespan(app):
        yield


app = FastAPI(lifespan=lifespan)
app.mount("/mcp", mcp_app)
""",
    "tools-over-server-sent-events": """
from fastapi import FastAPI
from mcp.server.fastmcp import FastMCP

mcp = FastMCP("tools")
app = FastAPI()
app.mount("/mcp", mcp.sse_app())
""",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL608")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL608")
