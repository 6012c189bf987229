"""on-event-ignored: bad spellings and the closest correct code."""

from __future__ import annotations

import pytest

from tests.support import assert_marks

BAD = {
    "lifespan-and-decorators-in-one-file": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)


@app.on_event("startup")  # expect: FAL602
async def connect() -> None: ...


@app.on_event("shutdown")  # expect: FAL602
async def close() -> None: ...
""",
    "both-events-on-one-function-and-a-bare-generator-lifespan": """
import fastapi as f


async def lifespan(api):
    yield


api = f.FastAPI(lifespan=lifespan)


@api.on_event("startup")  # expect: FAL602
@api.on_event("shutdown")  # expect: FAL602
def log_state() -> None: ...
""",
    "lifespan-imported-from-another-file": """
# --- app/lifespan.py
from contextlib import asynccontextmanager


@asynccontextmanager
async def app_lifespan(app):
    yield {"ready": True}
# --- app/main.py
from fastapi import FastAPI

from app.lifespan import app_lifespan

app = FastAPI(title="orders", lifespan=app_lifespan)


@app.on_event("startup")  # expect: FAL602
async def warm_cache() -> None: ...
""",
    "handlers-in-a-file-that-imports-the-app": """
# --- app/instance.py
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app):
    yield


app = FastAPI(lifespan=lifespan)
# --- app/jobs.py
from app.instance import app as application


@application.on_event("startup")  # expect: FAL602
def start_scheduler() -> None: ...
# --- app/main.py
from app import jobs  # noqa: F401
from app.instance import app  # noqa: F401
""",
    "setup-function-registers-on-the-given-app": """
# --- app/events.py
def register_events(app):
    @app.on_event("startup")  # expect: FAL602
    async def startup() -> None: ...

    app.on_event("shutdown")(close)  # expect: FAL602


def close() -> None: ...
# --- app/lifespan.py
import contextlib


@contextlib.asynccontextmanager
async def lifespan(app):
    yield
# --- app/main.py
from fastapi import FastAPI

from app.events import register_events
from app.lifespan import lifespan


def create_app() -> FastAPI:
    app = FastAPI(lifespan=lifespan)
    register_events(app)
    return app


app = create_app()
""",
    "handler-on-the-result-of-a-factory": """
# --- app/factory.py
from contextlib import asynccontextmanager

from fastapi import FastAPI


def create_app() -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI):
        yield

    return FastAPI(lifespan=lifespan)
# --- main.py
from app.factory import create_app

app = create_app()


@app.on_event("startup")  # expect: FAL602
def ready() -> None: ...
""",
    "factory-given-the-lifespan-as-an-argument": """
# --- app/factory.py
from fastapi import FastAPI


def create_app(title, lifespan=None):
    app = FastAPI(title=title, lifespan=lifespan)

    @app.on_event("startup")  # expect: FAL602
    async def metrics() -> None: ...

    return app
# --- main.py
from contextlib import asynccontextmanager

from app.factory import create_app


@asynccontextmanager
async def lifespan(app):
    yield


app = create_app("orders", lifespan=lifespan)
""",
    "lifespan-under-a-second-name": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


async def _run(app):
    yield


handler = asynccontextmanager(_run)
app = FastAPI(lifespan=handler)


@app.on_event("startup")  # expect: FAL602
def ready() -> None: ...
""",
    "lifespan-made-by-a-call": """
# --- app/lifespans.py
from contextlib import AsyncExitStack, asynccontextmanager


def combine(*parts):
    @asynccontextmanager
    async def combined(app):
        async with AsyncExitStack() as stack:
            for part in parts:
                await stack.enter_async_context(part(app))
            yield

    return combined


@asynccontextmanager
async def database(app):
    yield
# --- app/main.py
from fastapi import FastAPI

from app.lifespans import combine, database

app = FastAPI(lifespan=combine(database))


@app.on_event("shutdown")  # expect: FAL602
def flush() -> None: ...
""",
    "lifespan-bound-by-partial": """
# --- app/lifespan.py
from contextlib import asynccontextmanager


@asynccontextmanager
async def lifespan(app, pool_size: int):
    yield
# --- app/main.py
from functools import partial

from fastapi import FastAPI

from app.lifespan import lifespan

app = FastAPI(lifespan=partial(lifespan, pool_size=5))
app.on_event("startup")(lambda: print("ready"))  # expect: FAL602
""",
    "lifespan-class-with-aenter": """
# --- app/resources.py
class Resources:
    def __init__(self, app) -> None:
        self.app = app

    async def __aenter__(self):
        return None

    async def __aexit__(self, *details) -> None: ...
# --- app/main.py
from fastapi import FastAPI

from app.resources import Resources

app = FastAPI(lifespan=Resources)


@app.on_event("startup")  # expect: FAL602
async def seed() -> None: ...
""",
    "lifespan-of-an-installed-package": """
from fastapi import FastAPI
from fastmcp import FastMCP

mcp_app = FastMCP("tools").http_app()
app = FastAPI(lifespan=mcp_app.lifespan)
app.mount("/mcp", mcp_app)


@app.on_event("startup")  # expect: FAL602
async def connect() -> None: ...
""",
    "lifespan-in-a-dict-of-keywords": """
# --- app/config.py
from app.lifespan import lifespan

FASTAPI_KWARGS = {"title": "orders", "lifespan": lifespan}
# --- app/lifespan.py
from contextlib import asynccontextmanager


@asynccontextmanager
async def lifespan(app):
    yield
# --- app/main.py
from fastapi import FastAPI

from app.config import FASTAPI_KWARGS

app = FastAPI(**FASTAPI_KWARGS)


@app.on_event("startup")  # expect: FAL602
def ready() -> None: ...
""",
    "lifespan-context-assigned-to-the-router-of-the-app": """
from contextlib import asynccontextmanager

from fastapi import FastAPI

app = FastAPI()


@app.on_event("startup")  # expect: FAL602
def ready() -> None: ...


@asynccontextmanager
async def lifespan(_: FastAPI):
    yield


app.router.lifespan_context = lifespan
""",
    "lifespan-context-assigned-in-a-setup-function": """
# --- app/setup.py
from contextlib import asynccontextmanager


@asynccontextmanager
async def _lifespan(app):
    yield


def setup_lifespan(application) -> None:
    application.router.lifespan_context = _lifespan
# --- app/main.py
from fastapi import FastAPI

from app.setup import setup_lifespan

app = FastAPI()
setup_lifespan(app)


@app.on_event("startup")  # expect: FAL602
def ready() -> None: ...
""",
    "constructor-keywords-beside-lifespan": """
# --- app/handlers.py
async def connect() -> None: ...


async def close() -> None: ...
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.handlers import close, connect


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(
    on_startup=[connect],  # expect: FAL602
    on_shutdown=[close],  # expect: FAL602
    lifespan=lifespan,
)
""",
    "shutdown-keyword-only-on-one-line": """
# --- app/lifespan.py
async def lifespan(app):
    yield
# --- app/main.py
from fastapi import FastAPI

from app import lifespan as life

app = FastAPI(lifespan=life.lifespan, on_shutdown=[print])  # expect: FAL602
""",
    "handlers-on-the-router-of-the-app-itself": """
# --- app/state.py
def load() -> None: ...
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.state import load


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)
app.router.add_event_handler("startup", load)  # expect: FAL602


@app.router.on_event("shutdown")  # expect: FAL602
def dump() -> None: ...
""",
    "handler-made-by-a-factory-call": """
# --- app/core/events.py
def create_start_app_handler(app):
    async def start_app() -> None:
        app.state.ready = True

    return start_app
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.core.events import create_start_app_handler


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)
app.router.add_event_handler(  # expect: FAL602
    event_type="startup",
    func=create_start_app_handler(app),
)
""",
    "handlers-added-in-a-loop": """
# --- app/handlers.py
def connect() -> None: ...


def close() -> None: ...


HANDLERS = [("startup", connect), ("shutdown", close)]
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.handlers import HANDLERS


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)
for event, handler in HANDLERS:
    app.router.add_event_handler(event, handler)  # expect: FAL602
""",
    "app-on-self-with-a-bound-lifespan": """
# --- app/rest.py
from contextlib import asynccontextmanager

from fastapi import FastAPI


class RestApi:
    def __init__(self) -> None:
        self._app = FastAPI(lifespan=self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, app: FastAPI):
        yield

    def serve(self) -> FastAPI:
        if self._app.title:

            @self._app.on_event("startup")  # expect: FAL602
            async def start_workers() -> None: ...

        return self._app
# --- main.py
from app.rest import RestApi

app = RestApi().serve()
""",
    "app-as-class-attribute": """
# --- app/container.py
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app):
    yield


class Container:
    api = FastAPI(lifespan=lifespan)
# --- app/main.py
from app.container import Container

app = Container.api


@app.on_event("startup")  # expect: FAL602
def boot() -> None: ...
""",
    "subclass-of-fastapi-passes-its-own-lifespan": """
# --- core/application.py
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def service_lifespan(app):
    yield


class Service(FastAPI):
    def __init__(self, name: str) -> None:
        super().__init__(title=name, lifespan=service_lifespan)
# --- main.py
from core.application import Service

service = Service("orders")


@service.on_event("startup")  # expect: FAL602
def announce() -> None: ...
""",
    "subclass-of-fastapi-given-a-lifespan": """
# --- core/application.py
import fastapi


class Service(fastapi.FastAPI):
    '''Adds a default error format.'''

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.on_event("shutdown")(self.close)  # expect: FAL602

    def close(self) -> None: ...
# --- main.py
from contextlib import asynccontextmanager

from core.application import Service


@asynccontextmanager
async def lifespan(app):
    yield


app = Service(lifespan=lifespan)
""",
    "second-name-for-the-app": """
# --- app/lifespan.py
async def lifespan(app):
    yield
# --- app/main.py
from fastapi import FastAPI

from app.lifespan import lifespan

application: FastAPI = FastAPI(lifespan=lifespan)
app = application


@app.on_event("startup")  # expect: FAL602
def ready() -> None: ...
""",
    "handler-below-a-condition": """
# --- app/config.py
import os

EXPOSE_METRICS = os.getenv("METRICS", "1") == "1"
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.config import EXPOSE_METRICS


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)

if EXPOSE_METRICS:

    @app.on_event("startup")  # expect: FAL602
    async def expose_metrics() -> None: ...
""",
    "only-the-app-with-the-lifespan-of-two": """
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.admin import admin


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)


@app.on_event("startup")  # expect: FAL602
def ready() -> None: ...


@admin.on_event("startup")
def admin_ready() -> None: ...
# --- app/admin.py
from fastapi import FastAPI

admin = FastAPI()
""",
    "handler-of-the-app-but-not-that-of-its-router": """
# --- app/chat.py
from fastapi import APIRouter

router = APIRouter()


@router.on_event("startup")
async def open_pool() -> None: ...
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.chat import router


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)
app.include_router(router)


@app.on_event("startup")  # expect: FAL602
async def warm_up() -> None: ...
""",
    "new-lifespan-does-not-enter-the-old-one": """
# --- app/tracing.py
from contextlib import asynccontextmanager


def trace(app) -> None:
    @asynccontextmanager
    async def traced(application):
        print("start")
        yield
        print("stop")

    app.router.lifespan_context = traced
# --- app/main.py
from fastapi import FastAPI

from app.tracing import trace


def create_app() -> FastAPI:
    app = FastAPI()
    app.on_event("startup")(connect)  # expect: FAL602
    trace(app)
    return app


def connect() -> None: ...


app = create_app()
""",
    "list-of-handlers-that-grows": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


async def start() -> None: ...


app = FastAPI(lifespan=lifespan)
app.router.on_startup.append(start)  # expect: FAL602
""",
    "options-that-a-factory-passes-on": """
# --- kit.py
from fastapi import FastAPI


def create_app(title, **options):
    app = FastAPI(title=title, **options)

    @app.on_event("startup")  # expect: FAL602
    async def ready() -> None: ...

    return app
# --- main.py
from contextlib import asynccontextmanager

from kit import create_app


@asynccontextmanager
async def lifespan(app):
    yield


app = create_app("shop", lifespan=lifespan)
""",
}

GOOD = {
    "handlers-without-any-lifespan": """
# --- app/events.py
def register(app):
    @app.on_event("startup")
    async def startup() -> None: ...
# --- app/main.py
from fastapi import FastAPI

from app.events import register

app = FastAPI(on_shutdown=[print])
register(app)
""",
    "lifespan-without-any-handler": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


async def on_startup() -> None: ...


@asynccontextmanager
async def lifespan(app: FastAPI):
    await on_startup()
    yield


app = FastAPI(lifespan=lifespan)
""",
    "handler-of-an-included-router-runs": """
# --- app/chat.py
from fastapi import APIRouter

router = APIRouter(prefix="/chat")


@router.on_event("startup")
async def open_pool() -> None: ...
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.chat import router


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)
app.include_router(router)
""",
    "handler-of-a-nested-router-runs": """
# --- app/api/jobs.py
from fastapi import APIRouter

jobs = APIRouter()


def start() -> None: ...


jobs.add_event_handler("startup", start)
# --- app/api/__init__.py
from fastapi import APIRouter

from app.api.jobs import jobs

api = APIRouter(prefix="/api")
api.include_router(jobs)
# --- app/main.py
from fastapi import FastAPI

from app.api import api


async def lifespan(app):
    yield


app = FastAPI(lifespan=lifespan)
app.include_router(api)
""",
    "keyword-handlers-of-a-router-run": """
# --- app/graph.py
from fastapi import APIRouter


def open_store() -> None: ...


router = APIRouter(on_startup=[open_store])
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app import graph


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


def create_app() -> FastAPI:
    app = FastAPI(lifespan=lifespan)
    app.include_router(graph.router)
    return app


app = create_app()
""",
    "router-that-is-called-app": """
# --- app/views.py
from fastapi import APIRouter

app = APIRouter(prefix="/views")


@app.on_event("startup")
def compile_templates() -> None: ...
# --- app/main.py
from fastapi import FastAPI

from app.views import app as views


async def lifespan(app):
    yield


app = FastAPI(lifespan=lifespan)
app.include_router(views)
""",
    "lifespan-of-another-app-in-the-file": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


metrics = FastAPI(lifespan=lifespan)
app = FastAPI()


@app.on_event("startup")
def ready() -> None: ...
""",
    "apps-of-one-name-in-two-services": """
# --- services/orders/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)
# --- services/mail/main.py
from fastapi import FastAPI

app = FastAPI()


@app.on_event("startup")
def connect() -> None: ...
""",
    "explicit-none-as-lifespan": """
# --- app/main.py
from fastapi import FastAPI

from app.hooks import LIFESPAN, connect

app = FastAPI(lifespan=LIFESPAN)
app.on_event("startup")(connect)
# --- app/hooks.py
LIFESPAN = None


def connect() -> None: ...
""",
    "factory-called-without-its-optional-lifespan": """
# --- app/factory.py
from fastapi import FastAPI


def create_app(lifespan=None):
    app = FastAPI(lifespan=lifespan)

    @app.on_event("startup")
    def ready() -> None: ...

    return app
# --- main.py
from app.factory import create_app

app = create_app()
""",
    "only-a-test-gives-the-factory-a-lifespan": """
# --- app/factory.py
from fastapi import FastAPI


def create_app(lifespan=None):
    app = FastAPI(lifespan=lifespan)

    @app.on_event("startup")
    def connect() -> None: ...

    return app
# --- main.py
from app.factory import create_app

app = create_app()
# --- tests/conftest.py
from contextlib import asynccontextmanager

import pytest

from app.factory import create_app


@asynccontextmanager
async def no_startup(app):
    yield


@pytest.fixture
def app():
    return create_app(lifespan=no_startup)
""",
    "tests-switch-the-startup-off": """
# --- app/main.py
from fastapi import FastAPI

app = FastAPI()


@app.on_event("startup")
def connect() -> None: ...
# --- tests/conftest.py
from contextlib import asynccontextmanager

from app.main import app


@asynccontextmanager
async def no_startup(_):
    yield


app.router.lifespan_context = no_startup
""",
    "new-lifespan-enters-the-old-one": """
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


@app.on_event("startup")
def connect() -> None: ...
""",
    "lifespan-runs-the-registered-handlers-itself": """
# --- app/lifespan.py
from contextlib import asynccontextmanager


@asynccontextmanager
async def lifespan(app):
    for handler in app.router.on_startup:
        handler()
    yield
    for handler in app.router.on_shutdown:
        handler()
# --- app/main.py
from fastapi import FastAPI

from app.lifespan import lifespan

app = FastAPI(lifespan=lifespan)


@app.on_event("startup")
def connect() -> None: ...
""",
    "mounted-app-has-the-lifespan": """
# --- app/admin.py
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


admin = FastAPI(lifespan=lifespan)
# --- app/main.py
from fastapi import FastAPI

from app.admin import admin

app = FastAPI()
app.mount("/admin", admin)


@app.on_event("startup")
def ready() -> None: ...
""",
    "handler-belongs-to-a-mounted-app": """
# --- app/admin.py
from fastapi import FastAPI

admin = FastAPI()


@admin.on_event("startup")
def load() -> None: ...
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.admin import admin


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)
app.mount("/admin", admin)
""",
    "included-router-has-the-lifespan": """
# --- app/jobs.py
from contextlib import asynccontextmanager

from fastapi import APIRouter


@asynccontextmanager
async def lifespan(app):
    yield


router = APIRouter(lifespan=lifespan)
# --- app/main.py
from fastapi import FastAPI

from app.jobs import router

app = FastAPI()
app.include_router(router)


@app.on_event("startup")
def ready() -> None: ...
""",
    "router-has-both-and-the-app-has-none": """
# --- app/jobs.py
from contextlib import asynccontextmanager

from fastapi import APIRouter


@asynccontextmanager
async def lifespan(app):
    yield


router = APIRouter(lifespan=lifespan)


@router.on_event("startup")
def begin() -> None: ...
# --- app/main.py
from fastapi import FastAPI

from app.jobs import router

app = FastAPI()
app.include_router(router)
""",
    "name-of-the-app-rebound-without-lifespan": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)
worker = app
app = FastAPI()


@app.on_event("startup")
def ready() -> None: ...
""",
    "lifespan-defined-but-given-to-nobody": """
# --- app/lifespan.py
from contextlib import asynccontextmanager


@asynccontextmanager
async def lifespan(app):
    yield
# --- app/main.py
from fastapi import FastAPI

from app.lifespan import lifespan  # noqa: F401

app = FastAPI()


@app.on_event("startup")
def ready() -> None: ...
""",
    "setup-function-called-for-the-legacy-app-only": """
# --- app/events.py
def register_events(app) -> None:
    app.on_event("startup")(print)
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.events import register_events


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)
legacy = FastAPI()
register_events(legacy)
""",
    "factory-with-one-kind-per-branch": """
# --- app/factory.py
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


def create_app(modern: bool) -> FastAPI:
    if modern:
        return FastAPI(lifespan=lifespan)
    app = FastAPI()

    @app.on_event("startup")
    def ready() -> None: ...

    return app
# --- main.py
from app.factory import create_app

app = create_app(modern=False)
""",
    "keywords-that-cannot-be-seen": """
# --- app/main.py
import json
from pathlib import Path

from fastapi import FastAPI

app = FastAPI(**json.loads(Path(__file__).with_name("app.json").read_text()))


@app.on_event("startup")
def ready() -> None: ...
""",
    "app-of-an-installed-package": """
from acme_platform import app


@app.on_event("startup")
def ready() -> None: ...
""",
    "event-bus-beside-the-lifespan": """
# --- app/bus.py
class EventBus:
    def on_event(self, name: str):
        return lambda handler: handler

    def add_event_handler(self, name: str, handler) -> None: ...
# --- app/main.py
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.bus import EventBus

bus = EventBus()


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)
app.state.bus = bus


@bus.on_event("startup")
def handle() -> None: ...


app.state.bus.add_event_handler("shutdown", handle)
""",
    "broker-events-of-taskiq-beside-the-lifespan": """
# --- app/broker.py
from taskiq import InMemoryBroker, TaskiqEvents

broker = InMemoryBroker()


@broker.on_event(TaskiqEvents.WORKER_STARTUP)
async def startup(state) -> None: ...
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
    "litestar-runs-both": """
# --- legacy/app.py
from contextlib import asynccontextmanager

from litestar import Litestar


@asynccontextmanager
async def lifespan(app):
    yield


async def connect() -> None: ...


app = Litestar(lifespan=[lifespan], on_startup=[connect])
# --- app/main.py
from fastapi import FastAPI

app = FastAPI()
""",
    "lifespan-context-of-a-router-assigned": """
# --- app/jobs.py
from contextlib import asynccontextmanager

from fastapi import APIRouter

router = APIRouter()


@asynccontextmanager
async def lifespan(_):
    yield


router.lifespan_context = lifespan
# --- app/main.py
from fastapi import FastAPI

from app.jobs import router

app = FastAPI()
app.include_router(router)


@app.on_event("startup")
def ready() -> None: ...
""",
    "text-that-speaks-about-it": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    '''Replaces

    @app.on_event("startup")
    '''
    yield


app = FastAPI(lifespan=lifespan)
# app.on_event("startup")(print)
""",
    "explicit-none-for-the-handlers": """
# --- app/main.py
from fastapi import FastAPI

from app.lifespan import lifespan

app = FastAPI(lifespan=lifespan, on_startup=None, on_shutdown=None)
# --- app/lifespan.py
async def lifespan(app):
    yield
""",
    "lists-of-handlers-that-the-lifespan-runs": """
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    for handler in app.router.on_startup:
        await handler()
    yield


async def start() -> None: ...


app = FastAPI(lifespan=lifespan)
app.router.on_startup.append(start)
router = APIRouter()
router.on_startup.append(start)
app.include_router(router)
""",
}

_HANDLER = """
# --- app/lifespan.py
from contextlib import asynccontextmanager


@asynccontextmanager
async def lifespan(app):
    yield
# --- app/main.py
from fastapi import FastAPI

from app.lifespan import lifespan

app = FastAPI(lifespan=lifespan)


async def connect() -> None: ...


app.add_event_handler("startup", connect){mark}


@app.on_event("shutdown"){mark}
def close() -> None: ...
"""

VERSIONS = {
    "lifespan-keyword-means-nothing-before-0-93": ("0.92.0", _HANDLER.format(mark="")),
    "handlers-are-dead-since-0-93": ("0.93.0", _HANDLER.format(mark="  # expect: FAL602")),
    "handlers-are-dead-on-0-115": ("0.115.6", _HANDLER.format(mark="  # expect: FAL602")),
    "constructor-keyword-is-dead-on-0-121": (
        "0.121.3",
        """
# --- app/lifespan.py
async def lifespan(app):
    yield
# --- app/main.py
from fastapi import FastAPI

from app.lifespan import lifespan

app = FastAPI(lifespan=lifespan, on_startup=[print])  # expect: FAL602
""",
    ),
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_flags(text: str) -> None:
    assert_marks(text, "FAL602")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_is_silent(text: str) -> None:
    assert_marks(text, "FAL602")


@pytest.mark.parametrize(("fastapi", "text"), VERSIONS.values(), ids=VERSIONS.keys())
def test_follows_the_version(fastapi: str, text: str) -> None:
    assert_marks(text, "FAL602", fastapi=fastapi)
