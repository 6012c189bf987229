"""on-event: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "startup-and-shutdown-decorators": """
from fastapi import FastAPI

app = FastAPI()


@app.on_event("startup")  # expect: FAL601
async def startup() -> None:
    print("up")


@app.on_event("shutdown")  # expect: FAL601
def shutdown() -> None:
    print("down")
""",
    "both-events-on-one-function": """
import fastapi as f

api = f.FastAPI()


@api.on_event("startup")  # expect: FAL601
@api.on_event("shutdown")  # expect: FAL601
async def log_state() -> None:
    print("state changed")
""",
    "event-name-given-by-keyword-and-by-constant": """
# --- app/events.py
STARTUP = "startup"
# --- app/main.py
from fastapi import FastAPI

from app import events

app = FastAPI()


@app.on_event(events.STARTUP)  # expect: FAL601
def warm_up() -> None: ...


@app.on_event(event_type="shutdown")  # expect: FAL601
def cool_down() -> None: ...
""",
    "decorator-on-an-app-imported-from-another-file": """
# --- app/instance.py
from fastapi import FastAPI

app = FastAPI()
# --- app/jobs.py
from app.instance import app


@app.on_event("startup")  # expect: FAL601
async def start_scheduler() -> None: ...
# --- app/main.py
from app import jobs  # noqa: F401
from app.instance import app  # noqa: F401
""",
    "app-re-exported-by-the-package-under-another-name": """
# --- service/web.py
from fastapi import FastAPI

web = FastAPI()
# --- service/__init__.py
from .web import web as application

__all__ = ["application"]
# --- service/startup.py
from service import application


@application.on_event("startup")  # expect: FAL601
def connect() -> None: ...
""",
    "app-reached-as-attribute-of-an-imported-module": """
# --- backend/app/server.py
from fastapi import FastAPI

app = FastAPI()
# --- backend/app/hooks.py
from app import server


@server.app.on_event("startup")  # expect: FAL601
async def load_model() -> None: ...
""",
    "router-decorator-in-another-file": """
# --- app/routers/chat.py
from fastapi import APIRouter

router = APIRouter(prefix="/chat")


@router.on_event("startup")  # expect: FAL601
async def open_pool() -> None: ...


@router.get("/")
def chat():
    return {}
# --- app/main.py
from fastapi import FastAPI

from app.routers import chat

app = FastAPI()
app.include_router(chat.router)
""",
    "router-subclass-re-exported-by-the-project": """
# --- core/routing.py
from fastapi import APIRouter as _APIRouter


class APIRouter(_APIRouter):
    '''Logs every route.'''
# --- core/__init__.py
from core.routing import APIRouter
# --- orders/routes.py
from core import APIRouter

orders = APIRouter(tags=["orders"])


@orders.on_event("shutdown")  # expect: FAL601
def flush() -> None: ...
""",
    "router-built-by-a-function": """
# --- app/api.py
from fastapi import APIRouter


def get_api_router() -> APIRouter:
    router = APIRouter()

    @router.on_event("startup")  # expect: FAL601
    async def prepare() -> None: ...

    return router
# --- app/main.py
from fastapi import FastAPI

from app.api import get_api_router

app = FastAPI()
app.include_router(get_api_router())
""",
    "decorators-nested-in-the-app-factory": """
# --- app/factory.py
from fastapi import FastAPI

from app.db import connect


def create_app(title: str) -> FastAPI:
    application = FastAPI(title=title)

    @application.on_event("startup")  # expect: FAL601
    async def _startup() -> None:
        application.state.db = await connect()

    return application
# --- app/db.py
async def connect() -> dict:
    return {}
# --- main.py
from app.factory import create_app

app = create_app("orders")
""",
    "decorator-on-the-result-of-a-factory-elsewhere": """
# --- app/factory.py
import fastapi


def build():
    app = fastapi.FastAPI()
    return app
# --- main.py
from app.factory import build

app = build()


@app.on_event("startup")  # expect: FAL601
def announce() -> None: ...
""",
    "setup-function-takes-the-app": """
# --- app/events.py
from fastapi import FastAPI


def register_events(app: FastAPI) -> None:
    @app.on_event("startup")  # expect: FAL601
    async def startup() -> None: ...

    @app.on_event("shutdown")  # expect: FAL601
    async def shutdown() -> None: ...
# --- app/main.py
from fastapi import FastAPI

from app.events import register_events

app = FastAPI()
register_events(app)
""",
    "untyped-setup-functions-two-levels-deep": """
# --- app/setup/database.py
async def connect() -> None: ...


def init_database(target):
    target.router.add_event_handler("startup", connect)  # expect: FAL601
# --- app/setup/__init__.py
from .database import init_database


def init_app(app):
    init_database(app)
# --- app/main.py
from fastapi import FastAPI

from app.setup import init_app

app = FastAPI()
init_app(app)
""",
    "library-function-annotated-with-fastapi": """
# --- healthkit/plugin.py
from fastapi import FastAPI


class HealthPlugin:
    def install(self, app: FastAPI) -> None:
        app.on_event("startup")(self.check)  # expect: FAL601

    def check(self) -> None: ...
# --- main.py
from fastapi import FastAPI

from healthkit.plugin import HealthPlugin

app = FastAPI()
HealthPlugin().install(app)
""",
    "call-form-with-imported-functions": """
# --- app/tasks.py
def start() -> None: ...


def stop() -> None: ...
# --- app/main.py
from fastapi import FastAPI

from app import tasks

app = FastAPI()
app.on_event("startup")(tasks.start)  # expect: FAL601
app.on_event("shutdown")(tasks.stop)  # expect: FAL601
""",
    "call-form-with-a-lambda": """
from fastapi import FastAPI

app = FastAPI()
app.on_event("startup")(lambda: print("ready"))  # expect: FAL601
""",
    "router-of-the-app": """
from fastapi import FastAPI

app = FastAPI()


async def connect() -> None: ...


@app.router.on_event("shutdown")  # expect: FAL601
async def disconnect() -> None: ...


app.router.add_event_handler("startup", connect)  # expect: FAL601
""",
    "handler-made-by-a-factory-call": """
# --- app/core/events.py
from collections.abc import Callable

from fastapi import FastAPI


def create_start_app_handler(app: FastAPI) -> Callable[[], None]:
    def start_app() -> None:
        app.state.ready = True

    return start_app
# --- app/main.py
from fastapi import FastAPI

from app.core.events import create_start_app_handler


def get_application() -> FastAPI:
    application = FastAPI()
    application.router.add_event_handler(  # expect: FAL601
        "startup",
        create_start_app_handler(application),
    )
    return application


app = get_application()
""",
    "event-handler-added-to-a-router-by-keywords": """
# --- app/cache.py
def fill_cache() -> None: ...
# --- app/routes.py
from fastapi.routing import APIRouter

from app.cache import fill_cache

router = APIRouter()
router.add_event_handler(func=fill_cache, event_type="startup")  # expect: FAL601
""",
    "handlers-added-in-a-loop": """
# --- app/handlers.py
def connect() -> None: ...


def close() -> None: ...


HANDLERS = {"startup": connect, "shutdown": close}
# --- app/main.py
from fastapi import FastAPI

from app.handlers import HANDLERS

app = FastAPI()
for event, handler in HANDLERS.items():
    app.router.add_event_handler(event, handler)  # expect: FAL601
""",
    "method-of-starlette-that-is-gone-since-1-0": """
# --- app/tasks.py
def connect() -> None: ...
# --- app/main.py
from fastapi import FastAPI

from app.tasks import connect

app = FastAPI()
app.add_event_handler("startup", connect)  # expect: FAL601
""",
    "keyword-arguments-of-the-constructor": """
# --- app/handlers.py
async def connect() -> None: ...


async def close() -> None: ...
# --- app/main.py
from fastapi import FastAPI

from app import handlers

app = FastAPI(
    title="orders",
    on_startup=[handlers.connect],  # expect: FAL601
    on_shutdown=[handlers.close],  # expect: FAL601
)
""",
    "keyword-with-an-imported-list-on-one-line": """
# --- app/startup.py
def check() -> None: ...


STARTUP = [check]
# --- app/main.py
from fastapi import FastAPI

from app.startup import STARTUP

app = FastAPI(title="t", on_startup=STARTUP)  # expect: FAL601
""",
    "keyword-argument-of-a-router": """
# --- app/graph.py
from fastapi import APIRouter


async def open_store() -> None: ...


def make_router() -> APIRouter:
    return APIRouter(
        prefix="/graph",
        on_startup=[open_store],  # expect: FAL601
    )
# --- app/main.py
from fastapi import FastAPI

from app.graph import make_router

app = FastAPI()
app.include_router(make_router())
""",
    "second-name-for-the-same-app": """
from fastapi import FastAPI

application = FastAPI()
app = application


@app.on_event("startup")  # expect: FAL601
def ready() -> None: ...
""",
    "app-on-self-with-decorators-in-a-method": """
# --- app/server.py
from fastapi import FastAPI


class Server:
    def __init__(self) -> None:
        self.app = FastAPI()
        self._register()

    def _register(self) -> None:
        @self.app.on_event("startup")  # expect: FAL601
        async def _() -> None:
            self.started = True

        self.app.on_event("shutdown")(self.close)  # expect: FAL601

    def close(self) -> None: ...
# --- main.py
from app.server import Server

app = Server().app
""",
    "app-as-class-attribute-used-from-outside": """
# --- app/container.py
from fastapi import FastAPI


class Container:
    api = FastAPI()
# --- app/main.py
from app.container import Container


@Container.api.on_event("startup")  # expect: FAL601
def boot() -> None: ...
""",
    "subclass-of-fastapi-in-another-file": """
# --- core/application.py
from fastapi import FastAPI


class Service(FastAPI):
    def __init__(self, name: str) -> None:
        super().__init__(title=name)
        self.router.add_event_handler("startup", self.announce)  # expect: FAL601

    def announce(self) -> None: ...
# --- main.py
from core.application import Service

service = Service("orders")


@service.on_event("shutdown")  # expect: FAL601
def stop() -> None: ...
""",
    "keyword-passed-by-a-subclass-to-its-base": """
# --- core/application.py
import fastapi


async def migrate() -> None: ...


class Service(fastapi.FastAPI):
    def __init__(self) -> None:
        super().__init__(
            on_startup=[migrate],  # expect: FAL601
        )
# --- main.py
from core.application import Service

app = Service()
""",
    "decorator-below-a-condition": """
# --- app/config.py
import os

SCHEDULER = os.getenv("SCHEDULER") == "1"
# --- app/main.py
from fastapi import FastAPI

from app import config

app = FastAPI()

if config.SCHEDULER:

    @app.on_event("startup")  # expect: FAL601
    def start_scheduler() -> None: ...
""",
    "mounted-app-with-its-own-handler": """
# --- app/admin.py
from fastapi import FastAPI

admin = FastAPI()


@admin.on_event("startup")  # expect: FAL601
def load_permissions() -> None: ...
# --- app/main.py
from fastapi import FastAPI

from app.admin import admin

app = FastAPI()
app.mount("/admin", admin)
""",
    "app-chosen-by-a-conditional-expression": """
import os

from fastapi import FastAPI

app = FastAPI(docs_url=None) if os.getenv("PRODUCTION") else FastAPI()


@app.on_event("startup")  # expect: FAL601
def ready() -> None: ...
""",
    "inner-app-of-a-wrapped-one": """
# --- app/api.py
from fastapi import FastAPI

fast_app = FastAPI()


@fast_app.on_event("startup")  # expect: FAL601
def ready() -> None: ...
# --- app/main.py
from starlette.middleware.gzip import GZipMiddleware

from app.api import fast_app

app = GZipMiddleware(fast_app)
""",
    "app-that-has-a-lifespan-as-well": """
# --- app/lifespan.py
from contextlib import asynccontextmanager


@asynccontextmanager
async def lifespan(app):
    yield
# --- app/main.py
from fastapi import FastAPI

from app.lifespan import lifespan

app = FastAPI(lifespan=lifespan)


@app.on_event("startup")  # expect: FAL601
def forgotten() -> None: ...
""",
    "method-that-is-gone-in-a-test": """
# --- tests/test_start.py
from fastapi import FastAPI


def test_start() -> None:
    app = FastAPI()
    app.add_event_handler("startup", print)  # expect: FAL601
""",
    "list-of-handlers-that-grows": """
# --- hooks.py
from fastapi import FastAPI


def register(app: FastAPI) -> None:
    async def stop() -> None: ...

    app.router.on_shutdown.insert(0, stop)  # expect: FAL601
    app.router.on_startup.extend([stop])  # expect: FAL601
# --- main.py
from fastapi import APIRouter, FastAPI

from hooks import register


async def start() -> None: ...


app = FastAPI()
app.router.on_startup.append(start)  # expect: FAL601
register(app)
router = APIRouter()
router.on_startup.append(start)  # expect: FAL601
app.include_router(router)
""",
}

GOOD = {
    "lifespan-function-of-another-file": """
# --- app/lifespan.py
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.ready = True
    yield
    app.state.ready = False
# --- app/main.py
from fastapi import FastAPI

from app.lifespan import lifespan

app = FastAPI(lifespan=lifespan)
""",
    "lifespan-of-a-router": """
# --- app/jobs.py
from contextlib import asynccontextmanager

from fastapi import APIRouter


@asynccontextmanager
async def lifespan(router):
    yield


router = APIRouter(lifespan=lifespan)
# --- app/main.py
from fastapi import FastAPI

from app.jobs import router

app = FastAPI()
app.include_router(router)
""",
    "plain-functions-named-startup-and-shutdown": """
# --- app/events.py
async def on_startup() -> None: ...


async def on_shutdown() -> None: ...
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.events import on_shutdown, on_startup


@asynccontextmanager
async def lifespan(app: FastAPI):
    await on_startup()
    yield
    await on_shutdown()


app = FastAPI(lifespan=lifespan)
""",
    "event-bus-of-the-project": """
# --- app/bus.py
class EventBus:
    def on_event(self, name: str):
        def register(handler):
            return handler

        return register

    def add_event_handler(self, name: str, handler) -> None: ...


bus = EventBus()
# --- app/main.py
from fastapi import FastAPI

from app.bus import bus

app = FastAPI()


@bus.on_event("startup")
def order_created() -> None: ...


bus.add_event_handler("shutdown", order_created)
""",
    "project-bus-that-is-called-app": """
# --- app/bus.py
class App:
    def on_event(self, name: str):
        return lambda handler: handler


app = App()
# --- app/handlers.py
from app.bus import app


@app.on_event("startup")
def handle() -> None: ...
# --- app/web.py
from fastapi import FastAPI

api = FastAPI()
""",
    "bus-kept-on-the-state-of-the-app": """
# --- app/bus.py
class EventBus:
    def on_event(self, name: str):
        return lambda handler: handler
# --- app/main.py
from fastapi import FastAPI

from app.bus import EventBus

app = FastAPI()
app.state.bus = EventBus()


@app.state.bus.on_event("startup")
def handle() -> None: ...
""",
    "bus-beside-the-app-on-self": """
# --- app/service.py
from fastapi import FastAPI

from app.bus import Bus


class Service:
    def __init__(self) -> None:
        self.app = FastAPI()
        self.bus = Bus()
        self.bus.on_event("startup")(self.handle)

    def handle(self) -> None: ...
# --- app/bus.py
class Bus:
    def on_event(self, name: str):
        return lambda handler: handler
""",
    "name-of-the-app-rebound-to-a-bus": """
# --- app/bus.py
class Bus:
    def __init__(self, app) -> None:
        self.app = app

    def on_event(self, name: str):
        return lambda handler: handler
# --- app/main.py
from fastapi import FastAPI

from app.bus import Bus

app = FastAPI()
app = Bus(app)


@app.on_event("startup")
def handle() -> None: ...
""",
    "own-class-called-fastapi": """
# --- chroma/api.py
class FastAPI:
    '''A client of the server.'''

    def __init__(self, on_startup=None) -> None:
        self.on_startup = on_startup

    def on_event(self, name: str):
        return lambda handler: handler
# --- main.py
from chroma.api import FastAPI

client = FastAPI(on_startup=[print])


@client.on_event("startup")
def handle() -> None: ...
""",
    "local-decorator-function-named-on-event": """
# --- app/events.py
def on_event(name: str):
    return lambda handler: handler
# --- app/main.py
from fastapi import FastAPI

from app.events import on_event

app = FastAPI()


@on_event("startup")
def handle() -> None: ...
""",
    "hooks-of-nicegui": """
from fastapi import FastAPI
from nicegui import app as gui
from nicegui import ui

api = FastAPI()


def prepare() -> None: ...


gui.on_startup(prepare)
gui.on_shutdown(prepare)
ui.run_with(api)
""",
    "client-of-telethon": """
# --- bot/client.py
from telethon import TelegramClient, events

client = TelegramClient("bot", 1, "hash")


async def on_message(event) -> None: ...


client.add_event_handler(on_message, events.NewMessage)
# --- app/main.py
from fastapi import FastAPI

app = FastAPI()
""",
    "broker-events-of-taskiq-beside-the-app": """
# --- app/broker.py
from taskiq import InMemoryBroker, TaskiqEvents

broker = InMemoryBroker()


@broker.on_event(TaskiqEvents.WORKER_STARTUP)
async def startup(state) -> None: ...


broker.add_event_handler(TaskiqEvents.WORKER_SHUTDOWN, startup)
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.broker import broker


@asynccontextmanager
async def lifespan(app: FastAPI):
    await broker.startup()
    yield
    await broker.shutdown()


app = FastAPI(lifespan=lifespan)
""",
    "discord-client-named-app": """
import discord

app = discord.Client(intents=discord.Intents.default())


@app.event
async def on_ready() -> None: ...


@app.on_event("message")
async def on_message(message) -> None: ...
""",
    "constructor-keywords-of-litestar": """
# --- legacy/app.py
from litestar import Litestar


async def connect() -> None: ...


app = Litestar(on_startup=[connect], on_shutdown=[connect])
# --- app/main.py
from fastapi import FastAPI

app = FastAPI()
""",
    "constructor-keywords-of-faststream": """
from faststream import FastStream
from faststream.rabbit import RabbitBroker

broker = RabbitBroker()


async def connect() -> None: ...


app = FastStream(broker, on_startup=[connect])


@app.on_startup
async def more() -> None: ...
""",
    "attributes-of-an-arq-worker": """
# --- app/worker.py
from app.db import connect


async def startup(ctx) -> None:
    ctx["db"] = await connect()


class WorkerSettings:
    functions: list = []
    on_startup = startup
# --- app/db.py
async def connect() -> dict:
    return {}
# --- app/main.py
from fastapi import FastAPI

app = FastAPI()
""",
    "signal-lists-of-aiohttp": """
# --- legacy/server.py
from aiohttp import web


async def connect(app) -> None: ...


app = web.Application()
app.on_startup.append(connect)
# --- app/main.py
from fastapi import FastAPI

app = FastAPI()
""",
    "socket-server-mounted-on-the-app": """
import socketio
from fastapi import FastAPI

app = FastAPI()
sio = socketio.AsyncServer(async_mode="asgi")


@sio.event
async def connect(sid, environ) -> None: ...


@sio.on("startup")
async def started(sid) -> None: ...


app.mount("/ws", socketio.ASGIApp(sio))
""",
    "router-of-an-installed-package": """
from acme_sdk.fastapi import router
from fastapi import FastAPI


@router.on_event("startup")
def ready() -> None: ...


app = FastAPI()
app.include_router(router)
""",
    "explicit-none-for-both-keywords": """
from fastapi import APIRouter, FastAPI

router = APIRouter(on_startup=None)
app = FastAPI(on_startup=None, on_shutdown=None)
app.include_router(router)
""",
    "keyword-of-a-project-function": """
# --- app/runner.py
def run(app, on_startup=(), on_shutdown=()) -> None:
    for hook in on_startup:
        hook()
# --- app/main.py
from fastapi import FastAPI

from app.runner import run

app = FastAPI()

if __name__ == "__main__":
    run(app, on_startup=[print], on_shutdown=[print])
""",
    "dataclass-with-the-same-field-names": """
# --- app/plugins.py
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Plugin:
    on_startup: list[Callable] = field(default_factory=list)
    on_shutdown: list[Callable] = field(default_factory=list)
# --- app/main.py
from fastapi import FastAPI

from app.plugins import Plugin

app = FastAPI()
plugin = Plugin(on_startup=[print], on_shutdown=[print])
""",
    "handlers-only-read-by-a-test": """
# --- app/main.py
from fastapi import FastAPI

app = FastAPI()
# --- tests/test_app.py
from app.main import app


def test_no_legacy_handlers():
    assert app.router.on_startup == []
    assert not app.router.on_shutdown
""",
    "a-test-of-such-handlers": """
# --- app/events.py
from fastapi import FastAPI


def record(app: FastAPI, log: list[str]) -> None:
    app.state.log = log
# --- tests/test_events.py
from app.events import record
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient


def test_handlers_of_an_older_application_still_run() -> None:
    log: list[str] = []
    app = FastAPI(on_shutdown=[lambda: log.append("stop")])
    router = APIRouter()
    record(app, log)

    @app.on_event("startup")
    def start() -> None:
        log.append("start")

    router.add_event_handler("startup", start)
    app.include_router(router)
    with TestClient(app):
        assert log == ["start", "start"]
""",
    "mock-in-place-of-the-app": """
# --- app/plugin.py
class Plugin:
    def __init__(self, target) -> None:
        self.target = target
# --- tests/test_plugin.py
from unittest.mock import MagicMock

from app.plugin import Plugin


def test_plugin():
    app = MagicMock()
    app.on_event("startup")(print)
    app.add_event_handler("startup", print)
    assert Plugin(app).target is app
""",
    "parameter-of-the-usual-name-is-a-bus": """
# --- app/bus.py
class Bus:
    def on_event(self, name: str):
        return lambda handler: handler
# --- app/handlers.py
from app.bus import Bus


def register(app: Bus) -> None:
    @app.on_event("startup")
    def handle() -> None: ...
# --- app/main.py
from fastapi import FastAPI

from app.bus import Bus
from app.handlers import register

app = FastAPI()
register(Bus())
""",
    "router-class-of-another-library": """
# --- app/bot_router.py
class Router:
    def on_event(self, name: str):
        return lambda handler: handler

    def add_event_handler(self, name: str, handler) -> None: ...


router = Router()
# --- app/bot.py
from app.bot_router import router


@router.on_event("startup")
def begin() -> None: ...


router.add_event_handler("startup", begin)
""",
    "file-watcher-with-event-methods": """
# --- app/watch.py
from watchdog.events import FileSystemEventHandler


class Reload(FileSystemEventHandler):
    def on_event(self, event) -> None: ...

    def on_any_event(self, event) -> None:
        self.on_event(event)
# --- app/main.py
from fastapi import FastAPI

app = FastAPI()
""",
    "text-that-speaks-about-it": """
from fastapi import FastAPI

app = FastAPI(description='Was: @app.on_event("startup")')


def startup() -> None:
    '''Once registered by

    @app.on_event("startup")
    '''
    # app.add_event_handler("startup", startup)
""",
    "wrapped-lifespan-context-of-the-router": """
# --- app/tracing.py
from contextlib import asynccontextmanager


def trace(app) -> None:
    original = app.router.lifespan_context

    @asynccontextmanager
    async def traced(application):
        async with original(application) as state:
            yield state

    app.router.lifespan_context = traced
# --- app/main.py
from fastapi import FastAPI

from app.tracing import trace

app = FastAPI()
trace(app)
""",
    "lists-of-handlers-of-something-else": """
from aiohttp import web
from fastapi import APIRouter, FastAPI


class Hooks:
    def __init__(self) -> None:
        self.on_startup = []


async def start(*args: object) -> None: ...


hooks = Hooks()
hooks.on_startup.append(start)
site = web.Application()
site.on_startup.append(start)
app = FastAPI()
router = APIRouter()
app.state.on_startup = []
app.state.on_startup.append(start)
print(app.router.on_startup, len(router.on_startup), router.on_startup.index(start))
""",
}

_DECORATED = """
# --- app/main.py
from fastapi import FastAPI

from app.items import router

app = FastAPI()
app.include_router(router)


@app.on_event("startup"){mark}
def ready() -> None: ...
# --- app/items.py
from fastapi import APIRouter

router = APIRouter()


@router.on_event("shutdown"){mark}
def flush() -> None: ...
"""

VERSIONS = {
    "no-lifespan-to-move-to-before-0-93": ("0.92.0", _DECORATED.format(mark="")),
    "lifespan-exists-since-0-93": ("0.93.0", _DECORATED.format(mark="  # expect: FAL601")),
    "warned-about-on-0-115": ("0.115.6", _DECORATED.format(mark="  # expect: FAL601")),
    "handler-factories-of-the-realworld-template-on-0-115": (
        "0.115.6",
        """
# --- app/core/events.py
def create_start_app_handler(app):
    async def start_app() -> None:
        app.state.ready = True

    return start_app


def create_stop_app_handler(app):
    async def stop_app() -> None:
        app.state.ready = False

    return stop_app
# --- app/main.py
from fastapi import FastAPI

from app.core.events import create_start_app_handler, create_stop_app_handler


def get_application() -> FastAPI:
    app = FastAPI()
    app.add_event_handler("startup", create_start_app_handler(app))  # expect: FAL601
    app.add_event_handler(  # expect: FAL601
        "shutdown",
        create_stop_app_handler(app),
    )
    return app


app = get_application()
""",
    ),
    "constructor-keyword-before-0-93": (
        "0.88.0",
        """
from fastapi import FastAPI

app = FastAPI(on_startup=[print], on_shutdown=[print])
""",
    ),
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL601")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL601")


@pytest.mark.parametrize(("fastapi", "text"), VERSIONS.values(), ids=VERSIONS.keys())
def test_follows_the_version(fastapi: str, text: str) -> None:
    assert_marks(text, "FAL601", fastapi=fastapi)
